package policy

import (
	"slices"

	"frisk/internal/signin"
)

// clientApplications: policies for workload identities. They cover single-tenant
// service principals registered in the tenant; multi-tenant apps and managed
// identities are never covered (reference 1.4, Entra "workload identities").
var _ = register(Condition{
	Name:       "clientApplications",
	Doc:        "which service principal signs in; managed identities are never covered",
	Unknown:    "whether a service principal is single-tenant and owned, when the policy says ServicePrincipalsInMyTenant; a service principal filter",
	Bit:        BitServicePrincipals,
	Dims:       []signin.Dim{signin.DimPrincipal, signin.DimHomeTenant, signin.DimResourceTenant},
	stage:      1,
	configured: func(p *plan) bool { return p.Workload != nil },
	dim:        byPerson,
	test:       testWorkload,
})

func testWorkload(x *sight, p *plan) signin.Truth {
	w := x.person()
	if !w.workload {
		if len(p.Workload.Include) == 0 && !p.Workload.IncludeUnread {
			return x.say(signin.True, "no service principal is targeted")
		}
		return x.say(signin.False, "a user, and the policy is about service principals")
	}
	if x.r.Kind() == signin.Machine || x.r.Stream() == signin.ManagedIdentity {
		return x.say(signin.False, "a managed identity: never covered by Conditional Access")
	}
	if slices.Contains(p.Workload.Exclude, w.id) {
		return x.say(signin.False, "excluded: service principal %s", w.id)
	}
	in := signin.False
	switch {
	case slices.Contains(p.Workload.Include, w.id):
		in = x.say(signin.True, "included: service principal %s", w.id)
	case slices.Contains(p.Workload.Include, "serviceprincipalsinmytenant"):
		in = x.ownedSingleTenant(w)
	case p.Workload.IncludeUnread:
		in = x.say(signin.Unknown, "the policy includes identities of a kind this program does not know")
	default:
		x.say(signin.False, "not among the included service principals")
	}
	if in != signin.False && p.Workload.Filter {
		return x.say(signin.Unknown, "the service principal filter reads attributes no log carries")
	}
	return in
}

// ownedSingleTenant: the row shows that a service principal is foreign when its
// home tenant differs; nothing in it shows that an own one is single-tenant.
func (x *sight) ownedSingleTenant(w *whoFacts) signin.Truth {
	home, resource := x.text(signin.DimHomeTenant), x.text(signin.DimResourceTenant)
	switch {
	case x.ev.ctx.SingleTenant == signin.True:
		return x.say(signin.True, "included: a single-tenant service principal of this tenant")
	case x.ev.ctx.SingleTenant == signin.False:
		return x.say(signin.False, "a multi-tenant service principal: not covered")
	case home != "" && resource != "" && home != resource:
		return x.say(signin.False, "the service principal's app is registered in another tenant: not covered")
	}
	return x.say(signin.Unknown, "no log tells whether service principal %s is single-tenant", w.id)
}
