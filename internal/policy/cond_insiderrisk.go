package policy

import "frisk/internal/signin"

// insiderRiskLevels: Purview adaptive protection; not in the row (reference 1.6).
var _ = register(Condition{
	Name:       "insiderRiskLevels",
	Doc:        "the insider risk level from Purview; known only from a test or a what-if question",
	Unknown:    "always, from the log alone: the level is not in the sign-in row",
	Bit:        BitInsiderRisk,
	stage:      2,
	configured: func(p *plan) bool { return len(p.InsiderRisk) > 0 },
	dim:        byContext,
	test: func(x *sight, p *plan) signin.Truth {
		return x.level("insider risk", x.ev.ctx.InsiderRisk, p.InsiderRisk)
	},
})
