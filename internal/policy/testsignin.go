package policy

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"frisk/internal/signin"
)

// testSignIn is the part of a Graph signIn a policy can depend on. A nil or
// empty field is one the log did not say.
type testSignIn struct {
	ID                     string            `yaml:"id"`
	CreatedDateTime        string            `yaml:"createdDateTime"`
	UserID                 string            `yaml:"userId"`
	UserPrincipalName      string            `yaml:"userPrincipalName"`
	UserType               string            `yaml:"userType"`
	ServicePrincipalID     string            `yaml:"servicePrincipalId"`
	AppID                  string            `yaml:"appId"`
	ResourceID             string            `yaml:"resourceId"`
	Audiences              []string          `yaml:"conditionalAccessAudiences"`
	ClientAppUsed          string            `yaml:"clientAppUsed"`
	UserAgent              string            `yaml:"userAgent"`
	IPAddress              string            `yaml:"ipAddress"`
	Location               *testPlace        `yaml:"location"`
	DeviceDetail           *testDeviceDetail `yaml:"deviceDetail"`
	HomeTenantID           string            `yaml:"homeTenantId"`
	ResourceTenantID       string            `yaml:"resourceTenantId"`
	CrossTenantAccessType  string            `yaml:"crossTenantAccessType"`
	AuthenticationProtocol string            `yaml:"authenticationProtocol"`
	OriginalTransferMethod string            `yaml:"originalTransferMethod"`
	IncomingTokenType      string            `yaml:"incomingTokenType"`
	ClientCredentialType   string            `yaml:"clientCredentialType"`
	RiskLevelDuringSignIn  string            `yaml:"riskLevelDuringSignIn"`
	IsInteractive          *bool             `yaml:"isInteractive"`
	SignInEventTypes       []string          `yaml:"signInEventTypes"`
	NetworkLocationDetails *[]testNetwork    `yaml:"networkLocationDetails"`
	AuthContexts           *[]testAuthRef    `yaml:"authenticationContextClassReferences"`
	Status                 testStatus        `yaml:"status"`
	SessionID              string            `yaml:"sessionId"`
	TokenProtection        testBinding       `yaml:"tokenProtectionStatusDetails"`
	Applied                []testApplied     `yaml:"appliedConditionalAccessPolicies"`
}

type testBinding struct {
	SignInSessionStatus string `yaml:"signInSessionStatus"`
}

// testApplied is a recorded evaluation, for tests of how the log is read.
type testApplied struct {
	ID      string   `yaml:"id"`
	Name    string   `yaml:"displayName"`
	Result  string   `yaml:"result"`
	Grant   []string `yaml:"enforcedGrantControls"`
	Session []string `yaml:"enforcedSessionControls"`
	Yes     *int64   `yaml:"conditionsSatisfied"`
	No      *int64   `yaml:"conditionsNotSatisfied"`
}

type testPlace struct {
	City            string  `yaml:"city"`
	State           string  `yaml:"state"`
	CountryOrRegion *string `yaml:"countryOrRegion"`
}

// fill sets the position. A country that is given, even an empty one, is what the
// log says; without one the log did not say.
func (p *testPlace) fill(g *signin.Geo) {
	if p == nil {
		return
	}
	g.City, g.Region = p.City, p.State
	if p.CountryOrRegion != nil {
		g.Country, g.Source = strings.ToUpper(*p.CountryOrRegion), signin.GeoLog
	}
}

type testDeviceDetail struct {
	DeviceID        *string `yaml:"deviceId"`
	DisplayName     string  `yaml:"displayName"`
	OperatingSystem string  `yaml:"operatingSystem"`
	Browser         string  `yaml:"browser"`
	IsCompliant     *bool   `yaml:"isCompliant"`
	IsManaged       *bool   `yaml:"isManaged"`
	TrustType       string  `yaml:"trustType"`
}

type testNetwork struct {
	NetworkType  string   `yaml:"networkType"`
	NetworkNames []string `yaml:"networkNames"`
}

type testAuthRef struct {
	ID     string `yaml:"id"`
	Detail string `yaml:"detail"`
}

type testStatus struct {
	ErrorCode         *int   `yaml:"errorCode"`
	FailureReason     string `yaml:"failureReason"`
	AdditionalDetails string `yaml:"additionalDetails"`
}

// testEpoch is the time of a sign-in that gives none.
const testEpoch = 1788220800 * signin.Second // 2026-09-01T00:00:00Z

// firstFactorCodes are the result codes that mean Conditional Access was never
// reached (reference 1.1 and 7, case 74); the log decoders know many more.
var firstFactorCodes = map[int]signin.Reason{
	50126: signin.BadPassword, 50034: signin.NoSuchUser, 50053: signin.Locked,
	50057: signin.Disabled, 50055: signin.ExpiredPassword,
}

func parseTestTime(s string) (signin.Time, error) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t, err = time.Parse(time.DateOnly, s)
	}
	if err != nil {
		return 0, fmt.Errorf("time %q is neither RFC 3339 nor a date", s)
	}
	return signin.FromTime(t), nil
}

// event turns the test's sign-in into an Event.
func (s *testSignIn) event() (signin.Event, error) {
	e := signin.Event{Time: testEpoch, ID: s.ID, Provider: "entra", Tenant: s.ResourceTenantID}
	if s.CreatedDateTime != "" {
		t, err := parseTestTime(s.CreatedDateTime)
		if err != nil {
			return e, fmt.Errorf("createdDateTime: %w", err)
		}
		e.Time = t
	}
	if s.IPAddress != "" {
		a, err := netip.ParseAddr(s.IPAddress)
		if err != nil {
			return e, fmt.Errorf("ipAddress: %w", err)
		}
		e.Source.IP = a.Unmap().WithZone("")
	}
	s.identity(&e)
	e.Session, e.TokenBinding = s.SessionID, s.TokenProtection.SignInSessionStatus
	e.App.ID, e.Resource.ID = strings.ToLower(s.AppID), strings.ToLower(s.ResourceID)
	e.Audiences = signin.EncodeList(s.Audiences)
	e.Client, e.UserAgent = s.ClientAppUsed, s.UserAgent
	e.HomeTenant, e.ResourceTenant, e.CrossTenantAccess = s.HomeTenantID, s.ResourceTenantID, s.CrossTenantAccessType
	e.Protocol, e.Transfer, e.IncomingToken = s.AuthenticationProtocol, s.OriginalTransferMethod, s.IncomingTokenType
	e.ClientCredential = s.ClientCredentialType
	s.Location.fill(&e.Geo)
	e.Risk.Level = s.RiskLevelDuringSignIn
	if code := s.Status.ErrorCode; code != nil {
		e.Reason, e.Outcome = firstFactorCodes[*code], signin.Failure
		if *code == 0 {
			e.Outcome = signin.Success
		}
	}
	s.lists(&e)
	return e, s.DeviceDetail.fill(&e.Device)
}

func (s *testSignIn) identity(e *signin.Event) {
	e.Principal = signin.Principal{ID: strings.ToLower(s.UserID), Name: s.UserPrincipalName}
	switch strings.ToLower(s.UserType) {
	case "member":
		e.Principal.Kind = signin.Member
	case "guest":
		e.Principal.Kind = signin.Guest
	}
	if s.IsInteractive != nil {
		e.Stream = signin.NonInteractive
		if *s.IsInteractive {
			e.Stream = signin.Interactive
		}
	}
	switch {
	case slices.Contains(s.SignInEventTypes, "managedIdentity"):
		e.Stream, e.Principal.Kind = signin.ManagedIdentity, signin.Machine
	case slices.Contains(s.SignInEventTypes, "servicePrincipal"), s.ServicePrincipalID != "" && s.UserID == "":
		e.Stream, e.Principal.Kind = signin.ServicePrincipal, signin.Service
	case slices.Contains(s.SignInEventTypes, "nonInteractiveUser"):
		e.Stream = signin.NonInteractive
	case slices.Contains(s.SignInEventTypes, "interactiveUser"):
		e.Stream = signin.Interactive
	}
	if s.UserID == "" && s.ServicePrincipalID != "" {
		e.Principal.ID = strings.ToLower(s.ServicePrincipalID)
	}
	e.Normalize()
}

func (s *testSignIn) lists(e *signin.Event) {
	if s.NetworkLocationDetails != nil {
		list := []signin.NamedLocation{}
		for _, n := range *s.NetworkLocationDetails {
			list = append(list, signin.NamedLocation{Type: n.NetworkType, Names: n.NetworkNames})
		}
		e.NamedLocations = signin.EncodeList(list)
	}
	if s.AuthContexts != nil {
		ids := []string{}
		for _, c := range *s.AuthContexts {
			ids = append(ids, c.ID)
		}
		e.AuthContexts = signin.EncodeList(ids)
	}
}

func (d *testDeviceDetail) fill(v *signin.Device) error {
	if d == nil {
		return nil
	}
	v.Name, v.OS, v.Browser = d.DisplayName, d.OperatingSystem, d.Browser
	v.Compliant, v.Managed = truthOf(d.IsCompliant), truthOf(d.IsManaged)
	switch t := strings.ToLower(d.TrustType); {
	case t == "":
	case strings.Contains(t, "hybrid"), t == "serverad":
		v.Trust = signin.ServerAD
	case strings.Contains(t, "registered"), t == "workplace":
		v.Trust = signin.Workplace
	case strings.Contains(t, "joined"), t == "azuread", t == "entraid":
		v.Trust = signin.AzureAD
	default:
		return fmt.Errorf("deviceDetail: trustType %q is none of Azure AD joined, Hybrid Azure AD joined, Azure AD registered", d.TrustType)
	}
	if d.DeviceID == nil {
		return nil
	}
	v.ID = strings.ToLower(*d.DeviceID)
	if v.ID == "" {
		v.Trust = signin.TrustNone
	}
	return nil
}
