package ingest

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Source is one input, opened only when its turn comes.
type Source struct {
	// Name is the source as the user gave it, kept in signin.Raw. It is valid
	// UTF-8 and carries no secret.
	Name string
	Size int64 // bytes as stored, perhaps compressed; -1 when not known
	// ModTime is when the source last changed, the zero time when not known. It
	// dates times without a year.
	ModTime time.Time
	// Format names the format of this source alone; "" leaves it to
	// Options.Format or to detection. Whoever reads on in a file whose beginning
	// was read before knows it already.
	Format string
	// Open begins a reading. It may be called again after a Close, unless the
	// source is a pipe.
	Open func() (io.ReadCloser, error)
	// OpenAt is Open from an offset in bytes as stored; nil where only the whole can
	// be read.
	OpenAt func(offset int64) (io.ReadCloser, error)
}

// Stdin is the name that stands for standard input.
const Stdin = "-"

// FileSource reads the file at path.
func FileSource(path string, size int64) Source {
	return Source{
		Name: plainName(path), Size: size,
		Open: func() (io.ReadCloser, error) { return os.Open(path) }, //nolint:gosec // the file the user named
		OpenAt: func(offset int64) (io.ReadCloser, error) {
			f, err := os.Open(path) //nolint:gosec // likewise
			if err == nil && offset > 0 {
				if _, err = f.Seek(offset, io.SeekStart); err != nil {
					_ = f.Close() // the seek's error says more
				}
			}
			return f, err
		},
	}
}

// ReaderSource reads r, which must be good for one reading and is not closed.
func ReaderSource(name string, r io.Reader) Source {
	return Source{Name: name, Size: -1, Open: func() (io.ReadCloser, error) {
		if c, ok := r.(io.ReadCloser); ok {
			return c, nil
		}
		return io.NopCloser(r), nil
	}}
}

// brokenSource stands for an input that cannot be opened, so that it is
// reported and accounted for like one that cannot be read.
func brokenSource(path string, err error) Source {
	return Source{Name: plainName(path), Size: -1, Open: func() (io.ReadCloser, error) { return nil, err }}
}

// plainName is a path as text: bytes that are not UTF-8 are written \xNN, since
// what is stored and printed as JSON must give the same name back.
func plainName(path string) string {
	if utf8.ValidString(path) {
		return path
	}
	var b strings.Builder
	for i := 0; i < len(path); {
		r, n := utf8.DecodeRuneInString(path[i:])
		if r == utf8.RuneError && n == 1 {
			b.WriteString(`\x` + strconv.FormatUint(uint64(path[i])+0x100, 16)[1:])
		} else {
			b.WriteString(path[i : i+n])
		}
		i += n
	}
	return b.String()
}

// kindOf says in words what a file that is neither regular nor a folder is, ""
// for one that is.
func kindOf(m fs.FileMode) string {
	switch {
	case m&fs.ModeNamedPipe != 0:
		return "a pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	case m&fs.ModeIrregular != 0:
		return "a special file"
	}
	return ""
}

// readable reports whether a file the user named outright can be a log: a
// regular file, a pipe, or the null device, which is empty.
func readable(path string, m fs.FileMode) error {
	kind := kindOf(m)
	if kind == "" || kind == "a pipe" || path == os.DevNull {
		return nil
	}
	return fmt.Errorf("open input: %q is %s, want a file, a folder or a pipe", path, kind)
}
