package peers

import (
	"net/netip"
	"strings"

	"frisk/internal/signin"
)

// Policy is one Conditional Access policy as a tenant's baseline has it, for the
// scenario "from the row": every condition is tested on what the log row and the
// token say. An empty list is not configured.
type Policy struct {
	Name                                      string
	IncludeGroups, IncludeRoles               []string // neither = all users
	ExcludeUsers, ExcludeGroups, ExcludeRoles []string
	Apps, NotApps                             []string // app ids; no Apps = all resources
	Clients                                   []string // browser, mobileAppsAndDesktopClients, exchangeActiveSync, other
	Platforms, NotPlatforms                   []string // windows, macOS, iOS, android, linux; no Platforms = all
	Untrusted                                 bool     // locations: all but AllTrusted
	Places, NotPlaces                         []*Place // named locations; no Places = all
	Risks                                     []string // sign-in risk levels
	Device                                    *DeviceRule
	DeviceCode                                bool // authentication flow
	Grant                                     Grant
}

// Place is a named location: address ranges, or countries.
type Place struct {
	ID        string
	Trusted   bool
	Ranges    []string
	Countries []string
}

// DeviceRule is a device filter: comparisons joined by and, or by or.
type DeviceRule struct {
	Exclude, Or bool
	Tests       []DeviceTest
}

// DeviceTest is one comparison: isCompliant or trustType -eq, or -ne, or
// displayName -startsWith, in the words of the filter language.
type DeviceTest struct{ Attribute, Operator, Value string }

// Grant is what a policy asks for.
type Grant uint8

// The grants.
const (
	MFA Grant = iota
	Block
	Compliant
	CompliantOrMFA
	CompliantAndMFA
)

// Raw is one sign-in as its log row and its token have it.
type Raw struct {
	User          string
	Groups, Roles []string // ids, nested memberships followed, as a token carries them
	Resource      string
	Client        string     // clientAppUsed
	OS            string     // operatingSystem
	Address       netip.Addr // an engine with a type for addresses gets it parsed
	Country       string
	Risk          string // riskLevelDuringSignIn
	Compliant     bool   // isCompliant
	Trust         string // trustType
	Device        string // displayName, lower case: filters do not tell cases apart
	Protocol      string // authenticationProtocol
	Transfer      string // originalTransferMethod
	MFA           bool   // the session carries an MFA claim
}

// The texts of a log row that stand for the words of a policy.
var (
	clientTexts = map[string]string{
		"browser": "Browser", "mobileAppsAndDesktopClients": "Mobile Apps and Desktop clients", "exchangeActiveSync": "Exchange ActiveSync",
	}
	systemTexts = map[string]string{"windows": "Windows", "macOS": "MacOs", "iOS": "Ios", "android": "Android", "linux": "Linux"}
	trustTexts  = map[string]string{"AzureAD": "Azure AD joined", "ServerAD": "Hybrid Azure AD joined", "Workplace": "Azure AD registered"}
)

// raw is what the log and a token would say of row i of the tenant.
func (t *tenant) raw(i int) Raw {
	e := &t.rows[i]
	r := Raw{
		User: e.Principal.ID, Groups: t.facts[i].Groups, Resource: t.facts[i].Resource, Client: e.Client, OS: e.Device.OS,
		Address: e.Source.IP, Country: e.Geo.Country, Risk: e.Risk.Level, Compliant: e.Device.Compliant == signin.True,
		Trust: trustTexts[e.Device.Trust.String()], Device: strings.ToLower(e.Device.Name), Protocol: e.Protocol,
		Transfer: e.Transfer, MFA: t.facts[i].MFA,
	}
	for _, role := range append(adminRoles[:len(adminRoles):len(adminRoles)], syncRole) {
		if t.dir.HasRole(r.User, role, e.Time) == signin.True {
			r.Roles = append(r.Roles, role)
		}
	}
	return r
}

func (t *tenant) raws() []Raw {
	var out []Raw
	for i := range t.rows {
		out = append(out, t.raw(i))
	}
	return out
}

// keep leaves only the rows for which the answer is no.
func (t *tenant) keep(unsure func(i int) bool) *tenant {
	out := *t
	out.rows, out.facts = nil, nil
	for i := range t.rows {
		if !unsure(i) {
			out.rows, out.facts = append(out.rows, t.rows[i]), append(out.facts, t.facts[i])
		}
	}
	return &out
}
