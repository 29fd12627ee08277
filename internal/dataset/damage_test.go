package dataset

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"frisk/internal/signin"
)

// badRun writes a run by hand, its rows as given, and reads it.
func badRun(t *testing.T, events []signin.Event, shards func(*[signin.Shards + 1]int64)) error {
	t.Helper()
	d := create(t)
	b := newBuffer(nil)
	rows := make([]uint32, len(events))
	for i := range events {
		b.add(&events[i])
		rows[i] = uint32(i)
	}
	_, ends := b.order(func(uint32) bool { return false })
	shards(&ends)
	run, err := d.writeRun(1, func(w *runWriter) error { return w.group(b, rows, []int{len(rows)}) })
	if err != nil {
		t.Fatal(err)
	}
	run.Shards = ends[:signin.Shards]
	if err := writeIDs(d.idsPath(run.Name), slices.Values([]idEntry(nil))); err != nil {
		t.Fatal(err)
	}
	m := d.Manifest()
	m.Runs = []Run{run}
	if err := d.commit(m); err != nil {
		t.Fatal(err)
	}
	for _, err := range reader(t, d, signin.Need{}).All(t.Context()) {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestUnsortedRuns(t *testing.T) {
	none := func(*[signin.Shards + 1]int64) {}
	early, late := version("a", "1"), version("b", "1")
	late.Time += signin.Hour
	if err := badRun(t, []signin.Event{early, late}, none); err != nil {
		t.Errorf("in order: %v", err)
	}
	if err := badRun(t, []signin.Event{late, early}, none); !errors.Is(err, ErrUnsorted) || !strings.Contains(err.Error(), "000001.parquet") {
		t.Errorf("times out of order: %v", err)
	}
	// Two people of one shard, the second first.
	p, q := early, late
	for i := 0; ; i++ {
		q.Principal.ID = "q" + strings.Repeat("x", i)
		if signin.Shard(q.Person()) == signin.Shard(p.Person()) {
			break
		}
	}
	if err := badRun(t, []signin.Event{q, p}, none); !errors.Is(err, ErrUnsorted) {
		t.Errorf("people out of order: %v", err)
	}
	if err := badRun(t, []signin.Event{p}, func(ends *[signin.Shards + 1]int64) {
		for i := range ends {
			ends[i] = min(int64(i), 1)
		}
	}); !errors.Is(err, ErrUnsorted) {
		t.Errorf("person in another's shard: %v", err)
	}
}

// Damage names the file and what to do.
func TestDamage(t *testing.T) {
	corrupt := func(path string) error {
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for i := 100; i < len(b)*9/10; i += 97 {
			b[i] ^= 0x55
		}
		return os.WriteFile(path, b, 0o600)
	}
	truncate := func(path string) error { return os.Truncate(path, 50) }
	for _, c := range []struct {
		name, file string
		harm       func(string) error
	}{
		{"run missing", "runs/000002.parquet", os.Remove},
		{"run cut short", "runs/000002.parquet", truncate},
		{"run damaged", "runs/000001.parquet", corrupt},
		{"ids missing", "runs/000001.ids", os.Remove},
		{"ids cut short", "runs/000001.ids", truncate},
		{"ids damaged", "runs/000001.ids", corrupt},
		{"tombstones missing", "tombstones/000003.parquet", os.Remove},
		{"tombstones cut short", "tombstones/000003.parquet", truncate},
		{"manifest damaged", "manifest.json", corrupt},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := create(t)
			events := newGenerator(15, 30).events(600)
			ingest(t, d, AppendOptions{BufferRows: 300}, events)
			changed := slices.Clone(events[:3])
			for i := range changed {
				changed[i].Detail = "changed"
			}
			ingest(t, d, AppendOptions{}, changed)
			if err := c.harm(filepath.Join(d.Dir(), filepath.FromSlash(c.file))); err != nil {
				t.Fatal(err)
			}
			err := readEverything(t, d, events)
			if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), filepath.Base(c.file)) || !strings.Contains(err.Error(), "ingest") {
				t.Errorf("got %v", err)
			}
		})
	}
	if _, err := Open(t.TempDir()); !errors.Is(err, ErrNoDataset) {
		t.Errorf("no dataset: %v", err)
	}
	d := create(t)
	if err := os.WriteFile(filepath.Join(d.Dir(), manifestName), []byte(`{"schema": 99}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(d.Dir()); !errors.Is(err, ErrSchema) {
		t.Errorf("other schema: %v", err)
	}
	ingestInto := create(t)
	ingest(t, ingestInto, AppendOptions{}, newGenerator(1, 3).events(10))
	if err := os.Remove(filepath.Join(ingestInto.Dir(), manifestName)); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(ingestInto.Dir()); !errors.Is(err, ErrCorrupt) {
		t.Errorf("runs without a manifest: %v", err)
	}
}

// readEverything opens the dataset, reads all of it and looks every event up.
func readEverything(t *testing.T, d *Dataset, events []signin.Event) error {
	o, err := Open(d.Dir())
	if err != nil {
		return err
	}
	r, err := o.Reader(signin.Need{})
	if err != nil {
		return err
	}
	defer r.Close()
	for _, err := range r.All(t.Context()) {
		if err != nil {
			return err
		}
	}
	for i := range events {
		if _, err := r.Find(t.Context(), events[i].ID); err != nil {
			return err
		}
	}
	return nil
}

// Whatever single byte of a run is damaged, reading it is an error that names
// the file or gives the same rows; it never ends the program.
func TestAnyDamagedByte(t *testing.T) {
	d := create(t)
	ingest(t, d, AppendOptions{}, newGenerator(15, 30).events(60))
	want := dump(t, d)
	path := d.runPath(d.Manifest().Runs[0].Name)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	noticed, flips := 0, 0
	for i := 1; i < len(whole); i += len(whole)/150 + 1 {
		b := slices.Clone(whole)
		b[i] ^= []byte{0x55, 0xff, 0x80, 0x01}[i%4]
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		flips++
		if err := readEverything(t, d, nil); err != nil {
			noticed++
			if !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrUnsorted) || !strings.Contains(err.Error(), filepath.Base(path)) {
				t.Errorf("byte %d: %v", i, err)
			}
			continue
		}
		sameDump(t, "read with a damaged byte", want, dump(t, d))
	}
	if noticed < flips*3/4 {
		t.Errorf("%d of %d damaged bytes were noticed", noticed, flips)
	}
}
