package dataset

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// History is one person's rows in the order of signin.Compare: by time, then id.
type History struct {
	Provider, Tenant, Principal string
	// Rows belong to the reader and are valid until the next history is asked for.
	Rows []signin.Row
}

// Person is the key of signin.PersonKey.
func (h *History) Person() string { return signin.PersonKey(h.Provider, h.Tenant, h.Principal) }

// People yields the histories of one shard in [0, signin.Shards), ordered by
// provider, tenant and principal. Codes are those of sym, which grows; sym must
// not be used by another goroutine meanwhile, but different shards may be read
// at the same time with different symbols. A worker should keep its symbols and
// read neighbouring shards one after the other: small runs share pages and
// dictionaries between shards, and those in hand are used again. The sequence
// ends after an error: ErrUnsorted, ErrCorrupt or the context's.
//
// Memory is the rows of the largest person, once per run it occurs in and once
// merged, and a page per column and run.
func (r *Reader) People(ctx context.Context, shard int, sym *signin.Symbols) iter.Seq2[History, error] {
	return func(yield func(History, error) bool) {
		if shard < 0 || shard >= signin.Shards {
			yield(History{}, fmt.Errorf("read shard %d: there are shards 0 to %d", shard, signin.Shards-1))
			return
		}
		m := r.takeMerger(sym)
		if err := m.run(ctx, shard, yield); err != nil {
			m.close()
			yield(History{}, fmt.Errorf("read shard %d: %w", shard, err))
			return
		}
		r.putMerger(m)
	}
}

// merger is the k-way merge of one shard of every run.
type merger struct {
	sym  *signin.Symbols
	all  []*cursor
	live []*cursor // those with a current person
	same []*cursor // those at the least person
	out  []signin.Row
}

// maxIdle is how many mergers a Reader keeps for reuse.
const maxIdle = 16

// takeMerger gives a merger for sym: the one that last read with it, whose
// cursors still hold pages and dictionaries that the next shard shares, or a
// new one.
func (r *Reader) takeMerger(sym *signin.Symbols) *merger {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, m := range r.idle {
		if m.sym == sym {
			r.idle = slices.Delete(r.idle, i, i+1)
			return m
		}
	}
	m := &merger{sym: sym}
	for i, run := range r.runs {
		m.all = append(m.all, newCursor(run, uint32(i), &r.need, r.dead[run.run.Name], sym)) //nolint:gosec // few runs
	}
	return m
}

func (r *Reader) putMerger(m *merger) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.idle = append(r.idle, m)
	if len(r.idle) > maxIdle {
		r.idle[0].close()
		r.idle = slices.Delete(r.idle, 0, 1)
	}
}

func (m *merger) close() {
	for _, c := range m.all {
		c.close()
	}
}

// run yields until the shard or the caller is done.
func (m *merger) run(ctx context.Context, shard int, yield func(History, error) bool) error {
	m.live = m.live[:0]
	for _, c := range m.all {
		lo, hi := c.run.run.shard(shard)
		if lo == hi {
			continue
		}
		if err := c.start(shard, lo, hi); err != nil {
			return err
		}
		if err := c.next(); err != nil {
			return err
		}
		if !c.none {
			m.live = append(m.live, c)
		}
	}
	for len(m.live) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		m.least()
		rows := m.same[0].cur
		if len(m.same) > 1 {
			var err error
			if rows, err = m.merge(); err != nil {
				return err
			}
		}
		var h History
		h.Provider, h.Tenant, h.Principal = texts3(m.sym, m.same[0].key)
		h.Rows = rows
		if !yield(h, nil) {
			return nil
		}
		if err := m.advance(); err != nil {
			return err
		}
	}
	return nil
}

// least finds the cursors at the first person in order.
func (m *merger) least() {
	m.same = append(m.same[:0], m.live[0])
	for _, c := range m.live[1:] {
		switch d := compareCodes(m.sym, c.key, m.same[0].key); {
		case d < 0:
			m.same = append(m.same[:0], c)
		case d == 0:
			m.same = append(m.same, c)
		}
	}
}

func (m *merger) advance() error {
	ended := false
	for _, c := range m.same {
		if err := c.next(); err != nil {
			return err
		}
		ended = ended || c.none
	}
	if ended {
		live := m.live[:0]
		for _, c := range m.live {
			if !c.none {
				live = append(live, c)
			}
		}
		m.live = live
	}
	return nil
}

// merge joins one person's rows of several runs. Runs are often apart in time,
// so a stretch is taken from one cursor for as long as it stays ahead.
func (m *merger) merge() ([]signin.Row, error) {
	m.out = m.out[:0]
	heads := make([]int, len(m.same))
	for {
		best, second := -1, -1
		for i, c := range m.same {
			if heads[i] == len(c.cur) {
				continue
			}
			if best < 0 {
				best = i
				continue
			}
			less, err := m.less(i, heads[i], best, heads[best])
			if err != nil {
				return nil, err
			}
			if less {
				best, second = i, best
			} else if second < 0 {
				second = i
			} else if less, err = m.less(i, heads[i], second, heads[second]); err != nil {
				return nil, err
			} else if less {
				second = i
			}
		}
		if best < 0 {
			return m.out, nil
		}
		cur, h := m.same[best].cur, heads[best]
		n := h + 1
		if second < 0 {
			n = len(cur)
		} else {
			limit := m.same[second].cur[heads[second]].Time
			for n < len(cur) && cur[n].Time < limit {
				n++
			}
		}
		m.out = append(m.out, cur[h:n]...)
		heads[best] = n
	}
}

// less compares row x of cursor i with row y of cursor j: time, then id. Ids
// are unique within a dataset, so what comes after the id never decides.
func (m *merger) less(i, x, j, y int) (bool, error) {
	a, b := &m.same[i].cur[x], &m.same[j].cur[y]
	if a.Time != b.Time {
		return a.Time < b.Time, nil
	}
	p, err := m.same[i].id(a.Ref.Row)
	if err != nil {
		return false, err
	}
	q, err := m.same[j].id(b.Ref.Row)
	if err != nil {
		return false, err
	}
	return p.compare(q) < 0, nil
}

// compareCodes orders persons by their texts.
func compareCodes(sym *signin.Symbols, a, b personCodes) int {
	for i, d := range [...]signin.Dim{signin.DimProvider, signin.DimTenant, signin.DimPrincipal} {
		if a[i] != b[i] {
			if c := strings.Compare(sym[d].Text(a[i]), sym[d].Text(b[i])); c != 0 {
				return c
			}
		}
	}
	return 0
}
