package ingest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"frisk/internal/signin"
)

// cloudWant is what one file of the corpus must come out as.
type cloudWant struct {
	format string // "" = refused, because it is no sign-in log
	events int64
	others []TypeCount // sorted by type
	bad    int64
}

// cloudFiles reads the files of some folders of the corpus and compares each
// with what it must come out as: no record may be unexplained. It returns the
// events of each file.
func cloudFiles(t *testing.T, folders []string, want map[string]cloudWant) map[string][]signin.Event {
	t.Helper()
	root := os.Getenv("FRISK_CORPUS")
	if root == "" {
		t.Skip("FRISK_CORPUS is not set")
	}
	logs := filepath.Join(root, "logs")
	var paths []string
	for _, f := range folders {
		paths = append(paths, filepath.Join(logs, f))
	}
	sources, err := Expand(paths)
	if err != nil {
		t.Fatal(err)
	}
	accounts, events := map[string]*Account{}, map[string][]signin.Event{}
	for b, err := range Read(context.Background(), sources, Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		rel, _ := filepath.Rel(logs, b.File)
		if accounts[rel] == nil {
			accounts[rel] = &Account{}
		}
		accounts[rel].Add(b)
		events[rel] = append(events[rel], b.Events...)
		for _, bad := range b.Bad {
			t.Logf("%s: %v", rel, bad.Err)
		}
	}
	for rel, a := range accounts {
		w, known := want[rel]
		switch {
		case !known && a.Err == nil:
			t.Errorf("%s is read as %s and has no expectation", rel, a.Format)
		case !known: // something that lies beside the logs
		case w.format == "":
			if a.Err == nil || !strings.Contains(a.Err.Error(), "no format fits") {
				t.Errorf("%s is not refused: %+v", rel, a)
			}
		case a.Err != nil || a.Format != w.format || a.Events != w.events || a.Bad != w.bad || !slices.Equal(a.NotSignIn, w.others):
			t.Errorf("%s: %s, %d events, %d bad, others %+v, %v, want %+v", rel, a.Format, a.Events, a.Bad, a.NotSignIn, a.Err, w)
		}
	}
	for rel := range want {
		if accounts[rel] == nil {
			t.Errorf("%s was not read", rel)
		}
	}
	return events
}

func TestCorpusAWS(t *testing.T) {
	ct := "aws-cloudtrail"
	events := cloudFiles(t, []string{"aws"}, map[string]cloudWant{
		"aws/crowdsec/aws-bf/aws-bf.log": {format: ct, events: 6},
		"aws/crowdsec/aws-cloudtrail-postexploit/aws-cloudtrail-postexploit.log": {format: ct, others: []TypeCount{
			{Type: "lambda.amazonaws.com", Count: 1}, {Type: "s3.amazonaws.com", Count: 1}, {Type: "secretsmanager.amazonaws.com", Count: 1}, {Type: "sts.amazonaws.com GetCallerIdentity", Count: 1},
		}},
		"aws/crowdsec/aws-cloudtrail/aws-cloudtrail.log": {format: ct, events: 1, others: []TypeCount{{Type: "sts.amazonaws.com GetCallerIdentity", Count: 1}}},
		"aws/crowdsec/aws-nwo-login/aws-nwo-login.log":   {format: ct, events: 1},
		"aws/plaso/jsonl/aws_cloudtrail.jsonl":           {format: ct, others: []TypeCount{{Type: "ec2.amazonaws.com", Count: 6}}},
		"aws/plaso/jsonl/azure_activity_log.jsonl":       {},
		"aws/plaso/jsonl/gcp_logging.jsonl":              {},
		"aws/plaso/jsonl/microsoft_audit_log.jsonl": {format: "m365-audit", events: 1, others: []TypeCount{
			{Type: "Install-DefaultSharingPolicy", Count: 1}, {Type: "Set-AdminAuditLogConfig", Count: 1}, {Type: "Set-MailboxPlan", Count: 1},
		}},
	})
	crowdsecAWS(t, events)
}

// crowdsecDiffers are the metadata of crowdsec's AWS parser that are not
// compared, with the reason.
var crowdsecDiffers = map[string]string{
	"user_arn":        "an arn is a name that the next user of it inherits: the principal is principalId",
	"account_id":      "ours is userIdentity.accountId, crowdsec's recipientAccountId; the samples spell one of the two placeholders wrong",
	"event_name":      "stands in no field: the application and the outcome say what happened",
	"user_type":       "becomes the kind of principal, in other words",
	"region":          "not kept: it is where AWS wrote the record, not where anybody was",
	"datasource_path": "about crowdsec's own run", "datasource_type": "about crowdsec's own run", "log_type": "about crowdsec's own run",
}

var crowdsecMeta = regexp.MustCompile(`results\[0\]\.Overflow\.Alert\.Events\[(\d+)\]\.GetMeta\("([a-z_]+)"\) == ("(?:[^"\\]|\\.)*")`)

// crowdsecAWS compares what crowdsec asserts of its samples where it speaks of a
// field of ours: source address, time, user agent, outcome by the scenario.
func crowdsecAWS(t *testing.T, events map[string][]signin.Event) {
	t.Helper()
	logs := filepath.Join(os.Getenv("FRISK_CORPUS"), "logs")
	compared := 0
	for _, name := range []string{"aws-bf", "aws-nwo-login"} {
		evs := events[filepath.Join("aws/crowdsec", name, name+".log")]
		data, err := os.ReadFile(filepath.Join(logs, "aws/crowdsec", name, "scenario.assert")) //nolint:gosec // the corpus
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range crowdsecMeta.FindAllStringSubmatch(string(data), -1) {
			var n int
			if _, err := fmt.Sscan(m[1], &n); err != nil || n >= len(evs) {
				t.Fatalf("%s: event %s of %d", name, m[1], len(evs))
			}
			var want string
			if err := json.Unmarshal([]byte(m[3]), &want); err != nil {
				t.Fatal(err)
			}
			ev, got := &evs[n], ""
			switch m[2] {
			case "source_ip":
				got = ev.Source.IP.String()
			case "timestamp":
				got = ev.Time.String()
			case "user_agent":
				got = ev.UserAgent
			case "event_id":
				got = ev.ID
			case "event_source":
				got = ev.App.ID
			default:
				if crowdsecDiffers[m[2]] == "" {
					t.Errorf("%s: crowdsec asserts %s: compare it, or say why not", name, m[2])
				}
				continue
			}
			compared++
			if got != want {
				t.Errorf("%s: event %d: %s is %q, crowdsec says %q", name, n, m[2], got, want)
			}
		}
		want := signin.Failure // the scenario is brute force
		if name == "aws-nwo-login" {
			want = signin.Success
		}
		for i := range evs {
			if evs[i].Outcome != want {
				t.Errorf("%s: event %d is %v", name, i, evs[i].Outcome)
			}
		}
	}
	if compared < 20 {
		t.Errorf("only %d fields compared", compared)
	}
}

func TestCorpusGoogle(t *testing.T) {
	gw := "google-workspace"
	s := "google_workspace/azure-sentinel/GWorkspace_ReportsAPI_"
	events := cloudFiles(t, []string{"google_workspace"}, map[string]cloudWant{
		s + "admin_CL.json": {format: gw, others: []TypeCount{
			{Type: "admin ADD_GROUP_MEMBER", Count: 1}, {Type: "admin CREATE_USER", Count: 1}, {Type: "admin USER_LICENSE_ASSIGNMENT", Count: 1},
		}},
		s + "calendar_CL.json": {format: gw, others: []TypeCount{
			{Type: "calendar change_event_guest_response", Count: 1}, {Type: "calendar notification_triggered", Count: 2},
		}},
		s + "drive_CL.json": {format: gw, others: []TypeCount{
			{Type: "drive add_to_folder", Count: 2},
			{Type: "drive change_acl_editors", Count: 2},
			{Type: "drive change_user_access", Count: 2},
			{Type: "drive edit", Count: 2},
			{Type: "drive upload", Count: 2},
		}},
		s + "login_CL.json":  {format: gw, events: 3},
		s + "mobile_CL.json": {format: gw, others: []TypeCount{{Type: "mobile DEVICE_SYNC_EVENT", Count: 3}}},
		s + "token_CL.json":  {format: gw, events: 1, others: []TypeCount{{Type: "token revoke", Count: 2}}},
		s + "user_accounts_CL.json": {format: gw, others: []TypeCount{
			{Type: "user_accounts 2sv_enroll", Count: 1}, {Type: "user_accounts password_edit", Count: 1},
		}},
		"google_workspace/invictus/LICENSE": {},
		"google_workspace/invictus/login.json": {format: gw, events: 63, others: []TypeCount{
			{Type: "login 2sv_enroll", Count: 1}, {Type: "login email_forwarding_out_of_domain", Count: 3}, {Type: "login logout", Count: 2}, {Type: "login password_edit", Count: 2},
		}},
		"google_workspace/invictus/user_accounts.json": {format: gw, others: []TypeCount{
			{Type: "user_accounts 2sv_enroll", Count: 1}, {Type: "user_accounts email_forwarding_out_of_domain", Count: 3}, {Type: "user_accounts password_edit", Count: 2},
		}},
	})
	ids, outcomes, states := map[string]bool{}, map[signin.Outcome]int{}, map[signin.MFAState]int{}
	for _, ev := range events["google_workspace/invictus/login.json"] {
		ids[ev.ID] = true
		outcomes[ev.Outcome]++
		states[ev.MFA.State]++
	}
	if len(ids) != 63 || outcomes[signin.Failure] != 5 || outcomes[signin.Success] != 58 || states[signin.MFADone] != 12+12 {
		t.Errorf("%d ids, outcomes %v, factors %v", len(ids), outcomes, states)
	}
}
