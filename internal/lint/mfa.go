package lint

import (
	"slices"
	"strconv"

	"frisk/internal/policy"
	"frisk/internal/policycmp"
	"frisk/internal/policytext"
)

var _ = register(Rule{
	Code: "no-mfa-policy", Level: Warning,
	Doc: "No enabled policy asks all users for MFA at all resources, whatever the place, device and risk. Left-out people and apps do not count against a policy. " +
		"Info when one comes near; several policies for a part of the people each may do the same together.",
	Fix:    "make one policy that asks all users for MFA at all resources, and exclude the emergency access accounts",
	Source: "Conditional Access: require MFA for all users (policy-all-users-mfa-strength)",
	check: func(p *pass) {
		if !p.aboutPeople() {
			return
		}
		trial, near, why := "", "", ""
		for _, q := range p.policies {
			if !everybody(q) || !has(q.Apps.Include, "all") || q.Incomplete || controls(q)&policy.ControlBlock != 0 ||
				controls(q)&(policy.ControlMFA|policy.ControlStrength|policy.ControlRiskRemediation) == 0 {
				continue
			}
			narrow := narrowed(q)
			switch {
			case narrow == "" && q.State == policy.Enabled:
				return
			case narrow == "" && q.State == policy.ReportOnly && trial == "":
				trial = q.Name
			case narrow != "" && !risky(q) && q.State == policy.Enabled && near == "":
				near, why = q.Name, narrow
			}
		}
		n, text := note{}, "no enabled policy asks all users for MFA at all resources"
		if near != "" {
			n.level = Info
			text += "; " + strconv.Quote(near) + " comes near: " + why
		}
		if trial != "" {
			n.fix = "enable that policy"
			text += "; " + strconv.Quote(trial) + " would, and is report-only"
		}
		p.whole(n, "%s", text)
	},
})

// narrowed says what keeps a policy with an MFA control from asking for it
// everywhere; "" = nothing.
func narrowed(q *policy.Policy) string {
	const second = policy.ControlMFA | policy.ControlStrength | policy.ControlRiskRemediation
	asks := slices.ContainsFunc(policycmp.Clauses(q.Grant), func(c []policycmp.Demand) bool {
		return !slices.ContainsFunc(c, func(d policycmp.Demand) bool { return d.Control&second == 0 })
	})
	switch {
	case !asks:
		return "it accepts another control in its place (" + policytext.Grant(q.Grant) + ")"
	case !anywhere(q):
		return "not from every location"
	case !policycmp.AllClients(q) && !(has(q.ClientTypes, "browser") && has(q.ClientTypes, "mobileappsanddesktopclients")):
		return "not in every client"
	case !allPlatforms(q):
		return "not on every platform"
	case q.Filter != nil || q.DeviceStates != nil:
		return "not on every device"
	case risky(q):
		return "at a risk only"
	case len(q.Flows) > 0:
		return "in some authentication flows only"
	}
	return ""
}
