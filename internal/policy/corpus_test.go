package policy

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// corpus is the folder of real policies, or skips the test.
func corpus(t testing.TB, sub string) string {
	root := os.Getenv("FRISK_CORPUS")
	if root == "" {
		t.Skip("FRISK_CORPUS is not set")
	}
	return filepath.Join(root, sub)
}

// Every policy file people published parses, and together they compile and
// answer a sign-in.
func TestCorpusPolicies(t *testing.T) {
	root := corpus(t, "policies")
	var files, policies, locations int
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.EqualFold(filepath.Ext(path), ".json") {
			return err
		}
		set, notices, err := Load(path, []string{path}, nil)
		if err != nil {
			t.Error(err)
			return nil
		}
		files++
		policies += len(set.Policies)
		locations += len(set.Locations)
		if len(set.Policies)+len(set.Locations) == 0 && len(notices) == 0 {
			t.Errorf("%s: nothing was read and nothing was said", path)
		}
		for _, p := range set.Policies {
			if p.State == StateOther || p.Name == "" {
				t.Errorf("%s: %s: state %q, name %q", path, p.Path, p.StateText, p.Name)
			}
			if p.Filter != nil && p.Filter.expr == nil {
				t.Errorf("%s: device filter %q does not parse", path, p.Filter.Rule)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files != 254 || policies != 250 || locations != 3 {
		t.Errorf("read %d files, %d policies, %d locations; want 254, 250, 3", files, policies, locations)
	}
}

// A whole export folder is one set that can be asked, and everything left
// unread is in the conditions this program says it does not know.
func TestCorpusSets(t *testing.T) {
	for _, name := range []string{"j0eyv_ConditionalAccessBaseline", "AlexFilipin_ConditionalAccess"} {
		set, notices, err := Load(name, []string{corpus(t, "policies/"+name)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		e, err := NewEngine(set, nil, Options{})
		if err != nil {
			t.Fatal(err)
		}
		sym := signin.NewSymbols()
		ev := e.Evaluator(sym)
		row := signin.RowOf(&signin.Event{
			Time: testEpoch, Provider: "entra",
			Principal: signin.Principal{ID: "u1", Kind: signin.Member}, Client: "Browser",
		}, sym)
		x := ev.Explain(&row, &State{})
		if len(x.Policies) != len(set.Policies) || len(x.Reasons) == 0 {
			t.Errorf("%s: %d policies explained, want %d", name, len(x.Policies), len(set.Policies))
		}
		unknown := map[string]int{}
		for _, n := range notices {
			unknown[n.Code]++
		}
		t.Logf("%s: %v", name, unknown)
		for _, n := range notices {
			if n.Level == "warning" {
				t.Logf("%s %s %s", n.Code, n.Path, n.Message)
			}
		}
	}
}

// The four documented evaluate examples.
func TestEvaluateExamples(t *testing.T) {
	data, err := os.ReadFile(corpus(t, "vectors/evaluate-examples.json"))
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct {
		Examples []struct {
			Name     string            `json:"name"`
			Request  json.RawMessage   `json:"request"`
			Response []json.RawMessage `json:"response_value"`
		} `json:"examples"`
	}
	if err := json.Unmarshal(data, &vectors); err != nil || len(vectors.Examples) != 4 {
		t.Fatal(err, len(vectors.Examples))
	}
	dir := directory.New()
	// The documented user holds one of the fourteen roles (third example).
	dir.AddRole("15dc174b-f34c-4588-ac45-61d6e05dce93", "62e90394-69f5-4237-9190-012177145e10", 0, 0)
	dir.SetRolesComplete()
	dir.Seal()
	for _, v := range vectors.Examples {
		t.Run(v.Name, func(t *testing.T) {
			all, err := json.Marshal(v.Response)
			if err != nil {
				t.Fatal(err)
			}
			set, _, err := Parse("response", all)
			if err != nil {
				t.Fatal(err)
			}
			e, err := NewEngine(set, dir, Options{})
			if err != nil {
				t.Fatal(err)
			}
			q, err := ParseWhatIf(v.Request)
			if err != nil {
				t.Fatal(err)
			}
			for _, none := range []bool{false, true} {
				a, err := WhatIf(e, q, &State{}, WhatIfOptions{MissingIsNone: none})
				if err != nil {
					t.Fatal(err)
				}
				if len(a.Value) != len(v.Response) {
					t.Errorf("missing as none %t: %d policies apply, want %d", none, len(a.Value), len(v.Response))
				}
				for _, p := range a.Frisk.Policies {
					if p.Result != "applied" {
						t.Errorf("policy %q: %s: %s", p.Name, p.Result, because(&p))
					}
				}
			}
		})
	}
}
