// Package parquetjson reads Parquet files that others wrote as JSON lines: one
// object per row, in file order, so that every reader of JSON records also
// reads its Parquet form (an OCSF table of a security lake, say).
//
// Members stand in the order of the schema. A null is null, a missing optional
// group too; lists are arrays; maps are objects, sorted by key. Timestamps and
// dates become RFC 3339 texts in UTC, UUIDs their text form, decimals numbers;
// other integers keep all their digits. Bytes that are not UTF-8 become
// base64.
package parquetjson

import (
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
)

// batch is how many rows are read at a time: a row may hold a whole sign-in.
const batch = 64

// Magic begins and ends a Parquet file.
const Magic = "PAR1"

// Reader is the JSON lines of one file. It is not safe for concurrent use.
type Reader struct {
	file   *parquet.File
	schema *parquet.Schema
	groups []parquet.RowGroup
	rows   parquet.Rows
	buf    []parquet.Row
	line   int64
	out    []byte // encoded and not yet read
	off    int
	err    error
}

// Open reads the footer of the Parquet file in r, which must stay open while the
// result is read. A damaged footer is an error here, a damaged page one of Read.
func Open(r io.ReaderAt, size int64) (_ *Reader, err error) {
	// parquet-go panics on some damaged files; a log is no reason to end a run.
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("parquet: damaged file: %v", p)
		}
	}()
	if err := checkFooter(r, size); err != nil {
		return nil, err
	}
	f, err := parquet.OpenFile(r, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, fmt.Errorf("parquet: %w", err)
	}
	if err := checkChunks(f, size); err != nil {
		return nil, err
	}
	return &Reader{file: f, schema: f.Schema(), groups: f.RowGroups(), buf: make([]parquet.Row, batch)}, nil
}

// Rows is how many rows the footer promises.
func (r *Reader) Rows() int64 { return r.file.NumRows() }

// Read implements io.Reader.
func (r *Reader) Read(p []byte) (int, error) {
	for r.off == len(r.out) {
		if r.err != nil {
			return 0, r.err
		}
		r.out, r.off = r.out[:0], 0
		r.fill()
	}
	n := copy(p, r.out[r.off:])
	r.off += n
	return n, nil
}

// fill encodes the next batch of rows, or sets err.
func (r *Reader) fill() {
	defer func() {
		if p := recover(); p != nil {
			r.err = fmt.Errorf("parquet: damaged data after row %d: %v", r.line, p)
		}
	}()
	if r.rows == nil {
		if len(r.groups) == 0 {
			r.err = io.EOF
			return
		}
		r.rows = r.groups[0].Rows()
		r.groups = r.groups[1:]
	}
	n, err := r.rows.ReadRows(r.buf)
	for _, row := range r.buf[:n] {
		var v any
		if err := r.schema.Reconstruct(&v, row); err != nil {
			r.err = fmt.Errorf("parquet: row %d: %w", r.line+1, err)
			return
		}
		r.line++
		r.out = append(appendValue(r.out, r.schema, v), '\n')
	}
	switch {
	case errors.Is(err, io.EOF):
		err = r.rows.Close()
		r.rows = nil
	case err == nil && n == 0:
		err = io.ErrNoProgress
	}
	if err != nil {
		r.err = fmt.Errorf("parquet: after row %d: %w", r.line, err)
	}
}

// Close frees what reading holds, not the underlying file.
func (r *Reader) Close() error {
	r.err = io.ErrClosedPipe
	if r.rows == nil {
		return nil
	}
	return r.rows.Close()
}
