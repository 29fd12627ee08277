package dataset

import (
	"net/netip"

	"github.com/zeebo/xxh3"

	"frisk/internal/signin"
)

// place is a position as stored; the zero value is "no position".
type place struct{ lat, lon, radius float64 }

type idKind uint8

const (
	idNone idKind = iota
	idGUID
	idText
	idSame // the same as the event id, in any other column
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
	seen    []uint32       // open addressing over keys: the last row of a key + 1, 0 = free
	counts  []tally        // by code of the raw file

	families []family // records with several versions in the buffer
	familyOf map[xxh3.Uint128]int

	scratch []byte
	row     rowCodes
	shard   shardFunc
}

// shardFunc places a principal in a shard.
type shardFunc func(provider, tenant, principal string) int

func ownShard(provider, tenant, principal string) int {
	return signin.Shard(signin.PersonKey(provider, tenant, principal))
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

// family is a record of which the buffer holds several versions. All of them
// stay in it until the dataset has been asked which it knows: a version that an
// old one follows must not give way to what turns out to be known already.
type family struct {
	rows     []uint32 // in order of arrival
	contents map[uint64]struct{}
	most     uint64 // the richest of contents
}

func (f *family) add(row uint32, content uint64) {
	f.rows = append(f.rows, row)
	f.contents[content] = struct{}{}
	if f.most>>contentBits < content>>contentBits {
		f.most = content
	}
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

// newBuffer makes a buffer; shard nil places every principal by its own key.
func newBuffer(shard shardFunc) *buffer {
	if shard == nil {
		shard = ownShard
	}
	b := &buffer{shard: shard}
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
	b.families, b.familyOf = nil, nil
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
	if at >= 0 && !b.another(key, uint32(at), r.content) { //nolint:gosec // a row
		c.duplicate++
		return
	}
	b.seen[slot] = uint32(b.n + 1) //nolint:gosec // rows are bounded
	b.keys = append(b.keys, key)
	b.content = append(b.content, r.content)
	b.set(b.n, r)
	b.n++
	c.kept++
	if 2*b.n > len(b.seen) {
		b.rehash()
	}
}

// another reports whether a content is one more version of the record in row
// at, which the next row is then for. One that is there, or is poorer than any
// that is, is not.
func (b *buffer) another(key xxh3.Uint128, at uint32, content uint64) bool {
	i, many := b.familyOf[key]
	if !many {
		if old := b.content[at]; old == content || poorer(content, old) {
			return false
		}
		if b.familyOf == nil {
			b.familyOf = map[xxh3.Uint128]int{}
		}
		i = len(b.families)
		b.familyOf[key] = i
		b.families = append(b.families, family{contents: map[uint64]struct{}{}})
		b.families[i].add(at, b.content[at])
	}
	f := &b.families[i]
	if _, there := f.contents[content]; there || poorer(content, f.most) {
		return false
	}
	f.add(uint32(b.n), content) //nolint:gosec // rows are bounded
	return true
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

// find gives the slot of a key, and the last row with it or -1.
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
		for b.seen[i] != 0 && b.keys[b.seen[i]-1] != k {
			i = (i + 1) & mask
		}
		b.seen[i] = uint32(r + 1) //nolint:gosec // a row
	}
}
