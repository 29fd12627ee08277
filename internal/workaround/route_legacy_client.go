package workaround

import "frisk/internal/signin"

var _ = register(Route{
	Name: "legacy-client", Title: "legacy client", rank: 40,
	Doc:    "a success with a client that cannot be asked for a second factor or a device, after a client that can was stopped",
	Needs:  "client type as Graph clientAppUsed names it; the non-interactive log, where many legacy sign-ins are",
	Quiet:  "a client the log does not name is never taken for a legacy one",
	Origin: "reference, detection 4.2; list of clients: Microsoft Entra documentation, \"Block legacy authentication\"",
	Need:   signin.NeedDims(signin.DimClient),
	says:   hasDim(signin.DimClient),
	took: func(p *person, s *stop, _ signin.Time, i int) bool {
		f := p.w.facts
		return f.isLegacy(&p.rows[i]) && !f.isLegacy(&p.rows[s.row])
	},
})
