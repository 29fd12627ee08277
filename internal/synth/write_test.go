package synth

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWriteTenant reads the default tenant back with nothing but the standard
// library: every file parses, rows add up, and the ground truth names rows that
// exist.
func TestWriteTenant(t *testing.T) {
	dir := t.TempDir()
	sum, err := WriteTenant(dir, Config{})
	if err != nil {
		t.Fatal(err)
	}
	if sum.Rows < 35_000 || sum.Rows > 75_000 {
		t.Errorf("%d rows, the demo is meant to have 40 to 70 thousand", sum.Rows)
	}
	if sum.Interactive+sum.NonInteractive+sum.Workload != sum.Rows {
		t.Errorf("streams do not add up: %+v", sum)
	}
	ids := readIDs(t, dir)
	if int64(len(ids)) != sum.Rows {
		t.Errorf("%d ids in the files, %d rows written", len(ids), sum.Rows)
	}
	var truth Truth
	readJSON(t, filepath.Join(dir, truthName), &truth)
	kinds := map[string]int{}
	for _, e := range append(truth.Attacks, truth.Harmless...) {
		kinds[e.Kind]++
		for _, id := range e.Events {
			if !ids[id] {
				t.Fatalf("%s names row %s, which does not exist", e.Kind, id)
			}
		}
	}
	for _, k := range []string{kindSpray, kindBruteForce, kindStolen, kindTokenTheft, kindFatigue, kindLegacy, kindDeviceCode, kindTravel, kindVPNSwitch, kindCarrierEgress, kindPrivateVPN} {
		if kinds[k] == 0 {
			t.Errorf("no %s in the default tenant", k)
		}
	}
	checkRequests(t, dir, &truth)
	checkPolicies(t, dir)
	if got := len(truth.Repeats); got < 10 {
		t.Errorf("only %d repeated requests", got)
	}
}

// TestHeadline: the answer that the report should give is in the data.
func TestHeadline(t *testing.T) {
	for _, seed := range []uint64{0, 42} {
		tn := Generate(Config{Seed: seed})
		type cell struct {
			role role
			prod bool
		}
		people, prompts := map[cell]float64{}, map[cell]float64{}
		for _, p := range tn.people {
			people[cell{p.role, p.prod}]++
		}
		stoppedByFrequency, hostile := 0, 0
		for r := range tn.Records() {
			if r.incident != 0 {
				hostile++
				if r.code == 70043 {
					stoppedByFrequency++
				}
				continue
			}
			if r.person >= 0 && r.code == 0 && r.Entries() > 0 {
				p := tn.people[r.person]
				prompts[cell{p.role, p.prod}]++
			}
		}
		top := cell{dataScientist, true}
		mine := prompts[top] / people[top]
		for c, n := range prompts {
			if c != top && people[c] >= 5 && n/people[c]*1.5 > mine {
				t.Errorf("seed %d: %s (production %v) are prompted %.1f times, data scientists in production %.1f", seed, roleGroups[c.role], c.prod, n/people[c], mine)
			}
		}
		if stoppedByFrequency*20 > hostile {
			t.Errorf("seed %d: frequency stopped %d of %d hostile rows", seed, stoppedByFrequency, hostile)
		}
	}
}

func readJSON(t *testing.T, path string, v any) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatalf("%s: %v", filepath.Base(path), err)
	}
}

type idOnly struct {
	ID string `json:"id"`
}

func readIDs(t *testing.T, dir string) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	pages, _ := filepath.Glob(filepath.Join(dir, "signins", "interactive-*.json"))
	for _, p := range pages {
		var page graphList[idOnly]
		readJSON(t, p, &page)
		for _, r := range page.Value {
			ids[r.ID] = true
		}
	}
	f, err := os.Open(filepath.Join(dir, nonInteractiveName))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(raw) {
		var r struct {
			Properties idOnly `json:"properties"`
		}
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		ids[r.Properties.ID] = true
	}
	for _, n := range []string{servicePrincipalName, managedIdentityName} {
		var rows []struct {
			ID string `json:"Id"`
		}
		readJSON(t, filepath.Join(dir, n), &rows)
		for _, r := range rows {
			ids[r.ID] = true
		}
	}
	return ids
}

func checkRequests(t *testing.T, dir string, truth *Truth) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "requests.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, r := range rows[1:] {
		known[r[0]] = true
	}
	for _, r := range truth.Repeats {
		if !known[r.Request] {
			t.Errorf("repeat %s is not a request", r.Request)
		}
	}
	var ops []struct {
		Claims map[string]string `json:"claims"`
	}
	readJSON(t, filepath.Join(dir, activityName), &ops)
	if len(ops) < 1000 || ops[0].Claims["uti"] == "" {
		t.Errorf("%d operations", len(ops))
	}
}

func checkPolicies(t *testing.T, dir string) {
	t.Helper()
	sets, _ := filepath.Glob(filepath.Join(dir, "policies", "candidates", "*"))
	sets = append(sets, filepath.Join(dir, "policies", "current"))
	if len(sets) != 5 {
		t.Errorf("%d policy sets", len(sets))
	}
	for _, set := range sets {
		files, _ := filepath.Glob(filepath.Join(set, "*.json"))
		if len(files) < polUserRisk {
			t.Errorf("%s has %d policies", filepath.Base(set), len(files))
		}
		for _, f := range files {
			var p graphPolicy
			readJSON(t, f, &p)
			if p.ID == "" || !strings.HasPrefix(p.DisplayName, "CA") || len(p.Conditions.Applications.Include) == 0 {
				t.Errorf("%s: incomplete policy %+v", filepath.Base(f), p)
			}
		}
	}
}

// TestWriteTenantReplaces: a second tenant leaves nothing of the first behind,
// and nothing that is not a sample tenant is touched.
func TestWriteTenantReplaces(t *testing.T) {
	dir := t.TempDir()
	if _, err := WriteTenant(dir, Config{Seed: 1, People: 200, Days: 12}); err != nil {
		t.Fatal(err)
	}
	sum, err := WriteTenant(dir, Config{Seed: 1, People: 60, Days: 5})
	if err != nil {
		t.Fatal(err)
	}
	if got := len(readIDs(t, dir)); int64(got) != sum.Rows {
		t.Errorf("%d rows in the files, %d written", got, sum.Rows)
	}
	for _, name := range []string{"frisk.yaml", "signins"} {
		other := t.TempDir()
		if err := os.WriteFile(filepath.Join(other, name), []byte("tenant: mine\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := WriteTenant(other, Config{}); !errors.Is(err, ErrNotSample) {
			t.Errorf("folder with %s of somebody else: %v", name, err)
		}
	}
}
