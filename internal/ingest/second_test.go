package ingest

import (
	"strings"
	"testing"
)

// TestSecondFactorNotGuessed: what is no second factor never makes one, and a
// log that says there was none is believed.
func TestSecondFactorNotGuessed(t *testing.T) {
	const jc = `{"id":"1","event_type":"sso_auth","service":"sso","timestamp":"2026-03-02T08:00:00Z","organization":"o","initiated_by":{"id":"u","type":"user"},"sso_token_success":true,`
	const ol = `{"id":1,"event_type_id":5,"created_at":"2026-03-02T08:00:00Z","user_id":1,`
	const duo = `{"txid":"t","isotimestamp":"2026-03-02T08:00:00Z","access_device":{},"user":{"key":"u"},`
	const done, not, claim = `"mfa_state":"done"`, `"mfa_state":"not-done"`, `"mfa_state":"claim"`
	for in, want := range map[string]string{
		jc + `"auth_context":{"auth_methods":{"password":{"success":true},"device_certificate":{"success":true}}}}`:             "",
		jc + `"mfa":false,"auth_context":{"auth_methods":{"password":{"success":true},"device_certificate":{"success":true}}}}`: not,
		jc + `"auth_context":{"auth_methods":{"session":{"success":true}}}}`:                                                    "",
		jc + `"auth_context":{"auth_methods":{"password":{"success":true},"totp":{"success":true}}}}`:                           done,
		jc + `"auth_context":{"auth_methods":{"jumpcloud_protect":{"success":true}}}}`:                                          done,
		jc + `"mfa":true,"auth_method":"session"}`:                                                                              claim,
		ol + `"authentication_factor_description":"Password"}`:                                                                  "",
		ol + `"authentication_factor_description":"One-Time Password"}`:                                                         done,
		ol + `"authentication_factor_description":"OneLogin Protect"}`:                                                          done,
		duo + `"result":"success","factor":"sms_refresh"}`:                                                                      "",
		duo + `"result":"success","factor":"duo_push","reason":"user_approved"}`:                                                done,
		duo + `"result":"success","factor":"not_available","reason":"a_reason_of_next_year"}`:                                   "",
	} {
		got := result(t, "x.json", []byte(in), Options{Workers: 1})
		if !strings.Contains(got, `"outcome":"success"`) || !strings.Contains(got, want) || want == "" && strings.Contains(got, "mfa_state") {
			t.Errorf("%s\n%swant %q", in, got, want)
		}
	}
}

// TestOutcomesOfOthers: a success has no class of failure, and a required action
// is asked for, not refused.
func TestOutcomesOfOthers(t *testing.T) {
	m, err := ParseMapping([]byte("name: p\nkind: json\nmatch: {has: [o]}\nfields:\n  time: t\n  id: t\n  outcome: o\n  user.name: u\n  reason: {from: w, map: {\"*\": other}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		`{"t":"2026-03-02T08:00:00Z","o":"success","u":"ada","w":"fine"}`:                                                                                                       `"outcome":"success","provider"`,
		`{"t":"2026-03-02T08:00:00Z","o":"failure","u":"ada","w":"bad"}`:                                                                                                        `"outcome":"failure","reason":"other"`,
		`{"time":1772438400000,"realmId":"r","type":"LOGIN_ERROR","userId":"u","error":"resolve_required_actions"}`:                                                             `"outcome":"challenge","reason":"interrupt"`,
		`{"@timestamp":"2026-03-02T08:00:00Z","event":{"id":"1","category":["authentication"],"outcome":"success"},"user":{"name":"Ada","domain":"Example.com"}}`:               `"principal_name":"ada@example.com"`,
		`{"@timestamp":"2026-03-02T08:00:00Z","event":{"id":"1","category":["authentication"],"outcome":"success"},"user":{"name":"Ada","domain":"CORP"}}`:                      `"principal_name":"corp\\ada"`,
		`{"@timestamp":"2026-03-02T08:00:00Z","event":{"id":"1","category":["authentication"]},"user":{"id":"1"},"azure":{"signinlogs":{"properties":{"correlation_id":"c"}}}}`: `"correlation_id":"c"`,
	} {
		got := result(t, "x.json", []byte(in), Options{Workers: 1, Mappings: []*Mapping{m}})
		if !strings.Contains(got, want) {
			t.Errorf("%s\n%swant %s", in, got, want)
		}
	}
}
