package ingest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// ErrChanged is wrapped by the error of a file that was written to, cut or
// replaced while it was read. What was read stands; reading it again adds what
// is missing.
var ErrChanged = errors.New("changed while it was read")

// watched is a source being read: it counts the stored bytes and, of a regular
// file, remembers what it was like at the beginning.
type watched struct {
	r      io.Reader
	n      int64
	f      *os.File
	before fs.FileInfo
}

func watch(r io.Reader) *watched {
	w := &watched{r: r}
	if f, ok := r.(*os.File); ok {
		if st, err := f.Stat(); err == nil && st.Mode().IsRegular() {
			w.f, w.before = f, st
		}
	}
	return w
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	w.n += int64(n)
	return n, err
}

// size is how many bytes the source has as stored: those read, or the size of
// the file where it was not read from its beginning to its end.
func (w *watched) size() int64 {
	if w.f == nil {
		return w.n
	}
	return max(w.n, w.before.Size())
}

// changed compares the file with what it was. A file that was only moved or
// deleted meanwhile has been read whole.
func (w *watched) changed() error {
	if w.f == nil {
		return nil
	}
	now, err := w.f.Stat()
	if err != nil {
		return nil //nolint:nilerr // closed by a cancelled run
	}
	was, is := w.before.Size(), now.Size()
	switch {
	case is < was:
		return fmt.Errorf("%w: it was cut from %d to %d bytes: what was cut off is lost unless a copy exists, and the rest should be ingested again", ErrChanged, was, is)
	case is > was:
		return fmt.Errorf("%w: it grew from %d to %d bytes: ingest it again when it is complete", ErrChanged, was, is)
	case !now.ModTime().Equal(w.before.ModTime()):
		return fmt.Errorf("%w: it was written to without growing: ingest it again", ErrChanged)
	}
	if there, err := os.Stat(w.f.Name()); err == nil && !os.SameFile(there, now) {
		return fmt.Errorf("%w: another file took its name: ingest it again to read that one", ErrChanged)
	}
	return nil
}
