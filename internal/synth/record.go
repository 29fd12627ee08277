package synth

import "frisk/internal/signin"

// result is a recorded Conditional Access result.
type result uint8

const (
	notApplied result = iota
	success
	failure
	notEnabled
	reportOnlyNotApplied
	reportOnlySuccess
	reportOnlyInterrupted
	reportOnlyFailure
)

var resultNames = []string{
	"notApplied", "success", "failure", "notEnabled",
	"reportOnlyNotApplied", "reportOnlySuccess", "reportOnlyInterrupted", "reportOnlyFailure",
}

// Condition bits of Azure Monitor (reference 2.4).
const (
	bitApplication = 1
	bitUsers       = 2
	bitPlatform    = 4
	bitLocation    = 8
	bitClientType  = 16
	bitSignInRisk  = 32
	bitUserRisk    = 64
	bitDevice      = 256
	bitAuthFlow    = 32768
)

// eval is one recorded evaluation of one policy.
type eval struct {
	result                  result
	satisfied, notSatisfied uint16
	// include and exclude say by which rules applications, users and so on matched.
	include, exclude ruleSet
	// sessionUnmet: a session control of this policy was not met (its sign-in
	// frequency was exceeded, or the token was not bound).
	sessionUnmet bool
}

// step is one authentication step, an index of stepTexts.
type step uint8

const (
	stepNone step = iota
	stepPrevFirst
	stepPrevMFA
	stepPassword
	stepPasswordBad
	stepDemand
	stepPush
	stepPushTimeout
	stepPushDenied
	stepCode
	stepSMS
	stepKey
	stepHello
)

type stepText struct{ method, detail, ok, result, requirement string }

var stepTexts = []stepText{
	stepPrevFirst:   {"Previously satisfied", "", "true", "First factor requirement satisfied by claim in the token", "Primary authentication"},
	stepPrevMFA:     {"Previously satisfied", "", "true", "MFA requirement satisfied by claim in the token", "Multifactor authentication"},
	stepPassword:    {"Password", "Password in the cloud", "true", "Correct password", "Primary authentication"},
	stepPasswordBad: {"Password", "Password in the cloud", "false", "Incorrect password", "Primary authentication"},
	stepDemand:      {"", "", "false", "MFA required in Azure AD", "Multifactor authentication"},
	stepPush:        {"Mobile app notification", "", "true", "MFA completed in Azure AD", "Multifactor authentication"},
	stepPushTimeout: {"Mobile app notification", "", "false", "MFA denied; user did not respond to mobile app notification", "Multifactor authentication"},
	stepPushDenied:  {"Mobile app notification", "", "false", "MFA denied; user declined the authentication", "Multifactor authentication"},
	stepCode:        {"OATH verification code", "", "true", "MFA completed in Azure AD", "Multifactor authentication"},
	stepSMS:         {"Text message", "+XX XXXXXXX42", "true", "MFA completed in Azure AD", "Multifactor authentication"},
	stepKey:         {"FIDO2 security key", "", "true", "Correct password", "Primary authentication"},
	stepHello:       {"Windows Hello for Business", "", "true", "", "Primary authentication"},
}

// entry reports whether the step is something the person typed, tapped or touched now.
func (s step) entry() bool {
	t := &stepTexts[s]
	return t.method != "" && t.method != "Previously satisfied"
}

// incoming token types.
const (
	tokenNone = iota
	tokenPRT
	tokenRefresh
)

var tokenNames = []string{"none", "primaryRefreshToken", "refreshToken"}

// binding is whether a token was bound to its device, and if not, why: the
// documented codes of tokenProtectionStatusDetails (reference 1.10).
type binding int16

const (
	tokenNoStatus  binding = 0
	tokenBound     binding = 1
	tokenNoDevice  binding = 1002 // the device is not known
	tokenOldSystem binding = 1006
	tokenNoBroker  binding = 1008 // the app does not use the platform's broker
)

// why says for which reason a row has factor entries or an interrupt. It is
// ground truth for tests and is written nowhere.
type why uint8

const (
	whyNothing   why = iota
	whySession       // no session in this app on this device, or it was closed
	whyMFA           // a policy asks for MFA and the session had none
	whyFrequency     // sign-in frequency exceeded
	whyAttack
)

const maxSteps = 3

// Record is one row of the history in compact form. It has no pointers into
// the simulation's changing state and may be copied and kept.
type Record struct {
	Time      signin.Time
	ID        signin.GUID
	corr      signin.GUID
	orig      signin.GUID
	session   signin.GUID
	person    int32 // index of Tenant.people, -1
	robot     int16 // index of Tenant.robots, -1
	code      int32
	incident  uint16 // 1 + index of Tenant.incidents, 0 for none
	where     where
	stream    signin.Stream
	device    int8 // index of person.devices; -1: none of theirs
	app       uint8
	resource  uint8
	client    uint8
	ua        uint8
	token     uint8
	transfer  bool // device code flow
	ropc      bool
	mfa       bool // authenticationRequirement is multiFactorAuthentication
	sifLabel  bool
	blemish   bool // the device was out of compliance at the time
	unknown   bool // the user name does not exist
	policies  bool // Conditional Access was reached
	status    result
	binding   binding
	risk      riskLevel
	riskEvent uint8
	steps     [maxSteps]step
	evals     [numPolicies]eval
	workspace int8 // ground truth: index of workspaces, -1
	ops       uint8
	why       why
}

// Entries is how many factor entries the row has.
func (r *Record) Entries() int {
	n := 0
	for _, s := range r.steps {
		if s.entry() {
			n++
		}
	}
	return n
}

type riskLevel uint8

const (
	riskNone riskLevel = iota
	riskLow
	riskMedium
	riskHigh
)

var riskNames = []string{"none", "low", "medium", "high"}

var riskEvents = []string{"", "unfamiliarFeatures", "unlikelyTravel", "passwordSpray", "anonymizedIPAddress", "anomalousToken", "maliciousIPAddress"}

const (
	eventNone = iota
	eventUnfamiliar
	eventTravel
	eventSpray
	eventAnonymous
	eventToken
	eventMaliciousIP
)

// codeText is a result code and what the log writes beside it.
type codeText struct {
	code                int32
	reason, detail      string
	interrupted, failed bool
}

var codeTexts = []codeText{
	{0, "Other.", "", false, false},
	{50034, "The user account {EUII Hidden} does not exist in the {tenant} directory. To sign into this application, the account must be added to the directory.", "", false, true},
	{50053, "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.", "", false, true},
	{50072, "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access '{identifier}'.", "", true, false},
	{50074, "Strong Authentication is required.", "MFA required in Azure AD", true, false},
	{50076, "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource.", "MFA required in Azure AD", true, false},
	{50097, "Device authentication is required.", "", true, false},
	{50126, "Error validating credentials due to invalid username or password.", "The user didn't enter the right credentials.", false, true},
	{50140, "This error occurred due to 'Keep me signed in' interrupt when the user was signing-in.", "", true, false},
	{50058, "Session information is not sufficient for single-sign-on.", "", true, false},
	{53000, "Device is not in required device state: {state}. Conditional Access policy requires a compliant device, and the device is not compliant.", "", false, true},
	{53003, "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.", "", false, true},
	{70043, "The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.", "", false, true},
	{500121, "Authentication failed during strong authentication request.", "MFA denied; user did not respond to mobile app notification", false, true},
	{7000215, "Invalid client secret is provided.", "", false, true},
}

func textOf(code int32) *codeText {
	for i := range codeTexts {
		if codeTexts[i].code == code {
			return &codeTexts[i]
		}
	}
	panic("synth: no text for a result code") // a bug in this package
}
