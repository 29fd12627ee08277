package ingest

import (
	"errors"
	"strings"

	"frisk/internal/signin"
)

var _ = register(Format{
	Name:     "onepassword",
	Doc:      "1Password Events API sign-in attempts, v1 and v2: pages ({\"items\": [...]}), arrays, JSON lines",
	Provider: "onepassword",
	detect: func(s *sample) error {
		if err := s.wantJSON(); err != nil {
			return err
		}
		if !s.has("uuid", "timestamp", "category", "type", "target_user") {
			return errors.New("no record has uuid, timestamp, category, type and target_user")
		}
		return nil
	},
	cut:  cutJSON,
	open: docRows(onePasswordRow),
})

// onePasswordCategories is how a sign-in attempt ended
// (1password.dev/events-api/reference/sign-in-attempt). One that is not in it
// leaves the outcome unknown.
var onePasswordCategories = map[string]struct {
	outcome signin.Outcome
	reason  signin.Reason
}{
	"success":                   {signin.Success, signin.ReasonNone},
	"firewall_reported_success": {signin.Success, signin.ReasonNone}, // a firewall rule that only reports matched
	"credentials_failed":        {signin.Failure, signin.BadPassword},
	"mfa_failed":                {signin.Failure, signin.MFAFailed},
	"sso_failed":                {signin.Failure, signin.OtherReason},
	"firewall_failed":           {signin.Failure, signin.PolicyBlock},
	"modern_version_failed":     {signin.Failure, signin.DeviceNotCompliant},
	"modern_version_required":   {signin.Failure, signin.DeviceNotCompliant}, // its name in an older schema
}

// onePasswordFactors are the second factors that begin the type of a refusal,
// as in "totp_bad", by that beginning. What a platform secret is the reference
// does not say, so it is none.
var onePasswordFactors = []string{"totp", "u2f", "duo", "code"}

var (
	errOnePasswordNoTime     = errors.New("no timestamp")
	errOnePasswordNoCategory = errors.New("no category: neither a sign-in attempt nor another event of the Events API")
)

// onePasswordRow reads a sign-in attempt; item usages and audit events, which a
// collector may keep in the same file, are counted by their action.
func onePasswordRow(r *docRow, v val, ev *signin.Event) (other string, err error) {
	category := v.at("category").said()
	if other := onePasswordOther(v, category); other != "" {
		return other, nil
	}
	if category == "" {
		return "", errOnePasswordNoCategory
	}
	when := v.at("timestamp").said()
	if when == "" {
		return "", errOnePasswordNoTime
	}
	if ev.Time, err = r.time(when); err != nil {
		return "", err
	}
	user, client := v.at("target_user"), v.at("client")
	p := &ev.Principal
	p.ID, p.Name, p.Display = user.at("uuid").said(), strings.ToLower(user.at("email").said()), user.at("name").said()
	if p.ID == "" && p.Name == "" {
		return nobody("sign-in attempt"), nil
	}
	p.Kind, ev.Stream = signin.Member, signin.Interactive
	if user.at("user_type").said() == "external_user" {
		p.Kind = signin.Guest
	}
	ev.Tenant, ev.Code = v.at("account_uuid").said(), v.at("type").said()
	ev.Session = v.at("session_uuid").said()
	ev.Correlation = ev.Session // our reading: the reference says only that it created the event
	ev.Client = client.at("app_name").said()
	r.address(ev, client.at("ip_address").said())
	if ev.ID = v.at("uuid").said(); ev.ID == "" {
		ev.ID = r.deriveID("onepassword", when, p.ID, p.Name, ev.Session, category, ev.Code, client.at("ip_address").text())
	}
	onePasswordDevice(client, ev)
	where := v.at("location")
	country := where.at("country").said()
	if country == "" {
		country = v.at("country").said()
	}
	r.place(ev, country, where.at("region").said(), where.at("city").said(), where.at("latitude").said(), where.at("longitude").said())
	r.onePasswordResult(category, v.dot("details.value").said(), ev)
	return "", nil
}

// onePasswordOther is the type of a record that is no sign-in attempt, "" of one
// that is or that is nothing known.
func onePasswordOther(v val, category string) string {
	action := v.at("action").said()
	switch {
	case category != "" || action == "":
		return ""
	case v.at("item_uuid").kind() != 0:
		return "item usage:" + action
	case v.at("actor_uuid").kind() != 0:
		return "audit:" + action
	}
	return ""
}

// onePasswordDevice reads the client. The platform is a browser where the app
// runs in one; elsewhere it is a word for the device that names none.
func onePasswordDevice(client val, ev *signin.Event) {
	withVersion := func(name, version string) string {
		text := client.at(name).said()
		if v := client.at(version).said(); text != "" && v != "" {
			text += " " + v
		}
		return text
	}
	ev.Device.OS = withVersion("os_name", "os_version")
	if app := strings.ToLower(ev.Client); strings.Contains(app, "extension") || strings.Contains(app, "web") {
		ev.Device.Browser = withVersion("platform_name", "platform_version")
	}
}

// onePasswordResult maps category and type. The category decides; the type
// tells more of the second factor. value is what a firewall rule looked at.
func (r *docRow) onePasswordResult(category, value string, ev *signin.Event) {
	end := onePasswordCategories[category]
	ev.Outcome, ev.Reason, ev.Detail = end.outcome, end.reason, value
	if category != "success" {
		ev.ReasonText = category
	}
	verdict := ""
	switch category {
	case "success":
		if ev.Code == "mfa_ok" {
			ev.MFA.State = signin.MFADone
		}
	case "mfa_failed":
		r.onePasswordFactor(ev)
	case "firewall_failed":
		verdict = "failure"
	case "firewall_reported_success":
		verdict = "reportOnlyFailure"
	}
	if verdict != "" {
		ev.Policies = signin.EncodeList([]signin.RecordedPolicy{
			{ID: ev.Code, Name: "firewall", Result: verdict, Satisfied: -1, NotSatisfied: -1},
		})
	}
}

// onePasswordFactor reads the type of a second factor that was not accepted.
// "missing" is read as a question without an answer, so a challenge; the
// reference lists the word without saying what it means.
func (r *docRow) onePasswordFactor(ev *signin.Event) {
	ev.MFA.State = signin.MFANotDone
	if ev.Code == "mfa_missing" {
		ev.Outcome, ev.Reason = signin.Challenge, signin.MFARequired
		return
	}
	method, how, _ := strings.Cut(ev.Code, "_")
	timeout := how == "timeout" || how == "timout" // "u2f_timout" in the first version
	if timeout {
		ev.Reason = signin.MFATimeout
	}
	for _, known := range onePasswordFactors {
		if method != known {
			continue
		}
		ev.MFA.Methods = r.set(method)
		if timeout || strings.HasSuffix(how, "bad") { // not "disabled": nobody was asked
			ev.MFA.Factors = r.factors(signin.Factor{Method: method, Succeeded: "false", Result: ev.Code})
		}
	}
}
