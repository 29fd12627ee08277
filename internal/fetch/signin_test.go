package fetch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"frisk/internal/fetch/graphtest"

	"github.com/google/go-cmp/cmp"
)

// noToken is a source that fails.
type noToken struct{ err error }

func (s noToken) Token(context.Context, bool, string) (string, time.Time, error) {
	return "", time.Time{}, s.err
}

// Without a token nothing is begun, and nothing half-made is left.
func TestNotSignedIn(t *testing.T) {
	for name, before := range map[string][]string{"no folder": nil, "a folder": {""}, "a file in it": {"frisk.yaml"}} {
		t.Run(name, func(t *testing.T) {
			s := graphtest.Sample(now, 3)
			o := testOptions(t, s, "users")
			for _, b := range before {
				if err := os.MkdirAll(o.Out, 0o700); err != nil {
					t.Fatal(err)
				}
				if b != "" {
					if err := os.WriteFile(filepath.Join(o.Out, b), nil, 0o600); err != nil {
						t.Fatal(err)
					}
				}
			}
			good := o.Token
			o.Token = noToken{errors.New("no way")}
			res, err := Run(t.Context(), o)
			if res != nil || !errors.Is(err, ErrSignIn) || err.Error() != "not signed in: no way" {
				t.Errorf("%+v, %v", res, err)
			}
			wantNothing(t, o.Out, before)
			o.Token = good
			mustRun(t, o)
		})
	}
}

// wantNothing checks that a folder holds these files and nothing else; nil means
// that it is not there.
func wantNothing(t *testing.T, dir string, files []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if files == nil {
		if !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%q is there: %v %v", dir, entries, err)
		}
		return
	}
	got := []string{}
	for _, e := range entries {
		got = append(got, e.Name())
	}
	want := strings.Fields(strings.Join(files, " "))
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// The same when Graph takes no token, or refuses everything.
func TestNothingCame(t *testing.T) {
	for _, status := range []int{401, 403} {
		s := graphtest.Sample(now, 3)
		s.Break(always(graphtest.Fault{Status: status, Code: "X"}))
		o := testOptions(t, s, "users", "policies")
		if _, err := Run(t.Context(), o); err == nil {
			t.Error("no error")
		}
		wantNothing(t, o.Out, nil)
	}
}

// What came once stays when a later run cannot sign in.
func TestNotSignedInLater(t *testing.T) {
	s := graphtest.Sample(now, 3)
	o := testOptions(t, s, "users")
	mustRun(t, o)
	before := tree(t, o.Out, true)
	o.Token = noToken{errors.New("no way")}
	if _, err := Run(t.Context(), o); !errors.Is(err, ErrSignIn) {
		t.Error(err)
	}
	if d := cmp.Diff(before, tree(t, o.Out, true)); d != "" {
		t.Error(d)
	}
}

// A run waits for another one as long as it may, and no longer.
func TestWaitForAnotherFetch(t *testing.T) {
	s := graphtest.Sample(now, 3)
	o := testOptions(t, s, "users")
	other, err := openFolder(o.Out, o.Base.Host, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), o); !errors.Is(err, ErrLocked) {
		t.Errorf("without waiting: %v", err)
	}
	clock := o.Clock.(*fakeClock)
	o.Wait = 12 * time.Second
	if _, err := Run(t.Context(), o); !errors.Is(err, ErrLocked) || clock.total() != 12*time.Second {
		t.Errorf("waited %s: %v", clock.total(), err)
	}
	o.Wait = time.Hour
	o.Say = func(text string) {
		if !strings.Contains(text, "waiting up to 1h") {
			t.Error(text)
		}
		other.close(true)
	}
	mustRun(t, o)
}

func TestSignInErrorText(t *testing.T) {
	line := strings.Repeat("-", 80)
	for name, c := range map[string]struct{ auth, cause, want string }{
		"chain": {
			"default", "DefaultAzureCredential: failed to acquire a token.\nAttempted credentials:" +
				"\n\tEnvironmentCredential: missing environment variable AZURE_TENANT_ID" +
				"\n\tManagedIdentityCredential authentication failed. \n\t\tGET http://192.0.2.1/token\n\t\t" + line +
				"\n\t\tRESPONSE 403: 403 Forbidden\n\t\t" + line + "\n\t\tdenied\n\t\t" + line +
				"\n\t\tTo troubleshoot, visit https://aka.ms/azsdk/go/identity/troubleshoot#managed-id" +
				"\n\tAzureCLICredential: Azure CLI not found on path",
			"none of the ways of --auth default worked" +
				"\n  EnvironmentCredential: missing environment variable AZURE_TENANT_ID" +
				"\n  ManagedIdentityCredential authentication failed; GET http://192.0.2.1/token; 403 Forbidden; denied" +
				"\n  AzureCLICredential: Azure CLI not found on path",
		},
		"body of Entra": {
			"certificate", "ClientCertificateCredential authentication failed. \nPOST https://login.example.com/t/oauth2/v2.0/token\n" + line +
				"\nRESPONSE 401: 401 Unauthorized\n" + line + "\n{\n  \"error\": \"invalid_client\",\n" +
				"  \"error_description\": \"AADSTS700027: The certificate is not registered. Trace ID: 1 Correlation ID: 2\",\n" +
				"  \"error_codes\": [\n    700027\n  ],\n  \"trace_id\": \"1\"\n}\n" + line,
			"--auth certificate: ClientCertificateCredential authentication failed; POST https://login.example.com/t/oauth2/v2.0/token; " +
				"401 Unauthorized; AADSTS700027: The certificate is not registered",
		},
		"other text": {"default", "something else", "none of the ways of --auth default worked\n  something else"},
		"long":       {"cli", strings.Repeat("é", 400), "--auth cli: " + strings.Repeat("é", 300) + "…"},
	} {
		t.Run(name, func(t *testing.T) {
			got := (&signInError{c.auth, errors.New(c.cause)}).Error()
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
