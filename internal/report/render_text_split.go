package report

import "slices"

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

func (t *textWriter) parts(b *Table, g *grid, parts [][]int) {
	for n, cols := range parts {
		if n > 0 {
			t.printf("\n")
		}
		sub, part := g.pick(cols), b.pick(cols)
		t.columns(part, &sub, sub.layout(t.width))
	}
}
