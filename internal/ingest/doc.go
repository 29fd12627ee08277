package ingest

import (
	"iter"
	"strings"

	"frisk/internal/ingest/jsonscan"
	"frisk/internal/signin"
)

// doc is a record read as a tree, for formats whose records are too irregular
// for a table of fields. Its memory is reused from record to record; texts
// share memory with the record. A record is parsed once, whole, so a syntax
// error anywhere in it is found.
type doc struct{ nodes []node }

// keptNodes is how many nodes are kept from record to record, about 3 MB.
const keptNodes = 1 << 16

type node struct {
	key, text string
	next, sub int32 // index of the next sibling and of the first member or element, 0 = none
	kind      byte  // as jsonscan.Scanner.Kind: { [ " 0 t f n
}

// val is a place in a doc. The zero val is an absent member: every method of it
// gives the zero value, so that paths need no checks on the way.
type val struct {
	d *doc
	i int32
}

// parse reads rec, whose root is the result; nan also accepts bare NaN.
func (d *doc) parse(s *jsonscan.Scanner, rec []byte, nan bool) (val, error) {
	if cap(d.nodes) > keptNodes {
		d.nodes = nil // a record of millions of members is the exception, and hostile
	}
	d.nodes = append(d.nodes[:0], node{}) // index 0 is nothing
	s.AllowNaN = nan
	s.Reset(rec)
	i := d.add(s, "")
	if err := s.End(); err != nil {
		return val{}, err
	}
	return val{d, i}, nil
}

// parseObject is parse for records, which are objects.
func (d *doc) parseObject(s *jsonscan.Scanner, rec []byte, nan bool) (val, error) {
	v, err := d.parse(s, rec, nan)
	if err == nil && v.kind() != '{' {
		return val{}, errRecord
	}
	return v, err
}

// add appends the next value of s and what is below it.
func (d *doc) add(s *jsonscan.Scanner, key string) int32 {
	i := int32(len(d.nodes)) //nolint:gosec // records are at most some MiB long
	kind := s.Kind()
	d.nodes = append(d.nodes, node{key: key, kind: kind})
	last := int32(0)
	link := func(j int32) {
		if last == 0 {
			d.nodes[i].sub = j
		} else {
			d.nodes[last].next = j
		}
		last = j
	}
	switch kind {
	case '{':
		for s.Object(); s.Next(); {
			link(d.add(s, viewText(s.Key)))
		}
	case '[':
		for s.Array(); s.Elem(); {
			link(d.add(s, ""))
		}
	case '"', '0', 't', 'f':
		text := s.Text()
		d.nodes[i].text = text
	default:
		s.Skip()
	}
	return i
}

// within parses JSON that stands inside a text; the result is absent when the
// text is no JSON object or array. v itself is the result when it is one already.
func (v val) within(s *jsonscan.Scanner) val {
	switch v.kind() {
	case '{', '[':
		return v
	case '"':
	default:
		return val{}
	}
	text := strings.TrimSpace(v.text())
	if text == "" || text[0] != '{' && text[0] != '[' {
		return val{}
	}
	mark := len(v.d.nodes)
	s.AllowNaN = true
	s.Reset(bytesOf(text))
	i := v.d.add(s, "")
	if s.End() != nil {
		v.d.nodes = v.d.nodes[:mark]
		return val{}
	}
	return val{v.d, i}
}

// kind is the JSON kind: { [ " 0 (number) t f n, or 0 byte when absent.
func (v val) kind() byte {
	if v.d == nil || v.i == 0 {
		return 0
	}
	return v.d.nodes[v.i].kind
}

// at follows member names. Of members with one name the last counts, as
// everywhere in this package. Names are case sensitive.
func (v val) at(path ...string) val {
	for _, name := range path {
		if v.kind() != '{' {
			return val{}
		}
		found := int32(0)
		for i := v.d.nodes[v.i].sub; i != 0; i = v.d.nodes[i].next {
			if v.d.nodes[i].key == name {
				found = i
			}
		}
		if found == 0 {
			return val{}
		}
		v.i = found
	}
	return v
}

// dot is at for a path written with dots: dot("userIdentity.type"). A member
// whose own name holds dots ("azure.signinlogs") is found as well.
func (v val) dot(path string) val {
	if v.kind() != '{' {
		return val{}
	}
	if w := v.at(path); w.i != 0 {
		return w
	}
	for i := 0; i < len(path); i++ {
		if path[i] == '.' {
			if w := v.at(path[:i]).dot(path[i+1:]); w.i != 0 {
				return w
			}
		}
	}
	return val{}
}

// text is the text of a string, number or boolean as written (numbers keep all
// their digits), "" of anything else.
func (v val) text() string {
	switch v.kind() {
	case '"', '0', 't', 'f':
		return v.d.nodes[v.i].text
	}
	return ""
}

// said is text without what logs write for nothing: "", "-", "null", "N/A",
// "unknown" in any case, and surrounding white space.
func (v val) said() string { return saidText(v.text()) }

func saidText(s string) string {
	s = strings.TrimSpace(s)
	switch len(s) {
	case 1:
		if s == "-" {
			return ""
		}
	case 3, 4, 7:
		switch strings.ToLower(s) {
		case "n/a", "null", "unknown":
			return ""
		}
	}
	return s
}

// first is the first path that says something.
func (v val) first(paths ...string) string {
	for _, p := range paths {
		if s := v.dot(p).said(); s != "" {
			return s
		}
	}
	return ""
}

// truth reads true, false and their texts ("True", "yes", 1); Unknown else.
func (v val) truth() signin.Truth {
	switch v.kind() {
	case 't':
		return signin.True
	case 'f':
		return signin.False
	}
	switch strings.ToLower(strings.TrimSpace(v.text())) {
	case "true", "yes", "1":
		return signin.True
	case "false", "no", "0":
		return signin.False
	}
	return signin.Unknown
}

// members yields the members of an object in order, elems the elements of an array.
func (v val) members() iter.Seq2[string, val] {
	return func(yield func(string, val) bool) {
		if v.kind() != '{' {
			return
		}
		for i := v.d.nodes[v.i].sub; i != 0; i = v.d.nodes[i].next {
			if !yield(v.d.nodes[i].key, val{v.d, i}) {
				return
			}
		}
	}
}

func (v val) elems() iter.Seq[val] {
	return func(yield func(val) bool) {
		if v.kind() != '[' {
			return
		}
		for i := v.d.nodes[v.i].sub; i != 0; i = v.d.nodes[i].next {
			if !yield(val{v.d, i}) {
				return
			}
		}
	}
}

// elem is element n of an array, absent when there are fewer.
func (v val) elem(n int) val {
	for e := range v.elems() {
		if n == 0 {
			return e
		}
		n--
	}
	return val{}
}
