package report

import (
	"fmt"
	"slices"
)

var _ = register(Builder{
	Name: "picture", Order: 10, Title: "Friction against risk",
	Doc:   "Key figures, the friction × risk picture with an arrow to the candidate, and the cells that pay most.",
	Build: buildHeadline,
})

// topCells is how many cells the first screen shows: as many as a picture can
// label and a screen can hold.
const topCells = 8

func buildHeadline(v *view) []Block {
	if v.focus.cell == nil {
		return nil
	}
	blocks := []Block{tiles(v)}
	if b := bargainWords(v); b != nil {
		blocks = append(blocks, b...)
	}
	if q := picture(v, v.shown()); q != nil {
		q.Depth = DepthExtra // the table beside it holds the same figures
		blocks = append(blocks, q)
	}
	return append(blocks, topTable(v))
}

func tiles(v *view) *Stats {
	t, now := &v.in.Total, v.in.Total.set(0)
	s := &Stats{}
	add := func(label, value, note string, src Source) {
		s.Tiles = append(s.Tiles, Stat{Label: label, Value: value, Note: note, Source: src})
	}
	note := ""
	if t.Recorded.Interval.Known {
		note = "95% interval over people " + num(v.per(t.Recorded.Interval))
	}
	each := "and week"
	if v.short() {
		each = v.span()
	}
	add("Prompts per person "+each, num(v.per(t.Recorded.Prompts)), note, Recorded)
	note = ""
	if t.Recorded.WorstDecile.Known {
		note = "worst tenth: " + num(v.per(t.Recorded.WorstDecile)) + " " + v.span()
	}
	add("People never prompted", pct(t.Recorded.NeverPrompted), note, Recorded)
	if t.Recorded.Seconds.Known {
		people := float64(t.People)
		add("Time spent on prompts "+v.span()+", everybody", formatRange(v.per(Exact(t.Recorded.SecondsMid*people)), UnitSeconds),
			"by assumption "+formatRange(v.per(t.Recorded.Seconds.Times(people)), UnitSeconds), Recorded)
	}
	if x := t.Excluded.People; x > 0 {
		add("People whom an exclusion spares", whole(float64(x)), "in none of the figures about prompts; see their section", Recorded)
	}
	if now.Residual.Known {
		add("Hostile sign-ins expected to get through", num(now.Residual), "of "+num(Exact(now.Risk))+" expected; in the window", Replayed)
	}
	if y := v.in.Verify; y != nil && y.Applied.told() > 0 {
		add("Replay agrees with the log", pct(Exact(float64(y.Applied.Agree)/float64(y.Applied.told()))),
			"of "+wholeOf(float64(y.Applied.told()), "result", "results")+" where a policy applied", Replayed)
	} else if f := overall(v.in.Fidelity); f.Compared > 0 {
		add("Replay agrees with the log", pct(Exact(float64(f.Agree)/float64(f.Compared))), "of "+wholeOf(float64(f.Compared), "policy result", "policy results"), Replayed)
	}
	return s
}

// picture draws the top cells, numbered as in the table, with arrows to
// candidate i (0 for none). Nil when nothing was replayed.
func picture(v *view, i int) *Quadrant {
	q := &Quadrant{
		Title:    "Each number is a group in a workspace",
		XLabel:   "Friction: prompts per person and week",
		YLabel:   "Risk: hostile sign-ins let through",
		FromName: "today’s policies, replayed",
	}
	if i > 0 {
		q.ToName = "candidate " + clip(v.in.Sets[i].Name, 60)
	}
	for _, c := range v.top() {
		now, then := c.set(0), c.set(i)
		if !now.Prompts.Known || !now.Residual.Known {
			continue
		}
		p := Point{
			Mark: fmt.Sprint(v.rank[c]), Label: groupName(c) + ", " + workspaceName(c), Strong: c == v.focus.cell,
			From: Position{X: now.Prompts, Y: now.Residual},
		}
		if v.rank[c] == 0 {
			p.Mark = "•"
		}
		if i > 0 && then.Prompts.Known && then.Residual.Known {
			p.To = &Position{X: then.Prompts, Y: then.Residual}
		}
		q.Points = append(q.Points, p)
	}
	if len(q.Points) == 0 {
		return nil
	}
	q.Doc = fmt.Sprintf("%s of %s. Right means more friction, up means more risk; bottom left is best. Whiskers show low%shigh.",
		plural(len(q.Points), "group and workspace", "groups and workspaces"), "the table", dash)
	if i > 0 {
		q.Doc += " Arrows lead from " + q.FromName + " to " + q.ToName + "."
	}
	return q
}

// top is the cells of the first screen; the lead's cell is always among them.
func (v *view) top() []*Cell {
	if v.focus.whole {
		return []*Cell{v.focus.cell}
	}
	cells := v.ranked[:min(len(v.ranked), topCells)]
	if slices.Contains(cells, v.focus.cell) {
		return cells
	}
	return append(cells[:len(cells)-1:len(cells)-1], v.focus.cell)
}

func topTable(v *view) *Table {
	i := v.shown()
	t := &Table{Name: "top-cells", Caption: "The groups and workspaces that pay most", Head: 3, Columns: []Column{
		{Key: "rank", Name: "#", Unit: UnitCount},
		{Key: "group", Name: "Group"},
		{Key: "workspace", Name: "Workspace"},
		{Key: "people", Name: "People", Unit: UnitCount, Source: Recorded},
		{Key: "recorded_prompts", Name: "Prompts", Unit: UnitNumber, Source: Recorded, Ranged: true},
	}}
	asked := slices.ContainsFunc(v.top(), func(c *Cell) bool { return c.Recorded.Asked.Known })
	if asked {
		t.Columns = append(t.Columns, askedColumn)
	}
	priced := slices.ContainsFunc(v.top(), func(c *Cell) bool { return c.Recorded.Seconds.Known })
	if priced {
		t.Columns = append(t.Columns, togetherColumn)
	}
	if len(v.in.Sets) > 0 {
		t.Columns = append(t.Columns, setColumns(v, 0)...)
	}
	if i > 0 {
		t.Columns = append(t.Columns, setColumns(v, i)...)
	}
	if v.placed() {
		t.Columns = append(t.Columns, Column{Key: "how_sure", Name: "Workspace known", Minor: 1})
	}
	for _, c := range v.top() {
		cells := []Value{v.rankValue(c), text(groupName(c)), text(workspaceName(c)), count(c.People), bounds(c.Recorded.Prompts)}
		if asked {
			cells = append(cells, bounds(c.Recorded.Asked))
		}
		if priced {
			cells = append(cells, together(c))
		}
		if len(v.in.Sets) > 0 {
			cells = append(cells, bounds(c.set(0).Prompts), bounds(c.set(0).Residual))
		}
		if i > 0 {
			cells = append(cells, bounds(c.set(i).Prompts), bounds(c.set(i).Residual))
		}
		if v.placed() {
			cells = append(cells, text(c.Placed.words()))
		}
		t.add(cells...).Strong = c == v.focus.cell
	}
	if asked {
		t.Note = askedNote + " "
	}
	t.Note += "Prompts are per person and week; risk is the hostile sign-ins expected to get through in the window. "
	if priced {
		t.Note += "Ordered by the time that all people of the row together spend on it in a week, by the middle assumption."
	} else {
		t.Note += "Ordered by the prompts of all people of the row together."
	}
	if n := len(v.ranked) - len(t.Rows); n > 0 {
		t.Note += fmt.Sprintf(" %d more under Groups and workspaces.", n)
	}
	return t
}

// askedColumn is the part of recorded prompts that replayed ones compare with.
var askedColumn = Column{Key: "recorded_asked", Name: "By policy", Unit: UnitNumber, Source: Recorded, Ranged: true}

const askedNote = "“By policy” is the part of the prompts that a policy can be behind; compare replayed prompts with that."

// setColumns are the two columns every comparison has: prompts and residual risk.
func setColumns(v *view, i int) []Column {
	src, set, key := Replayed, "", "replayed"
	if i > 0 {
		src, set, key = Candidate, v.in.Sets[i].Name, fmt.Sprintf("candidate_%d", i)
	}
	return []Column{
		{Key: key + "_prompts", Name: "Prompts", Unit: UnitNumber, Source: src, Set: set, Ranged: true},
		{Key: key + "_residual", Name: "Risk", Unit: UnitNumber, Source: src, Set: set, Ranged: true},
	}
}

// rankValue is the cell's rank, or "not ranked".
func (v *view) rankValue(c *Cell) Value {
	if r := v.rank[c]; r > 0 {
		return count(r)
	}
	return instead("–")
}
