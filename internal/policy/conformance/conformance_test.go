// Package conformance_test runs the conformance cases of the policy engine the way
// the program does: with the session clocks of replay and the rules of policy check.
package conformance_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"frisk/internal/directory"
	"frisk/internal/lint"
	"frisk/internal/policy"
	"frisk/internal/replay"

	"github.com/goccy/go-yaml"
)

// conformanceCases is how many cases the reference lists (section 7).
const conformanceCases = 78

// Every conformance case is a policy test file, the same a user writes, run as the
// program runs it; each names the page it comes from.
func TestConformance(t *testing.T) {
	files, err := filepath.Glob("../testdata/conformance/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no conformance files", err)
	}
	sources(t, files)
	results, err := policy.RunTests(files, policy.TestOptions{
		Clock: func(ev *policy.Evaluator) policy.Clock { return replay.NewSession(ev, ev.Symbols()) },
		Notices: func(s *policy.Set, d *directory.Directory) []policy.Notice {
			return lint.Check(lint.Input{Set: s, Directory: d})
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int]bool{}
	soft := 0
	for _, r := range results {
		seen[r.Case] = true
		t.Run(filepath.Base(r.File)+"/"+r.Name, func(t *testing.T) {
			switch {
			case !r.Passed:
				t.Error(strings.Join(r.Misses, "\n"))
			case len(r.Misses) > 0:
				soft++
				t.Log("soft: " + strings.Join(r.Misses, "\n"))
			}
		})
	}
	for n := 1; n <= conformanceCases; n++ {
		if !seen[n] {
			t.Errorf("case %d has no test", n)
		}
	}
	t.Logf("%d cases, %d tests, %d soft misses", conformanceCases, len(results), soft)
}

// sources checks that each test says where its expectation comes from.
func sources(t *testing.T, files []string) {
	t.Helper()
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var parsed struct {
			Tests []struct {
				Name   string
				Source string
				Case   int
			}
		}
		if err := yaml.Unmarshal(data, &parsed); err != nil {
			t.Fatal(err)
		}
		for _, c := range parsed.Tests {
			if c.Source == "" {
				t.Errorf("%s: %q names no source", f, c.Name)
			}
			if c.Case < 0 || c.Case > conformanceCases {
				t.Errorf("%s: %q is case %d of %d", f, c.Name, c.Case, conformanceCases)
			}
		}
	}
}
