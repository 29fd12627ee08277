package policy

import "frisk/internal/signin"

// key is up to six dictionary codes, or enums, packed by the dimension that
// made it. Equal keys mean equal facts.
type key struct{ a, b, c uint64 }

func (k key) hash() uint64 {
	h := (k.a*0x9e3779b97f4a7c15 ^ k.b) * 0xbf58476d1ce4e5b9
	h = (h ^ k.c) * 0x94d049bb133111eb
	return h ^ h>>29
}

func pack(hi, lo signin.Code) uint64 { return uint64(hi)<<32 | uint64(lo) }

// verdicts is what one condition of every policy says about one key: the
// policies for which it is True, and those for which it is not False.
type verdicts struct{ yes, maybe Mask }

const (
	slotCount = 1024 // a power of two
	// maxKeys bounds the keys a table remembers; past it the table starts again,
	// so memory does not grow with the number of people.
	maxKeys = 1 << 16
)

type slot struct {
	k   key
	idx int32 // into pairs, plus one; 0 = empty
}

// table remembers the verdicts of one condition per key: a direct-mapped front
// and a map behind it. Distinct verdicts are few and kept once.
type table struct {
	slots [slotCount]slot
	all   map[key]int32
	pairs []verdicts
	ids   map[verdicts]int32
}

func newTable() *table {
	return &table{all: map[key]int32{}, ids: map[verdicts]int32{}}
}

// find returns the remembered verdicts of k, or nil.
func (t *table) find(k key) *verdicts {
	s := &t.slots[k.hash()%slotCount]
	if s.idx != 0 && s.k == k {
		return &t.pairs[s.idx-1]
	}
	i, ok := t.all[k]
	if !ok {
		return nil
	}
	*s = slot{k, i}
	return &t.pairs[i-1]
}

func (t *table) put(k key, v verdicts) *verdicts {
	i, ok := t.ids[v]
	if !ok {
		t.pairs = append(t.pairs, v)
		i = int32(len(t.pairs)) //nolint:gosec // bounded by maxKeys
		t.ids[v] = i
	}
	if len(t.all) >= maxKeys {
		clear(t.all)
	}
	t.all[k] = i
	t.slots[k.hash()%slotCount] = slot{k, i}
	return &t.pairs[i-1]
}
