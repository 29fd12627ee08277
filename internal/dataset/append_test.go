package dataset

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frisk/internal/signin"
)

// Whatever the order and the batches events arrive in, the same dataset results.
func TestOrderOfArrivalDoesNotMatter(t *testing.T) {
	g := newGenerator(5, 40)
	g.second = true
	events := g.events(4000)
	want := inOrder(events)
	for _, c := range []struct {
		name    string
		rows    int
		commits int
		shuffle bool
	}{
		{"one run", 5000, 1, false},
		{"many runs", 333, 1, false},
		{"shuffled, one run", 5000, 1, true},
		{"shuffled, many runs", 450, 3, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := append([]signin.Event(nil), events...)
			if c.shuffle {
				rand.New(rand.NewPCG(7, 7)).Shuffle(len(in), func(i, j int) { in[i], in[j] = in[j], in[i] })
			}
			d := create(t)
			n := len(in) / c.commits
			for i := range c.commits {
				end := (i + 1) * n
				if i == c.commits-1 {
					end = len(in)
				}
				ingest(t, d, AppendOptions{BufferRows: c.rows, MaxRuns: 100}, in[i*n:end])
			}
			if diff := diff(want, stored(t, d)); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
			if err := d.Compact(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := len(d.Manifest().Runs); n != 1 {
				t.Errorf("%d runs after Compact", n)
			}
			if diff := diff(want, stored(t, d)); diff != "" {
				t.Errorf("stored after Compact (-want +got):\n%s", diff)
			}
			if sum := ingest(t, d, AppendOptions{}, in); sum.Total.Kept != 0 || sum.Total.Duplicate != int64(len(in)) {
				t.Errorf("again after Compact: %+v", sum.Total)
			}
		})
	}
}

func TestSameEventsAgainAddNothing(t *testing.T) {
	events := newGenerator(6, 40).events(1000)
	d := create(t)
	first := ingest(t, d, AppendOptions{BufferRows: 150}, events)
	if first.Total.Kept != 1000 || first.Total.Duplicate != 0 || first.Rows != 1000 {
		t.Fatalf("first: %+v", first)
	}
	before := d.Manifest()
	again := append([]signin.Event(nil), events...)
	for i := range again {
		again[i].Raw = signin.Raw{File: "copy.json.gz", Line: int64(i)}
	}
	again = append(again, again[:10]...)
	sum := ingest(t, d, AppendOptions{BufferRows: 377}, again)
	if sum.Total.Kept != 0 || sum.Total.Duplicate != 1010 || sum.Total.Superseded != 0 || sum.Rows != 1000 {
		t.Errorf("again: %+v", sum.Total)
	}
	if diff := cmp.Diff(before.Runs, d.Manifest().Runs); diff != "" {
		t.Errorf("runs changed:\n%s", diff)
	}
	want := []Source{
		{Name: "copy.json.gz", Duplicate: 1010, Ingests: 1, First: events[0].Time, Last: events[999].Time},
		{Name: "made-up.json", Kept: 1000, KeptEver: 1000, Ingests: 1, First: events[0].Time, Last: events[999].Time},
	}
	if diff := cmp.Diff(want, d.Manifest().Sources); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}
}

// version is one record under a changing content.
func version(id string, detail string) signin.Event {
	return signin.Event{
		Time: signin.Earliest + signin.Day, ID: id, Provider: "entra", Tenant: "t",
		Principal: signin.Principal{ID: "p"}, Detail: detail, Raw: signin.Raw{File: "f-" + detail},
	}
}

func TestSuperseding(t *testing.T) {
	details := func(d *Dataset) (out string) {
		for _, e := range stored(t, d) {
			out += e.ID + "=" + e.Detail + " "
		}
		return out
	}
	type step struct {
		events []signin.Event
		want   string
		kept   int64
		dup    int64
		super  int64
	}
	a1, a2, a3, b := version("a", "1"), version("a", "2"), version("a", "3"), version("b", "1")
	for _, c := range []struct {
		name  string
		rows  int
		steps []step
	}{
		{"later ingest wins", 100, []step{
			{[]signin.Event{a1, b}, "a=1 b=1 ", 2, 0, 0},
			{[]signin.Event{a2}, "a=2 b=1 ", 1, 0, 1},
			{[]signin.Event{a1, a2, b}, "a=2 b=1 ", 0, 3, 0}, // both versions are known
			{[]signin.Event{a3}, "a=3 b=1 ", 1, 0, 1},
		}},
		{"within a buffer", 100, []step{
			{[]signin.Event{a1, a2, b, a1}, "a=2 b=1 ", 3, 1, 1},
			{[]signin.Event{a1, a2, b}, "a=2 b=1 ", 0, 3, 0},
		}},
		{"across the buffers of one ingest", 1, []step{
			{[]signin.Event{a1, b, a2}, "a=2 b=1 ", 3, 0, 1},
			{[]signin.Event{a1, b, a2}, "a=2 b=1 ", 0, 3, 0},
		}},
		{"known version, then a new one", 100, []step{
			{[]signin.Event{a1}, "a=1 ", 1, 0, 0},
			{[]signin.Event{a1, a2}, "a=2 ", 1, 1, 1},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := create(t)
			for i, s := range c.steps {
				sum := ingest(t, d, AppendOptions{BufferRows: c.rows}, s.events)
				if got := details(d); got != s.want {
					t.Errorf("step %d: stored %q, want %q", i, got, s.want)
				}
				got := [3]int64{sum.Total.Kept, sum.Total.Duplicate, sum.Total.Superseded}
				if want := [3]int64{s.kept, s.dup, s.super}; got != want {
					t.Errorf("step %d: kept, duplicate, superseded %v, want %v", i, got, want)
				}
			}
			last := c.steps[len(c.steps)-1].want
			if err := d.Compact(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := details(d); got != last {
				t.Errorf("after Compact: %q, want %q", got, last)
			}
			if f := d.TombstoneFile(); f != "" {
				t.Errorf("tombstones left after Compact: %q", f)
			}
			if sum := ingest(t, d, AppendOptions{}, []signin.Event{a1}); sum.Total.Duplicate != 1 || details(d) != last {
				t.Errorf("an old version after Compact: %+v, %q", sum.Total, details(d))
			}
		})
	}
}

// The same id in another tenant or provider is another record.
func TestIDsAreOfTheirTenant(t *testing.T) {
	a := version("same", "1")
	b, c := a, a
	b.Tenant, c.Provider = "u", "okta"
	d := create(t)
	if sum := ingest(t, d, AppendOptions{}, []signin.Event{a, b, c}); sum.Total.Kept != 3 {
		t.Fatalf("%+v", sum.Total)
	}
	found, err := reader(t, d, signin.Need{}).Find(t.Context(), "same")
	if err != nil || len(found) != 3 {
		t.Errorf("found %d, %v", len(found), err)
	}
}

func TestAbortAndCancelLeaveNothing(t *testing.T) {
	events := newGenerator(8, 10).events(500)
	d := create(t)
	ingest(t, d, AppendOptions{}, events[:100])
	before := d.Manifest()
	orphan := d.runPath("000099")
	if err := os.WriteFile(orphan, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := d.AppendWith(t.Context(), AppendOptions{BufferRows: 50})
	if err != nil {
		t.Fatal(err)
	}
	for i := range events {
		if err := a.Add(&events[i]); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(orphan); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("leftover of a killed writer: %v", err)
	}
	a.Abort()
	ctx, cancel := context.WithCancel(t.Context())
	b, err := d.AppendWith(ctx, AppendOptions{BufferRows: 50})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	for i := range events {
		if err = b.Add(&events[i]); err != nil {
			break
		}
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Add after cancel: %v", err)
	}
	if _, err := b.Commit(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Commit after cancel: %v", err)
	}
	now, err := Open(d.Dir())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, now.Manifest()); diff != "" {
		t.Errorf("manifest changed:\n%s", diff)
	}
	ingest(t, d, AppendOptions{}, nil)
	names, err := filepath.Glob(filepath.Join(d.Dir(), runsDir, "*"))
	if err != nil || len(names) != 2 {
		t.Errorf("runs folder: %q, %v", names, err)
	}
}

func TestAddRefusesInvalidEvents(t *testing.T) {
	d := create(t)
	a, err := d.Append(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Abort()
	if err := a.Add(&signin.Event{ID: "x", Raw: signin.Raw{File: "f.json", Line: 3}}); !errors.Is(err, signin.ErrNoTime) ||
		!strings.Contains(err.Error(), `"f.json" line 3`) {
		t.Errorf("got %v", err)
	}
}

// A buffer ends early when its texts grow, and nothing it was given is kept alive.
func TestTextsBoundTheBuffer(t *testing.T) {
	d := create(t)
	var events []signin.Event
	for i := range 3000 {
		e := version(strings.Repeat("i", i%7+1)+string(rune('a'+i%26))+strings.Repeat("x", i/26), "d")
		e.UserAgent = strings.Repeat("u", 1000) + e.ID
		events = append(events, e)
	}
	ingest(t, d, AppendOptions{BufferTexts: 1 << 20}, events)
	if n := len(d.Manifest().Runs); n < 2 {
		t.Errorf("%d runs", n)
	}
	if diff := diff(inOrder(events), stored(t, d)); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}

func TestModesAndQuarantine(t *testing.T) {
	d := create(t)
	a, err := d.Append(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	src := "logs/my file.json.gz"
	e := version("a", "1")
	e.Raw.File = src
	if err := a.Add(&e); err != nil {
		t.Fatal(err)
	}
	bad := []BadRecord{
		{Line: 4, Format: "graph", Cause: `no event "time"`, Raw: []byte(`{"id":"<x>"}`)},
		{Line: 9, Cause: "not utf-8", Raw: []byte{0xff, 'a'}},
	}
	if err := a.Quarantine(src, bad...); err != nil {
		t.Fatal(err)
	}
	a.Source(Source{Name: src, Format: "graph", Bytes: 100, Records: 4, NotSignIn: 1})
	sum, err := a.Commit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := sum.Sources[0]
	if s.Records != s.Kept+s.Duplicate+s.NotSignIn+s.Quarantined {
		t.Errorf("does not add up: %+v", s)
	}
	got, err := os.ReadFile(filepath.Join(d.Dir(), quarantineDir, s.QuarantineFile))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"file":"logs/my file.json.gz","line":4,"format":"graph","cause":"no event \"time\"","raw":"{\"id\":\"<x>\"}"}
{"file":"logs/my file.json.gz","line":9,"cause":"not utf-8","raw_base64":"/2E="}
`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("quarantine (-want +got):\n%s", diff)
	}
	err = filepath.WalkDir(d.Dir(), func(path string, entry os.DirEntry, err error) error {
		if err != nil || path == d.Dir() { // the test made that one
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if m := info.Mode().Perm(); m&0o077 != 0 {
			t.Errorf("%s has mode %o", path, m)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// The source read again, repaired: its quarantine file goes.
	ingest(t, d, AppendOptions{}, []signin.Event{e})
	if left, _ := filepath.Glob(filepath.Join(d.Dir(), quarantineDir, "*")); len(left) != 0 {
		t.Errorf("left %q", left)
	}
}
