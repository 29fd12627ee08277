package ingest

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"

	"frisk/internal/ingest/jsonscan"
	"frisk/internal/signin"
)

// policyMemo reads lists of recorded policies. The same few evaluations come
// back in nearly every row of a tenant, byte for byte and at the same place in
// the list, so each place remembers the raw texts it saw last: a valid JSON
// object seen before that is a prefix of what follows is that value, and one
// comparison of bytes stands for reading it.
type policyMemo struct {
	slots [][]policyVariant
	ids   map[string]uint32 // raw object to index into seen
	seen  []signin.RecordedPolicy
	bytes int
	lists map[string]policyList // indexes to the list
	row   []uint32
	key   []byte
}

type policyVariant struct {
	raw string
	id  uint32
}

type policyList struct {
	text   signin.List
	future int64 // evaluations whose result is unknownFutureValue
	some   bool
}

// policyVariants is how many raw texts a place in the list remembers.
const policyVariants = 8

// read reads the list at the scanner's position. It reports false for null.
func (m *policyMemo) read(s, inner *jsonscan.Scanner) (policyList, bool) {
	if !s.List() {
		return policyList{}, false
	}
	if m.ids == nil || len(m.seen) >= memoLists || m.bytes > memoBytes {
		*m = policyMemo{ids: map[string]uint32{}, lists: map[string]policyList{}, row: m.row, key: m.key}
	}
	m.row = m.row[:0]
	for s.Elem() {
		id, ok := m.element(len(m.row), s, inner)
		if !ok {
			return policyList{}, false
		}
		m.row = append(m.row, id)
	}
	if s.Err() != nil {
		return policyList{}, false
	}
	m.key = m.key[:0]
	for _, id := range m.row {
		m.key = binary.LittleEndian.AppendUint32(m.key, id)
	}
	if l, ok := m.lists[string(m.key)]; ok {
		return l, true
	}
	return m.build(), true
}

// element gives the index of the evaluation at place n.
func (m *policyMemo) element(n int, s, inner *jsonscan.Scanner) (uint32, bool) {
	var slot []policyVariant
	if n < len(m.slots) {
		slot = m.slots[n]
	}
	rest := s.Rest()
	for i, v := range slot {
		if len(rest) >= len(v.raw) && string(rest[:len(v.raw)]) == v.raw {
			s.Advance(len(v.raw))
			if i > 0 {
				copy(slot[1:i+1], slot[:i])
				slot[0] = v
			}
			return v.id, true
		}
	}
	raw := s.Raw()
	if s.Err() != nil {
		return 0, false
	}
	id, ok := m.ids[string(raw)]
	if !ok {
		own := strings.Clone(string(raw))
		inner.Reset([]byte(own))
		p := recordedPolicy(inner)
		if inner.Err() != nil {
			s.Fail("policy: " + inner.Err().Error())
			return 0, false
		}
		id = uint32(len(m.seen)) //nolint:gosec // bounded by memoLists
		m.seen = append(m.seen, p)
		m.ids[own] = id
		m.bytes += 2 * len(own)
	}
	for len(m.slots) <= n {
		m.slots = append(m.slots, nil)
	}
	if raw[0] == '{' { // only a self-delimiting value can be told by its prefix
		v := policyVariant{strings.Clone(string(raw)), id}
		if len(m.slots[n]) < policyVariants {
			m.slots[n] = append(m.slots[n], policyVariant{})
		}
		copy(m.slots[n][1:], m.slots[n])
		m.slots[n][0] = v
	}
	return id, true
}

// build makes the canonical list of the current row. The order within a log
// means nothing, so evaluations are sorted by id: the same list from two kinds
// of export is the same text.
func (m *policyMemo) build() policyList {
	l := policyList{some: len(m.row) > 0}
	policies := make([]signin.RecordedPolicy, 0, len(m.row))
	for _, id := range m.row {
		p := m.seen[id]
		if p.Result == "unknownFutureValue" {
			l.future++
		}
		policies = append(policies, p)
	}
	slices.SortStableFunc(policies, func(a, b signin.RecordedPolicy) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Result, b.Result))
	})
	l.text = signin.EncodeList(policies)
	m.bytes += len(m.key) + len(l.text)
	m.lists[string(m.key)] = l
	return l
}
