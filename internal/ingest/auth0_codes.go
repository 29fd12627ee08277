package ingest

import "frisk/internal/signin"

// auth0Code says what a type code of an Auth0 log is.
type auth0Code struct {
	outcome signin.Outcome
	reason  signin.Reason // OtherReason: told from the description
	mfa     signin.MFAState
	stream  signin.Stream
	method  string // the factor the code names
	grant   string // how a token was asked for, "" of a login page
}

// auth0Codes are the type codes that are attempts to sign in (auth0.com/docs/
// deploy-monitor/logs/log-event-type-codes; the schemas of auth0-log-schemas).
// Every other code is counted by its type: sign-ups (ss, fs), log-outs, messages
// sent (cls, cs, gd_send_*), enrolments, management calls, and ss_sso_*, which
// is the set-up of self-service connections.
var auth0Codes = map[string]auth0Code{
	"s":    {outcome: signin.Success, stream: signin.Interactive},
	"scoa": {outcome: signin.Success, stream: signin.Interactive, grant: "cross_origin"},
	"ssa":  {outcome: signin.Success, stream: signin.NonInteractive, grant: "silent"},
	"sens": {outcome: signin.Success, stream: signin.Interactive, grant: "native_social"},
	"sd":   {outcome: signin.Success, stream: signin.NonInteractive, grant: "delegation"},

	"sepft":     {outcome: signin.Success, stream: signin.Interactive, method: "password", grant: "password"},
	"seacft":    {outcome: signin.Success, stream: signin.NonInteractive, grant: "authorization_code"},
	"seccft":    {outcome: signin.Success, stream: signin.ServicePrincipal, grant: "client_credentials"},
	"sertft":    {outcome: signin.Success, stream: signin.NonInteractive, grant: "refresh_token"},
	"sede":      {outcome: signin.Success, stream: signin.Interactive, grant: "device_code"},
	"secte":     {outcome: signin.Success, stream: signin.NonInteractive, grant: "token_exchange"},
	"seoobft":   {outcome: signin.Success, mfa: signin.MFADone, stream: signin.Interactive, method: "oob", grant: "mfa_oob"},
	"seotpft":   {outcome: signin.Success, mfa: signin.MFADone, stream: signin.Interactive, method: "otp", grant: "mfa_otp"},
	"sercft":    {outcome: signin.Success, mfa: signin.MFADone, stream: signin.Interactive, method: "recovery-code", grant: "mfa_recovery_code"},
	"sepkoobft": {outcome: signin.Success, mfa: signin.MFADone, stream: signin.Interactive, method: "oob", grant: "mfa_oob"},
	"sepkotpft": {outcome: signin.Success, mfa: signin.MFADone, stream: signin.Interactive, method: "otp", grant: "mfa_otp"},
	"sepkrcft":  {outcome: signin.Success, mfa: signin.MFADone, stream: signin.Interactive, method: "recovery-code", grant: "mfa_recovery_code"},

	"ciba_exchange_succeeded":               {outcome: signin.Success, stream: signin.NonInteractive, grant: "ciba"},
	"succeeded_on_behalf_of_token_exchange": {outcome: signin.Success, stream: signin.NonInteractive, grant: "token_exchange"},

	"f":    {outcome: signin.Failure, reason: signin.OtherReason, stream: signin.Interactive},
	"fp":   {outcome: signin.Failure, reason: signin.BadPassword, stream: signin.Interactive, method: "password"},
	"fu":   {outcome: signin.Failure, reason: signin.NoSuchUser, stream: signin.Interactive},
	"fc":   {outcome: signin.Failure, reason: signin.ServiceError, stream: signin.Interactive},
	"fco":  {outcome: signin.Failure, reason: signin.ProtocolError, stream: signin.Interactive, grant: "cross_origin"},
	"fcoa": {outcome: signin.Failure, reason: signin.OtherReason, stream: signin.Interactive, grant: "cross_origin"},
	"fsa":  {outcome: signin.Failure, reason: signin.Silent, stream: signin.NonInteractive, grant: "silent"},
	"fens": {outcome: signin.Failure, reason: signin.OtherReason, stream: signin.Interactive, grant: "native_social"},
	"fd":   {outcome: signin.Failure, reason: signin.OtherReason, stream: signin.NonInteractive, grant: "delegation"},

	"fepft":    {outcome: signin.Failure, reason: signin.OtherReason, stream: signin.Interactive, grant: "password"},
	"feacft":   {outcome: signin.Failure, reason: signin.BadToken, stream: signin.NonInteractive, grant: "authorization_code"},
	"feccft":   {outcome: signin.Failure, reason: signin.ClientCredential, stream: signin.ServicePrincipal, grant: "client_credentials"},
	"fertft":   {outcome: signin.Failure, reason: signin.BadToken, stream: signin.NonInteractive, grant: "refresh_token"},
	"ferrt":    {outcome: signin.Failure, reason: signin.BadToken, stream: signin.NonInteractive, grant: "refresh_token"},
	"fede":     {outcome: signin.Failure, reason: signin.BadToken, stream: signin.Interactive, grant: "device_code"},
	"fdecc":    {outcome: signin.Failure, reason: signin.Consent, stream: signin.Interactive, grant: "device_code"},
	"fecte":    {outcome: signin.Failure, reason: signin.BadToken, stream: signin.NonInteractive, grant: "token_exchange"},
	"fepotpft": {outcome: signin.Failure, reason: signin.MFAFailed, mfa: signin.MFANotDone, stream: signin.Interactive, method: "otp", grant: "passwordless_otp"},
	"feoobft":  {outcome: signin.Failure, reason: signin.MFAFailed, mfa: signin.MFANotDone, stream: signin.Interactive, method: "oob", grant: "mfa_oob"},
	"feotpft":  {outcome: signin.Failure, reason: signin.MFAFailed, mfa: signin.MFANotDone, stream: signin.Interactive, method: "otp", grant: "mfa_otp"},
	"fercft":   {outcome: signin.Failure, reason: signin.MFAFailed, mfa: signin.MFANotDone, stream: signin.Interactive, method: "recovery-code", grant: "mfa_recovery_code"},

	"ciba_exchange_failed":               {outcome: signin.Failure, reason: signin.OtherReason, stream: signin.NonInteractive, grant: "ciba"},
	"failed_on_behalf_of_token_exchange": {outcome: signin.Failure, reason: signin.BadToken, stream: signin.NonInteractive, grant: "token_exchange"},
	"passkey_challenge_failed":           {outcome: signin.Failure, reason: signin.OtherReason, stream: signin.Interactive, method: "passkey"},

	// Second factors. A rate limit of codes is a failed second factor, not a lock:
	// the password was right.
	"mfar":                          {outcome: signin.Challenge, reason: signin.MFARequired, mfa: signin.MFANotDone, stream: signin.Interactive},
	"gd_start_auth":                 {outcome: signin.Challenge, reason: signin.MFARequired, mfa: signin.MFANotDone, stream: signin.Interactive},
	"gd_auth_succeed":               {outcome: signin.Success, mfa: signin.MFADone, stream: signin.Interactive, method: "guardian"},
	"gd_auth_failed":                {outcome: signin.Failure, reason: signin.MFAFailed, mfa: signin.MFANotDone, stream: signin.Interactive, method: "guardian"},
	"gd_auth_rejected":              {outcome: signin.Failure, reason: signin.MFADenied, mfa: signin.MFANotDone, stream: signin.Interactive, method: "guardian-push"},
	"gd_otp_rate_limit_exceed":      {outcome: signin.Failure, reason: signin.MFAFailed, mfa: signin.MFANotDone, stream: signin.Interactive, method: "otp"},
	"gd_recovery_succeed":           {outcome: signin.Success, mfa: signin.MFADone, stream: signin.Interactive, method: "recovery-code"},
	"gd_recovery_failed":            {outcome: signin.Failure, reason: signin.MFAFailed, mfa: signin.MFANotDone, stream: signin.Interactive, method: "recovery-code"},
	"gd_recovery_rate_limit_exceed": {outcome: signin.Failure, reason: signin.MFAFailed, mfa: signin.MFANotDone, stream: signin.Interactive, method: "recovery-code"},
	"gd_webauthn_challenge_failed":  {outcome: signin.Failure, reason: signin.MFAFailed, mfa: signin.MFANotDone, stream: signin.Interactive, method: "webauthn"},

	// Attack protection refused the attempt.
	"limit_wc":  {outcome: signin.Failure, reason: signin.Locked, stream: signin.Interactive},
	"limit_sul": {outcome: signin.Failure, reason: signin.Locked, stream: signin.Interactive},
	"limit_mu":  {outcome: signin.Failure, reason: signin.Locked, stream: signin.Interactive},
	"pwd_leak":  {outcome: signin.Failure, reason: signin.RiskBlock, stream: signin.Interactive},
}

// auth0Words classes descriptions of the codes whose reason is told there.
var auth0Words = []wordReason{
	{"wrong email or password", signin.BadPassword},
	{"wrong username or password", signin.BadPassword},
	{"wrong email or verification code", signin.BadPassword},
	{"invalid username or password", signin.BadPassword},
	{"invalid user credentials", signin.BadPassword},
	{"password expired", signin.ExpiredPassword},
	{"mfa_required", signin.MFARequired},
	{"mfa_invalid_code", signin.MFAFailed},
	{"multifactor", signin.MFAFailed},
	{"too many", signin.Locked},
	{"user is blocked", signin.Disabled},
	{"has been blocked", signin.Locked},
	{"blocked", signin.Disabled},
	{"user does not exist", signin.NoSuchUser},
	{"user not found", signin.NoSuchUser},
	{"unknown or invalid refresh token", signin.BadToken},
	{"invalid_grant", signin.BadToken},
	{"consent", signin.Consent},
	{"not assigned", signin.AppNotAssigned},
	{"access_denied", signin.PolicyBlock},
	{"access denied", signin.PolicyBlock},
	{"unauthorized", signin.PolicyBlock},
	{"callback url mismatch", signin.ProtocolError},
	{"invalid_request", signin.ProtocolError},
	{"missing required parameter", signin.ProtocolError},
	{"timeout", signin.ServiceError},
}
