// Package signin defines the Event, one row of one authentication log, and the
// small vocabulary every other package speaks: enums, three-valued truth, the
// total order, the shard function, and the column table that ties an Event to
// its place on disk and to its compact in-memory form, the Row.
//
// The package depends on the standard library only. Its central rule is that
// the zero value of a field means "the log did not say": an absent fact is
// never read as false, as an empty list or as the point 0,0.
//
// Times are UTC with microsecond precision. Field names follow Microsoft Graph
// (signIn resource) where the field exists there, and OCSF or ECS elsewhere.
package signin

import "net/netip"

// Event is one row of one log. It is a comparable value without pointers, so
// it may be copied, kept and used as a map key; lists are held as canonical
// JSON text (List). Strings may share memory with the chunk of input they were
// decoded from, which they keep alive; a consumer that keeps single fields for
// long should clone them.
type Event struct {
	// Time is when the sign-in happened (Graph createdDateTime), never when the
	// record was written. Zero is invalid: see Validate.
	Time Time
	// ID is the provider's own identifier of the row (Graph id, Okta uuid). It is
	// unique per provider and tenant; decoders derive one where the log has none.
	ID string
	// Provider names the system that wrote the log, e.g. "entra" or "okta".
	Provider string
	// Tenant is the directory whose policies decided (Entra resource tenant id,
	// else the tenant that owns the log; Okta organisation where known).
	Tenant string
	// Stream is the log the row belongs to; StreamUnknown when it cannot be told.
	Stream Stream

	Correlation     string // Graph correlationId, Okta transaction.id
	OriginalRequest string // Graph originalRequestId
	Session         string // Graph sessionId, Okta externalSessionId
	Token           string // Graph uniqueTokenIdentifier (uti), normalised to a GUID where it decodes to one

	Principal Principal
	// HomeTenant and ResourceTenant are tenant ids; they differ for guests and
	// for our own people signing in elsewhere.
	HomeTenant, ResourceTenant string
	// CrossTenantAccess is the Graph crossTenantAccessType text (none,
	// b2bCollaboration, b2bDirectConnect, microsoftSupport, serviceProvider, passthrough).
	CrossTenantAccess string

	Source Source

	Outcome    Outcome
	Code       string // native result code as text: "0", "50126", "INVALID_CREDENTIALS"
	Reason     Reason // shared class of Code; ReasonNone for a plain success
	ReasonText string // native explanation, hostile text
	// Detail is Graph status.additionalDetails or its like ("MFA requirement
	// satisfied by claim in the token").
	Detail string

	MFA    MFA
	Device Device

	App, Resource Target
	Audiences     List // Graph conditionalAccessAudiences: JSON array of strings

	// Client is the client type in the provider's words (Graph clientAppUsed:
	// "Browser", "Mobile Apps and Desktop clients", "IMAP4", ...).
	Client           string
	UserAgent        string
	Protocol         string // Graph authenticationProtocol: oAuth2, ropc, deviceCode, saml20, ...
	Transfer         string // Graph originalTransferMethod: none, deviceCodeFlow, authenticationTransfer
	IncomingToken    string // Graph incomingTokenType: none, primaryRefreshToken, refreshToken, ...
	ClientCredential string // Graph clientCredentialType

	Geo     Geo
	ASN     uint32 // autonomous system number; 0 = not said
	ASNOrg  string
	Network List // network classes by range list, sorted JSON array: ["datacenter","vpn"]
	// NamedLocations are the named locations the provider recorded as matching
	// (Graph networkLocationDetails): JSON array of NamedLocation. "[]" is a
	// statement (none matched), "" is silence.
	NamedLocations List

	Risk Risk

	Policies     List   // recorded Conditional Access evaluations: JSON array of RecordedPolicy
	PolicyStatus string // Graph conditionalAccessStatus: success, failure, notApplied

	Lifetimes    List // Graph sessionLifetimePolicies: JSON array of expirationRequirement texts
	AuthContexts List // Graph authenticationContextClassReferences: JSON array of ids
	TokenBinding string
	// AzureResource is the ARM id the sign-in was for, when the log carries one
	// (Graph azureResourceId, or managedServiceIdentity.associatedResourceId).
	AzureResource string

	Raw Raw
}

// Principal is who signed in. ID is the provider's stable identifier and the
// only thing people are told apart by; Name may change and be reused.
type Principal struct {
	ID      string
	Name    string // Graph userPrincipalName, service principal name, Okta alternateId
	Display string
	Kind    PrincipalKind
}

// Source is where the request came from. The zero netip.Addr means not said;
// IPv4-mapped IPv6 addresses are unmapped and zones dropped.
type Source struct {
	IP           netip.Addr
	FromResource netip.Addr // Graph ipAddressFromResourceProvider
	Port         uint16
}

// MFA is what the row says about factors.
type MFA struct {
	Requirement Requirement
	State       MFAState
	// Methods are the distinct real methods seen, sorted: JSON array of strings.
	Methods List
	// Factors are the authentication steps in log order: JSON array of Factor.
	Factors List
	// Demanded lists who asked for MFA (Graph authenticationRequirementPolicies
	// requirementProvider): JSON array of strings.
	Demanded List
}

// Device is the client device as the row describes it. An empty ID is not said;
// a device the provider says it could not identify has Trust TrustNone.
type Device struct {
	ID        string
	Name      string
	OS        string
	Browser   string
	Compliant Truth
	Managed   Truth
	Trust     Trust
}

// Target is an application or a resource.
type Target struct{ ID, Name string }

// Geo is a position. Lat and Lon are degrees and valid only when Located.
type Geo struct {
	Country string // ISO 3166-1 alpha-2, upper case; "" = not said, or unknown where Source is GeoLog
	Region  string
	City    string
	Lat     float64
	Lon     float64
	// Radius is the accuracy radius in kilometres (MaxMind: a 67 % circle); 0 = not said.
	Radius  float64
	Located bool
	Source  GeoSource
}

// Risk is what the provider said at the time, in its own words.
type Risk struct {
	Level     string // during sign-in: none, low, medium, high, hidden
	Aggregate string
	State     string
	Detail    string
	Events    List // JSON array of strings
}

// Raw is where the record was read: file name as given and 1-based line, or
// for page formats the 1-based index of the record.
type Raw struct {
	File string
	Line int64
}
