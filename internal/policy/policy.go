// Package policy evaluates Conditional Access policies offline, from their
// Microsoft Graph JSON, against sign-in rows.
//
// Answers are three-valued: what neither the row nor the directory tells is
// Unknown, never "does not apply". A Set is parsed by Load, compiled once by
// NewEngine (immutable, safe for concurrent use) and asked through an Evaluator,
// one per worker, which turns each condition into masks over dictionary codes so
// that one AND decides 64 policies. Match is the stateless part; Decide adds the
// session state the caller keeps; Explain says the same in words, for the few
// sign-ins that are shown. The semantics are Microsoft's documented ones; each
// condition's file names what it follows.
package policy

import "frisk/internal/signin"

// Enforcement is whether a policy is on (Graph state).
type Enforcement uint8

// The states. StateOther is a state this program does not know: the policy is
// treated as not enforced and reported.
const (
	Disabled Enforcement = iota
	Enabled
	ReportOnly
	StateOther
)

var enforcementNames = []string{"disabled", "enabled", "enabledForReportingButNotEnforced", "other"}

func (e Enforcement) String() string { return enforcementNames[e] }

// Policy is one Conditional Access policy as read. Ids are lower case, enum
// values in Graph's spelling lower-cased; nil and empty both mean "not
// configured". A Policy is not modified after Load.
type Policy struct {
	ID        string
	Name      string // displayName; the id, or the file, where it has none
	State     Enforcement
	StateText string // as written
	Created   signin.Time
	Modified  signin.Time
	File      string // where it was read
	Path      string // JSON path inside File, "$" for the whole file

	// Force is when this version counted, nil = always. Versions of one policy
	// share the ID and follow each other in the set, oldest first; Version counts
	// them from 1, 0 = the only one.
	Force   *Force
	Version int

	Users                Users
	Workload             *Workload // clientApplications; nil = the policy is about users
	Apps                 Apps
	ClientTypes          []string
	Platforms            *Choice
	Locations            *Choice
	SignInRisk           []string
	UserRisk             []string
	ServicePrincipalRisk []string
	InsiderRisk          []string
	Filter               *DeviceFilter
	DeviceStates         *Choice
	Flows                []string // devicecodeflow, authenticationtransfer

	Grant   *Grant // nil = no grant controls
	Session Session

	// Unread are the parts of the JSON this program does not know and that are not
	// empty. Incomplete reports that one of them is a condition: the policy may be
	// narrower than what is evaluated, so where everything known is True the answer
	// is Unknown.
	Unread     []Unread
	Incomplete bool
}

// Unread is a kept piece of JSON nobody here understands.
type Unread struct {
	Path string
	Text string // compact JSON
}

// Choice is an include and an exclude list.
type Choice struct{ Include, Exclude []string }

// Users is who a policy is about.
type Users struct {
	IncludeUsers, ExcludeUsers   []string
	IncludeGroups, ExcludeGroups []string
	IncludeRoles, ExcludeRoles   []string // template ids
	IncludeGuests, ExcludeGuests *Guests
	// IncludeUnread reports an include list of a kind nobody here knows.
	IncludeUnread bool
}

// Guests is includeGuestsOrExternalUsers: guest kinds, and from which tenants.
type Guests struct {
	Kinds      GuestKinds
	AllTenants bool     // membershipKind all, or not given
	Tenants    []string // membershipKind enumerated
}

// Workload is clientApplications: which service principals a policy is about.
type Workload struct {
	Include, Exclude []string // object ids, or serviceprincipalsinmytenant
	Filter           bool     // a servicePrincipalFilter is set
	FilterExclude    bool
	Rule             *AttributeFilter // the filter, read; nil with Filter set: its answer is Unknown
	IncludeUnread    bool
}

// Apps is what a policy protects.
type Apps struct {
	Include, Exclude []string // ids, all, none, office365, microsoftadminportals
	Filter           bool     // an applicationFilter is set
	FilterExclude    bool
	Rule             *AttributeFilter // the filter, read; nil with Filter set: its answer is Unknown
	UserActions      []string         // urn:user:registersecurityinfo, urn:user:registerdevice
	AuthContexts     []string
	IncludeUnread    bool
}

// AttributeFilter is an applicationFilter or servicePrincipalFilter: a rule over
// the custom security attributes of a service principal.
type AttributeFilter struct {
	Rule string
	expr filterExpr // nil when the rule does not parse: its answer is Unknown
}

// DeviceFilter is conditions.devices.deviceFilter.
type DeviceFilter struct {
	Exclude bool
	Rule    string
	expr    filterExpr // nil when the rule does not parse: the condition is Unknown
}

// Grant is grantControls.
type Grant struct {
	Or         bool // operator OR; with a single control both mean the same
	Unsaid     bool // the operator is neither AND nor OR and it matters: Or is one of two readings
	Controls   Controls
	Strength   *Strength
	TermsOfUse []string
	Custom     []string
	Other      []string // built-in control names nobody here knows
}

// Strength is an authentication strength: any one of Combinations satisfies it.
type Strength struct {
	ID, Name string
	// Combinations is empty when the policy names a custom strength by id only:
	// whether anything satisfies it is then Unknown.
	Combinations []MethodSet
	// Incomplete reports that a combination was left out because it names a method
	// nobody here knows: it may be the one that is met.
	Incomplete bool
	MFA        bool // the built-in multifactor strength: any MFA claim satisfies it
	Restricted bool // combinationConfigurations limit keys or certificates, which no log shows
}

// Session is sessionControls; a zero field is not configured.
type Session struct {
	// Frequency is signInFrequency: 0 = none, EveryTime = everyTime.
	Frequency     signin.Time
	SecondaryOnly bool
	// Persistent is persistentBrowser: "", "always" or "never". It counts only in
	// a policy for all resources (reference 1.10).
	Persistent string
	// TokenProtection is secureSignInSession: only tokens bound to a device count.
	TokenProtection bool
	// The rest is parsed and shown; it changes what a session may do or how long it
	// lasts in an outage, not whether one begins.
	AppEnforced      bool
	CloudAppSecurity string // mcasConfigured, monitorOnly, blockDownloads
	CAE              string // disabled, strictEnforcement, strictLocation
	ResilienceOff    bool
	Filtering        string // id of the Global Secure Access filtering profile
}

// NamedLocation is one Graph namedLocation.
type NamedLocation struct {
	ID, Name       string
	Kind           LocationKind
	Trusted        bool
	Ranges         []string // CIDR as written
	Countries      []string // upper case
	IncludeUnknown bool     // includeUnknownCountriesAndRegions
	GPS            bool     // countryLookupMethod authenticatorAppGps
	File, Path     string
	Force          *Force // as Policy.Force
}

// LocationKind is what a named location is made of.
type LocationKind uint8

// The kinds.
const (
	LocationOther LocationKind = iota
	LocationIP
	LocationCountry
	LocationNetwork // all compliant network locations
)

// Set is a set of policies that are in force together, with the named
// locations they refer to. Policies keep the order they were read in.
type Set struct {
	Name      string
	Policies  []*Policy
	Locations []*NamedLocation
	// LocationsKnown says that named locations were exported, even if there are
	// none. Without it an address outside every known trusted location is Unknown,
	// not untrusted.
	LocationsKnown bool
	// Dated says that the set holds versions: what counted at a time is a part of it.
	Dated bool
	// Notices are what Load had to say, in reading order.
	Notices []Notice

	looks []look        // the exports a dated set was made from, oldest first
	raw   map[any]*node // the JSON of each *Policy and *NamedLocation, where it was read
}

// Notice is something the reader of a policy should know: a key nobody
// evaluates, an id that resolves to nothing, a combination that cannot work.
type Notice struct {
	Code    string `json:"code"`  // stable, kebab-case
	Level   string `json:"level"` // "info", "warning", "error"
	Policy  string `json:"policy,omitempty"`
	File    string `json:"file,omitempty"`
	Path    string `json:"path,omitempty"` // JSON path inside the file
	Message string `json:"message"`
	Fix     string `json:"fix,omitempty"`
}
