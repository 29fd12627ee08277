package report

import (
	"bytes"
	"strings"
	"testing"

	"frisk/internal/risk"
)

func sampleIncidents(in *Input) {
	in.Incidents = []Incident{
		{
			ID: "i-0000000000a1", From: at("2026-07-20 03:00:00"), Until: at("2026-07-20 04:10:00"), Severity: risk.Medium, Score: 0.9,
			Story: "Password spray from 203.0.113.0/24 (7 addresses) against 140 people", NextStep: "Nobody got in by what the log shows. Block 203.0.113.0/24 unless your people work from there.",
			Tried: 140, Sources: []string{"203.0.113.0/24"}, Techniques: []string{"T1110.003"}, Findings: []int{2},
		},
		{
			ID: "i-0000000000a2", From: at("2026-08-11 10:22:31"), Until: at("2026-08-11 10:22:31"), Severity: risk.High, Score: 0.97,
			Story: "Impossible travel (ada@example.com)", NextStep: "Ask ada@example.com; unless it was them, reset the password.",
			People: []string{"ada@example.com"}, GotIn: []string{"ada@example.com"}, Sources: []string{"203.0.113.77"}, Techniques: []string{"T1078.004"},
			Findings: []int{0}, Suppressed: 1,
		},
	}
}

// TestIncidents: the worst comes first, with its story, who got in, the next
// step and its findings; what was not raised is counted apart.
func TestIncidents(t *testing.T) {
	in := sampleInput()
	blocks := buildIncidents(newView(in))
	if len(blocks) != 3 {
		t.Fatalf("%d blocks", len(blocks))
	}
	if p := blocks[0].(*Paragraph).Line.Plain(); !strings.HasPrefix(p, "2 incidents, 1 with somebody let in. 1 finding of the same people") {
		t.Errorf("lead %q", p)
	}
	cards := blocks[1].(*Evidence).Cards
	if cards[0].Severity != "high" || cards[0].Title != "ada@example.com let in" || cards[1].Title != "Attack from 203.0.113.0/24" {
		t.Errorf("cards %q, %q", cards[0].Title, cards[1].Title)
	}
	if rows := cards[0].Rows.Rows; len(rows) != 1 || rows[0].Cells[4].Text != "203.0.113.77 AS64511 Example Hosting" || rows[0].Cells[5].Text != "success" {
		t.Errorf("findings %+v", rows)
	}
	for _, r := range Renderers() {
		var b bytes.Buffer
		if err := r.Render(&b, Build(in)); err != nil {
			t.Fatal(err)
		}
		if r.Name == "csv" {
			continue
		}
		// Stories break over lines in text, so words are looked for.
		for _, want := range []string{"203.0.113.0/24", "i-0000000000a2"} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s lacks %q", r.Name, want)
			}
		}
	}
	// An index beyond the findings shows no row rather than failing.
	in.Incidents[0].Findings = []int{99}
	buildIncidents(newView(in))
}
