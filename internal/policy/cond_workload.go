package policy

import (
	"cmp"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// clientApplications: policies for workload identities. They cover single-tenant
// service principals registered in the tenant; multi-tenant apps and managed
// identities are never covered (reference 1.4, Entra "workload identities").
var _ = register(Condition{
	Name:       "clientApplications",
	Doc:        "which service principal signs in: ids, ServicePrincipalsInMyTenant by owner and audience, and the attribute filter, from the export of service principals; managed identities and multi-tenant apps are never covered",
	Unknown:    "a service principal no export holds, where the policy says ServicePrincipalsInMyTenant or has a filter; custom security attributes that were not exported",
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
		if wl := p.Workload; len(wl.Include) == 0 && !wl.IncludeUnread && (!wl.Filter || wl.FilterExclude) {
			return x.say(signin.True, "no service principal is targeted")
		}
		return x.say(signin.False, "a user, and the policy is about service principals")
	}
	if x.r.Kind() == signin.Machine || x.r.Stream() == signin.ManagedIdentity {
		return x.say(signin.False, "a managed identity: never covered by Conditional Access")
	}
	wl := p.Workload
	owned := x.ownedSingleTenant(w)
	note := x.why
	if owned == signin.False {
		return owned
	}
	if slices.Contains(wl.Exclude, w.id) {
		return x.say(signin.False, "excluded: service principal %s", w.id)
	}
	tag := signin.False
	if wl.Filter {
		tag = x.tagged(wl.Rule, x.ev.e.dir.ServicePrincipal(w.id), "service principal "+w.id)
	}
	tagged := x.why
	if wl.FilterExclude && tag == signin.True {
		return x.say(signin.False, "excluded by the filter: %s", tagged)
	}
	in := signin.False
	switch {
	case slices.Contains(wl.Include, w.id):
		in = x.say(signin.True, "included: service principal %s", w.id)
	case slices.Contains(wl.Include, "serviceprincipalsinmytenant"):
		in = x.say(owned, "%s", note)
	case slices.ContainsFunc(wl.Include, isPlaceholder):
		in = x.say(signin.Unknown, "the policy names a placeholder instead of a service principal id")
	case wl.IncludeUnread:
		in = x.say(signin.Unknown, "the policy includes identities of a kind this program does not know")
	default:
		x.say(signin.False, "not among the included service principals")
	}
	switch {
	case !wl.Filter:
		return in
	case wl.FilterExclude:
		if tag == signin.Unknown && in != signin.False {
			return x.say(signin.Unknown, "perhaps excluded by the filter: %s", tagged)
		}
		return in
	case len(wl.Include) == 0:
		return x.say(tag, "the filter is %s: %s", tag, tagged)
	}
	// Whether a filter adds to the listed ones or narrows them is not documented.
	if both, any := in.And(tag), in.Or(tag); both != any {
		return x.say(signin.Unknown, "the filter is %s (%s), and how it combines with the listed service principals is not documented", tag, tagged)
	}
	return in
}

// ownedSingleTenant: only single-tenant apps registered in this tenant are
// covered; the directory export tells them by owner and audience, and a row whose
// home tenant differs is foreign (reference 1.4).
func (x *sight) ownedSingleTenant(w *whoFacts) signin.Truth {
	home, resource := x.text(signin.DimHomeTenant), x.text(signin.DimResourceTenant)
	switch x.ev.ctx.SingleTenant {
	case signin.True:
		return x.say(signin.True, "included: a single-tenant service principal of this tenant")
	case signin.False:
		return x.say(signin.False, "a multi-tenant service principal: not covered")
	case signin.Unknown:
	}
	if sp := x.ev.e.dir.ServicePrincipal(w.id); sp != nil {
		tenant := cmp.Or(x.ev.e.opt.Tenant, resource)
		switch {
		case strings.EqualFold(sp.Type, "ManagedIdentity"):
			return x.say(signin.False, "a managed identity: never covered by Conditional Access")
		case sp.OwnerTenant != "" && tenant != "" && !strings.EqualFold(sp.OwnerTenant, tenant):
			return x.say(signin.False, "the service principal's app is registered in another tenant: not covered")
		case sp.Audience != "" && !strings.EqualFold(sp.Audience, "AzureADMyOrg"):
			return x.say(signin.False, "a multi-tenant service principal (signInAudience %s): not covered", sp.Audience)
		case sp.Audience != "" && sp.OwnerTenant != "" && tenant != "":
			return x.say(signin.True, "included: a single-tenant service principal of this tenant")
		}
	}
	if home != "" && resource != "" && !strings.EqualFold(home, resource) {
		return x.say(signin.False, "the service principal's app is registered in another tenant: not covered")
	}
	return x.say(signin.Unknown, "neither the log nor the directory export tells whether service principal %s is single-tenant", w.id)
}
