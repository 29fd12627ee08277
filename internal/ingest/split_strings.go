package ingest

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// str moves through a string from offset i and returns the offset after what it
// could read.
func (v *valueSplitter) str(b []byte, i int, spans []span) (int, []span) {
	from := i
	if v.escaped {
		v.escaped = false
		i++
	}
	for {
		i += plain(b[min(i, len(b)):])
		if i >= len(b) {
			v.keep(b[from:])
			return len(b), spans
		}
		switch b[i] {
		case '"':
			v.keep(b[from:i])
			v.inString, v.wantKey = false, false
			if v.start >= 0 && v.place() == kindArray { // a string where a record should be
				spans = v.end(i+1, spans)
			}
			return i + 1, spans
		case '\\':
			if i+1 == len(b) {
				v.escaped = true
				v.keep(b[from:])
				return len(b), spans
			}
			i += 2
		case '\n':
			v.newline = true
			if v.compact {
				return i + 1, v.restart(i, errRaw, spans)
			}
			if v.bad == nil {
				v.bad = errRaw
			}
			v.inString, v.wantKey = false, false
			v.key = v.key[:0] // half a string is no key
			return i + 1, spans
		default:
			i++
		}
	}
}

func (v *valueSplitter) keep(b []byte) {
	switch {
	case !v.wantKey:
	case len(v.key)+len(b) <= maxKey:
		v.key = append(v.key, b...)
	default:
		v.key = append(v.key[:0], 0) // too long to be one we know, whatever follows
	}
}

// plain is the number of bytes at the start of b before a quote, a backslash or
// a newline, eight at a time.
func plain(b []byte) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		q, s, n := w^ones*'"', w^ones*'\\', w^ones*'\n'
		if m := ((q-ones)&^q | (s-ones)&^s | (n-ones)&^n) & highs; m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
	}
	if j := bytes.IndexAny(b[i:], "\"\\\n"); j >= 0 {
		return i + j
	}
	return len(b)
}
