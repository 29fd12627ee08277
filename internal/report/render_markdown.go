package report

import (
	"io"
	"strings"
)

var _ = registerRenderer(Renderer{
	Name: "markdown", Ext: ".md", Doc: "Markdown for a ticket, a wiki or a pull request",
	Render: WriteMarkdown,
	Query:  WriteQueryMarkdown,
})

// WriteMarkdown renders m as Markdown with tables (CommonMark and the table
// extension of GitHub). Log text is escaped: it can start no markup, link, image,
// mention or HTML.
func WriteMarkdown(w io.Writer, m *Model) error {
	t := &markdownWriter{errWriter{w: w}}
	t.printf("# %s\n", escapeMarkdown(m.Title))
	if m.Subtitle != "" {
		t.printf("\n%s\n", escapeMarkdown(m.Subtitle))
	}
	for _, l := range m.Lead {
		t.printf("\n%s\n", markdownLine(l))
	}
	for i := range m.Sections {
		s := &m.Sections[i]
		t.printf("\n## %s\n", escapeMarkdown(s.Title))
		if s.Intro != "" {
			t.printf("\n%s\n", escapeMarkdown(s.Intro))
		}
		for _, b := range s.Blocks {
			t.printf("\n")
			t.block(b)
		}
	}
	return t.err
}

// WriteQueryMarkdown writes one query table.
func WriteQueryMarkdown(w io.Writer, q *QueryTable) error {
	if err := q.Check(); err != nil {
		return err
	}
	t := &markdownWriter{errWriter{w: w}}
	t.table(q.Model().Tables()[0])
	return t.err
}

type markdownWriter struct{ errWriter }

func (t *markdownWriter) block(b Block) {
	switch b := b.(type) {
	case *Paragraph:
		switch b.Tone {
		case ToneWarn:
			t.printf("> **Note:** %s\n", markdownLine(b.Line))
		case ToneNote:
			t.printf("*%s*\n", escapeMarkdown(b.Line.Plain()))
		default:
			t.printf("%s\n", markdownLine(b.Line))
		}
	case *List:
		for _, l := range b.Items {
			t.printf("- %s\n", markdownLine(l))
		}
	case *KeyValues:
		t.caption(b.Title)
		t.keyValues(b.Items)
	case *Stats:
		t.printf("| Figure | Value | Kind | |\n| --- | ---: | --- | --- |\n")
		for _, s := range b.Tiles {
			t.printf("| %s | **%s** | %s | %s |\n", escapeMarkdown(s.Label), escapeMarkdown(s.Value), s.Source, escapeMarkdown(s.Note))
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

func (t *markdownWriter) caption(s string) {
	if s != "" {
		t.printf("**%s**\n\n", escapeMarkdown(s))
	}
}

func (t *markdownWriter) keyValues(items []KeyValue) {
	for _, kv := range items {
		t.printf("- %s: %s\n", escapeMarkdown(kv.Key), escapeMarkdown(kv.Value))
	}
}

func (t *markdownWriter) table(b *Table) {
	t.caption(b.Caption)
	var head, rule strings.Builder
	for _, c := range b.Columns {
		name := escapeMarkdown(c.Name)
		if l := sourceLabel(c); l != "" {
			name += " (" + escapeMarkdown(l) + ")"
		}
		head.WriteString("| " + name + " ")
		if c.Unit.Numeric() {
			rule.WriteString("| ---: ")
		} else {
			rule.WriteString("| --- ")
		}
	}
	t.printf("%s|\n%s|\n", head.String(), rule.String())
	rows, more := b.visibleRows()
	for _, r := range rows {
		for i, v := range r.Cells {
			s := escapeMarkdown(formatValue(v, b.Columns[i].Unit))
			switch {
			case s == "":
			case r.Strong && i < max(b.Head, 1):
				s = "**" + s + "**"
			case r.Muted && i < max(b.Head, 1):
				s = "*" + s + "*"
			}
			t.printf("| %s ", s)
		}
		t.printf("|\n")
	}
	if more > 0 {
		t.printf("\n%s\n", moreText(more, "more row", "more rows"))
	}
	if b.Note != "" {
		t.printf("\n%s\n", escapeMarkdown(b.Note))
	}
}

func (t *markdownWriter) bars(b *Bars) {
	t.caption(b.Title)
	value := "Value"
	if b.Source != SourceNone {
		value += " (" + b.Source.String() + ")"
	}
	t.printf("| | %s | |\n| --- | ---: | --- |\n", value)
	for _, r := range b.Rows {
		t.printf("| %s | %s | %s |\n", escapeMarkdown(r.Label), escapeMarkdown(formatRange(r.Value, b.Unit)), escapeMarkdown(r.Note))
	}
}

func (t *markdownWriter) quadrant(q *Quadrant) {
	t.caption(q.Title)
	from, to := escapeMarkdown(q.FromName), escapeMarkdown(q.ToName)
	t.printf("| # | Where | Friction (%s) | Risk (%s) ", from, from)
	if to != "" {
		t.printf("| Friction (%s) | Risk (%s) ", to, to)
	}
	t.printf("|\n| --- | --- | ---: | ---: ")
	if to != "" {
		t.printf("| ---: | ---: ")
	}
	t.printf("|\n")
	for _, p := range q.Points {
		t.printf("| %s | %s | %s | %s ", escapeMarkdown(p.Mark), escapeMarkdown(p.Label), num(p.From.X), num(p.From.Y))
		if to != "" {
			x, y := Range{}, Range{}
			if p.To != nil {
				x, y = p.To.X, p.To.Y
			}
			t.printf("| %s | %s ", num(x), num(y))
		}
		t.printf("|\n")
	}
	t.printf("\nFriction: %s. Risk: %s.\n", escapeMarkdown(q.XLabel), escapeMarkdown(q.YLabel))
}

func (t *markdownWriter) evidence(e *Evidence) {
	cards, more := e.visibleCards()
	for i, c := range cards {
		if i > 0 {
			t.printf("\n")
		}
		t.printf("### %s (%s)\n\n", escapeMarkdown(c.Title), escapeMarkdown(c.Severity))
		if len(c.Summary) > 0 {
			t.printf("%s\n\n", markdownLine(c.Summary))
		}
		t.keyValues(c.Facts)
		if c.Rows != nil {
			t.printf("\n")
			rows := *c.Rows
			rows.Caption = ""
			t.table(&rows)
		}
		for _, n := range c.Notes {
			t.printf("\n%s\n", markdownLine(n))
		}
	}
	if more > 0 {
		t.printf("\n%s\n", moreText(more, "more finding", "more findings"))
	}
}

func markdownLine(l Line) string {
	var b strings.Builder
	for _, s := range l {
		e := escapeMarkdown(s.Text)
		if !s.Strong || strings.TrimSpace(e) == "" {
			b.WriteString(e)
			continue
		}
		// Emphasis must hug its text: spaces stay outside.
		inner := strings.Trim(e, " ")
		at := strings.Index(e, inner)
		b.WriteString(e[:at] + "**" + inner + "**" + e[at+len(inner):])
	}
	return b.String()
}

// escapeMarkdown makes s plain text wherever it is put: in a paragraph, a
// heading, an emphasis or a table cell. Characters that can start markup are
// escaped with a backslash; HTML by entities; the colon of an address and the dot
// of www. too, so that no renderer turns them into links.
func escapeMarkdown(s string) string {
	s = visible(s)
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; c {
		case '&':
			b.WriteString("&amp;")
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '\\', '`', '*', '_', '[', ']', '|', '~', '#', '$', '!':
			b.WriteByte('\\')
			b.WriteByte(c)
		case '@':
			b.WriteString("&#64;")
		case '+', '-', '=':
			if i == 0 {
				b.WriteByte('\\')
			}
			b.WriteByte(c)
		case ':':
			if strings.HasPrefix(s[i:], "://") {
				b.WriteByte('\\')
			}
			b.WriteByte(c)
		case '.', ')':
			list := i > 0 && allDigits(s[:i]) && (i+1 == len(s) || s[i+1] == ' ')
			if list || i >= 3 && strings.EqualFold(s[i-3:i], "www") {
				b.WriteByte('\\')
			}
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func allDigits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}
