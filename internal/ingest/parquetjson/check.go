package parquetjson

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
)

// A file may claim any size for its parts, and the library makes room for what
// is claimed before it reads. These checks refuse claims that the file cannot
// hold, so that a few bytes cannot ask for gigabytes.

// maxRatio and maxFree bound what a file may unpack to: real logs stay far below
// a hundred times, and small files may be any ratio.
const (
	maxRatio = 1000
	maxFree  = 64 << 20
)

var errFooter = errors.New("parquet: damaged file: the footer is longer than the file")

// checkFooter compares the footer's length, the four bytes before the closing
// magic, with the file's, and what the footer claims with its own length.
func checkFooter(r io.ReaderAt, size int64) error {
	var tail [8]byte
	if size < 12 {
		return errors.New("parquet: damaged file: too short")
	}
	if _, err := r.ReadAt(tail[:], size-8); err != nil {
		return fmt.Errorf("parquet: read footer: %w", err)
	}
	n := int64(binary.LittleEndian.Uint32(tail[:4]))
	if n > size-12 {
		return errFooter
	}
	footer := make([]byte, n)
	if _, err := r.ReadAt(footer, size-8-n); err != nil {
		return fmt.Errorf("parquet: read footer: %w", err)
	}
	return checkThrift(footer)
}

// checkChunks compares what the footer says of the columns with the file's size.
func checkChunks(f *parquet.File, size int64) error {
	limit := maxRatio*size + maxFree
	var unpacked int64
	for i, g := range f.Metadata().RowGroups {
		if g.NumRows < 0 {
			return fmt.Errorf("parquet: damaged file: row group %d has %d rows", i, g.NumRows)
		}
		for _, c := range g.Columns {
			m := &c.MetaData
			if m.TotalCompressedSize < 0 || m.TotalCompressedSize > size || m.TotalUncompressedSize < 0 || m.NumValues < 0 {
				return fmt.Errorf("parquet: damaged file: column %v of row group %d has impossible sizes", m.PathInSchema, i)
			}
			unpacked += m.TotalUncompressedSize
			if unpacked > limit || unpacked < 0 {
				return fmt.Errorf("parquet: the columns unpack to more than %d times the file", maxRatio)
			}
		}
	}
	return nil
}
