package policy

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// isPlaceholder reports whether an id is a template's stand-in, like
// "<ExclusionTempGroup>" or "{{BreakGlass}}", which no Graph id looks like.
func isPlaceholder(id string) bool { return strings.ContainsAny(id, "<>{}[]%$") }

// Placeholder is a stand-in that a policy template names where a tenant has an id.
type Placeholder struct {
	Name string // lower case, with its brackets
	// Include and Exclude count the policies whose include and exclude lists name it.
	Include, Exclude int
}

// Placeholders lists the stand-ins the policies of s name, by name.
func (s *Set) Placeholders() []Placeholder {
	found := map[string]*Placeholder{}
	at := func(id string) *Placeholder {
		if found[id] == nil {
			found[id] = &Placeholder{Name: id}
		}
		return found[id]
	}
	for _, p := range s.Policies {
		in, out := map[string]bool{}, map[string]bool{}
		p.lists(func(ids *[]string, exclude bool) {
			for _, id := range *ids {
				if isPlaceholder(id) && exclude {
					out[id] = true
				} else if isPlaceholder(id) {
					in[id] = true
				}
			}
		})
		for id := range in {
			at(id).Include++
		}
		for id := range out {
			at(id).Exclude++
		}
	}
	return slices.SortedFunc(func(yield func(Placeholder) bool) {
		for _, p := range found {
			if !yield(*p) {
				return
			}
		}
	}, func(a, b Placeholder) int { return cmp.Compare(a.Name, b.Name) })
}

// Names reports whether a policy of s names the id, in any case, in a list that
// Fill replaces.
func (s *Set) Names(id string) bool {
	id = strings.ToLower(id)
	found := false
	for _, p := range s.Policies {
		p.lists(func(ids *[]string, _ bool) { found = found || slices.Contains(*ids, id) })
	}
	return found
}

// lists calls f for every list of ids a tenant has to fill in, with a pointer so that f may replace it.
func (p *Policy) lists(f func(ids *[]string, exclude bool)) {
	u := &p.Users
	f(&u.IncludeUsers, false)
	f(&u.IncludeGroups, false)
	f(&u.IncludeRoles, false)
	f(&p.Apps.Include, false)
	f(&u.ExcludeUsers, true)
	f(&u.ExcludeGroups, true)
	f(&u.ExcludeRoles, true)
	f(&p.Apps.Exclude, true)
	if p.Locations != nil {
		f(&p.Locations.Include, false)
		f(&p.Locations.Exclude, true)
	}
}

// Fill gives s with ids replaced by what to says: a placeholder, or an id of
// another tenant, in any case, to the ids it stands for, none meaning nobody. A stand-in in an exclude
// list that to does not mention leaves nobody out, because a group that does not
// exist has no members; one in an include list stays, and its condition Unknown.
// s is not modified.
func (s *Set) Fill(to map[string][]string) *Set {
	known := make(map[string][]string, len(to))
	for _, name := range slices.Sorted(maps.Keys(to)) {
		known[strings.ToLower(name)] = to[name]
	}
	return s.each(func(p *Policy) {
		p.lists(func(ids *[]string, exclude bool) {
			var out []string
			for _, id := range *ids {
				stands, ok := known[id]
				switch {
				case ok:
					for _, x := range stands {
						out = append(out, strings.ToLower(x))
					}
				case !exclude || !isPlaceholder(id):
					out = append(out, id)
				}
			}
			*ids = out
		})
	})
}

// AsEnabled gives s with its report-only policies enabled: what they would do
// if they were switched on together. s is not modified.
func (s *Set) AsEnabled() *Set {
	return s.each(func(p *Policy) {
		if p.State == ReportOnly {
			p.State, p.StateText = Enabled, Enabled.String()
		}
	})
}

// each gives s with f applied to a copy of every policy.
func (s *Set) each(f func(*Policy)) *Set {
	out := *s
	out.Policies = make([]*Policy, len(s.Policies))
	for i, p := range s.Policies {
		q := *p
		if q.Locations != nil {
			l := *q.Locations
			q.Locations = &l
		}
		f(&q)
		out.Policies[i] = &q
	}
	return &out
}

// With gives s with the policies and locations of o added: one with an id of s
// takes that one's place. The name is o's. Neither is modified.
func (s *Set) With(o *Set) *Set {
	out := *s
	out.Name, out.LocationsKnown = o.Name, s.LocationsKnown || o.LocationsKnown
	out.Notices = slices.Concat(s.Notices, o.Notices)
	out.Policies, out.Locations = slices.Clone(s.Policies), slices.Clone(s.Locations)
	for _, p := range o.Policies {
		if i := slices.IndexFunc(s.Policies, func(q *Policy) bool { return p.ID != "" && q.ID == p.ID }); i >= 0 {
			out.Policies[i] = p
			continue
		}
		out.Policies = append(out.Policies, p)
	}
	for _, l := range o.Locations {
		if i := slices.IndexFunc(s.Locations, func(m *NamedLocation) bool { return m.ID == l.ID }); i >= 0 {
			out.Locations[i] = l
			continue
		}
		out.Locations = append(out.Locations, l)
	}
	return &out
}
