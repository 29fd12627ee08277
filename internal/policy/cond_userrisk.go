package policy

import "frisk/internal/signin"

// userRiskLevels: the user's own risk. No sign-in row carries it: the recorded
// riskLevelAggregated is the sign-in's aggregate (reference 1.6). The level comes
// from the risk history of the directory export, at the time of the sign-in. Of
// an external user the home tenant keeps the level, and no report of this
// tenant shows it (Entra "authentication for B2B users"): none is ever exported.
var _ = register(Condition{
	Name:       "userRiskLevels",
	Doc:        "the user's risk level at the time, from the exported risk history",
	Unknown:    "no risk history was exported for the user (Graph riskyUsers and their history, or the RiskyUsers log); an external user, whose home tenant keeps the level",
	Bit:        BitUserRisk,
	Dims:       []signin.Dim{signin.DimPrincipal, signin.DimHomeTenant, signin.DimResourceTenant, signin.DimCrossTenant},
	stage:      2,
	configured: func(p *plan) bool { return len(p.UserRisk) > 0 },
	dim:        byPerson,
	test: func(x *sight, p *plan) signin.Truth {
		level, none := x.ev.ctx.UserRisk, "in no export"
		if w := x.person(); level == "" && w.id != "" {
			level, _ = x.ev.e.dir.UserRisk(w.id, x.r.Time)
			if isOneOf(w.kinds, allGuestKinds&^InternalGuest) == signin.True {
				none = "kept by the home tenant of the external user"
			}
		}
		return x.level("user risk", level, none, x.ev.e.opt.Assume.UserRisk, p.UserRisk)
	},
})
