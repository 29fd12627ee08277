package risk

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestBlame: which end of an impossible journey is attack traffic while the
// person's past is too short to vouch for either.
func TestBlame(t *testing.T) {
	const (
		zurich    = `"user":"ada","ip":"192.0.2.10","country":"CH","city":"Zurich","at":[47.38,8.54]`
		amsterdam = `"user":"ada","ip":"203.0.113.77","country":"NL","city":"Amsterdam","at":[52.37,4.9]`
		morning   = `{"t":"2026-03-02T07:00:00Z",` + zurich + `,"id":"morning"}` + "\n"
	)
	for _, c := range []struct {
		name, events string
		want         []string // rows labelled
		because      string
	}{
		{"reported prompt, then home", morning +
			`{"t":"2026-03-02T21:27:00Z",` + amsterdam + `,"id":"fraud","reason":"mfa_fraud"}
			 {"t":"+35m",` + zurich + `,"id":"home"}`, []string{"fraud"}, "held against it by another finding"},
		{
			"reported prompt at the start of the log",
			`{"t":"2026-03-02T21:27:00Z",` + amsterdam + `,"id":"fraud","reason":"mfa_fraud"}
			 {"t":"+35m",` + zurich + `,"id":"home"}`,
			[]string{"fraud"},
			"held against it by another finding",
		},
		{
			"finding of a detector that runs after travel, on the later end",
			`{"t":"2026-03-02T21:00:00Z",` + zurich + `,"id":"home","reason":"mfa_failed"}
			 {"t":"+35m",` + amsterdam + `,"id":"fraud","reason":"mfa_fraud"}`,
			[]string{"fraud"},
			"held against it by another finding",
		},
		{"stranger, then the network of the morning", morning +
			`{"t":"2026-03-02T21:27:00Z",` + amsterdam + `,"id":"thief"}
			 {"t":"+35m",` + zurich + `,"id":"home"}`, []string{"thief"}, "the other network was the person's before, since 2026-03-02T07:00:00Z"},
		{"stranger twice, then the network of the morning", morning +
			`{"t":"2026-03-02T21:27:00Z",` + amsterdam + `,"id":"thief"}
			 {"t":"+5m",` + amsterdam + `,"id":"thief-2"}
			 {"t":"+35m",` + zurich + `,"id":"home"}`, []string{"thief", "thief-2"}, "the other network was the person's before, since 2026-03-02T07:00:00Z"},
		{
			"refused, then let in elsewhere",
			`{"t":"2026-03-02T21:00:00Z",` + amsterdam + `,"id":"thief","reason":"mfa_failed"}
			 {"t":"+35m",` + zurich + `,"id":"home"}`,
			[]string{"thief"},
			"it was refused, the other let in",
		},
		{
			"refusals do not make a network the person's",
			`{"t":"2026-03-02T21:00:00Z",` + amsterdam + `,"id":"thief-0","reason":"mfa_denied"}
			 {"t":"+5m",` + amsterdam + `,"id":"thief","reason":"mfa_denied"}
			 {"t":"+35m",` + zurich + `,"id":"home"}`,
			[]string{"thief-0", "thief"},
			"it was refused, the other let in",
		},
		{"the person refused where they work, then a stranger let in", morning +
			`{"t":"2026-03-02T21:00:00Z",` + zurich + `,"id":"home","reason":"mfa_timeout"}
			 {"t":"+35m",` + amsterdam + `,"id":"thief"}`, []string{"thief"}, ""},
		{
			"guessed password without second factor, then the person with theirs",
			`{"t":"2026-03-02T09:02:00Z",` + amsterdam + `,"id":"thief","mfa":"not-done"}
			 {"t":"+3m",` + zurich + `,"id":"home","mfa":"done"}`,
			[]string{"thief"},
			"the other gave the second factor",
		},
		{
			"nothing between them: the later one",
			`{"t":"2026-03-02T09:02:00Z",` + zurich + `,"id":"home"}
			 {"t":"+3m",` + amsterdam + `,"id":"thief"}`,
			[]string{"thief"},
			"",
		},
		{
			"a denied prompt at the desk does not excuse a stranger",
			`{"t":"2026-03-01T07:00:00Z",` + zurich + `}
			 {"t":"2026-03-02T07:00:00Z",` + zurich + `}
			 {"t":"2026-03-03T07:00:00Z",` + zurich + `,"id":"desk","reason":"mfa_denied"}
			 {"t":"+35m",` + amsterdam + `,"id":"thief"}`,
			[]string{"thief"},
			"",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := worldOf(parseEvents(t, c.events)).assess(Defaults(), Detectors())
			if diff := cmp.Diff(c.want, v.attack); diff != "" {
				t.Error(diff)
			}
			i := slices.IndexFunc(v.findings, func(f Finding) bool { return f.Detector == "impossible-travel" })
			if i < 0 {
				t.Fatal("no travel finding")
			}
			because := ""
			for _, e := range v.findings[i].Evidence {
				if e.Name == "blamed_because" {
					because = e.Text
				}
			}
			if because != c.because {
				t.Errorf("blamed because %q, want %q", because, c.because)
			}
		})
	}
}

// TestFraudTakesItsPrompts: the prompts that led up to a reported one, from the
// same network, are the attack too; one the person let lapse at the desk is not.
func TestFraudTakesItsPrompts(t *testing.T) {
	v := worldOf(parseEvents(t, `{"t":"2026-03-02T21:10:00Z","user":"ada","ip":"192.0.2.10","id":"desk","reason":"mfa_timeout"}
{"t":"2026-03-02T21:14:00Z","user":"ada","ip":"203.0.113.77","id":"p1","reason":"mfa_denied"}
{"t":"+8m","user":"ada","ip":"203.0.113.77","id":"p2","reason":"mfa_timeout"}
{"t":"+5m","user":"ada","ip":"203.0.113.78","id":"fraud","reason":"mfa_fraud"}`)).assess(Defaults(), Detectors())
	if diff := cmp.Diff([]string{"p1", "p2", "fraud"}, v.attack); diff != "" {
		t.Error(diff)
	}
	if len(v.findings) != 1 || len(v.findings[0].Events) != 3 {
		t.Errorf("findings: %+v", v.findings)
	}
}
