// Package report turns the figures of a run into something people read.
//
// The flow is Input -> Build -> Model -> a renderer. An Input is made of small
// plain structs and knows no engine. Sections, one per file, turn it into
// Blocks; renderers, one per file, turn a Model into terminal text, Markdown,
// JSON, CSV or one HTML file. Adding a section touches no renderer.
//
// Three kinds of numbers never share a column: recorded (what the log says
// happened), replayed (what the current policies would have done, by our
// engine) and candidate (what another set would have done, by our engine); see
// Source. A figure that hangs on what the log cannot tell is a Range.
//
// All text is hostile: names come from logs. Sections put it into Blocks as it
// is; each renderer makes it harmless for its own format.
//
// Nothing here reads a clock, a file or the network: the same Input gives the
// same bytes.
package report

import (
	"cmp"
	"fmt"
	"slices"
)

// Model is a finished report, ready for any renderer. Whoever holds it may
// render it several times; renderers do not change it.
type Model struct {
	Title string
	// Subtitle says what was looked at: the span, the number of people and sign-ins.
	Subtitle string
	// Lead is the answer in words, one Line per paragraph, most important first.
	Lead     []Line
	Sections []Section
}

// Section is a part of the report under one heading.
type Section struct {
	Name   string // as registered; the anchor in HTML and the key in JSON
	Title  string
	Intro  string // one or two sentences on how to read it; "" for none
	Blocks []Block
}

// Builder is an entry of the catalog of sections.
type Builder struct {
	// Name is unique, in kebab case; Doc says in one sentence what the section shows.
	Name, Doc string
	// Title is the heading.
	Title string
	// Intro is shown below the heading when the section has blocks.
	Intro string
	// Order places the section in the report; ties are broken by name.
	Order int
	// Build makes the blocks. No blocks means the section is left out.
	Build func(*view) []Block
}

var builders []Builder

func register(b Builder) bool {
	if slices.ContainsFunc(builders, func(o Builder) bool { return o.Name == b.Name }) {
		panic(fmt.Sprintf("report: section %q registered twice", b.Name))
	}
	builders = append(builders, b)
	return true
}

// Builders is the catalog of sections in the order of the report. The slice is
// the caller's own.
func Builders() []Builder {
	out := slices.Clone(builders)
	slices.SortFunc(out, func(a, b Builder) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.Name, b.Name))
	})
	return out
}

// Build makes the report of in, which it reads and does not keep. Sections that
// have nothing to say are left out; the lead is always there.
func Build(in *Input) *Model {
	v := newView(in)
	m := &Model{Title: title(in), Subtitle: subtitle(in), Lead: lead(v)}
	for _, b := range Builders() {
		blocks := b.Build(v)
		if len(blocks) == 0 {
			continue
		}
		m.Sections = append(m.Sections, Section{Name: b.Name, Title: b.Title, Intro: b.Intro, Blocks: blocks})
	}
	return m
}

// Tables lists every table of the report in order; their names are unique and
// are what CSV output is asked for by.
func (m *Model) Tables() []*Table {
	var out []*Table
	for i := range m.Sections {
		for _, b := range m.Sections[i].Blocks {
			if t, ok := b.(*Table); ok {
				out = append(out, t)
			}
		}
	}
	return out
}
