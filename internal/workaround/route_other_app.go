package workaround

import "frisk/internal/signin"

var _ = register(Route{
	Name: "other-app", Title: "other app with a weaker policy", rank: 90,
	Doc:    "a success on the same resource through another application, one the person did not use for it in the two weeks before, for which the policy that stopped the person is recorded as not applied; a modern application after a legacy client is what the policy wants and does not count",
	Needs:  "application and resource ids, and recorded policy results",
	Quiet:  "without recorded results it cannot be told whether the other application has the weaker policy, and it is not assumed",
	Origin: "reference, detection 4.2",
	Need:   signin.NeedDims(signin.DimApp, signin.DimResource, signin.DimPolicies),
	says: func(p *person, i int) bool {
		return hasDim(signin.DimApp)(p, i) && hasDim(signin.DimResource)(p, i) && len(p.w.facts.recorded(&p.rows[i])) > 0
	},
	took: func(p *person, s *stop, from signin.Time, i int) bool {
		r := &p.rows[i]
		if !seen(r) || p.w.facts.isLegacy(&p.rows[s.row]) || s.resource == 0 || r.C[signin.DimResource] != s.resource || r.C[signin.DimApp] == 0 || s.app == 0 || r.C[signin.DimApp] == s.app {
			return false
		}
		o := p.w.facts.recorded(r).of(s.policies[0])
		return o != nil && !o.applied && p.past.long(from) && !p.usedApp(from, r)
	},
})
