package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"frisk/internal/risk"
)

var _ = register(Builder{
	Name: "incidents", Order: 58, Title: "Incidents",
	Doc: "Findings of one story put together: what happened in a sentence, who got in, what to do first, with the findings as evidence.",
	Intro: "One incident is one thing to accept or dismiss. Findings are joined by person and time, by the attack they follow, and by what only the attacker used; " +
		"what honest people use too joins nothing.",
	Build: buildIncidents,
})

// shownIncidents is how many incidents people are shown with evidence.
const shownIncidents = 10

// incidentLines is how many findings of an incident people are shown.
const incidentLines = 8

func buildIncidents(v *view) []Block {
	ins := v.incidents()
	if len(ins) == 0 {
		return nil
	}
	let, suppressed := 0, 0
	for _, in := range ins {
		let += btoi(len(in.GotIn) > 0)
		suppressed += in.Suppressed
	}
	blocks := []Block{&Paragraph{Line: say(strong(plural(len(ins), "incident", "incidents")), ", ", strong(fmt.Sprint(let)),
		" with somebody let in. "+plural(suppressed, "finding", "findings")+" of the same people around the same time not raised; the reasons stand with the findings.")}}
	cards := &Evidence{Shown: shownIncidents}
	for i, in := range ins {
		cards.Cards = append(cards.Cards, v.incidentCard(fmt.Sprintf("incident-%d", i+1), in))
	}
	return append(blocks, cards, incidentTable(ins))
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// incidents are those of the input, the ones to read first first: somebody let
// in, then severity, score, time and id.
func (v *view) incidents() []*Incident {
	out := make([]*Incident, len(v.in.Incidents))
	for i := range v.in.Incidents {
		out[i] = &v.in.Incidents[i]
	}
	slices.SortFunc(out, func(a, b *Incident) int {
		return cmp.Or(
			cmp.Compare(b.Severity, a.Severity), cmp.Compare(btoi(len(b.GotIn) > 0), btoi(len(a.GotIn) > 0)),
			cmp.Compare(b.Score, a.Score), cmp.Compare(a.From, b.From), cmp.Compare(a.ID, b.ID),
		)
	})
	return out
}

func (v *view) incidentCard(name string, in *Incident) Card {
	c := Card{Severity: in.Severity.String(), Title: incidentWho(in), Summary: say(in.Story, ".")}
	add := func(key, value string) {
		if value != "" {
			c.Facts = append(c.Facts, KeyValue{key, value})
		}
	}
	when := clock(in.From)
	if in.Until > in.From {
		when += " to " + clock(in.Until)
	}
	add("when", when)
	add("got in", someNames(in.GotIn))
	add("next step", in.NextStep)
	add("score", fixed(in.Score, 2))
	c.Facts = append(c.Facts, v.strongest(in)...)
	add("sources", sourcesText(in))
	if in.Tried > 0 {
		add("people tried", fmt.Sprint(in.Tried))
	}
	add("techniques", strings.Join(in.Techniques, " → "))
	if in.Suppressed > 0 {
		add("not raised beside it", plural(in.Suppressed, "finding", "findings"))
	}
	add("incident", in.ID)
	c.Rows = v.incidentRows(name, in)
	return c
}

// telling are the facts that decide most readings: what was found, what is usual
// for the person instead, and what tells an attack from an office.
var telling = []string{
	"what", "blamed_because", "device", "country", "network", "usual_country", "usual_network", "usual_device", "got_in", "apps",
	"refused_share", "people_tried_who_also_got_in", "accounts_that_do_not_exist",
}

// strongest are the telling facts of the incident's strongest finding, one about
// a person before one about a source.
func (v *view) strongest(in *Incident) []KeyValue {
	var best *Finding
	for _, i := range in.Findings {
		if i >= len(v.in.Findings) {
			continue
		}
		f := &v.in.Findings[i]
		if best == nil || cmp.Or(btoi(f.Person != "")-btoi(best.Person != ""), cmp.Compare(f.Score, best.Score)) > 0 {
			best = f
		}
	}
	if best == nil {
		return nil
	}
	var facts []risk.Fact
	for _, name := range telling {
		if f, ok := factOf(best, name); ok {
			facts = append(facts, f)
		}
	}
	return append([]KeyValue{{"strongest finding", detectorWords(best.Detector) + ", score " + fixed(best.Score, 2)}}, factValues(facts, false)...)
}

// incidentWho names an incident by whom it concerns most.
func incidentWho(in *Incident) string {
	switch {
	case len(in.GotIn) > 0:
		return someNames(in.GotIn) + " let in"
	case len(in.People) > 0:
		return someNames(in.People)
	case len(in.Sources) > 0:
		return "Attack from " + in.Sources[0]
	}
	return "Attack"
}

// someNames lists a few names and counts the rest.
func someNames(names []string) string {
	const few = 3
	if len(names) <= few {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
}

func sourcesText(in *Incident) string {
	more := in.MoreSources
	few := in.Sources
	if len(few) > 4 {
		few, more = few[:4], more+len(few)-4
	}
	text := strings.Join(few, ", ")
	if more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// incidentRows lists the findings of an incident, in order of time.
func (v *view) incidentRows(name string, in *Incident) *Table {
	t := &Table{Name: name, Caption: "The findings", Shown: incidentLines, Columns: []Column{
		{Key: "time", Name: "Time (UTC)", Unit: UnitTime},
		{Key: "detector", Name: "Detector"},
		{Key: "severity", Name: "Severity"},
		{Key: "who", Name: "Who"},
		{Key: "from", Name: "From"},
		{Key: "outcome", Name: "Outcome"},
		{Key: "subject", Name: "Event id", Unit: UnitID},
	}}
	for _, i := range in.Findings {
		if i >= len(v.in.Findings) {
			continue
		}
		f := &v.in.Findings[i]
		from, outcome := "", ""
		for _, r := range f.Rows {
			if r.ID == f.Subject {
				from, outcome = strings.TrimSpace(r.IP+" "+r.Network), r.Outcome
			}
		}
		if s, ok := factOf(f, "source"); ok && f.Person == "" {
			from = factText(s)
		}
		t.add(text(clock(f.Time)), text(detectorWords(f.Detector)), text(f.Severity.String()), text(findingWho(f)), text(from), text(outcome), text(f.Subject))
	}
	return t
}

// incidentTable lists the incidents one per row.
func incidentTable(ins []*Incident) *Table {
	t := &Table{Name: "incidents", Caption: "All incidents", Shown: shownPeople, Lines: 10, Columns: []Column{
		{Key: "severity", Name: "Severity"},
		{Key: "story", Name: "What happened"},
		{Key: "from", Name: "From (UTC)", Unit: UnitTime},
		{Key: "until", Name: "Until (UTC)", Unit: UnitTime, Minor: 2},
		{Key: "score", Name: "Score", Unit: UnitNumber, Minor: 1},
		{Key: "people", Name: "People", Unit: UnitCount, Source: Recorded, Minor: 3},
		{Key: "got_in", Name: "Let in", Unit: UnitCount, Source: Recorded},
		{Key: "findings", Name: "Findings", Unit: UnitCount, Source: Recorded, Minor: 4},
		{Key: "suppressed", Name: "Not raised", Unit: UnitCount, Source: Recorded, Minor: 5},
		{Key: "incident", Name: "Incident", Unit: UnitID, Minor: 6},
	}, Head: 2}
	for _, in := range ins {
		t.add(text(in.Severity.String()), text(in.Story), text(clock(in.From)), text(clock(in.Until)), number(in.Score),
			count(len(in.People)), count(len(in.GotIn)), count(len(in.Findings)), count(in.Suppressed), text(in.ID))
	}
	return t
}
