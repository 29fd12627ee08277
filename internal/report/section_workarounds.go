package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

var _ = register(Builder{
	Name: "workarounds", Order: 72, Title: "Ways around policies",
	Doc: "What people did after a policy stopped them: routes that follow stops more often than comparable times, and single cases with both readings.",
	Intro: "A sign-in was blocked or a prompt abandoned, and soon afterwards the same person got to the same resource another way. " +
		"A pattern of several people says that a policy does not fit the work. A single case can be an employee or an attacker: both readings are given, with what speaks for each.",
	Build: buildWorkarounds,
})

func buildWorkarounds(v *view) []Block {
	in := v.in.Workarounds
	if in == nil || len(in.Policies) == 0 {
		return nil
	}
	blocks := []Block{workaroundLead(in)}
	if t := workaroundTable(in); len(t.Rows) > 0 {
		blocks = append(blocks, t)
	}
	if cards := workaroundCards(in); len(cards.Cards) > 0 {
		blocks = append(blocks, cards)
		if len(cards.Cards) > 1 {
			blocks = append(blocks, workaroundCases(in))
		}
	}
	if len(in.Blind) > 0 {
		items := make([]Line, len(in.Blind))
		for i, b := range in.Blind {
			items[i] = say(strong(b.Key), ": needs "+b.Value)
		}
		blocks = append(blocks, &Paragraph{Tone: ToneNote, Line: say("The log carries nothing to see these routes by, so that none were found says nothing:")}, &List{items})
	}
	return blocks
}

// workaroundLead says what the patterns are, or that there are none.
func workaroundLead(in *Workarounds) Block {
	var items []Line
	stops := 0
	for i := range in.Policies {
		p := &in.Policies[i]
		stops += p.Blocks + p.Prompts
		for _, r := range p.Routes {
			if r.Named {
				items = append(items, say(strong(policyWords(p.Name)), fmt.Sprintf(": %d people took the route ", r.People), strong(r.Title),
					fmt.Sprintf(" after it stopped them, about %s times as often as at comparable times, and at least %s times (lower end of the 95 %% interval).",
						num(Exact(r.Lift)), num(Exact(r.LiftLow)))))
			}
		}
	}
	if len(items) == 0 {
		return &Paragraph{Line: say(fmt.Sprintf("No pattern: no route around a policy was taken by %d or more people and followed stops more often than chance explains. ", in.MinPeople),
			fmt.Sprintf("%s occasions were looked at.", whole(float64(stops))))}
	}
	return &List{items}
}

func policyWords(name string) string { return cmp.Or(name, "A policy the log does not name") }

func workaroundTable(in *Workarounds) *Table {
	t := &Table{
		Name: "workarounds", Caption: "Routes taken after a stop, patterns first", Lines: 10, Shown: shownPeople, Head: 2,
		Note: "Lift: how many times as often as at comparable times of the same people, shrunk, and the lower end of its 95 % interval; q: chance of a false discovery. Cases that look like an attacker’s are counted apart.",
		Columns: []Column{
			{Key: "policy", Name: "Policy"},
			{Key: "route", Name: "Route"},
			{Key: "pattern", Name: "Pattern"},
			{Key: "people", Name: "People", Unit: UnitCount, Source: Recorded},
			{Key: "cases", Name: "Cases", Unit: UnitCount, Source: Recorded},
			{Key: "lift", Name: "Lift", Unit: UnitNumber, Source: Recorded},
			{Key: "lift_low", Name: "Lift at least", Unit: UnitNumber, Source: Recorded, Minor: 1},
			{Key: "rate", Name: "After a stop", Unit: UnitPercent, Source: Recorded, Minor: 2},
			{Key: "base", Name: "Else", Unit: UnitPercent, Source: Recorded, Minor: 2},
			{Key: "q", Name: "q", Unit: UnitPlain, Source: Recorded, Minor: 3},
			{Key: "attacker_like", Name: "Attacker-like", Unit: UnitCount, Source: Recorded},
			{Key: "stopped_people", Name: "People stopped", Unit: UnitCount, Source: Recorded, Minor: 3},
		},
	}
	type line struct {
		p *WorkaroundPolicy
		r *WorkaroundRoute
	}
	var lines []line
	for i := range in.Policies {
		for k := range in.Policies[i].Routes {
			lines = append(lines, line{&in.Policies[i], &in.Policies[i].Routes[k]})
		}
	}
	slices.SortStableFunc(lines, func(a, b line) int {
		named := func(l line) int {
			if l.r.Named {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(named(a), named(b)), cmp.Compare(b.r.People, a.r.People), cmp.Compare(b.r.Hostile, a.r.Hostile),
			strings.Compare(a.p.Name, b.p.Name), strings.Compare(a.r.Title, b.r.Title))
	})
	for _, l := range lines {
		pattern, lift, low, rate, base, q := "no", missing(), missing(), missing(), missing(), missing()
		if l.r.Compared > 0 {
			lift, low = number(l.r.Lift), number(l.r.LiftLow)
			rate, base, q = number(l.r.Rate), number(l.r.Base), number(l.r.Q)
		}
		if l.r.Named {
			pattern = "yes"
		}
		row := t.add(text(policyWords(l.p.Name)), text(l.r.Title), text(pattern), count(l.r.People), count(l.r.Cases), lift, low, rate, base, q,
			count(l.r.Hostile), count(l.p.People))
		row.Strong, row.Muted = l.r.Named, !l.r.Named && l.r.Hostile == 0
	}
	return t
}

// workaroundOrder is the order in which cases are shown: those that look most like
// an attacker's first, since they are urgent, then those of patterns, then by time.
func workaroundOrder(in *Workarounds) []*WorkaroundCase {
	out := make([]*WorkaroundCase, len(in.Cases))
	for i := range in.Cases {
		out[i] = &in.Cases[i]
	}
	class := func(c *WorkaroundCase) int {
		switch {
		case c.Attacker >= 0.5:
			return 0
		case c.Named:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(out, func(a, b *WorkaroundCase) int { return cmp.Compare(class(a), class(b)) })
	return out
}

func workaroundCards(in *Workarounds) *Evidence {
	e := &Evidence{Shown: shownCards}
	for i, c := range workaroundOrder(in) {
		e.Cards = append(e.Cards, workaroundCard(fmt.Sprintf("workaround-case-%d", i+1), c))
	}
	return e
}

func workaroundCard(name string, c *WorkaroundCase) Card {
	severity, what := "low", "was blocked by "
	if c.Attacker >= 0.5 {
		severity = "high"
	}
	if c.Prompt {
		what = "did not complete a prompt of "
	}
	card := Card{
		Severity: severity, Title: c.Person + ", " + c.Route,
		Summary: say(what, strong(policyWords(c.Policy)), " at "+clock(c.StopAt)+", and at "+clock(c.WayAt)+" got there by ", strong(c.Route), "."),
	}
	add := func(key, value string) { card.Facts = append(card.Facts, KeyValue{key, value}) }
	add("employee’s reading", weightText(1-c.Attacker))
	add("attacker’s reading", weightText(c.Attacker))
	if c.Stops > 1 {
		add("refused sign-ins", whole(float64(c.Stops)))
	}
	if c.Windows == 0 {
		add("at comparable times", "unknown: there is none")
	} else {
		add("at comparable times", fmt.Sprintf("%d of %d", c.Usual, c.Windows))
	}
	card.Facts = append(card.Facts, factValues(c.Facts, len(c.Rows) > 0)...)
	for _, e := range c.Evidence {
		side := "an attacker"
		if e.Bits < 0 {
			side = "an employee"
		}
		card.Notes = append(card.Notes, say(e.Text, fmt.Sprintf(": speaks for %s (%s bits).", side, fixed(max(e.Bits, -e.Bits), 1))))
	}
	if len(c.Rows) > 0 {
		card.Rows = findingRows(name, &Finding{Rows: c.Rows, Subject: cmp.Or(c.WayID, c.StopID)})
	}
	return card
}

func workaroundCases(in *Workarounds) *Table {
	t := &Table{Name: "workaround-cases", Caption: "All cases", Depth: DepthExtra, Head: 3, Columns: []Column{
		{Key: "who", Name: "Who"},
		{Key: "policy", Name: "Policy"},
		{Key: "route", Name: "Route"},
		{Key: "stopped", Name: "Stopped (UTC)", Unit: UnitTime},
		{Key: "way", Name: "Got in (UTC)", Unit: UnitTime},
		{Key: "attacker", Name: "Attacker’s reading", Unit: UnitPercent, Source: Recorded},
		{Key: "pattern", Name: "Pattern", Minor: 1},
		{Key: "usual", Name: "Usual", Unit: UnitCount, Source: Recorded, Minor: 2},
		{Key: "windows", Name: "Compared with", Unit: UnitCount, Source: Recorded, Minor: 2},
		{Key: "stop_id", Name: "Refused event", Unit: UnitID, Minor: 3},
		{Key: "way_id", Name: "Event id", Unit: UnitID, Minor: 3},
	}}
	for _, c := range workaroundOrder(in) {
		pattern := "no"
		if c.Named {
			pattern = "yes"
		}
		t.add(text(c.Person), text(policyWords(c.Policy)), text(c.Route), text(clock(c.StopAt)), text(clock(c.WayAt)), number(c.Attacker), text(pattern),
			count(c.Usual), count(c.Windows), text(c.StopID), text(c.WayID))
	}
	return t
}

func weightText(v float64) string { return fixed(100*v, 0) + " %" }
