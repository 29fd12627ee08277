package ingest

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// An unwrapper turns a file whose records are not text, or not apart, into JSON
// lines before it is cut: Parquet, Windows event logs, tables of columns and
// rows. The lines are then detected and decoded like those of any other file,
// and a quarantined record is kept as its line.
type unwrapper struct {
	name string
	// match tells by the beginning of the file, at most headSize bytes.
	match func(head []byte) bool
	// open starts reading; the result is closed when the file is done. An error of
	// its Read is the file's, and what was read before it stands.
	open func(in *wrapped, opt *Options) (io.ReadCloser, error)
}

// wrapped is the content of such a file, decompressed.
type wrapped struct {
	io.Reader
	head []byte
	raw  io.Reader // the source itself
}

var unwrappers []unwrapper

func registerUnwrapper(u unwrapper) bool {
	i, found := slices.BinarySearchFunc(unwrappers, u.name, func(u unwrapper, name string) int { return cmp.Compare(u.name, name) })
	if found {
		panic("ingest: duplicate unwrapper " + u.name)
	}
	unwrappers = slices.Insert(unwrappers, i, u)
	return true
}

// unwrap gives the JSON lines of a file with such a beginning, or nil.
func unwrap(head []byte, in, raw io.Reader, opt *Options) (io.ReadCloser, error) {
	for _, u := range unwrappers {
		if !u.match(head) {
			continue
		}
		r, err := u.open(&wrapped{Reader: io.MultiReader(bytes.NewReader(head), in), head: head, raw: raw}, opt)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", u.name, err)
		}
		return r, nil
	}
	return nil, nil //nolint:nilnil // nil is a file like any other
}

// readerAt gives random access to the content: the file itself where it is an
// uncompressed one, else a copy in a temporary file that closer removes.
func (w *wrapped) readerAt() (r io.ReaderAt, size int64, closer func() error, err error) {
	if f, ok := w.raw.(*os.File); ok {
		begin := make([]byte, min(len(w.head), 16))
		info, serr := f.Stat()
		_, rerr := f.ReadAt(begin, 0)
		if serr == nil && rerr == nil && info.Mode().IsRegular() && bytes.HasPrefix(w.head, begin) {
			return f, info.Size(), func() error { return nil }, nil
		}
	}
	f, err := os.CreateTemp("", "analyze-*") // mode 0600
	if err != nil {
		return nil, 0, nil, fmt.Errorf("spool: %w", err)
	}
	closer = func() error { return errors.Join(f.Close(), os.Remove(f.Name())) }
	if size, err = io.Copy(f, w); err != nil {
		return nil, 0, nil, errors.Join(fmt.Errorf("spool: %w", err), closer())
	}
	return f, size, closer, nil
}
