package analysis

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// repeatDays is how far one pass over the input lies after the one before: the
// span of the sample tenant.
const repeatDays = 90

// repeatJob writes Rows sign-ins to standard output: the log Input as often as
// it takes, each pass later in time and with ids of its own. It is several
// times as fast as the generator, so what reads it is not kept waiting.
func repeatJob(_ context.Context, j *job) (outcome, error) {
	w := bufio.NewWriterSize(os.Stdout, 1<<20)
	left := j.Rows
	for pass := uint32(0); left > 0; pass++ {
		n, err := repeatPass(w, j.Input, pass, left)
		if err != nil {
			return outcome{}, err
		}
		if n == 0 {
			return outcome{}, fmt.Errorf("repeat %q: it has no lines", j.Input)
		}
		left -= n
	}
	return outcome{}, w.Flush()
}

func repeatPass(w io.Writer, file string, pass uint32, left int64) (n int64, err error) {
	f, err := os.Open(file)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 1<<20)
	days := map[string]string{}
	for n < left {
		line, err := r.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		if pass > 0 {
			if err := repeatLine(line, pass, days); err != nil {
				return n, err
			}
		}
		if _, err := w.Write(line); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// repeatLine changes times and ids in place.
func repeatLine(line []byte, pass uint32, days map[string]string) error {
	mask := pass * 0x9e3779b1
	rest := line
	for _, key := range []string{`"time":"`, `"correlationId":"`, `"properties":{"id":"`, `"createdDateTime":"`, `"correlationId":"`, `"originalRequestId":"`, `"uniqueTokenIdentifier":"`, `"sessionId":"`} {
		i := bytes.Index(rest, []byte(key))
		if i < 0 {
			if key == `"sessionId":"` {
				return nil // null
			}
			return fmt.Errorf("repeat a line: no member %s in order", key)
		}
		rest = rest[i+len(key):]
		switch key {
		case `"time":"`, `"createdDateTime":"`:
			day, ok := days[string(rest[:10])]
			if !ok {
				t, err := time.Parse(time.DateOnly, string(rest[:10]))
				if err != nil {
					return err
				}
				day = t.AddDate(0, 0, repeatDays*int(pass)).Format(time.DateOnly)
				days[string(rest[:10])] = day
			}
			copy(rest, day)
		case `"uniqueTokenIdentifier":"`:
			var b [16]byte
			if _, err := base64.RawURLEncoding.Decode(b[:], rest[:22]); err != nil {
				return err
			}
			binary.LittleEndian.PutUint32(b[:], binary.LittleEndian.Uint32(b[:])^mask)
			base64.RawURLEncoding.Encode(rest[:22], b[:])
		default:
			var b [4]byte
			if _, err := hex.Decode(b[:], rest[:8]); err != nil {
				return err
			}
			binary.BigEndian.PutUint32(b[:], binary.BigEndian.Uint32(b[:])^mask)
			hex.Encode(rest[:8], b[:])
		}
	}
	return nil
}
