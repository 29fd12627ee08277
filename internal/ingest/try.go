package ingest

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// Trial is how the beginning of one file came out, for a look before a whole
// ingest and for writing mapping files.
type Trial struct {
	Account Account
	Doc     string // of the format
	// Events and Bad are the first of each, at most as many as asked for.
	Events []signin.Event
	Bad    []*LineError
	// Filled says, for every column of a sign-in in the order of the dataset, how
	// many of the events tried say something.
	Filled []TypeCount
	// Unused are the members, columns or keys that a mapping does not read, with an
	// example, the most frequent first. Nil for built-in formats, which do not tell.
	Unused []Unused
	// Unmapped are native values that a mapping's field does not know.
	Unmapped []Unmapped
}

// Unused is a part of the records that nothing was made of.
type Unused struct {
	Path, Example string
	Count         int64
}

// Unmapped is a value that is not in the map of a field.
type Unmapped struct {
	Field, Value string
	Count        int64
}

// Try reads the beginning of src, one piece or as many as hold rows records,
// with one worker. The error is Read's; what ails the file is in the account.
func Try(ctx context.Context, src Source, opt Options, rows int) (*Trial, error) {
	w := &trialLog{paths: map[string]*Unused{}, values: map[Unmapped]int64{}}
	opt.Workers, opt.watch = 1, w
	t := &Trial{}
	filled := make([]int64, int(signin.NumDims)+int(signin.NumEnums)+signin.NumIDs)
	for b, err := range Read(ctx, []Source{src}, opt) {
		if err != nil {
			return nil, err
		}
		t.Account.Add(b)
		for i := range b.Events {
			countFilled(filled, &b.Events[i])
		}
		t.Events = append(t.Events, b.Events[:min(len(b.Events), rows-len(t.Events))]...)
		t.Bad = append(t.Bad, b.Bad[:min(len(b.Bad), rows-len(t.Bad))]...)
		if t.Account.Records >= int64(rows) {
			break
		}
	}
	t.Filled = filledColumns(filled)
	var m *Mapping
	for _, f := range opt.catalog() {
		if f.Name == t.Account.Format {
			t.Doc = f.Doc
		}
	}
	for _, c := range opt.Mappings {
		if c.Name() == t.Account.Format {
			m = c
		}
	}
	if m != nil {
		t.Unused, t.Unmapped = w.unused(m), w.unknown()
	}
	return t, nil
}

func countFilled(n []int64, ev *signin.Event) {
	k := 0
	add := func(said bool) {
		if said {
			n[k]++
		}
		k++
	}
	for i := range signin.DimColumns {
		add(signin.DimColumns[i].Get(ev) != "")
	}
	for i := range signin.EnumColumns {
		add(signin.EnumColumns[i].Get(ev) != 0)
	}
	for i := range signin.IDColumns {
		add(signin.IDColumns[i].Get(ev) != "")
	}
}

func filledColumns(n []int64) []TypeCount {
	out := make([]TypeCount, 0, len(n))
	add := func(name string) { out = append(out, TypeCount{Type: name, Count: n[len(out)]}) }
	for i := range signin.DimColumns {
		add(signin.DimColumns[i].Name)
	}
	for i := range signin.EnumColumns {
		add(signin.EnumColumns[i].Name)
	}
	for i := range signin.IDColumns {
		add(signin.IDColumns[i].Name)
	}
	return out
}

// trialLog collects, during Try, what records hold and which values no map knows.
// It belongs to the one worker of a Try.
type trialLog struct {
	paths  map[string]*Unused
	values map[Unmapped]int64
}

// maxWatched bounds what is collected: the paths of a log may be data.
const maxWatched = 2000

func (w *trialLog) path(p, example string) {
	u := w.paths[p]
	if u == nil {
		if len(w.paths) >= maxWatched {
			return
		}
		u = &Unused{Path: strings.Clone(p)}
		w.paths[u.Path] = u
	}
	u.Count++
	if u.Example == "" {
		u.Example = clip([]byte(example), 60)
	}
}

// see notes every leaf of a JSON record when somebody watches.
func (t *tally) see(v val) {
	if t.watch != nil {
		t.watch.tree("", v)
	}
}

func (w *trialLog) tree(prefix string, v val) {
	switch v.kind() {
	case '{':
		for k, m := range v.members() {
			p := k
			if prefix != "" {
				p = prefix + "." + k
			}
			w.tree(p, m)
		}
	case '[':
		if v.elem(0).kind() == '{' {
			w.path(prefix, "a list of objects")
			return
		}
		w.path(prefix, joined(v))
	default:
		w.path(prefix, v.text())
	}
}

func (t *tally) seeCells(header, cells []string) {
	if t.watch == nil {
		return
	}
	for i, h := range header {
		t.watch.path(h, cells[i])
	}
}

func (t *tally) seePairs(pairs []pair) {
	if t.watch == nil {
		return
	}
	for _, p := range pairs {
		t.watch.path(p.key, p.value)
	}
}

// unmapped notes a value that a field of a mapping does not know.
func (t *tally) unmapped(field, value string) {
	if t.watch == nil {
		return
	}
	u := Unmapped{Field: field, Value: clip([]byte(value), 60)}
	if n := t.watch.values[u]; n > 0 || len(t.watch.values) < maxWatched {
		t.watch.values[u] = n + 1
	}
}

func (w *trialLog) unused(m *Mapping) []Unused {
	used := map[string]bool{m.spec.Type: true}
	for i := range m.fields {
		for _, p := range m.fields[i].spec.From {
			used[p] = true
		}
	}
	for p := range m.spec.Only {
		used[p] = true
	}
	for _, p := range m.spec.Match.Has {
		used[p] = true
	}
	for p := range m.spec.Match.Equals {
		used[p] = true
	}
	out := []Unused{}
	for _, p := range sortedNames(w.paths) {
		if !used[p] {
			out = append(out, *w.paths[p])
		}
	}
	slices.SortStableFunc(out, func(a, b Unused) int { return cmp.Compare(b.Count, a.Count) })
	return out
}

func (w *trialLog) unknown() []Unmapped {
	out := make([]Unmapped, 0, len(w.values))
	for u, n := range w.values {
		u.Count = n
		out = append(out, u)
	}
	slices.SortFunc(out, func(a, b Unmapped) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Value, b.Value))
	})
	return out
}
