package report

import "strconv"

type htmlTable struct {
	ID, Caption, Note, More string
	// Summary is what a folded table stands behind; "" when it is open.
	Summary string
	// Rest is the rows after the first htmlRows, folded away; nil when there are none.
	Rest  *htmlTable
	Kinds []htmlKind
	Head  []htmlCell
	Rows  []htmlRow
}

type htmlKind struct {
	Label, Source string
	Span          int
}

type htmlRow struct {
	Class string
	Cells []htmlCell
}

type htmlCell struct {
	Text, Class string
	Header      bool
}

type htmlBars struct {
	ID, Title, Source, Name string
	Rows                    []htmlBar
}

type htmlBar struct{ Label, Low, Open, Value, Note string }

// Columns whose longest text exceeds wideText get a minimum width; those within
// shortText are not broken.
const (
	wideText  = 40
	shortText = 22
)

// htmlRows is how many rows of a table are open; a few more are not worth folding.
const (
	htmlRows = 20
	htmlFew  = 5
)

func (h *htmlView) table(t *Table) *htmlTable {
	out := &htmlTable{ID: h.id(), Caption: visible(t.Caption), Note: visible(t.Note)}
	if out.Caption == "" {
		out.Caption = "Table"
	}
	if groups, has := columnGroups(t.Columns); has {
		for _, g := range groups {
			out.Kinds = append(out.Kinds, htmlKind{visible(g.Label), g.Source.String(), g.Span})
		}
	}
	rows, more := t.visibleRows()
	class := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		class[i] = "text"
		switch {
		case c.Unit.Numeric():
			class[i] = "number"
		case c.Unit == UnitID:
			class[i] = "id"
		default:
			longest := 0
			for _, r := range rows {
				longest = max(longest, width(formatValue(r.Cells[i], c.Unit)))
			}
			if longest > wideText {
				class[i] = "text wide"
			} else if longest <= shortText {
				class[i] = "text short"
			}
		}
		out.Head = append(out.Head, htmlCell{Text: visible(c.Name), Class: class[i]})
	}
	for _, r := range rows {
		hr := htmlRow{}
		switch {
		case r.Strong:
			hr.Class = "strong"
		case r.Muted:
			hr.Class = "muted"
		}
		for i, v := range r.Cells {
			c := htmlCell{Text: visible(formatValue(v, t.Columns[i].Unit)), Class: class[i]}
			if v.IsNum && !v.Num.Known && v.Text == "" {
				c.Class += " unknown"
			}
			c.Header = i < max(t.Head, 1) && class[i] != "number"
			hr.Cells = append(hr.Cells, c)
		}
		out.Rows = append(out.Rows, hr)
	}
	if more > 0 {
		out.More = moreText(more, "more row", "more rows")
	}
	if t.Depth != DepthMain {
		out.Summary = out.Caption + " (" + plural(len(t.Rows), "row", "rows") + ")"
	}
	if n := len(out.Rows); n > htmlRows+htmlFew {
		out.Rest = &htmlTable{
			ID: h.id(), Caption: out.Caption + ", from row " + strconv.Itoa(htmlRows+1), Summary: plural(n-htmlRows, "more row", "more rows"),
			Kinds: out.Kinds, Head: out.Head, Rows: out.Rows[htmlRows:], More: out.More,
		}
		out.Rows, out.More = out.Rows[:htmlRows], ""
	}
	return out
}

func (h *htmlView) bars(b *Bars) *htmlBars {
	out := &htmlBars{ID: h.id(), Title: visible(b.Title), Source: b.Source.String(), Name: "What"}
	top := 0.0
	for _, r := range b.Rows {
		top = max(top, r.Value.High)
	}
	for _, r := range b.Rows {
		hb := htmlBar{Label: visible(r.Label), Low: "0", Open: "0", Value: formatRange(r.Value, b.Unit), Note: visible(r.Note)}
		if top > 0 && r.Value.Known {
			hb.Low = coord(max(r.Value.Low, 0) / top * 100)
			hb.Open = coord((r.Value.High - max(r.Value.Low, 0)) / top * 100)
		}
		out.Rows = append(out.Rows, hb)
	}
	return out
}

// coord writes a coordinate with one decimal: enough for a pixel, and stable.
func coord(v float64) string {
	s := strconv.FormatFloat(v, 'f', 1, 64)
	if s == "-0.0" {
		return "0.0"
	}
	return s
}
