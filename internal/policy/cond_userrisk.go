package policy

import "frisk/internal/signin"

// userRiskLevels: the user's own risk. No sign-in row carries it: the recorded
// riskLevelAggregated is the sign-in's aggregate (reference 1.6).
var _ = register(Condition{
	Name:       "userRiskLevels",
	Doc:        "the user's risk level; known only from a test or a what-if question",
	Unknown:    "always, from the log alone: the level is not in the sign-in row",
	Bit:        BitUserRisk,
	stage:      2,
	configured: func(p *plan) bool { return len(p.UserRisk) > 0 },
	dim:        byContext,
	test: func(x *sight, p *plan) signin.Truth {
		return x.level("user risk", x.ev.ctx.UserRisk, p.UserRisk)
	},
})
