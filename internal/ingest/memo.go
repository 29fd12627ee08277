package ingest

import (
	"slices"
	"strings"

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
}

const (
	memoLists = 1 << 16
	memoBytes = 16 << 20
)

func newMemo() *memo { return &memo{lists: map[string]signin.List{}} }

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
		m.key = append(append(m.key, t...), 0)
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
