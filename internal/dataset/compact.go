package dataset

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"runtime/debug"
	"slices"

	"github.com/zeebo/xxh3"

	"frisk/internal/signin"
)

const (
	// fanIn is how many runs one automatic merge takes at most. Rewriting the
	// smallest runs a few at a time rewrites each row about log(rows)/log(fanIn)
	// times in the life of a dataset; each run being read takes about 8 MB, so that
	// a few is also what an ingest has room for.
	fanIn = 8
	// mergeRows bounds a merge of more than two runs: what a merge holds grows
	// with its rows (four bytes each, the largest person), so large runs are merged
	// in pairs and only as many as needed, and an ingest of fifty million sign-ins
	// needs no more memory than one of a million.
	mergeRows = 2_000_000
	// deadShare is the share of replaced rows (one in deadShare) past which a
	// run is rewritten without them.
	deadShare = 4
)

// Compact merges all runs of one Run.Home into one and leaves out replaced rows. It takes the
// writer's lock; readers that are open keep the old files until they close. A
// run that is alone of its Home and has no replaced rows is left alone.
func (d *Dataset) Compact(ctx context.Context) error {
	unlock, err := d.lock()
	if err != nil {
		return err
	}
	defer unlock()
	m, err := d.refresh()
	if err != nil {
		return err
	}
	if err := d.sweep(m); err != nil {
		return err
	}
	for _, home := range homes(m.Runs) {
		m := d.Manifest()
		all := runsOf(m.Runs, home)
		if len(all) == 1 && m.Runs[all[0]].Dead == 0 {
			continue
		}
		if err := d.mergeRuns(ctx, m, all); err != nil {
			return err
		}
	}
	return d.sweep(d.Manifest())
}

// homes are the distinct values of Run.Home, in order of first sight.
func homes(runs []Run) []string {
	var hs []string
	for i := range runs {
		if !slices.Contains(hs, runs[i].Home) {
			hs = append(hs, runs[i].Home)
		}
	}
	return hs
}

// runsOf are the indexes of the runs with this Home, ascending.
func runsOf(runs []Run, home string) (is []int) {
	for i := range runs {
		if runs[i].Home == home {
			is = append(is, i)
		}
	}
	return is
}

// autoCompact merges the smallest runs until at most maxRuns are left, and
// rewrites runs that are mostly replaced. The caller holds the lock.
func (d *Dataset) autoCompact(ctx context.Context, maxRuns int) error {
	for _, home := range homes(d.Manifest().Runs) {
		for {
			m := d.Manifest()
			is := runsOf(m.Runs, home)
			same := make([]Run, len(is))
			for i, x := range is {
				same[i] = m.Runs[x]
			}
			pick := pickRuns(same, maxRuns)
			if len(pick) == 0 {
				break
			}
			// What the ingest before held is garbage by now, but the collector would let
			// the merge grow on top of it.
			debug.FreeOSMemory()
			for i, x := range pick {
				pick[i] = is[x]
			}
			if err := d.mergeRuns(ctx, m, pick); err != nil {
				return err
			}
		}
	}
	return nil
}

// pickRuns chooses the runs an automatic merge should take, in ascending order
// of index; none when there is nothing to do.
func pickRuns(runs []Run, maxRuns int) (pick []int) {
	bySize := make([]int, len(runs))
	for i := range bySize {
		bySize[i] = i
	}
	slices.SortStableFunc(bySize, func(a, b int) int { return cmp.Compare(runs[a].Live(), runs[b].Live()) })
	if len(runs) > maxRuns {
		n, rows := 0, int64(0)
		for n < min(fanIn, len(runs)) && (n < 2 || rows+runs[bySize[n]].Live() <= mergeRows) {
			rows += runs[bySize[n]].Live()
			n++
		}
		pick = slices.Clone(bySize[:n])
		slices.Sort(pick)
		return pick
	}
	live := int64(0)
	for i := range runs {
		if runs[i].Dead*deadShare > runs[i].Rows && len(pick) < fanIn {
			pick = append(pick, i)
			live += runs[i].Live()
		}
	}
	if len(pick) > 0 && live == 0 {
		// A run of no rows would have nowhere to keep its ids, by which replaced
		// versions are known again: add the smallest run that has rows.
		for _, i := range bySize {
			if runs[i].Live() > 0 {
				pick = append(pick, i)
				slices.Sort(pick)
				return pick
			}
		}
		return nil
	}
	return pick
}

// mergeRuns replaces the picked runs (indexes in ascending order) by one and
// commits. Memory is that of reading them, one row group, and four bytes a row.
func (d *Dataset) mergeRuns(ctx context.Context, m Manifest, pick []int) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("merge runs: %w", err)
		}
	}()
	part, next := m, m
	part.Runs, next.Runs = nil, nil
	var rows int64
	for i := range m.Runs {
		if slices.Contains(pick, i) {
			part.Runs = append(part.Runs, m.Runs[i])
			rows += m.Runs[i].Rows
		} else {
			next.Runs = append(next.Runs, m.Runs[i])
		}
	}
	if rows >= math.MaxUint32 {
		return fmt.Errorf("%d rows do not fit in one run", rows)
	}
	dead, err := d.loadTombstones(&m)
	if err != nil {
		return err
	}
	r, err := d.openRuns(part, dead)
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // read only
	c := newCompaction(r)
	run, err := d.writeRun(m.NextRun, func(w *runWriter) error { return c.write(ctx, w) })
	if err != nil {
		return err
	}
	run.Shards = slices.Clone(c.shards[:signin.Shards]) // a slice of it would keep all of c alive
	run.MinTime, run.MaxTime = part.cover()
	run.Home = part.Runs[0].Home
	for i := range part.Runs {
		for _, t := range part.Runs[i].Tenants {
			run.addTenant(t)
		}
	}
	run.People = c.people
	if err := c.writeIDs(d.idsPath(run.Name)); err != nil {
		return err
	}
	if run.IDsSum, err = fileSum(d.idsPath(run.Name)); err != nil {
		return err
	}
	next.NextRun++
	next.Runs = append(next.Runs, run)
	for i := range part.Runs {
		delete(dead, part.Runs[i].Name)
	}
	if err := d.writeTombstones(&next, dead); err != nil {
		return err
	}
	d.at("compacted")
	return d.commit(next)
}

// compaction writes the merged rows of a Reader.
type compaction struct {
	r      *Reader
	shards [signin.Shards + 1]int64 // first row of each shard, and the end
	groups []int                    // planned sizes of the row groups
	moved  [][]uint32               // by run and old row: new row, noRow when left out
	row    uint32
	people int64
}

func newCompaction(r *Reader) *compaction {
	c := &compaction{r: r}
	sizes := make([]int64, signin.Shards)
	for _, f := range r.runs {
		moved := make([]uint32, f.run.Rows)
		for i := range moved {
			moved[i] = noRow
		}
		c.moved = append(c.moved, moved)
		for s := range sizes {
			lo, hi := f.run.shard(s)
			sizes[s] += hi - lo - r.dead[f.run.Name].count(lo, hi)
		}
	}
	for s, n := range sizes {
		c.shards[s+1] = c.shards[s] + n
	}
	c.groups = planGroups(sizes)
	return c
}

func (c *compaction) write(ctx context.Context, w *runWriter) error {
	shard := 0 // of the rows being copied: they stay where they are
	b := newBuffer(func(string, string, string) int { return shard })
	t := &transfer{b: b, w: c.r.whole()}
	defer t.w.close()
	for s := range signin.Shards {
		shard = s
		if t.w.trim() {
			t.forget()
		}
		for h, err := range t.w.r.People(ctx, s, t.w.sym) {
			if err != nil {
				return err
			}
			c.people++
			for i := range h.Rows {
				row := &h.Rows[i]
				if err := t.add(row); err != nil {
					return err
				}
				c.moved[row.Ref.Run][row.Ref.Row] = c.row
				c.row++
				if b.n == c.groups[0] {
					if err := c.flush(w, b); err != nil {
						return err
					}
					t.forget()
				}
			}
		}
	}
	if len(c.groups) > 0 {
		return fmt.Errorf("%d row groups were planned for rows that do not exist", len(c.groups))
	}
	return nil
}

// flush writes the buffer, whose rows came in order, as one row group.
func (c *compaction) flush(w *runWriter, b *buffer) error {
	c.groups = c.groups[1:]
	rows := make([]uint32, b.n)
	for i := range rows {
		rows[i] = uint32(i) //nolint:gosec // a row group is small
	}
	err := w.group(b, rows, planPages(b.shardSizes(rows)))
	b.reset()
	return err
}

// writeIDs merges the ids files of the runs, with rows at their new places.
func (c *compaction) writeIDs(path string) error {
	var fail error
	err := writeIDs(path, func(yield func(idEntry) bool) {
		fail = c.mergeIDs(yield)
	})
	return cmp.Or(fail, err)
}

func (c *compaction) mergeIDs(yield func(idEntry) bool) error {
	files := make([]*idsFile, len(c.r.runs))
	at := make([]int, len(files))
	for i, f := range c.r.runs {
		var err error
		if files[i], err = openIDs(f.ids); err != nil {
			return err
		}
	}
	var group []idEntry
	for {
		key, ok, err := leastKey(files, at)
		if err != nil || !ok {
			return err
		}
		group = group[:0]
		for i, x := range files {
			for ; at[i] < x.count; at[i]++ {
				e, err := x.entry(at[i])
				if err != nil {
					return err
				}
				if e.key != key {
					break
				}
				if int64(e.row) < int64(len(c.moved[i])) {
					e.row = c.moved[i][e.row]
				}
				group = append(group, e)
			}
		}
		slices.SortFunc(group, compareEntries)
		for i, e := range group {
			known := slices.ContainsFunc(group[:i], func(o idEntry) bool { return o.content == e.content })
			if !(known && e.row == noRow) && !yield(e) {
				return nil
			}
		}
	}
}

// leastKey is the least key at the given positions; ok is false at the end of
// all files.
func leastKey(files []*idsFile, at []int) (key xxh3.Uint128, ok bool, err error) {
	for i, x := range files {
		if at[i] == x.count {
			continue
		}
		e, err := x.entry(at[i])
		if err != nil {
			return key, false, err
		}
		if !ok || compareKeys(e.key, key) < 0 {
			key, ok = e.key, true
		}
	}
	return key, ok, nil
}
