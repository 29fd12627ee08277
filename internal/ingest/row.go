package ingest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"unicode/utf8"
	"unsafe"
)

// splitRow cuts one row of delimited text into fields, reusing dst. Fields
// share memory with row where they hold no escaped quote. Bytes that are not
// UTF-8 are an error that names their offset.
func splitRow(row []byte, delim byte, dst []string) ([]string, error) {
	return splitRowInto(&arena{once: true}, row, delim, dst)
}

// splitRowInto is splitRow with memory for the fields that hold escaped quotes.
func splitRowInto(room *arena, row []byte, delim byte, dst []string) ([]string, error) {
	dst = dst[:0]
	row = bytes.TrimSuffix(row, []byte{'\r'})
	for at := 0; ; {
		if at < len(row) && row[at] == '"' {
			field, next, err := quoted(room, row, at+1)
			if err != nil {
				return dst, err
			}
			dst = append(dst, field)
			at = next
			if at == len(row) {
				return dst, nil
			}
			if row[at] != delim {
				return dst, errQuote
			}
			at++
			continue
		}
		end := bytes.IndexByte(row[at:], delim)
		if end < 0 {
			return append(dst, viewText(row[at:])), nil
		}
		dst = append(dst, viewText(row[at:at+end]))
		at += end + 1
	}
}

// quoted reads a field from after its opening quote and returns the offset
// after the closing one.
func quoted(room *arena, row []byte, at int) (string, int, error) {
	i := nextQuote(row, at)
	if i >= len(row) {
		return "", 0, errQuote
	}
	if i+1 == len(row) || row[i+1] != '"' {
		return viewText(row[at:i]), i + 1, nil
	}
	out := room.take(len(row) - at)
	for {
		out = append(out, row[at:i+1]...) // with one quote of the two
		at = i + 2
		if i = nextQuote(row, at); i >= len(row) {
			return "", 0, errQuote
		}
		if i+1 == len(row) || row[i+1] != '"' {
			out = append(out, row[at:i]...)
			room.keep(len(out))
			return viewText(out), i + 1, nil
		}
	}
}

// nextQuote is the offset of the first quote from at on, len(b) when there is
// none. Quotes are dense where a cell holds JSON, so it looks at eight bytes at
// a time instead of calling for a search.
func nextQuote(b []byte, at int) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for ; at+8 <= len(b); at += 8 {
		w := binary.LittleEndian.Uint64(b[at:]) ^ ones*'"'
		if m := (w - ones) &^ w & highs; m != 0 {
			return at + bits.TrailingZeros64(m)/8
		}
	}
	for ; at < len(b) && b[at] != '"'; at++ {
	}
	return at
}

func viewText(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	return unsafe.String(&b[0], len(b)) //nolint:gosec // chunk memory is never modified
}

var errNUL = errors.New("a NUL byte")

// checkText reports the first byte of a row that text cannot hold.
func checkText(row []byte) error {
	if i := bytes.IndexByte(row, 0); i >= 0 {
		return fmt.Errorf("%w at byte %d", errNUL, i)
	}
	if utf8.Valid(row) {
		return nil
	}
	for i := 0; i < len(row); {
		r, n := utf8.DecodeRune(row[i:])
		if r == utf8.RuneError && n == 1 {
			return fmt.Errorf("invalid UTF-8 at byte %d (0x%02x): save the file as UTF-8", i, row[i])
		}
		i += n
	}
	return nil
}
