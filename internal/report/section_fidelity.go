package report

import (
	"cmp"
	"slices"
)

var _ = register(Builder{
	Name: "fidelity", Order: 90, Title: "How far to trust the replay",
	Doc:   "Replayed current against the log's own results, per policy and per condition.",
	Intro: "Today’s policies are replayed over the same sign-ins and compared with what the log recorded. Where they differ, the policies given are not those that were in force, a fact is missing, or the engine is wrong; read candidates that change such a policy with care.",
	Build: buildFidelity,
})

func buildFidelity(v *view) []Block {
	if len(v.in.Sets) == 0 {
		return nil
	}
	if y := v.in.Verify; y != nil {
		return append(verifyBlocks(y, v.in), conditionBlocks(v.in)...)
	}
	var blocks []Block
	if t := promptTable(v.in.Prompted); t != nil {
		blocks = append(blocks, t)
	}
	if n := v.in.Elsewhere; n > 0 {
		words := elsewhere(n)
		if overall(v.in.Fidelity).Compared > 0 {
			words = "besides those compared below, the log has " + wholeOf(float64(n), "result", "results") + " of policies that were not given"
		}
		blocks = append(blocks, &Paragraph{Tone: ToneWarn, Line: say(upperFirst(words) + ".")})
	}
	if len(v.in.Fidelity) == 0 && v.in.Elsewhere > 0 {
		return blocks
	}
	if len(v.in.Fidelity) == 0 {
		return append(blocks, []Block{&Paragraph{Tone: ToneWarn, Line: say("The log carries no policy results, so the replay could not be compared with anything. " +
			"Exports from the beta endpoint of Microsoft Graph and from diagnostic settings carry them.")}}...)
	}
	fs := slices.Clone(v.in.Fidelity)
	slices.SortFunc(fs, func(a, b Fidelity) int {
		return cmp.Or(cmp.Compare(agreement(a), agreement(b)), cmp.Compare(b.Compared, a.Compared),
			cmp.Compare(a.Policy, b.Policy), cmp.Compare(a.Condition, b.Condition))
	})
	whole, parts := fidelityTable("fidelity", "Per policy, least agreement first"), fidelityTable("fidelity-conditions", "Per condition, least agreement first")
	parts.Columns = slices.Insert(parts.Columns, 1, Column{Key: "condition", Name: "Condition"})
	parts.Head, parts.Shown, parts.Lines = 2, shownPeople, 6
	for _, f := range fs {
		name := f.Policy
		if name == "" {
			name = "all policies"
		}
		cells := []Value{text(name), count(f.Compared), share(f.Agree, f.Compared), share(f.Unknown, f.Unknown+f.Compared), text(f.Worst), text(f.Example)}
		if f.Condition == "" {
			whole.add(cells...)
		} else {
			parts.add(slices.Insert(cells, 1, text(f.Condition))...)
		}
	}
	for _, t := range []*Table{whole, parts} {
		if len(t.Rows) > 0 {
			blocks = append(blocks, t)
		}
	}
	return blocks
}

// promptTable compares the prompts of the log with replayed current; nil when not compared.
func promptTable(p PromptFidelity) *Table {
	if p.Recorded <= 0 {
		return nil
	}
	t := &Table{Name: "fidelity-prompts", Caption: "Prompts that the log puts down to a policy, and what the replay makes of them", Columns: []Column{
		{Key: "recorded", Name: "Prompts", Unit: UnitCount, Source: Recorded},
		{Key: "matched", Name: "Asked for as well", Unit: UnitPercent, Source: Replayed},
		{Key: "open", Name: "Within its bounds", Unit: UnitPercent, Source: Replayed},
		{Key: "missed", Name: "Not asked for", Unit: UnitPercent, Source: Replayed},
	}}
	t.add(count(p.Recorded), share(p.Matched, p.Recorded), share(p.Open, p.Recorded), share(p.Missed, p.Recorded))
	t.Note = "Within its bounds: asked for under one reading of what the log leaves open."
	return t
}

func fidelityTable(name, caption string) *Table {
	return &Table{Name: name, Caption: caption, Columns: []Column{
		{Key: "policy", Name: "Policy"},
		{Key: "compared", Name: "Compared", Unit: UnitCount, Source: Recorded},
		{Key: "agree", Name: "Agreement", Unit: UnitPercent, Source: Replayed},
		{Key: "open", Name: "Could not be told", Unit: UnitPercent, Source: Replayed},
		{Key: "worst", Name: "Most frequent difference", Minor: 2},
		{Key: "example", Name: "Example sign-in", Unit: UnitID, Minor: 1},
	}}
}

func agreement(f Fidelity) float64 {
	if f.Compared == 0 {
		return 2 // nothing compared: last
	}
	return float64(f.Agree) / float64(f.Compared)
}

func share(n, of int64) Value {
	if of == 0 {
		return missing()
	}
	return number(float64(n) / float64(of))
}

// conditionBlocks are the figures per condition, over all policies.
func conditionBlocks(in *Input) []Block {
	t := fidelityTable("fidelity-conditions", "Per condition over all policies, least agreement first")
	t.Columns = slices.Delete(slices.Insert(t.Columns, 1, Column{Key: "condition", Name: "Condition"}), 0, 1)
	t.Columns = t.Columns[:len(t.Columns)-2]
	t.Depth = DepthFolded
	fs := slices.DeleteFunc(slices.Clone(in.Fidelity), func(f Fidelity) bool { return f.Policy != "" || f.Condition == "" })
	slices.SortFunc(fs, func(a, b Fidelity) int {
		return cmp.Or(cmp.Compare(agreement(a), agreement(b)), cmp.Compare(b.Compared, a.Compared), cmp.Compare(a.Condition, b.Condition))
	})
	for _, f := range fs {
		t.add(text(f.Condition), count(f.Compared), share(f.Agree, f.Compared), share(f.Unknown, f.Unknown+f.Compared))
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []Block{t}
}
