package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unsafe"

	"github.com/parquet-go/parquet-go"

	"frisk/internal/signin"
)

// colReader reads one column of one run into rows, page by page. A page's
// values are indexes into a table: the chunk's dictionary turned into codes
// (text, one look-up per entry that occurs), enum values or numbers; for a page
// without a dictionary, the page's own values.
type colReader struct {
	run   *runFile
	col   int // index into columns
	kind  colKind
	n     int
	table *signin.Table // of a text column

	group int // the open row group, -1 none
	pages *parquet.FilePages
	page  parquet.Page
	dict  parquet.Dictionary

	row  int64 // the run's row at pos
	pos  int   // rows read of the page
	size int   // rows of the page
	val  int   // values read of the page
	defs []byte
	idx  []int32
	iota []int32

	codes  []uint32 // by index: code or enum value; unset = not looked up
	floats []float64
	ints   []int64
	bytes  []byte   // of a page without dictionary
	ends   []uint32 // offsets into bytes

	wrote bool // whether a value other than zero was ever put into a row

	same struct { // see constant; group is one more than the row group's number
		group int
		code  uint32
		ok    bool
	}
}

const unset = ^uint32(0)

func newColReader(run *runFile, col int, sym *signin.Symbols) *colReader {
	c := &colReader{run: run, col: col, kind: columns[col].kind, n: columns[col].n, group: -1}
	switch c.kind {
	case colText:
		c.table = sym[c.n]
	case colID:
		c.wrote = true // its text twin writes the same field
	}
	return c
}

func (c *colReader) close() {
	if c.page != nil {
		parquet.Release(c.page)
		c.page = nil
	}
	if c.pages != nil {
		_ = c.pages.Close() // read only
		c.pages = nil
	}
	c.dict, c.group, c.size, c.pos = nil, -1, 0, 0
}

// seek makes row the next to be read.
func (c *colReader) seek(row int64) error {
	if c.group >= 0 {
		if g := &c.run.groups[c.group]; row >= g.first && row < g.end {
			if row == c.row {
				return nil
			}
			if g.chunks[c.col] == nil {
				c.row = row
				return nil
			}
			start := c.row - int64(c.pos)
			if row >= start && row < start+int64(c.size) {
				c.skipTo(int(row - start))
				return nil
			}
			return c.seekPage(row, g)
		}
	}
	return c.open(row)
}

// open opens the chunk that holds row.
func (c *colReader) open(row int64) error {
	c.close()
	c.group = c.run.group(row)
	g := &c.run.groups[c.group]
	c.row = row
	chunk := g.chunks[c.col]
	if chunk == nil {
		return nil
	}
	if _, err := chunk.OffsetIndex(); err != nil && !errors.Is(err, parquet.ErrMissingOffsetIndex) {
		return c.fail(err)
	}
	c.pages = chunk.PagesFrom(c.run.f)
	if row == g.first {
		return nil
	}
	return c.seekPage(row, g)
}

func (c *colReader) seekPage(row int64, g *rowGroup) error {
	if err := c.pages.SeekToRow(row - g.first); err != nil {
		return c.fail(err)
	}
	c.row, c.pos, c.size = row, 0, 0
	return nil
}

// skipTo moves to a row of the page in hand.
func (c *colReader) skipTo(pos int) {
	if pos < c.pos {
		c.row -= int64(c.pos)
		c.pos, c.val = 0, 0
	}
	k := pos - c.pos
	if c.defs == nil {
		c.val += k
	} else {
		c.val += bytes.Count(c.defs[c.pos:pos], one)
	}
	c.pos = pos
	c.row += int64(k)
}

var one = []byte{1}

// avail gives how many of the next n rows can be read at once, loading the next
// page when needed. chunk is false where all of them are null.
func (c *colReader) avail(n int) (k int, chunk bool, err error) {
	if c.group < 0 || c.row >= c.run.groups[c.group].end {
		if err := c.open(c.row); err != nil {
			return 0, false, err
		}
	}
	g := &c.run.groups[c.group]
	if g.chunks[c.col] == nil {
		return int(min(int64(n), g.end-c.row)), false, nil
	}
	if c.pos == c.size {
		if err := c.load(); err != nil {
			return 0, false, c.fail(err)
		}
	}
	return min(n, c.size-c.pos), true, nil
}

// advance notes that k rows with v values were read.
func (c *colReader) advance(k, v int) {
	c.row += int64(k)
	c.pos += k
	c.val += v
}

func (c *colReader) load() error {
	if c.page != nil {
		parquet.Release(c.page)
		c.page = nil
	}
	p, err := c.pages.ReadPage()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return err
	}
	c.page = p
	c.pos, c.val, c.size = 0, 0, int(p.NumRows())
	if c.size == 0 {
		return errors.New("a page without rows")
	}
	values := c.size
	if c.defs = p.DefinitionLevels(); len(c.defs) > 0 {
		values = bytes.Count(c.defs, one)
		if values == c.size {
			c.defs = nil
		}
	} else {
		c.defs = nil
	}
	if d := p.Dictionary(); d != nil {
		data := p.Data()
		c.idx = data.Int32()
		if len(c.idx) < values {
			return io.ErrUnexpectedEOF
		}
		if d != c.dict {
			c.dict = d
			c.fromDictionary(d)
		}
		return c.check(values)
	}
	c.dict = nil
	return c.fromPage(p, values)
}

// check makes sure that no index is outside the dictionary.
func (c *colReader) check(values int) error {
	limit := uint32(c.dict.Len()) //nolint:gosec // positive
	most := largest(c.idx[:values])
	if values > 0 && most >= limit {
		return fmt.Errorf("index %d in a dictionary of %d", most, limit)
	}
	return nil
}

// largest is the largest index, a negative one being larger than all; four at a
// time, because every value of every page goes through here.
func largest(idx []int32) uint32 {
	var a, b, c, d uint32
	for len(idx) >= 4 {
		a, b = max(a, uint32(idx[0])), max(b, uint32(idx[1])) //nolint:gosec // negative becomes too large
		c, d = max(c, uint32(idx[2])), max(d, uint32(idx[3])) //nolint:gosec // likewise
		idx = idx[4:]
	}
	for _, x := range idx {
		a = max(a, uint32(x)) //nolint:gosec // likewise
	}
	return max(a, b, c, d)
}

func (c *colReader) fromDictionary(d parquet.Dictionary) {
	n := d.Len()
	switch c.kind {
	case colText, colEnum:
		c.codes = extend(c.codes[:0], n)
		for i := range c.codes {
			c.codes[i] = unset
		}
	case colLat, colLon, colRadius:
		c.floats = c.floats[:0]
		for i := range n {
			c.floats = append(c.floats, d.Index(int32(i)).Double()) //nolint:gosec // a dictionary index
		}
	case colASN:
		c.ints = c.ints[:0]
		for i := range n {
			c.ints = append(c.ints, d.Index(int32(i)).Int64()) //nolint:gosec // a dictionary index
		}
	case colPort, colCopies:
		c.ints = c.ints[:0]
		for i := range n {
			c.ints = append(c.ints, int64(d.Index(int32(i)).Int32())) //nolint:gosec // a dictionary index
		}
	}
}

// fromPage takes the values of a page without dictionary as its table.
func (c *colReader) fromPage(p parquet.Page, values int) error {
	for len(c.iota) < values {
		c.iota = append(c.iota, int32(len(c.iota))) //nolint:gosec // a page is small
	}
	c.idx = c.iota[:values]
	data := p.Data()
	n := values
	switch c.kind {
	case colText, colEnum, colIDText:
		c.bytes, c.ends = data.ByteArray()
		n = len(c.ends) - 1
		if c.kind != colIDText {
			c.codes = extend(c.codes[:0], values)
			for i := range c.codes {
				c.codes[i] = unset
			}
		}
	case colID:
		var size int
		c.bytes, size = data.FixedLenByteArray()
		n = len(c.bytes) / max(size, 1)
	case colTime, colASN, colLine:
		c.ints = data.Int64()
		n = len(c.ints)
	case colPort, colCopies:
		c.ints = c.ints[:0]
		for _, v := range data.Int32() {
			c.ints = append(c.ints, int64(v))
		}
		n = len(c.ints)
	case colLat, colLon, colRadius:
		c.floats = data.Double()
		n = len(c.floats)
	}
	if n < values {
		return io.ErrUnexpectedEOF
	}
	return nil
}

// entry is the text of table entry x, valid until the next page.
func (c *colReader) entry(x int32) []byte {
	if c.dict != nil {
		return c.dict.Index(x).ByteArray()
	}
	return c.bytes[c.ends[x]:c.ends[x+1]]
}

// lookUp resolves table entry x of a text or enum column, once.
func (c *colReader) lookUp(x int32) uint32 {
	code := c.code(c.entry(x))
	c.codes[x] = code
	return code
}

// code is the code of a text or the value of an enum.
func (c *colReader) code(b []byte) uint32 {
	s := unsafe.String(unsafe.SliceData(b), len(b)) // for looking up only; cloned when kept
	if c.kind == colEnum {
		return uint32(signin.EnumColumns[c.n].Value(s))
	}
	known, ok := c.table.Find(s)
	if !ok {
		known = c.table.Code(strings.Clone(s))
	}
	return uint32(known)
}

func (c *colReader) fail(err error) error {
	return damaged(c.run.path, fmt.Errorf("column %q near row %d: %w", columns[c.col].name, c.row, err))
}
