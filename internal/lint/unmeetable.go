package lint

import (
	"slices"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/policycmp"
	"frisk/internal/policytext"
)

var _ = register(Rule{
	Code: "unmeetable-control", Level: Warning,
	Doc: "Nobody the policy applies to can meet its controls, so it works as a block: a hybrid joined device without Windows, an app control without a phone, " +
		"a device in a device code flow, an app or password control for guests, anything to answer for legacy clients.",
	Fix:    "use block if that is meant; else widen the conditions or choose another control",
	Source: "Conditional Access: grant and conditions; External ID: authentication and Conditional Access",
	check: func(p *pass) {
		p.each(true, func(q *policy.Policy) {
			if q.Grant == nil || q.Grant.Controls&policy.ControlBlock != 0 {
				return
			}
			var why []string
			for _, c := range policycmp.Clauses(q.Grant) {
				reasons := make([]string, len(c))
				for i, d := range c {
					reasons[i] = unmeetable(q, d.Control)
				}
				if slices.Contains(reasons, "") {
					continue
				}
				why = append(why, reasons...)
			}
			slices.Sort(why)
			if why = slices.Compact(why); len(why) > 0 {
				p.about(q, note{path: grantPath}, "the policy works as a block: %s", strings.Join(why, "; "))
			}
		})
	},
})

// unmeetable says why nobody the policy applies to can meet a control; "" when somebody may.
func unmeetable(q *policy.Policy, c policy.Controls) string {
	word := policytext.Control(q.Grant, c)
	phone := onPlatform(q, "android") || onPlatform(q, "ios")
	device := c == policy.ControlCompliantDevice || c == policy.ControlDomainJoinedDevice
	switch {
	case c == policy.ControlOther:
		return ""
	case !policycmp.AllClients(q) && policycmp.Subset(q.ClientTypes, []string{"other"}):
		return "legacy clients can neither answer nor prove anything"
	case !policycmp.AllClients(q) && policycmp.Subset(q.ClientTypes, legacyClients) && c&interactive != 0:
		return "legacy clients cannot answer (" + word + ")"
	case c == policy.ControlDomainJoinedDevice && !onPlatform(q, "windows"):
		return "a hybrid joined device is a Windows device, and the platforms leave Windows out"
	case c == policy.ControlApprovedApplication && !phone:
		return "approved client apps exist on Android and iOS only, and the platforms leave them out"
	case c == policy.ControlCompliantApplication && !phone && !onPlatform(q, "windows"):
		return "app protection works on Android, iOS and Windows only, and the platforms leave them out"
	case device && len(q.Flows) == 1 && q.Flows[0] == "devicecodeflow":
		return "a device code flow cannot prove a device"
	case onlyGuests(q) && c&(policy.ControlApprovedApplication|policy.ControlCompliantApplication|policy.ControlPasswordChange) != 0:
		return word + " is not supported for external users"
	}
	return ""
}

// onlyGuests reports that a policy includes guests and external users only,
// none of them an internal guest.
func onlyGuests(q *policy.Policy) bool {
	u := &q.Users
	g := u.IncludeGuests
	return g != nil && g.Kinds&policy.InternalGuest == 0 && !u.IncludeUnread &&
		len(u.IncludeGroups)+len(u.IncludeRoles) == 0 && policycmp.Subset(u.IncludeUsers, nil, "none")
}
