package dataset

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"frisk/internal/signin"
)

// dump is the canonical text of a dataset: every sign-in with all its columns,
// a JSON object a line, in the reader's order. Two datasets hold the same
// exactly when their dumps are the same bytes.
func dump(t testing.TB, d *Dataset) []byte {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for e, err := range reader(t, d, signin.Need{}).All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if err := enc.Encode(e); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// sameDump compares dumps by their first different line.
func sameDump(t testing.TB, what string, want, got []byte) {
	t.Helper()
	if bytes.Equal(want, got) {
		return
	}
	w, g := bytes.Split(want, []byte("\n")), bytes.Split(got, []byte("\n"))
	for i := range min(len(w), len(g)) {
		if !bytes.Equal(w[i], g[i]) {
			t.Fatalf("%s: %d lines, want %d; line %d is\n…%s\nwant\n…%s", what, len(g), len(w), i+1, tail(g[i]), tail(w[i]))
		}
	}
	t.Fatalf("%s: %d lines, want %d", what, len(g), len(w))
}

func tail(b []byte) []byte { return b[max(0, len(b)-300):] }

// source is the events of one made-up file.
type source struct {
	name   string
	events []signin.Event
	bad    int
}

// repairSources are four files: a history in two, newer versions of rows of
// both (some of them twice), and an older version of rows that the third has.
func repairSources() []source {
	events := newGenerator(15, 30).events(900)
	name := func(file string, es []signin.Event) []signin.Event {
		es = slices.Clone(es)
		for i := range es {
			es[i].Raw = signin.Raw{File: file, Line: int64(i + 1)}
		}
		return es
	}
	change := func(es []signin.Event, detail string) []signin.Event {
		es = slices.Clone(es)
		for i := range es {
			es[i].Risk.Detail = detail
		}
		return es
	}
	newer := slices.Concat(change(events[50:120], "second"), change(events[60:70], "third"), change(events[600:640], "second"))
	return []source{
		{"one.json", name("one.json", events[:450]), 2},
		{"two.json", name("two.json", events[450:]), 0},
		{"newer.json", name("newer.json", newer), 0},
		{"later.json", name("later.json", change(events[100:110], "fourth")), 1},
	}
}

func read(t testing.TB, d *Dataset, sources ...source) {
	t.Helper()
	for _, s := range sources {
		a, err := d.AppendWith(t.Context(), AppendOptions{BufferRows: 160, MaxRuns: 100})
		if err != nil {
			t.Fatal(err)
		}
		for i := range s.events {
			if err := a.Add(&s.events[i]); err != nil {
				t.Fatal(err)
			}
		}
		for i := range s.bad {
			if err := a.Quarantine(s.name, BadRecord{Line: int64(1000 + i), Cause: "no event time", Raw: []byte("{}")}); err != nil {
				t.Fatal(err)
			}
		}
		a.Source(Source{Name: s.name, Format: "made-up", Records: int64(len(s.events) + s.bad)})
		if _, err := a.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func harmBytes(path string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for i := len(b) / 3; i < len(b)/2; i += 97 {
		b[i] ^= 0x55
	}
	return os.WriteFile(path, b, 0o600)
}

func harmCut(path string) error {
	st, err := os.Stat(path)
	if err != nil {
		return err
	}
	return os.Truncate(path, st.Size()/2)
}

// Whatever file is damaged and however, repair names it, the next one finds
// nothing, and reading the sources it names again gives the undisturbed dataset.
func TestRepair(t *testing.T) {
	sources := repairSources()
	base := create(t)
	read(t, base, sources...)
	want := dump(t, base)
	m := base.Manifest()
	if m.Tombstones == "" || len(m.Runs) < 6 {
		t.Fatalf("the dataset has tombstones %q and %d runs", m.Tombstones, len(m.Runs))
	}
	var files []string
	for i := range m.Runs {
		files = append(files, "runs/"+m.Runs[i].Name+".parquet", "runs/"+m.Runs[i].Name+".ids")
	}
	files = append(files, "tombstones/"+m.Tombstones, "manifest.json")
	for _, s := range m.Sources {
		if s.QuarantineFile != "" {
			files = append(files, "quarantine/"+s.QuarantineFile)
		}
	}
	harms := []struct {
		name string
		harm func(string) error
	}{{"bytes", harmBytes}, {"cut", harmCut}, {"gone", os.Remove}}
	for _, file := range files {
		for _, h := range harms {
			t.Run(file+" "+h.name, func(t *testing.T) {
				t.Parallel()
				testRepair(t, base.Dir(), sources, want, h.harm, file)
			})
		}
	}
	for _, pair := range [][]string{
		{files[0], files[4]},
		{files[2], files[3]},
		{"tombstones/" + m.Tombstones, files[1]},
		{"tombstones/" + m.Tombstones, files[0]},
		{"manifest.json", files[6], "tombstones/" + m.Tombstones},
	} {
		t.Run(strings.Join(pair, "+"), func(t *testing.T) {
			t.Parallel()
			testRepair(t, base.Dir(), sources, want, harmBytes, pair...)
		})
	}
}

func testRepair(t *testing.T, from string, sources []source, want []byte, harm func(string) error, files ...string) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if err := harm(filepath.Join(dir, filepath.FromSlash(f))); err != nil {
			t.Fatal(err)
		}
	}
	seen, err := Repair(t.Context(), dir, RepairOptions{CheckOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if seen.Repaired || len(seen.Damage) == 0 {
		t.Fatalf("check: %+v", seen)
	}
	done, err := Repair(t.Context(), dir, RepairOptions{Tool: "test"})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !slices.ContainsFunc(done.Damage, func(d Damage) bool { return d.File == f }) {
			t.Errorf("%s is not named in %+v", f, done.Damage)
		}
	}
	if fmt.Sprint(seen.Again) != fmt.Sprint(done.Again) || !done.Repaired {
		t.Errorf("check says %+v, repair %+v", seen, done)
	}
	clean, err := Repair(t.Context(), dir, RepairOptions{})
	if err != nil || len(clean.Damage) > 0 {
		t.Fatalf("after the repair: %v %+v", err, clean)
	}
	d, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	dump(t, d) // it can be read
	for _, s := range sources {
		if slices.Contains(done.Again, s.name) {
			read(t, d, s)
		}
	}
	sameDump(t, "after repair and reading again", want, dump(t, d))
	for _, s := range d.Manifest().Sources {
		if s.Again {
			t.Errorf("%s is still marked", s.Name)
		}
	}
	checkNoOrphans(t, d)
	if len(done.Notes) == 0 {
		// What was known before is known now: reading everything again changes nothing.
		read(t, d, sources...)
		sameDump(t, "after reading everything again", want, dump(t, d))
	}
	if len(files) > 1 || strings.HasPrefix(files[0], "tombstones/") {
		if err := d.Compact(t.Context()); err != nil {
			t.Fatal(err)
		}
		sameDump(t, "after compaction", want, dump(t, d))
	}
}

// A dataset of an older version of the program has no checksums: every file is
// read through instead.
func TestRepairWithoutChecksums(t *testing.T) {
	sources := repairSources()
	base := create(t)
	read(t, base, sources...)
	want := dump(t, base)
	m := base.Manifest()
	m.Runs = slices.Clone(m.Runs)
	for i := range m.Runs {
		m.Runs[i].Sum, m.Runs[i].IDsSum, m.Runs[i].FootSum, m.Runs[i].People = "", "", "", 0
	}
	m.Sources = slices.Clone(m.Sources)
	for i := range m.Sources {
		m.Sources[i].QuarantineSum = ""
	}
	m.TombstonesSum, m.Streams, m.Ingests = "", nil, nil
	if err := base.commit(m); err != nil {
		t.Fatal(err)
	}
	if rep, err := Repair(t.Context(), base.Dir(), RepairOptions{}); err != nil || len(rep.Damage) > 0 {
		t.Fatalf("whole: %v %+v", err, rep)
	}
	run := m.Runs[2].Name
	for _, file := range []string{"runs/" + run + ".parquet", "runs/" + run + ".ids"} {
		testRepair(t, base.Dir(), sources, want, harmBytes, file)
		testRepair(t, base.Dir(), sources, want, harmCut, file)
	}
	testRepair(t, base.Dir(), sources, want, harmCut, "tombstones/"+m.Tombstones)
}

// When the manifest and its copy are both gone everything is set aside, and
// reading every log again gives the dataset; what cannot be known is said.
func TestRepairWithoutManifest(t *testing.T) {
	sources := repairSources()
	base := create(t)
	read(t, base, sources...)
	want := dump(t, base)
	for _, name := range []string{manifestName, manifestCopy} {
		if err := harmCut(filepath.Join(base.Dir(), name)); err != nil {
			t.Fatal(err)
		}
	}
	rep, err := Repair(t.Context(), base.Dir(), RepairOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if !rep.Lost || rep.Rows != 0 || fmt.Sprint(rep.Again) != "[later.json newer.json one.json two.json]" || len(rep.Notes) == 0 {
		t.Errorf("repair: %+v", rep)
	}
	aside := 0
	err = filepath.WalkDir(filepath.Join(base.Dir(), rep.Moved), func(_ string, e os.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			aside++
		}
		return err
	})
	if m := base.Manifest(); err != nil || aside != 2+2*len(m.Runs)+1+2 {
		t.Errorf("%d files set aside, %v", aside, err)
	}
	d, err := Open(base.Dir())
	if err != nil {
		t.Fatal(err)
	}
	read(t, d, sources...)
	sameDump(t, "after reading everything", want, dump(t, d))
}
