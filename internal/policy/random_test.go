package policy

import (
	"fmt"
	"math/rand/v2"
	"net/netip"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// A small world of random policies, people and sign-ins for the properties.
// Values come from tiny pools so that conditions often meet.

type world struct{ *rand.Rand }

func newWorld(seed uint64) world { return world{rand.New(rand.NewPCG(seed, 7))} }

func (w world) oneOf(list ...string) string { return list[w.IntN(len(list))] }

func (w world) some(list ...string) []string {
	var out []string
	for _, s := range list {
		if w.IntN(3) == 0 {
			out = append(out, s)
		}
	}
	return out
}

func (w world) chance(percent int) bool { return w.IntN(100) < percent }

var worldApps = []string{
	aadGraph, microsoftGraph, "797f4846-ba00-4fd7-ba43-dac1f8f63013", "00000003-0000-0ff1-ce00-000000000000",
	"c44b4083-3bb0-49c1-b47d-974e53cbdf3c", "a1", "a2",
}

func (w world) policy(i int) *Policy {
	p := &Policy{ID: fmt.Sprint("p", i), Name: fmt.Sprint("P", i), State: []Enforcement{Enabled, Enabled, Enabled, ReportOnly, Disabled}[w.IntN(5)]}
	p.Users = Users{
		IncludeUsers: w.some("all", "u1", "u2", "guestsorexternalusers"), ExcludeUsers: w.some("u3"),
		IncludeGroups: w.some("g1", "g2"), ExcludeGroups: w.some("g3"),
		IncludeRoles: w.some("r1"), ExcludeRoles: w.some("r2"),
	}
	if w.chance(15) {
		p.Users.IncludeGuests = &Guests{Kinds: GuestKinds(w.IntN(64)), AllTenants: w.chance(50), Tenants: w.some("t2", "t3")}
	}
	if w.chance(60) {
		p.Users.IncludeUsers = []string{"all"}
	}
	p.Apps = Apps{Include: w.some(append([]string{"office365", "microsoftadminportals"}, worldApps...)...), Exclude: w.some("office365", "a1")}
	if w.chance(60) {
		p.Apps.Include = []string{"all"}
	}
	if w.chance(30) {
		p.ClientTypes = w.some("browser", "mobileappsanddesktopclients", "exchangeactivesync", "other", "all")
	}
	if w.chance(30) {
		p.Platforms = &Choice{w.some("all", "windows", "ios"), w.some("macos", "windows", "linux")}
	}
	if w.chance(40) {
		p.Locations = &Choice{w.some("all", "hq", "us", "alltrusted"), w.some("alltrusted", "hq", "us", "gps")}
	}
	if w.chance(20) {
		p.SignInRisk = w.some("low", "medium", "high", "none")
	}
	if w.chance(10) {
		p.UserRisk = []string{"high"}
	}
	if w.chance(20) {
		p.Flows = []string{w.oneOf("devicecodeflow", "authenticationtransfer")}
	}
	if w.chance(30) {
		rule := w.oneOf(`device.isCompliant -eq True -or device.trustType -eq "ServerAD"`, `device.isCompliant -ne True`,
			`-not (device.displayName -startsWith "corp")`, `device.operatingSystem -in ["Windows","Linux"]`, `device.model -eq "x"`)
		expr, err := parseFilter(rule)
		if err != nil {
			panic(err)
		}
		p.Filter = &DeviceFilter{Exclude: w.chance(50), Rule: rule, expr: expr}
	}
	if w.chance(5) {
		p.Incomplete = true
	}
	p.Grant = w.grant()
	if w.chance(40) {
		p.Session.Frequency = []signin.Time{EveryTime, signin.Hour, signin.Day}[w.IntN(3)]
		p.Session.SecondaryOnly = w.chance(30)
	}
	return p
}

func (w world) grant() *Grant {
	switch w.IntN(6) {
	case 0:
		return nil
	case 1:
		return &Grant{Or: true, Controls: ControlBlock}
	case 2:
		return &Grant{Or: true, Controls: ControlStrength, Strength: &Strength{ID: strengthPhishing, Combinations: []MethodSet{MethodFIDO2, MethodWindowsHello}}}
	}
	g := &Grant{Or: w.chance(60)}
	for _, c := range []Controls{ControlMFA, ControlCompliantDevice, ControlDomainJoinedDevice, ControlTermsOfUse, ControlApprovedApplication} {
		if w.chance(30) {
			g.Controls |= c
		}
	}
	if g.Controls == 0 {
		g.Controls = ControlMFA
	}
	return g
}

func (w world) set(n int) *Set {
	s := &Set{Name: "random", LocationsKnown: true, Locations: []*NamedLocation{
		{ID: "hq", Name: "HQ", Kind: LocationIP, Trusted: true, Ranges: []string{"203.0.113.0/24", "2001:db8::/48"}},
		{ID: "us", Name: "US", Kind: LocationCountry, Countries: []string{"US"}},
		{ID: "gps", Name: "GPS", Kind: LocationCountry, Countries: []string{"US"}, GPS: true},
	}}
	for i := range n {
		s.Policies = append(s.Policies, w.policy(i))
	}
	return s
}

// event is a sign-in that says everything, consistently.
func (w world) event() signin.Event {
	e := signin.Event{
		Time: testEpoch + signin.Time(w.IntN(100))*signin.Hour, ID: "e", Provider: "entra",
		Principal: signin.Principal{ID: w.oneOf("u1", "u2", "u3", "u4"), Kind: signin.Member},
		Stream:    []signin.Stream{signin.Interactive, signin.NonInteractive}[w.IntN(2)],
		Resource:  signin.Target{ID: w.oneOf(worldApps...)},
		App:       signin.Target{ID: w.oneOf("a1", "04b07795-8ddb-461a-bbee-02f9e1bf7b46", "c44b4083-3bb0-49c1-b47d-974e53cbdf3c")},
		Client:    w.oneOf("Browser", "Mobile Apps and Desktop clients", "Mobile Apps and Desktop clients", "IMAP4", "Exchange ActiveSync"),
		Protocol:  w.oneOf("oAuth2", "deviceCode"), Transfer: w.oneOf("none", "none", "deviceCodeFlow", "authenticationTransfer"),
		ClientCredential: w.oneOf("none", "none", "clientSecret"),
		HomeTenant:       "t1", ResourceTenant: "t1", CrossTenantAccess: "none",
	}
	e.Source.IP = netip.MustParseAddr(w.oneOf("203.0.113.5", "198.51.100.7", "2001:db8::7", "2001:db8:ffff::7"))
	e.Geo.Country = w.oneOf("US", "DE")
	e.Risk.Level = w.oneOf("none", "low", "medium", "high")
	if w.chance(20) {
		e.Principal.Kind, e.HomeTenant, e.CrossTenantAccess = signin.Guest, w.oneOf("t2", "t4"), "b2bCollaboration"
	}
	e.Device = signin.Device{
		OS: w.oneOf("Windows 10", "Ios", "MacOs", "Linux"), Browser: "Edge", Trust: signin.TrustNone,
		Compliant: signin.False, Managed: signin.False,
	}
	if w.chance(60) {
		e.Device.ID, e.Device.Name = w.oneOf("d1", "d2"), w.oneOf("corp-1", "home-1")
		e.Device.Compliant, e.Device.Managed = signin.TruthOf(w.chance(50)), signin.TruthOf(w.chance(50))
		e.Device.Trust = []signin.Trust{signin.Workplace, signin.AzureAD, signin.ServerAD}[w.IntN(3)]
	}
	return e
}

func (w world) state() State {
	age := func() Age {
		a := signin.Time(w.IntN(48)) * signin.Hour
		if w.chance(30) {
			return AnyAge
		}
		return Age{a, a + signin.Time(w.IntN(5))*signin.Hour}
	}
	return State{
		MFA: signin.Truth(w.IntN(3)), Methods: MethodSet(w.IntN(1 << 17)), MethodsKnown: w.chance(60),
		First: age(), Second: age(), PRT: age(), DeviceSession: w.chance(30), Background: w.chance(20),
	}
}

// directory knows every membership.
func (w world) directory() *directory.Directory {
	d := directory.New()
	for _, u := range []string{"u1", "u2", "u3", "u4"} {
		d.AddUser(directory.User{ID: u})
		for _, g := range w.some("g1", "g2", "g3") {
			from := signin.Time(0)
			if w.chance(30) {
				from = testEpoch + 50*signin.Hour
			}
			d.AddMember(g, u, from, 0)
		}
		for _, r := range w.some("r1", "r2") {
			d.AddRole(u, r, 0, 0)
		}
	}
	for _, g := range []string{"g1", "g2", "g3"} {
		d.AddGroup(directory.Group{ID: g, Complete: true})
	}
	d.AddDevice(directory.Device{ID: "d1", OperatingSystem: "Windows", Model: "x"})
	d.SetRolesComplete()
	d.Seal()
	return d
}
