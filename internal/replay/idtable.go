package replay

// idTable numbers identifiers of one person. It is a small open-addressing
// table that is emptied in constant time, since a worker needs a fresh one for
// each person and a Go map takes as long to clear as it is large.
type idTable struct {
	slots []idSlot // a power of two of them
	gen   uint32   // slots of another generation are empty
	n     int
}

type idSlot struct {
	key uint64
	gen uint32
	val int32
}

// reset empties the table.
func (t *idTable) reset() {
	if t.gen++; t.gen == 0 {
		clear(t.slots)
		t.gen = 1
	}
	t.n = 0
}

// at is the slot of key, added with value val when it is new. The pointer is
// valid until the next call.
func (t *idTable) at(key uint64, val int32) (slot *int32, known bool) {
	if 2*t.n >= len(t.slots) {
		t.grow()
	}
	mask := uint64(len(t.slots) - 1)
	for i := spread(key) & mask; ; i = (i + 1) & mask {
		s := &t.slots[i]
		if s.gen != t.gen {
			*s = idSlot{key, t.gen, val}
			t.n++
			return &s.val, false
		}
		if s.key == key {
			return &s.val, true
		}
	}
}

// find is the value of key, 0 where the table lacks it.
func (t *idTable) find(key uint64) int32 {
	if t.n == 0 {
		return 0
	}
	mask := uint64(len(t.slots) - 1)
	for i := spread(key) & mask; ; i = (i + 1) & mask {
		s := &t.slots[i]
		if s.gen != t.gen {
			return 0
		}
		if s.key == key {
			return s.val
		}
	}
}

func (t *idTable) grow() {
	old := t.slots
	t.slots = make([]idSlot, max(64, 2*len(old)))
	if t.gen == 0 {
		t.gen = 1
	}
	gen := t.gen
	t.gen, t.n = 1, 0
	for i := range old {
		if old[i].gen == gen && old[i].gen != 0 {
			t.at(old[i].key, old[i].val)
		}
	}
}

// spread mixes the bits of a key; identifiers are hashes or small numbers.
func spread(x uint64) uint64 {
	x ^= x >> 32
	x *= 0x9e3779b97f4a7c15
	return x ^ x>>29
}
