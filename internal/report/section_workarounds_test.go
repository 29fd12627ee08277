package report

import (
	"strings"
	"testing"

	"frisk/internal/risk"
	"frisk/internal/signin"
)

func workaroundsSample() *Workarounds {
	at := signin.Time(1_772_442_000) * signin.Second
	return &Workarounds{
		MinPeople: 5,
		Policies: []WorkaroundPolicy{{
			Name: "CA1 <b>", Blocks: 20, People: 12, Workarounds: 8, WorkaroundPeople: 6, Routes: []WorkaroundRoute{
				{Title: "device code", Cases: 8, People: 6, Hostile: 1, Compared: 12, Rate: 0.5, Base: 0.05, Lift: 10, LiftLow: 3, LiftHigh: 90, Q: 0.001, Named: true},
				{Title: "legacy client", Cases: 1, People: 1},
			},
		}},
		Cases: []WorkaroundCase{
			{
				Route: "device code", Policy: "CA1 <b>", Person: "ann@example.com", Named: true, StopAt: at, WayAt: at + signin.Hour, Windows: 8, Attacker: 0.1,
				Facts: []risk.Fact{{Name: "app", Text: "Portal"}}, Evidence: []WorkaroundEvidence{{"device the person used before", -4}},
			},
			{
				Route: "device code", Policy: "CA1 <b>", Person: "bob@example.com", StopAt: at, WayAt: at + signin.Hour, Attacker: 0.9,
				Evidence: []WorkaroundEvidence{{"network never seen with this person", 2}},
			},
		},
		Blind: []KeyValue{{"other tenant", "resource tenant id"}},
	}
}

func TestWorkarounds(t *testing.T) {
	m := Build(&Input{Workarounds: workaroundsSample()})
	var got *Section
	for i := range m.Sections {
		if m.Sections[i].Name == "workarounds" {
			got = &m.Sections[i]
		}
	}
	if got == nil {
		t.Fatal("no section")
	}
	lead, ok := got.Blocks[0].(*List)
	if !ok || len(lead.Items) != 1 || !strings.Contains(lead.Items[0].Plain(), "6 people took the route device code") {
		t.Errorf("lead: %+v", got.Blocks[0])
	}
	cards, ok := got.Blocks[2].(*Evidence)
	if !ok || len(cards.Cards) != 2 {
		t.Fatalf("cards: %+v", got.Blocks[2])
	}
	// The one that looks most like an attacker's is first, and both readings stand in each.
	if c := cards.Cards[0]; !strings.HasPrefix(c.Title, "bob") || c.Severity != "high" || c.Facts[0].Value != "10 %" || c.Facts[1].Value != "90 %" {
		t.Errorf("first card: %+v", c)
	}
	// Without a comparable time it is not known how usual the way is: no "0 of 0".
	if a, b := cards.Cards[0].Facts[2].Value, cards.Cards[1].Facts[2].Value; !strings.HasPrefix(a, "unknown") || b != "0 of 8" {
		t.Errorf("comparable times: %q and %q", a, b)
	}
	if n := cards.Cards[1].Notes[0].Plain(); !strings.Contains(n, "speaks for an employee (4.0 bits)") {
		t.Errorf("note: %q", n)
	}
}

// TestWorkaroundsNone: no pattern is said in words, and nobody stopped is no section.
func TestWorkaroundsNone(t *testing.T) {
	in := &Workarounds{MinPeople: 5, Policies: []WorkaroundPolicy{{Name: "CA1", Blocks: 3, People: 2}}}
	p, ok := buildWorkarounds(newView(&Input{Workarounds: in}))[0].(*Paragraph)
	if !ok || !strings.HasPrefix(p.Line.Plain(), "No pattern") {
		t.Errorf("got %+v", p)
	}
	if got := buildWorkarounds(newView(&Input{})); got != nil {
		t.Errorf("got %+v", got)
	}
}
