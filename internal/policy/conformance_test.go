package policy

import (
	"path/filepath"
	"strings"
	"testing"
)

// Every conformance case is a policy test file, the same a user writes; each
// names the page it comes from.
func TestConformance(t *testing.T) {
	files, err := filepath.Glob("testdata/conformance/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no conformance files", err)
	}
	for _, f := range files {
		parsed, err := readTestFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range parsed.Tests {
			if c.Source == "" {
				t.Errorf("%s: %q names no source", f, c.Name)
			}
		}
	}
	results, err := RunTests(files, TestOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		t.Run(filepath.Base(r.File)+"/"+r.Name, func(t *testing.T) {
			if !r.Passed {
				t.Error(strings.Join(r.Misses, "\n"))
			}
		})
	}
	t.Logf("%d cases", len(results))
}
