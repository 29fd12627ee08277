package ingest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"frisk/internal/ingest/jsonscan"
	"frisk/internal/signin"
)

// lineKey is the path that stands for a whole line of a key=value log, for
// patterns that look into what is before the pairs.
const lineKey = "_line"

// mapRow fills one event from a record whose values get tells.
func (m *Mapping) mapRow(c *mapCall, raw []byte, get func(path string) string) (string, error) {
	for _, p := range sortedNames(m.spec.Only) {
		if !containsFold(m.spec.Only[p], get(p)) {
			typ := get(m.spec.Type)
			if m.spec.Type == "" {
				typ = get(p)
			}
			if typ == "" {
				typ = "no " + p
			}
			return typ, nil
		}
	}
	c.err, c.lat, c.lon, c.country = nil, "", "", ""
	for i := range m.fields {
		f := &m.fields[i]
		v := f.value(get)
		if v == "" {
			continue
		}
		switch {
		case f.target.name == "time":
			c.when(v, f.spec.Layout)
		case f.target.list:
			c.texts = f.elements(c.texts[:0], v)
			f.target.set(c, v)
		default:
			v, known := f.ours(v)
			if !known {
				c.t.note(noteUnmapped)
				c.t.unmapped(f.target.name, v)
				continue
			}
			f.target.set(c, v)
		}
		if c.err != nil {
			return "", c.err
		}
	}
	if c.ev.Outcome == signin.Success {
		c.ev.Reason = signin.ReasonNone // a class is of what was refused
	}
	if c.country != "" || c.lat != "" || c.lon != "" || c.ev.Geo.City != "" || c.ev.Geo.Region != "" {
		c.place(c.ev, c.country, c.ev.Geo.Region, c.ev.Geo.City, c.lat, c.lon)
	}
	if c.ev.ID == "" {
		c.ev.ID = c.deriveID(m.format.Name, string(raw))
	}
	return "", nil
}

func containsFold(list []string, v string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, v) })
}

// value is the native text of a field, "" when nothing says it.
func (f *mappedField) value(get func(string) string) string {
	if f.spec.Value != "" {
		return f.spec.Value
	}
	if f.spec.Join != nil {
		return f.joined(get)
	}
	for _, p := range f.spec.From {
		v := get(p)
		if f.pattern != nil {
			v = firstGroup(f.pattern.FindStringSubmatch(v))
		}
		if v = saidText(v); v != "" {
			return v
		}
	}
	return ""
}

// joined is the texts of all paths, "" when one of them says nothing.
func (f *mappedField) joined(get func(string) string) string {
	parts := make([]string, len(f.spec.From))
	for i, p := range f.spec.From {
		if parts[i] = saidText(get(p)); parts[i] == "" {
			return ""
		}
	}
	v := strings.Join(parts, *f.spec.Join)
	if f.pattern != nil {
		v = firstGroup(f.pattern.FindStringSubmatch(v))
	}
	return v
}

// firstGroup is the first group that took part in a match.
func firstGroup(groups []string) string {
	for _, g := range groups[min(1, len(groups)):] {
		if g != "" {
			return g
		}
	}
	return ""
}

// ours translates a native value. It is not known when the field takes a closed
// set of values and the value is neither in the map nor in the set.
func (f *mappedField) ours(v string) (string, bool) {
	if f.spec.Value != "" {
		return v, true
	}
	if o, ok := f.values[strings.ToLower(v)]; ok {
		return o, true
	}
	if o, ok := f.values["*"]; ok {
		return o, true
	}
	if f.target.enum == nil {
		return v, true
	}
	if slices.Contains(f.target.enum, strings.ToLower(v)) {
		return strings.ToLower(v), true
	}
	return v, slices.Contains(f.target.enum, v)
}

func (f *mappedField) elements(dst []string, v string) []string {
	parts := []string{v}
	if f.spec.Split != "" {
		parts = strings.Split(v, f.spec.Split)
	}
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			if o, ok := f.ours(p); ok {
				dst = append(dst, o)
			}
		}
	}
	return dst
}

// call makes what a worker needs to fill events.
func (m *Mapping) call(f *file, sc *scratch) *mapCall {
	opt := *f.opt
	if m.zone != nil {
		opt.Zone = m.zone
	}
	g := *f
	g.opt = &opt
	return &mapCall{kit: kit{f: &g, sc: sc}}
}

func (m *Mapping) openJSON(f *file) (func(*scratch) decoder, error) {
	return func(sc *scratch) decoder {
		c := m.call(f, sc)
		return func(rec []byte, ev *signin.Event, t *tally) (string, error) {
			v, err := sc.doc.parseObject(&sc.scan, rec, true)
			if err != nil {
				return "", err
			}
			c.ev, c.t = ev, t
			in, err := m.proper(v, &sc.cell)
			if err != nil {
				return "", err
			}
			if in.kind() == '[' {
				return m.mapList(c, in, ev)
			}
			t.see(in)
			return m.mapRow(c, rec, func(p string) string { return jsonText(in, p) })
		}
	}, nil
}

// proper is the record within a record.
func (m *Mapping) proper(v val, s *jsonscan.Scanner) (val, error) {
	if m.spec.Records == "" {
		return v, nil
	}
	in := v.dot(m.spec.Records).within(s)
	if in.kind() != '{' && in.kind() != '[' {
		return val{}, fmt.Errorf("no object or list at %q", m.spec.Records)
	}
	return in, nil
}

// jsonText is the text at a path; the elements of a list are joined by commas.
func jsonText(v val, path string) string {
	w := v.dot(path)
	if w.kind() != '[' {
		return w.text()
	}
	return joined(w)
}

func joined(list val) string {
	var parts []string
	for e := range list.elems() {
		if s := e.text(); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ",")
}

func (m *Mapping) openTable(f *file) (func(*scratch) decoder, error) {
	at := map[string]int{}
	for i, h := range f.header {
		if _, dup := at[h]; !dup {
			at[h] = i
		}
	}
	var need []string
	for i := range m.fields {
		if from := m.fields[i].spec.From; len(from) > 0 {
			if !slices.ContainsFunc(from, func(p string) bool { _, ok := at[p]; return ok }) {
				need = append(need, strings.Join(from, " or "))
			}
		}
	}
	if len(need) > 0 {
		return nil, missing(f.header, func(n string) bool { _, ok := at[n]; return ok }, need)
	}
	return func(sc *scratch) decoder {
		c := m.call(f, sc)
		return func(rec []byte, ev *signin.Event, t *tally) (string, error) {
			if err := readRow(sc, rec, f); err != nil {
				return "", err
			}
			c.ev, c.t = ev, t
			t.seeCells(f.header, sc.fields)
			return m.mapRow(c, rec, func(p string) string {
				if i, ok := at[p]; ok {
					return sc.fields[i]
				}
				return ""
			})
		}
	}, nil
}

func (m *Mapping) openPairs(f *file) (func(*scratch) decoder, error) {
	return func(sc *scratch) decoder {
		c := m.call(f, sc)
		var pairs []pair
		return func(rec []byte, ev *signin.Event, t *tally) (string, error) {
			if err := checkText(rec); err != nil {
				return "", err
			}
			line := viewText(bytes.TrimRight(rec, "\r\n "))
			pairs = splitPairs(line, pairs[:0])
			c.ev, c.t = ev, t
			if !m.mine(pairs) {
				return otherProgram, nil
			}
			t.seePairs(pairs)
			return m.mapRow(c, rec, func(p string) string {
				if p == lineKey {
					return line
				}
				return pairText(pairs, p)
			})
		}
	}, nil
}

// otherProgram is the type of lines that match does not hold for: a system's log
// has many authors.
const otherProgram = "no match"

// mine reports whether a line is of the log that match describes.
func (m *Mapping) mine(pairs []pair) bool {
	for p, want := range m.spec.Match.Equals { // all must hold, in any order
		if !strings.EqualFold(pairText(pairs, p), want) {
			return false
		}
	}
	for _, p := range m.spec.Match.Has {
		if _, ok := findPair(pairs, p); !ok {
			return false
		}
	}
	return true
}

// sampleRows gives, for the first records, the values of the paths that match
// asks for; a path that is absent has no entry.
func (m *Mapping) sampleRows(s *sample) ([]map[string]string, error) {
	paths := append(sortedNames(m.spec.Match.Equals), m.spec.Match.Has...)
	var rows []map[string]string
	switch m.format.cut {
	case cutJSON:
		if err := s.wantJSON(); err != nil {
			return nil, err
		}
		var d doc
		var sc, cell jsonscan.Scanner
		for _, rec := range s.recs {
			v, err := d.parseObject(&sc, rec, true)
			if err != nil {
				continue // the last record is cut off by the end of the sample
			}
			in, err := m.proper(v, &cell)
			row := map[string]string{}
			for _, p := range paths { // of the record proper, else of what is around it
				for _, at := range []val{in, v} {
					if _, done := row[p]; !done && err == nil && at.dot(p).kind() != 0 {
						row[p] = strings.Clone(jsonText(at, p))
					}
				}
			}
			rows = append(rows, row)
		}
	case cutTable:
		if err := s.wantTable(); err != nil {
			return nil, err
		}
		rows = append(rows, m.sampleTable(s, paths)...)
	default:
		for line := range bytes.Lines(s.head) {
			pairs := splitPairs(viewText(bytes.TrimRight(line, "\r\n")), nil)
			row := map[string]string{}
			for _, p := range paths {
				if v, ok := findPair(pairs, p); ok {
					row[p] = v
				}
			}
			if rows = append(rows, row); len(rows) == probeRecords {
				break
			}
		}
	}
	return rows, nil
}

func (m *Mapping) sampleTable(s *sample, paths []string) []map[string]string {
	var rows []map[string]string
	spans := newTableSplitter(s.delim, DefaultMaxLine).scan(s.head, 0, true, nil)
	for _, r := range spans[:min(len(spans), probeRecords)] {
		cells, err := splitRow(s.head[r.start:r.end], s.delim, nil)
		if err != nil {
			continue
		}
		row := map[string]string{}
		for _, p := range paths {
			if i := slices.Index(s.header, p); i >= 0 && i < len(cells) {
				row[p] = cells[i]
			}
		}
		rows = append(rows, row)
	}
	return rows
}
