package signin

// Reason is the shared class of a native result code, so that "wrong password"
// can be counted across providers. ReasonNone goes with a success.
type Reason uint8

// The classes. The mapping from native codes belongs to each log format.
const (
	ReasonNone Reason = iota
	BadPassword
	NoSuchUser
	Locked // locked out, throttled or from an address the provider calls malicious
	Disabled
	ExpiredPassword
	MFARequired // a challenge: a second factor is asked for
	MFAFailed
	MFADenied
	MFAFraud // the person reported the prompt as fraud
	MFAEnrol
	MFATimeout
	Interrupt // a step that asks the person for something that is not a credential
	Silent    // no single sign-on session for a silent request: noise, nobody was asked
	SessionExpired
	SignInFrequency // a session control ended the session (Entra 70043)
	BadToken
	PolicyBlock
	DeviceNotCompliant
	DeviceNotJoined
	RiskBlock
	TenantBlock // tenant restrictions or cross-tenant access
	AppNotAssigned
	Consent
	ClientCredential
	ProtocolError
	ServiceError
	OtherReason
)

var reasonNames = []string{
	"", "bad_password", "no_such_user", "locked", "disabled", "expired_password",
	"mfa_required", "mfa_failed", "mfa_denied", "mfa_fraud", "mfa_enrol", "mfa_timeout",
	"interrupt", "silent", "session_expired", "sign_in_frequency", "bad_token",
	"policy_block", "device_not_compliant", "device_not_joined", "risk_block", "tenant_block",
	"app_not_assigned", "consent", "client_credential", "protocol_error", "service_error", "other",
}

func (r Reason) String() string { return reasonNames[r] }

// FirstFactorFailed reports whether the attempt ended before the first factor
// was accepted. Such a row never reached Conditional Access: it is attack or
// typo, never policy friction.
func (r Reason) FirstFactorFailed() bool {
	switch r {
	case BadPassword, NoSuchUser, Locked, Disabled, ExpiredPassword, ClientCredential:
		return true
	}
	return false
}

// PolicyBlocked reports whether a policy refused the attempt.
func (r Reason) PolicyBlocked() bool {
	switch r {
	case PolicyBlock, DeviceNotCompliant, DeviceNotJoined, RiskBlock:
		return true
	}
	return false
}
