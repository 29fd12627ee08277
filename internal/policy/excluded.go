package policy

import (
	"slices"

	"frisk/internal/signin"
)

// Exclusions tells which enabled policies leave people out who are among those
// included: by user, group, role or guest kind. It remembers answers per person
// and belongs to one goroutine, like the Evaluator it asks.
type Exclusions struct {
	ev    *Evaluator
	among Mask // policies asked about: enabled, with an exclusion
	over  []takeover
	keys  keys
	found []stance
	last  key
	at    int32 // of last in found, plus one; 0 = none
}

// stance is what the policies' people conditions say of one person.
type stance struct {
	verdicts                // yes: left out; maybe: left out, or perhaps so
	over     []signin.Truth // by takeover; nil = nobody takes the person over
}

// takeover is what policy to includes of those that policy from leaves out.
type takeover struct {
	from, to              int
	users, groups, roles  []string
	fromGuests, intoGuest guestTest
}

// takeovers are the pairs of policies of among of which one includes a user, group,
// role or kind of guest that the other leaves out.
func (ev *Evaluator) takeovers(among Mask) (out []takeover) {
	common := func(a, b []string) (c []string) {
		for _, s := range a {
			if slices.Contains(b, s) {
				c = append(c, s)
			}
		}
		return c
	}
	for i := range among.All() {
		p := &ev.e.plans[i]
		for j := range ev.e.plans {
			q := &ev.e.plans[j]
			if i == j || q.State != Enabled || q.Workload != nil {
				continue
			}
			t := takeover{
				from: i, to: j, users: common(p.Users.ExcludeUsers, q.Users.IncludeUsers),
				groups: common(p.Users.ExcludeGroups, q.Users.IncludeGroups), roles: common(p.Users.ExcludeRoles, q.Users.IncludeRoles),
			}
			if p.exclude.set && q.include.set {
				t.fromGuests, t.intoGuest = p.exclude, q.include
			}
			if len(t.users)+len(t.groups)+len(t.roles) > 0 || t.fromGuests.set {
				out = append(out, t)
			}
		}
	}
	return out
}

// holds reports whether the person is one of those.
func (t *takeover) holds(s *sight) signin.Truth {
	var none guestTest
	out := s.memberOf(&none, t.users, t.groups, t.roles)
	if t.fromGuests.set {
		out = out.Or(t.fromGuests.test(s, s.person()).And(t.intoGuest.test(s, s.person())))
	}
	return out
}

// TakesOver reports whether policy to names the person of the row last asked about
// (see Of) by the same user, group, role or kind of guest by which policy from
// leaves them out. What concerns only other people says nothing of this one.
func (x *Exclusions) TakesOver(from, to int) signin.Truth {
	if x.at == 0 || x.found[x.at-1].over == nil {
		return signin.False
	}
	for k := range x.over {
		if t := &x.over[k]; t.from == from && t.to == to {
			return x.found[x.at-1].over[k]
		}
	}
	return signin.False
}

// Exclusions makes one for rows of the evaluator's Symbols, about those policies
// of among that are enabled and exclude somebody.
func (ev *Evaluator) Exclusions(among Mask) *Exclusions {
	x := &Exclusions{ev: ev, keys: newKeys()}
	for i := range ev.e.plans {
		p := &ev.e.plans[i]
		u := &p.Users
		if among.Has(i) && p.State == Enabled && p.Workload == nil &&
			(len(u.ExcludeUsers)+len(u.ExcludeGroups)+len(u.ExcludeRoles) > 0 || u.ExcludeGuests != nil) {
			x.among.Add(i)
		}
	}
	x.over = ev.takeovers(x.among)
	return x
}

// None reports that no policy excludes anybody.
func (x *Exclusions) None() bool { return x.among == Mask{} }

// Of gives the policies that would apply to the row, were it not for an exclusion
// of the person: spared for certain, perhaps where a membership or another
// condition is not known. A policy that is not in force at the row's time, or a
// row out of scope, is in neither.
func (x *Exclusions) Of(r *signin.Row) (spared, perhaps Mask) {
	if x.among == (Mask{}) {
		return spared, perhaps
	}
	k := byPerson.key(x.ev, r)
	if x.at == 0 || k != x.last {
		i := x.keys.find(k)
		if i < 0 {
			if len(x.found) >= maxKeys { // keys forgets as well
				x.keys, x.found = newKeys(), x.found[:0]
			}
			i = int32(len(x.found)) //nolint:gosec // as many as keys
			x.found = append(x.found, x.person(r))
			x.keys.put(k, i)
		}
		x.last, x.at = k, i+1
	}
	v := &x.found[x.at-1]
	if v.maybe == (Mask{}) || x.ev.Scope(r) != InScope {
		return spared, perhaps
	}
	for i := range v.maybe.All() {
		switch t := x.others(r, i); {
		case t == signin.False:
		case t == signin.True && v.yes.Has(i):
			spared.Add(i)
		default:
			perhaps.Add(i)
		}
	}
	return spared, perhaps
}

// person asks about the people conditions of every policy.
func (x *Exclusions) person(r *signin.Row) (v stance) {
	x.ev.x.see(r, false)
	s := &x.ev.x
	if s.person().workload {
		return v
	}
	for i := range x.among.All() {
		p := &x.ev.e.plans[i]
		u := &p.Users
		in := s.memberOf(&p.include, u.IncludeUsers, u.IncludeGroups, u.IncludeRoles)
		if u.IncludeUnread {
			in = in.Or(signin.Unknown)
		}
		switch in.And(s.memberOf(&p.exclude, u.ExcludeUsers, u.ExcludeGroups, u.ExcludeRoles)) {
		case signin.True:
			v.yes.Add(i)
			v.maybe.Add(i)
		case signin.Unknown:
			v.maybe.Add(i)
		case signin.False:
		}
	}
	if v.maybe == (Mask{}) {
		return v
	}
	for k := range x.over {
		if t := &x.over[k]; v.maybe.Has(t.from) {
			if v.over == nil {
				v.over = make([]signin.Truth, len(x.over))
				for n := range v.over {
					v.over[n] = signin.False
				}
			}
			v.over[k] = t.holds(s)
		}
	}
	return v
}

// others is what the policy's other conditions say of the row together, and
// whether it was in force.
func (x *Exclusions) others(r *signin.Row, i int) signin.Truth {
	ev := x.ev
	p := &ev.e.plans[i]
	out := ev.e.inForce(r.Time, i)
	if p.Incomplete {
		out = out.And(signin.Unknown)
	}
	for c := range ev.e.conds {
		cond := &ev.e.conds[c]
		if out == signin.False {
			return out
		}
		if cond.Bit == BitUsers || !cond.configured(p) {
			continue
		}
		g := &ev.groups[ev.group[c]]
		v := &g.answers[g.index(ev, r)].each[ev.place[c]]
		switch {
		case v.yes.Has(i):
		case v.maybe.Has(i):
			out = out.And(signin.Unknown)
		default:
			return signin.False
		}
	}
	return out
}
