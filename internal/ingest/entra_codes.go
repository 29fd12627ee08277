package ingest

import (
	"strconv"
	"strings"

	"frisk/internal/signin"
)

// entraCodesVersion dates the table below: the page
// learn.microsoft.com/entra/identity-platform/reference-error-codes as of
// 2024-04-24. Microsoft declares codes subject to change. Which codes are
// interrupts, not failures, follows the Sign-in Failure Analysis workbook
// (github.com/microsoft/Application-Insights-Workbooks), which labels them
// "pending user action"; that a session control is behind 70043 and 70044, and
// what blocks 53009, follows learn.microsoft.com/entra/identity/conditional-access.
const entraCodesVersion = "2024-04-24"

// entraCode gives the outcome and shared class of a range of result codes.
type entraCode struct {
	from, to int
	outcome  signin.Outcome
	reason   signin.Reason
	name     string
}

var entraCodes = []entraCode{
	{0, 0, signin.Success, signin.ReasonNone, "success"},

	// Interrupts: the person, or the application, was asked for something more.
	{16000, 16003, signin.Challenge, signin.Interrupt, "account picker"},
	{29200, 29200, signin.Challenge, signin.Interrupt, "pending user action"},
	{50019, 50019, signin.Challenge, signin.Interrupt, "pending user action"},
	{50055, 50055, signin.Challenge, signin.ExpiredPassword, "password expired"},
	{50058, 50058, signin.Challenge, signin.Silent, "no session for a silent request"},
	{50059, 50059, signin.Challenge, signin.Interrupt, "no tenant information in the request"},
	{50072, 50072, signin.Challenge, signin.MFAEnrol, "enrolment for a second factor"},
	{50074, 50074, signin.Challenge, signin.MFARequired, "strong authentication required"},
	{50076, 50076, signin.Challenge, signin.MFARequired, "second factor required"},
	{50078, 50078, signin.Challenge, signin.MFARequired, "second factor expired by policy"},
	{50079, 50079, signin.Challenge, signin.MFAEnrol, "must register for a second factor"},
	{50089, 50089, signin.Challenge, signin.SessionExpired, "flow token expired"},
	{50097, 50097, signin.Challenge, signin.Interrupt, "device authentication needed"},
	{50125, 50125, signin.Challenge, signin.Interrupt, "password reset or registration"},
	{50127, 50127, signin.Challenge, signin.Interrupt, "broker application not installed"},
	{50129, 50129, signin.Challenge, signin.DeviceNotJoined, "device not workplace joined"},
	{50132, 50133, signin.Challenge, signin.SessionExpired, "session invalid after a password change"},
	{50135, 50135, signin.Challenge, signin.Interrupt, "password change because of account risk"},
	{50140, 50140, signin.Challenge, signin.Interrupt, "keep me signed in"},
	{50142, 50142, signin.Challenge, signin.Interrupt, "password change required by Conditional Access"},
	{50143, 50143, signin.Challenge, signin.Interrupt, "session mismatch"},
	{50144, 50144, signin.Challenge, signin.ExpiredPassword, "Active Directory password expired"},
	{50148, 50148, signin.Challenge, signin.Interrupt, "pending user action"},
	{50158, 50158, signin.Challenge, signin.MFARequired, "external challenge not satisfied"},
	{50168, 50168, signin.Challenge, signin.Interrupt, "browser extension token missing"},
	{50173, 50173, signin.Challenge, signin.SessionExpired, "fresh token needed, grant revoked"},
	{50199, 50199, signin.Challenge, signin.Interrupt, "confirm the application"},
	{51006, 51006, signin.Challenge, signin.Interrupt, "Windows integrated authentication needed"},
	{52004, 52004, signin.Challenge, signin.Interrupt, "LinkedIn consent"},
	{65001, 65001, signin.Challenge, signin.Consent, "consent needed"},
	{70008, 70008, signin.Challenge, signin.SessionExpired, "refresh token expired by inactivity"},
	{70016, 70016, signin.Challenge, signin.Silent, "device code pending"},
	{70043, 70044, signin.Challenge, signin.SignInFrequency, "ended by sign-in frequency"},
	{81010, 81010, signin.Challenge, signin.Silent, "seamless single sign-on ticket"},
	{81012, 81012, signin.Challenge, signin.Silent, "seamless single sign-on ticket"},
	{81014, 81014, signin.Challenge, signin.Silent, "seamless single sign-on ticket"},
	{90094, 90095, signin.Challenge, signin.Consent, "administrator consent needed"},
	{165100, 165100, signin.Challenge, signin.Interrupt, "pending user action"},
	{700082, 700082, signin.Challenge, signin.SessionExpired, "refresh token expired by inactivity"},
	{700084, 700084, signin.Challenge, signin.SessionExpired, "refresh token of a single-page application expired"},
	{900941, 900941, signin.Challenge, signin.Consent, "administrator consent needed"},

	// The person, or whoever tried, failed.
	{50034, 50034, signin.Failure, signin.NoSuchUser, "unknown user"},
	{51004, 51004, signin.Failure, signin.NoSuchUser, "account not in the directory"},
	{50053, 50053, signin.Failure, signin.Locked, "locked out, or a malicious address"},
	{50056, 50056, signin.Failure, signin.BadPassword, "no password"},
	{50057, 50057, signin.Failure, signin.Disabled, "account disabled"},
	{50064, 50064, signin.Failure, signin.BadPassword, "credential validation failed"},
	{50088, 50088, signin.Failure, signin.MFAFailed, "telephone limit reached"},
	{50126, 50126, signin.Failure, signin.BadPassword, "wrong name or password"},
	{50155, 50155, signin.Failure, signin.BadToken, "device authentication failed"},
	{50187, 50187, signin.Failure, signin.BadToken, "device authentication failed"},
	{65004, 65004, signin.Failure, signin.Consent, "consent declined"},
	{70018, 70019, signin.Failure, signin.ProtocolError, "device code wrong or expired"},
	{120000, 120020, signin.Failure, signin.OtherReason, "password change failed"},
	{130007, 130007, signin.Failure, signin.BadToken, "device disabled"},
	{135011, 135011, signin.Failure, signin.BadToken, "device disabled"},
	{500121, 500121, signin.Failure, signin.MFAFailed, "failed during strong authentication"},

	// A policy or the tenant refused.
	{50005, 50005, signin.Failure, signin.PolicyBlock, "platform not supported"},
	{50020, 50020, signin.Failure, signin.TenantBlock, "account not in the tenant"},
	{50105, 50105, signin.Failure, signin.AppNotAssigned, "not assigned to the application"},
	{50131, 50131, signin.Failure, signin.PolicyBlock, "Conditional Access failed"},
	{50177, 50178, signin.Failure, signin.PolicyBlock, "challenge or session control not possible"},
	{53000, 53000, signin.Failure, signin.DeviceNotCompliant, "device not compliant"},
	{53001, 53001, signin.Failure, signin.DeviceNotJoined, "device not domain joined"},
	{53002, 53002, signin.Failure, signin.PolicyBlock, "not an approved application"},
	{53003, 53003, signin.Failure, signin.PolicyBlock, "blocked by Conditional Access"},
	{53004, 53004, signin.Failure, signin.RiskBlock, "registration blocked by risk"},
	{53009, 53009, signin.Failure, signin.PolicyBlock, "application must be protected"},
	{53010, 53010, signin.Failure, signin.PolicyBlock, "registration only from certain places"},
	{53011, 53011, signin.Failure, signin.RiskBlock, "blocked by risk in the home tenant"},
	{90072, 90072, signin.Failure, signin.TenantBlock, "external account not in the tenant"},
	{500021, 500022, signin.Failure, signin.TenantBlock, "tenant restrictions"},
	{500212, 500213, signin.Failure, signin.TenantBlock, "cross-tenant access"},
	{530002, 530002, signin.Failure, signin.DeviceNotCompliant, "device must be compliant"},
	{530003, 530003, signin.Failure, signin.DeviceNotJoined, "device must be managed"},
	{530032, 530032, signin.Failure, signin.PolicyBlock, "blocked by a tenant security policy"},
	{530034, 530034, signin.Failure, signin.TenantBlock, "delegated administrator blocked"},
	{530035, 530035, signin.Failure, signin.PolicyBlock, "blocked by security defaults"},
	{700016, 700016, signin.Failure, signin.AppNotAssigned, "application not found in the tenant"},
	{7000112, 7000112, signin.Failure, signin.AppNotAssigned, "application disabled"},

	// Applications, developers and the service.
	{50000, 50000, signin.Failure, signin.ServiceError, "token issuance failed"},
	{50011, 50011, signin.Failure, signin.ProtocolError, "reply address mismatch"},
	{50033, 50033, signin.Failure, signin.ServiceError, "transient error"},
	{50196, 50196, signin.Failure, signin.ProtocolError, "client loop"},
	{70011, 70011, signin.Failure, signin.ProtocolError, "invalid scope"},
	{75011, 75011, signin.Failure, signin.ProtocolError, "authentication method mismatch"},
	{80001, 80011, signin.Failure, signin.ServiceError, "pass-through authentication agent"},
	// Before Conditional Access, so no class that counts as a policy's block.
	{80012, 80012, signin.Failure, signin.OtherReason, "outside the hours Active Directory allows"},
	{80013, 80014, signin.Failure, signin.ServiceError, "pass-through authentication agent"},
	{90006, 90006, signin.Failure, signin.ServiceError, "transient error"},
	{90014, 90014, signin.Failure, signin.ProtocolError, "missing field in the request"},
	{90024, 90024, signin.Failure, signin.ServiceError, "transient error"},
	{90033, 90033, signin.Failure, signin.ServiceError, "service unavailable"},
	{700027, 700027, signin.Failure, signin.ClientCredential, "client assertion invalid"},
	{900561, 900561, signin.Failure, signin.ProtocolError, "wrong request method"},
	{7000215, 7000215, signin.Failure, signin.ClientCredential, "client secret wrong"},
	{7000222, 7000222, signin.Failure, signin.ClientCredential, "client secret expired"},
}

type verdict struct {
	outcome signin.Outcome
	reason  signin.Reason
}

var entraVerdicts = func() map[string]verdict {
	m := map[string]verdict{}
	for _, c := range entraCodes {
		for n := c.from; n <= c.to; n++ {
			key := strconv.Itoa(n)
			if _, dup := m[key]; dup {
				panic("ingest: entra code " + key + " is listed twice")
			}
			m[key] = verdict{c.outcome, c.reason}
		}
	}
	return m
}()

// entraVerdict classes a result code; known is false when it is not in the
// table, which makes it a failure of the class other. detail is Graph
// status.additionalDetails, which splits 500121: its texts are those of the
// Azure-Sentinel analytics rules and of the multifactor settings page.
func entraVerdict(code, detail string) (v verdict, known bool) {
	v, known = entraVerdicts[code]
	if !known {
		return verdict{signin.Failure, signin.OtherReason}, false
	}
	if code == "500121" {
		d := strings.ToLower(detail)
		switch {
		case strings.Contains(d, "fraud"):
			v.reason = signin.MFAFraud
		case strings.Contains(d, "declined"), strings.Contains(d, "denied") && !strings.Contains(d, ";"):
			v.reason = signin.MFADenied
		case strings.Contains(d, "did not respond"), strings.Contains(d, "timed out"), strings.Contains(d, "timeout"):
			v.reason = signin.MFATimeout
		}
	}
	return v, true
}
