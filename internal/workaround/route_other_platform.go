package workaround

import "frisk/internal/signin"

var _ = register(Route{
	Name: "other-platform", Title: "other platform claim", rank: 70,
	Doc: "a success that claims another platform, from the same device or, without a device id, the same address, where the policy left that platform out " +
		"or the person was not known to use it: the platform is what the client says of itself",
	Needs:  "operating system or user agent; the address or the device id",
	Quiet:  "rows that name no platform, and known devices, say nothing of a false claim",
	Origin: "reference, detection 4.2 (the device platform can be spoofed, as Sentinel's rule says)",
	Need:   signin.NeedDims(signin.DimOS, signin.DimUserAgent, signin.DimDevice, signin.DimIP, signin.DimPolicies),
	says:   func(p *person, i int) bool { return hasDim(signin.DimOS)(p, i) || hasDim(signin.DimUserAgent)(p, i) },
	took: func(p *person, s *stop, _ signin.Time, i int) bool {
		f := p.w.facts
		r, was := &p.rows[i], &p.rows[s.row]
		now, before := f.platformOf(r), f.platformOf(was)
		if !seen(r) || now == "" || before == "" || now == before || managed(r) {
			return false
		}
		d := r.C[signin.DimDevice]
		switch {
		case d != 0 && d == was.C[signin.DimDevice]:
			return true // one device does not change its system
		case d != 0 || r.C[signin.DimIP] == 0 || r.C[signin.DimIP] != was.C[signin.DimIP]:
			return false
		}
		if o := f.recorded(r).of(s.policies[0]); o != nil && o.platform {
			return true
		}
		return known(&p.past, p.past.platforms, now, p.firstStop(s)) == signin.False
	},
})

// firstStop is when the policy first stopped the person: what they used before
// then, they did not take up because of it.
func (p *person) firstStop(s *stop) signin.Time {
	for k := range p.stops { // ascending in time
		if p.stops[k].policies[0] == s.policies[0] {
			return p.stops[k].at
		}
	}
	return s.at
}
