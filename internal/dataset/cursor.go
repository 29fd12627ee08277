package dataset

import (
	"fmt"

	"frisk/internal/signin"
)

// cursor walks one shard of one run, a person at a time.
type cursor struct {
	run  *runFile
	no   uint32 // the run's index in the snapshot
	sym  *signin.Symbols
	dead *bitset
	cols []*colReader
	lat  *colReader // when only Located is asked for
	ids  *idReader  // opened at the first tie
	// copies says which identifiers repeat the event id, when one of them is
	// asked for.
	copies *colReader
	event  bool // the event id itself is asked for

	shard   int
	row, hi int64 // next row to load, end of the shard
	buf     []signin.Row
	at, end int // loaded rows not yet given out

	cur  []signin.Row // the current person's rows, valid until next
	key  personCodes
	none bool // no person is current: the shard is done
}

// personCodes are the codes of provider, tenant and principal.
type personCodes [3]signin.Code

func codesOf(r *signin.Row) personCodes {
	return personCodes{r.C[signin.DimProvider], r.C[signin.DimTenant], r.C[signin.DimPrincipal]}
}

// blockRows is how many rows a cursor loads at once: few enough that the block
// stays in the second-level cache while column after column is put into it.
const blockRows = 512

func newCursor(run *runFile, no uint32, need *signin.Need, dead *bitset, sym *signin.Symbols) *cursor {
	c := &cursor{run: run, no: no, sym: sym, dead: dead, event: need.IDs[signin.IDEvent], buf: make([]signin.Row, 2*blockRows)}
	for i := range columns {
		col := &columns[i]
		switch {
		case col.kind == colLat && !need.Place:
			c.lat = newColReader(run, i, sym)
		case col.kind == colCopies:
			if otherIDs(need) {
				c.copies = newColReader(run, i, sym)
			}
		case needed(col, need):
			c.cols = append(c.cols, newColReader(run, i, sym))
		}
	}
	return c
}

// start puts the cursor before the first person of a shard, which has the rows
// [lo, hi).
func (c *cursor) start(shard int, lo, hi int64) error {
	c.shard, c.row, c.hi = shard, lo, hi
	c.at, c.end, c.cur, c.none = 0, 0, nil, false
	for _, r := range c.cols {
		if err := r.seek(lo); err != nil {
			return err
		}
	}
	for _, r := range []*colReader{c.lat, c.copies} {
		if r == nil {
			continue
		}
		if err := r.seek(lo); err != nil {
			return err
		}
	}
	return nil
}

// otherIDs reports whether need has an identifier that may repeat the event id.
func otherIDs(need *signin.Need) bool {
	for i := 1; i < len(need.IDs); i++ {
		if need.IDs[i] {
			return true
		}
	}
	return false
}

// needed reports whether a column is read for need. Who a person is, the time,
// the enums, the network number and whether there is a position always are.
func needed(c *column, need *signin.Need) bool {
	switch c.kind {
	case colTime, colEnum, colASN:
		return true
	case colText:
		d := signin.Dim(c.n) //nolint:gosec // below NumDims
		return need.Dims[c.n] || d == signin.DimProvider || d == signin.DimTenant || d == signin.DimPrincipal
	case colLat, colLon, colRadius:
		return need.Place
	case colPort, colLine:
		return need.Raw
	case colID, colIDText:
		return need.IDs[c.n] || c.n == signin.IDEvent && otherIDs(need)
	}
	return false
}

func (c *cursor) close() {
	for _, r := range c.cols {
		r.close()
	}
	if c.lat != nil {
		c.lat.close()
	}
	if c.copies != nil {
		c.copies.close()
	}
	if c.ids != nil {
		c.ids.close()
	}
}

// next moves to the next person. Its rows are checked to be in order, and the
// person to come after the one before and to belong to the shard.
func (c *cursor) next() error {
	if c.at == c.end {
		if err := c.fill(); err != nil {
			return err
		}
		if c.at == c.end {
			c.cur, c.none = nil, true
			return nil
		}
	}
	key := codesOf(&c.buf[c.at])
	if err := c.checkPerson(key); err != nil {
		return err
	}
	c.key = key
	j := c.at + 1
	for {
		for ; j < c.end && codesOf(&c.buf[j]) == key; j++ {
			if c.buf[j].Time < c.buf[j-1].Time {
				return c.unsorted(&c.buf[j])
			}
		}
		if j < c.end || c.row == c.hi {
			break
		}
		j -= c.at
		if err := c.fill(); err != nil {
			return err
		}
	}
	c.cur = c.buf[c.at:j]
	c.at = j
	return nil
}

func (c *cursor) checkPerson(key personCodes) error {
	if c.cur != nil && compareCodes(c.sym, c.key, key) >= 0 {
		return c.unsorted(&c.buf[c.at])
	}
	if c.run.run.Home != "" {
		return nil // placed by a table that the file does not hold
	}
	p, t, u := texts3(c.sym, key)
	if s := signin.Shard(signin.PersonKey(p, t, u)); s != c.shard {
		return fmt.Errorf("%w: %q row %d: it lies in shard %d, its person belongs to %d: ingest the logs again into a new folder",
			ErrUnsorted, c.run.path, c.buf[c.at].Ref.Row, c.shard, s)
	}
	return nil
}

func (c *cursor) unsorted(r *signin.Row) error {
	return fmt.Errorf("%w: %q row %d comes before the row above it: rewrite the file sorted by shard, provider, tenant, principal_id, time, id, or ingest the logs again",
		ErrUnsorted, c.run.path, r.Ref.Row)
}

// fill loads rows after those not yet given out, which move to the front.
func (c *cursor) fill() error {
	if c.at > 0 {
		copy(c.buf, c.buf[c.at:c.end])
		c.at, c.end = 0, c.end-c.at
	}
	for c.row < c.hi {
		if c.end == len(c.buf) {
			grown := make([]signin.Row, 2*len(c.buf))
			copy(grown, c.buf)
			c.buf = grown
		}
		n := min(c.hi-c.row, int64(len(c.buf)-c.end), blockRows)
		rows := c.buf[c.end : c.end+int(n)]
		if err := c.load(rows); err != nil {
			return err
		}
		kept := len(rows)
		if c.dead != nil {
			kept = c.bury(rows)
		}
		c.row += n
		c.end += kept
		if kept > 0 {
			return nil
		}
	}
	return nil
}

func (c *cursor) load(rows []signin.Row) error {
	for _, r := range c.cols {
		if err := r.fill(rows); err != nil {
			return err
		}
	}
	if c.lat != nil {
		if err := c.lat.locate(rows); err != nil {
			return err
		}
	}
	if c.copies != nil {
		if err := c.copies.copies(rows); err != nil {
			return err
		}
		if !c.event {
			for i := range rows {
				rows[i].ID = 0 // read for the others only
			}
		}
	}
	for i := range rows {
		rows[i].Ref = signin.Ref{Run: c.no, Row: uint32(c.row) + uint32(i)} //nolint:gosec // a run has under 2^32 rows
	}
	return nil
}

// bury takes rows with a tombstone out and returns how many are left.
func (c *cursor) bury(rows []signin.Row) int {
	n := 0
	for i := range rows {
		if !c.dead.has(rows[i].Ref.Row) {
			if n != i {
				rows[n] = rows[i]
			}
			n++
		}
	}
	return n
}

// id is the event id of a row, read when two runs have rows of one person at
// the same time.
func (c *cursor) id(row uint32) (identifier, error) {
	if c.ids == nil {
		c.ids = newIDReader(c.run, signin.IDEvent)
	}
	return c.ids.at(int64(row))
}

func texts3(sym *signin.Symbols, k personCodes) (provider, tenant, principal string) {
	return sym[signin.DimProvider].Text(k[0]), sym[signin.DimTenant].Text(k[1]), sym[signin.DimPrincipal].Text(k[2])
}
