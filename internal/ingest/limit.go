package ingest

import (
	"errors"
	"fmt"
	"io"
)

// ErrBomb is wrapped by the error of a compressed file that unpacks to more
// than Options.MaxUnpacked bytes, or by more than Options.MaxRatio.
var ErrBomb = errors.New("unpacks to more than is allowed")

const (
	// DefaultMaxUnpacked is the most a compressed source may unpack to: 1 TiB. It
	// bounds time, not memory, which does not depend on it.
	DefaultMaxUnpacked = 1 << 40
	// DefaultMaxRatio is how many times its stored size a source may unpack to.
	// Sign-in logs shrink 8 to 40 times with gzip or zstd, up to some 200 when
	// records hardly differ; deflate cannot exceed 1032, and a bomb comes close.
	DefaultMaxRatio = 500
	// ratioFloor is how much is unpacked before the ratio is judged: a small file
	// of equal lines harms nobody.
	ratioFloor = 64 << 20
)

// limited passes on what is unpacked until a limit is passed. What came before
// stands, as with a file that is cut short.
type limited struct {
	r     io.Reader
	in    *watched // what the stored bytes come from
	out   int64
	most  int64
	ratio int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	l.out += int64(n)
	switch stored := max(l.in.n, 1); {
	case l.out > l.most:
		return n, fmt.Errorf("%w: over %d bytes of it: raise the limit (--max-unpacked-gb) if the file is honest", ErrBomb, l.most)
	case l.out > ratioFloor && l.out/stored > l.ratio:
		return n, fmt.Errorf("%w: %d stored bytes gave over %d, more than %d times as many: raise the ratio (--max-ratio) if the file is honest", ErrBomb, stored, l.out, l.ratio)
	}
	return n, err
}
