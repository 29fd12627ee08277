package exceptions

import (
	"fmt"

	"frisk/internal/risk"
	"frisk/internal/signin"
)

// Dead is the name of the pattern of exclusions that nobody needs.
const Dead = "dead-exclusion"

var _ = register(Pattern{
	Name:   Dead,
	Doc:    "an excluded person had no sign-in for a long time that the policy would have caught: taking the exclusion away costs nobody anything",
	Needs:  "the members of exclusion groups, the policies, and a sign-in log of 60 days or more",
	Quiet:  "with a shorter log nothing is said; people with a sign-in that may have been caught are counted, not listed",
	Origin: reference,
	find:   func(s *study) { s.deads() },
})

// Excluded is one member of a group that a policy excludes, and what their
// sign-ins in [From, Until) would have met without the exclusion.
type Excluded struct {
	Person, Policy, Group string
	From, Until           signin.Time // the part of the log in which the person was excluded
	SignIns               int         // of the person, policy or not
	Caught                int         // that the policy applies to without the exclusion
	Open                  int         // of which that cannot be told
}

func (s *study) deads() {
	switch {
	case days(s.in.Until-s.in.From) < s.cfg.DeadDays:
		s.quiet(fmt.Sprintf("the sign-in log has %s days, %s are needed", about(days(s.in.Until-s.in.From)), about(s.cfg.DeadDays)))
		return
	case s.in.Dead == nil:
		s.quiet("nobody is known to be excluded")
		return
	}
	for i := range s.in.Dead {
		x := &s.in.Dead[i]
		t := s.total(x.Policy)
		t.Dead = max(t.Dead, 0)
		switch {
		case days(x.Until-x.From) < s.cfg.DeadDays, x.Caught > 0:
		case x.Open > 0:
			s.account.DeadUnknown++
		default:
			f := s.dead(x)
			if f.Suppressed == "" {
				t.Dead++
			}
			s.raise(f)
		}
	}
}

func (s *study) dead(x *Excluded) Finding {
	f := Finding{Severity: risk.Low, Person: x.Person, Group: s.groupName(x.Group), Policy: x.Policy, Time: x.Until}
	var e facts
	e.text("policy", s.policyName(x.Policy)).text("group", f.Group).at("looked_from", x.From).at("looked_until", x.Until).
		num("days", days(x.Until-x.From)).num("sign_ins", float64(x.SignIns)).num("would_be_caught", 0)
	f.Evidence = e
	f.Summary = fmt.Sprintf("%s is excluded from %s by %s and in %s days none of %s would have been caught by it.",
		s.personName(x.Person), s.policyName(x.Policy), f.Group, about(days(x.Until-x.From)), count(x.SignIns, "sign-in"))
	f.Action = "Take the person out of the group: nothing changes for them today, and the gap is closed."
	if s.in.Emergency != nil && s.in.Emergency(x.Group) {
		f.Suppressed = "org: an emergency access group (every policy excludes it), which is meant to be idle"
	}
	return f
}
