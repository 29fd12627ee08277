package dataset

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// order gives the rows for which drop is false in the order of a run, and the
// first position of each shard with the end appended.
//
// Rows are dealt to their person by counting, then each person's rows are
// sorted by time; logs arrive almost in time order, so that is nearly free.
func (b *buffer) order(drop func(row uint32) bool) (rows []uint32, shards [signin.Shards + 1]int64) {
	b.rankPersons()
	starts := make([]uint32, len(b.persons)+1)
	for i := uint32(0); int(i) < b.n; i++ {
		if !drop(i) {
			starts[b.persons[b.personR.get(i)].rank+1]++
		}
	}
	for i := 1; i < len(starts); i++ {
		starts[i] += starts[i-1]
	}
	rows = make([]uint32, starts[len(starts)-1])
	next := slices.Clone(starts)
	for i := uint32(0); int(i) < b.n; i++ {
		if !drop(i) {
			r := b.persons[b.personR.get(i)].rank
			rows[next[r]] = i
			next[r]++
		}
	}
	for r := range len(b.persons) {
		part := rows[starts[r]:starts[r+1]]
		if !slices.IsSortedFunc(part, b.compareRows) {
			slices.SortFunc(part, b.compareRows)
		}
	}
	for i := range b.persons {
		p := &b.persons[i]
		shards[p.shard+1] += int64(starts[p.rank+1] - starts[p.rank])
	}
	for s := range signin.Shards {
		shards[s+1] += shards[s]
	}
	return rows, shards
}

// rankPersons numbers the persons in the order of a run: shard, provider,
// tenant, principal.
func (b *buffer) rankPersons() {
	idx := make([]uint32, len(b.persons))
	for i := range idx {
		idx[i] = uint32(i) //nolint:gosec // bounded by rows
	}
	dims := [3]signin.Dim{signin.DimProvider, signin.DimTenant, signin.DimPrincipal}
	slices.SortFunc(idx, func(x, y uint32) int {
		p, q := &b.persons[x], &b.persons[y]
		if c := cmp.Compare(p.shard, q.shard); c != 0 {
			return c
		}
		for i, d := range dims {
			if p.key[i] != q.key[i] {
				return bytes.Compare(b.words[d].text(p.key[i]), b.words[d].text(q.key[i]))
			}
		}
		return 0
	})
	for rank, i := range idx {
		b.persons[i].rank = uint32(rank) //nolint:gosec // bounded by rows
	}
}

// compareRows is signin.Compare over rows of a buffer.
func (b *buffer) compareRows(x, y uint32) int {
	if c := cmp.Compare(b.time[x], b.time[y]); c != 0 {
		return c
	}
	ids := &b.ids[signin.IDEvent]
	if c := ids.at(x).compare(ids.at(y)); c != 0 {
		return c
	}
	file, words := &b.dims[signin.DimFile], &b.words[signin.DimFile]
	if c := bytes.Compare(words.text(file.get(x)), words.text(file.get(y))); c != 0 {
		return c
	}
	return cmp.Compare(b.line[x], b.line[y])
}

// copies has bit i set where identifier i of the row repeats the event id.
func (b *buffer) copies(row uint32) (bits uint64) {
	for i := 1; i < len(b.ids); i++ {
		if b.ids[i].kind(row) == idSame {
			bits |= 1 << i
		}
	}
	return bits
}

// identifier is an id as stored: GUID bytes, or text.
type identifier struct {
	kind idKind
	guid signin.GUID
	text []byte
}

func (c *idColumn) at(i uint32) identifier {
	switch c.kind(i) {
	case idGUID:
		return identifier{kind: idGUID, guid: *c.guid(i)}
	case idText:
		return identifier{kind: idText, text: c.text(i)}
	}
	return identifier{}
}

// String is the text of the identifier, a copy.
func (v identifier) String() string {
	switch v.kind {
	case idGUID:
		return v.guid.String()
	case idText:
		return string(v.text)
	}
	return ""
}

// compare orders identifiers as their texts. The bytes of two GUIDs order as
// their canonical texts do: hex digits in the same places.
func (v identifier) compare(w identifier) int {
	switch {
	case v.kind == idGUID && w.kind == idGUID:
		return bytes.Compare(v.guid[:], w.guid[:])
	case v.kind != idGUID && w.kind != idGUID:
		return bytes.Compare(v.text, w.text)
	case v.kind == idGUID:
		return -compareTextGUID(w.text, v.guid)
	}
	return compareTextGUID(v.text, w.guid)
}

func compareTextGUID(text []byte, g signin.GUID) int {
	if len(text) == 0 {
		return -1
	}
	var buf [36]byte
	hex.Encode(buf[:2], g[:1])
	if c := bytes.Compare(text[:1], buf[:1]); c != 0 {
		return c
	}
	return strings.Compare(string(text), g.String())
}
