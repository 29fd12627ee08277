package replay

import (
	"strings"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// rowFact is what replay needs of one row, worked out once for all sets.
type rowFact struct {
	key     int32 // the session: device, or browser and system; see keys
	low     int32 // its clock in the low world
	clock   int32 // and in the high one
	episode int32
	flag    flags
	scope   policy.Scope
	steps   *steps
}

type flags uint32

const (
	reached    flags = 1 << iota // the first factor was accepted, so policies had a say
	attack                       // attack traffic
	background                   // nobody sat in front of it
	deferrable                   // browser or confidential client: background demands wait (reference 1.10, rule 5)
	browser
	device // joined: a primary refresh token is possible
	unlock // a sign-in to Windows itself
	token  // came with a primary refresh token: one exists, of unknown age
	inUse  // the session was in use around it
	legacy
	silent // carries no policy evaluation
	human
	opportunity // an interactive sign-in that may renew the device's token (tests only; reference 1.10, rule 3)
	registered  // a native app on a registered device, whose token only the app's broker renews (rule 4)
	labelled    // the log blames sign-in frequency for the row
	codeFlow    // by its sessionId the session began with a device code, which the row does not say
	transferred // the same of an authentication transfer
	foreign     // of a provider whose policies are not replayed
	again       // describes a refused first factor that an earlier row described
)

// windowsSignIn is the application "Windows Sign In": logging on to or
// unlocking a joined device, as sign-in logs name it.
const windowsSignIn = "38aa3b87-a06d-4817-b275-7a316988d93b"

// tables are the worker's memoised columns.
type tables struct {
	sym       *signin.Symbols
	steps     byCode[steps]
	demanders byCode[demander]
	frequency byCode[bool]
	methods   byCode[policy.MethodSet]
	client    byCode[clientKind]
	secret    byCode[bool]
	prt       byCode[bool]
	unlock    byCode[bool]
	decided   byCode[bool]
	remember  byCode[bool] // a label of remembered MFA
	silent    byCode[bool] // no list of policies, or an empty one
	abroad    byCode[bool] // by resource tenant: another than the one whose policies are replayed
	protocol  byCode[uint8]
	transfer  byCode[uint8]
	flows     [3]signin.Code // the column's texts for flows, by flow
	recorded  byCode[[]evaluation]
	family    [3]byCode[uint32] // operating system, browser, user agent
	families  map[string]uint32
}

type clientKind uint8

const (
	clientUnknown clientKind = iota
	clientBrowser
	clientNative
	clientLegacy
)

func newTables(sym *signin.Symbols) *tables {
	t := &tables{sym: sym, families: map[string]uint32{"": 0}}
	t.steps.of = stepsOf
	t.demanders.of = demandersOf
	t.frequency.of = frequencyLabel
	t.methods.of = func(s string) policy.MethodSet { return policy.MethodsOf(signin.List(s)) }
	t.client.of = clientOf
	t.secret.of = func(s string) bool { return s != "" && !strings.EqualFold(s, "none") }
	t.prt.of = func(s string) bool {
		return strings.EqualFold(strings.ReplaceAll(s, " ", ""), "primaryRefreshToken")
	}
	t.unlock.of = func(s string) bool { return strings.EqualFold(s, windowsSignIn) }
	t.decided.of = func(s string) bool { return s == "success" || s == "failure" }
	t.remember.of = func(s string) bool { return hasLabel(s, "remembermultifactorauthentication") }
	t.silent.of = func(s string) bool { return s == "" || s == "[]" }
	t.protocol.of = func(s string) uint8 { return flowOf(s, "devicecode", "authenticationtransfer") }
	t.transfer.of = func(s string) uint8 { return flowOf(s, "devicecodeflow", "authenticationtransfer") }
	t.flows[flowDeviceCode] = sym[signin.DimTransfer].Code("deviceCodeFlow")
	t.flows[flowTransfer] = sym[signin.DimTransfer].Code("authenticationTransfer")
	for i := range t.family {
		t.family[i].of = t.familyOf
	}
	return t
}

// clientOf splits clientAppUsed as Microsoft's gap workbook does: what is
// neither a browser nor a modern client is legacy (reference 1.6).
func clientOf(s string) clientKind {
	switch strings.ToLower(s) {
	case "":
		return clientUnknown
	case "browser":
		return clientBrowser
	case "mobile apps and desktop clients":
		return clientNative
	}
	return clientLegacy
}

// familyOf numbers a text without its version numbers, so that an update of a
// browser or system is not a new device.
func (t *tables) familyOf(s string) uint32 {
	s = strings.ToLower(strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r >= '0' && r <= '9' || r == '.' || r == ' ' || r == '_'
	}), " "))
	n, ok := t.families[s]
	if !ok {
		n = uint32(len(t.families)) //nolint:gosec // bounded by distinct texts
		t.families[s] = n
	}
	return n
}

// hasReached says whether the row got as far as Conditional Access, which runs
// after the first factor (reference 1.1). An error that comes before it, or a
// silent request without a session, asked nobody anything.
func (t *tables) hasReached(r *signin.Row) bool {
	switch r.Outcome() {
	case signin.Success:
		return true
	case signin.OutcomeUnknown:
		return !r.Reason().FirstFactorFailed()
	}
	switch r.Reason() {
	case signin.MFARequired, signin.MFAFailed, signin.MFADenied, signin.MFAFraud, signin.MFAEnrol, signin.MFATimeout,
		signin.SignInFrequency, signin.PolicyBlock, signin.DeviceNotCompliant, signin.DeviceNotJoined, signin.RiskBlock,
		signin.AppNotAssigned, signin.Consent:
		return true
	case signin.Interrupt, signin.OtherReason, signin.ReasonNone:
		// Before or after the first factor: the recorded evaluation tells.
		return *t.decided.get(t.sym[signin.DimPolicyStatus], r.C[signin.DimPolicyStatus])
	}
	return false
}
