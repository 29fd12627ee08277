package dataset

import (
	"bytes"

	"github.com/parquet-go/parquet-go"

	"frisk/internal/signin"
)

// Reading single rows of a column: what a filter left. The pages of rows that
// nobody wants are not read.

// constant is the code of a coded column in the rows [lo, lo+n) where the file's
// statistics alone tell it: every value of the row group is the same. No page is
// read then.
func (c *colReader) constant(lo int64, n int) (code uint32, ok bool) {
	g := c.run.group(lo)
	if lo+int64(n) > c.run.groups[g].end {
		return 0, false
	}
	if c.same.group != g+1 {
		c.same.group = g + 1
		c.same.code, c.same.ok = c.sameIn(c.run.groups[g].chunks[c.col])
	}
	return c.same.code, c.same.ok
}

func (c *colReader) sameIn(chunk *parquet.FileColumnChunk) (uint32, bool) {
	if chunk == nil {
		return 0, true // all null
	}
	if chunk.NullCount() != 0 {
		return 0, false
	}
	lo, hi, ok := chunk.Bounds()
	if !ok || !bytes.Equal(lo.ByteArray(), hi.ByteArray()) || len(lo.ByteArray()) > maxStat {
		return 0, false
	}
	return c.code(lo.ByteArray()), true
}

// pieces goes through the rows [lo, lo+n) page by page and calls each with those of
// sel (row numbers from lo on, rising) that lie in the page; base is the number of the
// page's next row. chunk is false where every value is null. Pages without any
// row of sel are passed over.
func (c *colReader) pieces(lo int64, n int, sel []int32, each func(sel []int32, base int32, chunk bool)) error {
	for len(sel) > 0 {
		// Go to the first row that is wanted.
		row := lo + int64(sel[0])
		if err := c.reach(row); err != nil {
			return err
		}
		base := sel[0]
		k, chunk, err := c.avail(n - int(base))
		if err != nil {
			return err
		}
		in := len(sel)
		if end := base + int32(k); sel[in-1] >= end { //nolint:gosec // a block
			in = 0
			for sel[in] < end {
				in++
			}
		}
		each(sel[:in], base, chunk)
		if !chunk {
			c.row += int64(k)
		} else if c.defs == nil {
			c.advance(k, k)
		} else {
			c.advance(k, bytes.Count(c.defs[c.pos:c.pos+k], one))
		}
		sel = sel[in:]
	}
	return nil
}

// reach makes row the next to be read. Where it lies in the page after the one in
// hand, that page is read on; a jump would begin a read buffer and cut the page anew.
func (c *colReader) reach(row int64) error {
	for c.group >= 0 {
		g := &c.run.groups[c.group]
		start := c.row - int64(c.pos)
		end := start + int64(c.size)
		if row < start || row >= g.end || g.chunks[c.col] == nil {
			break
		}
		if row < end {
			c.skipTo(int(row - start))
			return nil
		}
		if row-end >= minPage {
			break // perhaps a page in between that nobody wants
		}
		c.row, c.pos = end, c.size
		if err := c.load(); err != nil {
			return c.fail(err)
		}
	}
	return c.seek(row)
}

// values calls each with a row of sel and the number of its value among those that
// come next, -1 for null. It is for pages with nulls.
func (c *colReader) values(sel []int32, base int32, each func(i, v int32)) {
	defs := c.defs[c.pos:]
	v, at := int32(0), int32(0)
	for _, i := range sel {
		k := i - base
		v += int32(bytes.Count(defs[at:k], one)) //nolint:gosec // a page
		at = k
		if defs[k] == 0 {
			each(i, -1)
		} else {
			each(i, v)
		}
	}
}

// pickFloats appends the values of the rows of sel; a null is 0.
func (c *colReader) pickFloats(lo int64, n int, sel []int32, out *[]float64) error {
	return c.pieces(lo, n, sel, func(sel []int32, base int32, chunk bool) {
		switch {
		case !chunk:
			*out = append(*out, make([]float64, len(sel))...)
		case c.defs == nil:
			idx := c.idx[c.val:]
			for _, i := range sel {
				*out = append(*out, c.floats[idx[i-base]])
			}
		default:
			idx := c.idx[c.val:]
			c.values(sel, base, func(_, v int32) {
				f := 0.0
				if v >= 0 {
					f = c.floats[idx[v]]
				}
				*out = append(*out, f)
			})
		}
	})
}

// pickTimes appends the times of the rows of sel.
func (c *colReader) pickTimes(lo int64, n int, sel []int32, out *[]signin.Time) error {
	return c.pieces(lo, n, sel, func(sel []int32, base int32, _ bool) {
		ints := c.ints[c.val:]
		for _, i := range sel {
			*out = append(*out, signin.Time(ints[i-base]))
		}
	})
}

// pickCodes appends the codes of the rows of sel; a null is 0.
func (c *colReader) pickCodes(lo int64, n int, sel []int32, out *[]uint32) error {
	return c.pieces(lo, n, sel, func(sel []int32, base int32, chunk bool) {
		if !chunk {
			*out = append(*out, make([]uint32, len(sel))...)
			return
		}
		idx, codes := c.idx[c.val:], c.codes
		get := func(x int32) uint32 {
			code := codes[x]
			if code == unset {
				code = c.lookUp(x)
			}
			return code
		}
		if c.defs == nil {
			for _, i := range sel {
				*out = append(*out, get(idx[i-base]))
			}
			return
		}
		c.values(sel, base, func(_, v int32) {
			code := uint32(0)
			if v >= 0 {
				code = get(idx[v])
			}
			*out = append(*out, code)
		})
	})
}
