package policy

import (
	"cmp"
	"net/netip"
	"strings"

	"frisk/internal/signin"
)

// whatIfTenant stands for the tenant asked about where nobody named it.
const whatIfTenant = "this tenant"

// whatIfTime is when a made-up sign-in happens: after everything that policies,
// locations and directory say of the past, so that what counts now answers.
const whatIfTime = signin.Time(1) << 55

// clientNotGiven is a client of no type a policy can list, and no legacy one.
const clientNotGiven = "not given"

// event is the made-up sign-in of a canonical request. none takes what is missing for "none".
func (q *WhatIfRequest) event(tenant string, who *whatIfPerson, none bool) signin.Event {
	if tenant == "" && q.Identity.ServicePrincipalID == "" {
		// A person is one of this tenant's whatever its id. Of a service principal the
		// export names the owner, which no stand-in compares with.
		tenant = whatIfTenant
	}
	e := signin.Event{Time: whatIfTime, Provider: "entra", ResourceTenant: tenant, HomeTenant: tenant}
	c := &q.Conditions
	if c.IPAddress != "" {
		a, _ := netip.ParseAddr(c.IPAddress) // canonical
		e.Source.IP = a.Unmap().WithZone("")
	}
	e.Geo.Country = c.Country
	if e.Client = c.ClientApp; e.Client == "all" { // says nothing about this one
		e.Client = ""
	}
	e.Risk.Level = c.SignInRisk
	e.Device.OS = c.Platform // says nothing about whether the device is registered
	if c.Flow != nil {
		e.Transfer = c.Flow.Method
	}
	if none {
		q.nothing(&e)
	}
	if d := c.Device; d != nil {
		if d.unregistered() {
			e.Device.Trust = signin.TrustNone
		} else {
			if d.IsCompliant != nil {
				e.Device.Compliant = signin.TruthOf(*d.IsCompliant)
			}
			e.Device.ID = cmp.Or(strings.ToLower(d.id()), "what-if")
		}
	}
	q.identity(&e, who, none)
	q.target(&e)
	return e
}

// nothing states of every condition that was not given that there is none: no
// risk, no flow, no listed platform or client, no known place, no device state.
func (q *WhatIfRequest) nothing(e *signin.Event) {
	c := &q.Conditions
	e.Risk.Level = orNone(e.Risk.Level)
	e.Transfer = orNone(e.Transfer)
	e.Device.OS = orNone(e.Device.OS)
	e.Geo.Country = orNone(e.Geo.Country) // in no list, which hold two letters
	if c.ClientApp == "" {
		e.Client = clientNotGiven
	}
	if c.IPAddress == "" {
		e.Source.IP = netip.IPv6Unspecified() // in no range
	}
	if d := c.Device; d == nil {
		e.Device.Trust = signin.TrustNone
	} else {
		e.Device.Compliant, e.Device.Managed = signin.False, signin.TruthOf(strings.EqualFold(d.MDMAppID, intuneApp))
		if d.TrustType == "" {
			e.Device.Trust = signin.TrustNone
		}
	}
}

func (q *WhatIfRequest) identity(e *signin.Event, who *whatIfPerson, none bool) {
	id := &q.Identity
	if id.ServicePrincipalID != "" {
		e.Principal = signin.Principal{ID: who.id, Kind: signin.Service}
		e.Stream = signin.ServicePrincipal
		return
	}
	e.Principal = signin.Principal{ID: who.id, Kind: signin.Member}
	if who.guest {
		e.Principal.Kind = signin.Guest
	}
	switch {
	case who.external && none: // a name with #EXT# is that of a collaboration user
		e.HomeTenant, e.CrossTenantAccess = "", "b2bCollaboration"
	case who.guest && !none, who.external:
		e.HomeTenant = ""
	}
	kind, ok := parseGuestKind(id.ExternalUserType)
	if !ok {
		return
	}
	e.HomeTenant = strings.ToLower(id.ExternalTenantID)
	switch kind {
	case InternalGuest:
		e.Principal.Kind, e.HomeTenant = signin.Guest, e.ResourceTenant
	case CollaborationGuest:
		e.Principal.Kind, e.CrossTenantAccess = signin.Guest, "b2bCollaboration"
	case CollaborationMember:
		e.CrossTenantAccess = "b2bCollaboration"
	case DirectConnect:
		e.CrossTenantAccess = "b2bDirectConnect"
	case ServiceProviderUser:
		e.CrossTenantAccess = "serviceProvider"
	case OtherExternal:
		e.CrossTenantAccess = "none"
	}
}

func (q *WhatIfRequest) target(e *signin.Event) {
	for i, a := range q.Context.Apps {
		if i == 0 {
			e.Resource.ID = strings.ToLower(a)
		}
	}
	if len(q.Context.Apps) > 1 {
		e.Audiences = signin.EncodeList(q.Context.Apps)
	}
	if q.Context.AuthContext == "" {
		e.AuthContexts = "[]"
	}
}

func (q *WhatIfRequest) context(who *whatIfPerson, none bool) Context {
	c := Context{
		UserRisk: q.Conditions.UserRisk, InsiderRisk: q.Conditions.InsiderRisk,
		ServicePrincipalRisk: q.Conditions.ServicePrincipalRisk,
		AuthContext:          q.Context.AuthContext, UserAction: "none",
		ActionOnly: len(q.Context.Apps) == 0 && (none || q.Context.UserAction != "" || q.Context.AuthContext != ""),
	}
	if who.service == nil {
		// The action takes a service principal of the tenant; a multi-tenant one
		// cannot be asked about. What the export says of one comes first.
		c.SingleTenant = signin.True
	}
	switch q.Context.UserAction {
	case "registerSecurityInformation":
		c.UserAction = actionSecurityInfo
	case "registerOrJoinDevices":
		c.UserAction = actionDevice
	}
	if none {
		c.UserRisk, c.InsiderRisk, c.ServicePrincipalRisk = orNone(c.UserRisk), orNone(c.InsiderRisk), orNone(c.ServicePrincipalRisk)
	}
	if q.Conditions.Device != nil && !q.Conditions.Device.unregistered() {
		c.Device = q.Conditions.Device.device()
	}
	return c
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
