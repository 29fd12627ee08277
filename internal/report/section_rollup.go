package report

import (
	"fmt"
	"math"
)

var _ = register(Builder{
	Name: "rollup", Order: 38, Title: "What each policy costs and catches",
	Doc:   "Each of today’s policies in one line: blocks, prompts, people, requests, workarounds, exclusions, and the risk it stops; the worst and the best bargain.",
	Intro: "One line for each policy, from every source there is: the replay, exception requests, workarounds, the audit log, findings. A policy at the top costs much, draws requests or workarounds, and stops little.",
	Build: buildRollup,
})

func buildRollup(v *view) []Block {
	if len(v.in.Rollups) == 0 {
		return nil
	}
	bs := bargains(v.in.Rollups)
	var blocks []Block
	if worst(bs) == nil { // the first screen shows the one there is
		blocks = append(blocks, &Paragraph{Tone: ToneNote, Line: noWorst(v)})
	}
	return append(blocks, rollupTable(v, bs), rollupCatch(v, bs))
}

// worstLine is the headline finding.
func worstLine(v *view, b *bargain) Line {
	l := say(strong("Worst bargain:"), " policy ", strong(quote(b.Name)), " ")
	if r := b.Requests; r != nil && r.Requests > 0 {
		l = append(l, say("drew ", strong(plural(r.Requests, "exception request", "exception requests")))...)
		if b.Workarounds != nil && b.Workarounds.People > 0 {
			l = append(l, say(" and ")...)
		}
	}
	if w := b.Workarounds; w != nil && w.People > 0 {
		l = append(l, say("was worked around by ", strong(plural(w.People, "person", "people")), liftWords(w))...)
	}
	l = append(l, say("; it takes ", strong(pct(b.cost)), " of what policies cost and stops "+stoppedWords(b.Rollup)+", ", strong(pct(b.risk)), " of the risk that policies stop")...)
	if b.Hostile == 0 {
		l = append(l, say(", and no sign-in that a finding calls hostile")...)
	}
	l = append(l, say(".")...)
	if d := b.dominated; d != nil {
		l = append(l, say(" "+quote(d.Name)+" costs less and stops at least as much at every assumption, if perhaps for other people and apps.")...)
	}
	if s := unheard(v, b.Rollup); s != "" {
		l = append(l, say(" "+s)...)
	}
	return l
}

// bestLine is its opposite.
func bestLine(b *bargain) Line {
	l := say(strong("Best bargain:"), " policy ", strong(quote(b.Name)), " stops "+stoppedWords(b.Rollup)+", ", strong(pct(b.risk)),
		" of the risk that policies stop, for ", strong(pct(b.cost)), " of what they cost")
	switch { // only of what was looked at
	case b.resistance() > 0 || b.Requests == nil && b.Workarounds == nil:
	case b.Workarounds == nil:
		l = append(l, say("; nobody asks for an exception")...)
	case b.Requests == nil:
		l = append(l, say("; nobody is seen to work around it")...)
	default:
		l = append(l, say("; nobody asks for an exception or works around it")...)
	}
	return append(l, say(".")...)
}

// stoppedWords is what a policy stops, low to high.
func stoppedWords(r *Rollup) string {
	if r.Stopped.High == 0 {
		return "none of the hostile sign-ins expected"
	}
	return num(r.Stopped.bounds()) + " hostile sign-ins by estimate"
}

func liftWords(w *RollupWorkarounds) string {
	if !w.Lift.Known || !w.Interval.Known {
		return ""
	}
	by := ""
	if w.Route != "" {
		by = w.Route + ": "
	}
	return " (" + by + num(w.Lift) + " times as often as otherwise, at least " + num(Exact(w.Interval.Low)) + ")"
}

// unheard says which voices are missing from the judgement.
func unheard(v *view, r *Rollup) string {
	switch {
	case r.Requests == nil && r.Workarounds == nil:
		return "Neither exception requests nor workarounds could be looked at."
	case r.Requests == nil:
		return "No exception requests were given."
	case r.Workarounds == nil:
		return "Workarounds could not be looked at: the log does not tell which policy refused whom."
	}
	return ""
}

// noWorst says why no policy is called a bad bargain.
func noWorst(v *view) Line {
	for i := range v.in.Rollups {
		if r := &v.in.Rollups[i]; r.State == stateEnabled {
			if s := unheard(v, r); r.Requests == nil && s != "" {
				return say("No policy is called a bad bargain. " + s)
			}
		}
	}
	return say(fmt.Sprintf("No policy is called a bad bargain: none with %d requests or a named workaround takes at least %s times as large a share of the cost as of the risk stopped, at the low, the middle and the high assumptions alike.",
		manyRequests, num(Exact(bargainRatio))))
}

func rollupTable(v *view, bs []bargain) *Table {
	t := &Table{Name: "rollup", Caption: "What each enabled policy costs, worst bargain first", Lines: 6, Columns: []Column{
		{Key: "policy", Name: "Policy"},
		{Key: "bargain", Name: "In short"},
		{Key: "prompts", Name: "Prompts", Unit: UnitCount, Source: Replayed, Ranged: true, Minor: 1},
		{Key: "blocks", Name: "Blocks", Unit: UnitCount, Source: Replayed, Ranged: true, Minor: 1},
		{Key: "people", Name: "People", Unit: UnitCount, Source: Replayed, Minor: 2},
		{Key: "cost", Name: "Time", Unit: UnitSeconds, Source: Replayed, Ranged: true},
		{Key: "cost_share", Name: "Of cost", Unit: UnitPercent, Source: Replayed, Ranged: true},
		{Key: "stopped", Name: "Risk stopped", Unit: UnitNumber, Source: Replayed, Ranged: true},
		{Key: "stopped_share", Name: "Of risk", Unit: UnitPercent, Source: Replayed, Ranged: true},
		{Key: "price", Name: "Time for each", Unit: UnitSeconds, Source: Replayed, Ranged: true, Minor: 3},
		{Key: "requests", Name: "Requests", Unit: UnitCount, Source: Recorded},
		{Key: "workaround_people", Name: "Worked around by", Unit: UnitCount, Source: Recorded},
		{Key: "outdone_by", Name: "Outdone by", Minor: 4},
	}}
	for i := range bs {
		b := &bs[i]
		price := bounds(b.price)
		if math.IsInf(b.price.High, 0) {
			price = instead("no risk stopped")
			if !math.IsInf(b.price.Low, 0) {
				price = instead("from " + formatRange(Exact(b.price.Low), UnitSeconds))
			}
		}
		requests, around := missing(), missing()
		if b.Requests != nil {
			requests = count(b.Requests.Requests)
		}
		if b.Workarounds != nil {
			around = count(b.Workarounds.People)
		}
		t.add(text(b.Name), text(b.inShort()), bounds(b.Prompts), bounds(b.Blocks), count(b.People), bounds(b.Cost.bounds()), bounds(b.cost),
			bounds(b.Stopped.bounds()), bounds(b.risk), price, requests, around, text(b.outdone())).Strong = b.bad
	}
	t.Note = "Time: prompts, blocks and requests in the window, low to high assumptions; a prompt that two policies ask for counts for both. Risk stopped: hostile sign-ins expected to fail at it. " +
		"Shares are among all enabled policies. Figures are of everybody a policy asked. One that another outdoes is not needless by that: they may cover other people and apps. " +
		"Attackers kept from trying are in no history."
	return t
}

// inShort is the judgement by shares.
func (b *bargain) inShort() string {
	switch {
	case b.bad:
		return "bad bargain"
	case b.good:
		return "good bargain"
	case b.Cost.High == 0 && b.Stopped.High == 0:
		return "idle"
	}
	return "–"
}

// outdone names the policy that costs less and stops at least as much.
func (b *bargain) outdone() string {
	if b.dominated == nil {
		return "–"
	}
	return b.dominated.Name
}

// rollupCatch is what stands behind the first table.
func rollupCatch(v *view, bs []bargain) *Table {
	t := &Table{Name: "rollup-signs", Caption: "How people meet each policy, and what it caught", Depth: DepthExtra, Columns: []Column{
		{Key: "policy", Name: "Policy"},
		{Key: "repeat_share", Name: "Requests repeated", Unit: UnitPercent, Source: Recorded},
		{Key: "requesters", Name: "By people", Unit: UnitCount, Source: Recorded, Minor: 2},
		{Key: "workarounds", Name: "Workarounds", Unit: UnitCount, Source: Recorded, Minor: 1},
		{Key: "lift", Name: "Lift", Unit: UnitNumber, Source: Recorded},
		{Key: "lift_interval", Name: "95% interval", Unit: UnitNumber, Source: Recorded, Ranged: true, Minor: 3},
		{Key: "route", Name: "By", Minor: 2},
		{Key: "exclusion_net", Name: "Exclusions, net", Unit: UnitCount, Source: Recorded},
		{Key: "exclusion_month", Name: "A month", Unit: UnitNumber, Source: Recorded, Minor: 1},
		{Key: "orphans", Name: "Added without a request", Unit: UnitCount, Source: Recorded},
		{Key: "excluded", Name: "Excluded people", Unit: UnitCount, Source: Replayed},
		{Key: "spared", Name: "Sign-ins spared", Unit: UnitCount, Source: Replayed, Minor: 2},
		{Key: "hostile", Name: "Hostile met", Unit: UnitCount, Source: Replayed},
		{Key: "labelled", Name: "Incidents met", Unit: UnitCount, Source: Replayed, Minor: 1},
	}}
	for i := range bs {
		b := &bs[i]
		repeats, who, cases, lift, interval, route := missing(), missing(), missing(), missing(), missing(), text("")
		if r := b.Requests; r != nil {
			who = count(r.People)
			if repeats = instead("–"); r.Requests > 0 {
				repeats = number(r.RepeatShare)
			}
		}
		if w := b.Workarounds; w != nil {
			cases, lift, interval, route = count(w.Cases), bounds(w.Lift), bounds(w.Interval), text(w.Route)
		}
		t.add(text(b.Name), repeats, who, cases, lift, interval, route, bounds(b.Net), bounds(b.Growth), bounds(b.Orphans),
			count(b.Excluded), number(b.Spared), number(b.Hostile), bounds(b.Labelled))
	}
	t.Note = "Lift is how much more often people take another way within hours after the policy stopped them than in like hours of theirs otherwise: by the route named, the surest pattern, else by all together. " +
		"Excluded people are those whom an exclusion spared at least once; what the policy would cost them no history tells. " +
		"“Hostile met” are sign-ins that a finding calls hostile and that it challenged or refused; incidents are those your labels confirm."
	return t
}
