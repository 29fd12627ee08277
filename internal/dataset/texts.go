package dataset

import (
	"math/bits"

	"github.com/zeebo/xxh3"
)

// texts numbers the distinct texts of one column of a buffer. Code 0 is "".
// Texts are copied into one arena without pointers, so a buffer of millions of
// strings costs the garbage collector nothing and keeps no input chunk alive.
type texts struct {
	arena []byte
	ends  []uint32 // text c is arena[ends[c-1]:ends[c]]
	sums  []uint64 // xxh3 of text c; 0 for ""
	slots []uint32 // open addressing: code, 0 = free
	last  uint32
	grown *int // bytes added, summed over the columns of the buffer
}

const firstSlots = 64

func (t *texts) reset() {
	t.arena, t.ends, t.sums = t.arena[:0], append(t.ends[:0], 0), append(t.sums[:0], 0)
	clear(t.slots)
	if t.slots == nil {
		t.slots = make([]uint32, firstSlots)
	}
	t.last = 0
}

func (t *texts) len() int { return len(t.ends) }

func (t *texts) text(c uint32) []byte {
	if c == 0 {
		return nil
	}
	return t.arena[t.ends[c-1]:t.ends[c]]
}

// code numbers s. A column's value is most often that of the row before.
func (t *texts) code(s string) uint32 {
	if s == "" {
		return 0
	}
	if string(t.text(t.last)) == s {
		return t.last
	}
	h := xxh3.HashString(s)
	mask := uint32(len(t.slots) - 1)                  //nolint:gosec // a table is far smaller than 2^32
	for i := uint32(h) & mask; ; i = (i + 1) & mask { //nolint:gosec // low bits
		c := t.slots[i]
		if c == 0 {
			return t.add(s, h, i)
		}
		if t.sums[c] == h && string(t.text(c)) == s {
			t.last = c
			return c
		}
	}
}

func (t *texts) add(s string, h uint64, slot uint32) uint32 {
	c := uint32(len(t.ends)) //nolint:gosec // bounded by the rows of a buffer
	t.arena = append(t.arena, s...)
	t.ends = append(t.ends, uint32(len(t.arena))) //nolint:gosec // a buffer is flushed long before 4 GB
	t.sums = append(t.sums, h)
	t.slots[slot] = c
	t.last = c
	*t.grown += len(s)
	if 2*len(t.ends) > len(t.slots) {
		t.grow()
	}
	return c
}

func (t *texts) grow() {
	t.slots = make([]uint32, 2*len(t.slots))
	mask := uint32(len(t.slots) - 1) //nolint:gosec // a table is far smaller than 2^32
	for c := 1; c < len(t.sums); c++ {
		i := uint32(t.sums[c]) & mask //nolint:gosec // low bits
		for t.slots[i] != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = uint32(c) //nolint:gosec // a code
	}
}

// codes is one coded column of a buffer: 16 bits a row until the column has
// more texts than that, nothing at all until it has one. Rows past the end
// are 0.
type codes struct {
	narrow []uint16
	wide   []uint32
}

func (c *codes) reset() { c.narrow, c.wide = c.narrow[:0], c.wide[:0] }

func (c *codes) len() int { return max(len(c.narrow), len(c.wide)) }

func (c *codes) get(i uint32) uint32 {
	if len(c.wide) > 0 {
		if int(i) < len(c.wide) {
			return c.wide[i]
		}
		return 0
	}
	if int(i) < len(c.narrow) {
		return uint32(c.narrow[i])
	}
	return 0
}

func (c *codes) set(i int, v uint32) {
	if i == len(c.narrow) && i < cap(c.narrow) && v <= 0xffff && len(c.wide) == 0 {
		c.narrow = append(c.narrow, uint16(v)) // the usual case: the next row
		return
	}
	if i >= c.len() {
		if v == 0 {
			return
		}
		c.pad(i + 1)
	}
	if len(c.wide) == 0 && v > 0xffff {
		c.widen()
	}
	if len(c.wide) > 0 {
		c.wide[i] = v
		return
	}
	c.narrow[i] = uint16(v) //nolint:gosec // checked above
}

func (c *codes) pad(n int) {
	if len(c.wide) > 0 {
		c.wide = extend(c.wide, n)
		return
	}
	c.narrow = extend(c.narrow, n)
}

func (c *codes) widen() {
	c.wide = extend(c.wide[:0], len(c.narrow))
	for i, v := range c.narrow {
		c.wide[i] = uint32(v)
	}
	c.narrow = c.narrow[:0]
}

// extend lengthens s to n elements, the new ones zero, doubling its capacity.
func extend[T any](s []T, n int) []T {
	old := len(s)
	if n <= old {
		return s
	}
	if n > cap(s) {
		grown := make([]T, n, max(n, 2*cap(s), 64))
		copy(grown, s)
		return grown
	}
	s = s[:n]
	clear(s[old:])
	return s
}

// mix folds a value hash with the seed of its column (Wang Yi's wyhash: the
// two halves of a 128-bit product).
func mix(seed, v uint64) uint64 {
	hi, lo := bits.Mul64(seed^0x9e3779b97f4a7c15, v^0xd6e8feb86659fd93)
	return hi ^ lo
}
