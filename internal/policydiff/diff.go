// Package policydiff says what changed between two sets of Conditional Access
// policies in meaning, not in text: the order of lists, the case of values, null
// against empty, and OData annotations are no change.
//
// Every change is marked stricter, looser or different, judged as if the policy
// were enforced; a change of a policy that is enforced in neither set has no
// effect yet.
package policydiff

import (
	"cmp"
	"strings"

	"frisk/internal/directory"
	"frisk/internal/policy"
	"frisk/internal/policytext"
	"frisk/internal/signin"
)

// Effect is what a change does to those it touches.
type Effect string

// The effects. Different is a change that is neither provably stricter nor
// provably looser; NoEffect one that decides nothing.
const (
	Stricter  Effect = "stricter"
	Looser    Effect = "looser"
	Different Effect = "different"
	NoEffect  Effect = "no effect"
)

// Change is one change of one thing.
type Change struct {
	// Kind is what changed: added, removed, name, state, users, resources, conditions,
	// grant, session, range, countries, trust.
	Kind   string `json:"kind"`
	Effect Effect `json:"effect"`
	Text   string `json:"text"`
}

// People is whom a change of the users condition moves, counted over the
// accounts of the directory export. Unknown are those it may move.
type People struct {
	Newly    int `json:"newlyCovered"`
	NoLonger int `json:"noLongerCovered"`
	Unknown  int `json:"unknown"`
}

// Item is a policy or a named location that changed.
type Item struct {
	// What is "policy" or "location".
	What    string   `json:"what"`
	Name    string   `json:"name"`
	ID      string   `json:"id,omitempty"`
	State   string   `json:"state,omitempty"` // of a policy, now; of a removed one, before
	Changes []Change `json:"changes"`
	People  *People  `json:"people,omitempty"` // nil without a directory, or when the users are the same
}

// Diff is what changed from set a to set b: policies in the order of b, removed
// ones last, then locations alike.
type Diff struct {
	Items []Item `json:"items"`
	// Same counts policies that mean the same in both.
	Same int `json:"same"`
	// Added, Removed and Changed count policies.
	Added   int `json:"added"`
	Removed int `json:"removed"`
	Changed int `json:"changed"`
}

// Compare says what b changes. Policies and locations are matched by id, else
// by name. A nil dir gives no names and counts nobody. Dated sets are compared
// as they are now.
func Compare(a, b *policy.Set, dir *directory.Directory) *Diff {
	a, b = a.Present(), b.Present()
	d := &differ{a: a, b: b, dir: dir, names: policytext.NewNames(dir, a, b), out: &Diff{Items: []Item{}}}
	d.at = latest(a, b)
	d.policies()
	d.locations()
	return d.out
}

type differ struct {
	a, b  *policy.Set
	dir   *directory.Directory
	names *policytext.Names
	at    signin.Time
	out   *Diff
}

// latest is the newest edit of either set: the time at which memberships are
// looked up. Sets without dates are taken to be the newest there is.
func latest(sets ...*policy.Set) signin.Time {
	var t signin.Time
	for _, s := range sets {
		for _, p := range s.Policies {
			t = max(t, p.Modified, p.Created)
		}
	}
	return cmp.Or(t, policy.Never)
}

func (d *differ) policies() {
	pairs, removed := match(d.a.Policies, d.b.Policies, func(p *policy.Policy) (string, string) { return p.ID, p.Name })
	for i, q := range d.b.Policies {
		p := pairs[i]
		item := Item{What: "policy", Name: q.Name, ID: q.ID, State: policytext.State(q)}
		if p == nil {
			d.out.Added++
			s := policytext.Describe(q, d.names)
			item.Changes = []Change{{"added", enforced(q, Stricter), "added: " + s.Line()}}
			d.out.Items = append(d.out.Items, item)
			continue
		}
		item.Changes = d.policy(p, q)
		if len(item.Changes) == 0 {
			d.out.Same++
			continue
		}
		d.out.Changed++
		if hasKind(item.Changes, "users") {
			item.People = d.people(&p.Users, &q.Users)
		}
		d.out.Items = append(d.out.Items, item)
	}
	for _, p := range removed {
		d.out.Removed++
		s := policytext.Describe(p, d.names)
		d.out.Items = append(d.out.Items, Item{
			What: "policy", Name: p.Name, ID: p.ID, State: policytext.State(p),
			Changes: []Change{{"removed", enforced(p, Looser), "removed: " + s.Line()}},
		})
	}
}

// enforced is the effect of a policy that comes or goes.
func enforced(p *policy.Policy, e Effect) Effect {
	if p.State == policy.Enabled {
		return e
	}
	return NoEffect
}

// match pairs what is in b with what is in a, by id and then by name; removed
// are the leftovers of a.
func match[T any](a, b []*T, key func(*T) (id, name string)) (pairs []*T, removed []*T) {
	pairs = make([]*T, len(b))
	taken := make([]bool, len(a))
	for _, byName := range []bool{false, true} {
		for i, q := range b {
			if pairs[i] != nil {
				continue
			}
			qid, qname := key(q)
			for k, p := range a {
				pid, pname := key(p)
				if taken[k] || byName && pname != qname || !byName && (qid == "" || !strings.EqualFold(pid, qid)) {
					continue
				}
				pairs[i], taken[k] = p, true
				break
			}
		}
	}
	for k, p := range a {
		if !taken[k] {
			removed = append(removed, p)
		}
	}
	return pairs, removed
}

func hasKind(changes []Change, kind string) bool {
	for i := range changes {
		if changes[i].Kind == kind {
			return true
		}
	}
	return false
}

// people counts whom the change from a to b moves; nil without a directory.
func (d *differ) people(a, b *policy.Users) *People {
	accounts := policytext.Accounts(d.dir)
	if len(accounts) == 0 {
		return nil
	}
	out := &People{}
	for _, u := range accounts {
		was, is := policytext.Covers(a, d.dir, u, d.at), policytext.Covers(b, d.dir, u, d.at)
		switch {
		case was == is && was != signin.Unknown:
		case was == signin.False && is == signin.True:
			out.Newly++
		case was == signin.True && is == signin.False:
			out.NoLonger++
		case was == signin.Unknown || is == signin.Unknown:
			out.Unknown++
		}
	}
	return out
}
