package workaround

import "frisk/internal/signin"

var _ = register(Route{
	Name: "device-code", Title: "device code", rank: 50,
	Doc:    "a success with a code typed on another device (device code flow), after another flow was stopped",
	Needs:  "authentication protocol or original transfer method (Graph beta, Azure Monitor)",
	Quiet:  "a row that names neither is never taken for a device code sign-in",
	Origin: "reference, detection 4.2",
	Need:   signin.NeedDims(signin.DimProtocol, signin.DimTransfer),
	says: func(p *person, i int) bool {
		return hasDim(signin.DimProtocol)(p, i) || hasDim(signin.DimTransfer)(p, i)
	},
	took: func(p *person, s *stop, _ signin.Time, i int) bool {
		f := p.w.facts
		return seen(&p.rows[i]) && f.isDeviceCode(&p.rows[i]) && !f.isDeviceCode(&p.rows[s.row])
	},
})
