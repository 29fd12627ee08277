package report

import (
	"cmp"
	"slices"
)

// RankFrom is how many people a cell needs to be ranked. Below it the figures
// describe persons, not a group, and one busy week moves them.
const RankFrom = 5

// view is an Input with what every section needs worked out once: the cells in
// order of friction, and what the lead is about.
type view struct {
	in     *Input
	ranked []*Cell // real group × workspace cells with enough people, most friction first
	rank   map[*Cell]int
	small  []*Cell          // the other real cells, by name
	other  []*Cell          // everybody, all work, unknown workspace, other work; by name
	groups map[string]*Cell // each group over all its work, as far as given
	counts map[int]changeCount
	focus  focus
}

func newView(in *Input) *view {
	v := &view{in: in, rank: map[*Cell]int{}, groups: map[string]*Cell{}, counts: map[int]changeCount{}}
	for i := range in.Cells {
		c := &in.Cells[i]
		if c.Group != "" && c.Workspace == "" && !c.Pseudo && v.groups[c.Group] == nil {
			v.groups[c.Group] = c
		}
		switch {
		case c.Group == "" || c.Workspace == "" || c.Pseudo:
			v.other = append(v.other, c)
		case c.People < RankFrom:
			v.small = append(v.small, c)
		default:
			v.ranked = append(v.ranked, c)
		}
	}
	// A tenant without groups or without workspaces still deserves a ranking:
	// everybody per workspace, or each group over all work.
	if len(v.ranked) == 0 {
		v.promote()
	}
	slices.SortFunc(v.ranked, func(a, b *Cell) int {
		return cmp.Or(cmp.Compare(load(b), load(a)), compareNames(a, b))
	})
	slices.SortFunc(v.small, compareNames)
	slices.SortFunc(v.other, compareNames)
	for i, c := range v.ranked {
		v.rank[c] = i + 1
	}
	v.focus = findFocus(v)
	return v
}

// promote ranks the cells that have at least one real side.
func (v *view) promote() {
	if len(v.small) > 0 {
		return
	}
	rest := v.other[:0:0]
	for _, c := range v.other {
		half := (c.Group == "") != (c.Workspace == "" || c.Pseudo)
		switch {
		case half && c.People >= RankFrom:
			v.ranked = append(v.ranked, c)
		case half:
			v.small = append(v.small, c)
		default:
			rest = append(rest, c)
		}
	}
	v.other = rest
}

// load is what a cell pays as a whole per week, which is what it is ranked by:
// friction seconds of all its people where a price is known, else prompts.
// Recorded where the log says, else replayed.
func load(c *Cell) float64 {
	people := float64(c.People)
	switch r := c.Recorded; {
	case r.Seconds.Known:
		return r.SecondsMid * people
	case r.Prompts.Known:
		return r.Prompts.Mid() * people
	case len(c.Sets) > 0:
		return c.Sets[0].Prompts.Mid() * people
	}
	return 0
}

func compareNames(a, b *Cell) int {
	return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Workspace, b.Workspace), cmp.Compare(a.People, b.People))
}

func groupName(c *Cell) string {
	if c.Group == "" {
		return "Everybody"
	}
	return c.Group
}

func workspaceName(c *Cell) string {
	if c.Workspace == "" {
		return "all work"
	}
	return c.Workspace
}

// set is the figures of set i in the cell, unknown when it was not replayed.
func (c *Cell) set(i int) ReplayedFigures {
	if i < len(c.Sets) {
		return c.Sets[i]
	}
	return ReplayedFigures{}
}

// candidates are the indexes of the candidate sets.
func (v *view) candidates() []int {
	var out []int
	for i := 1; i < len(v.in.Sets); i++ {
		out = append(out, i)
	}
	return out
}

// all is every cell in showing order: ranked, small, other.
func (v *view) all() []*Cell { return slices.Concat(v.ranked, v.small, v.other) }
