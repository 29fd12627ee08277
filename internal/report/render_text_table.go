package report

import (
	"cmp"
	"slices"
	"strings"
)

const (
	columnGap    = 2  // spaces between columns
	narrowestCol = 12 // text columns are wrapped down to this width before giving up
)

// tallRow is how many lines a row may take before a report's minor columns go.
const tallRow = 1

// grid is a table as harmless text, ready to be laid out.
type grid struct {
	head  []string
	right []bool   // flush right
	solid []bool   // not to be broken
	kind  []string // the words above the column, "" for none
	rows  [][]string
}

// gridOf lays out the first rows of t, at most limit when that is not 0; more is
// how many it leaves out.
func gridOf(t *Table, limit int) (g grid, more int) {
	for _, c := range t.Columns {
		g.head = append(g.head, visible(c.Name))
		g.right = append(g.right, c.Unit.Numeric())
		g.kind = append(g.kind, visible(sourceLabel(c)))
		g.solid = append(g.solid, c.Unit.Numeric() || c.Unit == UnitID)
	}
	rows, more := t.visibleRows()
	if limit > 0 && len(rows) > limit {
		more += len(rows) - limit
		rows = rows[:limit]
	}
	for _, r := range rows {
		line := make([]string, len(r.Cells))
		for i, v := range r.Cells {
			line[i] = visible(formatValue(v, t.Columns[i].Unit))
		}
		g.rows = append(g.rows, line)
	}
	return g, more
}

// layout finds column widths that fit into total, or nil if none do.
func (g *grid) layout(total int) []int {
	n := len(g.head)
	widths, least := make([]int, n), make([]int, n)
	for i, h := range g.head {
		widths[i], least[i] = width(h), longestWord(h)
		for _, r := range g.rows {
			widths[i] = max(widths[i], width(r[i]))
			if g.solid[i] {
				least[i] = max(least[i], width(r[i]))
			} else {
				least[i] = max(least[i], min(longestWord(r[i]), narrowestCol))
			}
		}
		if (i == 0 || g.kind[i-1] != g.kind[i]) && (i == n-1 || g.kind[i+1] != g.kind[i]) {
			least[i] = max(least[i], min(longestWord(g.kind[i]), narrowestCol)) // it stands alone below these words
		}
		least[i] = max(least[i], 1)
		widths[i] = max(widths[i], least[i])
	}
	sum := (n - 1) * columnGap
	for _, w := range widths {
		sum += w
	}
	for ; sum > total; sum-- {
		widest := -1
		for i := range widths {
			if widths[i] > least[i] && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return nil
		}
		widths[widest]--
	}
	return widths
}

func (t *textWriter) table(b *Table) {
	t.caption(b.Caption)
	limit := t.rows
	if limit > 0 && b.Lines > 0 {
		limit = b.Lines
	}
	g, more := gridOf(b, limit)
	t.grid(b, &g)
	if more > 0 {
		t.para("", moreText(more, "more row", "more rows"))
	}
	if b.Note != "" {
		t.para("", visible(b.Note))
	}
}

// grid writes the rows side by side. Where they are too wide, a report drops
// its minor columns and says so; the answer of a query keeps all of its columns
// in parts. What fits in no way is written as one block per row.
func (t *textWriter) grid(b *Table, g *grid) {
	if widths := g.layout(t.width); widths != nil && (t.query || g.height(widths) <= tallRow) {
		t.columns(b, g, widths)
		return
	}
	if t.query {
		if parts := g.split(b, t.width); parts != nil {
			t.parts(b, g, parts)
			return
		}
	} else if cols, dropped := g.narrow(b, t.width); cols != nil {
		sub, part := g.pick(cols), b.pick(cols)
		t.columns(part, &sub, sub.layout(t.width))
		if len(dropped) > 0 {
			t.para("", "Not shown for lack of width: "+strings.Join(dropped, ", ")+".")
		}
		return
	}
	t.records(b, g)
}

// narrow chooses the columns that fit: minor ones go first, the more minor the
// earlier, then from the right; the columns that name a row stay, and one more.
// A column that fits again when wider ones are gone comes back. Nil if nothing fits.
func (g *grid) narrow(b *Table, total int) (cols []int, dropped []string) {
	order := make([]int, len(g.head))
	for i := range order {
		order[i] = i
	}
	// Most wanted first.
	head := max(b.Head, 1)
	slices.SortStableFunc(order, func(x, y int) int {
		return cmp.Or(cmp.Compare(min(max(x-head+1, 0), 1)*int(b.Columns[x].Minor), min(max(y-head+1, 0), 1)*int(b.Columns[y].Minor)), cmp.Compare(x, y))
	})
	// Minor columns may not make rows taller than the others make them.
	tall := tallRow
	fits := func(cols []int, minor bool) bool {
		sub := g.pick(cols)
		widths := sub.layout(total)
		if widths == nil {
			return false
		}
		h := sub.height(widths)
		if !minor {
			tall = max(tall, h)
		}
		return h <= tall
	}
	for _, i := range order {
		try := append(slices.Clone(cols), i)
		slices.Sort(try)
		if fits(try, b.Columns[i].Minor > 0 && i >= head) {
			cols = try
		} else if i < head {
			return nil, nil
		}
	}
	// What is compared stays or goes together.
	fit := slices.Clone(cols)
	cols = slices.DeleteFunc(cols, func(i int) bool {
		c := b.Columns[i]
		return c.Minor > 0 && compared(c) && slices.ContainsFunc(order, func(j int) bool {
			return compared(b.Columns[j]) && b.Columns[j].Name == c.Name && !slices.Contains(fit, j)
		})
	})
	if len(cols) <= head {
		return nil, nil
	}
	for i := range g.head {
		if !slices.Contains(cols, i) {
			dropped = append(dropped, g.columnName(b, i))
		}
	}
	return cols, dropped
}

func compared(c Column) bool { return c.Source == Replayed || c.Source == Candidate }

// height is the number of lines of the tallest row.
func (g *grid) height(widths []int) int {
	most := 1
	for _, r := range g.rows {
		for i, s := range r {
			most = max(most, len(wrap(s, widths[i])))
		}
	}
	return most
}

// columnName names a column where its heading is not above it.
func (g *grid) columnName(b *Table, i int) string {
	name := strings.ToLower(g.head[i])
	if compared(b.Columns[i]) {
		name += " (" + b.Columns[i].Source.String() + ")"
	}
	return name
}

// pick is the table with some of its columns; the rows carry no values.
func (t *Table) pick(cols []int) *Table {
	out := &Table{Rows: t.Rows, Head: t.Head}
	for _, i := range cols {
		out.Columns = append(out.Columns, t.Columns[i])
	}
	return out
}

// pick is the grid with some of its columns.
func (g *grid) pick(cols []int) grid {
	var out grid
	for _, i := range cols {
		out.head, out.kind = append(out.head, g.head[i]), append(out.kind, g.kind[i])
		out.right, out.solid = append(out.right, g.right[i]), append(out.solid, g.solid[i])
	}
	for _, r := range g.rows {
		var line []string
		for _, i := range cols {
			line = append(line, r[i])
		}
		out.rows = append(out.rows, line)
	}
	return out
}

// columns writes the table side by side; the kind of numbers stands above.
func (t *textWriter) columns(b *Table, g *grid, widths []int) {
	groups, has := columnGroups(b.Columns)
	if has {
		t.widen(groups, widths)
		var lines [][]string
		var spans []int
		at := 0
		for _, gr := range groups {
			span := (gr.Span - 1) * columnGap
			for _, w := range widths[at : at+gr.Span] {
				span += w
			}
			at += gr.Span
			spans = append(spans, span)
			lines = append(lines, wrap(visible(gr.Label), span))
		}
		t.gridRow(lines, spans, make([]bool, len(spans)), "2")
	}
	cells := func(texts []string) [][]string {
		out := make([][]string, len(texts))
		for i, s := range texts {
			out[i] = wrap(s, widths[i])
		}
		return out
	}
	t.gridRow(cells(g.head), widths, g.right, "1")
	rule := make([][]string, len(widths))
	for i, w := range widths {
		rule[i] = []string{strings.Repeat("-", w)}
	}
	t.gridRow(rule, widths, g.right, "")
	for i, r := range g.rows {
		style := ""
		switch {
		case b.Rows[i].Strong:
			style = "1"
		case b.Rows[i].Muted:
			style = "2"
		}
		t.gridRow(cells(r), widths, g.right, style)
	}
}

// widen makes room for the words above runs of narrow columns, as far as the
// screen has any.
func (t *textWriter) widen(groups []columnGroup, widths []int) {
	free := t.width - (len(widths)-1)*columnGap
	for _, w := range widths {
		free -= w
	}
	at := 0
	for _, g := range groups {
		span := (g.Span - 1) * columnGap
		for _, w := range widths[at : at+g.Span] {
			span += w
		}
		at += g.Span
		more := min(longestWord(visible(g.Label))-span, free)
		if more > 0 {
			widths[at-1] += more
			free -= more
		}
	}
}

// gridRow writes cells of several lines each.
func (t *textWriter) gridRow(cells [][]string, widths []int, right []bool, style string) {
	height := 0
	for _, c := range cells {
		height = max(height, len(c))
	}
	for l := range height {
		var b strings.Builder
		for i, c := range cells {
			s := ""
			if l < len(c) {
				s = c[l]
			}
			b.WriteString(pad(s, widths[i], right[i]))
			if i < len(cells)-1 {
				b.WriteString(strings.Repeat(" ", columnGap))
			}
		}
		s := strings.TrimRight(b.String(), " ")
		if style != "" {
			s = t.style(s, style)
		}
		t.printf("%s\n", s)
	}
}

// records writes the table as one block per row, for screens too narrow for columns.
func (t *textWriter) records(b *Table, g *grid) {
	head := max(b.Head, 1)
	for i, r := range g.rows {
		if i > 0 {
			t.printf("\n")
		}
		var name []string
		for _, s := range r[:head] {
			if s != "" {
				name = append(name, s)
			}
		}
		t.para("", t.style(strings.Join(name, "  "), "1"))
		var items []KeyValue
		for j := head; j < len(r); j++ {
			if r[j] == "" {
				continue
			}
			key := g.head[j]
			if l := sourceLabel(b.Columns[j]); l != "" {
				key += " (" + b.Columns[j].Source.String() + ")"
			}
			items = append(items, KeyValue{key, r[j]})
		}
		t.keyValues("  ", items)
	}
}
