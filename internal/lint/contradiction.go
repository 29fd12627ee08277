package lint

import (
	"frisk/internal/policy"
)

var _ = register(Rule{
	Code: "contradiction", Level: Warning,
	Doc:    "The same id is included and excluded. An exclusion always wins, so the inclusion means nothing.",
	Fix:    "take it out of one of the two lists",
	Source: "Conditional Access: users and groups (concept-conditional-access-users-groups)",
	check: func(p *pass) {
		for _, q := range p.policies {
			u, a := &q.Users, &q.Apps
			p.both(q, "group", ".conditions.users.includeGroups", u.IncludeGroups, u.ExcludeGroups, p.names.Group)
			p.both(q, "user", ".conditions.users.includeUsers", u.IncludeUsers, u.ExcludeUsers, p.names.User)
			p.both(q, "role", ".conditions.users.includeRoles", u.IncludeRoles, u.ExcludeRoles, p.names.Role)
			p.both(q, "app", ".conditions.applications.includeApplications", a.Include, a.Exclude, p.names.App)
			if l := q.Locations; l != nil {
				p.both(q, "location", ".conditions.locations.includeLocations", l.Include, l.Exclude, p.names.Location)
			}
			if l := q.Platforms; l != nil {
				p.both(q, "platform", ".conditions.platforms.includePlatforms", l.Include, l.Exclude, func(s string) string { return s })
			}
		}
	},
})

func (p *pass) both(q *policy.Policy, what, path string, include, exclude []string, name func(string) string) {
	for i, id := range include {
		if has(exclude, id) {
			p.about(q, note{path: item(path, i)}, "%s %s is both included and excluded", what, name(id))
		}
	}
}

var _ = register(Rule{
	Code: "risk-together", Level: Warning,
	Doc:    "Sign-in risk and user risk are both set. Both are needed at once, so a sign-in with only one of them is not covered.",
	Fix:    "split it into two policies, one per kind of risk",
	Source: "Conditions are joined by AND (concept-conditional-access-policies); Maester MT.1049",
	check: func(p *pass) {
		for _, q := range p.policies {
			if len(q.SignInRisk) > 0 && len(q.UserRisk) > 0 {
				p.about(q, note{path: ".conditions.signInRiskLevels"},
					"sign-in risk and user risk are both required: a sign-in with only one of them is not covered")
			}
		}
	},
})
