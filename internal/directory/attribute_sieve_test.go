package directory

import (
	"math/rand/v2"
	"testing"
)

// TestSieve: it never denies what is in the map, and most of what is not.
func TestSieve(t *testing.T) {
	if none := newSieve(map[uint64]bool{}); none.may(0) || none.may(1) || (&sieve{}).may(1) {
		t.Error("an empty sieve lets something through")
	}
	rng := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a test's choices
	for _, n := range []int{1, 3, 4, 5, 64, 1000, 4096, 100_000} {
		in := map[uint64]bool{}
		for len(in) < n {
			in[rng.Uint64()] = true
		}
		s := newSieve(in)
		for h := range in {
			if !s.may(h) {
				t.Fatalf("%d hashes: %#x is denied", n, h)
			}
		}
		passed := 0
		for range 10_000 {
			if h := rng.Uint64(); !in[h] && s.may(h) {
				passed++
			}
		}
		if passed > 10_000/sieveBits*3/2 {
			t.Errorf("%d hashes: %d of 10000 foreign ones pass, want about one in %d at most", n, passed, sieveBits)
		}
	}
}
