package policy

import "frisk/internal/signin"

// servicePrincipalRiskLevels: workload identity risk; the row does not carry the
// level Conditional Access used (reference 1.6).
var _ = register(Condition{
	Name:       "servicePrincipalRiskLevels",
	Doc:        "the service principal's risk level at the time, from the exported risk history",
	Unknown:    "no risk history was exported for the service principal (Graph riskyServicePrincipals)",
	Bit:        BitServicePrincipalRisk,
	Dims:       []signin.Dim{signin.DimPrincipal},
	stage:      2,
	configured: func(p *plan) bool { return len(p.ServicePrincipalRisk) > 0 },
	dim:        byPerson,
	test: func(x *sight, p *plan) signin.Truth {
		level := x.ev.ctx.ServicePrincipalRisk
		if w := x.person(); level == "" && w.id != "" {
			level, _ = x.ev.e.dir.ServicePrincipalRisk(w.id, x.r.Time)
		}
		return x.level("service principal risk", level, "in no export", x.ev.e.opt.Assume.ServicePrincipalRisk, p.ServicePrincipalRisk)
	},
})
