package synth

import (
	"crypto/sha256"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestJudgeAgain: what a row records of conditions is what its own facts give
// when they are judged afresh, at the time of the row and on both sides of every
// dated change. The counts of the manifest rest on this.
func TestJudgeAgain(t *testing.T) {
	for _, dated := range []bool{false, true} {
		cfg := small
		cfg.Dated = dated
		tn := Generate(cfg)
		for r := range tn.Records() {
			if !r.policies {
				continue
			}
			a := tn.askedOf(r)
			v := judge(&a, &tn.world)
			for i := range tn.numPolicies() {
				x, y := v.evals[i], r.evals[i]
				if x.satisfied != y.satisfied || x.notSatisfied != y.notSatisfied || x.include != y.include || x.exclude != y.exclude {
					t.Fatalf("dated %v, %s at %s, %s: recorded %d/%d, judged again %d/%d", dated, r.ID, r.Time, currentPolicies[i].name, y.satisfied, y.notSatisfied, x.satisfied, x.notSatisfied)
				}
			}
		}
	}
}

// sums are the hashes of the files of a folder, by path.
func sums(t *testing.T, dir string) map[string][32]byte {
	t.Helper()
	out := map[string][32]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		out[filepath.ToSlash(rel)] = sha256.Sum256(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestPerturb: every perturbation changes the files it is about and no other,
// and the manifest counts the rows it touches.
func TestPerturb(t *testing.T) {
	cfg := Config{Seed: 4, People: 90, Days: 12, Dated: true}
	dir := t.TempDir()
	if _, err := WriteTenant(dir, cfg); err != nil {
		t.Fatal(err)
	}
	right := sums(t, dir)
	want := map[Perturb][]string{
		PerturbMembership: {"directory/groups.json"}, PerturbIncomplete: {"directory/groups.json"},
		PerturbLocation: {"locations.json"}, PerturbNoLocation: {"locations.json"}, PerturbBundle: {"appgroups.json", "frisk.yaml"},
		PerturbPolicy: {"directory/auditlogs.json", "policies/current/"}, PerturbState: {"policies/current/"}, PerturbMissing: {"policies/current/"},
		PerturbDevice: {"directory/devices.json"}, PerturbRisk: {"directory/riskyusers.json"},
		PerturbHidden: {"signins/"}, PerturbPermission: {"signins/"}, PerturbInteractive: {"activity/", "signins/noninteractive"},
	}
	for i := range perturbNames {
		k := Perturb(1) << i
		cfg.Perturb = k
		if _, err := WriteTenant(dir, cfg); err != nil {
			t.Fatal(err)
		}
		checkChanged(t, perturbNames[i], right, sums(t, dir), want[k])
		var truth Truth
		readJSON(t, filepath.Join(dir, truthName), &truth)
		if len(truth.Perturbed) != 1 || truth.Perturbed[0].Kind != perturbNames[i] || truth.Perturbed[0].SignIns == 0 {
			t.Errorf("%s: manifest %+v", perturbNames[i], truth.Perturbed)
			continue
		}
		p := truth.Perturbed[0]
		if k != PerturbInteractive && (len(p.Policies) == 0 || len(p.Examples) == 0) {
			t.Errorf("%s: no policies or examples: %+v", p.Kind, p)
		}
		if k == PerturbMembership && len(p.People) < 4 {
			t.Errorf("membership: only %v", p.People)
		}
	}
}

func checkChanged(t *testing.T, name string, right, now map[string][32]byte, may []string) {
	t.Helper()
	changed := 0
	for _, m := range []map[string][32]byte{right, now} {
		for f := range m {
			if right[f] == now[f] || f == truthName {
				continue
			}
			if !slices.ContainsFunc(may, func(prefix string) bool { return strings.HasPrefix(f, prefix) }) {
				t.Errorf("%s changed %s", name, f)
			}
			changed++
		}
	}
	if changed == 0 {
		t.Errorf("%s changed nothing", name)
	}
}

func TestParsePerturb(t *testing.T) {
	if p, err := ParsePerturb([]string{"Membership", " device "}); err != nil || p != PerturbMembership|PerturbDevice {
		t.Errorf("%v, %v", p.Names(), err)
	}
	if p, err := ParsePerturb([]string{"all"}); err != nil || p != PerturbAll || p.has(PerturbPermission) {
		t.Errorf("%v, %v", p.Names(), err)
	}
	if _, err := ParsePerturb([]string{"colour"}); err == nil || !strings.Contains(err.Error(), "want all") {
		t.Errorf("error %v", err)
	}
}
