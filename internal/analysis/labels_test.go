package analysis

import (
	"strings"
	"testing"

	"frisk/internal/risk"
	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

func TestReadLabels(t *testing.T) {
	got, err := readLabels("labels.csv", strings.NewReader("\ufeffEvent,user,time,label,source,remark\n"+
		"e1,,,confirmed_compromised,SOC-17,phish\n"+
		",anna@example.com,2026-07-01T09:30:00Z,confirmed_safe,,\n"+
		",anna@example.com,2026-07-01 11:30:00,confirmedSafe\n"))
	if err != nil {
		t.Fatal(err)
	}
	half9 := signin.Time(1_782_898_200) * signin.Second
	want := []risk.Label{
		{Event: "e1", Verdict: risk.ConfirmedCompromised, Source: "SOC-17", File: "labels.csv", Line: 2},
		{User: "anna@example.com", Time: half9, Verdict: risk.ConfirmedSafe, File: "labels.csv", Line: 3},
		{User: "anna@example.com", Time: half9 + 2*signin.Hour, Verdict: risk.ConfirmedSafe, File: "labels.csv", Line: 4},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestReadLabelsErrors: an error names file and line.
func TestReadLabelsErrors(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"empty":     {"", "labels.csv:1: no header"},
		"columns":   {"event,verdict\n", `labels.csv:1: columns are ["event" "verdict"], want label`},
		"label":     {"event,label\ne1,confirmed_safe\ne2,benign\n", `labels.csv:3: label "benign", want confirmed_compromised or confirmed_safe`},
		"nobody":    {"event,user,time,label\n,,,confirmed_safe\n", "labels.csv:2: no event and no user"},
		"time":      {"user,time,label\nanna,yesterday,confirmed_safe\n", `labels.csv:2: time "yesterday" of user "anna"`},
		"two lines": {"event,source,label\ne1,\"a\nb\",confirmed_safe\ne2,,nope\n", "labels.csv:4: label"},
		"quote":     {"event,label\n\"e1,confirmed_safe\n", "labels.csv:2: extraneous or missing"},
	} {
		_, err := readLabels("labels.csv", strings.NewReader(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func FuzzReadLabels(f *testing.F) {
	f.Add("event,user,time,label\ne1,,,confirmed_safe\n,u,2026-07-01T09:30:00Z,confirmed_compromised\n")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := readLabels("labels.csv", strings.NewReader(text))
		if err == nil {
			risk.NewLabels(list)
		}
	})
}
