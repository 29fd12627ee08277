package policycmp

import (
	"slices"

	"frisk/internal/policy"
)

// AsStrict reports that q asks for everything p asks for: where q is met, so is
// p. A block leaves nothing to ask.
func AsStrict(q, p *policy.Policy) bool {
	if q.Grant != nil && q.Grant.Controls&policy.ControlBlock != 0 {
		return true
	}
	if q.Session.SecondaryOnly && !asksSecond(q.Grant) {
		return false // a frequency of the second factor asks only whom some policy asks for one: p may
	}
	return GrantAsStrict(q.Grant, p.Grant) && SessionAsStrict(&q.Session, &p.Session)
}

// asksSecond reports that a grant cannot be met without a second factor.
func asksSecond(g *policy.Grant) bool {
	return slices.ContainsFunc(Clauses(g), func(c []Demand) bool {
		return !slices.ContainsFunc(c, func(d Demand) bool { return d.Control&(policy.ControlMFA|policy.ControlStrength) == 0 })
	})
}

// GrantAsStrict is AsStrict for grant controls alone; nil asks for nothing.
func GrantAsStrict(q, p *policy.Grant) bool {
	if q != nil && q.Controls&policy.ControlBlock != 0 {
		return true
	}
	if p != nil && p.Unsaid {
		all := *p
		all.Or = false // whatever it means, all of its controls are enough
		p = &all
	}
	if q != nil && q.Unsaid {
		one := *q
		one.Or = true
		q = &one
	}
	for _, want := range Clauses(p) {
		if !slices.ContainsFunc(Clauses(q), func(have []Demand) bool { return implies(have, want) }) {
			return false
		}
	}
	return true
}

// Demand is one control of a grant.
type Demand struct {
	Control policy.Controls
	grant   *policy.Grant
}

// Clauses are the grant controls as alternatives of which each clause needs one:
// AND is a clause per control, OR one clause of all.
func Clauses(g *policy.Grant) [][]Demand {
	if g == nil {
		return nil
	}
	var all []Demand
	for c := policy.Controls(1); c <= policy.ControlOther; c <<= 1 {
		if g.Controls&c != 0 {
			all = append(all, Demand{c, g})
		}
	}
	if g.Or {
		return [][]Demand{all}
	}
	var out [][]Demand
	for _, d := range all {
		out = append(out, []Demand{d})
	}
	return out
}

// implies reports that whoever meets one of have meets one of want.
func implies(have, want []Demand) bool {
	for _, h := range have {
		if !slices.ContainsFunc(want, func(w Demand) bool { return h.meets(w) }) {
			return false
		}
	}
	return true
}

// meets reports that meeting h meets w.
func (h Demand) meets(w Demand) bool {
	switch {
	case h.Control == policy.ControlStrength && w.Control == policy.ControlMFA:
		return isMFA(h.grant.Strength)
	case h.Control == policy.ControlMFA && w.Control == policy.ControlStrength:
		return w.grant.Strength.MFA && !w.grant.Strength.Restricted // the built-in MFA strength equals mfa (reference 1.9)
	case h.Control != w.Control:
		return false
	}
	switch h.Control {
	case policy.ControlStrength:
		return strongerThan(h.grant.Strength, w.grant.Strength)
	case policy.ControlTermsOfUse:
		return Subset(w.grant.TermsOfUse, h.grant.TermsOfUse)
	case policy.ControlCustom:
		return slices.Equal(w.grant.Custom, h.grant.Custom)
	case policy.ControlOther:
		return slices.Equal(w.grant.Other, h.grant.Other)
	}
	return true
}

// builtInStrengths are the ids of the strengths of which every combination is
// multifactor.
var builtInStrengths = []string{
	"00000000-0000-0000-0000-000000000002", "00000000-0000-0000-0000-000000000003", "00000000-0000-0000-0000-000000000004",
}

func isMFA(s *policy.Strength) bool { return has(builtInStrengths, s.ID) }

// strongerThan reports that every combination of a satisfies b.
func strongerThan(a, b *policy.Strength) bool {
	if a.ID != "" && a.ID == b.ID {
		return true
	}
	if b.Restricted || len(a.Combinations) == 0 || len(b.Combinations) == 0 {
		return false
	}
	return !slices.ContainsFunc(a.Combinations, func(c policy.MethodSet) bool {
		return !slices.ContainsFunc(b.Combinations, func(d policy.MethodSet) bool { return d&^c == 0 })
	})
}

// SessionAsStrict is AsStrict for session controls alone.
func SessionAsStrict(a, b *policy.Session) bool {
	if b.Frequency != 0 && (a.Frequency == 0 || a.Frequency > b.Frequency || a.SecondaryOnly && !b.SecondaryOnly) {
		return false
	}
	same := func(a, b string) bool { return b == "" || a == b }
	flag := func(a, b bool) bool { return a || !b }
	return same(a.Persistent, b.Persistent) && same(a.CloudAppSecurity, b.CloudAppSecurity) && same(a.CAE, b.CAE) &&
		flag(a.AppEnforced, b.AppEnforced) && flag(a.TokenProtection, b.TokenProtection) && flag(a.ResilienceOff, b.ResilienceOff)
}
