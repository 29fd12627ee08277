package analysis

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"frisk/internal/replay"
	"frisk/internal/synth"
)

// verified is the comparison with the log for a made-up tenant.
func verified(t *testing.T, cfg synth.Config) (*Result, *synth.Truth) {
	t.Helper()
	dir := t.TempDir()
	_, _, res := assessTenant(t, dir, cfg)
	return res, readTruth(t, filepath.Clean(dir))
}

// TestVerifySample: the recorded results of the sample tenant are written by code
// that shares nothing with the engine, and both agree on every result, every group
// of conditions and every mask.
func TestVerifySample(t *testing.T) {
	if testing.Short() {
		t.Skip("makes and assesses tenants")
	}
	for _, cfg := range []synth.Config{{People: 120, Days: 15}, {Seed: 7, People: 80, Days: 20}, {Seed: 3, People: 60, Days: 20, Dated: true}} {
		res, _ := verified(t, cfg)
		f := &res.Tally.Fidelity
		for i := range f.Policies {
			p := &f.Policies[i]
			for what, a := range map[string]replay.Agreement{"result": p.Result, "first group": p.Group, "mask": p.Mask} {
				if a.Disagree > 0 {
					t.Errorf("seed %d, %s, %s: %+v %+v", cfg.Seed, p.Name, what, a, p.Examples)
				}
			}
			// Only devices nobody exported may stay open.
			if n := p.Result.Agree + p.Result.Unknown; n > 0 && float64(p.Result.Unknown) > 0.01*float64(n) {
				t.Errorf("seed %d, %s: %d of %d open", cfg.Seed, p.Name, p.Result.Unknown, n)
			}
		}
		if f.Prompted.Missed > 0 {
			t.Errorf("seed %d: %d of %d recorded prompts missed", cfg.Seed, f.Prompted.Missed, f.Prompted.Recorded)
		}
		if len(f.Strangers)+len(f.Outside) > 0 {
			t.Errorf("seed %d: not in the set: %v %v", cfg.Seed, f.Strangers, f.Outside)
		}
	}
}

// TestVerifyPerturbed: when the exports are not those of the time, every
// disagreement is found and put down to what was changed, and to nothing else.
func TestVerifyPerturbed(t *testing.T) {
	if testing.Short() {
		t.Skip("makes and assesses tenants")
	}
	for kind, want := range map[string]string{
		"membership": "membership-then", "incomplete": "membership-then", "location": "location-then", "nolocation": "location-then",
		"bundle": "bundle", "policy": "policy-edited", "state": "policy-state-then", "missing": "not-in-set", "device": "device-inventory", "risk": "user-risk",
		"hidden": "hidden-result", "permission": "", "interactive": "",
	} {
		t.Run(kind, func(t *testing.T) {
			what, err := synth.ParsePerturb([]string{kind})
			if err != nil {
				t.Fatal(err)
			}
			res, truth := verified(t, synth.Config{People: 60, Days: 10, Perturb: what, Dated: kind == "risk"})
			f := &res.Tally.Fidelity
			var policies []string
			for _, p := range truth.Perturbed {
				policies = append(policies, p.Policies...)
			}
			found, results, differ := int64(0), int64(0), int64(0)
			for i := range f.Policies {
				differ += f.Policies[i].Result.Disagree
			}
			for _, r := range f.Reasons {
				if r.Code != want && r.Code != "beside-another" {
					t.Errorf("%d differ, %d open for %s (%s)", r.Disagree, r.Unknown, r.Code, r.Item)
				}
				if r.Policy >= 0 && len(policies) > 0 && !slices.ContainsFunc(policies, func(id string) bool { return strings.EqualFold(id, f.Policies[r.Policy].ID) }) {
					t.Errorf("%s blames %s", r.Code, f.Policies[r.Policy].Name)
				}
				found += r.Disagree + r.Unknown
				results += r.Results
				if len(r.Examples) == 0 {
					t.Errorf("%s: no example", r.Code)
				}
			}
			if (found > 0) != (want != "") {
				t.Errorf("%d evaluations explained", found)
			}
			if results != differ {
				t.Errorf("reasons count %d results, the policies %d", results, differ)
			}
			// The gate is not softened by what an edit explains.
			if share, ok := res.AppliedAgreement(); ok != (kind != "permission") || differ > 0 && share >= 1 || ok && differ == 0 && share < 1 {
				t.Errorf("gate: %v %v, %d differ", share, ok, differ)
			}
			for _, y := range res.verifyReasons() {
				for _, p := range y.Parts {
					if p.Policy == "" || p.Policy == p.Item {
						t.Errorf("%s: no policy named: %+v", y.Code, p)
					}
				}
			}
			problems := strings.Join(res.verifyProblems(), "\n")
			if word := map[string]string{"hidden": "unknownFutureValue", "permission": "is empty", "interactive": "interactive sign-ins only", "missing": "not given"}[kind]; !strings.Contains(problems, word) {
				t.Errorf("problems do not speak of %q: %s", word, problems)
			}
		})
	}
}
