package ingest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// notLogs are the files of the corpus that are no sign-in log: each must be
// refused, with these words among the reasons.
var notLogs = map[string]string{
	"aws/plaso/jsonl/azure_activity_log.jsonl":                                               "entra-diagnostic",       // Azure Activity
	"aws/plaso/jsonl/gcp_logging.jsonl":                                                      "no format fits",         // Google Cloud audit log
	"entra/azure-sentinel/AADUSerInfo.csv":                                                   "no format fits",         // users
	"entra/sentinel-training-lab/AuditLogs_Hunting.csv":                                      "no format fits",         // directory audit log
	"entra/sentinel-training-lab/azureActivity_adele.csv":                                    "no format fits",         // Azure Activity
	"entra/sentinel-training-lab/azure_activity.csv":                                         "no format fits",         // Azure Activity
	"entra/sentinel-training-lab/signinLogs.csv":                                             "entra-loganalytics-csv", // WHY
	"sshd/crowdsec/endlessh-logs/endlessh-logs.log":                                          "linux-auth",             // a tarpit: nobody signs in
	"vpn/crowdsec/pulse-secure-sslvpn-cve-2019-11510/pulse-secure-sslvpn-cve-2019-11510.log": "no format fits",         // a web server's access log
}

// besideLogs are the files that stand beside the logs: assertions, expectations,
// results, licences.
func besideLogs(rel string) bool {
	base := filepath.Base(rel)
	return strings.HasSuffix(rel, ".assert") || strings.HasSuffix(rel, ".yaml") || strings.HasSuffix(rel, "expected.json") || base == "LICENSE" || base == "README.md"
}

// quarantined are the bad records of the corpus by file.
var quarantined = map[string]int64{}

// TestWholeCorpus: every file of the corpus is a sign-in log whose records are
// all explained (an event, a counted type, or a quarantined record with a
// cause), or is refused.
func TestWholeCorpus(t *testing.T) {
	root := os.Getenv("FRISK_CORPUS")
	if root == "" {
		t.Skip("FRISK_CORPUS is not set")
	}
	logs := filepath.Join(root, "logs")
	sources, err := Expand([]string{logs})
	if err != nil {
		t.Fatal(err)
	}
	accounts := map[string]*Account{}
	for b, err := range Read(context.Background(), sources, Options{AsOf: fixtureAsOf}) {
		if err != nil {
			t.Fatal(err)
		}
		rel, _ := filepath.Rel(logs, b.File)
		a := accounts[rel]
		if a == nil {
			a = &Account{}
			accounts[rel] = a
		}
		a.Add(b)
		for _, bad := range b.Bad {
			if bad.Err == nil || bad.Err.Error() == "" {
				t.Errorf("%s:%d has no cause", rel, bad.Line)
			}
		}
	}
	if len(accounts) != len(sources) {
		t.Errorf("%d files, %d accounts", len(sources), len(accounts))
	}
	var records, events, other int64
	for _, s := range sources {
		rel, _ := filepath.Rel(logs, s.Name)
		a := accounts[rel]
		if besideLogs(rel) {
			if a.Events > 0 {
				t.Errorf("%s is no log and gives %d events", rel, a.Events)
			}
			continue
		}
		var others int64
		for _, o := range a.NotSignIn {
			others += o.Count
			if o.Type == "" {
				t.Errorf("%s: %d records are counted without a type", rel, o.Count)
			}
		}
		records, events, other = records+a.Records, events+a.Events, other+others
		why, refused := notLogs[rel]
		switch {
		case refused && (a.Err == nil || !strings.Contains(a.Err.Error(), why)):
			t.Errorf("%s is to be refused for %q: %d events, %v", rel, why, a.Events, a.Err)
		case !refused && a.Err != nil:
			t.Errorf("%s: %v", rel, a.Err)
		}
		if a.Records != a.Events+a.Bad+others {
			t.Errorf("%s: %d records, %d events, %d bad, %d others", rel, a.Records, a.Events, a.Bad, others)
		}
		if a.Bad != quarantined[rel] {
			t.Errorf("%s: %d records are bad, want %d", rel, a.Bad, quarantined[rel])
		}
	}
	t.Logf("%d files, %d refused; %d records: %d events, %d of other kinds", len(sources), len(notLogs), records, events, other)
}
