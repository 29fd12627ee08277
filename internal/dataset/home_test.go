package dataset

import (
	"slices"
	"strings"
	"testing"

	"frisk/internal/signin"
)

// Accounts that Home gives one text lie in one shard, through merges, and runs
// of different tables stay apart.
func TestHome(t *testing.T) {
	events := newGenerator(8, 60).events(3000)
	one := func(_, _, principal string) string { return principal[:3] } // all of them
	want := signin.Shard("200")
	d := create(t)
	opt := AppendOptions{BufferRows: 400, MaxRuns: 100, Home: one, HomeKey: "table-1"}
	ingest(t, d, opt, events[:2000])
	ingest(t, d, AppendOptions{BufferRows: 400, MaxRuns: 100}, events[2000:])
	check := func() {
		t.Helper()
		m := d.Manifest()
		for i := range m.Runs {
			r := &m.Runs[i]
			lo, hi := r.shard(want)
			if homed := r.Home == "table-1"; homed != (lo == 0 && hi == r.Rows) {
				t.Errorf("run %s of home %q has rows %d to %d of %d in shard %d", r.Name, r.Home, lo, hi, r.Rows, want)
			}
		}
		if diff := diff(inOrder(events), inOrder(stored(t, d))); diff != "" {
			t.Errorf("stored (-want +got):\n%s", diff)
		}
	}
	check()
	if sum := ingest(t, d, opt, events); sum.Total.Kept != 0 {
		t.Errorf("reading again added %d rows", sum.Total.Kept)
	}
	if err := d.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(d.Manifest().Runs); n != 2 {
		t.Errorf("%d runs after Compact, want one for each table", n)
	}
	check()
	if _, err := d.AppendWith(t.Context(), AppendOptions{Home: one}); err == nil || !strings.Contains(err.Error(), "HomeKey") {
		t.Errorf("Home without HomeKey: %v", err)
	}
}

// Rehome moves the rows whose shard differs, and nothing else changes: not the
// events, not what is known as a duplicate, not which version counts.
func TestRehome(t *testing.T) {
	events := newGenerator(9, 60).events(3000)
	pairs := func(_, _, principal string) string { return principal[:len(principal)-2] }
	d := create(t)
	opt := AppendOptions{BufferRows: 400, MaxRuns: 100}
	ingest(t, d, opt, events)
	newer := slices.Clone(events)
	for i := range newer[:50] {
		newer[i].Detail = "settled later"
	}
	tables := []struct {
		key  string
		home func(provider, tenant, principal string) string
	}{{"pairs", pairs}, {"", nil}, {"pairs", pairs}}
	for _, table := range tables {
		moved, err := d.Rehome(t.Context(), table.home, table.key)
		if err != nil {
			t.Fatal(err)
		}
		if moved == 0 {
			t.Errorf("key %q: nothing moved", table.key)
		}
		place := (&AppendOptions{Home: table.home}).shard()
		if place == nil {
			place = ownShard
		}
		r := reader(t, d, signin.Need{})
		for s := range signin.Shards {
			for h, err := range r.People(t.Context(), s, signin.NewSymbols()) {
				if err != nil {
					t.Fatal(err)
				}
				if want := place(h.Provider, h.Tenant, h.Principal); want != s {
					t.Errorf("key %q: %s lies in shard %d, want %d", table.key, h.Principal, s, want)
				}
			}
		}
		if diff := diff(inOrder(events), inOrder(stored(t, d))); diff != "" {
			t.Errorf("stored under key %q (-want +got):\n%s", table.key, diff)
		}
		opt.Home, opt.HomeKey = table.home, table.key
		if sum := ingest(t, d, opt, events); sum.Total.Kept != 0 {
			t.Errorf("key %q: reading again added %d rows", table.key, sum.Total.Kept)
		}
		if moved, err := d.Rehome(t.Context(), table.home, table.key); moved != 0 || err != nil {
			t.Errorf("key %q: again moved %d rows, %v", table.key, moved, err)
		}
	}
	if sum := ingest(t, d, opt, newer); sum.Total.Superseded != 50 {
		t.Errorf("%d rows superseded, want 50", sum.Total.Superseded)
	}
	if err := d.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(d.Manifest().Runs); n != 1 {
		t.Errorf("%d runs after Compact", n)
	}
	if diff := diff(inOrder(newer), inOrder(stored(t, d))); diff != "" {
		t.Errorf("stored after Compact (-want +got):\n%s", diff)
	}
	if sum := ingest(t, d, opt, events); sum.Total.Kept != 0 {
		t.Errorf("an old version was added again: %+v", sum.Total)
	}
}
