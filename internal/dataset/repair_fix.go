package dataset

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"frisk/internal/signin"
)

// fix makes the dataset whole. Nothing it takes out is gone before the commit:
// damaged files get a second name below damaged/ first, and lose their old one
// after it.
func (r *repair) fix(ctx context.Context) error {
	for _, sub := range append([]string{findingsDir, decisionsDir}, ownDirs...) {
		if err := os.MkdirAll(filepath.Join(r.d.dir, sub), 0o700); err != nil {
			return err
		}
	}
	if err := r.setAside(); err != nil {
		return err
	}
	next := r.m
	next.Runs = nil
	entries := map[string][]idEntry{} // what is still known of damaged ids files and of lost runs
	for i := range r.m.Runs {
		run := r.m.Runs[i]
		switch {
		case r.badRun[run.Name]:
			es, err := salvageIDs(r.d.idsPath(run.Name))
			if err != nil {
				return err
			}
			entries[run.Name] = es
			continue
		case r.badIDs[run.Name]:
			if err := r.remakeIDs(ctx, i); err != nil {
				return err
			}
			sum, err := fileSum(r.d.idsPath(run.Name))
			if err != nil {
				return err
			}
			run.IDsSum = sum
		}
		next.Runs = append(next.Runs, run)
	}
	dead, err := r.tombstones(entries)
	if err != nil {
		return err
	}
	for i := range r.m.Runs {
		run := &r.m.Runs[i]
		if !r.badRun[run.Name] {
			continue
		}
		if err := r.keepVersions(&next, run, entries[run.Name], dead[run.Name]); err != nil {
			return err
		}
		delete(dead, run.Name)
	}
	if err := r.d.writeTombstones(&next, dead); err != nil {
		return err
	}
	r.mark(&next)
	next.note(r.history(&next))
	if err := r.d.commit(next); err != nil {
		return err
	}
	r.m = r.d.Manifest()
	return r.clear()
}

// history is the repair's entry.
func (r *repair) history(next *Manifest) Ingest {
	in := Ingest{Commit: next.Commit + 1, Tool: r.opt.Tool, At: r.opt.At, Rows: next.Rows()}
	for i := range r.report.Damage {
		d := &r.report.Damage[i]
		if d.Kind != DamageLeftover {
			in.Repair = append(in.Repair, fmt.Sprintf("%s: %s: %s", d.File, d.Cause, d.Remedy))
		}
	}
	return in
}

// mark notes at the sources what has to be read again.
func (r *repair) mark(next *Manifest) {
	next.Sources = slices.Clone(next.Sources)
	for i := range next.Sources {
		s := &next.Sources[i]
		if _, ok := slices.BinarySearch(r.report.Again, s.Name); ok {
			s.Again, s.Follow = true, nil
		}
		if r.badQuar[s.Name] {
			s.QuarantineFile, s.QuarantineSum = "", ""
		}
	}
}

// setAside gives every damaged file a second name below damaged/.
func (r *repair) setAside() error {
	for i := range r.report.Damage {
		d := &r.report.Damage[i]
		if d.Kind == DamageLeftover && !r.restored {
			continue
		}
		files := []string{d.File}
		if d.Kind == DamageManifest {
			files = append(files, manifestCopy)
		}
		if d.Kind == DamageRun {
			files = append(files, rel(runsDir, r.m.Runs[d.run].Name+idsExt))
		}
		for _, f := range files {
			if err := r.aside(f); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *repair) aside(file string) error {
	from := filepath.Join(r.d.dir, filepath.FromSlash(file))
	st, err := os.Lstat(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	folder := rel(damagedDir, fmt.Sprintf("%06d", r.m.Commit+1))
	r.report.Moved = folder
	to := filepath.Join(r.d.dir, filepath.FromSlash(rel(folder, file)))
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	base := to
	for n := 1; ; n++ {
		was, err := os.Lstat(to)
		if errors.Is(err, fs.ErrNotExist) {
			break
		}
		if err == nil && os.SameFile(st, was) {
			return nil // a repair that was killed did this already
		}
		to = fmt.Sprintf("%s.%d", base, n)
	}
	if err := os.Link(from, to); err != nil {
		if err := copyFile(from, to); err != nil {
			return fmt.Errorf("set %q aside: %w", file, err)
		}
	}
	return syncDir(filepath.Dir(to))
}

// copyFile is for file systems without hard links. A part that the disk cannot
// read ends the copy; what could be read is kept.
func copyFile(from, to string) error {
	in, err := os.Open(from) //nolint:gosec // inside the dataset folder
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // read only
	out, err := createFile(to)
	if err != nil {
		return err
	}
	_, _ = out.ReadFrom(in)
	return closeSynced(out, nil)
}

// clear removes the old names of what was set aside, and leftovers.
func (r *repair) clear() error {
	if err := os.Remove(filepath.Join(r.d.dir, manifestName+tmpExt)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return r.d.sweep(r.m)
}

// salvageIDs reads the entries of an ids file whose blocks have the right
// checksum; none when the file is gone or is not one.
func salvageIDs(path string) ([]idEntry, error) {
	f, err := os.Open(path) //nolint:gosec // inside the dataset folder
	if err != nil {
		return nil, nil //nolint:nilerr // nothing is known then
	}
	defer f.Close() //nolint:errcheck // read only
	x, err := openIDs(f)
	if err != nil {
		return nil, nil //nolint:nilerr // likewise
	}
	var out []idEntry
	for i := 0; i < x.count; i++ {
		e, err := x.entry(i)
		if err != nil {
			i = (i/idsBlock+1)*idsBlock - 1
			continue
		}
		out = append(out, e)
	}
	return out, nil
}

// remakeIDs writes the ids file of run i from its rows, and keeps what the old
// one still tells of versions that are in no run.
func (r *repair) remakeIDs(ctx context.Context, i int) error {
	run := &r.m.Runs[i]
	old, err := salvageIDs(r.d.idsPath(run.Name))
	if err != nil {
		return err
	}
	es, err := r.d.rowEntries(ctx, r.m, i)
	if err != nil {
		return fmt.Errorf("read run %q: %w", run.Name, err)
	}
	for _, e := range old {
		if e.row == noRow {
			es = append(es, e)
		}
	}
	es = sortEntries(es)
	path := r.d.idsPath(run.Name)
	if err := writeIDs(path+tmpExt, slices.Values(es)); err != nil {
		return err
	}
	if err := os.Rename(path+tmpExt, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// rowEntries are the ids entries of the rows of run i, unsorted.
func (d *Dataset) rowEntries(ctx context.Context, m Manifest, i int) ([]idEntry, error) {
	one, err := d.alone(m, i)
	if err != nil {
		return nil, err
	}
	defer one.Close() //nolint:errcheck // read only
	es := make([]idEntry, 0, m.Runs[i].Rows)
	b := newBuffer(nil)
	for e, err := range one.All(ctx) {
		if err != nil {
			return nil, err
		}
		b.encode(&e, &b.row)
		es = append(es, idEntry{b.key(&e), b.row.content, uint32(len(es))}) //nolint:gosec // rows of a run fit
		if b.texts > defaultBufferTexts {
			b.reset()
		}
	}
	return es, nil
}

// tombstones are those on disk, or what the ids files say: of the rows with
// one key, in runs that overlap in time, the one in the run written last is
// current. A row was current when the run it lies in was written, so its
// replacement lies in a run with a higher number.
func (r *repair) tombstones(salvaged map[string][]idEntry) (tombstones, error) {
	if !r.badTombs {
		return r.d.loadTombstones(&r.m)
	}
	type place struct {
		run int
		e   idEntry
	}
	var all []place
	for i := range r.m.Runs {
		run := &r.m.Runs[i]
		es := salvaged[run.Name]
		if !r.badRun[run.Name] {
			var err error
			if es, err = salvageIDs(r.d.idsPath(run.Name)); err != nil {
				return nil, err
			}
		}
		for _, e := range es {
			if int64(e.row) < run.Rows {
				all = append(all, place{i, e})
			}
		}
	}
	slices.SortFunc(all, func(a, b place) int {
		return cmp.Or(compareKeys(a.e.key, b.e.key), cmp.Compare(r.m.Runs[a.run].Name, r.m.Runs[b.run].Name), cmp.Compare(a.e.row, b.e.row))
	})
	dead := tombstones{}
	for i := range all {
		old := &r.m.Runs[all[i].run]
		for j := i + 1; j < len(all) && all[j].e.key == all[i].e.key; j++ {
			if later := &r.m.Runs[all[j].run]; later.MinTime <= old.MaxTime && later.MaxTime >= old.MinTime {
				dead.add(old.Name, old.Rows, all[i].e.row)
				break
			}
		}
	}
	for i := range r.m.Runs {
		run := &r.m.Runs[i]
		if n := dead.of(run.Name); n != run.Dead {
			r.report.Notes = append(r.report.Notes, fmt.Sprintf("run %s had %d replaced rows, %d of them were found again: to be certain, ingest its logs into a new folder", run.Name, run.Dead, n))
		}
	}
	return dead, nil
}

// keepVersions stores what a lost run knew of versions that are not current,
// in a run without rows: reading its sources again must not bring them back.
func (r *repair) keepVersions(next *Manifest, lost *Run, entries []idEntry, dead *bitset) error {
	var old []idEntry
	for _, e := range entries {
		if e.row == noRow || int64(e.row) < lost.Rows && dead.has(e.row) {
			old = append(old, idEntry{e.key, e.content, noRow})
		}
	}
	if len(old) == 0 {
		return nil
	}
	run, err := r.d.writeRun(next.NextRun, func(*runWriter) error { return nil })
	if err != nil {
		return err
	}
	run.Shards = make([]int64, signin.Shards)
	run.MinTime, run.MaxTime, run.Home = lost.MinTime, lost.MaxTime, lost.Home
	slices.SortFunc(old, compareEntries)
	if err := writeIDs(r.d.idsPath(run.Name), slices.Values(slices.Compact(old))); err != nil {
		return err
	}
	if run.IDsSum, err = fileSum(r.d.idsPath(run.Name)); err != nil {
		return err
	}
	next.NextRun++
	next.Runs = append(next.Runs, run)
	return nil
}
