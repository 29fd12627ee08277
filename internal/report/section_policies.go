package report

import (
	"cmp"
	"fmt"
	"slices"
)

// stateEnabled is the state of a policy that is in force.
const stateEnabled = "enabled"

var _ = register(Builder{
	Name: "policies", Order: 40, Title: "Policies",
	Doc:   "Policies of today ranked by friction per risk stopped, and the same for each candidate's policies.",
	Intro: "At the top stand policies that ask much and stop little. Friction is the sign-ins a policy prompts or blocks; the risk stopped is the hostile sign-ins expected among them. A sign-in that two policies ask for counts for both; “alone” counts those no other policy asks for.",
	Build: buildPolicies,
})

func buildPolicies(v *view) []Block {
	if len(v.in.Policies) == 0 {
		return nil
	}
	var blocks []Block
	now := policiesOf(v, 0)
	if b := policyBars(now); b != nil {
		blocks = append(blocks, b)
	}
	if len(now) > 0 {
		blocks = append(blocks, policyTable(v, 0, now))
	}
	if t := recordedResults(now); t != nil {
		t.Depth = DepthExtra
		blocks = append(blocks, t)
	}
	for _, i := range v.candidates() {
		if ps := policiesOf(v, i); len(ps) > 0 {
			t := policyTable(v, i, ps)
			t.Depth, t.Shown = depthOf(v, i), shownPolicies
			blocks = append(blocks, t)
		}
	}
	return blocks
}

// shownPolicies is how many policies of a candidate text shows; the rest stand in
// the other formats.
const shownPolicies = 10

// perRisk is friction per risk stopped; infinite (1) before finite (0), and a
// policy without friction last (-1).
func perRisk(p *Policy) (class int, ratio float64) {
	switch f := friction(p); {
	case f == 0:
		return -1, 0
	case p.RiskMet <= 0:
		return 1, f
	default:
		return 0, f / p.RiskMet
	}
}

// friction is the sign-ins a policy prompts or blocks, middle of the bounds.
func friction(p *Policy) float64 { return p.Prompts.Mid() + p.Blocks.Mid() }

// policiesOf are the policies of set i, worst ratio first, of a candidate those
// first that ask and block most; enabled ones before those that only report,
// disabled ones last.
func policiesOf(v *view, i int) []*Policy {
	var out []*Policy
	for j := range v.in.Policies {
		if p := &v.in.Policies[j]; p.Set == i {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b *Policy) int {
		if i > 0 { // of a candidate one asks first what it does to people
			return cmp.Or(cmp.Compare(stateOrder(a.State), stateOrder(b.State)), cmp.Compare(friction(b), friction(a)),
				cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
		}
		ca, ra := perRisk(a)
		cb, rb := perRisk(b)
		return cmp.Or(cmp.Compare(stateOrder(a.State), stateOrder(b.State)), cmp.Compare(cb, ca), cmp.Compare(rb, ra),
			cmp.Compare(friction(b), friction(a)), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return out
}

func stateOrder(state string) int {
	switch state {
	case stateEnabled:
		return 0
	case "disabled":
		return 2
	}
	return 1
}

func policyTable(v *view, i int, ps []*Policy) *Table {
	src, set := Replayed, ""
	t := &Table{Name: "policies", Caption: "Today’s policies, most friction per risk stopped first"}
	if i > 0 {
		src, set = Candidate, v.in.Sets[i].Name
		t.Name = fmt.Sprintf("policies-candidate-%d", i)
		t.Caption = "Policies of candidate " + set + ", most sign-ins prompted or blocked first"
	}
	t.Columns = []Column{
		{Key: "policy", Name: "Policy"},
		{Key: "state", Name: "State", Minor: 1},
		{Key: "controls", Name: "Asks for"},
		{Key: "prompts", Name: "Prompts", Unit: UnitCount, Source: src, Set: set, Ranged: true},
		{Key: "blocks", Name: "Blocks", Unit: UnitCount, Source: src, Set: set, Ranged: true},
		{Key: "alone", Name: "Alone", Unit: UnitCount, Source: src, Set: set, Minor: 2},
		{Key: "people", Name: "People", Unit: UnitCount, Source: src, Set: set, Minor: 2},
		{Key: "risk_met", Name: "Risk stopped", Unit: UnitNumber, Source: src, Set: set},
		{Key: "hostile_met", Name: "Hostile met", Unit: UnitCount, Source: src, Set: set, Minor: 2},
		{Key: "friction_per_risk", Name: "Friction per risk", Unit: UnitNumber, Source: src, Set: set},
		{Key: "open", Name: "Open", Unit: UnitPercent, Source: src, Set: set, Minor: 3},
	}
	requests := false
	for _, p := range ps {
		requests = requests || p.Requests > 0
	}
	if requests && i == 0 {
		t.Columns = append(t.Columns, Column{Key: "requests", Name: "Exception requests", Unit: UnitCount, Source: Recorded, Minor: 1})
	}
	for _, p := range ps {
		cells := []Value{
			text(p.Name), text(stateWords(p.State)), text(p.Controls), bounds(p.Prompts), bounds(p.Blocks), number(p.Only), count(p.People),
			number(p.RiskMet), number(p.Attacks), ratioValue(p), openShare(p),
		}
		if requests && i == 0 {
			cells = append(cells, count(p.Requests))
		}
		t.add(cells...).Muted = p.State != stateEnabled
	}
	if i > 0 {
		return t // as the table of today’s
	}
	t.Note = "Counts are sign-ins in the window. “Open” is the share of the sign-ins a policy may apply to for which that cannot be told. " +
		"A policy in report-only asks nobody; its figures say what it would do. A disabled one is not replayed."
	return t
}

func ratioValue(p *Policy) Value {
	switch class, ratio := perRisk(p); class {
	case 0:
		return number(ratio)
	case 1:
		return instead("no risk stopped")
	}
	return instead("no friction")
}

func openShare(p *Policy) Value {
	if all := p.Applied + p.Unknown; all > 0 {
		return number(p.Unknown / all)
	}
	return instead("–")
}

func stateWords(state string) string {
	switch state {
	case "enabledForReportingButNotEnforced", "reportOnly", "report-only":
		return "report-only"
	}
	return state
}

// policyBars compares what the enabled policies ask for; nil below two.
func policyBars(ps []*Policy) *Bars {
	b := &Bars{Title: "Sign-ins that today’s policies prompt or block", Unit: UnitCount, Source: Replayed}
	for _, p := range ps {
		if p.State != stateEnabled || friction(p) == 0 {
			continue
		}
		r := Between(p.Prompts.Low+p.Blocks.Low, p.Prompts.High+p.Blocks.High)
		note := "no risk stopped"
		if p.RiskMet > 0 {
			note = num(Exact(p.RiskMet)) + " risk stopped"
		}
		b.Rows = append(b.Rows, Bar{Label: p.Name, Value: r, Note: note})
	}
	if len(b.Rows) < 2 {
		return nil
	}
	slices.SortStableFunc(b.Rows, func(x, y Bar) int { return cmp.Compare(y.Value.Mid(), x.Value.Mid()) })
	b.Rows = b.Rows[:min(len(b.Rows), 12)]
	return b
}

// recordedResults shows the log's own results per policy, which never share a
// table column with ours. Nil when the log has none.
func recordedResults(ps []*Policy) *Table {
	var names []string
	for _, p := range ps {
		for _, r := range p.Recorded {
			if !slices.Contains(names, r.Name) {
				names = append(names, r.Name)
			}
		}
	}
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	t := &Table{Name: "policy-results", Caption: "What the log recorded for each policy", Columns: []Column{{Key: "policy", Name: "Policy"}}}
	for i, n := range names {
		t.Columns = append(t.Columns, Column{Key: fmt.Sprintf("result_%d", i+1), Name: n, Unit: UnitCount, Source: Recorded, Minor: minorResult(n)})
	}
	for _, p := range ps {
		if len(p.Recorded) == 0 {
			continue
		}
		cells := []Value{text(p.Name)}
		for _, n := range names {
			var sum int64
			for _, r := range p.Recorded {
				if r.Name == n {
					sum += r.N
				}
			}
			cells = append(cells, count(sum))
		}
		t.add(cells...)
	}
	return t
}

// minorResult puts the results that most policies have last.
func minorResult(name string) uint8 {
	switch name {
	case "success", "failure":
		return 0
	case "notApplied":
		return 1
	}
	return 2
}
