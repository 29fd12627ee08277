package analysis

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"frisk/internal/blobstore"
	"frisk/internal/dataset"
	"frisk/internal/ingest"
)

// errStopped is the error of a source that was not begun because the run ends.
var errStopped = errors.New("stopped before it was read")

// errRotated is the error of a file that was replaced between a look and the
// reading; the next look begins it anew.
var errRotated = errors.New("it was replaced by another file just now")

// look is what one round saw of a source.
type look struct {
	size    int64
	modTime int64
	since   time.Time // when it was first seen so
}

// plan decides what to read of a source that is as now says, given how far it
// was read (nil = never). Its second result is false when there is nothing to
// read yet.
func (f *follower) plan(src ingest.Source, pos *dataset.Position) (input, bool, error) {
	now := f.looks[src.Name]
	still := f.still(src.Name, now)
	if src.Size == 0 || src.Size < 0 || src.OpenAt == nil {
		return input{}, false, nil
	}
	if pos != nil && pos.Size == now.size && pos.ModTime == now.modTime {
		if pos.Whole || pos.Offset+pos.Rest >= pos.Size || !still {
			return input{}, false, nil
		}
		return f.readOn(src, pos, true)
	}
	if pos != nil && !pos.Whole && pos.Offset > 0 && src.Size >= pos.Offset+pos.Rest {
		same, err := sameFile(src, pos)
		if err != nil {
			return input{}, false, err
		}
		if same {
			return f.readOn(src, pos, still)
		}
	}
	return f.begin(src, still)
}

// still reports whether a source may be taken for finished: an object of a
// store, which appears complete, or a file that has not changed for a while.
func (f *follower) still(name string, l look) bool {
	if blobstore.Remote(name) && !strings.HasPrefix(name, "file://") {
		return true
	}
	return f.opt.Now().Sub(l.since) >= f.opt.Settle
}

// begin reads a source from its beginning.
func (f *follower) begin(src ingest.Source, still bool) (input, bool, error) {
	head, err := readAt(src, 0, 64<<10)
	if err != nil {
		return input{}, false, err
	}
	opt, err := f.in.reading(f.cfg, f.run)
	if err != nil {
		return input{}, false, err
	}
	format, lines, table := "", false, false
	if !packed(head) {
		// A file that no format fits yet may be one that has only begun; read as a
		// whole once it stands still, its error is told.
		format, lines, table, _ = ingest.Shape(src.Name, bytes.TrimPrefix(head, []byte("\ufeff")), opt)
	}
	now := f.looks[src.Name]
	if !lines {
		if !still {
			return input{}, false, nil
		}
		pos := &dataset.Position{Size: now.size, ModTime: now.modTime, Whole: true}
		in := input{Source: src, position: func() *dataset.Position { return pos }}
		in.Open = f.unlessStopped(src.Open)
		return in, true, nil
	}
	l := &lineReader{table: table, rest: still, stop: f.stopped}
	l.pos = dataset.Position{Size: now.size, ModTime: now.modTime, Line: 1, Format: format}
	in := input{Source: src, position: l.position, lines: l}
	in.Open = f.unlessStopped(func() (io.ReadCloser, error) {
		rc, err := src.Open()
		l.in = rc
		return readCloser{l, rc}, err
	})
	return in, true, nil
}

// readOn reads what was added to a source.
func (f *follower) readOn(src ingest.Source, pos *dataset.Position, still bool) (input, bool, error) {
	now := f.looks[src.Name]
	l := &lineReader{table: pos.Header > 0, rest: still, stop: f.stopped, pos: *pos}
	l.pos.Size, l.pos.ModTime, l.pos.Rest = now.size, now.modTime, 0
	in := input{Source: src, position: l.position, lines: l, above: pos.Line - 1, goesOn: true, header: pos.Header}
	in.Format = pos.Format
	header, err := readAt(src, 0, pos.Header)
	if err != nil {
		return input{}, false, err
	}
	in.above -= int64(bytes.Count(header, []byte{'\n'}))
	in.Open = f.unlessStopped(func() (io.ReadCloser, error) {
		rc, err := src.OpenAt(0)
		if err != nil {
			return nil, err
		}
		file, local := rc.(*os.File)
		if !local {
			_ = rc.Close() // nothing was read
			if l.first, l.last, err = windows(src, pos); err == nil {
				rc, err = src.OpenAt(pos.Offset)
			}
		} else if l.first, l.last, err = windowsAt(file, pos); err == nil {
			_, err = file.Seek(pos.Offset, io.SeekStart)
		}
		if err == nil && markOf(l.first, l.last) != pos.Mark {
			err = errors.Join(errRotated, rc.Close())
		}
		if err != nil {
			return nil, err
		}
		l.in = rc
		return readCloser{io.MultiReader(bytes.NewReader(header), l), rc}, nil
	})
	return in, true, nil
}

// unlessStopped opens a source only while the run is to go on.
func (f *follower) unlessStopped(open func() (io.ReadCloser, error)) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) {
		if f.stopped() {
			return nil, errStopped
		}
		return open()
	}
}

type readCloser struct {
	io.Reader
	io.Closer
}

// sameFile reports whether what was read of a source is still its beginning.
func sameFile(src ingest.Source, pos *dataset.Position) (bool, error) {
	first, last, err := windows(src, pos)
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return false, nil // it shrank since the look
	}
	return err == nil && markOf(first, last) == pos.Mark, err
}

// windows reads the two pieces that a mark is made of.
func windows(src ingest.Source, pos *dataset.Position) (first, last []byte, err error) {
	n := min(window, pos.Offset)
	if first, err = readAt(src, 0, n); err != nil {
		return nil, nil, err
	}
	if pos.Offset <= window {
		return first, bytes.Clone(first), nil
	}
	last, err = readAt(src, pos.Offset-n, n)
	return first, last, err
}

// windowsAt is windows of an open file.
func windowsAt(f *os.File, pos *dataset.Position) (first, last []byte, err error) {
	n := min(window, pos.Offset)
	first, last = make([]byte, n), make([]byte, n)
	if _, err = f.ReadAt(first, 0); err == nil {
		_, err = f.ReadAt(last, pos.Offset-n)
	}
	if errors.Is(err, io.EOF) {
		err = errRotated
	}
	return first, last, err
}

// readAt reads n bytes at an offset. A source that ends before them gives what
// there is where at is 0, and io.ErrUnexpectedEOF otherwise.
func readAt(src ingest.Source, at, n int64) ([]byte, error) {
	if n == 0 {
		return nil, nil
	}
	rc, err := src.OpenAt(at)
	if err != nil {
		return nil, err
	}
	defer rc.Close() //nolint:errcheck // read only
	b := make([]byte, n)
	m, err := io.ReadFull(rc, b)
	if at == 0 && errors.Is(err, io.ErrUnexpectedEOF) {
		return b[:m], nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", src.Name, err)
	}
	return b, nil
}

// packed reports a beginning whose lines are not lines of text as stored:
// compressed, or UTF-16.
func packed(head []byte) bool {
	for _, magic := range []string{"\x1f\x8b", "\x28\xb5\x2f\xfd", "\xff\xfe", "\xfe\xff"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return len(head) >= 2 && (head[0] == 0 || head[1] == 0)
}
