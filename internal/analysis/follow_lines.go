package analysis

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"

	"frisk/internal/dataset"
	"frisk/internal/ingest"
)

// window is how much of the beginning and of the last lines read of a file is
// kept to know it again.
const window = 4 << 10

// lineReader passes on the whole lines of a growing file and holds back a last
// line without an end. It knows how far it has come: what it passed up to a
// line's end was decoded when the reading is over.
type lineReader struct {
	in    io.Reader
	table bool // a line's end inside quotes does not end a row
	// rest says that the file stands still, so that its last line is read as it is,
	// unless it is JSON, which would show its end.
	rest bool
	// stop ends the reading at the next line's end.
	stop func() bool

	pos    dataset.Position // Offset, Line, Rest and Header are kept up to date
	first  []byte           // up to window bytes from the beginning of the file
	last   []byte           // up to window bytes before Offset
	buf    []byte           // read and not yet passed on
	scan   int              // bytes of buf looked at
	whole  int              // bytes of buf that are whole lines, with their count and ...
	lines  int64            // ... the number of line ends in them
	seen   int64            // line ends in buf[:scan]
	quoted bool             // within quotes at scan
	text   bool             // the row being scanned is not blank
	out    int              // bytes of buf to be passed on
	broken error            // the input's, other than its end
	done   bool
	given  int64  // bytes passed on in all
	ahead  int64  // bytes passed on after Offset, of a line too long to be held back
	beyond []byte // the last of them
}

func (l *lineReader) Read(p []byte) (int, error) {
	for l.out == 0 {
		if l.done {
			return 0, l.end()
		}
		l.fill()
	}
	n := copy(p, l.buf[:l.out])
	l.given += int64(n)
	l.buf = l.buf[n:]
	l.out -= n
	l.scan -= n
	return n, nil
}

func (l *lineReader) end() error {
	if l.broken != nil {
		return l.broken
	}
	return io.EOF
}

const readPiece = 256 << 10

// fill reads a piece and finds the whole lines in what is there.
func (l *lineReader) fill() {
	if l.stop != nil && l.stop() {
		l.done = true
		l.pos.Size = l.pos.Offset // so that the next look finds it changed
		return
	}
	if cap(l.buf)-len(l.buf) < readPiece {
		l.buf = append(make([]byte, 0, 2*len(l.buf)+2*readPiece), l.buf...)
	}
	n, err := l.in.Read(l.buf[len(l.buf) : len(l.buf)+readPiece])
	l.buf = l.buf[:len(l.buf)+n]
	l.find()
	switch {
	case l.whole > 0:
		l.pass()
	case len(l.buf) > ingest.DefaultMaxLine+readPiece:
		// Nothing is gained by holding back what is too long to be a record.
		l.out = len(l.buf)
		l.begin(l.buf)
		l.ahead += int64(len(l.buf))
		l.beyond = lastOf(l.beyond, l.buf)
	}
	if err == nil {
		return
	}
	l.done = true
	if !errors.Is(err, io.EOF) {
		l.broken = err
		l.pos.Size = l.pos.Offset
		return
	}
	l.tail()
}

// find looks for line ends in what has not been looked at.
func (l *lineReader) find() {
	b := l.buf[l.scan:]
	if !l.table {
		if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
			l.whole = l.scan + i + 1
			l.lines = l.seen + int64(bytes.Count(b[:i+1], []byte{'\n'}))
			l.seen = 0
		}
		l.scan = len(l.buf)
		return
	}
	for i, c := range b {
		switch c {
		case '"':
			l.quoted, l.text = !l.quoted, true
		case '\n':
			l.seen++
			if l.quoted {
				continue
			}
			l.whole = l.scan + i + 1
			l.lines += l.seen
			l.seen = 0
			if l.text && l.pos.Header == 0 {
				l.pos.Header = l.pos.Offset + int64(l.whole)
			}
			l.text = false
		case '\r', ' ', '\t':
		default:
			l.text = true
		}
	}
	l.scan = len(l.buf)
}

// pass gives out the whole lines.
func (l *lineReader) pass() {
	l.advance(l.buf[:l.whole], l.lines)
	l.out, l.whole, l.lines = l.whole, 0, 0
}

// advance moves the position behind b, which is being passed on.
func (l *lineReader) advance(b []byte, lines int64) {
	l.begin(b)
	l.last = lastOf(lastOf(l.last, l.beyond), b)
	l.pos.Offset += l.ahead + int64(len(b))
	l.pos.Line += lines
	l.ahead, l.beyond = 0, l.beyond[:0]
}

// begin keeps the beginning of the file.
func (l *lineReader) begin(b []byte) {
	if room := window - len(l.first); room > 0 {
		l.first = append(l.first, b[:min(room, len(b))]...)
	}
}

// lastOf is the end of a and b together, at most window bytes.
func lastOf(a, b []byte) []byte {
	a = append(a, b[max(0, len(b)-window):]...)
	if n := len(a) - window; n > 0 {
		a = append(a[:0], a[n:]...)
	}
	return a
}

// tail deals with a last line that has no end. JSON tells by itself whether it
// is complete; other text waits until the file stands still.
func (l *lineReader) tail() {
	rest := l.buf[l.out:]
	body := bytes.TrimSpace(rest)
	switch {
	case len(body) == 0 || l.ahead > 0:
		if l.rest { // nothing more is to be had from it
			l.pos.Rest = l.ahead + int64(len(rest))
		}
	case !l.table && body[0] == '{':
		if json.Valid(body) {
			l.advance(rest, 0)
			l.out = len(l.buf)
		}
	case l.rest:
		l.pos.Rest = int64(len(rest))
		l.out = len(l.buf)
	}
}

// position is how far the file was read.
func (l *lineReader) position() *dataset.Position {
	p := l.pos
	p.Mark = markOf(l.first[:min(int64(len(l.first)), p.Offset)], l.last)
	return &p
}

// markOf is the hash of the beginning of a file and of what comes before an
// offset; both are at most window bytes.
func markOf(first, last []byte) string {
	h := sha256.New()
	_, _ = h.Write(first)
	_, _ = h.Write([]byte{0})
	_, _ = h.Write(last)
	return hex.EncodeToString(h.Sum(nil)[:16])
}
