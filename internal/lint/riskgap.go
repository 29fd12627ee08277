package lint

import (
	"slices"

	"frisk/internal/policy"
	"frisk/internal/policytext"
)

var _ = register(Rule{
	Code: "risk-gap", Level: Warning,
	Doc:    "Risk levels are a list, not a threshold: the policy names a level and leaves out a higher one, which no other policy of the set names either.",
	Fix:    "add the level that is missing",
	Source: "Conditional Access: conditions, risk (concept-conditional-access-conditions)",
	check: func(p *pass) {
		p.each(true, func(q *policy.Policy) {
			for _, k := range riskKinds {
				p.riskGap(q, k.key, k.word, k.order, k.of)
			}
		})
	},
})

// riskKinds are the risk conditions with their levels, lowest first.
var riskKinds = []struct {
	key, word string
	order     []string
	of        func(*policy.Policy) []string
}{
	{"signInRiskLevels", "sign-in risk", []string{"low", "medium", "high"}, func(q *policy.Policy) []string { return q.SignInRisk }},
	{"userRiskLevels", "user risk", []string{"low", "medium", "high"}, func(q *policy.Policy) []string { return q.UserRisk }},
	{"servicePrincipalRiskLevels", "service principal risk", []string{"low", "medium", "high"}, func(q *policy.Policy) []string { return q.ServicePrincipalRisk }},
	{"insiderRiskLevels", "insider risk", []string{"minor", "moderate", "elevated"}, func(q *policy.Policy) []string { return q.InsiderRisk }},
}

func (p *pass) riskGap(q *policy.Policy, key, word string, order []string, of func(*policy.Policy) []string) {
	lowest := slices.IndexFunc(order, func(s string) bool { return has(of(q), s) })
	if lowest < 0 {
		return
	}
	var missing []string
	for _, level := range order[lowest:] {
		elsewhere := slices.ContainsFunc(p.policies, func(o *policy.Policy) bool {
			return has(of(o), level) && (o.State == policy.Enabled || o.State == q.State)
		})
		if !elsewhere {
			missing = append(missing, level)
		}
	}
	if len(missing) > 0 {
		p.about(q, note{path: ".conditions." + key}, "%s %s is covered and %s is not: levels are a list, and no other policy here names what is missing", word, order[lowest], policytext.Join(missing, "and"))
	}
}
