package policy

import "frisk/internal/signin"

// key is up to six dictionary codes, or enums, packed by the dimension that
// made it. Equal keys mean equal facts.
type key struct{ a, b, c uint64 }

// hash spreads a key over 64 bits, best in the high ones: three independent
// multiplications, so that the processor does them at once.
func (k key) hash() uint64 {
	return k.a*0x9e3779b97f4a7c15 + k.b*0xbf58476d1ce4e5b9 + k.c*0x94d049bb133111eb
}

func pack(hi, lo signin.Code) uint64 { return uint64(hi)<<32 | uint64(lo) }

// verdicts is what one condition of every policy says about one key: the
// policies for which it is True, and those for which it is not False.
type verdicts struct{ yes, maybe Mask }

const (
	minSlots = 1024 // a power of two
	// maxKeys bounds the keys a table remembers; past it the table starts again,
	// so memory does not grow with the number of people.
	maxKeys = 1 << 16
)

// slot is half a cache line.
type slot struct {
	k   key
	idx int32 // plus one; 0 = empty
}

// keys maps keys to small numbers: open addressing in one array, at most half
// full, from which nothing is ever taken out.
type keys struct {
	slots []slot
	shift uint8 // 64 less the logarithm of the number of slots
	n     int
}

func newKeys() keys { return keys{slots: make([]slot, minSlots), shift: 64 - 10} }

// find is the number of k, or -1.
func (t *keys) find(k key) int32 {
	h := k.hash() >> t.shift
	for {
		s := &t.slots[h]
		if s.k == k {
			// An empty slot has the zero key and the number 0, which is "not found".
			return s.idx - 1
		}
		if s.idx == 0 {
			return -1
		}
		if h++; h == uint64(len(t.slots)) {
			h = 0
		}
	}
}

// put remembers a key that find did not find.
func (t *keys) put(k key, idx int32) {
	switch {
	case t.n >= maxKeys:
		clear(t.slots)
		t.n = 0
	case 2*(t.n+1) > len(t.slots):
		old := t.slots
		t.slots = make([]slot, 2*len(old))
		t.shift--
		for _, s := range old {
			if s.idx != 0 {
				t.set(s)
			}
		}
	}
	t.n++
	t.set(slot{k, idx + 1})
}

func (t *keys) set(s slot) {
	h := s.k.hash() >> t.shift
	for t.slots[h].idx != 0 {
		if h++; h == uint64(len(t.slots)) {
			h = 0
		}
	}
	t.slots[h] = s
}

// table remembers verdicts, or anything that fits into them, per key. Distinct
// ones are few and kept once.
type table struct {
	keys  keys
	pairs []verdicts
	ids   map[verdicts]int32
}

func newTable() *table { return &table{keys: newKeys(), ids: map[verdicts]int32{}} }

// find returns the remembered verdicts of k, or nil.
func (t *table) find(k key) *verdicts {
	if i := t.keys.find(k); i >= 0 {
		return &t.pairs[i]
	}
	return nil
}

func (t *table) put(k key, v verdicts) *verdicts {
	i, ok := t.ids[v]
	if !ok {
		i = int32(len(t.pairs)) //nolint:gosec // bounded by the keys
		t.pairs = append(t.pairs, v)
		t.ids[v] = i
	}
	t.keys.put(k, i)
	return &t.pairs[i]
}
