package ingest

import (
	"strings"
	"testing"
)

// TestOCSFNumbers: the captions beside OCSF's numbers are optional; the number
// alone says as much (schema.ocsf.io/1.5.0/classes/authentication).
func TestOCSFNumbers(t *testing.T) {
	const begin = `{"class_uid":3002,"time":1772438400000,"user":{"uid":"u"},"metadata":{"uid":"e"},`
	for rest, want := range map[string]string{
		`"activity_id":1,"auth_protocol_id":2}`:                                                                    `"protocol":"Kerberos"`,
		`"activity_id":1,"auth_protocol_id":99,"auth_protocol":"WS-Fed"}`:                                          `"protocol":"WS-Fed"`,
		`"activity_id":1,"auth_protocol_id":77}`:                                                                   `"protocol":"77"`,
		`"activity_id":1,"logon_type_id":10}`:                                                                      `"client":"Remote Interactive"`,
		`"activity_id":1,"logon_type_id":66}`:                                                                      `"client":"66"`,
		`"activity_id":1,"auth_factors":[{"factor_type_id":3},{"factor_type_id":55},{}]}`:                          `"mfa_methods":["55","Phone Call"]`,
		`"activity_id":1,"risk_level_id":3}`:                                                                       `"risk_level":"high"`,
		`"activity_id":1,"risk_level_id":0,"risk_score":7,"risk_details":"new place"}`:                             `"risk_detail":"score 7; new place"`,
		`"type_uid":300202}`:                                                                                       "not a sign-in: 1 Logoff",
		`"type_uid":300204,"status_id":1}`:                                                                         `"stream":"non-interactive"`,
		`"activity_id":99,"activity_name":"Custom","status_id":1}`:                                                 `"outcome":"success"`,
		`"activity_id":1,"status_id":2,"authorizations":[{"decision":"Denied","policy":{"uid":"p1","name":"P"}}]}`: `"policies":[{"id":"p1","name":"P","result":"denied"`,
		`"activity_id":1,"status_id":2,"status_detail":"PASSWORD_EXPIRED"}`:                                        `"reason":"expired_password"`,
		`"activity_id":1,"status_id":2,"status_detail":"USER_DOES_NOT_EXIST"}`:                                     `"reason":"no_such_user"`,
		`"activity_id":1,"status_id":2,"status_detail":"INVALID_CREDENTIALS"}`:                                     `"reason":"bad_password"`,
	} {
		got := result(t, "o.json", []byte(begin+rest), Options{Workers: 1})
		if !strings.Contains(got, want) {
			t.Errorf("%s\n%s\nwant %s", rest, got, want)
		}
	}
}
