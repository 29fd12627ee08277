package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"frisk/internal/risk"
	"frisk/internal/signin"
)

// shownCards is how many findings of a kind people are shown.
const shownCards = 6

// shownEnds is how many sign-ins of a finding people are shown.
const shownEnds = 4

// severities in the order a reader wants them.
var severities = []risk.Severity{risk.High, risk.Medium, risk.Low, risk.Info}

// findingsOf are the findings of the detectors that want accepts: raised ones
// first by severity, score, time and id, and the suppressed ones apart.
func (v *view) findingsOf(want func(detector string) bool) (raised, suppressed []*Finding) {
	for i := range v.in.Findings {
		switch f := &v.in.Findings[i]; {
		case !want(f.Detector):
		case f.Suppressed != "":
			suppressed = append(suppressed, f)
		default:
			raised = append(raised, f)
		}
	}
	for _, fs := range [][]*Finding{raised, suppressed} {
		slices.SortFunc(fs, func(a, b *Finding) int {
			return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(b.Score, a.Score),
				cmp.Compare(a.Time, b.Time), cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Person, b.Person), cmp.Compare(a.Detector, b.Detector))
		})
	}
	return raised, suppressed
}

// evidence makes cards of findings.
func evidence(name string, fs []*Finding) *Evidence {
	e := &Evidence{Shown: shownCards}
	for i, f := range fs {
		e.Cards = append(e.Cards, card(fmt.Sprintf("%s-%d", name, i+1), f))
	}
	return e
}

func card(name string, f *Finding) Card {
	c := Card{Severity: f.Severity.String(), Title: findingWho(f) + ", " + detectorWords(f.Detector), Summary: findingSummary(f)}
	add := func(key, value string) { c.Facts = append(c.Facts, KeyValue{key, value}) }
	add("when", clock(f.Time))
	add("score", fixed(f.Score, 2))
	c.Facts = append(c.Facts, factValues(f.Evidence, len(f.Rows) > 0)...)
	if f.Subject != "" {
		add(subjectWords(f), f.Subject)
	}
	if f.Attack {
		add("counted as", "attack, taken out of friction")
	}
	if f.Suppressed != "" {
		add("not raised because", f.Suppressed)
	}
	if len(f.Rows) > 0 {
		c.Rows = findingRows(name, f)
	}
	return c
}

// findingWho is whom a finding is about: a person, a group that asks together, or a network.
func findingWho(f *Finding) string {
	if isException(f.Detector) {
		return exceptionWho(f)
	}
	if f.Person != "" {
		return f.Person
	}
	if g, ok := factOf(f, "group"); ok {
		return factText(g)
	}
	return "A network"
}

// subjectWords names what Subject is: a sign-in, or a request.
func subjectWords(f *Finding) string {
	if isException(f.Detector) {
		return "request"
	}
	return "sign-in to blame"
}

// findingSummary is the arithmetic of a travel finding in one sentence.
func findingSummary(f *Finding) Line {
	far, a := factOf(f, "lower_bound_km")
	had, b := factOf(f, "available_min")
	need, c := factOf(f, "needed_min")
	if !a || !b || !c || !far.IsNum || !had.IsNum || !need.IsNum {
		return nil
	}
	// Both times in the unit that suits the shorter one, so that they compare.
	scale, unit := secondsScale(min(had.Num, need.Num) * 60)
	span := func(minutes float64) string { return num(Exact(minutes*60*scale)) + unit }
	return say("At least ", strong(whole(far.Num)+" km"), " in at most ", strong(span(had.Num)),
		"; the fastest way takes ", strong(span(need.Num)), ".")
}

func factOf(f *Finding, name string) (risk.Fact, bool) {
	for _, e := range f.Evidence {
		if e.Name == name {
			return e, true
		}
	}
	return risk.Fact{}, false
}

// inRows are facts about the two ends of a finding that the sign-ins below it
// show as well.
var inRows = []string{"time", "place", "ip", "network"}

// factValues makes evidence readable: from_x and to_x share a line; what the
// sign-ins show anyway is left out when they are shown.
func factValues(facts []risk.Fact, rows bool) []KeyValue {
	var out []KeyValue
	for _, e := range facts {
		base, isFrom := strings.CutPrefix(e.Name, "from_")
		tail, isTo := strings.CutPrefix(e.Name, "to_")
		has := func(name string) int {
			return slices.IndexFunc(facts, func(o risk.Fact) bool { return o.Name == name })
		}
		switch {
		case isFrom && has("to_"+base) >= 0:
			if rows && slices.Contains(inRows, base) {
				continue
			}
			a, b := factText(e), factText(facts[has("to_"+base)])
			if a != b {
				a += " → " + b
			}
			out = append(out, KeyValue{factLabel(base), a})
		case isTo && has("from_"+tail) >= 0:
		default:
			out = append(out, KeyValue{factLabel(e.Name), factText(e)})
		}
	}
	return out
}

func findingRows(name string, f *Finding) *Table {
	t := &Table{Name: name, Caption: "The sign-ins", Shown: shownEnds, Columns: []Column{
		{Key: "time", Name: "Time (UTC)", Unit: UnitTime},
		{Key: "ip", Name: "Address"},
		{Key: "place", Name: "Place"},
		{Key: "network", Name: "Network"},
		{Key: "app", Name: "Application"},
		{Key: "device", Name: "Device"},
		{Key: "outcome", Name: "Outcome"},
		{Key: "id", Name: "Event id", Unit: UnitID},
	}}
	for _, r := range f.Rows {
		t.add(text(clock(r.Time)), text(r.IP), text(r.Place), text(r.Network), text(r.App), text(r.Device), text(r.Outcome), text(r.ID)).
			Strong = r.ID == f.Subject
	}
	return t
}

// findingTable lists findings one per row, for machines and for long lists.
func findingTable(name, caption string, fs []*Finding) *Table {
	t := &Table{Name: name, Caption: caption, Shown: shownPeople, Lines: 6, Columns: []Column{
		{Key: "severity", Name: "Severity"},
		{Key: "detector", Name: "Detector"},
		{Key: "who", Name: "Who"},
		{Key: "time", Name: "Time (UTC)", Unit: UnitTime, Minor: 1},
		{Key: "score", Name: "Score", Unit: UnitNumber, Minor: 2},
		{Key: "evidence", Name: "Evidence", Minor: 3},
		{Key: "subject", Name: "Event id", Unit: UnitID},
	}, Head: 3}
	for _, f := range fs {
		t.add(text(f.Severity.String()), text(f.Detector), text(findingWho(f)), text(clock(f.Time)), number(f.Score), text(evidenceText(f)), text(f.Subject))
	}
	return t
}

// evidenceText is the evidence of a finding on one line.
func evidenceText(f *Finding) string {
	var s strings.Builder
	for i, kv := range factValues(f.Evidence, false) {
		if i > 0 {
			s.WriteString("; ")
		}
		s.WriteString(kv.Key + ": " + kv.Value)
	}
	return s.String()
}

func factText(f risk.Fact) string {
	if f.IsNum {
		return formatRange(Exact(f.Num), UnitPlain)
	}
	if t, err := time.Parse(time.RFC3339Nano, f.Text); err == nil {
		return clock(signin.FromTime(t))
	}
	return f.Text
}

func detectorWords(d string) string { return strings.ReplaceAll(d, "-", " ") }

// clock writes an instant for people: UTC, to the second.
func clock(t signin.Time) string {
	if t == 0 {
		return ""
	}
	return t.Time().Format("2006-01-02 15:04:05")
}
