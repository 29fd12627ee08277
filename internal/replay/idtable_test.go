package replay

import (
	"math/rand/v2"
	"testing"
)

// An idTable answers as a map does, person after person.
func TestIDTable(t *testing.T) {
	var tb idTable
	rng := rand.New(rand.NewPCG(1, 1))
	for person := range 20 {
		tb.reset()
		want := map[uint64]int32{}
		for range 10 << (person % 8) {
			key := rng.Uint64N(500) << (8 * (person % 5))
			got, known := tb.at(key, int32(len(want)))
			have, ok := want[key]
			if known != ok || ok && *got != have {
				t.Fatalf("key %d: %d %v, want %d %v", key, *got, known, have, ok)
			}
			if !ok {
				want[key] = *got
			}
		}
		if tb.n != len(want) {
			t.Fatalf("%d keys, want %d", tb.n, len(want))
		}
	}
}
