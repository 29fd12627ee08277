package report

import (
	"fmt"
	"slices"
)

var _ = register(Builder{
	Name: "cells", Order: 30, Title: "Groups and workspaces",
	Doc:   "Every group × workspace: recorded friction, then replayed current against each candidate.",
	Intro: "A person in two groups counts in both; a sign-in that several workspaces share is split between them. Attack traffic is taken out before friction is counted.",
	Build: buildCells,
})

func buildCells(v *view) []Block {
	if len(v.in.Cells) == 0 {
		return nil
	}
	blocks := []Block{recordedCells(v)}
	if len(v.in.Sets) == 1 {
		blocks = append(blocks, compareCells(v, 0))
	}
	for _, i := range v.candidates() {
		blocks = append(blocks, compareCells(v, i))
	}
	if n := len(v.small); n > 0 {
		blocks = append(blocks, &Paragraph{Tone: ToneNote, Line: say(fmt.Sprintf(
			"%s fewer than %d people: shown in grey, not ranked. One person’s week moves such a figure, and it describes persons rather than a group.",
			plural(n, "group and workspace has", "groups and workspaces have"), RankFrom))})
	}
	return blocks
}

func cellColumns() []Column {
	return []Column{
		{Key: "rank", Name: "#", Unit: UnitCount},
		{Key: "group", Name: "Group"},
		{Key: "workspace", Name: "Workspace"},
		{Key: "environment", Name: "Env.", Minor: 3},
		{Key: "people", Name: "People", Unit: UnitCount, Source: Recorded},
	}
}

// placedColumns say how sure it is that a row's sign-ins belong to its workspace,
// and how many of the group's may be missing from it; none without workspaces. sure
// is the Minor of the sum that stands where the tiers do not fit.
func (v *view) placedColumns(sure uint8) []Column {
	if !v.placed() {
		return nil
	}
	return []Column{
		{Key: "tier_sure", Name: "Sure", Unit: UnitPercent, Source: Recorded, Minor: sure},
		{Key: "unknown_workspace", Name: "Unknown", Unit: UnitPercent, Source: Recorded, Minor: sure},
		{Key: "tier_exact", Name: "Exact", Unit: UnitPercent, Source: Recorded, Minor: 4},
		{Key: "tier_strong", Name: "Strong", Unit: UnitPercent, Source: Recorded, Minor: 4},
		{Key: "tier_weak", Name: "Weak", Unit: UnitPercent, Source: Recorded, Minor: 4},
		{Key: "tier_candidate", Name: "Shared", Unit: UnitPercent, Source: Recorded, Minor: 4},
	}
}

func (v *view) placed() bool {
	return slices.ContainsFunc(v.in.Cells, func(c Cell) bool { return len(c.Placed.Tiers) > 0 })
}

func (v *view) placedValues(c *Cell) []Value {
	if !v.placed() {
		return nil
	}
	if len(c.Placed.Tiers) == 0 {
		none := instead("–")
		return []Value{none, none, none, none, none, none}
	}
	p := &c.Placed
	exact, strong := p.tier("exact"), p.tier("strong")
	return []Value{bounds(Exact(exact.Low + strong.Low)), bounds(p.Unknown), bounds(exact), bounds(strong), bounds(p.tier("weak")), bounds(p.tier("candidate"))}
}

// placedNote explains them.
const placedNote = " Exact, strong, weak and shared are how sure it is that the row’s sign-ins belong to the workspace (sure: exact or strong); unknown is the share of the group’s sign-ins to workspaces that cannot be told."

func (v *view) cellHead(c *Cell) []Value {
	return []Value{v.rankValue(c), text(groupName(c)), text(workspaceName(c)), text(c.Environment), count(c.People)}
}

// cellRow adds a row for c, muted when the cell is not ranked for its size.
func (v *view) cellRow(t *Table, c *Cell, cells ...Value) {
	r := t.add(append(v.cellHead(c), cells...)...)
	r.Strong = c == v.focus.cell
	r.Muted = c.People < RankFrom
}

// shownCells is how many cells are shown to people, most friction first.
const shownCells = 100

func recordedCells(v *view) *Table {
	t := &Table{Name: "cells-recorded", Caption: "What the log says people pay", Head: 3, Shown: shownCells, Columns: append(cellColumns(),
		Column{Key: "sign_ins", Name: "Sign-ins", Unit: UnitCount, Source: Recorded, Minor: 2},
		Column{Key: "prompts", Name: "Prompts", Unit: UnitNumber, Source: Recorded, Ranged: true},
		askedColumn,
		Column{Key: "prompts_interval", Name: "95% interval", Unit: UnitNumber, Source: Recorded, Ranged: true, Minor: 1},
		Column{Key: "never_prompted", Name: "Never prompted", Unit: UnitPercent, Source: Recorded, Ranged: true, Minor: 2},
		Column{Key: "worst_tenth", Name: "Worst tenth", Unit: UnitNumber, Source: Recorded, Ranged: true, Minor: 1},
		Column{Key: "blocks", Name: "Blocks", Unit: UnitNumber, Source: Recorded, Ranged: true},
		Column{Key: "people_blocked", Name: "People blocked", Unit: UnitCount, Source: Recorded, Minor: 1},
		Column{Key: "broken", Name: "Broken sessions", Unit: UnitCount, Source: Recorded, Minor: 1},
		Column{Key: "seconds", Name: "Time a week", Unit: UnitSeconds, Source: Recorded, Ranged: true, Minor: 1},
		togetherColumn,
	)}
	t.Columns = append(t.Columns, excludedColumn)
	t.Columns = append(t.Columns, v.placedColumns(0)...)
	for _, c := range v.all() {
		r := &c.Recorded
		v.cellRow(t, c, append([]Value{
			number(r.SignIns), bounds(r.Prompts), bounds(r.Asked), bounds(r.Interval), bounds(r.NeverPrompted), bounds(r.WorstDecile),
			bounds(r.Blocks), count(r.Blocked), number(r.Broken), bounds(r.Seconds), together(c), count(c.Excluded.People),
		}, v.placedValues(c)...)...)
	}
	t.Note = askedNote + " Prompts, blocks and time are per person and week; sign-ins, people blocked and broken sessions are for the window. " +
		"Ordered by what all people of the row pay together. Intervals are over people; time rests on the assumptions below." + excludedNote
	if v.placed() {
		t.Note += placedNote
	}
	return t
}

// compareCells sets replayed current beside candidate i; i = 0 shows current alone.
func compareCells(v *view, i int) *Table {
	t := &Table{Name: "cells-replayed", Caption: "What today’s policies do, by replay", Head: 3, Shown: shownCells, Lines: 8}
	t.Columns = append(cellColumns()[:4:4], setDetail(v, 0)...)
	if i > 0 {
		t.Name = fmt.Sprintf("cells-candidate-%d", i)
		t.Caption = "Today’s policies against candidate " + v.in.Sets[i].Name
		t.Columns = append(t.Columns, setDetail(v, i)...)
		t.Depth = depthOf(v, i)
		t.Columns = append(t.Columns, Column{Key: "move", Name: "In short"})
	}
	t.Columns = append(t.Columns, Column{Key: "people", Name: "People", Unit: UnitCount, Source: Recorded, Minor: 3}, excludedColumn)
	t.Columns = append(t.Columns, v.placedColumns(4)...)
	for _, c := range v.all() {
		now, then := c.set(0), c.set(i)
		cells := append(v.cellHead(c)[:4:4], detail(now)...)
		if i > 0 {
			cells = append(cells, detail(then)...)
			cells = append(cells, text(moveOf(now, then).String()))
		}
		cells = append(cells, count(c.People), count(c.Excluded.People))
		r := t.add(append(cells, v.placedValues(c)...)...)
		r.Strong, r.Muted = c == v.focus.cell, c.People < RankFrom
	}
	t.Note = "Prompts and blocks are per person and week; broken sessions and risk are for the window. Low" + dash + "high where the log leaves it open. " +
		"Rows are of the same people as above."
	return t
}

func setDetail(v *view, i int) []Column {
	base := setColumns(v, i)
	src, set := base[0].Source, base[0].Set
	key := "replayed"
	if i > 0 {
		key = fmt.Sprintf("candidate_%d", i)
	}
	return []Column{
		base[0],
		{Key: key + "_blocks", Name: "Blocks", Unit: UnitNumber, Source: src, Set: set, Ranged: true, Minor: 1},
		{Key: key + "_broken", Name: "Broken", Unit: UnitNumber, Source: src, Set: set, Ranged: true, Minor: 1},
		base[1],
		{Key: key + "_open", Name: "Open", Unit: UnitPercent, Source: src, Set: set, Ranged: true, Minor: 2},
	}
}

func detail(f ReplayedFigures) []Value {
	return []Value{bounds(f.Prompts), bounds(f.Blocks), bounds(f.Broken), bounds(f.Residual), bounds(f.Unknown)}
}

// depthOf puts the details of candidates that the lead is not about further away.
func depthOf(v *view, i int) Depth {
	if i == 0 || i == v.shown() {
		return DepthMain
	}
	return DepthExtra
}

// excludedColumn counts who is in no figure of the row.
var excludedColumn = Column{Key: "excluded_people", Name: "Excluded", Unit: UnitCount, Source: Recorded, Minor: 2}

const excludedNote = " Excluded are people whom an exclusion spared a policy: they are in no figure of the row, and have a section of their own."

// togetherColumn is the figure that rows are ordered by, see load.
var togetherColumn = Column{Key: "together", Name: "All together", Unit: UnitSeconds, Source: Recorded}

// together is what the cell pays as a whole in a week; unknown where time has no price.
func together(c *Cell) Value {
	if !c.Recorded.Seconds.Known {
		return missing()
	}
	return number(load(c))
}
