package ingest

import (
	"fmt"
	"strings"
	"testing"
)

// TestForgedMembers: what a person typed must never become another's failure or
// anybody's success. Where a line can be read in two ways, it is kept apart, not
// guessed.
func TestForgedMembers(t *testing.T) {
	kc := "2026-03-02 08:00:19,357 WARN  [org.keycloak.events] (e-1) "
	pf := `2026-03-02 08:00:02,493 trackingid="tid:A" event="AUTHN_ATTEMPT" `
	cef := "CEF:0|Ping Identity|PingFederate|11.0|AUTHN_ATTEMPT|AUTHN_ATTEMPT|0|rt=1772438403452 "
	for name, tt := range map[string]struct{ format, line, want string }{
		"keycloak client": {
			"keycloak", kc + "type=LOGIN_ERROR, realmId=r, clientId=x, userId=victim, ipAddress=198.51.100.1, error=invalid_user_credentials, userId=null, ipAddress=203.0.113.9, error=client_not_found",
			"userId= stands twice",
		},
		"keycloak name": {"keycloak", kc + "type=LOGIN_ERROR, realmId=r, userId=null, ipAddress=203.0.113.9, error=user_not_found, username=x, ipAddress=198.51.100.1", "ipAddress= stands twice"},
		"keycloak redirect": {
			"keycloak", kc + "type=LOGIN_ERROR, realmId=r, userId=null, ipAddress=203.0.113.9, error=user_not_found, redirect_uri=x, username=victim, username=me",
			"username= stands twice",
		},
		"keycloak unescaped quotes": {
			"keycloak", kc + `type="LOGIN_ERROR", realmId="r", clientId="x", userId="victim", ipAddress="198.51.100.1", z="", userId="null", ipAddress="203.0.113.9", error="client_not_found"`,
			"userId= stands twice",
		},
		"pingfederate quotes": {"pingfederate", pf + `subject="x" ip="192.0.2.66" status="success" z="" ip="198.51.100.7" role="IdP" status="failure"`, "ip= stands twice"},
		"pingfederate pipes": {
			"pingfederate",
			"2026-03-02 08:01:06,000| tid:G| AUTHN_ATTEMPT| victim| 192.0.2.66| | sp1| SAML20| pf1| IdP| success| a| 198.51.100.7| app| sp1| SAML20| pf1| IdP| failure| HTMLForm| | 3",
			"reads in two ways",
		},
		"pingfederate cef":                    {"pingfederate", cef + "duid=victim src=192.0.2.66 msg=success src=198.51.100.7 msg=failure", "src= stands twice"},
		"an escaped equals sign is no member": {"pingfederate", cef + `duid=x src\=192.0.2.66 src=198.51.100.7 msg=failure`, `"ip":"198.51.100.7"`},
		"pipes in a description":              {"pingfederate", "2026-03-02 08:01:06,000| tid:G| AUTHN_ATTEMPT| ada| 198.51.100.7| | sp1| SAML20| pf1| IdP| failure| HTMLForm| a | b | c | d | e | f| g | h| i| 3", `"reason_text":"a|b|c|d|e|f|g|h|i"`},
	} {
		got := result(t, name, []byte(tt.line+"\n"), Options{Workers: 1, Format: tt.format})
		if !strings.Contains(got, tt.want) {
			t.Errorf("%s: %s\nwant %s", name, got, tt.want)
		}
	}
}

// TestEveryAttempt: rows that differ in anything that tells attempts apart never
// share a derived id, and the same row read twice always does.
func TestEveryAttempt(t *testing.T) {
	const ocsf = `{"class_uid":3002,"activity_id":1,"time":1772438400000,"status_id":2,"user":{"name":"u"},"src_endpoint":{"ip":"192.0.2.1"},"metadata":{},%s}`
	const auth0 = `{"type":"fp","date":"2026-03-02T08:00:00Z","log_id":"","user_name":"u","ip":"192.0.2.1",%s}`
	const duo = `{"timestamp":1772438400,"username":"u","factor":"Duo Push","integration":"vpn","ip":"192.0.2.1",%s}`
	const onelogin = `{"event_type_id":6,"created_at":"2026-03-02T08:00:00Z","user_id":1,%s}`
	const ecs = `{"@timestamp":"2026-03-02T08:00:00Z","event":{"category":["authentication"],"outcome":"failure"},"user":{"name":"u"},%s}`
	const jumpcloud = `{"event_type":"radius_auth_attempt","timestamp":"2026-03-02T08:00:00Z","service":"radius","username":"u","organization":"o",%s}`
	rba := strings.Join(rbaColumns, ",") + "\n,2026-03-02 08:00:00.1,-9,192.0.2.%s,CH,-,-,64500,ua,b,o,mobile,False,False,False\n"
	for name, tt := range map[string]struct {
		format, row string
		differ      []string
	}{
		"ocsf":      {"ocsf", ocsf, []string{`"x":1`, `"dst_endpoint":{"hostname":"a"}`, `"dst_endpoint":{"ip":"192.0.2.2"}`, `"device":{"hostname":"a"}`, `"service":{"name":"a"}`, `"auth_protocol_id":2`, `"logon_type_id":3`, `"status_detail":"a"`}},
		"auth0":     {"auth0", auth0, []string{`"x":1`, `"connection":"a"`, `"description":"a"`, `"user_agent":"a"`}},
		"duo":       {"duo", duo, []string{`"result":"SUCCESS"`, `"result":"FAILURE"`, `"result":"FAILURE","reason":"No response"`, `"result":"FAILURE","device":"a"`}},
		"onelogin":  {"onelogin", onelogin, []string{`"x":1`, `"notes":"a"`, `"custom_message":"a"`, `"app_name":"a"`, `"otp_device_name":"a"`}},
		"ecs":       {"ecs", ecs, []string{`"x":1`, `"service":{"name":"a"}`, `"session":{"id":"a"}`, `"error":{"code":"a"}`, `"device":{"id":"a"}`, `"log":{"offset":7}`}},
		"jumpcloud": {"jumpcloud", jumpcloud, []string{`"x":1`, `"success":true`, `"success":false`, `"error_message":"a"`, `"application":{"id":"a"}`}},
		"rba":       {"rba-csv", rba, []string{"1", "2"}},
	} {
		seen := map[string]string{}
		for _, d := range tt.differ {
			row := []byte(fmt.Sprintf(tt.row, d))
			ids := [2]string{}
			for i := range ids {
				got := result(t, name, row, Options{Workers: 1, Format: tt.format})
				_, rest, ok := strings.Cut(got, `"id":"`)
				if !ok {
					t.Fatalf("%s: %s", name, got)
				}
				ids[i], _, _ = strings.Cut(rest, `"`)
			}
			if ids[0] != ids[1] {
				t.Errorf("%s: %s: two ids for one row: %v", name, d, ids)
			}
			if other, ok := seen[ids[0]]; ok {
				t.Errorf("%s: one id for %s and %s", name, d, other)
			}
			seen[ids[0]] = d
		}
	}
}

// TestTreeID: the order of members and what an export adds do not matter,
// anything else does.
func TestTreeID(t *testing.T) {
	id := func(rec string) string {
		sc := newScratch()
		v, err := sc.doc.parseObject(&sc.scan, []byte(rec), false)
		if err != nil {
			t.Fatal(err)
		}
		k := kit{t: &tally{}}
		return k.treeID("x", v, "e.i", "s")
	}
	base := id(`{"a":1,"b":{"c":"x","d":[1,2]}}`)
	for _, same := range []string{`{"b":{"d":[1,2],"c":"x"},"a":1}`, `{"a":1,"b":{"c":"x","d":[1,2]},"e":{"i":7},"s":{"t":1}}`, `{"a":1,"b":{"c":"x","d":[1,2]},"z":null,"y":""}`} {
		if id(same) != base {
			t.Errorf("%s has another id", same)
		}
	}
	for _, other := range []string{`{"a":1,"b":{"c":"x","d":[2,1]}}`, `{"a":1,"b":{"c":"x","d":[1,2],"e":0}}`, `{"a":1,"b":{"d":"x","c":[1,2]}}`, `{"a":1,"b.c":"x","b":{"d":[1]}}`} {
		if id(other) == base {
			t.Errorf("%s has the same id", other)
		}
	}
}
