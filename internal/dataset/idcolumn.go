package dataset

import "encoding/binary"

// idColumn is one identifier column of a buffer: a kind and a place a row, and
// values only for rows that have one of their own. Rows past the end have none.
type idColumn struct {
	kinds []idKind
	place []uint32 // of the value: an index into guids, or an offset into arena
	guids [][16]byte
	arena []byte // texts, each after its length
}

func (c *idColumn) reset() {
	c.kinds, c.place, c.guids, c.arena = c.kinds[:0], c.place[:0], c.guids[:0], c.arena[:0]
}

func (c *idColumn) set(at int, kind idKind, place uint32) {
	if at >= len(c.kinds) {
		if kind == idNone {
			return
		}
		c.kinds = extend(c.kinds, at+1)
	}
	c.kinds[at] = kind
	if kind == idGUID || kind == idText {
		c.place = extend(c.place, at+1)
		c.place[at] = place
	}
}

func (c *idColumn) setGUID(at int, g [16]byte) {
	c.set(at, idGUID, uint32(len(c.guids))) //nolint:gosec // bounded by rows
	c.guids = append(c.guids, g)
}

func (c *idColumn) setText(at int, s string) {
	c.set(at, idText, uint32(len(c.arena))) //nolint:gosec // a buffer is flushed long before 4 GB
	c.arena = binary.AppendUvarint(c.arena, uint64(len(s)))
	c.arena = append(c.arena, s...)
}

func (c *idColumn) kind(i uint32) idKind {
	if int(i) < len(c.kinds) {
		return c.kinds[i]
	}
	return idNone
}

// guid is the value of a row of kind idGUID.
func (c *idColumn) guid(i uint32) *[16]byte { return &c.guids[c.place[i]] }

// text is the text of a row of kind idText.
func (c *idColumn) text(i uint32) []byte {
	rest := c.arena[c.place[i]:]
	n, k := binary.Uvarint(rest)
	return rest[k : k+int(n)] //nolint:gosec // as written
}
