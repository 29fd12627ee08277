package synth

// Graph conditionalAccessPolicy, as far as the sample tenant uses it. Field
// order is that of a Graph export.
type graphPolicy struct {
	ID          string       `json:"id"`
	DisplayName string       `json:"displayName"`
	Created     string       `json:"createdDateTime"`
	Modified    string       `json:"modifiedDateTime"`
	State       string       `json:"state"`
	Session     *sessionJSON `json:"sessionControls"`
	Conditions  conditions   `json:"conditions"`
	Grant       *grantJSON   `json:"grantControls"`
}

type conditions struct {
	UserRisk       []string         `json:"userRiskLevels"`
	SignInRisk     []string         `json:"signInRiskLevels"`
	ClientAppTypes []string         `json:"clientAppTypes"`
	Platforms      *platformsJSON   `json:"platforms"`
	Locations      *locationsJSON   `json:"locations"`
	Flows          *flowsJSON       `json:"authenticationFlows,omitempty"`
	Devices        *devicesJSON     `json:"devices"`
	Applications   applicationsJSON `json:"applications"`
	Users          usersJSON        `json:"users"`
}

type locationsJSON struct {
	Include []string `json:"includeLocations"`
	Exclude []string `json:"excludeLocations"`
}

type platformsJSON struct {
	Include []string `json:"includePlatforms"`
	Exclude []string `json:"excludePlatforms"`
}

type flowsJSON struct {
	TransferMethods string `json:"transferMethods"`
}

type devicesJSON struct {
	Filter *filterJSON `json:"deviceFilter"`
}

type filterJSON struct {
	Mode string `json:"mode"`
	Rule string `json:"rule"`
}

type applicationsJSON struct {
	Include []string `json:"includeApplications"`
	Exclude []string `json:"excludeApplications"`
	Actions []string `json:"includeUserActions"`
	Context []string `json:"includeAuthenticationContextClassReferences"`
}

type usersJSON struct {
	IncludeUsers  []string `json:"includeUsers"`
	ExcludeUsers  []string `json:"excludeUsers"`
	IncludeGroups []string `json:"includeGroups"`
	ExcludeGroups []string `json:"excludeGroups"`
	IncludeRoles  []string `json:"includeRoles"`
	ExcludeRoles  []string `json:"excludeRoles"`
}

type grantJSON struct {
	Operator string        `json:"operator"`
	BuiltIn  []string      `json:"builtInControls"`
	Custom   []string      `json:"customAuthenticationFactors"`
	Terms    []string      `json:"termsOfUse"`
	Strength *strengthJSON `json:"authenticationStrength"`
}

type strengthJSON struct {
	ID           string   `json:"id"`
	DisplayName  string   `json:"displayName"`
	PolicyType   string   `json:"policyType"`
	Requirements string   `json:"requirementsSatisfied"`
	Combinations []string `json:"allowedCombinations"`
}

type sessionJSON struct {
	Frequency  *frequencyJSON  `json:"signInFrequency"`
	Persistent *persistentJSON `json:"persistentBrowser"`
	Restrict   *switchJSON     `json:"applicationEnforcedRestrictions,omitempty"`
	Binding    *switchJSON     `json:"secureSignInSession,omitempty"`
}

type switchJSON struct {
	Enabled bool `json:"isEnabled"`
}

type frequencyJSON struct {
	Value    int    `json:"value"`
	Type     string `json:"type"`
	AuthType string `json:"authenticationType"`
	Interval string `json:"frequencyInterval"`
	Enabled  bool   `json:"isEnabled"`
}

type persistentJSON struct {
	Mode    string `json:"mode"`
	Enabled bool   `json:"isEnabled"`
}

// policy is a current policy with what recorded evaluations repeat of it.
type policy struct {
	graphPolicy
	name    string
	grant   []string // labels as the log writes them
	session []string
}

// Groups that policies name. Ids are the same for every seed.
const (
	groupBreakGlass     = "CA-Exclude Break Glass"
	groupLegacyExempt   = "CA-Exclude Legacy Mail"
	groupDeviceExempt   = "CA-Exclude Production Device"
	groupTravelExempt   = "CA-Exclude Production Places"
	groupFrequencyExmpt = "CA-Exclude Production Frequency"
	groupProd           = "ML Production"
	groupDev            = "ML Development"
)

func groupID(name string) string { return fixedGUID("group " + name).String() }

// Named locations.
var (
	locationOffices   = fixedGUID("location offices").String()
	locationBengaluru = fixedGUID("location bengaluru").String()
	locationVPN       = fixedGUID("location vpn").String()
	locationCountries = fixedGUID("location countries").String()
)

var mlApps = []string{targets[appStudio].id, targets[resML].id, targets[resARM].id}

// currentPolicies is the enforced set, in the order of the constants in rules.go.
var currentPolicies = makeCurrent()

func makeCurrent() [numPolicies]policy {
	var ps [numPolicies]policy
	add := func(i int, name string, c conditions, g *grantJSON, s *sessionJSON) {
		p := policy{graphPolicy: base(name, c, g, s), name: name}
		if g != nil {
			for _, b := range g.BuiltIn {
				p.grant = append(p.grant, map[string]string{"mfa": "Mfa", "block": "Block", "compliantDevice": "RequireCompliantDevice", "passwordChange": "RequirePasswordChange"}[b])
			}
		}
		if s != nil && s.Frequency != nil {
			p.session = append(p.session, "SignInFrequency")
		}
		if s != nil && s.Persistent != nil {
			p.session = append(p.session, "PersistentBrowserSessionMode")
		}
		if s != nil && s.Restrict != nil {
			p.session = append(p.session, "AppEnforcedRestrictions")
		}
		if s != nil && s.Binding != nil {
			p.session = append(p.session, "SignInTokenProtection")
		}
		ps[i] = p
	}
	all, ml := []string{"All"}, mlApps
	add(polLegacy, "CA001 - Block legacy authentication",
		cond(all, everyone(groupLegacyExempt)).client("exchangeActiveSync", "other"), grant("block"), nil)
	add(polAdmins, "CA002 - Require MFA for administrators",
		cond(all, roles()), grant("mfa"), nil)
	add(polML, "CA101 - ML apps - MFA every 8 hours",
		cond(ml, everyone(groupProd, groupDev)), grant("mfa"), every(8, "primaryAndSecondaryAuthentication"))
	add(polDevCompliant, "CA102 - ML development - MFA every 24 hours on compliant devices",
		cond(ml, group(groupDev)).filter("include", "device.isCompliant -eq True"), grant("mfa"), every(24, "primaryAndSecondaryAuthentication"))
	add(polDevOther, "CA103 - ML development - MFA every 8 hours on other devices",
		cond(ml, group(groupDev)).filter("exclude", "device.isCompliant -eq True"), grant("mfa"), every(8, "primaryAndSecondaryAuthentication"))
	add(polProdDevice, "CA201 - ML production - Require compliant device",
		cond(ml, group(groupProd, groupDeviceExempt)), grant("compliantDevice"), nil)
	add(polProdPlaces, "CA202 - ML production - Block outside trusted locations and business countries",
		cond(ml, group(groupProd, groupTravelExempt)).outside(), grant("block"), nil)
	add(polProdFrequency, "CA203 - ML production - MFA every 4 hours",
		cond(ml, group(groupProd, groupFrequencyExmpt)), grant("mfa"), every(4, "primaryAndSecondaryAuthentication"))
	add(polProdBrowser, "CA204 - ML production - No persistent browser session",
		cond(all, group(groupProd)).client("browser"), nil, &sessionJSON{Persistent: &persistentJSON{"never", true}})
	add(polRisk, "CA301 - Risky sign-ins - MFA (report-only)",
		cond(all, everyone()).risk("medium", "high"), grant("mfa"), nil)
	add(polDeviceCode, "CA901 - Block device code flow (paused)",
		cond(all, everyone()).deviceCode(), grant("block"), nil)
	add(polOfficeBrowser, "CA401 - Office 365 - App restrictions in browsers",
		cond([]string{"Office365"}, everyone()).client("browser"), nil, &sessionJSON{Restrict: &switchJSON{true}})
	add(polTokenBinding, "CA402 - Mail, files and chat on company Windows - Token protection (report-only)",
		cond([]string{targets[resExchange].id, targets[resSharePoint].id, targets[resTeams].id}, everyone()).
			client("mobileAppsAndDesktopClients").platform("windows").filter("include", `device.deviceOwnership -eq "Company"`),
		nil, &sessionJSON{Binding: &switchJSON{true}})
	add(polUserRisk, "CA302 - Risky users - MFA and new password (report-only)",
		cond(all, everyone().noGuests()).userRisk("high"), both("mfa", "passwordChange"), nil)
	for i := range ps {
		if reportOnly&(1<<i) != 0 {
			ps[i].State = "enabledForReportingButNotEnforced"
		}
	}
	ps[polDeviceCode].State = "disabled"
	return ps
}

func base(name string, c conditions, g *grantJSON, s *sessionJSON) graphPolicy {
	return graphPolicy{
		ID: fixedGUID("policy " + name).String(), DisplayName: name, State: "enabled",
		Created: "2025-09-15T09:12:41.5302718Z", Modified: "2026-02-10T14:03:09.1180323Z",
		Conditions: c, Grant: g, Session: s,
	}
}

func cond(apps []string, u usersJSON) conditions {
	return conditions{
		UserRisk: []string{}, SignInRisk: []string{}, ClientAppTypes: []string{"all"},
		Applications: applicationsJSON{Include: apps, Exclude: []string{}, Actions: []string{}, Context: []string{}}, Users: u,
	}
}

// users scopes always leave out the break-glass account.
func users(exclude ...string) usersJSON {
	u := usersJSON{
		IncludeUsers: []string{}, ExcludeUsers: []string{}, IncludeGroups: []string{}, ExcludeGroups: []string{groupID(groupBreakGlass)},
		IncludeRoles: []string{}, ExcludeRoles: []string{},
	}
	for _, g := range exclude {
		u.ExcludeGroups = append(u.ExcludeGroups, groupID(g))
	}
	return u
}

func everyone(exclude ...string) usersJSON {
	u := users(exclude...)
	u.IncludeUsers = []string{"All"}
	return u
}

func (u usersJSON) noGuests() usersJSON { u.ExcludeUsers = []string{"GuestsOrExternalUsers"}; return u }

func group(name string, exclude ...string) usersJSON {
	u := users(exclude...)
	u.IncludeGroups = []string{groupID(name)}
	return u
}

func roles() usersJSON {
	u := users()
	for _, r := range adminRoles {
		u.IncludeRoles = append(u.IncludeRoles, r.template)
	}
	return u
}

func (c conditions) client(types ...string) conditions { c.ClientAppTypes = types; return c }
func (c conditions) risk(levels ...string) conditions  { c.SignInRisk = levels; return c }
func (c conditions) userRisk(levels ...string) conditions {
	c.UserRisk = levels
	return c
}

func (c conditions) platform(names ...string) conditions {
	c.Platforms = &platformsJSON{names, []string{}}
	return c
}

func (c conditions) deviceCode() conditions { c.Flows = &flowsJSON{"deviceCodeFlow"}; return c }

func (c conditions) filter(mode, rule string) conditions {
	c.Devices = &devicesJSON{&filterJSON{mode, rule}}
	return c
}

func (c conditions) outside() conditions {
	c.Locations = &locationsJSON{[]string{"All"}, []string{"AllTrusted", locationCountries}}
	return c
}

func grant(controls ...string) *grantJSON {
	return &grantJSON{Operator: "OR", BuiltIn: controls, Custom: []string{}, Terms: []string{}}
}

// both asks for every one of the controls.
func both(controls ...string) *grantJSON {
	g := grant(controls...)
	g.Operator = "AND"
	return g
}

// phishingResistant is the built-in strength (reference 1.9).
func phishingResistant() *grantJSON {
	g := grant()
	g.Strength = &strengthJSON{
		"00000000-0000-0000-0000-000000000004", "Phishing-resistant MFA", "builtIn", "mfa",
		[]string{"windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"},
	}
	return g
}

// every is a sign-in frequency. Entra takes 1 to 23 hours, then days.
func every(hours int, kind string) *sessionJSON {
	if hours%24 == 0 {
		return &sessionJSON{Frequency: &frequencyJSON{hours / 24, "days", kind, "timeBased", true}}
	}
	return &sessionJSON{Frequency: &frequencyJSON{hours, "hours", kind, "timeBased", true}}
}
