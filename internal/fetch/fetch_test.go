package fetch

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"frisk/internal/directory"
	"frisk/internal/fetch/graphtest"
	"frisk/internal/ingest"
	"frisk/internal/policy"
	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// Everything the catalog has comes over, and the loaders read it unchanged.
func TestOthersReadWhatIsFetched(t *testing.T) {
	s := graphtest.Sample(now, 25)
	s.Pages(3)
	o := testOptions(t, s)
	o.Parts = Parts()
	var err error
	if o.Parts, err = Select(nil, []string{"risk-history", "managed-devices", "access-requests", "pim-requests", "risky-service-principals"}, nil); err != nil {
		t.Fatal(err)
	}
	if len(o.Parts) != len(Parts()) {
		t.Fatalf("%d parts, want all %d", len(o.Parts), len(Parts()))
	}
	res := mustRun(t, o)
	for _, p := range res.Parts {
		if p.Status != Fetched || p.Rows == 0 {
			t.Errorf("%s: %s, %d rows: %s", p.Part, p.Status, p.Rows, p.Why)
		}
	}
	files := tree(t, o.Out, false)
	wantOnce(t, files, 100)
	for name, data := range files {
		if strings.HasPrefix(name, "signins/") && (!strings.Contains(data, "reportOnlySuccess") || strings.Contains(data, "unknownFutureValue")) {
			t.Errorf("%s lacks the results of report-only policies", name)
		}
	}

	t.Run("ingest", func(t *testing.T) {
		sources, err := ingest.Expand([]string{filepath.Join(o.Out, "signins")})
		if err != nil {
			t.Fatal(err)
		}
		kinds := map[signin.Stream]int{}
		for b, err := range ingest.Read(context.Background(), sources, ingest.Options{}) {
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range b.Bad {
				t.Errorf("bad row: %v", e)
			}
			if b.FileErr != nil {
				t.Error(b.FileErr)
			}
			for i := range b.Events {
				kinds[b.Events[i].Stream]++
			}
		}
		if len(kinds) != 4 {
			t.Errorf("streams %v, want 4", kinds)
		}
		for k, n := range kinds {
			if n != 25 {
				t.Errorf("%v: %d events, want 25", k, n)
			}
		}
	})
	t.Run("directory", func(t *testing.T) {
		_, files, err := directory.Load([]string{filepath.Join(o.Out, "directory"), filepath.Join(o.Out, "audit")}, directory.Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for _, f := range files {
			for _, i := range f.Issues {
				t.Errorf("issue: %v (%s)", i, i.Hint)
			}
			for _, c := range f.Counts {
				got[c.Kind] += c.Records
			}
		}
		want := map[string]int{
			// Two of the three audit records tell of nothing that replay uses and count as other.
			"audit-log": 1, "users": 5 + 6, "groups": 2, "memberships": 3, "roles": 2, "devices": 2, "service-principals": 1, "registrations": 1,
			"risky-users": 3, "risky-service-principals": 1, "requests": 2,
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("-want +got\n%s", d)
		}
	})
	t.Run("policy", func(t *testing.T) {
		set, notices, err := policy.Load("current", []string{filepath.Join(o.Out, "policies")}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range notices {
			if n.Level != "info" {
				t.Errorf("notice: %+v", n)
			}
		}
		if len(set.Policies) != 2 || len(set.Locations) != 1 {
			t.Errorf("%d policies, %d locations", len(set.Policies), len(set.Locations))
		}
	})
}

// Nobody else may read what is fetched, and the token is nowhere.
func TestFilesArePrivate(t *testing.T) {
	s := graphtest.Sample(now, 5)
	o := testOptions(t, s)
	mustRun(t, o)
	err := filepath.WalkDir(o.Out, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		if want := map[bool]fs.FileMode{true: 0o700, false: 0o600}[e.IsDir()]; info.Mode().Perm() != want {
			t.Errorf("%s has mode %o, want %o", p, info.Mode().Perm(), want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range tree(t, o.Out, true) {
		if strings.Contains(data, "secret-token") {
			t.Errorf("the token is in %s", name)
		}
	}
}

// A second run asks for what is new and what came late, and replaces the slices
// that were fetched too early.
func TestSecondRun(t *testing.T) {
	s := graphtest.Sample(now, 30)
	s.Pages(2)
	o := testOptions(t, s, "signins-interactive")
	mustRun(t, o)
	wantOnce(t, tree(t, o.Out, false), 30)
	before := len(s.Requests())

	s.Add(graphtest.SignIns, graphtest.SignIn("interactiveUser", 900, now.Add(-20*time.Minute))) // late
	s.Add(graphtest.SignIns, graphtest.SignIn("interactiveUser", 901, now.Add(10*time.Minute)))  // new
	o.Clock = &fakeClock{at: now.Add(time.Hour)}
	res := mustRun(t, o)
	wantOnce(t, tree(t, o.Out, false), 32)
	if n := len(s.Requests()) - before; n > 6 || res.Parts[0].Slices != 2 { // the last whole one and the one begun
		t.Errorf("second run made %d requests for %d slices", n, res.Parts[0].Slices)
	}

	// A day later everything is settled, then nothing is left to ask.
	o.Clock = &fakeClock{at: now.Add(24 * time.Hour)}
	o.Until = now.Add(time.Hour)
	mustRun(t, o)
	before = len(s.Requests())
	if res = mustRun(t, o); res.Parts[0].Status != UpToDate || len(s.Requests()) != before {
		t.Errorf("%+v after %d requests", res.Parts[0], len(s.Requests())-before)
	}

	// By force it all comes again, once.
	o.Force = true
	mustRun(t, o)
	wantOnce(t, tree(t, o.Out, false), 32)
	if len(s.Requests()) == before {
		t.Error("--force asked for nothing")
	}
}

// Only the groups that policies name are fetched, or all of them; a deleted one
// is a note.
func TestGroups(t *testing.T) {
	s := graphtest.Sample(now, 0)
	o := testOptions(t, s, "policies", "groups")
	res := mustRun(t, o)
	if n := strings.Join(res.Parts[1].Notes, "\n"); !strings.Contains(n, graphtest.Deleted) || strings.Contains(n, graphtest.Other) {
		t.Errorf("notes %q", n)
	}
	var got []string
	for name := range tree(t, filepath.Join(o.Out, "directory", now.Format(stamp), "groups"), false) {
		got = append(got, name)
	}
	if len(got) != 4 || strings.Contains(strings.Join(got, " "), graphtest.Other) {
		t.Errorf("files %q", got)
	}

	o.AllGroups, o.Out = true, filepath.Join(t.TempDir(), "all")
	mustRun(t, o)
	all := tree(t, filepath.Join(o.Out, "directory", now.Format(stamp), "groups"), false)
	for _, name := range []string{"groups-0001.json", "transitiveMembers-" + graphtest.Other + "-0001.json"} {
		if all[name] == "" {
			t.Errorf("%s is missing", name)
		}
	}

	// Without policies nobody knows which groups.
	o = testOptions(t, s, "groups")
	res, err := Run(t.Context(), o)
	if err == nil || res.Parts[0].Status != Failed || !strings.Contains(res.Parts[0].Why, "--groups all") {
		t.Errorf("%v %+v", err, res)
	}
}

// One folder holds one tenant of one cloud, and one fetch at a time.
func TestFolderBelongs(t *testing.T) {
	s := graphtest.Sample(now, 1)
	o := testOptions(t, s, "policies")
	o.Tenant = graphtest.Tenant
	mustRun(t, o)
	other := o
	other.Tenant = graphtest.Other
	if _, err := Run(t.Context(), other); err == nil || !strings.Contains(err.Error(), "of its own") {
		t.Errorf("another tenant: %v", err)
	}
	unlock, err := lock(filepath.Join(o.Out, ".fetch", "lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	if _, err := Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), ErrLocked.Error()) {
		t.Errorf("locked: %v", err)
	}
}

// The state says so when it is damaged instead of fetching everything again.
func TestDamagedState(t *testing.T) {
	s := graphtest.Sample(now, 1)
	o := testOptions(t, s, "policies")
	mustRun(t, o)
	path := filepath.Join(o.Out, ".fetch", "state.json")
	for _, text := range []string{"{", `{"version":9}`, `{"version":1,"snapshots":[{"part":"users","folder":"../.."}]}`} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "state.json") {
			t.Errorf("state %q: %v", text, err)
		}
	}
}
