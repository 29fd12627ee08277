package policy

import "frisk/internal/signin"

// insiderRiskLevels: Purview adaptive protection; not in the row (reference 1.6).
var _ = register(Condition{
	Name:       "insiderRiskLevels",
	Doc:        "the insider risk level from Purview at the time, from the exported risk history",
	Unknown:    "no insider risk was exported for the user",
	Bit:        BitInsiderRisk,
	Dims:       []signin.Dim{signin.DimPrincipal},
	stage:      2,
	configured: func(p *plan) bool { return len(p.InsiderRisk) > 0 },
	dim:        byPerson,
	test: func(x *sight, p *plan) signin.Truth {
		level := x.ev.ctx.InsiderRisk
		if w := x.person(); level == "" && w.id != "" {
			level, _ = x.ev.e.dir.InsiderRisk(w.id, x.r.Time)
		}
		return x.level("insider risk", level, "in no export", x.ev.e.opt.Assume.InsiderRisk, p.InsiderRisk)
	},
})
