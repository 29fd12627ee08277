package analysis

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frisk/internal/dataset"
	"frisk/internal/signin"
)

// signInLine is one Graph sign-in as JSON; n tells it from others.
func signInLine(n int) string {
	return fmt.Sprintf(`{"id":"11111111-0000-4000-8000-%012d","createdDateTime":"2026-05-04T08:%02d:%02dZ","userId":"aaaaaaaa-0000-4000-8000-000000000001","userPrincipalName":"ann@example.com","appId":"d7304df8-741f-47d3-9bc2-df0e24e2071f","ipAddress":"192.0.2.7","clientAppUsed":"Browser","status":{"errorCode":0},"isInteractive":true}`,
		n, n/60, n%60)
}

func signInLines(from, to int) string {
	var b strings.Builder
	for n := from; n <= to; n++ {
		b.WriteString(signInLine(n) + "\n")
	}
	return b.String()
}

// packedText is text compressed.
func packedText(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// following runs Follow over a folder; each pause between two looks takes one
// step and a minute of a clock of its own. After the last step there
// is one more look.
type following struct {
	t      *testing.T
	dir    string // of logs
	data   string
	clock  time.Time
	rounds []string
	warned []string
	stage  func() // hears of each reading
}

// Stage, Add and Done make it a Progress.
func (f *following) Stage(string, int64, bool) { f.stage() }
func (f *following) Add(int64)                 {}
func (f *following) Done()                     {}

func newFollowing(t *testing.T) *following {
	dir := t.TempDir()
	return &following{t: t, dir: filepath.Join(dir, "logs"), data: filepath.Join(dir, "data"), clock: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}
}

func (f *following) path(name string) string { return filepath.Join(f.dir, name) }

// write replaces a file, add appends to it. Each gets a time of its own, since a
// file system's clock is too coarse to tell two steps of a test apart.
func (f *following) write(name, text string) func() {
	return func() {
		if err := os.MkdirAll(f.dir, 0o700); err != nil {
			f.t.Fatal(err)
		}
		if err := os.WriteFile(f.path(name), []byte(text), 0o600); err != nil {
			f.t.Fatal(err)
		}
		f.touch(name)
	}
}

func (f *following) add(name, text string) func() {
	return func() {
		b, err := os.ReadFile(f.path(name))
		if err != nil {
			f.t.Fatal(err)
		}
		f.write(name, string(b)+text)()
	}
}

func (f *following) touch(name string) {
	if err := os.Chtimes(f.path(name), f.clock, f.clock); err != nil {
		f.t.Fatal(err)
	}
}

func (f *following) run(steps ...func()) {
	f.t.Helper()
	ctx, cancel := context.WithCancel(f.t.Context())
	defer cancel()
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		f.t.Fatal(err)
	}
	opt := Options{Data: f.data, Threads: 1, Warn: func(s string) { f.warned = append(f.warned, s) }}
	if f.stage != nil {
		opt.Progress = f
	}
	err := Follow(ctx, &Config{}, opt, []string{f.dir}, IngestOptions{}, FollowOptions{
		Interval: time.Minute,
		Now:      func() time.Time { return f.clock },
		Wait: func(context.Context, time.Duration) error {
			f.clock = f.clock.Add(time.Minute)
			if len(steps) == 0 {
				cancel()
				return ctx.Err()
			}
			steps[0]()
			steps = steps[1:]
			return nil
		},
		Round: func(r *IngestResult) {
			c := r.Total
			f.rounds = append(f.rounds, fmt.Sprintf("%d new %d known %d bad", c.Kept+c.Superseded, c.Duplicate, c.Quarantined))
			if sum := c.Kept + c.Superseded + c.Duplicate + c.Quarantined + c.Other + c.Outside; sum != c.Read {
				f.t.Errorf("the counts add up to %d of %d", sum, c.Read)
			}
		},
	})
	if err != nil {
		f.t.Fatal(err)
	}
}

// lines are the events in the dataset: the number in the id and the line.
func (f *following) lines() []string {
	f.t.Helper()
	d, err := dataset.Open(f.data)
	if err != nil {
		f.t.Fatal(err)
	}
	r, err := d.Reader(signin.NeedAll())
	if err != nil {
		f.t.Fatal(err)
	}
	defer r.Close()
	var out []string
	for e, err := range r.All(f.t.Context()) {
		if err != nil {
			f.t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%s %s:%d", strings.TrimLeft(e.ID[24:], "0"), filepath.Base(e.Raw.File), e.Raw.Line))
	}
	slices.Sort(out)
	return out
}

func (f *following) want(rounds []string, lines ...string) {
	f.t.Helper()
	if diff := cmp.Diff(rounds, f.rounds); diff != "" {
		f.t.Errorf("rounds (-want +got):\n%s", diff)
	}
	slices.Sort(lines)
	if diff := cmp.Diff(lines, f.lines()); diff != "" {
		f.t.Errorf("sign-ins (-want +got):\n%s", diff)
	}
}

func TestFollowGrowingLines(t *testing.T) {
	f := newFollowing(t)
	half := signInLine(3)
	f.write("a.jsonl", signInLines(1, 2)+half[:40])()
	f.run(
		func() {},                           // nothing new: no commit
		f.add("a.jsonl", half[40:200]),      // still no end
		f.add("a.jsonl", half[200:]+"\n\n"), // now
		f.add("a.jsonl", signInLine(4)),     // JSON shows its end without a newline
		f.add("a.jsonl", "\n"+signInLine(5)+"\n"+half[:9]),
	)
	f.want([]string{"2 new 0 known 0 bad", "1 new 0 known 0 bad", "1 new 0 known 0 bad", "1 new 0 known 0 bad"},
		"1 a.jsonl:1", "2 a.jsonl:2", "3 a.jsonl:3", "4 a.jsonl:5", "5 a.jsonl:6")
	if len(f.warned) != 1 || !strings.Contains(f.warned[0], "the last 9 bytes are not read yet") {
		t.Errorf("warnings: %q", f.warned)
	}
	// A later run goes on where this one ended.
	f.rounds, f.warned = nil, nil
	f.run(f.write("a.jsonl", signInLines(1, 3)+"\n"+signInLines(4, 7)))
	f.want([]string{"2 new 0 known 0 bad"},
		"1 a.jsonl:1", "2 a.jsonl:2", "3 a.jsonl:3", "4 a.jsonl:5", "5 a.jsonl:6", "6 a.jsonl:7", "7 a.jsonl:8")
}

func TestFollowNewFilesAndFolders(t *testing.T) {
	f := newFollowing(t)
	f.run(
		f.write("b.jsonl", signInLines(3, 4)),
		f.write("a.jsonl", signInLines(1, 2)),
		func() {
			if err := os.Remove(f.path("b.jsonl")); err != nil {
				t.Fatal(err)
			}
		},
		f.write("c.jsonl", signInLines(4, 5)),
	)
	f.want([]string{"2 new 0 known 0 bad", "2 new 0 known 0 bad", "1 new 1 known 0 bad"},
		"1 a.jsonl:1", "2 a.jsonl:2", "3 b.jsonl:1", "4 b.jsonl:2", "5 c.jsonl:2")
}

// A file that shrank, or whose beginning or place of the last reading changed,
// is read from its beginning; what was known is a duplicate.
func TestFollowRewritten(t *testing.T) {
	long := signInLines(1, 20)
	other := strings.Replace(long, "errorCode\":0", "errorCode\":50126", 1) // the first line
	late := strings.Replace(long, signInLine(20), strings.Replace(signInLine(20), "192.0.2.7", "192.0.2.9", 1), 1)
	for name, c := range map[string]struct {
		next string
		want []string
	}{
		"shrunk":           {signInLines(3, 5), []string{"20 new 0 known 0 bad", "0 new 3 known 0 bad"}},
		"rotated":          {signInLines(21, 59), []string{"20 new 0 known 0 bad", "39 new 0 known 0 bad"}},
		"beginning":        {other + signInLines(21, 21), []string{"20 new 0 known 0 bad", "2 new 19 known 0 bad"}},
		"before the end":   {late + signInLines(21, 21), []string{"20 new 0 known 0 bad", "2 new 19 known 0 bad"}},
		"grown":            {long + signInLines(21, 21), []string{"20 new 0 known 0 bad", "1 new 0 known 0 bad"}},
		"same, other time": {long, []string{"20 new 0 known 0 bad"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFollowing(t)
			f.write("a.jsonl", long)()
			f.run(f.write("a.jsonl", c.next))
			if diff := cmp.Diff(c.want, f.rounds); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Compressed files and pages are read when they have stood still for a minute,
// and again when they have changed.
func TestFollowWholeFiles(t *testing.T) {
	f := newFollowing(t)
	page := func(from, to int) string {
		return `{"value":[` + strings.TrimSuffix(strings.ReplaceAll(signInLines(from, to), "\n", ","), ",") + "]}"
	}
	f.run(
		f.write("a.jsonl.gz", packedText(t, signInLines(1, 3))[:60]), // being copied
		f.write("a.jsonl.gz", packedText(t, signInLines(1, 3))),
		f.write("p.json", page(4, 5)),
		func() {},
		func() {},
		f.write("p.json", page(4, 6)),
		func() {},
		func() {},
	)
	f.want([]string{"3 new 0 known 0 bad", "2 new 0 known 0 bad", "1 new 2 known 0 bad"},
		"1 a.jsonl.gz:1", "2 a.jsonl.gz:2", "3 a.jsonl.gz:3", "4 p.json:1", "5 p.json:2", "6 p.json:3")
}

// A table keeps its header; a line's end inside quotes does not end a row; a
// last row without an end is read once the file stands still, and again when it
// has grown.
func TestFollowTable(t *testing.T) {
	f := newFollowing(t)
	header := "Date (UTC),Request ID,User ID,Username,Application,IP address,Status,Sign-in error code\r\n"
	row := func(n int, app, end string) string {
		return fmt.Sprintf("2026-05-04T08:00:%02dZ,11111111-0000-4000-8000-%012d,aaaaaaaa-0000-4000-8000-000000000001,ann@example.com,%s,192.0.2.7,Success,%s", n, n, app, end)
	}
	f.write("t.csv", "\ufeff"+header+row(1, "Mail", "\r\n")+row(2, "\"two\nlines", ""))()
	f.run(
		f.add("t.csv", "\",192.0.2.7,Success,\r\n"),
		f.add("t.csv", row(3, "Mail", "")),
		func() {}, func() {}, // it stands still
		f.add("t.csv", "\r\n"+row(4, "Mail", "\r\n")),
	)
	f.want([]string{"1 new 0 known 0 bad", "1 new 0 known 0 bad", "1 new 0 known 0 bad", "1 new 1 known 0 bad"},
		"1 t.csv:2", "2 t.csv:3", "3 t.csv:5", "4 t.csv:6")
}

// A file no format fits is told once, not at every look, and tried again when it
// has changed.
func TestFollowUnknownFormat(t *testing.T) {
	f := newFollowing(t)
	f.write("x.txt", "nothing that is a log\n")()
	f.run(func() {}, func() {}, func() {}, f.write("x.txt", signInLines(1, 1)), func() {})
	f.want([]string{"1 new 0 known 0 bad"}, "1 x.txt:1")
	if len(f.warned) != 1 || !strings.Contains(f.warned[0], "no format fits") {
		t.Errorf("warnings: %q", f.warned)
	}
}

func TestFollowRefusesWhatCannotGrow(t *testing.T) {
	for _, path := range []string{"-", "https://example.com/a.jsonl?sig=TopSecret"} {
		err := Follow(t.Context(), &Config{}, Options{Data: t.TempDir()}, []string{path}, IngestOptions{}, FollowOptions{})
		if err == nil || strings.Contains(err.Error(), "TopSecret") {
			t.Errorf("%s: got %v", path, err)
		}
	}
}
