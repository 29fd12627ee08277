package policy_test

import (
	"slices"
	"strings"

	"frisk/internal/signin"
)

// naiveCase is one policy asked about one sign-in of one tenant.
type naiveCase struct {
	tenant *naiveTenant
	policy *naivePolicy
	event  *signin.Event
	rules  map[string]*naiveRule // device filter text to its tree
}

// workload reports that the row is a service principal's or a managed identity's.
func (c *naiveCase) workload() bool {
	e := c.event
	return e.Stream == signin.ServicePrincipal || e.Stream == signin.ManagedIdentity ||
		e.Principal.Kind == signin.Service || e.Principal.Kind == signin.Machine
}

// person is the object id of who signs in, "" when nobody can tell: a row that
// only names people is looked up in the directory.
func (c *naiveCase) person() string {
	id := c.event.Principal.ID
	if !strings.HasPrefix(id, signin.NamePrefix) {
		return id
	}
	for _, u := range c.tenant.Users {
		if u.Name != "" && strings.EqualFold(u.Name, c.event.Principal.Name) {
			return u.ID
		}
	}
	return ""
}

// users: 1.3. Exclude beats include, always.
func (c *naiveCase) users() answer {
	u := c.policy.Conditions.Users
	if c.workload() {
		return no // 1.4: users and workload identities are different policies
	}
	if u == nil {
		return no
	}
	include := c.someone(u.IncludeUsers, u.IncludeGroups, u.IncludeRoles, u.IncludeGuests)
	if include == no && len(u.Strange) > 0 {
		include = maybe // docs: an unknown include list may be wider
	}
	exclude := c.someone(u.ExcludeUsers, u.ExcludeGroups, u.ExcludeRoles, u.ExcludeGuests)
	return both(include, not(exclude))
}

func (c *naiveCase) someone(users, groups, roles []string, guests *naiveGuests) answer {
	out := no
	who := c.person()
	for _, u := range users {
		switch {
		case strings.EqualFold(u, "All"): // 1.3: All includes B2B guests
			out = yes
		case strings.EqualFold(u, "None"):
		case strings.EqualFold(u, "GuestsOrExternalUsers"): // 1.3: all sub-types
			out = either(out, c.guest(guestKinds, nil))
		case who == "":
			out = either(out, maybe)
		default:
			out = either(out, sure(strings.EqualFold(u, who)))
		}
	}
	for _, g := range groups {
		switch {
		case who == "":
			out = either(out, maybe)
		case strings.EqualFold(g, "All"): // 1.3: any group
			out = either(out, c.tenant.inAnyGroup(who, c.event.Time))
		default:
			out = either(out, c.tenant.member(who, g, c.event.Time))
		}
	}
	for _, r := range roles {
		switch {
		case who == "":
			out = either(out, maybe)
		case strings.EqualFold(r, "All"):
			out = either(out, c.tenant.holdsAny(who, c.event.Time))
		default:
			out = either(out, c.tenant.holds(who, r, c.event.Time))
		}
	}
	if guests != nil {
		out = either(out, c.listed(flags(guests.Kinds), guests.Tenants))
	}
	return out
}

var guestKinds = []string{
	"internalGuest", "b2bCollaborationGuest", "b2bCollaborationMember", "b2bDirectConnectUser", "otherExternalUser", "serviceProvider",
}

// guest says whether the person is one of the kinds, from one of the tenants.
func (c *naiveCase) guest(kinds []string, tenants *naiveTenants) answer {
	return c.kind(tenants, func(k string) answer { return sure(says(kinds, k)) })
}

// listed is guest for the list of a policy: 1.3, one about direct connect also
// hits collaboration users in Teams and SharePoint who are eligible for it, and
// the reverse; no row tells who is.
func (c *naiveCase) listed(kinds []string, tenants *naiveTenants) answer {
	shared := false
	for _, t := range c.targets() {
		shared = shared || t.is != no && (t.id == naiveTeams || t.id == naiveSharePoint || t.id == "")
	}
	collaboration := []string{"b2bCollaborationGuest", "b2bCollaborationMember"}
	return c.kind(tenants, func(k string) answer {
		switch {
		case says(kinds, k):
			return yes
		case shared && says(collaboration, k) && says(kinds, "b2bDirectConnectUser"),
			shared && k == "b2bDirectConnectUser" && (says(kinds, collaboration[0]) || says(kinds, collaboration[1])):
			return maybe
		}
		return no
	})
}

func (c *naiveCase) kind(tenants *naiveTenants, isOne func(kind string) answer) answer {
	in, out := false, false
	for _, k := range c.couldBe() {
		is := isOne(k)
		if is != no && k != "internalGuest" { // an internal guest has no other tenant a list could name
			is = both(is, c.fromTenant(tenants))
		}
		in, out = in || is != no, out || is != yes
	}
	if in && out {
		return maybe
	}
	return sure(in)
}

func (c *naiveCase) fromTenant(tenants *naiveTenants) answer {
	if tenants == nil || !strings.EqualFold(tenants.Kind, "enumerated") {
		return yes
	}
	if c.event.HomeTenant == "" {
		return maybe
	}
	return sure(says(tenants.Members, c.event.HomeTenant))
}

// couldBe lists the guest kinds ("" = not external) that the row leaves open (1.3, table).
func (c *naiveCase) couldBe() []string {
	e := c.event
	switch e.CrossTenantAccess {
	case "b2bDirectConnect":
		return []string{"b2bDirectConnectUser"}
	case "serviceProvider":
		return []string{"serviceProvider"}
	case "microsoftSupport", "passthrough": // treat as unknown
		return append(slices.Clone(guestKinds), "")
	}
	u := c.tenant.user(c.person())
	guest, member := e.Principal.Kind == signin.Guest, e.Principal.Kind == signin.Member
	if !guest && !member && u != nil {
		guest, member = u.Type == "Guest", u.Type == "Member"
	}
	if e.HomeTenant == "" || e.ResourceTenant == "" {
		if e.CrossTenantAccess != "b2bCollaboration" {
			return c.tenantUnsaid(u, guest, member)
		}
	}
	var out []string
	if !member { // perhaps a guest
		if e.CrossTenantAccess != "b2bCollaboration" && strings.EqualFold(e.HomeTenant, e.ResourceTenant) {
			out = append(out, "internalGuest")
		} else {
			out = append(out, "b2bCollaborationGuest")
		}
	}
	if !guest { // perhaps a member
		switch {
		case e.CrossTenantAccess == "b2bCollaboration":
			out = append(out, "b2bCollaborationMember")
		case strings.EqualFold(e.HomeTenant, e.ResourceTenant):
			out = append(out, "")
		case e.CrossTenantAccess == "none":
			out = append(out, "otherExternalUser")
		default: // how the tenant was crossed is not said
			out = append(out, "b2bCollaborationMember", "b2bDirectConnectUser", "serviceProvider", "otherExternalUser")
		}
	}
	return out
}

// tenantUnsaid: the row does not tell whether a tenant was crossed.
func (c *naiveCase) tenantUnsaid(u *naiveUser, guest, member bool) []string {
	switch {
	case guest:
		return []string{"internalGuest", "b2bCollaborationGuest"}
	case !member:
		return append(slices.Clone(guestKinds), "")
	case c.event.CrossTenantAccess == "none", u != nil && u.Name != "" && !strings.Contains(u.Name, "#EXT#"): // docs
		return []string{""}
	}
	return []string{"", "b2bCollaborationMember", "b2bDirectConnectUser", "serviceProvider", "otherExternalUser"}
}

// workloadIdentity: 1.4.
func (c *naiveCase) workloadIdentity() answer {
	w := c.policy.Conditions.Workload
	if !c.workload() {
		return no
	}
	if c.event.Stream == signin.ManagedIdentity || c.event.Principal.Kind == signin.Machine {
		return no // managed identities are not covered
	}
	if c.ownSingleTenant() == no {
		return no // only single-tenant ones of this tenant, also when named
	}
	include, exclude := no, no
	for _, id := range w.Include {
		if strings.EqualFold(id, "ServicePrincipalsInMyTenant") {
			include = either(include, c.ownSingleTenant())
		} else {
			include = either(include, c.isPrincipal(id))
		}
	}
	for _, id := range w.Exclude {
		exclude = either(exclude, c.isPrincipal(id))
	}
	if w.Filter != nil && w.Filter.Mode == "exclude" { // custom attributes are in no log
		exclude = either(exclude, maybe)
	}
	if w.Filter != nil && w.Filter.Mode == "include" { // docs: how it combines with the list is not documented
		include = maybe
	}
	return both(include, not(exclude))
}

func (c *naiveCase) isPrincipal(id string) answer {
	if c.event.Principal.ID == "" {
		return maybe
	}
	return sure(strings.EqualFold(id, c.event.Principal.ID))
}

func (c *naiveCase) ownSingleTenant() answer {
	e := c.event
	switch c.tenant.Context.SingleTenant {
	case signin.True:
		return yes
	case signin.False:
		return no
	}
	if e.HomeTenant != "" && e.ResourceTenant != "" && !strings.EqualFold(e.HomeTenant, e.ResourceTenant) {
		return no // a foreign one
	}
	return maybe
}
