package workaround

import (
	"frisk/internal/risk"
	"frisk/internal/signin"
)

var _ = register(Route{
	Name: "anonymiser-egress", Title: "VPN or anonymiser egress", rank: 60,
	Doc:    "a success from a VPN, proxy, relay, Tor exit or rented server, after an attempt from none of them was stopped; the organisation's own egress and trusted locations do not count",
	Needs:  "network classes by the range lists (networks in frisk.yaml)",
	Quiet:  "an address no list names is not taken for an anonymiser",
	Origin: "reference, detection 4.2; classes: reference, detection 1.3",
	Need:   signin.NeedDims(signin.DimNetwork, signin.DimIP),
	says:   hasDim(signin.DimNetwork),
	took: func(p *person, s *stop, _ signin.Time, i int) bool {
		f := p.w.facts
		r := &p.rows[i]
		now := f.classOf(r)
		return now&hiding != 0 && now&risk.Corporate == 0 && f.classOf(&p.rows[s.row])&hiding == 0
	},
})

const hiding = risk.Anonymiser | risk.Datacenter
