package replay

import (
	"frisk/internal/policy"
	"frisk/internal/policycmp"
	"frisk/internal/signin"
)

// sparing finds the sign-ins from which an exclusion spared somebody. Who is
// excluded has no prompts of the policy in the log, so their history is no
// measure of it (reference 6): their figures are kept apart, see Summarize.
type sparing struct {
	of *policy.Exclusions // nil = no policy excludes anybody
	// grant and session hold, for each policy, those whose grant asks for as much, and
	// those whose session controls do; own holds those that make the same demand at
	// other hours, which count for people they take over from it. Where one of each
	// applies, nothing was spared.
	grant, session, own []policy.Mask
	// asks holds the policies with a grant, and those with a session control that asks.
	asksGrant, asksSession policy.Mask
}

// newSparing looks at the policies of a set that make friction: those that are
// enabled and demand a grant control, a block included, or a sign-in frequency, or
// forbid a persistent browser session.
func newSparing(s *setRun) sparing {
	ps := s.ev.Engine().Set().Policies
	x := sparing{grant: make([]policy.Mask, len(ps)), session: make([]policy.Mask, len(ps)), own: make([]policy.Mask, len(ps))}
	var makes policy.Mask
	for i, p := range ps {
		if !s.plans[i].enforced {
			continue
		}
		if p.Grant != nil && p.Grant.Controls != 0 {
			makes.Add(i)
			x.asksGrant.Add(i)
		}
		if p.Session.Frequency != 0 || p.Session.Persistent == "never" {
			makes.Add(i)
			x.asksSession.Add(i)
		}
	}
	if x.of = s.ev.Exclusions(makes); x.of.None() {
		return sparing{}
	}
	for i, p := range ps {
		if !makes.Has(i) {
			continue
		}
		asks := policy.Session{Frequency: p.Session.Frequency, SecondaryOnly: p.Session.SecondaryOnly}
		if p.Session.Persistent == "never" {
			asks.Persistent = p.Session.Persistent
		}
		for j, q := range ps {
			if i == j || !makes.Has(j) {
				continue
			}
			if policycmp.GrantAsStrict(q.Grant, p.Grant) {
				x.grant[i].Add(j)
			}
			does := policy.Session{Frequency: q.Session.Frequency, SecondaryOnly: q.Session.SecondaryOnly, Persistent: q.Session.Persistent}
			if policycmp.SessionAsStrict(&does, &asks) {
				x.session[i].Add(j)
			} else if does.Frequency != 0 {
				does.Frequency = min(does.Frequency, asks.Frequency) // their own hours
				if policycmp.SessionAsStrict(&does, &asks) {
					x.own[i].Add(j)
				}
			}
		}
	}
	return x
}

// spare counts row i as excluded when an enabled policy of set 0 that makes
// friction would have applied to it, had it not left the person out, and those
// that did apply do not ask for the same: a grant as strict and, where the policy
// has a sign-in frequency, one as often, or whatever one a policy has that includes
// the person by the very group, role, user or kind of guest by which this one
// leaves them out. A set in which one policy is for everybody but a team, and
// another with hours of its own for that team, excludes nobody of the team: what
// the team's policy asks is in the log. Who is let off four hours by an exemption
// and falls back to other policies' eight is excluded, and so is a member of the
// exemption whom the team's policy covers for another reason.
//
// What hangs on a fact nobody knows (whether the exclusion holds, whether another
// policy applies, whether it took the person over) makes the row perhaps excluded.
func (w *Worker) spare(i int) {
	x := &w.sparing
	if x.of == nil {
		return
	}
	s := w.sets[0]
	spared, perhaps := x.of.Of(w.seen(i))
	if spared.Empty() && perhaps.Empty() {
		return
	}
	m := &s.info.match
	left := x.uncovered(spared, m.Applies.Or(m.Unknown), signin.Unknown)
	open := x.uncovered(spared.Or(perhaps), m.Applies, signin.True)
	for n := range left.All() {
		s.touched.Add(n)
		s.mine[n].spared++
	}
	for _, p := range w.cells.parts {
		switch c := &w.cells.table[p.cell]; {
		case !left.Empty():
			c.Excluded += p.weight
		case !open.Empty():
			c.Perhaps += p.weight
		}
	}
}

// uncovered are the policies of by whose demands those that apply do not make; a
// policy takes the person over where that is known at least as well as known says.
func (x *sparing) uncovered(by, applies policy.Mask, known signin.Truth) policy.Mask {
	var out policy.Mask
	for n := range by.All() {
		grant := !x.asksGrant.Has(n) || !x.grant[n].And(applies).Empty()
		if !grant || !x.sessionMet(n, applies, known) {
			out.Add(n)
		}
	}
	return out
}

func (x *sparing) sessionMet(n int, applies policy.Mask, known signin.Truth) bool {
	if !x.asksSession.Has(n) || !x.session[n].And(applies).Empty() {
		return true
	}
	for q := range x.own[n].And(applies).All() {
		if t := x.of.TakesOver(n, q); t == signin.True || t == known {
			return true
		}
	}
	return false
}

// ExcludedPeople are the keys of the people of whom an exclusion spared at least
// one sign-in.
func (t *Tally) ExcludedPeople() map[string]bool {
	out := map[string]bool{}
	for i := range t.People {
		if p := &t.People[i]; p.Cell == (Cell{}) && p.Excluded > 0 {
			out[p.Person] = true
		}
	}
	return out
}
