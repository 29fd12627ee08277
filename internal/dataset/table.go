package dataset

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
)

// WriteTable writes rows as one Parquet file (zstd), for derived tables such as
// findings and decisions. The columns come from T's fields and their `parquet`
// tags: `parquet:"name,dict"`, `parquet:"time,timestamp(microsecond:local)"`
// for a plain TIMESTAMP, a pointer or `,optional` for a nullable column. A nil
// list is stored as an empty one. The
// file appears under path only when complete; the folder is made when missing.
// Same rows, same bytes.
func WriteTable[T any](path string, rows iter.Seq[T]) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	f, err := createFile(path + tmpExt)
	if err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	if err := closeSynced(f, writeRows(f, rows)); err != nil {
		_ = os.Remove(path + tmpExt)
		return fmt.Errorf("write table %q: %w", path, err)
	}
	if err := os.Rename(path+tmpExt, path); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	if err := syncDir(filepath.Dir(path)); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return nil
}

// tableBatch is how many rows go to the writer at once: it walks the batch once
// per column, so the batch should stay in the cache.
const tableBatch = 512

func writeRows[T any](f io.Writer, rows iter.Seq[T]) error {
	w := parquet.NewGenericWriter[T](f,
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedDefault}),
		parquet.MaxRowsPerRowGroup(maxGroup),
		parquet.CreatedBy("frisk", "", ""))
	batch := make([]T, 0, tableBatch)
	for row := range rows {
		batch = append(batch, row)
		if len(batch) == cap(batch) {
			if _, err := w.Write(batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	if _, err := w.Write(batch); err != nil {
		return err
	}
	return w.Close()
}

// ReadTable reads a file WriteTable wrote, in order. A column T does not have
// is skipped, a field the file does not have is zero. The sequence ends after
// an error.
func ReadTable[T any](path string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		f, err := os.Open(path) //nolint:gosec // a file the caller names
		if err != nil {
			yield(zero, fmt.Errorf("read table: %w", err))
			return
		}
		defer f.Close() //nolint:errcheck // read only
		if err := readRows(f, yield); err != nil {
			yield(zero, fmt.Errorf("read table %q: %w", path, err))
		}
	}
}

func readRows[T any](f *os.File, yield func(T, error) bool) error {
	st, err := f.Stat()
	if err != nil {
		return err
	}
	pf, err := parquet.OpenFile(f, st.Size(), parquet.SkipBloomFilters(true))
	if err != nil {
		return err
	}
	r := parquet.NewGenericReader[T](pf)
	defer r.Close() //nolint:errcheck // read only
	batch := make([]T, tableBatch)
	for {
		clear(batch)
		n, err := r.Read(batch)
		for i := range n {
			if !yield(batch[i], nil) {
				return nil
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
