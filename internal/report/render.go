package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
)

// Renderer writes a Model in one output format.
type Renderer struct {
	// Name is the value of a --format flag, Ext the usual file extension with its dot.
	Name, Ext, Doc string
	// Render writes the whole report; the same model gives the same bytes.
	Render func(w io.Writer, m *Model) error
	// Query writes one table on its own.
	Query func(w io.Writer, q *QueryTable) error
}

var renderers []Renderer

func registerRenderer(r Renderer) bool {
	if slices.ContainsFunc(renderers, func(o Renderer) bool { return o.Name == r.Name }) {
		panic(fmt.Sprintf("report: renderer %q registered twice", r.Name))
	}
	renderers = append(renderers, r)
	return true
}

// Renderers is the catalog of output formats, by name. The slice is the
// caller's own.
func Renderers() []Renderer {
	out := slices.Clone(renderers)
	slices.SortFunc(out, func(a, b Renderer) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// RendererFor is the renderer of that name. The error lists the right ones.
func RendererFor(name string) (Renderer, error) {
	var names []string
	for _, r := range Renderers() {
		if r.Name == name {
			return r, nil
		}
		names = append(names, r.Name)
	}
	return Renderer{}, fmt.Errorf("unknown report format %q, want one of %q", name, names)
}

// errWriter remembers the first error of a stream of writes.
type errWriter struct {
	w   io.Writer
	err error
}

func (e *errWriter) WriteString(s string) (int, error) {
	if e.err != nil {
		return 0, e.err
	}
	n, err := io.WriteString(e.w, s)
	e.err = err
	return n, err
}

func (e *errWriter) printf(format string, args ...any) {
	if e.err == nil {
		_, e.err = fmt.Fprintf(e.w, format, args...)
	}
}

// sourceLabel names the kind of a column for people: "candidate longer-session".
func sourceLabel(c Column) string {
	switch {
	case c.Source == SourceNone:
		return ""
	case c.Source == Replayed:
		return "replayed, today’s policies"
	case c.Set != "":
		return c.Source.String() + " " + c.Set
	}
	return c.Source.String()
}

// columnGroup is a run of columns with the same kind of number.
type columnGroup struct {
	Label  string
	Source Source
	Span   int
}

// columnGroups are the runs of columns in order; hasSource tells whether any
// run has a kind at all.
func columnGroups(cols []Column) (groups []columnGroup, hasSource bool) {
	for _, c := range cols {
		label := sourceLabel(c)
		if n := len(groups); n > 0 && groups[n-1].Label == label && groups[n-1].Source == c.Source {
			groups[n-1].Span++
		} else {
			groups = append(groups, columnGroup{Label: label, Source: c.Source, Span: 1})
		}
		hasSource = hasSource || c.Source != SourceNone
	}
	return groups, hasSource
}
