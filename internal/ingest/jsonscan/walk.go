package jsonscan

import "bytes"

// Walk reads objects of one shape, again and again. Logs write the same members
// in the same order in nearly every record, so it remembers which member
// followed which: one comparison of bytes then stands for scanning a key and
// looking it up, and one for passing over a value that is the same as before.
// Where the guess is wrong it does what Object, Next and Skip do. Both only ever
// accept bytes that were validated before, so the result is the same.
//
// Use it instead of Object and Next:
//
//	for m := w.First(s); m != nil; m = w.Next(s, m) { switch m.Tag { ... } }
//
// A Walk may be used for nested objects at the same time. It belongs to one
// goroutine. Its memory is bounded by maxMembers and maxValue.
type Walk struct {
	tag   func(name string) uint8
	head  Member // its next is the first member
	known map[string]*Member
}

// Member is one name an object may have.
type Member struct {
	// Tag is what the function given to NewWalk says of the name.
	Tag   uint8
	key   []byte // the name as written, with quotes and colon; nil when it had an escape or a space after it
	next  *Member
	value []byte // passed over last; nil when nothing short was
	nan   bool   // AllowNaN when it was
}

const (
	maxMembers = 1024 // names remembered; further ones are read without a guess
	maxValue   = 512  // bytes of a value worth remembering
)

// NewWalk makes a Walk; tag is asked once for each name that is remembered.
func NewWalk(tag func(name string) uint8) *Walk {
	return &Walk{tag: tag, known: map[string]*Member{}}
}

// First enters an object and moves to its first member. nil means that there is
// none, that null stands in its place, or an error.
func (w *Walk) First(s *Scanner) *Member {
	s.Object()
	return w.Next(s, &w.head)
}

// Next moves to the member after m, whose value must have been consumed; nil at
// the end of the object or after an error.
func (w *Walk) Next(s *Scanner, m *Member) *Member {
	if g := m.next; g != nil && s.follow(g.key) {
		return g
	}
	start := s.pos
	if !s.Next() {
		return nil
	}
	found := w.known[string(s.Key)]
	if found == nil {
		found = &Member{Tag: w.tag(string(s.Key))}
		if len(w.known) >= maxMembers {
			return found
		}
		// The key as written ends at the position; it begins with the first quote
		// after the comma. An escape in it makes the two differ.
		raw := s.src[start:s.pos]
		if i := bytes.IndexByte(raw, '"'); i >= 0 && len(raw)-i == len(s.Key)+3 {
			found.key = bytes.Clone(raw[i:])
		}
		w.known[string(s.Key)] = found
	}
	m.next = found
	return found
}

// follow moves past the given key when it comes next, and reports whether it does.
func (s *Scanner) follow(key []byte) bool {
	if s.err != nil || s.absent || len(key) == 0 {
		return false
	}
	p := s.pos
	if !s.first {
		if p >= len(s.src) || s.src[p] != ',' {
			return false
		}
		p++
	}
	if len(s.src)-p < len(key) || !bytes.Equal(s.src[p:p+len(key)], key) {
		return false
	}
	s.first = false
	s.pos = p + len(key)
	s.Key = s.src[p+1 : s.pos-2]
	return true
}

// Skip passes over the member's value.
func (m *Member) Skip(s *Scanner) {
	if s.err != nil {
		return
	}
	// The value may lie deeper than it did: each level of nesting takes two bytes.
	if n := len(m.value); n > 0 && m.nan == s.AllowNaN && s.depth+n/2 <= MaxDepth && s.ahead(m.value) {
		s.pos += n
		return
	}
	raw := s.Raw()
	m.value = m.value[:0]
	if len(raw) <= maxValue {
		m.value, m.nan = append(m.value, raw...), s.AllowNaN
	}
}

// ahead reports whether exactly this value comes next: what follows it must end
// it, because 1 is the beginning of 10.
func (s *Scanner) ahead(value []byte) bool {
	end := s.pos + len(value)
	if end >= len(s.src) {
		return false
	}
	if c := s.src[end]; c != ',' && c != '}' && c != ']' {
		return false
	}
	return bytes.Equal(s.src[s.pos:end], value)
}
