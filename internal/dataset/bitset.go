package dataset

import (
	"iter"
	"math/bits"
)

// bitset is a set of rows of one run.
type bitset struct {
	words []uint64
	n     int64
}

func newBitset(rows int64) *bitset { return &bitset{words: make([]uint64, (rows+63)/64)} }

// add puts row in and reports whether it is new. The row must be in range.
func (s *bitset) add(row uint32) bool {
	w, bit := &s.words[row/64], uint64(1)<<(row%64)
	if *w&bit != 0 {
		return false
	}
	*w |= bit
	s.n++
	return true
}

func (s *bitset) has(row uint32) bool {
	return s != nil && s.words[row/64]&(1<<(row%64)) != 0
}

// all yields the rows in order.
func (s *bitset) all() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		if s == nil {
			return
		}
		for i, w := range s.words {
			for ; w != 0; w &= w - 1 {
				if !yield(uint32(i*64 + bits.TrailingZeros64(w))) { //nolint:gosec // a row
					return
				}
			}
		}
	}
}

// count is the number of rows in [lo, hi).
func (s *bitset) count(lo, hi int64) int64 {
	if s == nil {
		return 0
	}
	var n int64
	for r := range s.all() {
		if int64(r) >= hi {
			break
		}
		if int64(r) >= lo {
			n++
		}
	}
	return n
}
