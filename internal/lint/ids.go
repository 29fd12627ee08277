package lint

import (
	"slices"

	"frisk/internal/policy"
	"frisk/internal/policytext"
)

var _ = register(Rule{
	Code: "unresolved-id", Level: Warning,
	Doc:    "A user or group the policy names is not in the directory export: its members are unknown, or it was deleted.",
	Fix:    "export it, or take it out if it was deleted",
	Source: "frisk: needs a directory export",
	check: func(p *pass) {
		users, groups := len(p.in.Directory.Users()) > 0, len(p.in.Directory.Groups()) > 0
		p.eachID(func(q *policy.Policy, kind idKind, path, id string) {
			switch {
			case kind == userID && users && p.in.Directory.User(id) == nil:
				p.about(q, note{path: path}, "user %s is not in the directory export", id)
			case kind == groupID && groups && p.in.Directory.Group(id) == nil:
				p.about(q, note{path: path}, "group %s is not in the directory export", id)
			}
		})
	},
})

var _ = register(Rule{
	Code: "unresolved-role", Level: Info,
	Doc:    "A role id that is no template id of a built-in role frisk knows. Policies name roles by template id; custom roles and the ids of a tenant's role instances do not work.",
	Fix:    "check that it is a template id; a role newer than frisk's list is fine",
	Source: "Microsoft Entra built-in roles (permissions-reference), " + policytext.RolesDate,
	check: func(p *pass) {
		p.eachID(func(q *policy.Policy, kind idKind, path, id string) {
			if _, ok := policytext.BuiltInRole(id); kind == roleID && !ok {
				p.about(q, note{path: path}, "role %s is no built-in role's template id as of %s", id, policytext.RolesDate)
			}
		})
	},
})

var _ = register(Rule{
	Code: "unresolved-app", Level: Info,
	Doc:    "An application the policy names is neither among the service principals of the directory export nor a well-known one.",
	Fix:    "check the app id; an app without a service principal in the tenant gets no sign-in",
	Source: "frisk: needs service principals in the directory export",
	check: func(p *pass) {
		exported := false
		p.eachID(func(_ *policy.Policy, kind idKind, _, id string) {
			exported = exported || kind == appID && p.in.Directory.ServicePrincipalOf(id) != nil
		})
		if !exported {
			return // there may be no export of service principals at all
		}
		p.eachID(func(q *policy.Policy, kind idKind, path, id string) {
			if kind == appID && !p.names.KnownApp(id) {
				p.about(q, note{path: path}, "app %s is not among the service principals of the directory export", id)
			}
		})
	},
})

var _ = register(Rule{
	Code: "unresolved-location", Level: Warning,
	Doc:    "A named location the policy names is not in the export: whether it matches is unknown.",
	Fix:    "export the named locations of the tenant, and give them with --locations or under policies.locations in frisk.yaml",
	Source: "frisk",
	check: func(p *pass) {
		p.eachID(func(q *policy.Policy, kind idKind, path, id string) {
			known := slices.ContainsFunc(p.set.Locations, func(l *policy.NamedLocation) bool { return l.ID == id })
			if kind == locationID && !known {
				p.about(q, note{path: path}, "named location %s is not in the export: whether it matches is unknown", id)
			}
		})
	},
})

var _ = register(Rule{
	Code: "no-locations", Level: Warning,
	Doc:    "A policy names all trusted locations, and no named locations were loaded: which addresses are trusted is unknown.",
	Fix:    "export the named locations of the tenant, and give them with --locations or under policies.locations in frisk.yaml",
	Source: "frisk",
	check: func(p *pass) {
		if p.set.LocationsKnown {
			return
		}
		for _, q := range p.policies {
			if l := q.Locations; l != nil && has(slices.Concat(l.Include, l.Exclude), "alltrusted") {
				p.about(q, note{path: ".conditions.locations"}, "the policy names all trusted locations and no named locations were loaded: whether it matches is unknown")
			}
		}
	},
})

// idKind is what an id in a policy stands for.
type idKind uint8

const (
	userID idKind = iota
	groupID
	roleID
	appID
	locationID
)

// keywords are the values of each kind that are no ids.
var keywords = [...][]string{
	userID:     {"all", "none", "guestsorexternalusers"},
	groupID:    {"all"},
	roleID:     {"all"},
	appID:      {"all", "none", "office365", "microsoftadminportals", "allagentidresources"},
	locationID: {"all", "alltrusted", policytext.MFATrustedIPs, policytext.CompliantNetwork},
}

// eachID calls f for every object id the policies name, with its path below the
// policy; keywords and what has not the form of an id are passed over.
func (p *pass) eachID(f func(q *policy.Policy, kind idKind, path, id string)) {
	p.eachValue(func(q *policy.Policy, kind idKind, path, id string) {
		if policytext.GUID(id) {
			f(q, kind, path, id)
		}
	})
}

// eachValue is eachID for whatever stands where an id belongs.
func (p *pass) eachValue(f func(q *policy.Policy, kind idKind, path, id string)) {
	for _, q := range p.policies {
		u, a := &q.Users, &q.Apps
		l := q.Locations
		if l == nil {
			l = &policy.Choice{}
		}
		for _, list := range []struct {
			kind idKind
			path string
			ids  []string
		}{
			{userID, "users.includeUsers", u.IncludeUsers},
			{userID, "users.excludeUsers", u.ExcludeUsers},
			{groupID, "users.includeGroups", u.IncludeGroups},
			{groupID, "users.excludeGroups", u.ExcludeGroups},
			{roleID, "users.includeRoles", u.IncludeRoles},
			{roleID, "users.excludeRoles", u.ExcludeRoles},
			{appID, "applications.includeApplications", a.Include},
			{appID, "applications.excludeApplications", a.Exclude},
			{locationID, "locations.includeLocations", l.Include},
			{locationID, "locations.excludeLocations", l.Exclude},
		} {
			for i, id := range list.ids {
				if !has(keywords[list.kind], id) {
					f(q, list.kind, item(".conditions."+list.path, i), id)
				}
			}
		}
	}
}
