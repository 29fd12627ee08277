package lint

import (
	"strings"

	"frisk/internal/policy"
	"frisk/internal/policycmp"
)

// refused reports that Entra does not accept a policy as it is, so that it can
// stand in for no other. It asks the rules themselves, whatever their order.
func (p *pass) refused(q *policy.Policy) bool {
	if p.invalid == nil {
		judge := &pass{in: p.in, set: p.set, policies: p.policies, names: p.names, order: p.order}
		for i := range rules {
			if judge.rule = &rules[i]; strings.HasPrefix(judge.rule.Code, "invalid-") {
				judge.rule.check(judge)
			}
		}
		p.invalid = map[int]bool{}
		for _, f := range judge.out {
			p.invalid[f.at] = p.invalid[f.at] || f.Level == Error
		}
	}
	return p.invalid[p.order[q]]
}

var _ = register(Rule{
	Code: "shadowed", Level: Warning,
	Doc: "Another enabled policy applies to everything this one applies to and asks for at least as much, so this policy changes nothing. " +
		"Reported only where the JSON proves it: ids are compared as ids, and group members are not looked at. A policy Entra would refuse is no stronger one.",
	Fix:    "remove the policy, or give it what the other one does not have",
	Source: "Conditional Access: all applicable policies must be satisfied (concept-conditional-access-policies)",
	check: func(p *pass) {
		p.each(false, func(q *policy.Policy) {
			if q.Grant == nil && q.Session == (policy.Session{}) || nobody(q) || nothing(q) {
				return
			}
			for _, other := range p.policies {
				if other == q || p.refused(other) || p.copied(q) == other || p.copied(other) == q || other.State != policy.Enabled || !policycmp.Covers(other, q) || !policycmp.AsStrict(other, q) {
					continue
				}
				if policycmp.Covers(q, other) && policycmp.AsStrict(q, other) {
					if p.order[other] > p.order[q] {
						continue // say it once, of the later one
					}
					p.about(q, note{fix: "remove one of the two"}, "the policy does the same as %q", other.Name)
				} else {
					p.about(q, note{}, "%q applies wherever this policy does and asks for at least as much: this one changes nothing", other.Name)
				}
				return
			}
		})
	},
})
