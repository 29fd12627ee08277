package policy_test

import (
	"fmt"
	"net/netip"
)

func genPrefixes(texts ...string) []netip.Prefix {
	var out []netip.Prefix
	for _, t := range texts {
		out = append(out, netip.MustParsePrefix(t))
	}
	return out
}

func genAddr(text string) netip.Addr { return netip.MustParseAddr(text) }

// policy makes policy i and remembers the trees of its device filter rules.
func (m maker) policy(i int, rules map[string]*naiveRule) naivePolicy {
	p := naivePolicy{ID: fmt.Sprint("p", i), Name: fmt.Sprint("P", i), State: "enabled"}
	if m.chance(30) {
		p.State = m.one("enabledForReportingButNotEnforced", "enabledForReportingButNotEnforced", "disabled", "partiallyEnabled")
	}
	k := &p.Conditions
	k.Apps = m.apps()
	if m.chance(12) {
		m.workload(k)
	} else {
		k.Users = m.users()
	}
	if m.chance(30) {
		k.ClientTypes = m.any("browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "other", "all", "All")
	}
	if m.chance(25) {
		k.Platforms = &naivePlatforms{m.any("all", "windows", "iOS", "android"), m.some("macOS", "windows", "linux")}
	}
	if m.chance(40) {
		k.Locations = &naiveLocations{m.any("All", "hq", "us", "AllTrusted", "net"), m.some("AllTrusted", "hq", "lab", "us", "gps", "nowhere", "v4")}
	}
	if m.chance(15) {
		k.SignInRisk = m.any("low", "medium", "high", "none")
	}
	if m.chance(10) {
		k.UserRisk = m.any("low", "high", "none")
	}
	if m.chance(8) {
		k.InsiderRisk = m.one("minor", "elevated", "minor,moderate", "moderate,elevated")
	}
	if m.chance(15) {
		k.Flows = &naiveFlows{m.one("deviceCodeFlow", "authenticationTransfer", "deviceCodeFlow,authenticationTransfer")}
	}
	switch m.IntN(4) {
	case 0:
		r := m.rule(3)
		rules[r.String()] = r
		k.Devices = &naiveDevices{Filter: &naiveFilter{m.one("include", "exclude"), r.String()}}
	case 1:
		if m.chance(30) {
			k.Devices = &naiveDevices{Include: m.any("All", "Compliant", "DomainJoined"), Exclude: m.some("Compliant", "DomainJoined")}
		}
	}
	if m.chance(4) {
		k.Times = &naiveStrange{[]string{"night"}}
	}
	p.Grant = m.grant()
	if len(k.Apps.Actions) > 0 && m.chance(50) { // a strength there takes the place of others
		p.Grant = &naiveGrant{Operator: "OR", Strength: m.strength()}
	}
	p.Session = m.session()
	return p
}

func (m maker) users() *naiveUsers {
	u := &naiveUsers{
		ExcludeUsers: m.some("u3"), IncludeGroups: m.some("g1", "g2"), ExcludeGroups: m.some("g3"),
		IncludeRoles: m.some("r1"), ExcludeRoles: m.some("r2"),
	}
	u.IncludeUsers = []string{"All"}
	if m.chance(50) {
		u.IncludeUsers = m.some("u1", "u2", "GuestsOrExternalUsers", "None")
	}
	if m.chance(4) {
		u.IncludeGroups, u.ExcludeRoles = []string{"All"}, m.some("All")
	}
	if m.chance(10) {
		u.ExcludeUsers = append(u.ExcludeUsers, "GuestsOrExternalUsers")
	}
	if m.chance(15) {
		u.IncludeGuests = m.guests()
	}
	if m.chance(15) {
		u.ExcludeGuests = m.guests()
	}
	if m.chance(5) {
		u.Strange = []string{"team1"}
	}
	return u
}

func (m maker) guests() *naiveGuests {
	g := &naiveGuests{}
	for i, k := range m.any(guestKinds...) {
		if i > 0 {
			g.Kinds += ","
		}
		g.Kinds += k
	}
	switch m.IntN(3) {
	case 0:
		g.Tenants = &naiveTenants{Kind: "all"}
	case 1:
		g.Tenants = &naiveTenants{Kind: "enumerated", Members: m.any("t2", "t3")}
	}
	return g
}

func (m maker) workload(k *naiveConditions) {
	k.Users = &naiveUsers{IncludeUsers: []string{"None"}}
	k.Workload = &naiveWorkload{Include: m.any("ServicePrincipalsInMyTenant", "sp1", "sp2"), Exclude: m.some("sp1", "sp3")}
	if m.chance(20) {
		k.Workload.Filter = &naiveFilter{m.one("include", "exclude"), `CustomSecurityAttribute.Set_Attr -eq "x"`}
	}
	if m.chance(30) {
		k.ServiceRisk = m.any("low", "high", "none")
	}
}

func (m maker) apps() *naiveApps {
	a := &naiveApps{Include: []string{"All"}}
	pool := append([]string{"Office365", "MicrosoftAdminPortals"}, genApps...)
	switch m.IntN(10) {
	case 0, 1, 2:
		a.Include = m.any(pool...)
	case 3:
		a.Include, a.Actions = nil, m.any("urn:user:registersecurityinfo", "urn:user:registerdevice")
		return a
	case 4:
		a.Include, a.Contexts = nil, m.any("c1", "c2")
		return a
	case 5:
		a.Include = []string{"None"}
	}
	if m.chance(50) {
		a.Exclude = m.some(pool...)
	}
	if m.chance(8) {
		a.Filter = &naiveFilter{m.one("include", "exclude"), `CustomSecurityAttribute.Set_Attr -contains "x"`}
	}
	return a
}

func (m maker) grant() *naiveGrant {
	g := &naiveGrant{Operator: m.one("AND", "AND", "OR", "OR", "OR", "", "XOR")}
	switch m.IntN(8) {
	case 0:
		return nil
	case 1, 2:
		return &naiveGrant{Operator: "OR", Controls: []string{"block"}}
	case 3, 4:
		g.Strength = m.strength()
		g.Controls = m.some("compliantDevice", "domainJoinedDevice")
	default:
		g.Controls = m.any("mfa", "mfa", "compliantDevice", "domainJoinedDevice", "approvedApplication", "compliantApplication")
		if m.chance(10) {
			g.Controls = append(g.Controls, m.one("passwordChange", "futureControl", "riskRemediation"))
		}
	}
	if m.chance(10) {
		g.Terms = []string{"tou1"}
	}
	if m.chance(5) {
		g.Custom = []string{"custom1"}
	}
	return g
}

func (m maker) strength() *naiveStrength {
	s := &naiveStrength{ID: "00000000-0000-0000-0000-00000000000" + m.one("2", "3", "4")}
	if m.chance(40) {
		s.ID = "custom"
		s.Combinations = m.some("fido2", "password,sms", "password,microsoftAuthenticatorPush", "windowsHelloForBusiness",
			"x509CertificateMultiFactor", "temporaryAccessPassMultiUse", "federatedMultiFactor", "holoBadge,sms")
	}
	if len(s.Combinations) > 0 && m.chance(15) {
		s.Limits = []naiveKeyLimit{{"#microsoft.graph.fido2CombinationConfiguration", "x", []string{"11111111-1111-1111-1111-111111111111"}, []string{"fido2"}}}
	}
	return s
}

func (m maker) session() *naiveSession {
	s := &naiveSession{}
	if m.chance(40) {
		f := &naiveFrequency{Enabled: m.chance(95), Interval: "timeBased", Factors: m.one("primaryAndSecondaryAuthentication", "primaryAndSecondaryAuthentication", "secondaryAuthentication")}
		if m.chance(25) {
			f.Interval = "everyTime"
		} else {
			unit, n := m.one("hours", "days"), 1+m.IntN(2)
			f.Type, f.Value = &unit, &n
		}
		s.Frequency = f
	}
	if m.chance(15) {
		s.Persistent = &naivePersistent{true, m.one("never", "always")}
	}
	if m.chance(12) {
		s.Token = &naiveToken{m.chance(95)}
	}
	return s
}

var ruleTexts = map[string][]string{
	"deviceId": {"d1", "d2"}, "displayName": {"corp-1", "home-1", "corp", "1"}, "trustType": {"ServerAD", "AzureAD", "Workplace"},
	"isCompliant": {"True", "False"}, "operatingSystem": {"Linux", "Android"}, "model": {"Surface", "urf", "surface"},
	"deviceOwnership": {"Company", "Personal"}, "mdmAppId": {"mdm1"}, "manufacturer": {"Contoso", "con"}, "operatingSystemVersion": {"10.0", "10"},
	"enrollmentProfileName": {"p1"}, "profileType": {"RegisteredDevice", "IoT"}, "physicalIds": {"[ZTDId]:1", "ZTD"},
	"systemLabels": {"M365Managed", "M365"}, "extensionAttribute1": {"SAW", "saw", "AW"}, "extensionAttribute2": {"x"},
}

var ruleNames = []string{
	"deviceId", "displayName", "displayName", "trustType", "trustType", "isCompliant", "isCompliant", "operatingSystem", "model",
	"deviceOwnership", "mdmAppId", "manufacturer", "operatingSystemVersion", "enrollmentProfileName", "profileType", "physicalIds",
	"systemLabels", "extensionAttribute1", "extensionAttribute1", "extensionAttribute2",
}

// rule makes a device filter tree with the operators 1.8 allows each attribute.
func (m maker) rule(depth int) *naiveRule {
	if depth > 0 && m.chance(50) {
		switch m.IntN(3) {
		case 0:
			return &naiveRule{Op: "not", Parts: []*naiveRule{m.rule(depth - 1)}}
		case 1:
			return &naiveRule{Op: "and", Parts: []*naiveRule{m.rule(depth - 1), m.rule(depth - 1)}}
		}
		return &naiveRule{Op: "or", Parts: []*naiveRule{m.rule(depth - 1), m.rule(depth - 1)}}
	}
	name := m.one(ruleNames...)
	texts := ruleTexts[name]
	r := &naiveRule{Name: name, Value: []string{m.one(texts...)}}
	switch name {
	case "isCompliant":
		r.Op, r.Bare = m.one("eq", "ne"), m.chance(70)
	case "trustType", "deviceOwnership", "profileType":
		r.Op = m.one("eq", "ne")
	case "deviceId", "mdmAppId":
		r.Op = m.one("eq", "ne", "in", "notIn")
	case "physicalIds", "systemLabels":
		r.Op = m.one("contains", "notContains")
	default:
		r.Op = m.one("eq", "ne", "startsWith", "endsWith", "contains", "in", "notStartsWith", "notEndsWith", "notContains", "notIn")
	}
	if r.Op == "in" || r.Op == "notIn" {
		r.Value, r.Void = m.any(texts...), m.chance(10)
	}
	if (r.Op == "eq" || r.Op == "ne") && m.chance(10) {
		r.Null, r.Bare = true, false
	}
	return r
}
