// Package policycmp compares two policies: does one apply to everything the other
// applies to, and does it ask for at least as much. Answers are proofs from the
// JSON alone: false means "not shown", not "no". Ids are compared as ids, and
// nobody asks who is in a group.
package policycmp

import (
	"slices"

	"frisk/internal/policy"
)

// Covers reports that q applies to every sign-in p applies to.
func Covers(q, p *policy.Policy) bool {
	if q.Incomplete || p.Users.IncludeUnread || p.Apps.IncludeUnread {
		return false
	}
	return coversPeople(q, p) && coversApps(&q.Apps, &p.Apps) && coversConditions(q, p)
}

func coversPeople(q, p *policy.Policy) bool {
	if q.Workload != nil || p.Workload != nil {
		return q.Workload != nil && p.Workload != nil && coversWorkload(q.Workload, p.Workload)
	}
	a, b := &q.Users, &p.Users
	in := has(a.IncludeUsers, "all") ||
		Subset(b.IncludeUsers, a.IncludeUsers, "none") && Subset(b.IncludeGroups, a.IncludeGroups) &&
			(has(a.IncludeRoles, "all") || Subset(b.IncludeRoles, a.IncludeRoles)) &&
			(has(a.IncludeUsers, "guestsorexternalusers") || coversGuests(a.IncludeGuests, b.IncludeGuests))
	// Whom q leaves out p must leave out too.
	out := Subset(a.ExcludeUsers, b.ExcludeUsers) && Subset(a.ExcludeGroups, b.ExcludeGroups) &&
		(has(b.ExcludeRoles, "all") || Subset(a.ExcludeRoles, b.ExcludeRoles)) &&
		(has(b.ExcludeUsers, "guestsorexternalusers") || coversGuests(b.ExcludeGuests, a.ExcludeGuests))
	return in && out
}

// coversGuests reports that every guest of b is one of a.
func coversGuests(a, b *policy.Guests) bool {
	if b == nil {
		return true
	}
	return a != nil && b.Kinds&^a.Kinds == 0 && (a.AllTenants || !b.AllTenants && Subset(b.Tenants, a.Tenants))
}

func coversWorkload(a, b *policy.Workload) bool {
	if a.Filter || b.Filter || b.IncludeUnread {
		return false
	}
	return (has(a.Include, "serviceprincipalsinmytenant") || Subset(b.Include, a.Include)) && Subset(a.Exclude, b.Exclude)
}

func coversApps(a, b *policy.Apps) bool {
	if a.Filter || b.FilterExclude {
		return false
	}
	if !Subset(a.Exclude, b.Exclude) || !Subset(b.AuthContexts, a.AuthContexts) {
		return false
	}
	all := has(a.Include, "all")
	if !all && (b.Filter || !Subset(b.Include, a.Include, "none")) {
		return false
	}
	for _, action := range b.UserActions {
		// Policies for all resources apply to registering security information (reference
		// 1.5); of registering a device nothing says so.
		info := action == "urn:user:registersecurityinfo" && all && len(a.Exclude) == 0
		if !info && !has(a.UserActions, action) {
			return false
		}
	}
	return true
}

func coversConditions(q, p *policy.Policy) bool {
	list := func(a, b []string) bool { return len(a) == 0 || len(b) > 0 && Subset(b, a) }
	clients := AllClients(q) || !AllClients(p) && Subset(p.ClientTypes, q.ClientTypes)
	filter := q.Filter == nil || p.Filter != nil && q.Filter.Exclude == p.Filter.Exclude && q.Filter.Rule == p.Filter.Rule
	return clients && filter && coversChoice(q.Platforms, p.Platforms) && coversChoice(q.Locations, p.Locations) &&
		coversChoice(q.DeviceStates, p.DeviceStates) && list(q.SignInRisk, p.SignInRisk) && list(q.UserRisk, p.UserRisk) &&
		list(q.InsiderRisk, p.InsiderRisk) && list(q.ServicePrincipalRisk, p.ServicePrincipalRisk) && list(q.Flows, p.Flows)
}

func coversChoice(a, b *policy.Choice) bool {
	if a == nil {
		return true
	}
	if b == nil {
		return has(a.Include, "all") && len(a.Exclude) == 0
	}
	return (has(a.Include, "all") || Subset(b.Include, a.Include)) && Subset(a.Exclude, b.Exclude)
}

// Subset reports that every element of a, but for those passed over, is in b.
func Subset(a, b []string, pass ...string) bool {
	return !slices.ContainsFunc(a, func(s string) bool { return !slices.Contains(pass, s) && !slices.Contains(b, s) })
}

// AllClients reports that client types do not narrow a policy.
func AllClients(p *policy.Policy) bool { return len(p.ClientTypes) == 0 || has(p.ClientTypes, "all") }

func has(list []string, s string) bool { return slices.Contains(list, s) }
