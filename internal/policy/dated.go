package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// WithEdits is the set with every version the audit log tells of: before a
// change at T a policy was what the log holds as its old value. edits may come
// in any order and may be nil; then policies are only taken out of the time
// before their createdDateTime, and what stands in for older versions is marked
// (Force.Assumed). What an edit does not hold stays unseen: the next version
// stands in for it. Deleted policies come back until their deletion. Named
// locations alike. The set itself is not modified; the result's notices are the
// set's and the new ones, which are also returned. The error is a TooManyError.
//
// It is for the set that was in force, never for a candidate.
func (s *Set) WithEdits(edits []directory.PolicyEdit) (*Set, []Notice, error) {
	h := history{looks: s.looks}
	if len(h.looks) == 0 {
		now := look{at: never, late: never}
		now.policies, now.locations = objects(s, s.raw)
		h.looks = []look{now}
	}
	for i := range edits {
		e, notices := readEdit(&edits[i])
		h.edits = append(h.edits, e)
		h.notices = append(h.notices, notices...)
	}
	slices.SortStableFunc(h.edits, func(a, b edit) int { return cmp.Compare(a.at, b.at) })
	out := *s
	h.write(&out, true)
	out.Notices = append(slices.Clone(s.Notices), h.notices...)
	if err := out.fits("read policy versions"); err != nil {
		return nil, nil, err
	}
	return &out, h.notices, nil
}

// Present is the newest version of every policy and location that is still
// there, without dates: what a candidate is made of, and what is worth checking.
// An undated set is returned as it is.
func (s *Set) Present() *Set {
	if !s.Dated {
		return s
	}
	out := *s
	out.Policies, out.Locations, out.Dated, out.looks = nil, nil, false, nil
	out.raw = map[any]*node{}
	for _, p := range s.Policies {
		if p.Force.open() {
			q := *p
			q.Force, q.Version = nil, 0
			out.Policies, out.raw[&q] = append(out.Policies, &q), s.raw[p]
		}
	}
	for _, n := range s.Locations {
		if n.Force.open() {
			q := *n
			q.Force = nil
			out.Locations, out.raw[&q] = append(out.Locations, &q), s.raw[n]
		}
	}
	return &out
}

// Versions are the indexes of a policy's versions, oldest first; id in any case.
// A policy without an id is found by its name. nil = not in the set.
func (s *Set) Versions(id string) []int {
	var out []int
	for i, p := range s.Policies {
		if p.ID != "" && strings.EqualFold(p.ID, id) || p.ID == "" && strings.EqualFold(p.Name, id) {
			out = append(out, i)
		}
	}
	return out
}

// Changes are the instants at which what is in force of the policies may
// change, ascending; nil when the set is not dated.
func (s *Set) Changes() []signin.Time {
	var out []signin.Time
	for _, p := range s.Policies {
		out = p.Force.edges(out)
	}
	return distinct(out)
}

func (s *Set) locationChanges() []signin.Time {
	var out []signin.Time
	for _, n := range s.Locations {
		out = n.Force.edges(out)
	}
	return distinct(out)
}

func distinct(list []signin.Time) []signin.Time {
	slices.Sort(list)
	return slices.Compact(list)
}

// Label is the policy's name, with the days it counted where the set has
// several versions of it: "MFA for all (until 2026-05-01)". Days are UTC; "about" marks an end
// that lies between two exports.
func (p *Policy) Label() string {
	if p.Version == 0 {
		return p.Name
	}
	return p.Name + " (" + p.Force.String() + ")"
}

// history is the exports of a tenant and the audit log between them.
type history struct {
	looks   []look // oldest first
	edits   []edit // oldest first
	notices []Notice
}

// write fills out's policies and locations with their versions. A kind of which
// every export has no date counts for the whole history, unless created says
// that its creation dates count.
func (h *history) write(out *Set, created bool) {
	var versions [2][]*object
	for _, k := range []objectKind{aPolicy, aLocation} {
		looks := h.holding(k)
		edits := slices.DeleteFunc(slices.Clone(h.edits), func(e edit) bool { return e.kind != k })
		if len(looks) == 1 && looks[0].at == never && !created {
			versions[k] = looks[0].of(k)
			continue
		}
		versions[k] = h.versions(k, looks, edits)
	}
	out.Policies, out.Locations, out.looks, out.raw = nil, nil, h.looks, map[any]*node{}
	for _, o := range versions[aPolicy] {
		out.Policies, out.raw[o.policy] = append(out.Policies, o.policy), o.raw
		out.Dated = out.Dated || o.policy.Force != nil
	}
	for _, o := range versions[aLocation] {
		out.Locations, out.raw[o.location] = append(out.Locations, o.location), o.raw
		out.Dated = out.Dated || o.location.Force != nil
	}
}

// holding are the looks that say something of a kind: an export without a
// single policy is an export of something else.
func (h *history) holding(k objectKind) []look {
	var out []look
	for i := range h.looks {
		if len(h.looks[i].of(k)) > 0 {
			out = append(out, h.looks[i])
		}
	}
	return out
}

// versions are the objects of a kind with their versions: in the order of the
// newest look, then those that are gone.
func (h *history) versions(k objectKind, looks []look, edits []edit) []*object {
	var keys []string
	seen := map[string][]content{}
	for i := len(looks) - 1; i >= 0; i-- {
		for _, o := range looks[i].of(k) {
			if seen[o.key] == nil {
				seen[o.key] = slices.Repeat([]content{{absent: true}}, len(looks))
				keys = append(keys, o.key)
			}
		}
	}
	for i := range looks {
		for _, o := range looks[i].of(k) {
			seen[o.key][i] = content{is: o} // the last of a duplicate id
		}
	}
	of := map[string][]edit{}
	for _, e := range edits {
		if seen[e.key] == nil {
			seen[e.key] = slices.Repeat([]content{{absent: true}}, len(looks))
			keys = append(keys, e.key)
		}
		of[e.key] = append(of[e.key], e)
	}
	var out []*object
	for _, key := range keys {
		s := tell(looks, seen[key], of[key])
		list := s.versions(h)
		if len(list) == 0 && len(of[key]) > 0 {
			e := of[key][len(of[key])-1]
			h.notices = append(h.notices, Notice{
				Code: "version-unseen", Level: "warning", Policy: e.name, File: e.file,
				Message: fmt.Sprintf("the audit log changes %q until %s and nothing holds what it was: left out of the time before", cmp.Or(e.name, e.key), e.at),
				Fix:     "export the audit log with the values of the change, or keep exports of the policies by date",
			})
		}
		out = append(out, list...)
	}
	return out
}
