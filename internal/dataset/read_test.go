package dataset

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"frisk/internal/signin"
)

// Only what is asked for is read; who, when, enums, network number and whether
// there is a position always are.
func TestNeed(t *testing.T) {
	events := newGenerator(4, 20).events(500)
	d := create(t)
	ingest(t, d, AppendOptions{BufferRows: 120}, events)
	need := signin.NeedDims(signin.DimApp)
	need.IDs[signin.IDToken] = true
	want := inOrder(events)
	r := reader(t, d, need)
	i := 0
	for s := range signin.Shards {
		sym := signin.NewSymbols()
		for h, err := range r.People(t.Context(), s, sym) {
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range h.Rows {
				full := signin.RowOf(&want[i], sym)
				w := signin.Row{Time: full.Time, ASN: full.ASN, Located: full.Located, E: full.E, Token: full.Token, Ref: row.Ref}
				for _, d := range []signin.Dim{signin.DimProvider, signin.DimTenant, signin.DimPrincipal, signin.DimApp} {
					w.C[d] = full.C[d]
				}
				if row != w {
					t.Fatalf("row %d\nwant %+v\ngot  %+v", i, w, row)
				}
				i++
			}
		}
	}
	if i != len(want) {
		t.Errorf("%d rows, want %d", i, len(want))
	}
}

// An identifier that is never a GUID, and that some people's rows lack: the
// reader's rows are used again from person to person and shard to shard.
func TestTextIdentifiersOnly(t *testing.T) {
	var events []signin.Event
	for i := range 3000 {
		e := version(fmt.Sprintf("id-%d", i), "d")
		e.Time += signin.Time(i)
		e.Principal.ID = fmt.Sprintf("person %d", i%100)
		if i%2 == 0 {
			e.Session = fmt.Sprintf("session %d", i/9)
		}
		events = append(events, e)
	}
	d := create(t)
	ingest(t, d, AppendOptions{}, events)
	want := inOrder(events)
	i, sym := 0, signin.NewSymbols()
	r := reader(t, d, signin.NeedAll())
	for s := range signin.Shards {
		for h, err := range r.People(t.Context(), s, sym) {
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range h.Rows {
				if session := signin.IDHash(want[i].Session); row.Session != session || row.ID != signin.IDHash(want[i].ID) {
					t.Fatalf("row %d: session %x, want %x", i, row.Session, session)
				}
				i++
			}
		}
	}
	if i != len(events) {
		t.Errorf("%d rows, want %d", i, len(events))
	}
}

// One person with far more rows than a block or a page, in several runs.
func TestLargePerson(t *testing.T) {
	g := newGenerator(9, 1)
	g.second = true
	g.span = 2 * signin.Hour // ties in plenty
	events := g.events(40_000)
	for i := range events {
		events[i].Tenant = "t"
	}
	d := create(t)
	ingest(t, d, AppendOptions{BufferRows: 17_000}, events)
	if diff := diff(inOrder(events), stored(t, d)); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}

// A shard larger than a row group, and a dictionary given up for a column of
// texts that never repeat.
func TestLargeShardAndPlainPages(t *testing.T) {
	if testing.Short() {
		t.Skip("130,000 rows")
	}
	const n = maxGroup + 9_000
	events := make([]signin.Event, n)
	for i := range events {
		e := version("", "d")
		e.Time += signin.Time(i)
		e.ID = signin.GUID{byte(i), byte(i >> 8), byte(i >> 16)}.String()
		if i%3 > 0 {
			e.UserAgent = "agent " + e.ID
		}
		events[i] = e
	}
	d := create(t)
	ingest(t, d, AppendOptions{}, events)
	f := reader(t, d, signin.Need{}).runs[0]
	if len(f.groups) < 2 {
		t.Errorf("%d row groups", len(f.groups))
	}
	if diff := diff(events, stored(t, d)); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	got, err := reader(t, d, signin.Need{}).Fetch(t.Context(), []signin.Ref{{Row: n - 1}, {Row: 0}, {Row: maxPage}, {Row: maxPage - 1}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := diff([]signin.Event{events[n-1], events[0], events[maxPage], events[maxPage-1]}, got); diff != "" {
		t.Errorf("Fetch (-want +got):\n%s", diff)
	}
}

// A reader keeps its snapshot while runs are added and merged away.
func TestReaderKeepsItsSnapshot(t *testing.T) {
	events := newGenerator(12, 30).events(900)
	d := create(t)
	ingest(t, d, AppendOptions{BufferRows: 100}, events[:600])
	r := reader(t, d, signin.Need{})
	ingest(t, d, AppendOptions{BufferRows: 100}, events[600:])
	if err := d.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	var got []signin.Event
	for e, err := range r.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e)
	}
	if diff := diff(inOrder(events[:600]), got); diff != "" {
		t.Errorf("snapshot (-want +got):\n%s", diff)
	}
	if found, err := r.Find(t.Context(), events[0].ID); err != nil || len(found) != 1 {
		t.Errorf("Find in the snapshot: %v, %v", found, err)
	}
	if diff := diff(inOrder(events), stored(t, d)); diff != "" {
		t.Errorf("now (-want +got):\n%s", diff)
	}
}

// Past the bound the smallest runs are merged, and what that leaves is right.
func TestAutomaticMerge(t *testing.T) {
	events := newGenerator(13, 30).events(3000)
	d := create(t)
	for i := range 30 {
		ingest(t, d, AppendOptions{MaxRuns: 5}, events[100*i:100*i+100])
		if n := len(d.Manifest().Runs); n > 5 {
			t.Fatalf("%d runs after ingest %d", n, i)
		}
	}
	if diff := diff(inOrder(events), stored(t, d)); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	checkOrder(t, d)
}

// checkOrder makes sure that shards and people come once and in order.
func checkOrder(t *testing.T, d *Dataset) {
	t.Helper()
	r := reader(t, d, signin.Need{})
	for s := range signin.Shards {
		var last History
		for h, err := range r.People(t.Context(), s, signin.NewSymbols()) {
			if err != nil {
				t.Fatal(err)
			}
			if last.Rows != nil && last.Person() >= h.Person() {
				t.Errorf("%q after %q", h.Person(), last.Person())
			}
			if signin.Shard(h.Person()) != s {
				t.Errorf("%q in shard %d", h.Person(), s)
			}
			last = h
		}
	}
}

func TestStopEarlyAndCancel(t *testing.T) {
	d := create(t)
	ingest(t, d, AppendOptions{BufferRows: 100}, newGenerator(14, 300).events(1000))
	r := reader(t, d, signin.Need{})
	sym := signin.NewSymbols()
	read := func(ctx context.Context) (n int, err error) {
		for _, err := range r.People(ctx, 0, sym) {
			if err != nil {
				return n, err
			}
			if n++; n == 2 {
				break
			}
		}
		return n, nil
	}
	for range 3 { // the same symbols and cursors again
		if n, err := read(t.Context()); n != 2 || err != nil {
			t.Fatal(n, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := read(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	for _, err := range r.People(t.Context(), signin.Shards, sym) {
		if err == nil {
			t.Error("no error for a shard that does not exist")
		}
	}
	if _, err := r.Fetch(t.Context(), []signin.Ref{{Run: 99}}); err == nil {
		t.Error("no error for a ref that does not exist")
	}
}
