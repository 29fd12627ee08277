package policy

import "frisk/internal/signin"

// servicePrincipalRiskLevels: workload identity risk; the row does not carry the
// level Conditional Access used (reference 1.6).
var _ = register(Condition{
	Name:       "servicePrincipalRiskLevels",
	Doc:        "the service principal's risk level; known only from a test or a what-if question",
	Unknown:    "always, from the log alone: the level is not in the sign-in row",
	Bit:        BitServicePrincipalRisk,
	stage:      2,
	configured: func(p *plan) bool { return len(p.ServicePrincipalRisk) > 0 },
	dim:        byContext,
	test: func(x *sight, p *plan) signin.Truth {
		return x.level("service principal risk", x.ev.ctx.ServicePrincipalRisk, p.ServicePrincipalRisk)
	},
})
