package directory

import "math/bits"

// sieve answers for most hashes that are not among many that they are not, from
// memory that stays in the processor's cache: nearly every row is of a token the
// activity log never saw, and a look into a large map costs more than all else
// done to attribute a row. The zero sieve lets nothing through.
type sieve struct {
	bits  []uint64
	shift int
}

// sieveBits is how many bits each hash gets: about one in sixteen foreign hashes
// then passes.
const sieveBits = 16

func newSieve[V any](of map[uint64]V) sieve {
	if len(of) == 0 {
		return sieve{}
	}
	size := max(6, bits.Len(uint(len(of)*sieveBits-1))) // of 1<<size bits
	s := sieve{make([]uint64, 1<<(size-6)), 64 - size}
	for h := range of { // sets bits: the order does not matter
		at := s.at(h)
		s.bits[at/64] |= 1 << (at % 64)
	}
	return s
}

// at spreads a hash over the bits (Fibonacci hashing, Knuth, volume 3, section 6.4).
func (s *sieve) at(h uint64) uint64 { return h * 0x9E3779B97F4A7C15 >> s.shift }

// may reports that h may be among the hashes; false is certain.
func (s *sieve) may(h uint64) bool {
	if len(s.bits) == 0 {
		return false
	}
	at := s.at(h)
	return s.bits[at/64]&(1<<(at%64)) != 0
}
