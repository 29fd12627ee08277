package main

import (
	"strings"
	"testing"

	"frisk/internal/analysis"
	"frisk/internal/policy"

	"github.com/google/go-cmp/cmp"
)

// Lines break at spaces, go on indented, and put names in the place of ids.
func TestScreen(t *testing.T) {
	var b strings.Builder
	s := &screen{to: &b, width: 24, names: map[string]string{"18a66f5f-dbdf-4c17-9dd7-1634712a9cbe": "Azure ML"}}
	s.lineAt("  ", 4, s.named("app 18a66f5f-dbdf-4c17-9dd7-1634712a9cbe is not one of\nthe included"))
	s.line("to       ", "Zürich, 東京 and elsewhere")
	s.line("", "averyveryverylongwordwithoutspaces and more")
	want := `  app Azure ML is not
    one of the included
to       Zürich, 東京
         and elsewhere
averyveryverylongwordwithoutspaces
and more
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
	for text, want := range map[string]string{"short": "short", "just right": "just right", "one too many": "one too...", "東京東京東京": "東京東..."} {
		if got := short(text, 10); got != want {
			t.Errorf("%q cut to %q, want %q", text, got, want)
		}
	}
}

// A file with a record per line has lines, the others have records.
func TestOrigin(t *testing.T) {
	for file, want := range map[string]string{
		"a.jsonl.gz": "line 7 of a.jsonl.gz", "b.CSV": "line 7 of b.CSV", "c.ndjson": "line 7 of c.ndjson",
		"d.json": "record 7 of d.json", "e.json.gz": "record 7 of e.json.gz", "-": "record 7 of -",
	} {
		if got := origin(file, 7); got != want {
			t.Errorf("%s: %q, want %q", file, got, want)
		}
	}
}

func TestRiskWords(t *testing.T) {
	for _, c := range []struct {
		x    analysis.Explanation
		want string
	}{
		{analysis.Explanation{}, "below 0.1 % likely hostile"},
		{analysis.Explanation{Risk: 3.1e-05}, "below 0.1 % likely hostile"},
		{analysis.Explanation{Risk: 0.034}, "3.4 % likely hostile"},
		{analysis.Explanation{Risk: 0.9, Attack: true}, "taken for an attack, whose session is not followed (90.0 % likely hostile)"},
	} {
		if got := riskWords(&c.x); got != c.want {
			t.Errorf("%g: %q, want %q", c.x.Risk, got, c.want)
		}
	}
}

// What a policy asks for names the operator, and a frequency with its answer.
func TestDemands(t *testing.T) {
	p := &policy.PolicyExplanation{
		Operator: "OR",
		Controls: []policy.ControlExplanation{{Name: "mfa", Met: "unknown"}, {Name: "compliantDevice", Met: "true"}, {Name: "signInFrequency", Met: "false"}},
		Session:  []string{"sign-in frequency: 4 hours", "persistent browser: never (the session ends with the browser)"},
	}
	want := []string{"mfa unknown or compliantDevice met", "sign-in frequency 4 hours not met", "persistent browser: never"}
	if diff := cmp.Diff(want, demands(p)); diff != "" {
		t.Error(diff)
	}
	p.Controls = []policy.ControlExplanation{{Name: "block", Met: "false"}}
	p.Operator = ""
	want = []string{"block", "sign-in frequency 4 hours asks for nothing", "persistent browser: never"}
	if diff := cmp.Diff(want, demands(p)); diff != "" {
		t.Error(diff)
	}
}
