package dataset

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/zeebo/xxh3"

	"frisk/internal/signin"
)

// Rehome makes home the table that places every principal (see
// AppendOptions.Home; nil with the key "" means each by its own key) and
// returns how many rows had to move to another shard. Those are written again
// in new runs and marked as replaced in the old ones; all others stay where they
// are. Afterwards every run has the key. It takes the writer's lock and makes
// one commit, none when every run has the key already.
func (d *Dataset) Rehome(ctx context.Context, home func(provider, tenant, principal string) string, key string) (moved int64, err error) {
	opt := AppendOptions{Home: home, HomeKey: key}
	if (home == nil) != (key == "") {
		return 0, errHome
	}
	unlock, err := d.lock()
	if err != nil {
		return 0, err
	}
	defer unlock()
	defer func() {
		if err != nil {
			err = fmt.Errorf("move people to their shards: %w", err)
		}
	}()
	m, err := d.refresh()
	if err != nil {
		return 0, err
	}
	if err := d.sweep(m); err != nil {
		return 0, err
	}
	part := m
	part.Runs = nil
	for i := range m.Runs {
		if m.Runs[i].Home != key {
			part.Runs = append(part.Runs, m.Runs[i])
		}
	}
	if len(part.Runs) == 0 {
		return 0, nil
	}
	dead, err := d.loadTombstones(&m)
	if err != nil {
		return 0, err
	}
	r, err := d.openRuns(part, dead)
	if err != nil {
		return 0, err
	}
	defer r.Close() //nolint:errcheck // read only
	shard := opt.shard()
	if shard == nil {
		shard = ownShard
	}
	mv := &mover{d: d, m: m, key: key, r: r, shard: shard, gone: tombstones{}}
	mv.m.Runs = slices.Clone(m.Runs)
	if err := mv.run(ctx); err != nil {
		return 0, err
	}
	for i := range mv.m.Runs {
		mv.m.Runs[i].Home = key
	}
	for name, rows := range mv.gone { // a set each: order irrelevant
		for row := range rows.all() {
			dead.add(name, int64(len(rows.words))*64, row)
		}
	}
	if err := d.writeTombstones(&mv.m, dead); err != nil {
		return 0, err
	}
	d.at("rehomed")
	if err := d.commit(mv.m); err != nil {
		return 0, err
	}
	return mv.moved, nil
}

var errHome = errors.New("append to dataset: Home and HomeKey go together")

// mover writes the rows that lie in the wrong shard again.
type mover struct {
	d     *Dataset
	m     Manifest // to be
	key   string
	r     *Reader // of the runs with another key
	shard shardFunc
	gone  tombstones   // rows that moved; apart from those r goes by
	refs  []signin.Ref // of the rows in the buffer
	moved int64
}

func (v *mover) run(ctx context.Context) error {
	b := newBuffer(v.shard)
	t := &transfer{b: b, w: v.r.whole()}
	defer t.w.close()
	for s := range signin.Shards {
		if t.w.trim() {
			t.forget()
		}
		for h, err := range t.w.r.People(ctx, s, t.w.sym) {
			if err != nil {
				return err
			}
			if v.shard(h.Provider, h.Tenant, h.Principal) == s {
				continue
			}
			for i := range h.Rows {
				if err := t.add(&h.Rows[i]); err != nil {
					return err
				}
				v.refs = append(v.refs, h.Rows[i].Ref)
				if b.n == defaultBufferRows {
					if err := v.flush(b); err != nil {
						return err
					}
					t.forget()
				}
			}
		}
	}
	return v.flush(b)
}

// flush writes the buffer as a run.
func (v *mover) flush(b *buffer) error {
	if b.n == 0 {
		return nil
	}
	entries, err := v.entries(b)
	if err != nil {
		return err
	}
	rows, shards := b.order(func(uint32) bool { return false })
	if err := v.d.storeRun(&v.m, v.key, b, rows, &shards, entries); err != nil {
		return err
	}
	for _, ref := range v.refs {
		run := v.r.runs[ref.Run].run
		v.gone.add(run.Name, run.Rows, ref.Row)
	}
	v.moved += int64(b.n)
	v.refs = v.refs[:0]
	b.reset()
	return nil
}

// entries are the ids of the buffer's rows, with the content hashes that their
// old runs know.
func (v *mover) entries(b *buffer) ([]idEntry, error) {
	es := make([]idEntry, b.n)
	for i := range es {
		row := uint32(i) //nolint:gosec // rows are bounded
		es[i] = idEntry{key: b.keyAt(row), row: row}
	}
	es = sortEntries(es)
	found := 0
	for i, f := range v.r.runs {
		x, err := openIDs(f.ids)
		if err != nil {
			return nil, err
		}
		err = x.probe(es, func(p int, old idEntry) {
			if ref := v.refs[es[p].row]; int(ref.Run) == i && ref.Row == old.row {
				es[p].content = old.content
				found++
			}
		})
		if err != nil {
			return nil, err
		}
	}
	if found != len(es) {
		return nil, fmt.Errorf("%w: %d rows have no entry in the ids of their runs: run analyze repair", ErrCorrupt, len(es)-found)
	}
	return es, nil
}

// keyAt is the key of a row that was put into the buffer without one.
func (b *buffer) keyAt(row uint32) xxh3.Uint128 {
	text := func(d signin.Dim) string { return string(b.words[d].text(b.dims[d].get(row))) }
	var k xxh3.Uint128
	k, b.scratch = eventKey(b.scratch, text(signin.DimProvider), text(signin.DimTenant), b.ids[signin.IDEvent].at(row).String())
	return k
}
