package ingest

import (
	"strings"

	"frisk/internal/signin"
)

// oktaDenyPush is a refused Okta Verify prompt, whatever its outcome says.
const oktaDenyPush = "user.mfa.okta_verify.deny_push"

// oktaReport is a person's answer to Okta's mail about new activity: it was not
// theirs (Okta help, Suspicious Activity Reporting). It is no sign-in but speaks of
// one, by address and transaction; the address of the event itself is where the
// person answered from.
const oktaReport = "user.account.report_suspicious_activity_by_enduser"

// oktaReported is what the report is called among the risk events, as Entra does.
const oktaReported = "userReportedSuspiciousActivity"

// oktaSignIn tells whether an event type is a sign-in, and of which stream. The
// types are those of developer.okta.com/docs/reference/api/event-types; session
// ends, account locks and lifecycle events are not attempts to sign in.
func oktaSignIn(typ string) (signin.Stream, bool) {
	switch typ {
	case "user.session.start", "policy.evaluate_sign_on", oktaDenyPush:
		return signin.Interactive, true
	case oktaReport:
		return signin.StreamUnknown, true
	case "user.authentication.slo", "user.authentication.universal_logout":
		return signin.StreamUnknown, false
	}
	switch {
	case strings.HasPrefix(typ, "user.authentication."):
		return signin.Interactive, true
	case strings.HasPrefix(typ, "app.oauth2.") && (strings.Contains(typ, ".authorize") || strings.Contains(typ, ".token.grant")):
		return signin.NonInteractive, true
	}
	return signin.StreamUnknown, false
}

// finish turns what was collected into the event.
func (r *oktaRow) finish() (other string, err error) {
	ev := r.ev
	typ := r.v[oEventType]
	if typ == "" {
		return "", errNoType
	}
	stream, ok := oktaSignIn(typ)
	if !ok {
		return typ, nil
	}
	ev.Stream = stream
	if oktaUnsaid(r.v[oPublished]) {
		return "", errNoPublished
	}
	t, zoned, err := parseTime(r.v[oPublished])
	if err != nil {
		return "", err
	}
	if !zoned {
		r.t.note(noteNoZone)
	}
	ev.Time = t
	for i, v := range r.v {
		if oktaUnsaid(v) {
			r.v[i] = ""
		}
	}
	ev.ID = lowerGUID(r.v[oUUID])
	ev.Correlation = r.v[oTransaction]
	ev.Session = r.v[oSession]
	if ev.Session == "" {
		ev.Session = r.v[oRootSession]
	}
	r.who()
	if typ == oktaReport {
		r.report()
		return "", nil
	}
	r.result(typ)
	r.factors(typ)
	r.client()
	r.risk()
	if app, ok := r.target("AppInstance"); ok {
		ev.App = signin.Target{ID: app.id, Name: firstSaid(app.display, app.name)}
	}
	r.policy()
	return "", nil
}

// report keeps what the person reported, with neither outcome nor client: those in
// the event are of the answer.
func (r *oktaRow) report() {
	ev := r.ev
	ev.Session, ev.OriginalRequest = "", r.v[oReportedTransaction] // not Correlation: it is no part of that sign-in's rows
	ev.ReasonText = r.v[oMessage]
	var ok bool
	if ev.Source.IP, _, ok = parseAddr(r.v[oReportedIP]); !ok {
		r.t.note(noteBadAddress)
	}
	ev.Risk.Events = r.sc.memo.set([]string{oktaReported})
}

func firstSaid(texts ...string) string {
	for _, t := range texts {
		if !oktaUnsaid(t) {
			return t
		}
	}
	return ""
}

// who is the actor, or the user it acted on when the actor is a machine.
func (r *oktaRow) who() {
	p := &r.ev.Principal
	p.ID, p.Name, p.Display = r.v[oActorID], strings.ToLower(r.v[oActorName]), r.v[oActorDisplay]
	p.Kind = signin.Member
	if typ := r.v[oActorType]; typ == "User" || typ == "" {
		return
	}
	if u, ok := r.target("User", "AppUser"); ok {
		p.ID, p.Name, p.Display = firstSaid(u.id), strings.ToLower(firstSaid(u.name)), firstSaid(u.display)
		return
	}
	p.Kind = signin.Service
}

// result settles outcome, code and class.
func (r *oktaRow) result(typ string) {
	ev := r.ev
	result, reason := r.v[oResult], r.v[oReason]
	ev.ReasonText = firstSaid(reason, r.v[oMessage])
	ev.Code = result
	if isCode(reason) {
		ev.Code = reason
	}
	if typ == oktaDenyPush {
		// The event says that the person refused; SUCCESS there is of the refusing.
		ev.Outcome, ev.Reason = signin.Failure, signin.MFADenied
		return
	}
	switch result {
	case "SUCCESS", "ALLOW":
		ev.Outcome = signin.Success
		return
	case "CHALLENGE":
		ev.Outcome, ev.Reason = signin.Challenge, signin.MFARequired
		return
	case "FAILURE", "DENY", "ABANDONED", "RATE_LIMIT":
		ev.Outcome = signin.Failure
	default:
		return // SKIPPED, DEFERRED and silence say nothing of the end
	}
	ev.Reason = oktaReason(typ, result, reason, r.v[oActorID] == "")
}

// isCode reports whether a reason is a constant such as INVALID_CREDENTIALS and
// not a sentence.
func isCode(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return s != ""
}

// oktaReasons maps words of outcome.reason to the shared class; the first hit
// counts. Okta writes constants and sentences.
var oktaReasons = []struct {
	word   string
	reason signin.Reason
}{
	{"invalid_credentials", signin.BadPassword},
	{"invalid_login", signin.BadPassword},
	{"locked_out", signin.Locked},
	{"locked", signin.Locked},
	{"rate_limit", signin.Locked},
	{"rate limit", signin.Locked},
	{"password_expired", signin.ExpiredPassword},
	{"expired_password", signin.ExpiredPassword},
	{"suspended", signin.Disabled},
	{"deactivated", signin.Disabled},
	{"disabled", signin.Disabled},
	{"unknown_user", signin.NoSuchUser},
	{"user_not_found", signin.NoSuchUser},
	{"rejected", signin.MFADenied},
	{"declined by user", signin.MFADenied},
	{"phishing", signin.MFAFailed},
	{"timeout", signin.MFATimeout},
	{"timed out", signin.MFATimeout},
	{"not assigned", signin.AppNotAssigned},
	{"user_not_assigned", signin.AppNotAssigned},
	{"access_denied", signin.PolicyBlock},
	{"zone", signin.PolicyBlock},
	{"policy", signin.PolicyBlock},
	{"invalid_client", signin.ClientCredential},
	{"invalid_grant", signin.BadToken},
	{"invalid_request", signin.ProtocolError},
	{"invalid_scope", signin.ProtocolError},
	{"no_matching_scope", signin.ProtocolError},
}

func oktaReason(typ, result, reason string, noActor bool) signin.Reason {
	second := typ == "user.authentication.auth_via_mfa"
	switch {
	case result == "RATE_LIMIT":
		return signin.Locked
	case result == "DENY":
		return signin.PolicyBlock
	case result == "ABANDONED":
		return signin.MFATimeout
	case reason == "VERIFICATION_ERROR" && typ == "user.session.start":
		if noActor { // the name typed belongs to nobody
			return signin.NoSuchUser
		}
		return signin.BadPassword
	}
	lower := strings.ToLower(reason)
	for _, o := range oktaReasons {
		if strings.Contains(lower, o.word) {
			if second && o.reason == signin.BadPassword {
				break // a wrong code, not a wrong password
			}
			return o.reason
		}
	}
	if second {
		return signin.MFAFailed
	}
	return signin.OtherReason
}

// factors settles what the event says of authentication steps.
func (r *oktaRow) factors(typ string) {
	m := &r.ev.MFA
	method := r.v[oFactor]
	if method == "" {
		method = r.v[oCredential]
	}
	second, _, _ := strings.Cut(r.v[oSecondMethod], ":")
	first, _, _ := strings.Cut(r.v[oFirstMethod], ":")
	var methods []string
	for _, w := range []string{method, first, second} {
		if w != "" {
			methods = append(methods, w)
		}
	}
	m.Methods = r.sc.memo.set(methods)
	step := strings.HasPrefix(typ, "user.authentication.") && method != ""
	if step {
		f := signin.Factor{Method: method, Result: r.v[oReason]}
		switch r.ev.Outcome {
		case signin.Success:
			f.Succeeded = "true"
		case signin.Failure:
			f.Succeeded = "false"
		}
		k := append(r.sc.memo.key[:0], 'o')
		for _, part := range []string{f.Method, f.Succeeded, f.Result} {
			k = keyPart(k, part)
		}
		r.sc.memo.key = k
		l, ok := r.sc.memo.get(k)
		if !ok {
			l = r.sc.memo.put(k, signin.EncodeList([]signin.Factor{f}))
		}
		m.Factors = l
	}
	isSecond := step && methodClass(method) != methodFirst || second != ""
	switch {
	case r.ev.Outcome == signin.Success && isSecond:
		m.State = signin.MFADone
	case r.ev.Outcome == signin.Challenge, r.ev.Outcome == signin.Failure && (isSecond || gaveNoSecond(r.ev.Reason)):
		m.State = signin.MFANotDone
	}
}

// client settles address, place and device.
func (r *oktaRow) client() {
	ev := r.ev
	var ok bool
	ip := r.v[oIP]
	if ip == "" {
		ip = r.firstHop()
	}
	if ev.Source.IP, ev.Source.Port, ok = parseAddr(ip); !ok {
		r.t.note(noteBadAddress)
	}
	ev.ASN, ev.ASNOrg = parseASN(r.v[oASN]), r.v[oASNOrg]
	g := &ev.Geo
	g.City, g.Region, g.Country = r.v[oCity], r.v[oState], countryCode(r.v[oCountry])
	coordinates(g, r.v[oLat], r.v[oLon], r.t)
	if g.Country != "" || g.City != "" || g.Region != "" || g.Located {
		g.Source = signin.GeoLog
	}
	ev.Client, ev.UserAgent = r.v[oClientDevice], r.v[oUserAgent]
	ev.Protocol = canonical(r.v[oSignOnMode])
	if ev.Protocol == "" {
		ev.Protocol = r.v[oGrantType]
	}
	d := &ev.Device
	d.ID, d.Name, d.Browser = r.v[oDeviceID], r.v[oDeviceName], r.v[oBrowser]
	d.OS = firstSaid(r.v[oDeviceOS], r.v[oUserAgentOS])
	d.Managed = signin.ParseTruth(r.v[oDeviceManaged])
	switch signin.ParseTruth(r.v[oDeviceRegistered]) {
	case signin.True:
		d.Trust = signin.Workplace
	case signin.False:
		d.Trust = signin.TrustNone
	}
}

// policy records the sign-on policy of policy.evaluate_sign_on, in Okta's words.
func (r *oktaRow) policy() {
	t, ok := r.target("PolicyEntity", "PolicyEntry")
	if !ok {
		return
	}
	p := signin.RecordedPolicy{ID: t.id, Name: firstSaid(t.display, t.name), Result: strings.ToLower(r.v[oResult]), Satisfied: -1, NotSatisfied: -1}
	if rule, ok := r.target("PolicyRule"); ok {
		p.Include = []string{"rule:" + firstSaid(rule.display, rule.id)}
	}
	r.ev.Policies = signin.EncodeList([]signin.RecordedPolicy{p})
}
