package geo

import (
	"cmp"
	"encoding/binary"
	"net/netip"
	"slices"
)

// table maps addresses to class masks: sorted, disjoint intervals, found by
// binary search; IPv4 starts from an index over the first 16 bits.
type table struct {
	v4    []span4
	top   []uint32 // top[h] = first interval of v4 that ends at or after h<<16
	v6    []span6
	count int
}

type span4 struct {
	first, last uint32
	mask        uint64
}

type key6 struct{ hi, lo uint64 }

func (a key6) compare(b key6) int { return cmp.Or(cmp.Compare(a.hi, b.hi), cmp.Compare(a.lo, b.lo)) }

func (a key6) next() (key6, bool) {
	a.lo++
	if a.lo == 0 {
		a.hi++
		return a, a.hi != 0
	}
	return a, true
}

func (a key6) prev() key6 {
	if a.lo == 0 {
		a.hi--
	}
	a.lo--
	return a
}

type span6 struct {
	first, last key6
	mask        uint64
}

// tableBuilder collects ranges, which may overlap.
type tableBuilder struct {
	v4, v6 []span6
}

func (b *tableBuilder) add(first, last netip.Addr, mask uint64) {
	s := span6{keyOf(first), keyOf(last), mask}
	if first.Is4() {
		b.v4 = append(b.v4, s)
	} else {
		b.v6 = append(b.v6, s)
	}
}

// keyOf is the address as a number; IPv4 in the low 32 bits.
func keyOf(a netip.Addr) key6 {
	if a.Is4() {
		b := a.As4()
		return key6{lo: uint64(binary.BigEndian.Uint32(b[:]))}
	}
	b := a.As16()
	return key6{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}
}

func (b *tableBuilder) build() *table {
	t := &table{count: len(b.v4) + len(b.v6)}
	for _, s := range flatten(b.v4) {
		t.v4 = append(t.v4, span4{uint32(s.first.lo), uint32(s.last.lo), s.mask}) //nolint:gosec // IPv4 keys have 32 bits
	}
	t.v6 = flatten(b.v6)
	t.top = make([]uint32, 1<<16)
	i := 0
	for h := range t.top {
		for i < len(t.v4) && t.v4[i].last>>16 < uint32(h) { //nolint:gosec // h is below 65536
			i++
		}
		t.top[h] = uint32(i) //nolint:gosec // fewer than 2^32 ranges
	}
	return t
}

// flatten turns overlapping ranges into disjoint ones whose mask is the union.
func flatten(in []span6) []span6 {
	// An edge turns a mask on at a key, or off again (after the last address).
	type edge struct {
		at   key6
		mask uint64
		on   bool
	}
	edges := make([]edge, 0, 2*len(in))
	for _, s := range in {
		edges = append(edges, edge{s.first, s.mask, true})
		if after, ok := s.last.next(); ok {
			edges = append(edges, edge{after, s.mask, false})
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return a.at.compare(b.at) })
	var depth [maxClasses]int
	var out []span6
	var mask uint64
	var since key6
	for i := 0; i < len(edges); {
		at := edges[i].at
		if mask != 0 && since.compare(at) < 0 {
			out = appendSpan(out, span6{since, at.prev(), mask})
		}
		for ; i < len(edges) && edges[i].at == at; i++ {
			for bit := range depth {
				if edges[i].mask&(1<<bit) == 0 {
					continue
				}
				if edges[i].on {
					depth[bit]++
				} else {
					depth[bit]--
				}
				if depth[bit] > 0 {
					mask |= 1 << bit
				} else {
					mask &^= 1 << bit
				}
			}
		}
		since = at
	}
	if mask != 0 {
		out = appendSpan(out, span6{since, key6{^uint64(0), ^uint64(0)}, mask})
	}
	return out
}

// appendSpan joins neighbours of the same mask.
func appendSpan(out []span6, s span6) []span6 {
	if n := len(out); n > 0 && out[n-1].mask == s.mask {
		if after, ok := out[n-1].last.next(); ok && after == s.first {
			out[n-1].last = s.last
			return out
		}
	}
	return append(out, s)
}

// find is the mask of an unmapped address.
func (t *table) find(ip netip.Addr) uint64 {
	if t == nil {
		return 0
	}
	k := keyOf(ip)
	if ip.Is4() {
		v := uint32(k.lo) //nolint:gosec // IPv4 keys have 32 bits
		i := int(t.top[v>>16])
		end := len(t.v4)
		if h := v>>16 + 1; h < 1<<16 {
			end = min(end, int(t.top[h])+1)
		}
		j, _ := slices.BinarySearchFunc(t.v4[i:end], v, func(s span4, v uint32) int { return cmp.Compare(s.last, v) })
		if i += j; i < end && t.v4[i].first <= v {
			return t.v4[i].mask
		}
		return 0
	}
	i, _ := slices.BinarySearchFunc(t.v6, k, func(s span6, k key6) int { return s.last.compare(k) })
	if i < len(t.v6) && t.v6[i].first.compare(k) <= 0 {
		return t.v6[i].mask
	}
	return 0
}
