package ingest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCorpus reads every Entra and Okta file of the corpus. Each record must
// come out as an event, a counted record of another kind, or a line error, and
// files that are no sign-in log must be refused with a reason.
func TestCorpus(t *testing.T) {
	root := os.Getenv("FRISK_CORPUS")
	if root == "" {
		t.Skip("FRISK_CORPUS is not set")
	}
	want := map[string]struct {
		format           string
		records, events  int64
		bad              int64
		tenants          int
		policies, refuse bool
	}{
		"entra/msticpy/aad_logons.jsonl":                      {format: "entra-loganalytics", records: 86, events: 86, tenants: 1, policies: true},
		"entra/sentinel-notebooks/aad_logons.jsonl":           {format: "entra-loganalytics", records: 86, events: 86, tenants: 1, policies: true},
		"entra/sentinel-training-lab/sign-in_adelete.csv":     {format: "entra-loganalytics-csv", records: 56, events: 56, tenants: 1, policies: true},
		"entra/sentinel-training-lab/signinLogs.csv":          {refuse: true},
		"entra/sentinel-training-lab/AuditLogs_Hunting.csv":   {refuse: true},
		"entra/sentinel-training-lab/azureActivity_adele.csv": {refuse: true},
		"entra/sentinel-training-lab/azure_activity.csv":      {refuse: true},
		"entra/azure-sentinel/AADUSerInfo.csv":                {refuse: true},
		"okta/azure-sentinel/Okta_CL.json":                    {format: "okta-sentinel", records: 593, events: 101, tenants: 1},
	}
	logs := filepath.Join(root, "logs")
	sources, err := Expand([]string{filepath.Join(logs, "entra"), filepath.Join(logs, "okta")})
	if err != nil {
		t.Fatal(err)
	}
	accounts := map[string]*Account{}
	for b, err := range Read(context.Background(), sources, Options{}) {
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
			t.Error(bad)
		}
	}
	for rel, w := range want {
		a := accounts[rel]
		if a == nil {
			t.Errorf("%s was not read", rel)
			continue
		}
		others := int64(0)
		for _, o := range a.NotSignIn {
			others += o.Count
		}
		if a.Records != a.Events+a.Bad+others {
			t.Errorf("%s: %d records are not %d events + %d bad + %d others", rel, a.Records, a.Events, a.Bad, others)
		}
		if w.refuse {
			if a.Err == nil || !strings.Contains(a.Err.Error(), "no format fits") {
				t.Errorf("%s is not refused: %+v", rel, a)
			}
			continue
		}
		if a.Err != nil || a.Format != w.format || a.Records != w.records || a.Events != w.events || a.Bad != w.bad || len(a.Tenants) != w.tenants {
			t.Errorf("%s: %+v, want %+v", rel, a, w)
		}
		if w.policies && a.notes[notePolicyRows] == 0 {
			t.Errorf("%s: no policy evaluations", rel)
		}
		t.Logf("%s: %d events, warnings %q", rel, a.Events, a.Warnings())
	}
	if len(accounts) != len(want) {
		t.Errorf("%d files read, %d known", len(accounts), len(want))
	}
}
