package ingest

import (
	"bytes"
	"context"
	"testing"
	"time"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// TestServerTimes: the logs whose times name no zone are read in the zone given,
// summer time included.
func TestServerTimes(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Zurich")
	if err != nil {
		t.Skip("no time zone data")
	}
	for name, c := range map[string]struct{ line, want string }{
		"keycloak":     {`2026-07-02 08:00:19,357 WARN  [org.keycloak.events] (executor-thread-31) type="LOGIN_ERROR", realmId="r", userId="u", error="user_disabled"`, "2026-07-02T06:00:19.357Z"},
		"keycloak-own": {`2026-07-02T08:00:19.357-04:00 WARN  [org.keycloak.events] (executor-thread-31) type="LOGIN_ERROR", realmId="r", userId="u", error="user_disabled"`, "2026-07-02T12:00:19.357Z"},
		"pipes":        {`2026-01-02 08:00:21,100| tid:AAA| SSO| ada| 198.51.100.7| app| sp1| SAML20| pf1| IdP| success| HTMLForm| | 12`, "2026-01-02T07:00:21.1Z"},
		"cef":          {`CEF:0|Ping Identity|PingFederate|11.0|SSO|SSO|0|rt=Jul 02 2026 08:00:04.452 duid=ada msg=success`, "2026-07-02T06:00:04.452Z"},
		"cef-millis":   {`CEF:0|Ping Identity|PingFederate|11.0|SSO|SSO|0|rt=1772438403452 duid=ada msg=success`, "2026-03-02T08:00:03.452Z"},
	} {
		got := ""
		for b, err := range Read(context.Background(), []Source{ReaderSource(name+".log", bytes.NewReader([]byte(c.line+"\n")))}, Options{Workers: 1, Zone: zone}) {
			if err != nil {
				t.Fatal(err)
			}
			for i := range b.Events {
				got += b.Events[i].Time.String()
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestKeycloakText(t *testing.T) {
	type fields struct{ Type, User, IP, Error, Name string }
	for in, want := range map[string]fields{
		`type=LOGIN, userId=u, ipAddress=192.0.2.1`:                                     {"LOGIN", "u", "192.0.2.1", "", ""},
		`type=LOGIN_ERROR, userId=null, error=x, username=a, b`:                         {"LOGIN_ERROR", "", "", "x", "a, b"},
		`type="LOGIN_ERROR", userId="null", error="x", username="a\", userId=\"admin"`:  {"LOGIN_ERROR", "", "", "x", `a", userId="admin`},
		`type="LOGIN_ERROR", userId="null", error="x", username="an "unescaped" quote"`: {"LOGIN_ERROR", "", "", "x", `an "unescaped" quote`},
		`type=LOGIN, redirect_uri=https://app.example.com/?a=b, c, username=z`:          {"LOGIN", "", "", "", "z"},
		`operationType=CREATE, realmId=r, type=LOGIN`:                                   {"administrator CREATE", "", "", "", ""},
		`type="LOGIN", details="", username="N/A"`:                                      {"LOGIN", "", "", "", ""},
	} {
		k, err := keycloakText(in)
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if diff := cmp.Diff(want, fields{k.v[kcType], k.v[kcUser], k.v[kcIP], k.v[kcError], k.v[kcUsername]}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", in, diff)
		}
	}
	for _, in := range []string{`type="LOGIN`, `type`, `ty pe=LOGIN`, `type=LOGIN_ERROR, userId=null, error=x, username=a, userId=admin`} {
		if k, err := keycloakText(in); err == nil {
			t.Errorf("%s: %+v", in, k.v)
		}
	}
}

func TestCEFExtension(t *testing.T) {
	for in, want := range map[string]map[string]string{
		`rt=1 duid=joe src=192.0.2.1 msg=in progress`: {"rt": "1", "duid": "joe", "src": "192.0.2.1", "msg": "in progress"},
		`cs1=http://x?a\=b cs2= cs3=c`:                {"cs1": "http://x?a=b", "cs2": "", "cs3": "c"},
		`duid=a src\=6.6.6.6 src=192.0.2.1`:           {"duid": "a src=6.6.6.6", "src": "192.0.2.1"},
		`cs1=http://x?a=b&c=d`:                        {"cs1": "http://x?a=b&c=d"},
		`duid=a duid=b`:                               {"duid": "a"},
		`  `:                                          {},
	} {
		got, twice := cefExtension(in)
		if diff := cmp.Diff(want, got); diff != "" || (twice == "duid") != (in == `duid=a duid=b`) {
			t.Errorf("%s, %q twice (-want +got):\n%s", in, twice, diff)
		}
	}
}

// TestCodeTables: a success has no class, a refusal has one, and only successes
// have a second factor done.
func TestCodeTables(t *testing.T) {
	check := func(name string, o signin.Outcome, r signin.Reason, m signin.MFAState) {
		if o == signin.OutcomeUnknown || (o == signin.Success) != (r == signin.ReasonNone) || (m == signin.MFADone) && o != signin.Success {
			t.Errorf("%s: %v, %v, %v", name, o, r, m)
		}
	}
	for code, c := range auth0Codes {
		check("auth0 "+code, c.outcome, c.reason, c.mfa)
		if c.stream == signin.StreamUnknown {
			t.Errorf("auth0 %s has no stream", code)
		}
	}
	for typ, a := range pingOneActions {
		check("pingone "+typ, a.outcome, a.reason, a.mfa)
	}
	for typ, o := range oneLoginTypes {
		check("onelogin "+typ, o.outcome, o.reason, signin.MFAUnknown)
	}
	for word, d := range duoReasons {
		if (d.mfa == signin.MFAUnknown) == (d.reason == signin.ReasonNone) {
			t.Errorf("duo %s is neither a success nor a refusal, or both", word)
		}
	}
}
