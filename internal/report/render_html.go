package report

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
)

var _ = registerRenderer(Renderer{
	Name: "html", Ext: ".html", Doc: "one self-contained file for a browser: no network, no script, light and dark, prints well",
	Render: WriteHTML,
	Query:  WriteQueryHTML,
})

//go:embed html
var htmlFiles embed.FS

var (
	htmlTemplate = template.Must(template.ParseFS(htmlFiles, "html/report.html.tmpl"))
	htmlStyle    = mustRead("html/report.css")
)

func mustRead(name string) template.CSS {
	raw, err := htmlFiles.ReadFile(name)
	if err != nil {
		panic("report: " + err.Error())
	}
	return template.CSS(raw)
}

// htmlPage and the types below are what the template sees: every text is made
// visible, every number is formatted; the template escapes for its context.
type htmlPage struct {
	Title, Subtitle, Footer string
	CSS                     template.CSS
	Lead                    []Line
	Sections                []htmlSection
}

type htmlSection struct {
	Name, Title, Intro string
	Groups             []htmlGroup
}

// htmlGroup is blocks laid out together; Class "" is one below the other.
type htmlGroup struct {
	Class  string
	Blocks []htmlBlock
}

// htmlBlock has exactly one field set.
type htmlBlock struct {
	Paragraph *htmlParagraph
	List      []Line
	KeyValues *KeyValues
	Stats     []htmlStat
	Table     *htmlTable
	Bars      *htmlBars
	Plot      *htmlPlot
	Evidence  *htmlEvidence
}

type htmlParagraph struct {
	Class string
	Line  Line
}

type htmlStat struct{ Label, Value, Note, Source string }

type htmlEvidence struct {
	Class string // "wide" when cards carry tables
	Cards []htmlCard
	More  string
}

type htmlCard struct {
	Title, Severity string
	Summary         Line
	Facts           []KeyValue
	Table           *htmlTable
	Notes           []Line
}

// WriteHTML renders m as one file that asks for nothing else: style and
// pictures are inside, there is no script. The markup is also well-formed XML.
func WriteHTML(w io.Writer, m *Model) error {
	h := &htmlView{}
	p := htmlPage{
		Title: visible(m.Title), Subtitle: visible(m.Subtitle), CSS: htmlStyle, Lead: visibleLines(m.Lead),
		Footer: "Recorded is what the log says happened; replayed what today’s policies would have done, by our engine; candidate what another policy set would have done, by the same engine. " +
			"This file holds personal data. It loads nothing from the network.",
	}
	for i := range m.Sections {
		s := &m.Sections[i]
		p.Sections = append(p.Sections, htmlSection{
			Name: visible(s.Name), Title: visible(s.Title), Intro: visible(s.Intro), Groups: h.groups(s.Blocks),
		})
	}
	var buf bytes.Buffer
	if err := htmlTemplate.Execute(&buf, p); err != nil {
		return fmt.Errorf("write report as HTML: %w", err)
	}
	_, err := w.Write(buf.Bytes())
	return err
}

// WriteQueryHTML writes one query table as a page.
func WriteQueryHTML(w io.Writer, q *QueryTable) error {
	if err := q.Check(); err != nil {
		return err
	}
	return WriteHTML(w, q.Model())
}

// htmlView numbers what needs an id.
type htmlView struct{ ids int }

func (h *htmlView) id() string {
	h.ids++
	return fmt.Sprintf("b%d", h.ids)
}

// groups lays blocks out: a picture beside the table it shares numbers with,
// several pictures in a row, everything else one below the other.
func (h *htmlView) groups(blocks []Block) []htmlGroup {
	var out []htmlGroup
	for i := 0; i < len(blocks); i++ {
		q, ok := blocks[i].(*Quadrant)
		if !ok {
			out = append(out, htmlGroup{Blocks: []htmlBlock{h.block(blocks[i])}})
			continue
		}
		g := htmlGroup{Class: "plots", Blocks: []htmlBlock{{Plot: h.plot(q)}}}
		for i+1 < len(blocks) {
			next, ok := blocks[i+1].(*Quadrant)
			if !ok {
				break
			}
			g.Blocks = append(g.Blocks, htmlBlock{Plot: h.plot(next)})
			i++
		}
		if i+1 < len(blocks) && len(g.Blocks) == 1 {
			if t, ok := blocks[i+1].(*Table); ok {
				g.Class = "pair"
				// Table and notes are several elements; the pair has two sides.
				out = append(out, htmlGroup{Class: "pair", Blocks: []htmlBlock{g.Blocks[0], {Table: h.table(t)}}})
				i++
				continue
			}
		}
		out = append(out, g)
	}
	return out
}

func (h *htmlView) block(b Block) htmlBlock {
	switch b := b.(type) {
	case *Paragraph:
		return htmlBlock{Paragraph: &htmlParagraph{Class: b.Tone.String(), Line: visibleLine(b.Line)}}
	case *List:
		return htmlBlock{List: visibleLines(b.Items)}
	case *KeyValues:
		return htmlBlock{KeyValues: &KeyValues{Title: visible(b.Title), Items: visibleValues(b.Items)}}
	case *Stats:
		var out []htmlStat
		for _, s := range b.Tiles {
			out = append(out, htmlStat{visible(s.Label), visible(s.Value), visible(s.Note), s.Source.String()})
		}
		return htmlBlock{Stats: out}
	case *Table:
		return htmlBlock{Table: h.table(b)}
	case *Bars:
		return htmlBlock{Bars: h.bars(b)}
	case *Quadrant:
		return htmlBlock{Plot: h.plot(b)}
	case *Evidence:
		return htmlBlock{Evidence: h.evidence(b)}
	}
	panic(fmt.Sprintf("report: no HTML for block %T", b))
}

func (h *htmlView) evidence(e *Evidence) *htmlEvidence {
	out := &htmlEvidence{}
	cards, more := e.visibleCards()
	for _, c := range cards {
		hc := htmlCard{Title: visible(c.Title), Severity: c.Severity, Summary: visibleLine(c.Summary), Facts: visibleValues(c.Facts), Notes: visibleLines(c.Notes)}
		if c.Rows != nil {
			hc.Table, out.Class = h.table(c.Rows), "wide"
		}
		out.Cards = append(out.Cards, hc)
	}
	if more > 0 {
		out.More = moreText(more, "more finding", "more findings")
	}
	return out
}

func visibleLine(l Line) Line {
	out := make(Line, len(l))
	for i, s := range l {
		out[i] = Span{Text: visible(s.Text), Strong: s.Strong}
	}
	return out
}

func visibleLines(ls []Line) []Line {
	var out []Line
	for _, l := range ls {
		out = append(out, visibleLine(l))
	}
	return out
}

func visibleValues(items []KeyValue) []KeyValue {
	var out []KeyValue
	for _, kv := range items {
		out = append(out, KeyValue{visible(kv.Key), visible(kv.Value)})
	}
	return out
}
