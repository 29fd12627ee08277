package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/unicode"
)

// blank is n bytes of spaces without holding them.
func blank(n int64) io.Reader { return io.LimitReader(&endless{strings.Repeat(" ", 1<<16)}, n) }

func packed(t *testing.T, how string, r io.Reader) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	var err error
	if how == "gzip" {
		w, err = gzip.NewWriterLevel(&b, gzip.BestCompression)
	} else {
		w, err = zstd.NewWriter(&b)
	}
	if err == nil {
		_, err = io.Copy(w, r)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A few kilobytes that unpack to gigabytes are given up at the limits, and what
// came before stands. Both limits can be raised.
func TestBombs(t *testing.T) {
	bomb := func(how string, n int64) []byte {
		return packed(t, how, io.MultiReader(strings.NewReader(line("a")+line("b")), blank(n), strings.NewReader("\n"+line("c"))))
	}
	gz, zst := bomb("gzip", 200<<20), bomb("zstd", 200<<20)
	for _, tt := range []struct {
		name   string
		data   []byte
		opt    Options
		events int64
		err    string
	}{
		{"gzip", gz, Options{}, 2, "500 times as many: raise the ratio"},
		{"zstd", zst, Options{}, 2, "500 times as many: raise the ratio"},
		{"gzip in gzip", packed(t, "gzip", bytes.NewReader(gz)), Options{}, 2, "500 times as many"},
		{"zstd in gzip", packed(t, "gzip", bytes.NewReader(zst)), Options{}, 2, "500 times as many"},
		{"absolute size", gz, Options{MaxRatio: 1e6, MaxUnpacked: 100 << 20}, 2, "over 104857600 bytes of it: raise the limit"},
		{"raised", gz, Options{MaxRatio: 1e6}, 3, ""},
		{"small and very regular", packed(t, "zstd", strings.NewReader(strings.Repeat(line("a"), 100_000))), Options{}, 100_000, ""},
		{"three compressions", packed(t, "gzip", bytes.NewReader(packed(t, "gzip", bytes.NewReader(gz)))), Options{}, 0, "compressed more than 2 times over"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := collect(t, []Source{ReaderSource("x", bytes.NewReader(tt.data))}, tt.opt)["x"]
			if a.Events != tt.events {
				t.Errorf("%d events, want %d", a.Events, tt.events)
			}
			switch {
			case tt.err == "" && a.Err != nil:
				t.Errorf("unexpected %v", a.Err)
			case tt.err != "" && (a.Err == nil || !strings.Contains(a.Err.Error(), tt.err)):
				t.Errorf("error %v, want %q", a.Err, tt.err)
			}
			if a.DiskBytes > int64(len(tt.data)) || tt.err == "" && a.DiskBytes != int64(len(tt.data)) {
				t.Errorf("%d bytes on disk of %d", a.DiskBytes, len(tt.data))
			}
		})
	}
	if a := collect(t, []Source{ReaderSource("x", bytes.NewReader(gz))}, Options{})["x"]; !errors.Is(a.Err, ErrBomb) {
		t.Errorf("error %v", a.Err)
	}
}

// A line of a gigabyte costs its limit in memory.
func TestGigabyteLine(t *testing.T) {
	size := int64(1 << 30)
	if testing.Short() {
		size = 64 << 20
	}
	header := "Date (UTC),Request ID,Username,IP address,Status\n"
	for _, tt := range []struct {
		name               string
		size               int64
		before, in0, after string
	}{
		{"a.jsonl", size, line("a"), `{"id":"`, `"}` + "\n" + line("b")},
		{"b.json", size / 4, "[" + strings.TrimSpace(line("a")) + ",", `{"id":"`, `"},` + line("b") + "]"},
		{"c.csv", size / 4, header + "2026-03-02T08:00:00Z,a,ada@example.com,,Success\n", "x,", "\n2026-03-02T08:00:00Z,b,ada@example.com,,Success\n"},
	} {
		in := io.MultiReader(strings.NewReader(tt.before+tt.in0), &letters{left: tt.size}, strings.NewReader(tt.after))
		var peak uint64
		var events, bad int
		for b, err := range Read(context.Background(), []Source{ReaderSource(tt.name, in)}, Options{Workers: 1, MaxLine: 1 << 20}) {
			if err != nil {
				t.Fatal(err)
			}
			if b.FileErr != nil {
				t.Error(b.FileErr)
			}
			events, bad = events+len(b.Events), bad+len(b.Bad)
			var m runtime.MemStats
			if runtime.ReadMemStats(&m); m.HeapAlloc > peak {
				peak = m.HeapAlloc
			}
		}
		if events != 2 || bad != 1 {
			t.Errorf("%s: %d events, %d bad records", tt.name, events, bad)
		}
		if peak > 64<<20 {
			t.Errorf("%s: %d MB of memory", tt.name, peak>>20)
		}
	}
}

// letters is a long run of one letter.
type letters struct{ left int64 }

func (l *letters) Read(p []byte) (int, error) {
	if l.left == 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), l.left)
	for i := range p[:n] {
		p[i] = 'x'
	}
	l.left -= n
	return int(n), nil
}

// Brackets in brackets end as one bad record, in every shape that nests.
func TestDeepNesting(t *testing.T) {
	const deep = 1_000_000
	object := `{"id":` + strings.Repeat(`[`, deep) + strings.Repeat(`]`, deep) + `,"createdDateTime":"2026-03-02T08:00:00Z"}`
	for name, text := range map[string]string{
		"lines":     line("a") + object + "\n" + line("b"),
		"lines cut": line("a") + strings.Repeat(`{"a":`, deep) + "\n" + line("b"),
		"array":     "[" + strings.TrimSpace(line("a")) + "," + object + "," + line("b") + "]",
		"page":      `{"value":[` + strings.TrimSpace(line("a")) + "," + object + "," + line("b") + "]}",
	} {
		a := collect(t, []Source{ReaderSource(name, strings.NewReader(text))}, Options{})[name]
		if a.Events != 2 || a.Bad != 1 || a.Err != nil {
			t.Errorf("%s: %d events, %d bad, %v", name, a.Events, a.Bad, a.Err)
		}
	}
	// Nothing but brackets is no log, and is said to be none.
	for _, text := range []string{strings.Repeat("[", deep), strings.Repeat(`{"a":`, deep)} {
		a := collect(t, []Source{ReaderSource("x", strings.NewReader(text))}, Options{})["x"]
		if a.Events != 0 || a.Err == nil {
			t.Errorf("%.10s: %d events, %v", text, a.Events, a.Err)
		}
	}
}

// Text as UTF-16, in both byte orders, with and without its mark, whole and cut
// in the middle of a character.
func TestUTF16(t *testing.T) {
	text := strings.ReplaceAll(line("a")+line("b"), "ada@", "ad\u00e4\U0001f600@")
	for _, order := range []unicode.Endianness{unicode.LittleEndian, unicode.BigEndian} {
		for _, mark := range []unicode.BOMPolicy{unicode.UseBOM, unicode.IgnoreBOM} {
			data, err := unicode.UTF16(order, mark).NewEncoder().Bytes([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			name := fmt.Sprintf("order %v mark %v", order, mark)
			a := collect(t, []Source{ReaderSource(name, bytes.NewReader(data))}, Options{})[name]
			if a.Err != nil || a.Events != 2 || a.Bad != 0 {
				t.Errorf("%s: %d events, %d bad, %v", name, a.Events, a.Bad, a.Err)
			}
			cut := data[:len(data)/2+len(data)/2%2+41]
			a = collect(t, []Source{ReaderSource(name, bytes.NewReader(cut))}, Options{})[name]
			if a.Events != 1 || a.Bad != 1 {
				t.Errorf("%s, cut: %d events, %d bad, %v", name, a.Events, a.Bad, a.Err)
			}
		}
	}
}

// A file that cannot be opened when its turn comes is reported; the others are
// read.
func TestVanishedAndUnreadable(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.jsonl", "b.jsonl", "c.jsonl"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(line(name)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	sources, err := Expand([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "b.jsonl")); err != nil {
		t.Fatal(err)
	}
	accounts := collect(t, sources, Options{})
	if a := accounts[filepath.Join(dir, "b.jsonl")]; a == nil || !errors.Is(a.Err, fs.ErrNotExist) {
		t.Errorf("vanished file: %+v", a)
	}
	for _, name := range []string{"a.jsonl", "c.jsonl"} {
		if a := accounts[filepath.Join(dir, name)]; a.Events != 1 || a.Err != nil {
			t.Errorf("%s: %+v", name, a)
		}
	}
	if os.Getuid() == 0 {
		return // may read everything
	}
	if err := os.Chmod(filepath.Join(dir, "a.jsonl"), 0); err != nil {
		t.Fatal(err)
	}
	sources, err = Expand([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	accounts = collect(t, sources, Options{})
	if a := accounts[filepath.Join(dir, "a.jsonl")]; !errors.Is(a.Err, fs.ErrPermission) || accounts[filepath.Join(dir, "c.jsonl")].Events != 1 {
		t.Errorf("unreadable file: %+v", a)
	}
}

// A file that changes while it is read is named with what happened to it, and
// the next reading has what this one lacks.
func TestChangedWhileRead(t *testing.T) {
	const lines = 80_000 // more than the pipeline holds
	var whole strings.Builder
	for i := range lines {
		whole.WriteString(line(fmt.Sprint(i)))
	}
	more := whole.String() + line("new")
	for _, tt := range []struct {
		name   string
		change func(path string) error
		err    string
		next   int64 // events of the next reading
	}{
		{"nothing", func(string) error { return nil }, "", lines},
		{"grows", func(path string) error { return appendTo(path, line("new")) }, "it grew from", lines + 1},
		{"grows by half a line", func(path string) error { return appendTo(path, line("new")[:50]) }, "it grew from", lines},
		{"is cut", func(path string) error { return os.Truncate(path, int64(len(line("0")))) }, "it was cut from", 1},
		{"is replaced", func(path string) error {
			if err := os.WriteFile(path+".new", []byte(more), 0o600); err != nil {
				return err
			}
			return os.Rename(path+".new", path)
		}, "another file took its name", lines + 1},
		{"is moved away whole", func(path string) error { return os.Rename(path, path+".1") }, "", -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.jsonl")
			if err := os.WriteFile(path, []byte(whole.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			var a Account
			first := true
			for b, err := range Read(context.Background(), []Source{FileSource(path, -1)}, Options{Workers: 1}) {
				if err != nil {
					t.Fatal(err)
				}
				a.Add(b)
				if first {
					first = false
					if err := tt.change(path); err != nil {
						t.Fatal(err)
					}
				}
			}
			if (tt.err == "") != (a.Err == nil) || tt.err != "" && (!errors.Is(a.Err, ErrChanged) || !strings.Contains(a.Err.Error(), tt.err)) {
				t.Errorf("error %v, want %q", a.Err, tt.err)
			}
			if tt.next < 0 {
				return
			}
			next := collect(t, []Source{FileSource(path, -1)}, Options{})[path]
			if next.Err != nil || next.Events != tt.next {
				t.Errorf("next reading: %d events, want %d, %v", next.Events, tt.next, next.Err)
			}
		})
	}
}

func appendTo(path, text string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// A log may not make memory grow by a type of its own for every record.
func TestManyTypes(t *testing.T) {
	var a Account
	long := strings.Repeat("ä", 1<<20)
	for i := range 5000 {
		var c tally
		c.other(fmt.Sprint("type ", i))
		c.other(long)
		var b Batch
		c.fill(&b)
		b.Records = 2
		a.Add(&b)
	}
	var n int64
	for _, c := range a.NotSignIn {
		n += c.Count
		if len(c.Type) > maxTypeText+len("…") {
			t.Errorf("a type of %d bytes", len(c.Type))
		}
	}
	if n != 10_000 || len(a.NotSignIn) > maxTypesKept+1 {
		t.Errorf("%d records of %d types", n, len(a.NotSignIn))
	}
}
