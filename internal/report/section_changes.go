package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

var _ = register(Builder{
	Name: "changes", Order: 50, Title: "Who would notice",
	Doc:   "Per candidate, people newly blocked, newly prompted and relieved, each with a sign-in that shows it.",
	Intro: "Each person is named with one real sign-in that shows the change; analyze explain with its id says which policy, condition and fact decided it.",
	Build: buildChanges,
})

// shownPeople is how many rows of a list of people are shown to people.
const shownPeople = 25

func buildChanges(v *view) []Block {
	if len(v.in.Sets) < 2 {
		return nil
	}
	blocks := []Block{changeTable(v)}
	for _, i := range v.candidates() {
		if t := peopleTable(v, i); len(t.Rows) > 0 {
			blocks = append(blocks, t)
		}
	}
	return blocks
}

func changeTable(v *view) *Table {
	t := &Table{Name: "changes", Caption: "People for whom a candidate changes something", Columns: []Column{{Key: "candidate", Name: "Candidate"}}}
	for k := NewlyBlocked; k <= Relieved; k++ {
		key := fmt.Sprintf("kind_%d", k+1)
		t.Columns = append(t.Columns,
			Column{Key: key + "_people", Name: "People " + k.String(), Unit: UnitCount, Source: Candidate, Ranged: true},
			Column{Key: key + "_sign_ins", Name: "Sign-ins " + k.String(), Unit: UnitCount, Source: Candidate, Ranged: true})
	}
	for _, i := range v.candidates() {
		n := v.changed(i)
		cells := []Value{text(v.in.Sets[i].Name)}
		for k, people := range n.people {
			cells = append(cells, bounds(people), bounds(n.delta[k]))
		}
		t.add(cells...).Strong = i == v.focus.set
	}
	return t
}

func peopleTable(v *view, i int) *Table {
	t := &Table{
		Name: fmt.Sprintf("people-candidate-%d", i), Shown: shownPeople, Lines: 6, Depth: depthOf(v, i),
		Caption: "People that candidate " + v.in.Sets[i].Name + " touches, worst and most certain first",
		Note:    "“Perhaps”: under one reading of what the log leaves open. A range of sign-ins that starts at 0 may be none.",
		Columns: []Column{
			{Key: "person", Name: "Person"},
			{Key: "groups", Name: "Groups", Minor: 2},
			{Key: "change", Name: "Change"},
			{Key: "certain", Name: "Certain"},
			{Key: "sign_ins", Name: "Sign-ins", Unit: UnitCount, Source: Candidate, Ranged: true},
			{Key: "policy", Name: "Policy", Minor: 1},
			{Key: "control", Name: "Control", Minor: 3},
			{Key: "example", Name: "Example sign-in", Unit: UnitID},
			{Key: "at", Name: "At", Unit: UnitTime, Minor: 4},
		},
	}
	var cs []*Change
	for j := range v.in.Changes {
		if c := &v.in.Changes[j]; c.Set == i {
			cs = append(cs, c)
		}
	}
	slices.SortFunc(cs, func(a, b *Change) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(unsure(a), unsure(b)), cmp.Compare(math.Abs(b.Delta.Mid()), math.Abs(a.Delta.Mid())), cmp.Compare(a.Person, b.Person),
			cmp.Compare(a.Policy, b.Policy), cmp.Compare(a.Control, b.Control), cmp.Compare(a.Example, b.Example))
	})
	modelled := false
	for _, c := range cs {
		sure := "yes"
		if !c.certain() {
			sure = "perhaps"
		}
		if c.Modelled {
			sure += ", modelled"
			modelled = true
		}
		t.add(text(c.Person), text(c.Groups), text(c.Kind.String()), text(sure), bounds(c.Delta), text(c.Policy), text(c.Control), text(c.Example), text(clock(c.At)))
	}
	if modelled {
		t.Note += " “Modelled”: an exclusion spares the person today, so that no history of prompts stands behind the figure."
	}
	return t
}

// unsure orders certain changes first.
func unsure(c *Change) int {
	if c.certain() {
		return 0
	}
	return 1
}
