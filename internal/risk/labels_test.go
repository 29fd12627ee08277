package risk

import (
	"strings"
	"testing"

	"frisk/internal/signin"
)

// TestLabels: a safe answer takes attack label and findings from a row, lifts the
// quarantine, and a compromised one makes attack traffic; neither moves the row's
// own score. Answers are found by event id, or by person and time.
func TestLabels(t *testing.T) {
	events := syntheticEvents(8, 12, 100)
	w := worldOf(events)
	c := Defaults()
	nets := w.networks(c)
	a := NewAssessor(c, Detectors(), nets, nil, w.sym)
	var person string
	var bad, good signin.Ref
	var badID, goodID int
	for _, p := range w.people {
		got := a.Person(p, w.rows[p])
		for i := range got.Findings {
			if f := &got.Findings[i]; f.Attack && f.Suppressed == "" && person == "" && f.Detector != "provider-risk" {
				person, bad = p, f.Subject
			}
		}
	}
	if person == "" {
		t.Fatal("no attack finding to clear")
	}
	before := a.Person(person, w.rows[person])
	scores := append([]float32(nil), before.Score...)
	for i := range w.rows[person] {
		switch {
		case w.rows[person][i].Ref == bad:
			badID = i
		case !before.Attack[i] && w.rows[person][i].Outcome() == signin.Success && good == (signin.Ref{}):
			good, goodID = w.rows[person][i].Ref, i
		}
	}
	name := person[strings.LastIndexByte(person, '\x1f')+1:]
	text := func(i int) signin.Time { return w.rows[person][i].Time }
	a.UseLabels(NewLabels([]Label{
		{User: strings.ToUpper(name), Time: text(badID) + signin.Second/2, Verdict: ConfirmedSafe},
		{User: name, Time: text(goodID), Verdict: ConfirmedCompromised},
		{User: name, Time: 1, Verdict: ConfirmedSafe},
	}))
	got := a.Person(person, w.rows[person])
	if got.Attack[badID] || !got.Attack[goodID] {
		t.Errorf("attack: safe row %t, compromised row %t", got.Attack[badID], got.Attack[goodID])
	}
	cleared := 0
	for i := range got.Findings {
		if f := &got.Findings[i]; f.Subject == bad {
			if f.Suppressed == "" || f.Attack {
				t.Errorf("%s still stands", f.Detector)
			}
			cleared++
		}
	}
	if cleared == 0 {
		t.Error("no finding about the safe row is kept")
	}
	for _, i := range []int{badID, goodID} {
		if i <= min(badID, goodID) && got.Score[i] != scores[i] {
			t.Errorf("row %d: an answer moved its own score from %v to %v", i, scores[i], got.Score[i])
		}
	}
	answers, matched := a.Answers()
	labelled := 0
	for i := range answers {
		if answers[i].Label >= 0 {
			labelled++
		}
	}
	if labelled < 2 || !matched[0] || !matched[1] || matched[2] {
		t.Errorf("%d answers, matched %v", labelled, matched)
	}
}

// TestStates: of the log's own states an administrator's answers alone count.
func TestStates(t *testing.T) {
	events := habit(6)
	for i, s := range []string{"none", "confirmedSafe", "confirmedCompromised", "remediated", "dismissed", "atRisk"} {
		events[i].Risk.State = s
	}
	w := worldOf(events)
	a := NewAssessor(Defaults(), Detectors(), w.networks(Defaults()), nil, w.sym)
	a.UseLabels(nil)
	a.Person(w.people[0], w.rows[w.people[0]])
	answers, _ := a.Answers()
	if len(answers) != 2 || answers[0].Verdict != ConfirmedSafe || answers[1].Verdict != ConfirmedCompromised {
		t.Errorf("%+v", answers)
	}
}

func TestParseVerdict(t *testing.T) {
	for s, want := range map[string]Verdict{
		"confirmed_compromised": ConfirmedCompromised, " Confirmed_Safe ": ConfirmedSafe, "confirmedSafe": ConfirmedSafe, "safe": Unjudged, "": Unjudged, "dismissed": Unjudged,
	} {
		if got, ok := ParseVerdict(s); got != want || ok != (want != Unjudged) {
			t.Errorf("%q: %v %t", s, got, ok)
		}
	}
}

// TestLabelByTimeNamesOneRow: of rows within a second a label by time means the
// nearest that somebody sat in front of, and two labels of one second each their own.
func TestLabelByTimeNamesOneRow(t *testing.T) {
	events := parseEvents(t, `{"t":"2026-03-02T08:00:00Z","user":"ada","ip":"198.51.100.7","stream":"non-interactive","id":"renewal"}
{"t":"+300ms","user":"ada","ip":"198.51.100.7","reason":"bad_password","id":"typo"}
{"t":"+0s","user":"ada","ip":"203.0.113.9","id":"near"}
{"t":"+600ms","user":"ada","ip":"198.51.100.8","id":"late"}
{"t":"+0s","user":"bob","ip":"198.51.100.8","id":"other"}`)
	w := worldOf(events)
	start := events[0].Time
	for _, c := range []struct {
		name   string
		labels []signin.Time // after start
		want   string
	}{
		{"one at a whole second", []signin.Time{0}, "near"},
		{"one near the last", []signin.Time{900_000}, "late"},
		{"two", []signin.Time{300_000, 900_000}, "near late"},
		{"two in the other order", []signin.Time{900_000, 300_000}, "near late"},
		{"a second away", []signin.Time{2_000_000}, ""},
	} {
		var list []Label
		for _, at := range c.labels {
			list = append(list, Label{User: "ADA", Time: start + at, Verdict: ConfirmedCompromised})
		}
		a := NewAssessor(Defaults(), Detectors(), w.networks(Defaults()), nil, w.sym)
		a.UseLabels(NewLabels(list))
		var got []string
		for _, p := range w.people {
			for i, hostile := range a.Person(p, w.rows[p]).Attack {
				if hostile {
					got = append(got, w.ids[w.rows[p][i].Ref])
				}
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: labelled %q, want %q", c.name, got, c.want)
		}
	}
}
