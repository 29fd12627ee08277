package lint

import (
	"slices"

	"frisk/internal/directory"
	"frisk/internal/policy"
	"frisk/internal/policycmp"
	"frisk/internal/policytext"
	"frisk/internal/signin"
)

var _ = register(Rule{
	Code: "guest-device", Level: Info,
	Doc: "Guests and external users are asked for a device of this tenant's kind. Only their own organisation manages their device, so they are blocked unless the inbound trust " +
		"of the cross-tenant access settings accepts it. A warning when policies.options.inboundTrust in frisk.yaml says that it does not.",
	Fix:    "leave external users out, or trust the device claims of their tenants and say so under policies.options.inboundTrust in frisk.yaml",
	Source: "External ID: authentication and Conditional Access for external users (authentication-conditional-access)",
	check: func(p *pass) {
		p.each(true, func(q *policy.Policy) {
			if q.Workload == nil && q.Grant != nil && q.Grant.Controls&policy.ControlBlock == 0 && p.external(&q.Users) {
				p.guestDevice(q)
			}
		})
	},
})

func (p *pass) guestDevice(q *policy.Policy) {
	for _, clause := range policycmp.Clauses(q.Grant) {
		trust := signin.False // that some control of the clause can be met
		for _, d := range clause {
			switch d.Control {
			case policy.ControlCompliantDevice:
				trust = trust.Or(p.in.Inbound.CompliantDevice)
			case policy.ControlDomainJoinedDevice:
				trust = trust.Or(p.in.Inbound.HybridDevice)
			default:
				trust = signin.True
			}
		}
		if trust == signin.True {
			continue
		}
		var words []string
		for _, d := range clause {
			words = append(words, policytext.Control(q.Grant, d.Control))
		}
		n, text := note{path: grantPath}, "are blocked unless inbound trust accepts the devices of their own tenants"
		if trust == signin.False {
			n.level, text = Warning, "are blocked: inbound trust does not accept the devices of their own tenants"
		}
		p.about(q, n, "guests and external users must show a %s and %s", policytext.Join(words, "or"), text)
		return
	}
}

// external reports that a policy takes in people of other tenants. Of a policy
// for all users it does not, where the directory export knows no guest.
func (p *pass) external(u *policy.Users) bool {
	const collaboration = policy.CollaborationGuest | policy.CollaborationMember
	out := u.ExcludeGuests
	if has(u.ExcludeUsers, "guestsorexternalusers") || out != nil && out.AllTenants && out.Kinds&collaboration == collaboration {
		return false
	}
	if has(u.IncludeUsers, "guestsorexternalusers") || u.IncludeGuests != nil && u.IncludeGuests.Kinds&^policy.InternalGuest != 0 {
		return true
	}
	if !has(u.IncludeUsers, "all") {
		return false
	}
	accounts := policytext.Accounts(p.in.Directory)
	return len(accounts) == 0 || slices.ContainsFunc(accounts, func(a *directory.User) bool { return policytext.IsGuest(a) != signin.False })
}
