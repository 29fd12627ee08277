package dataset

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/zeebo/xxh3"
)

// BadRecord is a record that could not become an event.
type BadRecord struct {
	Line   int64  // 1-based, as in signin.Raw
	Format string // the format it was read as
	Cause  string
	Raw    []byte // as read
}

// quarantine writes one file per source with bad records, an object a line:
//
//	{"file": …, "line": …, "format": …, "cause": …, "raw": …}
//
// where "raw" is text, or "raw_base64" stands for it when the bytes are not
// UTF-8. Nothing is made for a source without bad records.
type quarantine struct {
	d      *Dataset
	commit uint64
	files  map[string]*quarantineWriter
	names  []string          // in order of first sight
	known  []Source          // as the dataset has them
	before map[string]Source // those of known that go on
}

type quarantineWriter struct {
	f    *os.File
	w    *bufio.Writer
	name string
	n    int64
}

type quarantineFile struct {
	name string
	n    int64
	sum  string
}

type quarantineLine struct {
	File   string `json:"file"`
	Line   int64  `json:"line"`
	Format string `json:"format,omitempty"`
	Cause  string `json:"cause"`
	Raw    string `json:"raw,omitempty"`
	RawB64 []byte `json:"raw_base64,omitempty"`
}

func (q *quarantine) init(d *Dataset, commit uint64) {
	q.d, q.commit, q.files = d, commit, map[string]*quarantineWriter{}
}

// Quarantine keeps bad records of a source. They are stored, and the previous
// ones of that source replaced unless it goes on (Continue), by Commit.
func (a *Appender) Quarantine(source string, records ...BadRecord) error {
	for i := range records {
		if err := a.quar.add(source, &records[i]); err != nil {
			return fmt.Errorf("quarantine %q line %d: %w", source, records[i].Line, err)
		}
	}
	return nil
}

// maxOpenQuarantine is how many quarantine files are held open at once.
const maxOpenQuarantine = 32

func (q *quarantine) add(source string, r *BadRecord) error {
	w, err := q.open(source)
	if err != nil {
		return err
	}
	line := quarantineLine{File: source, Line: r.Line, Format: r.Format, Cause: r.Cause}
	if utf8.Valid(r.Raw) {
		line.Raw = string(r.Raw)
	} else {
		line.RawB64 = r.Raw
	}
	enc := json.NewEncoder(w.w)
	enc.SetEscapeHTML(false)
	w.n++
	return enc.Encode(line)
}

func (q *quarantine) open(source string) (*quarantineWriter, error) {
	w := q.files[source]
	if w == nil {
		w = &quarantineWriter{name: fmt.Sprintf("%s-%08x-%d.ndjson", slug(source), uint32(xxh3.HashString(source)), q.commit)} //nolint:gosec // low bits
		q.files[source] = w
		q.names = append(q.names, source)
	}
	if w.f != nil {
		return w, nil
	}
	if err := q.makeRoom(); err != nil {
		return nil, err
	}
	flags := os.O_CREATE | os.O_WRONLY | os.O_APPEND
	if w.n == 0 {
		flags = os.O_CREATE | os.O_WRONLY | os.O_TRUNC
	}
	f, err := os.OpenFile(filepath.Join(q.d.dir, quarantineDir, w.name), flags, 0o600) //nolint:gosec // inside the dataset folder
	if err != nil {
		return nil, err
	}
	w.f, w.w = f, bufio.NewWriter(f)
	if old, goesOn := q.before[source]; goesOn && w.n == 0 {
		if err := q.prepend(w.w, &old); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// makeRoom closes every open file when there are too many.
func (q *quarantine) makeRoom() error {
	n := 0
	for _, w := range q.files { // counted, order irrelevant
		if w.f != nil {
			n++
		}
	}
	if n < maxOpenQuarantine {
		return nil
	}
	return q.closeFiles()
}

func (q *quarantine) closeFiles() error {
	var errs []error
	for _, name := range q.names {
		if w := q.files[name]; w.f != nil {
			errs = append(errs, closeSynced(w.f, w.w.Flush()))
			w.f, w.w = nil, nil
		}
	}
	return errors.Join(errs...)
}

// close syncs the files and names them by source.
func (q *quarantine) close() (map[string]quarantineFile, error) {
	if err := q.closeFiles(); err != nil {
		return nil, fmt.Errorf("write quarantine: %w", err)
	}
	out := map[string]quarantineFile{}
	for _, name := range q.names {
		w := q.files[name]
		sum, err := fileSum(filepath.Join(q.d.dir, quarantineDir, w.name))
		if err != nil {
			return nil, fmt.Errorf("write quarantine: %w", err)
		}
		out[name] = quarantineFile{w.name, w.n, sum}
	}
	return out, nil
}

// slug is the last element of a path, made safe as a file name.
func slug(source string) string {
	base := source[strings.LastIndexAny(source, `/\`)+1:]
	s := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '_' {
			return r
		}
		return '-'
	}, base)
	return strings.TrimLeft(s[:min(len(s), 80)], ".-")
}
