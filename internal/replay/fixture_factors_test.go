package replay

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// TestFixtureFactors: every step that a fixture of any log format lists is taken
// for the factor it is. A method that internal/policy does not know counts as a
// second factor unless the step says "Primary authentication", so a new one must be
// entered here on purpose.
func TestFixtureFactors(t *testing.T) {
	got, from := map[string]string{}, map[string]string{}
	paths, err := filepath.Glob(filepath.Join("..", "ingest", "testdata", "*", "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, path := range paths {
		ar, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(ar.Files) < 2 { // files of refused input
			continue
		}
		for line := range strings.Lines(string(ar.Files[1].Data)) {
			if !strings.HasPrefix(line, "{") {
				continue
			}
			var ev struct {
				Provider string
				Factors  []signin.Factor
			}
			if err := json.Unmarshal([]byte(line), &ev); err != nil {
				t.Fatalf("%s: %v: %s", path, err, line)
			}
			for _, f := range ev.Factors {
				if f.Method == "" {
					continue
				}
				key := ev.Provider + ": " + f.Method
				if f.Requirement != "" {
					key += ", " + f.Requirement
				}
				f.Succeeded, f.Result = "true", "" // what it would be when it is given
				if isPassword(f.Method) {
					// What follows a wrong password is no second factor that somebody declined.
					wrong := f
					wrong.Succeeded = "false"
					if s := stepsOf(string(signin.EncodeList([]signin.Factor{wrong}))); s.second || s.declined {
						t.Errorf("%s: %s: a wrong password counts as a second factor", path, key)
					}
				}
				s := stepsOf(string(signin.EncodeList([]signin.Factor{f})))
				got[key] = map[[2]bool]string{{false, false}: "none", {true, false}: "first", {false, true}: "second", {true, true}: "both"}[[2]bool{s.first, s.second}]
				from[key] = filepath.Base(filepath.Dir(path))
				if isPassword(f.Method) && (s.second || s.apart) {
					t.Errorf("%s: %s: a password counts as a second factor", path, key)
				}
			}
		}
	}
	if diff := cmp.Diff(fixtureFactors, got); diff != "" {
		t.Errorf("(-want +got):\n%s\nmet in %v", diff, from)
	}
}

// isPassword tells what people type in first: a password, a login page, or what
// PAM asks.
func isPassword(method string) bool {
	m := strings.ToLower(method)
	return strings.Contains(m, "password") || m == "login" || m == "htmlform" || strings.HasPrefix(m, "keyboard-interactive")
}

// fixtureFactors says, for each provider and method, what it is when it is given.
var fixtureFactors = map[string]string{
	"auth0: guardian":                      "second",
	"auth0: guardian-push":                 "second",
	"auth0: login, Primary authentication": "first",
	"auth0: mfa":                           "second",
	"auth0: otp":                           "second",
	"auth0: password":                      "first",
	"aws: PASSWORD":                        "first",
	"aws: Password":                        "first",
	"aws: TOTP":                            "second",
	"aws: security key":                    "second",
	"aws: virtual MFA device":              "second",
	"duo: a_factor_of_next_year":           "second",
	"duo: duo_push":                        "second",
	"duo: passcode":                        "second",
	"duo: phone_call":                      "second",
	"duo: sms_passcode":                    "second",
	"duo: webauthn_credential":             "second",
	"entra: Mobile app notification, Multifactor authentication": "second",
	"entra: Password, Primary authentication":                    "first",
	"entra: Previously satisfied, Primary authentication":        "none",
	"google: backup_code":                                        "second",
	"google: google_authenticator":                               "second",
	"google: google_prompt":                                      "second",
	"google: idv_preregistered_phone":                            "second",
	"google: knowledge_employee_id":                              "second",
	"google: password":                                           "first",
	"google: security_key":                                       "second",
	"jumpcloud: jumpcloud_protect":                               "second",
	"jumpcloud: password":                                        "first",
	"jumpcloud: webauthn":                                        "second",
	"keycloak: otp":                                              "second",
	"keycloak: webauthn":                                         "second",
	"linux: keyboard-interactive/pam, Primary authentication":    "first",
	"linux: password, Primary authentication":                    "first",
	"okta: OKTA_VERIFY_PUSH":                                     "second",
	"okta: SMS_FACTOR":                                           "second",
	"onelogin: OneLogin Protect":                                 "second",
	"onelogin: SMS":                                              "second",
	"onepassword: code":                                          "second",
	"onepassword: duo":                                           "second",
	"onepassword: totp":                                          "second",
	"onepassword: u2f":                                           "second",
	"pingfederate: HTMLForm, Primary authentication":             "first",
	"pingone: otp":                                               "second",
	"pingone: password":                                          "first",
	"teleport: WebAuthn":                                         "second",
	"windows: certificate, Primary authentication":               "first",
	"windows: password, Primary authentication":                  "first",
}
