package policy

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

const whatIfTenant = "this tenant"

func (q *WhatIfRequest) event(none bool) (signin.Event, error) {
	e := signin.Event{Time: testEpoch, Provider: "entra", ResourceTenant: whatIfTenant, HomeTenant: whatIfTenant}
	c := &q.Conditions
	if c.IPAddress != "" {
		a, err := netip.ParseAddr(c.IPAddress)
		if err != nil {
			return e, fmt.Errorf("ipAddress: %w", err)
		}
		e.Source.IP = a.Unmap().WithZone("")
	}
	e.Geo.Country = strings.ToUpper(c.Country)
	e.Client = c.ClientApp
	e.Risk.Level = c.SignInRisk
	e.Device.OS = c.Platform
	if c.Flow != nil {
		e.Transfer = c.Flow.Method
	}
	if none {
		e.Risk.Level = orNone(e.Risk.Level)
		e.Transfer = orNone(e.Transfer)
		if e.Device.OS == "" {
			e.Device.OS = "none"
		}
		if e.Client == "" {
			e.Client = "not given" // of no type a policy can list
		}
	}
	if d := c.Device; d != nil {
		e.Device.Compliant = truthOf(d.IsCompliant)
		e.Device.ID = strings.ToLower(d.DeviceID)
		if e.Device.ID == "" {
			e.Device.ID = "what-if"
		}
	}
	q.identity(&e)
	q.target(&e)
	return e, nil
}

func (q *WhatIfRequest) identity(e *signin.Event) {
	id := &q.Identity
	if id.ServicePrincipalID != "" {
		e.Principal = signin.Principal{ID: strings.ToLower(id.ServicePrincipalID), Kind: signin.Service}
		e.Stream = signin.ServicePrincipal
		return
	}
	e.Principal = signin.Principal{ID: strings.ToLower(id.UserID), Kind: signin.Member}
	kind, ok := parseGuestKind(id.ExternalUserType)
	if !ok {
		return
	}
	e.HomeTenant = strings.ToLower(id.ExternalTenantID)
	switch kind {
	case InternalGuest:
		e.Principal.Kind, e.HomeTenant = signin.Guest, whatIfTenant
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

func (q *WhatIfRequest) context(none bool) Context {
	c := Context{
		UserRisk: q.Conditions.UserRisk, InsiderRisk: q.Conditions.InsiderRisk,
		ServicePrincipalRisk: q.Conditions.ServicePrincipalRisk,
		AuthContext:          q.Context.AuthContext, UserAction: "none",
		ActionOnly: len(q.Context.Apps) == 0 && (q.Context.UserAction != "" || q.Context.AuthContext != ""),
		// The action takes a service principal of the tenant; a multi-tenant one
		// cannot be asked about.
		SingleTenant: signin.True,
	}
	switch strings.ToLower(q.Context.UserAction) {
	case "registersecurityinformation":
		c.UserAction = actionSecurityInfo
	case "registerorjoindevices":
		c.UserAction = actionDevice
	}
	if none {
		c.UserRisk, c.InsiderRisk, c.ServicePrincipalRisk = orNone(c.UserRisk), orNone(c.InsiderRisk), orNone(c.ServicePrincipalRisk)
	}
	if q.Conditions.Device != nil {
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

// WhatIfDevice is deviceInfo: the attributes a device filter can read.
type WhatIfDevice struct {
	Type                   string   `json:"@odata.type"`
	DeviceID               string   `json:"deviceId"`
	DisplayName            string   `json:"displayName"`
	EnrollmentProfileName  string   `json:"enrollmentProfileName"`
	IsCompliant            *bool    `json:"isCompliant"`
	Manufacturer           string   `json:"manufacturer"`
	MDMAppID               string   `json:"mdmAppId"`
	Model                  string   `json:"model"`
	OperatingSystem        string   `json:"operatingSystem"`
	OperatingSystemVersion string   `json:"operatingSystemVersion"`
	Ownership              string   `json:"ownership"`
	PhysicalIDs            []string `json:"physicalIds"`
	ProfileType            string   `json:"profileType"`
	SystemLabels           []string `json:"systemLabels"`
	TrustType              string   `json:"trustType"`
	Extension1             string   `json:"extensionAttribute1"`
	Extension2             string   `json:"extensionAttribute2"`
	Extension3             string   `json:"extensionAttribute3"`
	Extension4             string   `json:"extensionAttribute4"`
	Extension5             string   `json:"extensionAttribute5"`
	Extension6             string   `json:"extensionAttribute6"`
	Extension7             string   `json:"extensionAttribute7"`
	Extension8             string   `json:"extensionAttribute8"`
	Extension9             string   `json:"extensionAttribute9"`
	Extension10            string   `json:"extensionAttribute10"`
	Extension11            string   `json:"extensionAttribute11"`
	Extension12            string   `json:"extensionAttribute12"`
	Extension13            string   `json:"extensionAttribute13"`
	Extension14            string   `json:"extensionAttribute14"`
	Extension15            string   `json:"extensionAttribute15"`
}

func (d *WhatIfDevice) device() *directory.Device {
	trust := d.TrustType
	if strings.EqualFold(trust, "EntraID") { // the new name of AzureAD
		trust = "AzureAD"
	}
	return &directory.Device{
		ID: d.DeviceID, DisplayName: d.DisplayName, OperatingSystem: d.OperatingSystem, OSVersion: d.OperatingSystemVersion,
		Manufacturer: d.Manufacturer, Model: d.Model, TrustType: trust, Ownership: d.Ownership, ProfileType: d.ProfileType,
		MDMAppID: d.MDMAppID, EnrollmentProfile: d.EnrollmentProfileName, Compliant: truthOf(d.IsCompliant),
		PhysicalIDs: slices.Clone(d.PhysicalIDs), SystemLabels: slices.Clone(d.SystemLabels),
		ExtensionAttributes: [15]string{
			d.Extension1, d.Extension2, d.Extension3, d.Extension4, d.Extension5,
			d.Extension6, d.Extension7, d.Extension8, d.Extension9, d.Extension10, d.Extension11,
			d.Extension12, d.Extension13, d.Extension14, d.Extension15,
		},
	}
}
