package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
)

const (
	chunkSize = 512 << 10 // measured: 256 KiB to 1 MiB is best
	headSize  = 64 << 10  // what detection looks at
	rawKept   = 4 << 10   // bytes kept of a record over the limit

	// DefaultMaxLine is the longest record read when Options.MaxLine is zero. A
	// sign-in with hundreds of policies stays under 1 MiB.
	DefaultMaxLine = 16 << 20
)

// span is one record of a chunk: data[start:end].
type span struct {
	start, end int
	line       int64
	err        error  // set when the record is known to be bad already
	raw        []byte // of such a record when it is not in the chunk
}

// chunk is a piece of a file: whole records, in memory nobody else writes to
// until the batch made of it is released, so that decoded strings may point into it.
type chunk struct {
	file  *file
	data  []byte
	buf   []byte // all of the memory data lies in
	spans []span
	last  bool
	disk  int64 // of the last chunk: the size of the source as stored
	err   error // of the file
	out   chan *Batch
}

// A splitter finds the records of a stream that arrives in pieces.
type splitter interface {
	// scan looks at b[from:] and adds the records that end there to spans. At eof
	// an unfinished record is added too.
	scan(b []byte, from int, eof bool, spans []span) []span
	// pending is the offset where the unfinished record begins, or the end of what
	// was scanned when there is none.
	pending() int
	// drop forgets n bytes at the beginning of the buffer.
	drop(n int)
	// abandon gives up the unfinished record, whose rest is passed over unread,
	// and returns its line.
	abandon() int64
	// finish says what is wrong with the end of the input.
	finish() error
}

// cut reads in to its end and hands whole chunks to emit. Memory is bounded by
// maxLine plus a chunk. The error is the file's.
func cut(ctx context.Context, f *file, in io.Reader, head []byte, headEOF bool, sp splitter, emit func(*chunk) bool) error {
	maxLine := f.opt.MaxLine
	buf := newBuffer() // longer than the head
	n, pos, eof := copy(buf, head), 0, headEOF
	var spans []span
	var readErr error
	for {
		spans = sp.scan(buf[:n], pos, eof, spans)
		pos = n
		if eof {
			if !emit(&chunk{file: f, data: buf[:n:n], buf: buf, spans: spans}) {
				return ctx.Err()
			}
			return errors.Join(readErr, sp.finish())
		}
		if n == len(buf) {
			start := sp.pending()
			switch {
			case start > 0:
				// What is left over moves before the chunk goes, whose memory may be
				// used again at once.
				rest := buf[start:n]
				next := newBuffer()
				if len(rest) > len(next)/2 {
					next = make([]byte, 2*len(rest))
				}
				n = copy(next, rest)
				if !emit(&chunk{file: f, data: buf[:start:start], buf: buf, spans: spans}) {
					return ctx.Err()
				}
				spans = make([]span, 0, len(spans)+len(spans)/8)
				buf = next
			case n > maxLine:
				line := sp.abandon()
				spans = append(spans, span{
					line: line, raw: append([]byte(nil), buf[:min(n, rawKept)]...),
					err: fmt.Errorf("record longer than %d bytes, the rest is skipped", maxLine),
				})
				start = n
				// The passed-over bytes are emitted so that the accounting adds up.
				if !emit(&chunk{file: f, data: buf[:n:n], buf: buf, spans: spans}) {
					return ctx.Err()
				}
				spans, buf, n = nil, newBuffer(), 0
			default:
				bigger := make([]byte, min(2*len(buf), max(maxLine, len(buf))+1))
				copy(bigger, buf)
				buf = bigger
			}
			sp.drop(start)
			pos = n
		}
		m, err := in.Read(buf[n:])
		n += m
		if err != nil {
			eof = true
			if err != io.EOF {
				readErr = err
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}
