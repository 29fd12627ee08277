package report

import (
	"fmt"
	"slices"
)

var _ = register(Builder{
	Name: "candidates", Order: 20, Title: "Candidates",
	Doc:   "What each candidate policy set would do to everybody, against replayed current, and how it differs.",
	Intro: "Each candidate is compared with today’s policies replayed by the same engine, so that a bias of the engine cancels. Every person counts once.",
	Build: buildCandidates,
})

func buildCandidates(v *view) []Block {
	if len(v.in.Sets) < 2 {
		return nil
	}
	var blocks []Block
	for i, s := range v.in.Sets {
		if s.Incomplete > 0 {
			blocks = append(blocks, &Paragraph{Tone: ToneWarn, Line: say(upperFirst(incompleteWords(v.in, i)) + ".")})
		}
		if i > 0 && s.Enforced == 0 && s.ReportOnly > 0 {
			blocks = append(blocks, &Paragraph{Tone: ToneWarn, Line: say("Candidate ", strong(s.Name), fmt.Sprintf(
				" enforces nothing: none of its %s is enabled and %d %s in report-only. What each of these would do alone stands under Policies; "+
					"to replay them as if they were enabled, run with --as-enabled, or set asEnabled: true for the candidate in frisk.yaml.",
				plural(s.Policies, "policy", "policies"), s.ReportOnly, verb(s.ReportOnly, "is", "are")))})
		}
	}
	blocks = append(blocks, candidateTable(v))
	for _, i := range v.candidates() {
		if b := v.in.Total.set(i).Blocks; b.Known && b.High-b.Low > promptTolerance {
			blocks = append(blocks, &Paragraph{Tone: ToneWarn, Line: say("Candidate ", strong(v.in.Sets[i].Name),
				" may block sign-ins, and the log does not tell which. The high side then has the block in the place of what would have been asked: "+
					"its prompts, who must register and whom it newly prompts are no upper limits until that is settled.")})
		}
	}
	if l := asInForce(v); len(l) > 0 {
		blocks = append(blocks, &Paragraph{Line: l})
	}
	blocks = append(blocks, moveTable(v))
	for _, i := range v.candidates() {
		s := v.in.Sets[i]
		if s.Doc == "" && len(s.Diff)+len(s.Placeholders) == 0 {
			continue
		}
		l := say(strong(s.Name))
		if s.Doc != "" {
			l = append(l, say(": "+s.Doc)...)
		}
		blocks = append(blocks, &Paragraph{Line: l})
		if len(s.Diff) > 0 {
			list := &List{}
			for _, d := range s.Diff {
				list.Items = append(list.Items, say(d))
			}
			blocks = append(blocks, list)
		}
		for _, p := range s.Placeholders {
			blocks = append(blocks, &Paragraph{Tone: ToneWarn, Line: say(upperFirst(p) + ".")})
		}
	}
	blocks = append(blocks, openWords(v)...)
	for _, i := range v.candidates() {
		if i == v.shown() {
			continue // the first screen shows it
		}
		if q := picture(v, i); q != nil {
			q.Depth = DepthExtra
			q.Title = "Where " + q.ToName + " would move them"
			blocks = append(blocks, q)
		}
	}
	return blocks
}

// candidateTable has one row per candidate. Replayed current has columns of its
// own, repeated on every row, so that no column mixes two kinds of numbers.
func candidateTable(v *view) *Table {
	t := &Table{Name: "candidates", Caption: "What each candidate would do to everybody", Columns: []Column{
		{Key: "candidate", Name: "Candidate"},
		{Key: "move", Name: "In short"},
		{Key: "replayed_prompts", Name: "Prompts", Unit: UnitNumber, Source: Replayed, Ranged: true},
		{Key: "replayed_blocks", Name: "Blocks", Unit: UnitNumber, Source: Replayed, Ranged: true, Minor: 1},
		{Key: "replayed_residual", Name: "Risk", Unit: UnitNumber, Source: Replayed, Ranged: true},
		{Key: "replayed_through", Name: "Hostile let through", Unit: UnitCount, Source: Replayed, Ranged: true, Minor: 2},
		{Key: "candidate_prompts", Name: "Prompts", Unit: UnitNumber, Source: Candidate, Ranged: true},
		{Key: "candidate_blocks", Name: "Blocks", Unit: UnitNumber, Source: Candidate, Ranged: true},
		{Key: "candidate_residual", Name: "Risk", Unit: UnitNumber, Source: Candidate, Ranged: true},
		{Key: "candidate_through", Name: "Hostile let through", Unit: UnitCount, Source: Candidate, Ranged: true, Minor: 2},
		{Key: "unknown", Name: "Verdicts open", Unit: UnitPercent, Source: Candidate, Ranged: true, Minor: 3},
	}}
	need := slices.ContainsFunc(v.in.Sets, func(s Set) bool { return s.MissingMethod > 0 })
	if need {
		t.Columns = append(t.Columns, Column{Key: "missing_method", Name: "Must register", Unit: UnitCount, Source: Candidate})
	}
	apart := v.in.Total.Excluded.People > 0
	if apart {
		t.Columns = append(t.Columns, Column{Key: "excluded_modelled_prompts", Name: "Excluded people, modelled", Unit: UnitNumber, Source: Candidate, Ranged: true, Minor: 1})
	}
	t.Columns = append(t.Columns, Column{Key: "people", Name: "People", Unit: UnitCount, Source: Recorded, Minor: 3}, excludedColumn)
	now := v.in.Total.set(0)
	for _, i := range v.candidates() {
		then := v.in.Total.set(i)
		cells := []Value{
			text(v.in.Sets[i].Name), text(v.inShort(i)),
			bounds(now.Prompts), bounds(now.Blocks), bounds(now.Residual), bounds(now.AttacksThrough),
			bounds(then.Prompts), bounds(then.Blocks), bounds(then.Residual), bounds(then.AttacksThrough),
			bounds(then.Unknown),
		}
		if need {
			cells = append(cells, count(v.in.Sets[i].MissingMethod))
		}
		if apart {
			cells = append(cells, bounds(v.in.Total.Excluded.set(i).Prompts))
		}
		cells = append(cells, count(v.in.Total.People), count(v.in.Total.Excluded.People))
		t.add(cells...).Strong = i == v.focus.set
	}
	if need {
		t.Note = "“Must register” counts people whom the set would ask for a method they were never seen to use: they have to register one first, or are blocked. "
	}
	t.Note += "Prompts and blocks are per person and week. Risk is the hostile sign-ins expected to get through in the window; " +
		"hostile let through counts sign-ins that a finding calls hostile and that meet no challenge."
	if apart {
		t.Note += " Whom an exclusion spares today is in no figure of prompts or blocks; what the set would ask of them is modelled, for their history cannot measure it."
	}
	return t
}

// inShort is what candidate i does to everybody: whom it certainly locks out, or
// makes register first, outweighs what the averages say.
func (v *view) inShort(i int) string {
	m := v.overallMove(i)
	if v.changed(i).people[NewlyBlocked].Low > 0 {
		m = MoveBlocks
	}
	words := m.String()
	now, then := v.in.Total.set(0).Residual, v.in.Total.set(i).Residual
	if change := now.Change(then); m == MoveBetter && change.Known && change.High < -riskSlack(now) {
		words = "less friction, less risk"
	}
	if n := v.in.Sets[i].MissingMethod; n > 0 && m != MoveBlocks {
		return words + "; " + plural(n, "person", "people") + " must register a method first"
	}
	return words
}

// moveTable counts the ranked cells by what each candidate does to them.
func moveTable(v *view) *Table {
	t := &Table{Name: "candidate-moves", Caption: "How many groups and workspaces each candidate moves, and how", Depth: DepthExtra, Columns: []Column{
		{Key: "candidate", Name: "Candidate"},
	}}
	for m := MoveBetter; m <= MoveWorse; m++ {
		t.Columns = append(t.Columns, Column{Key: fmt.Sprintf("move_%d", m), Name: m.String(), Unit: UnitCount, Source: Candidate})
	}
	for _, i := range v.candidates() {
		var n [MoveWorse + 1]int
		for _, c := range v.ranked {
			n[moveOf(c.set(0), c.set(i))]++
		}
		cells := []Value{text(v.in.Sets[i].Name)}
		for _, k := range n {
			cells = append(cells, count(k))
		}
		t.add(cells...).Strong = i == v.focus.set
	}
	return t
}
