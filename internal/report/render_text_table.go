package report

import (
	"slices"
	"strings"
)

const (
	columnGap    = 2  // spaces between columns
	narrowestCol = 12 // text columns are wrapped down to this width before giving up
)

// grid is a table as harmless text, ready to be laid out.
type grid struct {
	head  []string
	right []bool // flush right
	solid []bool // not to be broken
	rows  [][]string
}

func gridOf(t *Table) (g grid, more int) {
	for _, c := range t.Columns {
		g.head = append(g.head, visible(c.Name))
		g.right = append(g.right, c.Unit.Numeric())
		g.solid = append(g.solid, c.Unit.Numeric() || c.Unit == UnitID)
	}
	rows, more := t.visibleRows()
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
	g, more := gridOf(b)
	if widths := g.layout(t.width); widths != nil {
		t.columns(b, &g, widths)
	} else if parts := g.split(b, t.width); parts != nil {
		t.parts(b, &g, parts)
	} else {
		t.records(b, &g)
	}
	if more > 0 {
		t.para("", moreText(more, "row", "rows"))
	}
	if b.Note != "" {
		t.para("", visible(b.Note))
	}
}

// split finds runs of columns that fit side by side with the leading columns
// repeated, breaking where the kind of numbers changes if it can. Nil if a
// single column does not fit.
func (g *grid) split(b *Table, total int) [][]int {
	var head []int
	for i := range max(b.Head, 1) {
		head = append(head, i)
	}
	fits := func(cols []int) bool {
		sub := g.pick(cols)
		return sub.layout(total) != nil
	}
	take := func(from, to int) []int {
		cols := slices.Clip(head)
		for i := from; i < to; i++ {
			cols = append(cols, i)
		}
		return cols
	}
	var parts [][]int
	for at := len(head); at < len(g.head); {
		end, border := at, at
		for end < len(g.head) && fits(take(at, end+1)) {
			end++
			if end == len(g.head) || sourceLabel(b.Columns[end]) != sourceLabel(b.Columns[end-1]) {
				border = end
			}
		}
		if end == at {
			return nil
		}
		if border > at {
			end = border
		}
		parts = append(parts, take(at, end))
		at = end
	}
	return parts
}

// pick is the grid with some of its columns.
func (g *grid) pick(cols []int) grid {
	var out grid
	for _, i := range cols {
		out.head = append(out.head, g.head[i])
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

func (t *textWriter) parts(b *Table, g *grid, parts [][]int) {
	for n, cols := range parts {
		if n > 0 {
			t.printf("\n")
		}
		sub, part := g.pick(cols), Table{Rows: b.Rows}
		for _, i := range cols {
			part.Columns = append(part.Columns, b.Columns[i])
		}
		t.columns(&part, &sub, sub.layout(t.width))
	}
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
