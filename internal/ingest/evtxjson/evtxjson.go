// Package evtxjson reads Windows event log files (.evtx) as JSON lines: one
// object per event, {"Event": {"System": {…}, "EventData": {…}}}, in file order.
// An element is its text, or an object of "#attributes", its children by name
// (an array where a name occurs several times) and "#text".
//
// The format is that of Joachim Metz, "Windows XML Event Log (EVTX) format"
// (libevtx documentation): a header of 4 KiB, chunks of 64 KiB that stand for
// themselves, records of binary XML that fill in templates. What is damaged is
// passed over and reported at the end: a record costs itself, a chunk whose
// frame is damaged costs the rest of that chunk.
package evtxjson

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

const (
	// Magic begins a file.
	Magic = "ElfFile\x00"

	headerSize  = 4096
	chunkSize   = 65536
	chunkMagic  = "ElfChnk\x00"
	chunkHeader = 512
	recordMagic = 0x00002a2a
	recordFront = 24      // magic, size, number, time
	maxErrors   = 20      // damage named one by one; the rest is only counted
	maxLine     = 4 << 20 // of one event's JSON
)

// Reader is the JSON lines of one file. It is not safe for concurrent use.
type Reader struct {
	in    io.Reader
	chunk []byte
	count int    // chunks read
	dirty bool   // the log was in use when it was copied: checksums are stale
	out   []byte // encoded and not yet read
	off   int
	errs  []error
	more  int // damage not in errs
	done  bool
}

// Open reads the file's header.
func Open(in io.Reader) (*Reader, error) {
	head := make([]byte, headerSize)
	if _, err := io.ReadFull(in, head); err != nil {
		return nil, fmt.Errorf("header: %w", cutShort(err))
	}
	if string(head[:len(Magic)]) != Magic {
		return nil, errors.New("not a Windows event log file")
	}
	if major := binary.LittleEndian.Uint16(head[38:]); major != 3 {
		return nil, fmt.Errorf("version %d of the format is not known, 3 is", major)
	}
	return &Reader{in: in, chunk: make([]byte, chunkSize), dirty: binary.LittleEndian.Uint32(head[120:])&1 != 0}, nil
}

func cutShort(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the file is cut short")
	}
	return err
}

// Read implements io.Reader. Damage is its error after everything that could be
// read.
func (r *Reader) Read(p []byte) (int, error) {
	for r.off == len(r.out) {
		if r.done {
			return 0, r.end()
		}
		r.out, r.off = r.out[:0], 0
		r.next()
	}
	n := copy(p, r.out[r.off:])
	r.off += n
	return n, nil
}

// Close implements io.Closer; the source stays open.
func (r *Reader) Close() error { return nil }

func (r *Reader) end() error {
	if r.more > 0 {
		return errors.Join(append(r.errs, fmt.Errorf("and %d more damaged places", r.more))...)
	}
	if len(r.errs) > 0 {
		return errors.Join(r.errs...)
	}
	return io.EOF
}

func (r *Reader) damaged(format string, args ...any) {
	if len(r.errs) == maxErrors {
		r.more++
		return
	}
	r.errs = append(r.errs, fmt.Errorf(format, args...))
}

// next reads a chunk and appends the lines of its records.
func (r *Reader) next() {
	n, err := io.ReadFull(r.in, r.chunk)
	if err != nil {
		r.done = true
		switch {
		case errors.Is(err, io.EOF):
			return
		case !errors.Is(err, io.ErrUnexpectedEOF):
			r.damaged("chunk %d: %w", r.count+1, err)
			return
		}
		clear(r.chunk[n:])
	}
	r.count++
	if allZero(r.chunk[:n]) {
		return // space the log has not used yet
	}
	if n < chunkSize {
		r.damaged("chunk %d: the file is cut short", r.count)
	}
	if string(r.chunk[:len(chunkMagic)]) != chunkMagic {
		r.damaged("chunk %d: damaged: it does not begin with %q", r.count, chunkMagic[:7])
		return
	}
	r.checksums(n)
	r.records()
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// checksums reports a chunk whose content is not what was written. Its records
// are read all the same: most damage is in one of them.
func (r *Reader) checksums(n int) {
	if r.dirty || n < chunkSize {
		return
	}
	free := binary.LittleEndian.Uint32(r.chunk[48:])
	if free < chunkHeader || free > chunkSize {
		r.damaged("chunk %d: damaged header", r.count)
		return
	}
	if crc32.ChecksumIEEE(r.chunk[chunkHeader:free]) != binary.LittleEndian.Uint32(r.chunk[52:]) {
		r.damaged("chunk %d: the checksum of its records is wrong", r.count)
	}
}

// records reads records until the space that is not used.
func (r *Reader) records() {
	left := maxChunk
	limit := chunkSize
	if free := int(binary.LittleEndian.Uint32(r.chunk[48:])); !r.dirty && free >= chunkHeader && free <= chunkSize {
		limit = free // what follows is left of an earlier use of the space
	}
	for at := chunkHeader; at+recordFront+4 <= limit; {
		if binary.LittleEndian.Uint32(r.chunk[at:]) != recordMagic {
			if !allZero(r.chunk[at:min(at+recordFront, chunkSize)]) && at < int(binary.LittleEndian.Uint32(r.chunk[48:])) {
				r.damaged("chunk %d: no record at byte %d, the rest of the chunk is lost", r.count, at)
			}
			return
		}
		size := int64(binary.LittleEndian.Uint32(r.chunk[at+4:]))
		number := binary.LittleEndian.Uint64(r.chunk[at+8:])
		if size < recordFront+4 || int64(at)+size > chunkSize {
			r.damaged("chunk %d: record %d has an impossible size, the rest of the chunk is lost", r.count, number)
			return
		}
		end := at + int(size)
		mark := len(r.out)
		p := parser{b: r.chunk, pos: at + recordFront, end: end - 4, left: min(maxNodes, left)}
		root := p.document()
		left -= min(maxNodes, left) - max(p.left, 0)
		if p.err == nil {
			r.out = append(root.appendJSON(r.out), '\n')
		}
		if p.err == nil && len(r.out)-mark > maxLine {
			p.err = errLarge
		}
		if p.err != nil {
			r.out = r.out[:mark]
			r.damaged("chunk %d: record %d: %w", r.count, number, p.err)
		}
		at = end
	}
}
