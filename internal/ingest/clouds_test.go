package ingest

import (
	"strings"
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// readRecord is the events of one record that a run of no options reads.
func readRecord(t *testing.T, name, record string) []signin.Event {
	t.Helper()
	var events []signin.Event
	for b := range readWhole(t, name, []byte(record), Options{Workers: 1}) {
		if b.FileErr != nil || len(b.Bad) > 0 {
			t.Fatalf("%v %v: %s", b.FileErr, b.Bad, record)
		}
		events = append(events, b.Events...)
	}
	return events
}

// cloudFacts is what the tests below compare of an event.
type cloudFacts struct {
	Outcome, Reason, MFA, Code, Methods, Resource, Session, Correlation string
}

func factsOf(e *signin.Event) cloudFacts {
	return cloudFacts{
		e.Outcome.String(), e.Reason.String(), e.MFA.State.String(), e.Code, string(e.MFA.Methods),
		strings.TrimSpace(e.Resource.ID + " " + e.Resource.Name), e.Session, e.Correlation,
	}
}

// googleLogin is an activity of one event with the parameters given as JSON.
func googleLogin(app, name, parameters string) string {
	return `{"kind":"admin#reports#activity","id":{"time":"2026-03-02T08:00:00.000Z","uniqueQualifier":"1","applicationName":"` + app +
		`"},"actor":{"email":"ada@example.com","profileId":"1"},"events":[{"type":"login","name":"` + name + `","parameters":[` + parameters + `]}]}`
}

func TestGoogleOutcomes(t *testing.T) {
	many := func(name, values string) string { return `{"name":"` + name + `","multiValue":[` + values + `]}` }
	method := func(values string) string { return many("login_challenge_method", values) }
	status := func(s string) string { return `,{"name":"login_challenge_status","value":"` + s + `"}` }
	const corr = "2026-03-02T08:00:00.000Z/1"
	for _, c := range []struct {
		what, app, name, parameters string
		want                        cloudFacts
	}{
		{
			"another provider asked, for what is not told", "login", "login_success", method(`"saml"`),
			cloudFacts{Outcome: "success", Code: "login_success", Methods: `["saml"]`},
		},
		{
			"a method nobody knows is no proof and no lack of one", "login", "login_success", method(`"password","retina_scan"`),
			cloudFacts{Outcome: "success", Code: "login_success", Methods: `["password","retina_scan"]`},
		},
		{
			"a captcha is no second factor", "login", "login_success", method(`"password","captcha"`),
			cloudFacts{Outcome: "success", Code: "login_success", MFA: "not-done", Methods: `["captcha","password"]`},
		},
		{
			"a strange method beside a known one takes nothing away", "login", "login_success", method(`"retina_scan","google_prompt"`),
			cloudFacts{Outcome: "success", Code: "login_success", MFA: "done", Methods: `["google_prompt","retina_scan"]`},
		},
		{
			"the word incorrect_password has pass in it", "login", "login_challenge", method(`"password"`) + status("incorrect_password"),
			cloudFacts{Outcome: "failure", Reason: "bad_password", MFA: "not-done", Code: "login_challenge: incorrect_password", Methods: `["password"]`},
		},
		{
			"a prompt that was refused", "login", "login_verification", method(`"google_prompt"`) + status("Challenge Failed."),
			cloudFacts{Outcome: "failure", Reason: "mfa_failed", MFA: "not-done", Code: "login_verification: Challenge Failed.", Methods: `["google_prompt"]`},
		},
		{
			"asked for the password only", "login", "login_challenge", method(`"password"`),
			cloudFacts{Outcome: "challenge", Reason: "interrupt", MFA: "not-done", Code: "login_challenge", Methods: `["password"]`},
		},
		{
			"may not use the service", "login", "login_failure", `{"name":"login_failure_type","value":"login_failure_access_code_disallowed"}`,
			cloudFacts{Outcome: "failure", Reason: "policy_block", Code: "login_failure_access_code_disallowed", Methods: "[]"},
		},
		{
			"a captcha stood beside the password", "login", "login_failure", method(`"password","captcha"`),
			cloudFacts{Outcome: "failure", Reason: "other", Code: "login_failure", Methods: `["captcha","password"]`},
		},
		{
			"refused by an error of the service", "context_aware_access", "ACCESS_DENY_INTERNAL_ERROR_EVENT", `{"name":"CAA_APPLICATION","value":"GMAIL"}`,
			cloudFacts{Outcome: "failure", Reason: "service_error", Code: "ACCESS_DENY_INTERNAL_ERROR_EVENT"},
		},
	} {
		e := readRecord(t, "g.json", googleLogin(c.app, c.name, c.parameters))
		if len(e) != 1 {
			t.Errorf("%s: %d events", c.what, len(e))
			continue
		}
		c.want.Correlation = corr
		got := factsOf(&e[0])
		if c.want.Methods == "[]" {
			got.Methods = c.want.Methods
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.what, diff)
		}
	}
	// Which of several levels refused is not told.
	e := readRecord(t, "g.json", googleLogin("context_aware_access", "ACCESS_DENY_EVENT", many("CAA_ACCESS_LEVEL_APPLIED", `"a","b"`)))
	if got := string(e[0].Policies); strings.Contains(got, "success") || strings.Contains(got, "failure") {
		t.Errorf("levels %s", got)
	}
}

// TestGoogleIDs: what a login wrote at one moment under one qualifier stays
// apart, whether the API lists it or a collector split it up.
func TestGoogleIDs(t *testing.T) {
	step := func(method, status string) string {
		return `{"type":"login","name":"login_challenge","parameters":[{"name":"login_challenge_method","multiValue":["` + method + `"]},{"name":"login_challenge_status","value":"` + status + `"}]}`
	}
	steps := []string{step("google_prompt", "Challenge Failed."), step("google_authenticator", "Challenge Failed."), step("google_authenticator", "Challenge Passed.")}
	activity := func(events string) string {
		return `{"id":{"time":"2026-03-02T08:00:00.000Z","uniqueQualifier":"1","applicationName":"login"},"actor":{"email":"ada@example.com","profileId":"1"},"events":` + events + `}`
	}
	whole := readRecord(t, "a.json", activity("["+strings.Join(steps, ",")+"]"))
	var split []signin.Event
	seen := map[string]bool{}
	for i, s := range steps {
		split = append(split, readRecord(t, "b.json", activity(s))...)
		if seen[split[i].ID] {
			t.Errorf("step %d has an id that another has: %s", i, split[i].ID)
		}
		seen[split[i].ID] = true
		if whole[i].ID != split[i].ID {
			t.Errorf("step %d is %q in the list and %q alone", i, whole[i].ID, split[i].ID)
		}
	}
	twice := readRecord(t, "a.json", activity("["+steps[0]+","+steps[0]+"]"))
	if len(twice) != 2 || twice[0].ID == twice[1].ID {
		t.Error("two equal steps of one activity have one id")
	}
}

// cloudTrailRecord is a record with an identity and the members given as JSON.
func cloudTrailRecord(source, name, identity, members string) string {
	return `{"eventVersion":"1.08","userIdentity":{` + identity + `},"eventTime":"2026-03-02T08:00:00Z","eventSource":"` + source + `.amazonaws.com","eventName":"` + name +
		`","sourceIPAddress":"198.51.100.7","eventID":"11111111-0001-4111-8111-111111111111","recipientAccountId":"123456789012",` + members + `}`
}

func TestAWSOutcomes(t *testing.T) {
	const (
		user  = `"type":"IAMUser","principalId":"AIDAEXAMPLEADA","accountId":"123456789012","userName":"ada"`
		role  = `"type":"AssumedRole","principalId":"AROAEXAMPLE:ada","arn":"arn:aws:sts::210987654321:assumed-role/ReadOnly/ada","accountId":"210987654321"`
		mfa   = `,"sessionContext":{"attributes":{"mfaAuthenticated":"true"}}`
		noMFA = `,"sessionContext":{"attributes":{"mfaAuthenticated":"false"}}`
		ok    = `"responseElements":{"ConsoleLogin":"Success","SwitchRole":"Success"}`
		bad   = `"errorMessage":"Failed authentication","responseElements":{"ConsoleLogin":"Failure"}`
	)
	center := func(name, credential, word string) string {
		return `"additionalEventData":{"AuthWorkflowID":"w","CredentialType":"` + credential + `"},"serviceEventDetails":{"` + name + `":"` + word + `"}`
	}
	for _, c := range []struct {
		what, source, name, identity, members string
		want                                  cloudFacts
	}{
		{
			"which of the two was wrong is not told, and so is whether the code was right", "signin", "ConsoleLogin", user, bad + `,"additionalEventData":{"MFAUsed":"Yes"}`,
			cloudFacts{Outcome: "failure", Reason: "other", Code: "Failed authentication", Methods: `["Password"]`},
		},
		{
			"a federated login that says Yes", "signin", "ConsoleLogin", role, ok + `,"additionalEventData":{"MFAUsed":"Yes"}`,
			cloudFacts{Outcome: "success", MFA: "done", Code: "Success", Methods: `["MFA device"]`},
		},
		{
			"a federated login that says No", "signin", "ConsoleLogin", role + noMFA, ok + `,"additionalEventData":{"MFAUsed":"No"}`,
			cloudFacts{Outcome: "success", Code: "Success"},
		},
		{
			"a switch out of a session with a second factor", "signin", "SwitchRole", user + mfa, ok + `,"additionalEventData":{"SwitchTo":"arn:aws:iam::210987654321:role/x/ReadOnly"}`,
			cloudFacts{Outcome: "success", MFA: "claim", Code: "Success", Resource: "arn:aws:iam::210987654321:role/x/ReadOnly ReadOnly"},
		},
		{
			"and without", "signin", "SwitchRole", user + noMFA, ok,
			cloudFacts{Outcome: "success", MFA: "not-done", Code: "Success"},
		},
		{
			"a switch as the account of the role records it", "signin", "SwitchRole", role + noMFA, ok + `,"additionalEventData":{"SwitchFrom":"arn:aws:iam::123456789012:user/ada"}`,
			cloudFacts{Outcome: "success", Code: "Success", Resource: "arn:aws:iam::210987654321:role/ReadOnly ReadOnly"},
		},
		{
			"a person's key is no session; two trails hold the call", "sts", "AssumeRole", user + `,"accessKeyId":"AKIAEXAMPLE"`, `"sharedEventID":"s","requestParameters":{"serialNumber":"arn:aws:iam::123456789012:mfa/ada"}`,
			cloudFacts{Outcome: "success", MFA: "done", Code: "Success", Methods: `["virtual MFA device"]`, Correlation: "s"},
		},
		{
			"a temporary key is one", "sts", "AssumeRole", user + `,"accessKeyId":"ASIAEXAMPLE"`, `"requestParameters":{"serialNumber":"arn:aws:iam::123456789012:mfa/ada"}`,
			cloudFacts{Outcome: "success", MFA: "done", Code: "Success", Methods: `["virtual MFA device"]`, Session: "ASIAEXAMPLE"},
		},
		{
			"a code by mail alone is one factor", "signin", "UserAuthentication", `"type":"Unknown","userName":"ada"`, center("UserAuthentication", "EMAIL_OTP", "Success"),
			cloudFacts{Outcome: "success", MFA: "not-done", Code: "Success", Methods: `["EMAIL_OTP"]`, Correlation: "w"},
		},
		{
			"beside a password it is the second", "signin", "UserAuthentication", `"type":"Unknown","userName":"ada"`, center("UserAuthentication", "PASSWORD,EMAIL_OTP", "Success"),
			cloudFacts{Outcome: "success", MFA: "done", Code: "Success", Methods: `["EMAIL_OTP","PASSWORD"]`, Correlation: "w"},
		},
		{
			"and verified alone it says nothing of the other", "signin", "CredentialVerification", `"type":"Unknown","userName":"ada"`, center("CredentialVerification", "EMAIL_OTP", "Success"),
			cloudFacts{Code: "verified EMAIL_OTP", Methods: `["EMAIL_OTP"]`, Correlation: "w"},
		},
		{
			"a smart card is both", "signin", "UserAuthentication", `"type":"IdentityCenterUser","onBehalfOf":{"userId":"1"}`, center("UserAuthentication", "SMARTCARD", "Success"),
			cloudFacts{Outcome: "success", MFA: "done", Code: "Success", Methods: `["SMARTCARD"]`, Correlation: "w"},
		},
	} {
		e := readRecord(t, "a.json", cloudTrailRecord(c.source, c.name, c.identity, c.members))
		if len(e) != 1 {
			t.Errorf("%s: %d events", c.what, len(e))
			continue
		}
		if diff := cmp.Diff(c.want, factsOf(&e[0])); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.what, diff)
		}
	}
	// The other account's trail names the same person.
	e := readRecord(t, "a.json", cloudTrailRecord("sts", "AssumeRole", `"type":"AWSAccount","principalId":"AIDAEXAMPLEADA","accountId":"123456789012"`, `"sharedEventID":"s","requestParameters":{"serialNumber":"arn:aws:iam::123456789012:mfa/ada"}`))
	if p := e[0].Principal; p.ID != "AIDAEXAMPLEADA" || p.Kind == signin.Service {
		t.Errorf("a person of another account is %+v", p)
	}
}

// TestWarningsByFormat: what a log never carries is not blamed on permissions.
func TestWarningsByFormat(t *testing.T) {
	ual := result(t, "u.json", []byte(`{"CreationTime":"2026-03-02T08:00:00","Id":"i","Operation":"UserLoggedIn","RecordType":15,"UserId":"ada@example.com","ExtendedProperties":[{"Name":"RequestType","Value":"Login:login"}]}`), Options{})
	hunt := result(t, "h.json", []byte(`{"Timestamp":"2026-03-02T08:00:00Z","RequestId":"r","AccountObjectId":"a","ErrorCode":0}`), Options{})
	for text, want := range map[string]string{ual: "the unified audit log carries neither", hunt: "Defender's tables carry no authentication steps"} {
		if !strings.Contains(text, want) || strings.Contains(text, "permission") || strings.Contains(text, "beta endpoint") {
			t.Errorf("want %q in\n%s", want, text)
		}
	}
	if !strings.Contains(ual, `"detail":"Login:login"`) {
		t.Error("the endpoint is lost")
	}
}

func TestDefenderTimes(t *testing.T) {
	for _, text := range []string{"Feb 20, 2026 10:11:12 AM", "Feb 20, 2026 10:11:12\u202fAM", "2026-02-20T10:11:12Z", "Feb 20, 2026 10:11:12.000 AM"} {
		e := readRecord(t, "h.json", `{"Timestamp":"`+text+`","RequestId":"r","AccountObjectId":"a","ErrorCode":0}`)
		if len(e) != 1 || e[0].Time.String() != "2026-02-20T10:11:12Z" {
			t.Errorf("%q: %+v", text, e)
		}
	}
}

// TestAWSFilterAgrees: of whatever the search of bytes sorts out, the parser says
// the same, in any order of members and in any envelope.
func TestAWSFilterAgrees(t *testing.T) {
	var recs [][]byte
	for _, in := range fixtureInputs(t, "aws-cloudtrail") {
		for _, r := range newValueSplitter().scan(in.Data, 0, true, nil) {
			recs = append(recs, in.Data[r.start:r.end])
		}
	}
	for _, source := range []string{"signin", "sts", "sso", "s3"} {
		for _, name := range []string{"ConsoleLogin", "SwitchRole", "CredentialChallenge", "CredentialVerification", "UserAuthentication", "CheckMfa", "AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "GetSessionToken", "GetCallerIdentity", "Federate"} {
			for _, rest := range []string{`"x":{}`, `"requestParameters":{"serialNumber":"arn:aws:iam::123456789012:mfa/ada"}`, `"requestParameters":{"serialNumber":""}`, `"requestParameters":{"note":"\"eventSource\":\"s3.amazonaws.com\""}`, `"requestParameters":{"eventSource":"s3.amazonaws.com","eventName":"x"}`} {
				rec := cloudTrailRecord(source, name, `"type":"IAMUser","principalId":"AIDAEXAMPLE","userName":"ada"`, rest)
				recs = append(recs, []byte(rec), []byte(`{"version":"0","detail":`+rec+`}`))
			}
		}
	}
	f := &file{name: "a.json", opt: &Options{}}
	tree, err := docRows((*docRow).aws)(f)
	if err != nil {
		t.Fatal(err)
	}
	parse := tree(newScratch())
	sorted := 0
	for _, rec := range recs {
		back, ok := reversed(rec)
		if !ok {
			continue
		}
		for _, r := range [][]byte{rec, back} {
			typ, known := awsOther(r)
			if !known {
				continue
			}
			sorted++
			var ev signin.Event
			var tl tally
			if other, err := parse(r, &ev, &tl); err != nil || other != typ {
				t.Errorf("sorted out as %q, parsed as %q, %v:\n%s", typ, other, err, r)
			}
		}
	}
	if sorted < 100 {
		t.Errorf("only %d records were sorted out", sorted)
	}
}
