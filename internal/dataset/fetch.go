package dataset

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"

	"frisk/internal/signin"
)

// Found is an event and where it is.
type Found struct {
	Ref   signin.Ref
	Event signin.Event
}

// All yields every event, shard by shard in the order of People, complete and
// owning its memory. The Reader's need does not matter. The sequence ends after
// an error.
func (r *Reader) All(ctx context.Context) iter.Seq2[signin.Event, error] {
	return func(yield func(signin.Event, error) bool) {
		w := r.whole()
		defer w.close()
		for s := range signin.Shards {
			w.trim()
			for h, err := range w.r.People(ctx, s, w.sym) {
				if err != nil {
					yield(signin.Event{}, err)
					return
				}
				for i := range h.Rows {
					e, err := w.of(h.Rows[i].Ref.Run).event(&h.Rows[i], w.sym, &w.addrs)
					if !yield(e, err) || err != nil {
						return
					}
				}
			}
		}
	}
}

// Fetch gives the complete events of refs, in the order of refs. Refs must come
// from this Reader. Each page is read at most once.
func (r *Reader) Fetch(ctx context.Context, refs []signin.Ref) ([]signin.Event, error) {
	// Whole events are large; the pages of histories already read make room.
	r.dropIdle()
	order := make([]int, len(refs))
	for i, ref := range refs {
		if int(ref.Run) >= len(r.runs) || int64(ref.Row) >= r.runs[ref.Run].run.Rows {
			return nil, fmt.Errorf("fetch events: no row %d in run %d of this reader", ref.Row, ref.Run)
		}
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(refs[a].Run, refs[b].Run), cmp.Compare(refs[a].Row, refs[b].Row))
	})
	out := make([]signin.Event, len(refs))
	var f *fetcher
	for _, i := range order {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if f == nil || f.no != refs[i].Run {
			if f != nil {
				f.close()
			}
			f = newFetcher(r.runs[refs[i].Run], refs[i].Run)
		}
		var err error
		if out[i], err = f.event(refs[i].Row); err != nil {
			f.close()
			return nil, fmt.Errorf("fetch events: %w", err)
		}
	}
	if f != nil {
		f.close()
	}
	return out, nil
}

// fetcher reads single events of one run.
type fetcher struct {
	no    uint32
	sym   *signin.Symbols
	cols  []*colReader
	same  *colReader // id_copies
	full  *fullReader
	addrs addrCache
	row   [1]signin.Row
}

func newFetcher(run *runFile, no uint32) *fetcher {
	f := &fetcher{no: no, sym: signin.NewSymbols(), full: newFullReader(run)}
	need := signin.NeedAll()
	for i := range columns {
		if columns[i].kind == colCopies {
			f.same = newColReader(run, i, f.sym)
		}
		if needed(&columns[i], &need) {
			f.cols = append(f.cols, newColReader(run, i, f.sym))
		}
	}
	return f
}

func (f *fetcher) close() {
	for _, c := range f.cols {
		c.close()
	}
	f.same.close()
	f.full.close()
}

func (f *fetcher) event(row uint32) (signin.Event, error) {
	for _, c := range f.cols {
		if err := c.seek(int64(row)); err != nil {
			return signin.Event{}, err
		}
		if err := c.fill(f.row[:]); err != nil {
			return signin.Event{}, err
		}
	}
	if err := f.same.seek(int64(row)); err != nil {
		return signin.Event{}, err
	}
	if err := f.same.copies(f.row[:]); err != nil {
		return signin.Event{}, err
	}
	f.row[0].Ref = signin.Ref{Run: f.no, Row: row}
	return f.full.event(&f.row[0], f.sym, &f.addrs)
}
