package directory

import (
	"os"
	"path/filepath"
	"testing"

	"frisk/internal/signin"
)

func corpus(t *testing.T) string {
	t.Helper()
	root := os.Getenv("FRISK_CORPUS")
	if root == "" {
		t.Skip("FRISK_CORPUS is not set")
	}
	return filepath.Join(root, "logs", "entra")
}

func TestCorpusActivity(t *testing.T) {
	root := corpus(t)
	for _, c := range []struct {
		file    string
		records int // in the file
		uti     bool
	}{
		{"sentinel-training-lab/azureActivity_adele.csv", 23, true},
		{"sentinel-training-lab/azure_activity.csv", 325, false},
	} {
		t.Run(filepath.Base(c.file), func(t *testing.T) {
			path := filepath.Join(root, c.file)
			// Nothing in these files is about a workspace: every record is accounted for as such.
			d, files, err := Load([]string{path}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if f := files[0]; f.Other != c.records || f.Bad != 0 || len(f.Counts) != 0 || len(d.Activity) != 0 {
				t.Errorf("without resources: %+v", f)
			}
			// Any ARM id may stand for a workspace.
			d, files, err = Load([]string{path}, Options{Resources: []string{"/subscriptions/8f153238-e602-427e-a7c0-3043fbe50918", "/subscriptions/1c61ccbf-70b3-45a3-a1fb-848ce46d70a6"}})
			if err != nil {
				t.Fatal(err)
			}
			f := files[0]
			if n := f.understood() + f.Bad; n != c.records || f.Bad != 0 || len(d.Activity) == 0 {
				t.Errorf("records %d, want %d; %d bad; %d operations", n, c.records, f.Bad, len(d.Activity))
			}
			for _, a := range d.Activity {
				if a.Time < signin.Earliest || a.Caller == "" || a.Resource == "" {
					t.Errorf("incomplete operation %+v", a)
				}
				if _, ok := signin.ParseGUID(a.Token); ok != c.uti {
					t.Errorf("token %q is a GUID: %v, want %v", a.Token, ok, c.uti)
				}
			}
		})
	}
}

func TestCorpusUsers(t *testing.T) {
	d, files, err := Load([]string{filepath.Join(corpus(t), "azure-sentinel", "AADUSerInfo.csv")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if f := files[0]; f.understood() != 6 || f.Bad != 0 || len(d.Users()) == 0 {
		t.Errorf("%+v", f)
	}
	for _, u := range d.Users() {
		if _, ok := signin.ParseGUID(u.ID); !ok || u.UserPrincipalName == "" || u.UserType != "Member" || u.Enabled == signin.Unknown {
			t.Errorf("incomplete user %+v", u)
		}
	}
}

func TestCorpusSignInsAreNotUsers(t *testing.T) {
	for _, f := range []string{"sentinel-training-lab/signinLogs.csv", "sentinel-training-lab/AuditLogs_Hunting.csv"} {
		if _, _, err := Load([]string{filepath.Join(corpus(t), f)}, Options{}); err == nil {
			t.Errorf("%s was taken for directory data", f)
		}
	}
}
