package policy

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// What a result is called in JSON is a promise; see docs/policies.md.
func TestResultJSON(t *testing.T) {
	path := writeTests(t, runHead+"  - {name: a, case: 3, soft: true, signIn: {userId: u1}, expect: {scope: inScope}}\n")
	results, err := RunTests([]string{path}, TestOptions{})
	if err != nil {
		t.Fatal(err)
	}
	results[0].File = "t.yaml"
	got, err := json.Marshal(results)
	const want = `[{"file":"t.yaml","name":"a","case":3,"soft":true,"passed":true,"misses":[]}]`
	if err != nil || string(got) != want {
		t.Errorf("%v: got %s, want %s", err, got, want)
	}
}

// Keys that anchors, aliases and merges bring in are checked where they stand, and
// the test files of the tree have no key nobody reads.
func TestUnknownYAML(t *testing.T) {
	const good = "tests:\n  - &a {name: a, expect: &e {decision: allow, policies: {Any name: applied}}}\n  - <<: *a\n    name: b\n    expect: *e\n"
	if err := unknownYAML([]byte(good), &testFile{}); err != nil {
		t.Error(err)
	}
	err := unknownYAML([]byte("tests:\n  - &a {nme: a}\n  - *a\n"), &testFile{})
	if err == nil || strings.Count(err.Error(), "nme") != 1 {
		t.Errorf("got %v", err)
	}
	files, err := filepath.Glob("testdata/conformance/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(len(files), err)
	}
	for _, f := range files {
		if _, err := readTestFile(f); err != nil {
			t.Error(err)
		}
	}
}

func TestNearest(t *testing.T) {
	names := []string{"includeUsers", "excludeUsers", "userId", "country"}
	for word, want := range map[string]string{
		"includeUser": "includeUsers", "USERID": "userId", "contry": "country", "something": "", "": "",
	} {
		if got := nearest(word, names); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
}
