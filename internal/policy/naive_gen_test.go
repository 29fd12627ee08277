package policy_test

import (
	"math/rand/v2"

	"frisk/internal/directory"
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// maker makes small random worlds. Values come from tiny pools, so that every
// condition is often true, often false and often unknown.
type maker struct{ *rand.Rand }

func newMaker(seed uint64) maker { return maker{rand.New(rand.NewPCG(seed, 99))} }

func (m maker) chance(percent int) bool { return m.IntN(100) < percent }

func (m maker) one(list ...string) string { return list[m.IntN(len(list))] }

// some picks each with the chance of one in three.
func (m maker) some(list ...string) []string {
	var out []string
	for _, s := range list {
		if m.IntN(3) == 0 {
			out = append(out, s)
		}
	}
	return out
}

// any picks at least one.
func (m maker) any(list ...string) []string {
	if out := m.some(list...); len(out) > 0 {
		return out
	}
	return []string{m.one(list...)}
}

var (
	genStart = signin.Time(1_782_864_000) * signin.Second // 2026-07-01, the default of LowPrivilegeFrom
	genApps  = []string{
		naiveGraph, naiveAADGraph, "797f4846-ba00-4fd7-ba43-dac1f8f63013", "00000003-0000-0ff1-ce00-000000000000",
		"c44b4083-3bb0-49c1-b47d-974e53cbdf3c", "a1", "a2", naiveTeams,
	}
	genGroups = []string{"g1", "g2", "g3", "g4"}
	genUsers  = []string{"u1", "u2", "u3", "u4"}
	genRoles  = []string{"r1", "r2"}
)

func (m maker) truth() signin.Truth { return signin.Truth(m.IntN(3)) }

// when is a time around genStart on whole hours, so that ends are often hit.
func (m maker) when() signin.Time { return genStart + signin.Time(m.IntN(9)-4)*signin.Hour }

func (m maker) span() (from, until signin.Time) {
	if m.chance(25) {
		from = m.when()
	}
	if m.chance(25) {
		until = max(from, genStart-4*signin.Hour) + signin.Time(1+m.IntN(6))*signin.Hour
	}
	return from, until
}

// tenant is a directory, locations and options.
func (m maker) tenant() *naiveTenant {
	t := &naiveTenant{Bundles: policy.DefaultBundles(), RolesComplete: m.chance(50), LocationsKnown: true}
	for _, id := range genUsers {
		if m.chance(85) {
			u := naiveUser{ID: id, Name: id + "@example.com", Type: m.one("", "Member", "Guest"), GroupsKnown: m.chance(25), RolesKnown: m.chance(25)}
			if m.chance(20) {
				u.Name = id + "_example.org#EXT#@example.com"
			}
			t.Users = append(t.Users, u)
		}
	}
	for i, id := range genGroups {
		g := naiveGroup{ID: id, Complete: m.chance(60)}
		for _, member := range append(m.some(genUsers...), m.some(genGroups...)...) {
			if member == id || m.chance(30) && i > 0 {
				continue
			}
			from, until := m.span()
			g.Members = append(g.Members, naiveMember{ID: member, From: from, Until: until})
		}
		t.Groups = append(t.Groups, g)
	}
	for range m.IntN(4) {
		from, until := m.span()
		t.Roles = append(t.Roles, naiveRole{Template: m.one(genRoles...), Holder: m.one("u1", "u2", "u3", "g1", "g2"), From: from, Until: until})
	}
	t.Devices = []directory.Device{{
		ID: "d1", DisplayName: m.one("", "corp-1"), OperatingSystem: m.one("", "Linux"), Model: m.one("", "Surface", "urf"),
		Ownership: m.one("", "Company", "Personal"), TrustType: m.one("", "AzureAD", "ServerAD", "Workplace"),
		Compliant: m.truth(), Managed: m.truth(), SystemLabels: m.some("M365Managed", "M365"), PhysicalIDs: m.some("[ZTDId]:1"),
		MDMAppID: m.one("", "mdm1"), OSVersion: m.one("", "10.0"), Manufacturer: m.one("", "Contoso"), EnrollmentProfile: m.one("", "p1"),
		ProfileType: m.one("", "RegisteredDevice"),
	}}
	t.Devices[0].ExtensionAttributes[0] = m.one("", "SAW", "saw-2")
	t.Locations = m.locations()
	if m.chance(25) {
		m.moveLocation(t)
	}
	for i := range m.IntN(8) { // no two at one instant: which counts is nobody's to say
		t.Risks = append(t.Risks, naiveRisk{
			m.one("user", "insider", "service"), m.one("u1", "u2", "u3", "sp1", "sp2"), m.one("none", "low", "high", "hidden", "elevated"),
			m.when() + signin.Time(i),
		})
	}
	t.Options = policy.Options{
		Tenant: m.one("", "t1", "t1"), IntranetClaim: m.chance(10), IgnoreRecordedLocations: m.chance(20), DevicesComplete: m.chance(40),
		Inbound: policy.InboundTrust{MFA: m.truth(), CompliantDevice: m.truth(), HybridDevice: m.truth()},
	}
	if m.chance(30) {
		t.Options.MFATrustedIPs = genPrefixes("198.51.100.0/25")
	}
	if m.chance(30) {
		t.Options.LowPrivilegeFrom = m.when()
	}
	if m.chance(10) {
		t.Locations, t.LocationForces, t.LocationsKnown = nil, nil, m.chance(50)
	}
	if m.chance(50) {
		t.Context = policy.Context{
			UserRisk: m.one("", "none", "low", "high", "hidden"), InsiderRisk: m.one("", "none", "minor", "elevated"),
			ServicePrincipalRisk: m.one("", "none", "high"), SingleTenant: m.truth(),
			UserAction:  m.one("", "none", "urn:user:registersecurityinfo", "urn:user:registersecurityinfo", "urn:user:registerdevice"),
			AuthContext: m.one("", "", "none", "c1", "c2"),
		}
	}
	return t
}

func (m maker) locations() []naiveLocation {
	const ip, country = "#microsoft.graph.ipNamedLocation", "#microsoft.graph.countryNamedLocation"
	v4, v6 := "#microsoft.graph.iPv4CidrRange", "#microsoft.graph.iPv6CidrRange"
	return []naiveLocation{
		{Type: ip, ID: "hq", Name: "HQ", Trusted: true, Ranges: []naiveRange{{v4, "203.0.113.0/24"}, {v6, "2001:db8::/48"}}},
		{Type: ip, ID: "lab", Name: "Lab", Ranges: []naiveRange{{v4, "198.51.100.0/24"}, {v6, "::ffff:192.0.2.0/120"}}},
		{Type: ip, ID: "v4", Name: "V4", Trusted: m.chance(50), Ranges: []naiveRange{{v4, m.one("192.0.2.0/28", "nonsense")}}},
		{Type: country, ID: "us", Name: "US", Countries: []string{"US"}, Unknown: m.chance(50), Lookup: "clientIpAddress"},
		{Type: country, ID: "gps", Name: "GPS", Countries: []string{"US"}, Lookup: "authenticatorAppGps"},
		{Type: "#microsoft.graph.compliantNetworkNamedLocation", ID: "net", Name: "All compliant"},
	}
}

// moveLocation gives location hq an older version with another range.
func (m maker) moveLocation(t *naiveTenant) {
	from := m.when()
	until := from + signin.Time(m.IntN(3))*signin.Hour
	old := naiveLocation{
		Type: "#microsoft.graph.ipNamedLocation", ID: "hq", Name: "HQ", Trusted: m.chance(60),
		Ranges: []naiveRange{{"#microsoft.graph.iPv4CidrRange", m.one("203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24")}},
	}
	t.Locations = append([]naiveLocation{old}, t.Locations...)
	t.LocationForces = []*policy.Force{{Until: from, MaybeUntil: until}, {MaybeFrom: from, From: until}}
}

var genAgents = []string{
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/139.0", "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/139.0",
	"Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/139.0", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1",
	"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1", "Mozilla/5.0 (X11; Linux x86_64) Firefox/142.0", "curl/8.9",
}

// event is one row; each fact is left out now and then.
func (m maker) event() signin.Event {
	e := signin.Event{
		Time: m.when() + signin.Time(m.IntN(2))*30*signin.Minute, ID: "e", Provider: "entra",
		Principal: signin.Principal{ID: m.one(genUsers...), Kind: signin.Member},
		Stream:    []signin.Stream{signin.Interactive, signin.Interactive, signin.NonInteractive, signin.NonInteractive, signin.StreamUnknown}[m.IntN(5)],
		Resource:  signin.Target{ID: m.one(append([]string{"", naiveDeviceRegistration}, genApps...)...)},
		App:       signin.Target{ID: m.one(naiveMySignIns, naiveTeamsWeb, naiveAuthenticator, "a1", "a1", "04b07795-8ddb-461a-bbee-02f9e1bf7b46", "c44b4083-3bb0-49c1-b47d-974e53cbdf3c", "")},
		Client:    m.one("Browser", "Browser", "Mobile Apps and Desktop clients", "Mobile Apps and Desktop clients", "IMAP4", "Exchange ActiveSync", ""),
		Protocol:  m.one("oAuth2", "oAuth2", "deviceCode", ""), Transfer: m.one("none", "none", "deviceCodeFlow", "authenticationTransfer", ""),
		ClientCredential: m.one("none", "none", "clientSecret", ""),
		TokenBinding:     m.one("", "bound", "unbound"),
	}
	if m.chance(10) {
		e.Principal.Name = m.one("u1@example.com", "U2@example.com", "who@example.com")
		e.Principal.ID = signin.NamePrefix + e.Principal.Name
	}
	if m.chance(25) {
		e.Audiences = signin.EncodeList(m.any(genApps...))
	}
	m.tenants(&e)
	m.place(&e)
	m.device(&e)
	e.Risk.Level = m.one("none", "low", "medium", "high", "hidden", "")
	switch m.IntN(4) {
	case 0:
		e.AuthContexts = "[]"
	case 1:
		e.AuthContexts = signin.EncodeList(m.any("c1", "c2"))
	}
	if m.chance(3) {
		e.Provider = "okta"
	}
	if m.chance(3) {
		e.Reason = []signin.Reason{signin.BadPassword, signin.MFARequired, signin.Locked}[m.IntN(3)]
	}
	if m.chance(12) {
		m.service(&e)
	}
	return e
}

func (m maker) service(e *signin.Event) {
	e.Stream, e.Principal = signin.ServicePrincipal, signin.Principal{ID: m.one("sp1", "sp2", "sp3"), Kind: signin.Service}
	if m.chance(20) {
		e.Stream, e.Principal.Kind = signin.ManagedIdentity, signin.Machine
	}
	e.CrossTenantAccess, e.Client, e.Device, e.UserAgent = "", "", signin.Device{}, ""
	e.HomeTenant, e.ResourceTenant = m.one("t1", "t2", ""), m.one("t1", "")
}

func (m maker) tenants(e *signin.Event) {
	e.HomeTenant, e.ResourceTenant, e.CrossTenantAccess = "t1", "t1", m.one("none", "none", "")
	if m.chance(30) {
		e.HomeTenant = m.one("t2", "t3")
		e.CrossTenantAccess = m.one("b2bCollaboration", "b2bCollaboration", "b2bDirectConnect", "serviceProvider", "microsoftSupport", "passthrough", "", "none")
	}
	e.Principal.Kind = []signin.PrincipalKind{signin.Member, signin.Member, signin.Guest, signin.KindUnknown}[m.IntN(4)]
	if m.chance(12) {
		e.HomeTenant = ""
	}
	if m.chance(8) {
		e.ResourceTenant = ""
	}
	if m.chance(3) {
		e.HomeTenant, e.ResourceTenant, e.CrossTenantAccess = "t1", "t2", m.one("b2bCollaboration", "")
	}
}

func (m maker) place(e *signin.Event) {
	if m.chance(88) {
		e.Source.IP = genAddr(m.one("203.0.113.5", "198.51.100.7", "198.51.100.200", "192.0.2.9", "192.0.2.200", "2001:db8::7", "2001:db8:ffff::7"))
	}
	if e.Geo.Country = m.one("US", "US", "DE", ""); m.chance(50) {
		e.Geo.Source = signin.GeoLog
	}
	switch m.IntN(5) {
	case 0:
		e.NamedLocations = "[]"
	case 1:
		e.NamedLocations = signin.EncodeList([]signin.NamedLocation{{Type: m.one("trustedNamedLocation", "namedNetwork", "intranet"), Names: m.any("HQ", "Lab", "US", "Gone")}})
	}
}

func (m maker) device(e *signin.Event) {
	if m.chance(10) {
		e.UserAgent = m.one(append([]string{""}, genAgents...)...)
		return // the row says nothing of a device
	}
	d := &e.Device
	d.OS, d.Browser = m.one("Windows 10", "Windows10", "Ios", "MacOs", "Linux", "Android", "ChromeOS", ""), m.one("Edge 139", "Firefox", "")
	if d.OS == "" {
		e.UserAgent = m.one(append([]string{""}, genAgents...)...)
	}
	if m.chance(8) {
		return // nothing tells whether it is registered
	}
	if m.chance(30) { // unregistered
		d.Trust, d.Browser = signin.TrustNone, "Edge 139"
		d.Compliant, d.Managed = signin.Truth(m.IntN(2)), signin.Truth(m.IntN(2))
		return
	}
	d.ID, d.Name = m.one("d1", "d1", "d2", "d1", "d2", ""), m.one("corp-1", "home-1", "")
	d.Compliant, d.Managed = m.truth(), m.truth()
	d.Trust = []signin.Trust{signin.Workplace, signin.AzureAD, signin.ServerAD, signin.TrustUnknown}[m.IntN(4)]
}

func (m maker) state() policy.State {
	age := func() policy.Age {
		switch m.IntN(10) {
		case 0, 1, 2:
			return policy.AnyAge
		case 3:
			return policy.NeverAge
		}
		ages := []signin.Time{0, 4 * signin.Minute, 5 * signin.Minute, 6 * signin.Minute, signin.Hour, signin.Hour + 1, signin.Day, 2 * signin.Day}
		a := ages[m.IntN(len(ages))]
		return policy.Age{Min: a, Max: a + []signin.Time{0, 0, signin.Minute, signin.Day}[m.IntN(4)]}
	}
	s := policy.State{
		MFA: m.truth(), MethodsKnown: m.chance(60), First: age(), Second: age(), PRT: age(),
		DeviceSession: m.chance(30), Background: m.chance(20),
	}
	for range 1 + m.IntN(3) {
		s.Methods |= 1 << m.IntN(19)
	}
	if s.MFA == signin.False { // nothing but a first factor is behind such a session
		s.Methods = policy.MethodPassword
	}
	return s
}
