package ingest

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"frisk/internal/signin"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

// datadogAuth0 is a test case of Datadog's Auth0 pipeline, where it speaks of
// what an Event holds.
type datadogAuth0 struct {
	Sample string `yaml:"sample"`
	Result struct {
		Custom struct {
			Evt struct {
				Outcome string `yaml:"outcome"`
			} `yaml:"evt"`
			HTTP struct {
				UserAgent string `yaml:"useragent"`
			} `yaml:"http"`
			Network struct {
				Client struct {
					IP string `yaml:"ip"`
				} `yaml:"client"`
			} `yaml:"network"`
			Usr struct {
				ID   string `yaml:"id"`
				Name string `yaml:"name"`
			} `yaml:"usr"`
			OCSF struct {
				Class    int    `yaml:"class_uid"`
				Status   string `yaml:"status"`
				TimeDT   string `yaml:"time_dt"`
				Metadata struct {
					UID  string `yaml:"uid"`
					Code string `yaml:"event_code"`
				} `yaml:"metadata"`
				Actor struct {
					AppName string `yaml:"app_name"`
					AppUID  string `yaml:"app_uid"`
				} `yaml:"actor"`
			} `yaml:"ocsf"`
		} `yaml:"custom"`
	} `yaml:"result"`
}

func auth0Corpus(t *testing.T, name string) []byte {
	t.Helper()
	root := os.Getenv("FRISK_CORPUS")
	if root == "" {
		t.Skip("FRISK_CORPUS is not set")
	}
	data, err := os.ReadFile(filepath.Join(root, "logs", "auth0", "datadog", "auth0", "assets", "logs", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestCorpusAuth0 reads the samples of Datadog's pipeline tests and compares
// field by field with what their pipeline makes of them.
func TestCorpusAuth0(t *testing.T) {
	var file struct {
		Tests []datadogAuth0 `yaml:"tests"`
	}
	if err := yaml.Unmarshal(auth0Corpus(t, "auth0_tests.yaml"), &file); err != nil {
		t.Fatal(err)
	}
	events, others := 0, map[string]int64{}
	for i, c := range file.Tests {
		var got []signin.Event
		var a Account
		for b, err := range Read(context.Background(), []Source{ReaderSource("sample.json", bytes.NewReader([]byte(c.Sample)))}, Options{Workers: 1, Format: "auth0"}) {
			if err != nil {
				t.Fatal(err)
			}
			a.Add(b)
			got = append(got, b.Events...)
			for _, bad := range b.Bad {
				t.Error(bad)
			}
		}
		for _, o := range a.NotSignIn {
			others[o.Type] += o.Count
		}
		if len(got) == 0 {
			continue
		}
		events++
		ev, want := &got[0], &c.Result.Custom
		outcome := ev.Outcome.String()
		if diff := cmp.Diff([]string{
			want.OCSF.TimeDT, want.OCSF.Metadata.UID, strings.ToLower(want.OCSF.Status), want.OCSF.Metadata.Code,
			want.Usr.ID, strings.ToLower(want.Usr.Name), want.Network.Client.IP, want.HTTP.UserAgent, want.OCSF.Actor.AppUID, want.OCSF.Actor.AppName,
		}, []string{
			ev.Time.String(), ev.ID, outcome, ev.Code,
			ev.Principal.ID, ev.Principal.Name, ev.Source.IP.String(), ev.UserAgent, ev.App.ID, ev.App.Name,
		}); diff != "" {
			t.Errorf("sample %d (-datadog +frisk):\n%s", i, diff)
		}
		if w := want.Evt.Outcome; w != "" && w != outcome {
			t.Errorf("sample %d: evt.outcome %q, ours %q", i, w, outcome)
		}
	}
	want := map[string]int64{"admin_update_launch": 1, "f (names nobody)": 1, "ss": 1, "sdu": 1, "sapi": 1}
	if diff := cmp.Diff(want, others); diff != "" || events != 2 {
		t.Errorf("%d events, others (-want +got):\n%s", events, diff)
	}
}

// auth0Disagree are the codes that Datadog's pipeline calls Authentication with a
// status and this package does not, by the reason.
var auth0Disagree = map[string][]string{
	"a sign-up or an invitation, not a sign-in": {"ss", "fs", "si", "fi", "fpurh"},
	"a log-out":                                    {"slo", "flo", "federated_logout_failed", "oidc_backchannel_logout_succeeded", "oidc_backchannel_logout_failed", "universal_logout_succeeded", "universal_logout_failed"},
	"a message that was sent or not":               {"cls", "cs", "gd_send_email", "gd_send_email_verification", "gd_send_email_verification_failure", "gd_send_pn", "gd_send_pn_failure", "gd_send_sms", "gd_send_sms_failure", "gd_send_voice", "gd_send_voice_failure"},
	"an e-mail address or a code verified":         {"fv", "fvr", "sv", "svr", "scv", "gd_auth_email_verification"},
	"a factor enrolled or removed":                 {"gd_enrollment_complete", "gd_start_enroll", "gd_start_enroll_failed", "gd_unenroll"},
	"a request before the attempt, without an end": {"ciba_start_succeeded", "ciba_start_failed", "fpar", "passkey_challenge_started", "pla"},
	"a token revoked":                              {"srrt"},
	"the set-up of self-service connections":       {"ss_sso_success", "ss_sso_failure", "ss_sso_info"},
	"a warning beside a login":                     {"w"},
	"a leaked password outside of a login":         {"signup_pwd_leak", "reset_pwd_leak"},
	"an administrative notice":                     {"too_many_records"},
}

// auth0Outcomes are the codes whose outcome differs.
var auth0Outcomes = map[string]string{
	"gd_start_auth": "Success in Datadog (the challenge started); a challenge here",
}

// TestCorpusAuth0Codes compares the table of codes with the lists of Datadog's
// pipeline: which codes are authentications, and which of them succeeded.
func TestCorpusAuth0Codes(t *testing.T) {
	text := string(auth0Corpus(t, "auth0.yaml"))
	list := func(start string) []string {
		m := regexp.MustCompile(`event_code:\((` + regexp.QuoteMeta(start) + `[^)]*)\)`).FindStringSubmatch(text)
		if m == nil {
			t.Fatalf("no list that begins with %q", start)
		}
		return strings.Split(m[1], " OR ")
	}
	class := list("ciba_exchange_failed OR ciba_exchange_succeeded OR")
	success := list("ciba_exchange_succeeded OR ciba_start_succeeded OR")
	failure := list("ciba_exchange_failed OR ciba_start_failed OR")
	left := map[string]bool{}
	for _, codes := range auth0Disagree {
		for _, c := range codes {
			left[c] = true
		}
	}
	for _, c := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(class, success, failure)))) {
		ours, ok := auth0Codes[c]
		if ok == left[c] {
			t.Errorf("%s: a sign-in here %v, listed as a disagreement %v", c, ok, left[c])
		}
		if !ok || auth0Outcomes[c] != "" {
			continue
		}
		if slices.Contains(success, c) && ours.outcome != signin.Success || slices.Contains(failure, c) && ours.outcome != signin.Failure {
			t.Errorf("%s: %v here, success %v and failure %v in Datadog", c, ours.outcome, slices.Contains(success, c), slices.Contains(failure, c))
		}
	}
}
