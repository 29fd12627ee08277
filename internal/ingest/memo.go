package ingest

import (
	"encoding/binary"
	"slices"
	"strings"

	"frisk/internal/ingest/jsonscan"
	"frisk/internal/signin"
)

// memo keeps the canonical text of lists seen before, so that each distinct
// list is encoded once per worker. Its memory is bounded: past the bounds it
// starts over.
type memo struct {
	lists    map[string]signin.List
	bytes    int
	key      []byte   // reused to build keys
	texts    []string // reused to collect list elements
	factors  []signin.Factor
	policies policyMemo
	raw      [numFields - fStatus]rawLists
	walks    map[*keyTable]*jsonscan.Walk
}

const (
	memoLists = 1 << 16
	memoBytes = 16 << 20
)

func newMemo() *memo {
	return &memo{lists: map[string]signin.List{}, walks: map[*keyTable]*jsonscan.Walk{}}
}

// walk reads objects whose members t names.
func (m *memo) walk(t *keyTable) *jsonscan.Walk {
	w := m.walks[t]
	if w == nil {
		w = jsonscan.NewWalk(func(name string) uint8 { return uint8(t.find(name)) })
		m.walks[t] = w
	}
	return w
}

// rawLists remembers the last few texts of one fact and the lists they mean. A
// valid JSON array seen before that is a prefix of what follows is that array.
type rawLists struct {
	seen [4]struct {
		raw  string
		list signin.List
	}
	next   int // the one to be replaced
	misses int
	hits   int
}

// maxRawList is the longest text remembered.
const maxRawList = 1 << 10

// read gives the list at the scanner's position, which slow reads.
func (l *rawLists) read(s *jsonscan.Scanner, slow func() signin.List) signin.List {
	rest := s.Rest()
	if len(rest) == 0 || rest[0] != '[' || s.AllowNaN {
		return slow()
	}
	for i := range l.seen {
		v := &l.seen[i]
		if n := len(v.raw); n > 0 && len(rest) >= n && string(rest[:n]) == v.raw {
			s.Advance(n)
			l.hits++
			return v.list
		}
	}
	start := s.Offset()
	list := slow()
	if n := s.Offset() - start; s.Err() == nil && n <= maxRawList {
		// Where texts hardly ever come back, remembering them is lost labour.
		if l.misses++; l.misses < 256 || l.misses < 4*l.hits {
			l.seen[l.next].raw, l.seen[l.next].list = strings.Clone(string(rest[:n])), list
			l.next = (l.next + 1) % len(l.seen)
		}
	}
	return list
}

// keyPart adds a text to a key so that no two lists of texts give the same key:
// its length goes before it, because a text may hold any byte.
func keyPart(key []byte, s string) []byte {
	return append(binary.AppendUvarint(key, uint64(len(s))), s...)
}

func (m *memo) get(key []byte) (signin.List, bool) {
	l, ok := m.lists[string(key)]
	return l, ok
}

func (m *memo) put(key []byte, l signin.List) signin.List {
	m.bytes += len(key) + len(l)
	if len(m.lists) >= memoLists || m.bytes > memoBytes {
		clear(m.lists)
		m.bytes = len(key) + len(l)
	}
	m.lists[string(key)] = l
	return l
}

// set is the canonical list of a set of texts: sorted, without duplicates and
// empty texts. A nil slice is a list the log did not give. It may reorder texts.
func (m *memo) set(texts []string) signin.List {
	if texts == nil {
		return ""
	}
	slices.Sort(texts)
	m.key = append(m.key[:0], 's')
	for _, t := range texts {
		m.key = keyPart(m.key, t)
	}
	if l, ok := m.get(m.key); ok {
		return l
	}
	clean := []string{}
	for _, t := range slices.Compact(texts) {
		if t = strings.TrimSpace(t); t != "" {
			clean = append(clean, t)
		}
	}
	return m.put(m.key, signin.EncodeList(clean))
}
