package directory

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"frisk/internal/signin"
)

// mappedKind is the kind of records that a mapping reads; take counts them as requests.
func (m *RequestMapping) mappedKind() *Kind {
	return &Kind{Name: "requests", add: func(l *Loader, r *record) error { return m.add(l, r) }}
}

func (m *RequestMapping) add(l *Loader, r *record) error {
	s := &m.spec
	for _, p := range sortedKeys(s.Only) {
		if !slices.ContainsFunc(s.Only[p], func(w string) bool { return strings.EqualFold(w, at(r, p, 0).text) }) {
			return l.takeRequests(nil, leftOnly, r)
		}
	}
	read := map[string]bool{}
	text := func(n string) string { return m.value(n, r, read) }
	q := Request{
		System: s.Name, ID: text("id"), Requester: text("requester"), Beneficiary: text("beneficiary"), Group: text("group"), Policy: text("policy"),
		App: text("app"), Category: text("category"), Justification: text("justification"), Approver: text("approver"), Risk: text("risk"),
	}
	for _, t := range []struct {
		name string
		to   *signin.Time
	}{{"created", &q.Created}, {"decided", &q.Decided}, {"from", &q.EffectiveFrom}, {"until", &q.EffectiveTo}} {
		v := text(t.name)
		if v == "" {
			continue
		}
		at, err := m.time(v, s.Fields[t.name].Layout)
		if err != nil {
			l.leave(leftBad)
			return hinted{fmt.Errorf("%s: %w", t.name, err), "set layout of this field in the mapping file"}
		}
		*t.to = at
	}
	d := text("decision")
	q.Decision = decision(d)
	for _, w := range sortedKeys(s.Decisions) {
		if strings.EqualFold(strings.TrimSpace(w), d) {
			q.Decision = s.Decisions[w]
		}
	}
	t := l.requestTally(l.cur.Name)
	for i, k := range r.keys {
		if i < len(r.vals) && !r.vals[i].empty() && !read[k] {
			t.unread[k] = true
		}
	}
	return l.takeRequests([]Request{q}, "", r)
}

// value is what the record says of a field; the columns looked at go to read.
func (m *RequestMapping) value(name string, r *record, read map[string]bool) string {
	f := m.spec.Fields[name]
	switch {
	case f == nil:
		return ""
	case f.Value != "":
		return f.Value
	}
	var parts []string
	for _, p := range f.From {
		x := at(r, p, 0)
		read[x.column] = true
		v := x.text
		if f.re != nil && f.Join == nil {
			v = firstMatch(f, v)
		}
		if v == "" {
			continue
		}
		parts = append(parts, v)
		if f.Join == nil {
			break
		}
	}
	v := ""
	if len(parts) > 0 {
		v = parts[0]
	}
	if f.Join != nil {
		v = strings.Join(parts, *f.Join)
		if f.re != nil {
			v = firstMatch(f, v)
		}
	}
	for _, w := range sortedKeys(f.Map) {
		if strings.EqualFold(w, v) {
			return f.Map[w]
		}
	}
	if o, ok := f.Map["*"]; ok && v != "" {
		return o
	}
	return v
}

func firstMatch(f *mappedRequestField, v string) string {
	g := f.re.FindStringSubmatch(v)
	for _, s := range g[min(1, len(g)):] {
		if s != "" {
			return strings.TrimSpace(s)
		}
	}
	return ""
}

// time reads a time by its layout: rfc3339 and its like (""), unix, unix-ms, or a
// layout in Go's form. One without an offset is local to the mapping's zone.
func (m *RequestMapping) time(s, layout string) (signin.Time, error) {
	switch layout {
	case "", "rfc3339":
		for _, l := range []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"} {
			if t, err := time.ParseInLocation(l, s, m.zone); err == nil {
				return bounded(t, s)
			}
		}
		return parseTime(s)
	case "unix", "unix-ms":
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("%q is no number of seconds or milliseconds", s)
		}
		if layout == "unix" {
			return bounded(time.Unix(n, 0), s)
		}
		return bounded(time.UnixMilli(n), s)
	}
	t, err := time.ParseInLocation(layout, s, m.zone)
	if err != nil {
		return 0, fmt.Errorf("%q does not fit the layout %q", s, layout)
	}
	return bounded(t, s)
}

func bounded(t time.Time, s string) (signin.Time, error) {
	switch {
	case t.Year() <= 1901 || t.Year() >= 9000: // how exports write "none"
		return 0, nil
	case t.Year() < 2000 || t.Year() >= 2100:
		return 0, fmt.Errorf("time %q is not between 2000 and 2100", s)
	}
	return signin.FromTime(t), nil
}

// place is what a path finds in a record.
type place struct {
	text   string
	there  bool
	column string // of the record itself, normalised
}

// at looks up a path: a column by its heading, or member names joined by dots; a
// member whose own name has dots is found too.
func at(r *record, p string, depth int) place {
	k := norm(p)
	if r.has(k) {
		v, _ := r.find(k)
		s, exact := textsOf(v, depth)
		return place{text: cmp.Or(s, exact), there: true, column: k}
	}
	head, rest, ok := strings.Cut(p, ".")
	if !ok || depth > deepest {
		return place{column: k}
	}
	in := r.sub(norm(head))
	if in == nil {
		return place{column: norm(head)}
	}
	x := at(in, rest, depth+1)
	x.column = norm(head)
	return x
}

// mapPolicy puts a request to a policy by the tables of the mapping files: by
// its group, then by the first text that fits what it says.
func (l *Loader) mapPolicy(q *Request) {
	name := ""
	if g := l.root.Group(q.Group); g != nil {
		name = g.DisplayName
	}
	for _, m := range l.mappings {
		for _, g := range sortedKeys(m.spec.Groups) {
			if q.Group != "" && (strings.EqualFold(g, q.Group) || strings.EqualFold(g, name)) {
				q.Mapped = m.spec.Groups[g]
				return
			}
		}
	}
	text := strings.ToLower(strings.Join([]string{q.Policy, q.Group, q.App, q.Category, q.Justification}, "\n"))
	for _, m := range l.mappings {
		for i := range m.spec.Texts {
			t := &m.spec.Texts[i]
			if t.re != nil && t.re.MatchString(text) || t.Contains != "" && strings.Contains(text, strings.ToLower(t.Contains)) {
				q.Mapped = t.Policy
				return
			}
		}
	}
}
