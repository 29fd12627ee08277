package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

var _ = register(Builder{
	Name: "excluded", Order: 35, Title: "People whom an exclusion spares",
	Doc:   "Who is excluded from a policy that would have asked something of them, and what the replay expects of them.",
	Intro: "Who is excluded from a policy has no prompts of it in the log: their history says nothing of what it would cost them. They are therefore in no friction figure of this report and stand here by themselves. Their risk counts with everybody’s.",
	Build: buildExcluded,
})

func buildExcluded(v *view) []Block {
	e := &v.in.Total.Excluded
	var blocks []Block
	if p := v.in.Total.Perhaps; p >= 1 {
		blocks = append(blocks, &Paragraph{Tone: ToneWarn, Line: say(fmt.Sprintf(
			"Of %s it is not known whether an exclusion spared the person, for want of group members or roles; they are counted as if none had.",
			wholeOf(p, "other sign-in", "other sign-ins")))})
	}
	if e.People == 0 {
		return blocks
	}
	blocks = append([]Block{excludedWords(v)}, blocks...)
	blocks = append(blocks, excludedCells(v))
	if t := excludedPolicies(v); t != nil {
		blocks = append(blocks, t)
	}
	return blocks
}

func excludedWords(v *view) *Paragraph {
	e := &v.in.Total.Excluded
	l := say(strong(plural(e.People, "person", "people")), fmt.Sprintf(" of %s kept apart: an exclusion spared them at %s of their %s",
		whole(float64(e.People+v.in.Total.People)), whole(e.Spared), wholeOf(e.SignIns, "sign-in", "sign-ins")))
	if e.Partly > 0 {
		l = append(l, say("; "+plural(e.Partly, "of them was", "of them were")+" spared at some sign-ins only")...)
	}
	l = append(l, say(".")...)
	var by []string
	rs := slices.Clone(v.in.Rollups)
	slices.SortStableFunc(rs, func(a, b Rollup) int { return cmp.Compare(b.Excluded, a.Excluded) })
	for i := range rs {
		if rs[i].Excluded > 0 && len(by) < 3 {
			by = append(by, quote(rs[i].Name)+" "+plural(rs[i].Excluded, "person", "people"))
		}
	}
	if len(by) > 0 {
		l = append(l, say(" Most are spared by "+strings.Join(by, ", ")+".")...)
	}
	return &Paragraph{Line: l}
}

// excludedCells sets the excluded of each cell beside the people its figures are about.
func excludedCells(v *view) *Table {
	t := &Table{Name: "excluded-cells", Caption: "Excluded people by group and workspace", Head: 2, Shown: shownCells, Lines: 5, Columns: []Column{
		{Key: "group", Name: "Group"},
		{Key: "workspace", Name: "Workspace"},
		{Key: "people", Name: "Counted", Unit: UnitCount, Source: Replayed},
		{Key: "excluded_people", Name: "Excluded", Unit: UnitCount, Source: Replayed},
		{Key: "partly", Name: "In part", Unit: UnitCount, Source: Replayed, Minor: 2},
		{Key: "spared", Name: "Spared", Unit: UnitCount, Source: Replayed},
		{Key: "sign_ins", Name: "Their sign-ins", Unit: UnitCount, Source: Recorded, Minor: 1},
		{Key: "recorded_prompts", Name: "Prompts left", Unit: UnitNumber, Source: Recorded, Ranged: true},
	}}
	for i := range v.in.Sets {
		src, set, name := Replayed, "", "Modelled today"
		if i > 0 {
			src, set, name = Candidate, v.in.Sets[i].Name, "Modelled"
		}
		t.Columns = append(t.Columns, Column{Key: fmt.Sprintf("modelled_%d", i), Name: name, Unit: UnitNumber, Source: src, Set: set, Ranged: true, Minor: minorSet(v, i)})
	}
	row := func(c *Cell) {
		e := &c.Excluded
		if e.People == 0 {
			return
		}
		cells := []Value{text(groupName(c)), text(workspaceName(c)), count(c.People), count(e.People), count(e.Partly), number(e.Spared), number(e.SignIns), bounds(e.Prompts)}
		for i := range v.in.Sets {
			cells = append(cells, bounds(e.set(i).Prompts))
		}
		t.add(cells...)
	}
	row(&v.in.Total)
	for _, c := range v.all() {
		row(c)
	}
	t.Note = "“Counted”: the people of the other figures. “Spared”: sign-ins at which a policy would have asked, had it not excluded them. “Prompts left”: recorded, of policies that still apply. " +
		"Modelled prompts start from a history in which they were spared: a forecast, never a measurement. Prompts are per person and week."
	return t
}

func minorSet(v *view, i int) uint8 {
	if i == 0 || i == v.shown() {
		return 0
	}
	return 3
}

// excludedPolicies says which policies spared whom; nil when none did.
func excludedPolicies(v *view) *Table {
	t := &Table{Name: "excluded-policies", Caption: "Which policies spare them", Depth: DepthExtra, Columns: []Column{
		{Key: "policy", Name: "Policy"},
		{Key: "excluded_people", Name: "People", Unit: UnitCount, Source: Replayed},
		{Key: "spared", Name: "Sign-ins spared", Unit: UnitCount, Source: Replayed},
	}}
	for i := range v.in.Rollups {
		if r := &v.in.Rollups[i]; r.Excluded > 0 {
			t.add(text(r.Name), count(r.Excluded), number(r.Spared))
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	t.Note = "An exclusion counts where the policy would have applied otherwise and no policy that did apply asks for the same."
	return t
}
