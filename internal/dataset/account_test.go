package dataset

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frisk/internal/signin"
)

func TestBoundTypes(t *testing.T) {
	var many []TypeCount
	for i := range 3 * maxTypes {
		many = append(many, TypeCount{fmt.Sprintf("type-%02d", i), int64(i)})
	}
	got := boundTypes(many)
	if len(got) != maxTypes || got[0] != (TypeCount{otherTypes, int64((2*maxTypes + 1) * (2 * maxTypes) / 2)}) || got[1].Type != "type-49" {
		t.Errorf("bounded: %v", got)
	}
	again := boundTypes(append(got, TypeCount{"another", 1000}, TypeCount{"type-71", 4}))
	var sum, want int64
	for _, c := range again {
		sum += c.Count
	}
	for _, c := range many {
		want += c.Count
	}
	if len(again) != maxTypes || sum != want+1004 || again[len(again)-1] != (TypeCount{"type-71", 75}) {
		t.Errorf("bounded again: %v", again)
	}
	if diff := cmp.Diff([]TypeCount{{"a", 3}, {"b", 2}}, boundTypes([]TypeCount{{"b", 2}, {"a", 1}, {"a", 2}})); diff != "" {
		t.Error(diff)
	}
}

// An account that does not add up stops the commit and names the file.
func TestAccountsMustAddUp(t *testing.T) {
	for _, tt := range []struct {
		name string
		give Source
		want string // part of the error; "" is none
	}{
		{"sums", Source{Records: 7, NotSignIn: 3, Outside: 1, Types: []TypeCount{{"audit", 2}, {"risk", 1}}}, ""},
		{"types not told", Source{Records: 7, NotSignIn: 3, Outside: 1}, ""},
		{"one record is missing", Source{Records: 6, NotSignIn: 3, Outside: 1}, `account of "f-1" does not add up: 6 records, but 2 kept + 0 duplicate + 3 not sign-ins + 1 quarantined + 1 out of range = 7`},
		{"types do not", Source{Records: 7, NotSignIn: 3, Outside: 1, Types: []TypeCount{{"audit", 2}}}, `account of "f-1" does not add up: 3 records are not sign-ins, but their types sum to 2`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := create(t)
			a, err := d.Append(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range []string{"a", "b"} {
				e := version(id, "1")
				if err := a.Add(&e); err != nil {
					t.Fatal(err)
				}
			}
			if err := a.Quarantine("f-1", BadRecord{Line: 1, Cause: "bad"}); err != nil {
				t.Fatal(err)
			}
			tt.give.Name = "f-1"
			a.Source(tt.give)
			_, err = a.Commit(t.Context())
			if tt.want == "" {
				m := d.Manifest()
				if err != nil || m.Rows() != 2 {
					t.Fatalf("%v, %d rows", err, m.Rows())
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error %v, want %q", err, tt.want)
			}
			if m := d.Manifest(); len(m.Runs) != 0 || len(m.Sources) != 0 || m.Commit != 1 {
				t.Errorf("something was committed: %+v", m)
			}
			if left, _ := filepath.Glob(filepath.Join(d.Dir(), "*", "*")); len(left) > 0 {
				t.Errorf("left over: %q", left)
			}
		})
	}
}

// Every ingest is kept with its accounts; what the history no longer lists is
// added up.
func TestHistory(t *testing.T) {
	d := create(t)
	read(t, d, repairSources()...)
	m := d.Manifest()
	if len(m.Ingests) != 4 {
		t.Fatalf("%d ingests", len(m.Ingests))
	}
	want := Ingest{
		Commit: 3, FileCount: 1, Rows: 900,
		Total: Source{Records: 450, Kept: 450, First: m.Ingests[1].Total.First, Last: m.Ingests[1].Total.Last},
	}
	got := m.Ingests[1]
	file := got.Total
	file.Name, file.Format = "two.json", "made-up"
	want.Files = []Source{file}
	file.Name = ""
	want.Formats = []Source{file}
	got.Late = nil // of TestLate
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("second ingest (-want +got):\n%s", diff)
	}
	var rows int64
	for i := range m.Ingests {
		in := &m.Ingests[i]
		if rows += in.Total.Kept - in.Total.Superseded; rows != in.Rows {
			t.Errorf("ingest %d: %d rows, its accounts say %d", i, in.Rows, rows)
		}
	}

	for i := range maxIngests {
		m.note(Ingest{Commit: uint64(100 + i), FileCount: 1, Total: Source{Records: 1, Duplicate: 1}, Files: make([]Source, 10)})
	}
	if len(m.Ingests) != maxIngests || m.Earlier == nil {
		t.Fatalf("%d ingests, earlier %v", len(m.Ingests), m.Earlier)
	}
	var sum Source
	sum.add(&m.Earlier.Total)
	var files int
	for i := range m.Ingests {
		sum.add(&m.Ingests[i].Total)
		files += len(m.Ingests[i].Files)
	}
	if sum.Records != 900+120+10+3+maxIngests || m.Earlier.FileCount != 4 || files > maxIngestFiles || len(m.Ingests[maxIngests-1].Files) != 10 {
		t.Errorf("%d records, %d earlier files, %d files", sum.Records, m.Earlier.FileCount, files)
	}
}

// Rows inside the span covered before are late, those before it older; new
// versions of stored rows and rows of a stream seen for the first time neither.
func TestLate(t *testing.T) {
	start := signin.Earliest + 100*signin.Day
	event := func(id string, day int, s signin.Stream) signin.Event {
		e := version(id, "1")
		e.Time, e.Stream = start+signin.Time(day)*signin.Day, s
		return e
	}
	d := create(t)
	ingest(t, d, AppendOptions{}, []signin.Event{event("a", 10, signin.Interactive), event("b", 20, signin.Interactive)})
	changed := event("a", 10, signin.Interactive)
	changed.Detail = "2"
	ingest(t, d, AppendOptions{}, []signin.Event{
		changed, event("b", 20, signin.Interactive), // known
		event("c", 15, signin.Interactive), event("d", 19, signin.Interactive), // late, by 5 days and by one
		event("e", 5, signin.Interactive),     // older
		event("f", 25, signin.Interactive),    // on time
		event("g", 12, signin.NonInteractive), // the first of its stream
	})
	want := []StreamSpan{
		{Provider: "entra", Tenant: "t", Stream: "interactive", First: start + 5*signin.Day, Last: start + 25*signin.Day, Late: 2, Older: 1, LateDay: 1, MaxLate: 5 * signin.Day},
		{Provider: "entra", Tenant: "t", Stream: "non-interactive", First: start + 12*signin.Day, Last: start + 12*signin.Day},
	}
	if diff := cmp.Diff(want, d.Manifest().Streams); diff != "" {
		t.Errorf("streams (-want +got):\n%s", diff)
	}
	if in := d.Manifest().Ingests; len(in[0].Late) != 0 || len(in[1].Late) != 1 || in[1].Late[0].Late != 2 {
		t.Errorf("late by ingest: %+v and %+v", in[0].Late, in[1].Late)
	}
}

// A manifest carries its checksum; one without, of an older version, is read.
func TestManifestChecksum(t *testing.T) {
	d := create(t)
	ingest(t, d, AppendOptions{}, []signin.Event{version("a", "1")})
	path := filepath.Join(d.Dir(), manifestName)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if copied, _ := os.ReadFile(filepath.Join(d.Dir(), manifestCopy)); string(copied) != string(b) {
		t.Error("the copy differs")
	}
	for name, tt := range map[string]struct {
		text string
		ok   bool
	}{
		"as written":       {string(b), true},
		"a figure changed": {strings.Replace(string(b), `"rows": 1`, `"rows": 2`, 1), false},
		"sum cut":          {strings.Replace(string(b), d.Manifest().Sum, d.Manifest().Sum[:8], 1), false},
		"without a sum":    {strings.Replace(string(b), ` "sum": "`+d.Manifest().Sum+"\",\n", "", 1), true},
	} {
		if err := os.WriteFile(path, []byte(tt.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(d.Dir()); (err == nil) != tt.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A dataset can be read without its damaged runs, and only read.
func TestOpenIntact(t *testing.T) {
	d := create(t)
	read(t, d, repairSources()...)
	whole := stored(t, d)
	m := d.Manifest()
	if err := harmBytes(d.runPath(m.Runs[1].Name)); err != nil {
		t.Fatal(err)
	}
	o, bad, err := OpenIntact(d.Dir())
	if err != nil {
		t.Fatal(err)
	}
	if len(bad) != 1 || bad[0].File != "runs/"+m.Runs[1].Name+".parquet" || bad[0].Rows != m.Runs[1].Live() {
		t.Errorf("named: %+v", bad)
	}
	if got := stored(t, o); int64(len(got)) != int64(len(whole))-m.Runs[1].Live() {
		t.Errorf("%d events of %d", len(got), len(whole))
	}
	if n := len(o.RunFiles()); n != len(m.Runs)-1 {
		t.Errorf("%d files for other engines", n)
	}
	if _, err := o.Append(t.Context()); err == nil || !strings.Contains(err.Error(), "analyze repair") {
		t.Errorf("append: %v", err)
	}
	if err := o.Compact(t.Context()); err == nil {
		t.Error("compact is allowed")
	}
}
