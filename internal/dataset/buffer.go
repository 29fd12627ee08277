package dataset

import (
	"net/netip"

	"github.com/zeebo/xxh3"

	"frisk/internal/signin"
)

// place is a position as stored; the zero value is "no position".
type place struct{ lat, lon, radius float64 }

// idValue is an identifier: 16 bytes of a GUID, or a reference into the
// buffer's text arena.
type idValue struct {
	kind  idKind
	bytes [16]byte
}

type idKind uint8

const (
	idNone idKind = iota
	idGUID
	idText // bytes hold offset and length, 8 bytes each, in idColumn.arena
)

// buffer holds the rows of one run to be, column by column and coded: about
// 200 bytes a row, none of them pointers. Deduplication within the buffer is
// done as rows come in.
type buffer struct {
	n     int // rows
	texts int // bytes of texts held, the part of a buffer that rows do not bound
	dims  [signin.NumDims]codes
	words [signin.NumDims]texts
	addrs map[netip.Addr]string
	lastA [2]addrText
	enums [signin.NumEnums]codes
	time  []int64
	line  []int64
	asn   []uint32
	port  codes
	place codes
	spots []place
	spot  map[place]uint32
	ids   [signin.NumIDs]idColumn

	persons []person
	personN map[[3]uint32]uint32
	personR codes // row -> person
	lastP   uint32

	keys    []xxh3.Uint128 // of id, one a row
	content []uint64       // of everything but the raw reference, one a row
	seen    []uint32       // open addressing over keys: row+1, 0 = free
	ghosts  []ghost        // versions replaced within the buffer
	ghostOf map[xxh3.Uint128][]int
	counts  []tally // by code of the raw file

	scratch []byte
	row     rowCodes
}

type addrText struct {
	addr netip.Addr
	text string
}

// person is one history: codes of provider, tenant and principal.
type person struct {
	key   [3]uint32
	shard uint16
	rank  uint32 // set when the buffer is sorted
}

// ghost is a version of a record that a later one replaced before it was
// written. It is remembered so that reading the same input again adds nothing.
type ghost struct {
	key     xxh3.Uint128
	content uint64
	file    uint32 // code of the raw file of the old version
	by      uint32 // and of the new one
}

// tally counts the records of one source; see Source for the meaning.
type tally struct {
	kept, duplicate, superseded int64
	first, last                 signin.Time
}

func (t *tally) add(u *tally) {
	t.kept += u.kept
	t.duplicate += u.duplicate
	t.superseded += u.superseded
	t.span(u.first)
	t.span(u.last)
}

func (t *tally) span(at signin.Time) {
	if at != 0 && (t.first == 0 || at < t.first) {
		t.first = at
	}
	t.last = max(t.last, at)
}

// rowCodes is one row on its way into the columns.
type rowCodes struct {
	dims    [signin.NumDims]uint32
	enums   [signin.NumEnums]uint8
	place   uint32
	asn     uint32
	port    uint16
	time    int64
	line    int64
	kinds   [signin.NumIDs]idKind
	guids   [signin.NumIDs][16]byte
	texts   [signin.NumIDs]string
	content uint64
}

func newBuffer() *buffer {
	b := &buffer{}
	for i := range b.words {
		b.words[i].grown = &b.texts
	}
	b.reset()
	return b
}

func (b *buffer) reset() {
	b.n, b.texts = 0, 0
	for i := range b.dims {
		b.dims[i].reset()
		b.words[i].reset()
	}
	b.lastA = [2]addrText{}
	for i := range b.enums {
		b.enums[i].reset()
	}
	b.time, b.line, b.asn = b.time[:0], b.line[:0], b.asn[:0]
	b.port.reset()
	b.place.reset()
	b.spots = append(b.spots[:0], place{})
	b.addrs, b.spot, b.personN = map[netip.Addr]string{}, map[place]uint32{}, map[[3]uint32]uint32{}
	for i := range b.ids {
		b.ids[i].reset()
	}
	b.persons = b.persons[:0]
	b.personR.reset()
	b.lastP = 0
	b.keys, b.content = b.keys[:0], b.content[:0]
	clear(b.seen)
	if b.seen == nil {
		b.seen = make([]uint32, 1024)
	}
	b.ghosts, b.ghostOf = b.ghosts[:0], nil
	b.counts = b.counts[:0]
}

// add takes one event in, or counts it as a duplicate.
func (b *buffer) add(e *signin.Event) {
	r := &b.row
	b.encode(e, r)
	file := r.dims[signin.DimFile]
	b.counts = extend(b.counts, int(file)+1)
	c := &b.counts[file]
	c.span(e.Time)

	key := b.key(e)
	slot, at := b.find(key)
	if at < 0 {
		b.seen[slot] = uint32(b.n + 1) //nolint:gosec // rows are bounded
		b.keys = append(b.keys, key)
		b.content = append(b.content, r.content)
		b.set(b.n, r)
		b.n++
		c.kept++
		if 2*b.n > len(b.seen) {
			b.rehash()
		}
		return
	}
	if b.content[at] == r.content || b.ghostHas(key, r.content) {
		c.duplicate++
		return
	}
	// Same id, other content: the later one wins.
	b.remember(ghost{key, b.content[at], b.dims[signin.DimFile].get(uint32(at)), file}) //nolint:gosec // a row
	b.content[at] = r.content
	b.set(at, r)
	c.kept++
	c.superseded++
}

func (b *buffer) key(e *signin.Event) xxh3.Uint128 {
	var k xxh3.Uint128
	k, b.scratch = eventKey(b.scratch, e.Provider, e.Tenant, e.ID)
	return k
}

// eventKey is the 128-bit name of a record: xxh3 of provider, tenant and id.
// scratch is reused and returned.
func eventKey(scratch []byte, provider, tenant, id string) (xxh3.Uint128, []byte) {
	s := append(scratch[:0], provider...)
	s = append(s, 0x1f)
	s = append(s, tenant...)
	s = append(s, 0x1f)
	s = append(s, id...)
	return xxh3.Hash128(s), s
}

// find gives the row with this key, or -1 and the slot where it belongs.
func (b *buffer) find(k xxh3.Uint128) (slot uint32, row int) {
	mask := uint32(len(b.seen) - 1)                      //nolint:gosec // bounded by rows
	for i := uint32(k.Lo) & mask; ; i = (i + 1) & mask { //nolint:gosec // low bits
		r := b.seen[i]
		if r == 0 {
			return i, -1
		}
		if b.keys[r-1] == k {
			return i, int(r - 1)
		}
	}
}

func (b *buffer) rehash() {
	b.seen = make([]uint32, 2*len(b.seen))
	mask := uint32(len(b.seen) - 1) //nolint:gosec // bounded by rows
	for r, k := range b.keys {
		i := uint32(k.Lo) & mask //nolint:gosec // low bits
		for b.seen[i] != 0 {
			i = (i + 1) & mask
		}
		b.seen[i] = uint32(r + 1) //nolint:gosec // a row
	}
}

func (b *buffer) remember(g ghost) {
	if b.ghostOf == nil {
		b.ghostOf = map[xxh3.Uint128][]int{}
	}
	b.ghostOf[g.key] = append(b.ghostOf[g.key], len(b.ghosts))
	b.ghosts = append(b.ghosts, g)
}

func (b *buffer) ghostHas(k xxh3.Uint128, content uint64) bool {
	for _, i := range b.ghostOf[k] {
		if b.ghosts[i].content == content {
			return true
		}
	}
	return false
}
