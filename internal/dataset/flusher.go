package dataset

import (
	"context"
	"fmt"
	"os"
	"slices"

	"github.com/zeebo/xxh3"

	"frisk/internal/signin"
)

// flusher turns full buffers into runs, in the background and in order. Until
// its run method has returned, its fields are its own.
type flusher struct {
	d      *Dataset
	m      Manifest // the manifest to be
	dead   tombstones
	counts map[string]*tally
	home   string // Run.Home of what is written
	late   *lateness
}

func (f *flusher) run(ctx context.Context, work <-chan *buffer, free chan<- *buffer) error {
	for b := range work {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := f.flush(ctx, b); err != nil {
			return err
		}
		b.reset()
		select {
		case free <- b:
		default: // two buffers are enough; a third does not exist
		}
	}
	return nil
}

// flush removes from b what the dataset has already, writes the rest as a run
// and adds the counts up.
func (f *flusher) flush(ctx context.Context, b *buffer) error {
	entries := b.entries()
	fates, err := f.dedupe(b, entries)
	if err != nil {
		return err
	}
	f.count(b)
	rows, shards := b.order(func(r uint32) bool { return fates[r] != stays })
	if len(rows) == 0 {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	f.late.count(b, rows)
	kept := entries[:0]
	for _, e := range entries {
		if fates[e.row] != known {
			kept = append(kept, e)
		}
	}
	return f.d.storeRun(&f.m, f.home, b, rows, &shards, kept)
}

// storeRun writes the given rows of b, in that order, as a run of m, and its
// ids. The entries are the rows' by key, their row being that of the buffer;
// those of rows that are not given get none.
func (d *Dataset) storeRun(m *Manifest, home string, b *buffer, rows []uint32, shards *[signin.Shards + 1]int64, entries []idEntry) error {
	run, err := d.writeRun(m.NextRun, func(w *runWriter) error { return w.buffer(b, rows, shards, d.at) })
	if err != nil {
		return err
	}
	run.Shards = slices.Clone(shards[:signin.Shards])
	run.Home = home
	run.describe(b, rows)
	pos := make([]uint32, b.n)
	for i := range pos {
		pos[i] = noRow
	}
	for i, r := range rows {
		pos[r] = uint32(i) //nolint:gosec // rows are bounded
	}
	for i := range entries {
		entries[i].row = pos[entries[i].row]
	}
	slices.SortFunc(entries, compareEntries) // nearly sorted: only rows changed
	if err := writeIDs(d.idsPath(run.Name), slices.Values(entries)); err != nil {
		return fmt.Errorf("write run %q: %w", run.Name, err)
	}
	if run.IDsSum, err = fileSum(d.idsPath(run.Name)); err != nil {
		return fmt.Errorf("write run %q: %w", run.Name, err)
	}
	d.at("ids-written")
	m.NextRun++
	m.Runs = append(m.Runs, run)
	return nil
}

// fate is what becomes of a row of a buffer.
type fate uint8

const (
	stays    fate = iota // is written
	known                // the dataset has it, or a richer version of it
	replaced             // another row of the buffer is a later version; its id stays known
)

// entries lists the buffer's records, all versions of each, by key.
func (b *buffer) entries() []idEntry {
	es := make([]idEntry, 0, b.n)
	for i := range b.n {
		es = append(es, idEntry{b.keys[i], b.content[i], uint32(i)}) //nolint:gosec // rows are bounded
	}
	return sortEntries(es)
}

// near is how far outside of a run's span one of its records may lie in another
// export, which writes times to the second or the minute.
const near = 2 * 60 * 1_000_000

// dedupe asks the runs that overlap b in time. A version they know already is
// dropped, whichever version is current: reading the same input again adds
// nothing. A version they do not know replaces the one they have, unless it is
// poorer. The result, and every count, is as if the rows had come one by one.
func (f *flusher) dedupe(b *buffer, entries []idEntry) (fates []fate, err error) {
	fates = make([]fate, b.n)
	type replacing struct{ run, old, row uint32 }
	var olds []replacing
	first, last := slices.Min(b.time)-near, slices.Max(b.time)+near
	for i := range f.m.Runs {
		run := &f.m.Runs[i]
		if int64(run.MaxTime) < first || int64(run.MinTime) > last {
			continue
		}
		err := f.d.probe(run, entries, func(p int, old idEntry) {
			e := entries[p]
			switch {
			case e.content == old.content || poorer(e.content, old.content):
				fates[e.row] = known
			case old.row != noRow && int64(old.row) < run.Rows:
				olds = append(olds, replacing{uint32(i), old.row, e.row}) //nolint:gosec // few runs
			}
		})
		if err != nil {
			return nil, err
		}
	}
	for _, r := range olds { // of one record in order of arrival
		run := &f.m.Runs[r.run]
		if fates[r.row] == known {
			continue
		}
		f.late.replaces(r.row)
		if f.dead.add(run.Name, run.Rows, r.old) {
			b.countOf(r.row).superseded++
		}
	}
	for i := range b.families {
		b.families[i].settle(b, fates)
	}
	for r, x := range fates {
		if x == known {
			c := b.countOf(uint32(r)) //nolint:gosec // a row
			c.kept--
			c.duplicate++
		}
	}
	return fates, nil
}

// settle leaves the last of the versions that the dataset does not know.
func (f *family) settle(b *buffer, fates []fate) {
	last := -1
	for _, r := range f.rows {
		if fates[r] == known {
			continue
		}
		if last >= 0 {
			fates[last] = replaced
			b.countOf(r).superseded++
		}
		last = int(r)
	}
}

// probe asks the id index of one run.
func (d *Dataset) probe(run *Run, entries []idEntry, hit func(p int, old idEntry)) error {
	path := d.idsPath(run.Name)
	file, err := os.Open(path) //nolint:gosec // inside the dataset folder
	if err != nil {
		return damaged(path, err)
	}
	defer file.Close() //nolint:errcheck // read only
	x, err := openIDs(file)
	if err != nil {
		return err
	}
	return x.probe(entries, hit)
}

func (b *buffer) countOf(row uint32) *tally { return &b.counts[b.dims[signin.DimFile].get(row)] }

func (f *flusher) count(b *buffer) {
	for code := range b.counts {
		c := &b.counts[code]
		if *c == (tally{}) {
			continue
		}
		name := string(b.words[signin.DimFile].text(uint32(code))) //nolint:gosec // a code
		t := f.counts[name]
		if t == nil {
			t = &tally{}
			f.counts[name] = t
		}
		t.add(c)
	}
}

// writeRun makes run number n with what fill puts in it. Name, Rows and Bytes
// of the result are set.
func (d *Dataset) writeRun(n int, fill func(*runWriter) error) (Run, error) {
	run := Run{Name: fmt.Sprintf("%06d", n)}
	w, err := createRun(d.runPath(run.Name))
	if err != nil {
		return run, fmt.Errorf("write run: %w", err)
	}
	d.at("run-created")
	if err := fill(w); err != nil {
		_ = w.f.Close()
		_ = os.Remove(d.runPath(run.Name))
		return run, fmt.Errorf("write run %q: %w", run.Name, err)
	}
	run.Rows, run.Foot = w.rows, w.off
	if run.Bytes, err = w.close(); err != nil {
		return run, fmt.Errorf("write run %q: %w", run.Name, err)
	}
	if run.Sum, run.FootSum, err = runSums(d.runPath(run.Name), run.Foot); err != nil {
		return run, fmt.Errorf("write run %q: %w", run.Name, err)
	}
	d.at("run-closed")
	return run, nil
}

// buffer writes the rows of b as row groups.
func (w *runWriter) buffer(b *buffer, rows []uint32, shards *[signin.Shards + 1]int64, at func(string)) error {
	sizes := make([]int64, signin.Shards)
	for s := range sizes {
		sizes[s] = shards[s+1] - shards[s]
	}
	for _, n := range planGroups(sizes) {
		if err := w.group(b, rows[:n], planPages(b.shardSizes(rows[:n]))); err != nil {
			return err
		}
		rows = rows[n:]
		at("row-group")
	}
	return nil
}

// shardSizes counts the rows of each shard of a sorted piece of a run.
func (b *buffer) shardSizes(rows []uint32) []int {
	var sizes []int
	last := -1
	for _, r := range rows {
		s := int(b.persons[b.personR.get(r)].shard)
		if s != last {
			sizes = append(sizes, 0)
			last = s
		}
		sizes[len(sizes)-1]++
	}
	return sizes
}

// describe sets the span and the tenants of a run of these rows.
func (r *Run) describe(b *buffer, rows []uint32) {
	last := ^uint32(0)
	for _, row := range rows {
		t := signin.Time(b.time[row])
		if r.MinTime == 0 || t < r.MinTime {
			r.MinTime = t
		}
		r.MaxTime = max(r.MaxTime, t)
		p := b.personR.get(row)
		if p == last {
			continue
		}
		last = p
		r.People++
		key := b.persons[p].key
		r.addTenant(Tenant{
			string(b.words[signin.DimProvider].text(key[0])),
			string(b.words[signin.DimTenant].text(key[1])),
		})
	}
}

func keyOf(t Tenant, id string) xxh3.Uint128 {
	k, _ := eventKey(nil, t.Provider, t.Tenant, id)
	return k
}
