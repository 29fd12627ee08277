package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// splitRow cuts one row of delimited text into fields, reusing dst. Fields
// share memory with row where they hold no escaped quote. Bytes that are not
// UTF-8 are an error that names their offset.
func splitRow(row []byte, delim byte, dst []string) ([]string, error) {
	dst = dst[:0]
	row = bytes.TrimSuffix(row, []byte{'\r'})
	for at := 0; ; {
		if at < len(row) && row[at] == '"' {
			field, next, err := quoted(row, at+1)
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
func quoted(row []byte, at int) (string, int, error) {
	start, doubled := at, false
	for {
		i := bytes.IndexByte(row[at:], '"')
		if i < 0 {
			return "", 0, errQuote
		}
		at += i + 1
		if at == len(row) || row[at] != '"' {
			break
		}
		doubled = true
		at++
	}
	field := viewText(row[start : at-1])
	if doubled {
		field = strings.ReplaceAll(field, `""`, `"`)
	}
	return field, at, nil
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
