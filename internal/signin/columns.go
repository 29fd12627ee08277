package signin

import (
	"net/netip"
)

// A Dim is a coded column: a field of few distinct values that is kept as a
// dictionary code from disk to policy condition. Code 0 is always "", the log
// did not say.
type Dim uint8

// The coded columns, hot ones first.
const (
	DimProvider Dim = iota
	DimTenant
	DimPrincipal
	DimPrincipalName
	DimIP
	DimCountry
	DimRegion
	DimCity
	DimApp
	DimResource
	DimAudiences
	DimClient
	DimUserAgent
	DimOS
	DimBrowser
	DimDevice
	DimDeviceName
	DimCode
	DimReasonText
	DimDetail
	DimHomeTenant
	DimResourceTenant
	DimCrossTenant
	DimIPFromResource
	DimProtocol
	DimTransfer
	DimIncomingToken
	DimCredential
	DimRiskLevel
	DimRiskAggregate
	DimRiskState
	DimRiskDetail
	DimRiskEvents
	DimNetwork
	DimNamedLocations
	DimASNOrg
	DimPolicyStatus
	DimPolicies
	DimMethods
	DimFactors
	DimDemanded
	DimLifetimes
	DimAuthContexts
	DimTokenBinding
	DimAzureResource
	DimAppName
	DimResourceName
	DimDisplay
	DimFile
	NumDims
)

// DimColumn ties a coded column to its name on disk and to the Event.
type DimColumn struct {
	Dim  Dim
	Name string // Parquet and SQL column name
	Get  func(*Event) string
	Set  func(*Event, string)
}

func text(d Dim, name string, field func(*Event) *string) DimColumn {
	return DimColumn{
		d, name,
		func(e *Event) string { return *field(e) },
		func(e *Event, s string) { *field(e) = s },
	}
}

func list(d Dim, name string, field func(*Event) *List) DimColumn {
	return DimColumn{
		d, name,
		func(e *Event) string { return string(*field(e)) },
		func(e *Event, s string) { *field(e) = List(s) },
	}
}

func addr(d Dim, name string, field func(*Event) *netip.Addr) DimColumn {
	return DimColumn{
		d, name,
		func(e *Event) string {
			if a := *field(e); a.IsValid() {
				return a.String()
			}
			return ""
		},
		func(e *Event, s string) {
			a, err := netip.ParseAddr(s)
			if err != nil {
				a = netip.Addr{}
			}
			*field(e) = a
		},
	}
}

// DimColumns lists the coded columns, indexed by Dim. Callers must not modify it.
var DimColumns = [NumDims]DimColumn{
	DimProvider:       text(DimProvider, "provider", func(e *Event) *string { return &e.Provider }),
	DimTenant:         text(DimTenant, "tenant", func(e *Event) *string { return &e.Tenant }),
	DimPrincipal:      text(DimPrincipal, "principal_id", func(e *Event) *string { return &e.Principal.ID }),
	DimPrincipalName:  text(DimPrincipalName, "principal_name", func(e *Event) *string { return &e.Principal.Name }),
	DimIP:             addr(DimIP, "ip", func(e *Event) *netip.Addr { return &e.Source.IP }),
	DimCountry:        text(DimCountry, "country", func(e *Event) *string { return &e.Geo.Country }),
	DimRegion:         text(DimRegion, "region", func(e *Event) *string { return &e.Geo.Region }),
	DimCity:           text(DimCity, "city", func(e *Event) *string { return &e.Geo.City }),
	DimApp:            text(DimApp, "app_id", func(e *Event) *string { return &e.App.ID }),
	DimResource:       text(DimResource, "resource_id", func(e *Event) *string { return &e.Resource.ID }),
	DimAudiences:      list(DimAudiences, "audiences", func(e *Event) *List { return &e.Audiences }),
	DimClient:         text(DimClient, "client", func(e *Event) *string { return &e.Client }),
	DimUserAgent:      text(DimUserAgent, "user_agent", func(e *Event) *string { return &e.UserAgent }),
	DimOS:             text(DimOS, "device_os", func(e *Event) *string { return &e.Device.OS }),
	DimBrowser:        text(DimBrowser, "device_browser", func(e *Event) *string { return &e.Device.Browser }),
	DimDevice:         text(DimDevice, "device_id", func(e *Event) *string { return &e.Device.ID }),
	DimDeviceName:     text(DimDeviceName, "device_name", func(e *Event) *string { return &e.Device.Name }),
	DimCode:           text(DimCode, "code", func(e *Event) *string { return &e.Code }),
	DimReasonText:     text(DimReasonText, "reason_text", func(e *Event) *string { return &e.ReasonText }),
	DimDetail:         text(DimDetail, "detail", func(e *Event) *string { return &e.Detail }),
	DimHomeTenant:     text(DimHomeTenant, "home_tenant", func(e *Event) *string { return &e.HomeTenant }),
	DimResourceTenant: text(DimResourceTenant, "resource_tenant", func(e *Event) *string { return &e.ResourceTenant }),
	DimCrossTenant:    text(DimCrossTenant, "cross_tenant_access", func(e *Event) *string { return &e.CrossTenantAccess }),
	DimIPFromResource: addr(DimIPFromResource, "ip_from_resource", func(e *Event) *netip.Addr { return &e.Source.FromResource }),
	DimProtocol:       text(DimProtocol, "protocol", func(e *Event) *string { return &e.Protocol }),
	DimTransfer:       text(DimTransfer, "transfer_method", func(e *Event) *string { return &e.Transfer }),
	DimIncomingToken:  text(DimIncomingToken, "incoming_token", func(e *Event) *string { return &e.IncomingToken }),
	DimCredential:     text(DimCredential, "client_credential", func(e *Event) *string { return &e.ClientCredential }),
	DimRiskLevel:      text(DimRiskLevel, "risk_level", func(e *Event) *string { return &e.Risk.Level }),
	DimRiskAggregate:  text(DimRiskAggregate, "risk_aggregate", func(e *Event) *string { return &e.Risk.Aggregate }),
	DimRiskState:      text(DimRiskState, "risk_state", func(e *Event) *string { return &e.Risk.State }),
	DimRiskDetail:     text(DimRiskDetail, "risk_detail", func(e *Event) *string { return &e.Risk.Detail }),
	DimRiskEvents:     list(DimRiskEvents, "risk_events", func(e *Event) *List { return &e.Risk.Events }),
	DimNetwork:        list(DimNetwork, "network", func(e *Event) *List { return &e.Network }),
	DimNamedLocations: list(DimNamedLocations, "named_locations", func(e *Event) *List { return &e.NamedLocations }),
	DimASNOrg:         text(DimASNOrg, "asn_org", func(e *Event) *string { return &e.ASNOrg }),
	DimPolicyStatus:   text(DimPolicyStatus, "policy_status", func(e *Event) *string { return &e.PolicyStatus }),
	DimPolicies:       list(DimPolicies, "policies", func(e *Event) *List { return &e.Policies }),
	DimMethods:        list(DimMethods, "mfa_methods", func(e *Event) *List { return &e.MFA.Methods }),
	DimFactors:        list(DimFactors, "factors", func(e *Event) *List { return &e.MFA.Factors }),
	DimDemanded:       list(DimDemanded, "mfa_demanded_by", func(e *Event) *List { return &e.MFA.Demanded }),
	DimLifetimes:      list(DimLifetimes, "lifetimes", func(e *Event) *List { return &e.Lifetimes }),
	DimAuthContexts:   list(DimAuthContexts, "auth_contexts", func(e *Event) *List { return &e.AuthContexts }),
	DimTokenBinding:   text(DimTokenBinding, "token_binding", func(e *Event) *string { return &e.TokenBinding }),
	DimAzureResource:  text(DimAzureResource, "azure_resource", func(e *Event) *string { return &e.AzureResource }),
	DimAppName:        text(DimAppName, "app_name", func(e *Event) *string { return &e.App.Name }),
	DimResourceName:   text(DimResourceName, "resource_name", func(e *Event) *string { return &e.Resource.Name }),
	DimDisplay:        text(DimDisplay, "principal_display", func(e *Event) *string { return &e.Principal.Display }),
	DimFile:           text(DimFile, "raw_file", func(e *Event) *string { return &e.Raw.File }),
}

// An Enum is a column of a closed vocabulary, stored as text and held as a small number.
type Enum uint8

// The enum columns.
const (
	EnumStream Enum = iota
	EnumKind
	EnumOutcome
	EnumReason
	EnumRequirement
	EnumMFA
	EnumCompliant
	EnumManaged
	EnumTrust
	EnumGeoSource
	NumEnums
)

// EnumColumn ties an enum column to its name on disk, its texts and the Event.
// The index into Texts is the value; unknown text reads as 0.
type EnumColumn struct {
	Enum  Enum
	Name  string
	Texts []string
	Get   func(*Event) uint8
	Set   func(*Event, uint8)
}

// Value is the number of a stored text.
func (c *EnumColumn) Value(s string) uint8 { return enumOf(c.Texts, s) }

var truthTexts = []string{"", "false", "true"}

func enum[T ~uint8](n Enum, name string, texts []string, field func(*Event) *T) EnumColumn {
	return EnumColumn{
		n, name, texts,
		func(e *Event) uint8 { return uint8(*field(e)) },
		func(e *Event, v uint8) { *field(e) = T(v) },
	}
}

// EnumColumns lists the enum columns, indexed by Enum. Callers must not modify it.
var EnumColumns = [NumEnums]EnumColumn{
	EnumStream:      enum(EnumStream, "stream", streamNames, func(e *Event) *Stream { return &e.Stream }),
	EnumKind:        enum(EnumKind, "principal_kind", kindNames, func(e *Event) *PrincipalKind { return &e.Principal.Kind }),
	EnumOutcome:     enum(EnumOutcome, "outcome", outcomeNames, func(e *Event) *Outcome { return &e.Outcome }),
	EnumReason:      enum(EnumReason, "reason", reasonNames, func(e *Event) *Reason { return &e.Reason }),
	EnumRequirement: enum(EnumRequirement, "mfa_requirement", requirementNames, func(e *Event) *Requirement { return &e.MFA.Requirement }),
	EnumMFA:         enum(EnumMFA, "mfa_state", mfaNames, func(e *Event) *MFAState { return &e.MFA.State }),
	EnumCompliant:   enum(EnumCompliant, "device_compliant", truthTexts, func(e *Event) *Truth { return &e.Device.Compliant }),
	EnumManaged:     enum(EnumManaged, "device_managed", truthTexts, func(e *Event) *Truth { return &e.Device.Managed }),
	EnumTrust:       enum(EnumTrust, "device_trust", trustNames, func(e *Event) *Trust { return &e.Device.Trust }),
	EnumGeoSource:   enum(EnumGeoSource, "geo_source", geoSourceNames, func(e *Event) *GeoSource { return &e.Geo.Source }),
}

// IDColumn is a column of random identifiers: 16 bytes on disk where the text is
// a lower-case canonical GUID, text otherwise.
type IDColumn struct {
	Name string // on disk NAME (16 bytes, null when not a GUID) and NAME_text
	Get  func(*Event) string
	Set  func(*Event, string)
}

// The identifier columns, indexes into IDColumns.
const (
	IDEvent = iota
	IDCorrelation
	IDOriginal
	IDSession
	IDToken
	NumIDs
)

// IDColumns lists the identifier columns. Callers must not modify it.
var IDColumns = [NumIDs]IDColumn{
	IDEvent:       {"id", func(e *Event) string { return e.ID }, func(e *Event, s string) { e.ID = s }},
	IDCorrelation: {"correlation_id", func(e *Event) string { return e.Correlation }, func(e *Event, s string) { e.Correlation = s }},
	IDOriginal:    {"original_request_id", func(e *Event) string { return e.OriginalRequest }, func(e *Event, s string) { e.OriginalRequest = s }},
	IDSession:     {"session_id", func(e *Event) string { return e.Session }, func(e *Event, s string) { e.Session = s }},
	IDToken:       {"token_id", func(e *Event) string { return e.Token }, func(e *Event, s string) { e.Token = s }},
}
