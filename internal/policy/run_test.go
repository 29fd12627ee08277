package policy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"frisk/internal/signin"
)

const runHead = `
policies: [p.json]
locations: l.json
directory: d.json
tests:
`

// write lays out a small test folder and returns the path of its test file.
func writeTests(t *testing.T, tests string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"p.json": onePolicyEnabled,
		"l.json": `{"value":[{"id":"hq","displayName":"HQ","isTrusted":true,"ipRanges":[{"cidrAddress":"203.0.113.0/24"}]}]}`,
		"d.json": `{"users":[{"id":"u1","userPrincipalName":"ann@example.com","userType":"Member","groups":["g1"],"roles":[]}],"devices":[]}`,
		"t.yaml": tests,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "t.yaml")
}

const onePolicyEnabled = `{"id":"p1","displayName":"MFA for ML","state":"enabled","conditions":{"clientAppTypes":["all"],
 "users":{"includeGroups":["g1"],"excludeGroups":["g2"]},"applications":{"includeApplications":["All"]},
 "locations":{"includeLocations":["All"],"excludeLocations":["AllTrusted"]}},"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`

// A test file as an admin keeps it: policies, locations and directory in files.
func TestRunTests(t *testing.T) {
	path := writeTests(t, runHead+`
  - name: asked outside
    signIn: {userPrincipalName: Ann@example.com, clientAppUsed: Browser, ipAddress: 198.51.100.1, deviceDetail: {}}
    state: {mfa: none}
    expect: {decision: prompt, controls: [mfa], policies: {MFA for ML: applied, p1: applied}}
  - name: not at the office
    signIn: {userId: U1, clientAppUsed: Browser, ipAddress: 203.0.113.1}
    expect: {decision: allow, policies: {p1: notApplied}}
  - name: wrong on purpose
    signIn: {userId: u1, clientAppUsed: Browser, ipAddress: 203.0.113.1}
    expect: {decision: block, controls: [mfa], policies: {p1: applied}}
  - name: context groups replace the directory's
    signIn: {userId: u1, clientAppUsed: Browser, ipAddress: 198.51.100.1}
    context: {groups: [g1, g2]}
    expect: {decision: allow}
  - history: [{at: "00:00", signIn: {userId: u1}, expect: {decision: prompt}}]
  - name: misspelt policy
    signIn: {userId: u1}
    expect: {policies: {p9: applied}}
`)
	results, err := RunTests([]string{path}, TestOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		passed bool
		miss   string
	}{
		{true, ""},
		{true, ""},
		{false, `decision: want block, got allow: no enabled policy applies`},
		{true, ""},
		{false, "need session clocks"},
		{false, `no policy is called "p9", want one of "MFA for ML"`},
	}
	for i, r := range results {
		if r.Passed != want[i].passed || !strings.Contains(strings.Join(r.Misses, "\n"), want[i].miss) {
			t.Errorf("%s: passed %t: %q", r.Name, r.Passed, r.Misses)
		}
	}
	if r := results[2]; len(r.Misses) != 3 || !strings.Contains(r.Misses[2], `203.0.113.1 is in trusted location "HQ"`) {
		t.Errorf("a miss does not name the deciding fact: %q", r.Misses)
	}
	if results[4].Name != "test 5" {
		t.Errorf("an unnamed test is called %q", results[4].Name)
	}
}

// fixedClock answers a history with a claim after the first prompt.
type fixedClock struct{ asked bool }

func (c *fixedClock) Before(*signin.Row) State {
	if c.asked {
		return State{MFA: signin.True, Second: Age{}}
	}
	return State{MFA: signin.False, First: AnyAge, Second: NeverAge}
}

func (c *fixedClock) After(_ *signin.Row, d *Decision) { c.asked = c.asked || d.Best == Prompt }

func TestRunHistory(t *testing.T) {
	path := writeTests(t, runHead+`
  - name: asked once
    history:
      - {at: "00:00", signIn: {userId: u1, clientAppUsed: Browser, ipAddress: 198.51.100.1}, expect: {decision: prompt}}
      - {at: "26:30", signIn: {userId: u1, clientAppUsed: Browser, ipAddress: 198.51.100.1}, expect: {decision: allow}}
`)
	results, err := RunTests([]string{path}, TestOptions{Clock: func(*Evaluator) Clock { return &fixedClock{} }})
	if err != nil || !results[0].Passed {
		t.Errorf("%v %+v", err, results)
	}
}

func TestBadTestFiles(t *testing.T) {
	for text, want := range map[string]string{
		"policies: [p.json]\ntests: []\n":                                           "no tests",
		"policies: [p.json]\nsurprise: 1\ntests: [{name: a}]\n":                     "surprise",
		"policies: [p.json]\ntests: [{name: a, signIn: {userID: u1}}]\n":            "userID",
		"policies: [p.json]\ntests: [{name: a, expect: {decision: maybe}, x: 1}]\n": "x",
		"policies: [\n": "t.yaml",
		"policies: [p.json]\ntests:\n  - nam: a\n    expct: {decision: allow}\n": `unknown field "nam" at line 3: did you mean "name"?`,
		"policies: [p.json]\ntests: [{nam: a, expct: {decision: allow}}]\n":      `unknown field "expct" at line 2: did you mean "expect"?`,
		"tests: [{name: a, signIn: {location: {zip: 1}}}]\n":                     `unknown field "zip" at line 1: want one of city,`,
		"tests: [{name: a, history: [{at: x, signin: {}}]}]\n":                   `did you mean "signIn"`,
	} {
		_, err := RunTests([]string{writeTests(t, text)}, TestOptions{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
	for text, want := range map[string]string{
		"{name: a}": "neither signIn nor history",
		"{name: a, signIn: {userId: u}, expect: {decision: prompt, controls: [block]}}": `controls: want [block], got [mfa]: mfa by "MFA for ML"`,
		"{name: a, signIn: {ipAddress: 300.1.1.1}}":                                     "ipAddress",
		"{name: a, signIn: {userId: u}, expect: {decision: maybe}}":                     `decision "maybe"`,
		"{name: a, signIn: {userId: u}, state: {mfa: perhaps}}":                         "neither none nor claim",
		"{name: a, signIn: {userId: u}, state: {lastFirstFactor: soon}}":                "not a span",
		"{name: a, signIn: {userId: u}, policies: [nowhere.json]}":                      "nowhere.json",
		"{name: a, signIn: {deviceDetail: {trustType: glued}}}":                         "glued",
		"{name: a, signIn: {userId: u}, expect: {policies: {p1: perhaps}}}":             "none of applied",
		"{name: a, signIn: {userId: u, createdDateTime: yesterday}, expect: {}}":        "RFC 3339",
		"{name: a, history: [{at: later, signIn: {userId: u}, expect: {}}]}":            "HH:MM",
		"{name: a, history: [{at: \"00:00\", expect: {}}]}":                             "has no signIn",
		"{name: a, signIn: {userId: u}, policies: [{displayName: P, conditions: 1}]}":   "",
	} {
		opt := TestOptions{Clock: func(*Evaluator) Clock { return &fixedClock{} }}
		results, err := RunTests([]string{writeTests(t, runHead+"  - "+text+"\n")}, opt)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if r := results[0]; want != "" && (r.Passed || !strings.Contains(strings.Join(r.Misses, "\n"), want)) {
			t.Errorf("%s: got %q, want %q", text, r.Misses, want)
		}
	}
}

func FuzzTestFile(f *testing.F) {
	files, err := filepath.Glob("testdata/conformance/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, p := range files {
		data, err := os.ReadFile(p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "t.yaml")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		// An error or a result, never a panic.
		_, _ = RunTests([]string{path}, TestOptions{Clock: func(*Evaluator) Clock { return &fixedClock{} }})
	})
}
