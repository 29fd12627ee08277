package ingest

import (
	"slices"
	"strings"

	"frisk/internal/signin"
)

// signIn settles stream, outcome, factors and application, and reports whether
// the event is a sign-in at all. The events are those of the appendix pages
// login, saml, token and context_aware_access of the Reports API.
func (g *googleEvent) signIn(ev *signin.Event) bool {
	ev.Code = g.name
	ev.Stream = signin.Interactive
	switch g.app {
	case "login":
		return g.login(ev)
	case "saml":
		return g.saml(ev)
	case "token":
		if g.name != "authorize" { // activity is use of a token, revoke its end
			return false
		}
		ev.Stream, ev.Outcome = signin.NonInteractive, signin.Success
		ev.App = signin.Target{ID: g.param("client_id"), Name: g.param("app_name")}
		ev.Client, ev.Protocol = g.param("client_type"), "oAuth2"
		return true
	case "context_aware_access":
		return g.contextAware(ev)
	}
	return false
}

func (g *googleEvent) login(ev *signin.Event) bool {
	methods := g.params("login_challenge_method")
	status := g.param("login_challenge_status")
	switch g.name {
	case "login_success":
		ev.Outcome = signin.Success
	case "login_failure":
		ev.Outcome = signin.Failure
		ev.Reason = googleFailure(g.param("login_failure_type"), methods)
		ev.ReasonText = g.param("login_failure_type")
		ev.Code = firstSaid(ev.ReasonText, g.name)
	case "login_challenge", "login_verification":
		switch googlePassed(status) {
		case signin.True:
			ev.Outcome = signin.Success
		case signin.False:
			ev.Outcome, ev.Reason = signin.Failure, signin.MFAFailed
			if onlyPassword(methods) {
				ev.Reason = signin.BadPassword
			}
			ev.Code = g.name + ": " + status
		default: // presented, and nothing said of an answer
			ev.Outcome, ev.Reason = signin.Challenge, signin.MFARequired
			if onlyPassword(methods) {
				ev.Reason = signin.Interrupt
			}
		}
		ev.ReasonText = status
	case "suspicious_login":
		// A warning about a login that has its own event; how it ended is there.
	case "suspicious_login_less_secure_app", "suspicious_programmatic_login":
		ev.Outcome, ev.Reason = signin.Failure, signin.RiskBlock // Google blocked it
	default:
		return false
	}
	typ := g.param("login_type")
	switch typ {
	case "saml":
		ev.Protocol = "saml20"
	case "exchange": // a session made from a token
		ev.Stream = signin.NonInteractive
	}
	ev.Detail = typ
	g.factors(ev, methods)
	return true
}

// factors settles what the event says of login_challenge_method.
func (g *googleEvent) factors(ev *signin.Event, methods []string) {
	m := &ev.MFA
	second, both, strange := false, false, false
	var names []string
	var steps []signin.Factor
	for _, method := range methods {
		if method == "none" {
			continue
		}
		f := signin.Factor{Method: method}
		switch {
		case ev.Outcome == signin.Success:
			f.Succeeded = "true"
		case ev.Outcome == signin.Failure && len(methods) == 1:
			f.Succeeded = "false" // of several, which one failed is not told
		}
		names = append(names, method)
		steps = append(steps, f)
		kind := googleMethod(method)
		second = second || kind == googleHeld
		both = both || kind == googleBoth
		strange = strange || kind == googleStrange
	}
	m.Methods = g.r.set(names...)
	if ev.Outcome != signin.Success || g.name == "login_success" { // which repeats what was verified
		m.Factors = g.r.factors(steps...)
	}
	second = second || signin.ParseTruth(g.param("is_second_factor")) == signin.True
	switch {
	case ev.Outcome == signin.Success && (second || both):
		m.State = signin.MFADone
	case ev.Outcome == signin.Success && len(names) > 0 && !strange && g.name == "login_success":
		m.State = signin.MFANotDone
	case ev.Outcome == signin.Challenge, ev.Outcome == signin.Failure && (second || gaveNoSecond(ev.Reason)):
		m.State = signin.MFANotDone
	}
}

// What a login_challenge_method proves.
type googleProof uint8

const (
	googleStrange googleProof = iota // not known, or another provider's business
	googleFirst                      // what the person knows, or nothing at all
	googleHeld                       // something the person has: a second factor
	googleBoth                       // both at once
)

// googleMethod knows the values the login appendix lists and those met. Questions
// about an employee id, a recovery address, the usual place or just any phone
// are asked of suspicious logins and prove nothing held. With "saml" another
// identity provider asked, for what is not told.
func googleMethod(method string) googleProof {
	switch method {
	case "password", "login_location", "time_delay", "none", "captcha", "idv_any_phone", "idv_any_email", "idv_preregistered_email":
		return googleFirst
	case "google_prompt", "google_authenticator", "security_key", "security_key_otp", "backup_code", "rescue_code", "offline_otp",
		"internal_two_factor", "idv_preregistered_phone", "device_prompt", "device_assertion", "device_preregistered_phone":
		return googleHeld
	case "passkey":
		return googleBoth
	}
	if strings.HasPrefix(method, "knowledge_") {
		return googleFirst
	}
	return googleStrange
}

func googleSecond(method string) bool { return googleMethod(method) == googleHeld }

// onlyPassword reports that nothing but the password was asked for.
func onlyPassword(methods []string) bool {
	return len(methods) > 0 && !slices.ContainsFunc(methods, func(m string) bool { return m != "password" })
}

// googlePassed reads login_challenge_status: "passed" and words for a wrong
// answer ("incorrect_answer_entered") in new activities, sentences
// ("Challenge Passed.", "Challenge Failed.") in old ones.
func googlePassed(status string) signin.Truth {
	s := strings.ToLower(status)
	switch {
	case s == "":
		return signin.Unknown
	case strings.Contains(s, "fail"), strings.Contains(s, "incorrect"), strings.Contains(s, "wrong"), strings.Contains(s, "denied"), strings.Contains(s, "reject"), strings.Contains(s, "timeout"), strings.Contains(s, "expired"):
		return signin.False // before the next: "incorrect_password"
	case strings.Contains(s, "passed"), strings.Contains(s, "success"):
		return signin.True
	}
	return signin.Unknown
}

// googleFailure classes login_failure_type. Newer activities leave it out; the
// method asked last then tells whether the password was wrong.
func googleFailure(typ string, methods []string) signin.Reason {
	switch typ {
	case "login_failure_invalid_password":
		return signin.BadPassword
	case "login_failure_account_disabled":
		return signin.Disabled
	case "login_failure_access_code_disallowed": // "does not have permission to login to the service"
		return signin.PolicyBlock
	case "login_failure_invalid_second_factor":
		return signin.MFAFailed
	}
	switch {
	case slices.ContainsFunc(methods, googleSecond):
		return signin.MFAFailed
	case onlyPassword(methods):
		return signin.BadPassword
	}
	return signin.OtherReason
}

// saml is a sign-in to another application with the Google account.
func (g *googleEvent) saml(ev *signin.Event) bool {
	switch g.name {
	case "login_success":
		ev.Outcome = signin.Success
	case "login_failure":
		ev.Outcome = signin.Failure
		ev.ReasonText = firstSaid(g.param("failure_type"), g.param("saml_status_code"))
		ev.Code = firstSaid(ev.ReasonText, g.name)
		ev.Reason = googleSAML(g.param("failure_type"))
	default:
		return false
	}
	ev.Protocol = "saml20"
	ev.App.Name = g.param("application_name")
	ev.Detail = firstSaid(g.param("saml_second_level_status_code"), g.param("saml_status_code"))
	if ev.Detail == "" && g.param("initiated_by") != "" {
		ev.Detail = "initiated by " + g.param("initiated_by")
	}
	return true
}

func googleSAML(failure string) signin.Reason {
	switch failure {
	case "failure_app_not_enabled_for_user", "failure_app_not_configured", "failure_app_not_configured_for_user":
		return signin.AppNotAssigned
	case "failure_no_passive", "failure_request_denied":
		return signin.OtherReason
	case "failure_invalid_name_id_mapping", "failure_malformed_request", "failure_passive_not_supported":
		return signin.ProtocolError
	}
	return signin.OtherReason
}

// contextAware is access refused by an access level. A monitored refusal let
// the person in and is no outcome.
func (g *googleEvent) contextAware(ev *signin.Event) bool {
	switch g.name {
	case "ACCESS_DENY_EVENT":
		ev.Reason = signin.PolicyBlock
	case "ACCESS_DENY_INTERNAL_ERROR_EVENT":
		ev.Reason = signin.ServiceError
	default:
		return false
	}
	ev.Outcome = signin.Failure
	ev.App.Name = g.param("CAA_APPLICATION")
	ev.Device.ID = g.param("CAA_DEVICE_ID")
	ev.Detail = g.param("CAA_DEVICE_STATE")
	applied, unsatisfied := g.params("CAA_ACCESS_LEVEL_APPLIED"), g.params("CAA_ACCESS_LEVEL_UNSATISFIED")
	refused, listed := map[string]bool{}, map[string]bool{}
	for _, name := range unsatisfied {
		refused[name] = true
	}
	var policies []signin.RecordedPolicy
	for _, name := range applied {
		listed[name] = true
		p := signin.RecordedPolicy{ID: name, Name: name, Result: "success", Satisfied: -1, NotSatisfied: -1}
		switch {
		case refused[name], len(unsatisfied) == 0 && len(applied) == 1:
			p.Result = "failure"
		case len(unsatisfied) == 0:
			p.Result = "" // one of them refused; which one is not told
		}
		policies = append(policies, p)
	}
	for _, name := range unsatisfied {
		if !listed[name] {
			policies = append(policies, signin.RecordedPolicy{ID: name, Name: name, Result: "failure", Satisfied: -1, NotSatisfied: -1})
		}
	}
	ev.Policies = signin.EncodeList(policies)
	return true
}
