package signin

// The enums below are stored as text (their String), so that a Parquet reader
// other than ours sees words. The zero value of each prints as "" and means
// that the log did not say.

// Stream is which sign-in log a row belongs to (Graph signInEventTypes).
type Stream uint8

// The streams.
const (
	StreamUnknown Stream = iota
	Interactive
	NonInteractive
	ServicePrincipal
	ManagedIdentity
)

var streamNames = []string{"", "interactive", "non-interactive", "service-principal", "managed-identity"}

func (s Stream) String() string { return streamNames[s] }

// PrincipalKind is what kind of identity signed in.
type PrincipalKind uint8

// The kinds. Guest is any external or guest account whose finer kind the row
// does not tell; policy derives the Conditional Access guest types from tenants.
const (
	KindUnknown PrincipalKind = iota
	Member
	Guest
	Service
	Machine
)

var kindNames = []string{"", "member", "guest", "service", "machine"}

func (k PrincipalKind) String() string { return kindNames[k] }

// Outcome is how the attempt that the row describes ended. Challenge is an
// interrupt: the provider asked for something more and this row ended there.
type Outcome uint8

// The outcomes.
const (
	OutcomeUnknown Outcome = iota
	Success
	Failure
	Challenge
)

var outcomeNames = []string{"", "success", "failure", "challenge"}

func (o Outcome) String() string { return outcomeNames[o] }

// Requirement is the highest level of authentication the sign-in needed
// (Graph authenticationRequirement).
type Requirement uint8

// The requirements.
const (
	RequirementUnknown Requirement = iota
	SingleFactor
	MultiFactor
)

var requirementNames = []string{"", "singleFactorAuthentication", "multiFactorAuthentication"}

func (r Requirement) String() string { return requirementNames[r] }

// MFAState says whether a second factor was given in this row.
type MFAState uint8

// The states. MFAByClaim is a requirement met by an earlier proof in the
// session; MFANotDone covers "not asked" and "asked and not given".
const (
	MFAUnknown MFAState = iota
	MFADone
	MFAByClaim
	MFANotDone
)

var mfaNames = []string{"", "done", "claim", "not-done"}

func (m MFAState) String() string { return mfaNames[m] }

// Trust is how the device is joined to the directory (Graph trustType, in the
// words of Conditional Access device filters).
type Trust uint8

// The trust types. TrustUnknown is silence; a device known to be unregistered is TrustNone.
const (
	TrustUnknown Trust = iota
	TrustNone
	Workplace // registered
	AzureAD   // joined
	ServerAD  // hybrid joined
)

var trustNames = []string{"", "none", "Workplace", "AzureAD", "ServerAD"}

func (t Trust) String() string { return trustNames[t] }

// GeoSource says where the position came from; the two are never mixed within one
// event. GeoLog beside an empty country is a log that says it knows no country;
// GeoNone is one that says nothing of the place.
type GeoSource uint8

// The sources.
const (
	GeoNone     GeoSource = iota
	GeoLog                // the log's own location
	GeoDatabase           // our mmdb
)

var geoSourceNames = []string{"", "log", "database"}

func (g GeoSource) String() string { return geoSourceNames[g] }

func enumOf(names []string, s string) uint8 {
	for i, n := range names {
		if n == s {
			return uint8(i) //nolint:gosec // tables have under 256 names
		}
	}
	return 0
}
