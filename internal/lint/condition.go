package lint

import (
	"frisk/internal/policy"
	"frisk/internal/policycmp"
)

var _ = register(Rule{
	Code: "invalid-condition", Level: Error,
	Doc: "Conditions that Entra does not accept together: registering a device with client apps, device filters or device states; device states with a device filter; " +
		"workload identities with people or with conditions other than location and service principal risk; authentication contexts or user actions with resources.",
	Source: "Graph: conditionalAccessConditionSet, conditionalAccessApplications, conditionalAccessDevices; Conditional Access: workload identities",
	check: func(p *pass) {
		for _, q := range p.policies {
			p.invalidConditions(q)
		}
	},
})

func (p *pass) invalidConditions(q *policy.Policy) {
	a := &q.Apps
	if has(a.UserActions, actionDevice) && (q.Filter != nil || q.DeviceStates != nil || !policycmp.AllClients(q)) {
		p.about(q, note{path: ".conditions", fix: "take the client and device conditions out"},
			"registering a device cannot be combined with client apps, device filters or device states")
	}
	if q.Filter != nil && q.DeviceStates != nil {
		p.about(q, note{path: ".conditions.devices", fix: "keep the device filter"}, "device states cannot be combined with a device filter")
	}
	if apps := !policycmp.Subset(a.Include, nil, "none") || a.Filter; apps && len(a.AuthContexts) > 0 || apps && len(a.UserActions) > 0 ||
		len(a.AuthContexts) > 0 && len(a.UserActions) > 0 {
		p.about(q, note{path: ".conditions.applications", fix: "make one policy for each"},
			"a policy targets resources, user actions or authentication contexts, not several of them")
	}
	if q.Workload == nil {
		return
	}
	const fix = "make two policies, one for people and one for workload identities"
	u := &q.Users
	if !policycmp.Subset(u.IncludeUsers, nil, "none") || len(u.IncludeGroups)+len(u.IncludeRoles) > 0 || u.IncludeGuests != nil {
		p.about(q, note{path: ".conditions.clientApplications", fix: fix}, "a policy is about people or about workload identities, not both")
	}
	if q.Platforms != nil || q.Filter != nil || q.DeviceStates != nil || len(q.SignInRisk)+len(q.UserRisk)+len(q.InsiderRisk)+len(q.Flows) > 0 {
		p.about(q, note{path: ".conditions", fix: "take them out"}, "policies for workload identities know only location, service principal risk and authentication contexts")
	}
}

var _ = register(Rule{
	Code: "report-only-action", Level: Warning,
	Doc:    "Report-only does not evaluate user actions: the policy will never show a result before it is enabled.",
	Fix:    "test it with a pilot group, enabled",
	Source: "Conditional Access: report-only mode (concept-conditional-access-report-only)",
	check: func(p *pass) {
		for _, q := range p.policies {
			if q.State == policy.ReportOnly && len(q.Apps.UserActions) > 0 {
				p.about(q, note{path: ".conditions.applications.includeUserActions"}, "the policy is report-only and about a user action, which report-only does not evaluate")
			}
		}
	},
})

var _ = register(Rule{
	Code: "deprecated-device-states", Level: Warning,
	Doc:    "The device state condition is deprecated.",
	Fix:    "use a device filter (device.isCompliant, device.trustType)",
	Source: "Graph: conditionalAccessDevices; Conditional Access: conditions (concept-conditional-access-conditions)",
	check: func(p *pass) {
		for _, q := range p.policies {
			if q.DeviceStates != nil {
				p.about(q, note{path: ".conditions.devices"}, "the policy uses the deprecated device state condition")
			}
		}
	},
})
