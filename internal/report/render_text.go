package report

import (
	"fmt"
	"io"
	"strings"
)

var _ = registerRenderer(Renderer{
	Name: "text", Ext: ".txt", Doc: "plain text for a terminal or a mail",
	Render: func(w io.Writer, m *Model) error { return WriteText(w, m, TextOptions{}) },
	Query:  func(w io.Writer, q *QueryTable) error { return WriteQueryText(w, q, TextOptions{}) },
})

// defaultWidth is used when no width is given.
const defaultWidth = 100

// What of a list stands in the text of a report; the HTML report shows more, the
// machine formats all. Answers of queries are shown whole.
const (
	textRows  = 10
	textCards = 2
	textEnds  = 2 // sign-ins of a finding
)

// TextOptions shape terminal output. The zero value is 100 columns, no colour.
type TextOptions struct {
	Width int  // columns; 0 = 100, at least 40
	Color bool // bold and dim by terminal escapes; none of them comes from a log
	Brief bool // the lead and the first section only
}

// textWriter writes a model as text.
type textWriter struct {
	errWriter
	width int
	color bool
	rows  int  // rows of a table at most; 0 = as many as it shows
	cards int  // findings at most; 0 = as many as are shown
	query bool // the answer of a query: no column is dropped
}

func newTextWriter(w io.Writer, opt TextOptions) *textWriter {
	if opt.Width == 0 {
		opt.Width = defaultWidth
	}
	return &textWriter{errWriter: errWriter{w: w}, width: max(opt.Width, 40), color: opt.Color, rows: textRows, cards: textCards}
}

// WriteText renders m for a terminal. Control bytes, escapes and line breaks in
// log text come out visible and harmless.
func WriteText(w io.Writer, m *Model, opt TextOptions) error {
	t := newTextWriter(w, opt)
	t.heading(m.Title, '=')
	if m.Subtitle != "" {
		t.para("", visible(m.Subtitle))
	}
	for _, l := range m.Lead {
		t.printf("\n")
		t.line("", l)
	}
	for i := range m.Sections {
		if opt.Brief && i > 0 {
			t.printf("\n")
			t.para("", fmt.Sprintf("%s more in the full report.", plural(len(m.Sections)-1, "section", "sections")))
			break
		}
		s := &m.Sections[i]
		t.printf("\n\n")
		t.heading(s.Title, '-')
		if s.Intro != "" {
			t.para("", visible(s.Intro))
		}
		t.blocks(s.Blocks)
	}
	return t.err
}

// WriteQueryText writes one query table.
func WriteQueryText(w io.Writer, q *QueryTable, opt TextOptions) error {
	if err := q.Check(); err != nil {
		return err
	}
	t := newTextWriter(w, opt)
	t.query, t.rows = true, 0
	table := q.Model().Tables()[0]
	table.Caption = ""
	if len(table.Rows) == 0 {
		t.printf("no rows\n")
		return t.err
	}
	t.table(table)
	return t.err
}

// blocks writes a section. What is too far from the first look is only named,
// once and together.
func (t *textWriter) blocks(blocks []Block) {
	var elsewhere []string
	for _, b := range blocks {
		switch b := b.(type) {
		case *Table:
			if b.Depth == DepthExtra {
				elsewhere = append(elsewhere, visible(b.Caption)+" ("+plural(len(b.Rows), "row", "rows")+")")
				continue
			}
		case *Quadrant:
			if b.Depth == DepthExtra {
				elsewhere = append(elsewhere, visible(b.Title))
				continue
			}
		}
		t.printf("\n")
		t.block(b)
	}
	if len(elsewhere) > 0 {
		t.printf("\n")
		t.para("", "In the HTML and JSON output: "+strings.Join(elsewhere, "; ")+".")
	}
}

func (t *textWriter) block(b Block) {
	switch b := b.(type) {
	case *Paragraph:
		prefix := ""
		if b.Tone == ToneWarn {
			prefix = "! "
		}
		t.line(prefix, b.Line)
	case *List:
		for _, l := range b.Items {
			t.line("- ", l)
		}
	case *KeyValues:
		t.caption(b.Title)
		t.keyValues("", b.Items)
	case *Stats:
		for _, s := range b.Tiles {
			label := visible(s.Label)
			if s.Source != SourceNone {
				label += " (" + s.Source.String() + ")"
			}
			v := visible(s.Value)
			if s.Note != "" {
				v += "; " + visible(s.Note)
			}
			t.para("", label+": "+v)
		}
	case *Table:
		t.table(b)
	case *Bars:
		t.bars(b)
	case *Quadrant:
		t.quadrant(b)
	case *Evidence:
		t.evidence(b)
	}
}

func (t *textWriter) heading(s string, under byte) {
	s = visible(s)
	lines := wrap(s, t.width)
	n := 0
	for _, l := range lines {
		n = max(n, width(l))
		t.printf("%s\n", t.style(l, "1"))
	}
	t.printf("%s\n", strings.Repeat(string(under), n))
}

func (t *textWriter) caption(s string) {
	if s == "" {
		return
	}
	for _, l := range wrap(visible(s), t.width) {
		t.printf("%s\n", t.style(l, "1"))
	}
}

// style wraps s in one of our own escapes when colour is on.
func (t *textWriter) style(s, code string) string {
	if !t.color || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// line writes a Line; emphasis is dropped, words carry the meaning.
func (t *textWriter) line(prefix string, l Line) { t.para(prefix, visible(l.Plain())) }

// para wraps text that is already harmless; further lines are indented like the first.
func (t *textWriter) para(prefix, s string) {
	for i, l := range wrap(s, t.width-width(prefix)) {
		if i > 0 {
			prefix = strings.Repeat(" ", width(prefix))
		}
		t.printf("%s%s\n", prefix, l)
	}
}

func (t *textWriter) keyValues(indent string, items []KeyValue) {
	n := 0
	for _, kv := range items {
		n = max(n, width(visible(kv.Key)))
	}
	n = min(n, t.width/3)
	for _, kv := range items {
		t.para(indent+pad(visible(kv.Key), n, false)+"  ", visible(kv.Value))
	}
}

func (t *textWriter) bars(b *Bars) {
	title := b.Title
	if b.Source != SourceNone {
		title += " (" + b.Source.String() + ")"
	}
	t.caption(title)
	top, label := 0.0, 0
	for _, r := range b.Rows {
		top = max(top, r.Value.High)
		label = max(label, width(visible(r.Label)))
	}
	label = min(label, t.width/3)
	room := max(5, min(40, t.width-label-18))
	for _, r := range b.Rows {
		bar := ""
		if top > 0 && r.Value.Known {
			low := int(r.Value.Low/top*float64(room) + 0.5)
			high := int(r.Value.High/top*float64(room) + 0.5)
			bar = strings.Repeat("#", max(low, 0)) + strings.Repeat(".", max(high-low, 0))
		}
		name, _ := cutHard(visible(r.Label)+" ", label+1)
		s := pad(strings.TrimRight(name, " "), label, false) + "  " + pad(bar, room, false) + "  " + formatRange(r.Value, b.Unit)
		note := visible(r.Note)
		if note != "" && width(s)+2+width(note) <= t.width {
			s, note = s+"  "+note, ""
		}
		t.printf("%s\n", strings.TrimRight(s, " "))
		if note != "" {
			t.para("    ", note)
		}
	}
}

// quadrant lists the points: a picture of characters would be read wrongly.
func (t *textWriter) quadrant(q *Quadrant) {
	t.caption(q.Title)
	names := q.FromName
	if q.ToName != "" {
		names += " -> " + q.ToName
	}
	t.para("", visible(names+". Across, "+q.XLabel+"; up, "+q.YLabel+"."))
	for _, p := range q.Points {
		s := "friction " + num(p.From.X)
		if p.To != nil {
			s += " -> " + num(p.To.X)
		}
		s += ", risk " + num(p.From.Y)
		if p.To != nil {
			s += " -> " + num(p.To.Y)
		}
		t.para(pad(visible(p.Mark), 3, true)+"  ", visible(p.Label)+": "+s)
	}
}

func (t *textWriter) evidence(e *Evidence) {
	cards, more := e.visibleCards()
	if t.cards > 0 && len(cards) > t.cards {
		more += len(cards) - t.cards
		cards = cards[:t.cards]
	}
	for i, c := range cards {
		if i > 0 {
			t.printf("\n")
		}
		t.para("", t.style(visible("["+c.Severity+"] "+c.Title), "1"))
		if len(c.Summary) > 0 {
			t.line("  ", c.Summary)
		}
		t.keyValues("  ", c.Facts)
		if c.Rows != nil {
			rows, left := c.Rows.visibleRows()
			if t.cards > 0 && len(rows) > textEnds {
				left += len(rows) - textEnds
				rows = rows[:textEnds]
			}
			for _, r := range rows {
				var parts []string
				for j, v := range r.Cells {
					if s := formatValue(v, c.Rows.Columns[j].Unit); s != "" {
						parts = append(parts, visible(s))
					}
				}
				t.para("  > ", strings.Join(parts, " | "))
			}
			if left > 0 {
				t.para("  > ", moreText(left, "more sign-in", "more sign-ins"))
			}
		}
		for _, n := range c.Notes {
			t.line("  ", n)
		}
	}
	if more > 0 {
		t.para("", moreText(more, "more finding", "more findings"))
	}
}

// visibleCards are the cards for people, and how many are left out.
func (e *Evidence) visibleCards() ([]Card, int) {
	if e.Shown > 0 && len(e.Cards) > e.Shown {
		return e.Cards[:e.Shown], len(e.Cards) - e.Shown
	}
	return e.Cards, 0
}

// moreText says that a list goes on where machines read it.
func moreText(n int, one, many string) string {
	return plural(n, one, many) + " in the JSON output."
}
