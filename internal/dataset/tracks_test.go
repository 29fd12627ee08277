package dataset

import (
	"slices"
	"testing"

	"frisk/internal/signin"
)

// TestTracks: tracks are the wanted, located rows of the histories, whatever the
// size of the runs, with replaced rows, several streams and unknown places.
func TestTracks(t *testing.T) {
	filters := []TrackFilter{
		{},
		{Outcomes: []signin.Outcome{signin.Success}},
		{Streams: []signin.Stream{signin.Interactive}, Outcomes: []signin.Outcome{signin.Success, signin.Challenge}},
		{Streams: []signin.Stream{signin.ManagedIdentity}},
		{Streams: []signin.Stream{signin.StreamUnknown, signin.NonInteractive}},
	}
	for _, buffer := range []int{100, 900, 100_000} {
		g := newGenerator(uint64(buffer), 50)
		events := g.events(12_000)
		for i := range events { // some places unknown, long stretches among them; some streams not told
			if i%7 == 0 || i > 5000 && i < 6500 {
				events[i].Geo = signin.Geo{}
			}
			if i%11 == 0 {
				events[i].Stream = signin.StreamUnknown
			}
		}
		d := create(t)
		ingest(t, d, AppendOptions{BufferRows: buffer, MaxRuns: 1000}, events[:9000])
		again := slices.Clone(events[8000:9000]) // later versions: the stored rows get tombstones
		for i := range again {
			again[i].Detail += " and more"
		}
		ingest(t, d, AppendOptions{BufferRows: buffer, MaxRuns: 1000}, append(again, events[9000:]...))
		need := signin.Need{Place: true}
		r := reader(t, d, need)
		for _, f := range filters {
			for _, span := range [][2]int{{0, signin.Shards}, {3, 9}, {63, 64}, {5, 5}} {
				compareTracks(t, r, f, span[0], span[1])
			}
		}
	}
}

func compareTracks(t *testing.T, r *Reader, f TrackFilter, from, to int) {
	t.Helper()
	type row struct {
		who      [3]string
		at       signin.Time
		lat, lon float64
	}
	var want, got []row
	sym := signin.NewSymbols()
	for s := from; s < to; s++ {
		for h, err := range r.People(t.Context(), s, sym) {
			if err != nil {
				t.Fatal(err)
			}
			for i := range h.Rows {
				x := &h.Rows[i]
				if !x.Located || f.Streams != nil && !slices.Contains(f.Streams, x.Stream()) || f.Outcomes != nil && !slices.Contains(f.Outcomes, x.Outcome()) {
					continue
				}
				want = append(want, row{[3]string{h.Provider, h.Tenant, h.Principal}, x.Time, x.Lat, x.Lon})
			}
		}
	}
	people := 0
	for tr, err := range r.Tracks(t.Context(), from, to, f, signin.NewSymbols()) {
		if err != nil {
			t.Fatal(err)
		}
		people++
		if len(tr.Time) == 0 || len(tr.Time) != len(tr.Lat) || len(tr.Time) != len(tr.Lon) {
			t.Fatalf("a track of %d times, %d and %d coordinates", len(tr.Time), len(tr.Lat), len(tr.Lon))
		}
		for i := range tr.Time {
			got = append(got, row{[3]string{tr.Provider, tr.Tenant, tr.Principal}, tr.Time[i], tr.Lat[i], tr.Lon[i]})
		}
	}
	if len(got) != len(want) {
		t.Fatalf("filter %+v, shards %d to %d: %d rows, want %d", f, from, to, len(got), len(want))
	}
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("filter %+v, shards %d to %d: row %d: got %+v, want %+v", f, from, to, i, got[i], want[i])
		}
	}
}

// TestTracksStop: a caller may stop, and a shard that does not exist is an error.
func TestTracksStop(t *testing.T) {
	d := create(t)
	ingest(t, d, AppendOptions{}, newGenerator(3, 20).events(500))
	r := reader(t, d, signin.Need{})
	for _, err := range r.Tracks(t.Context(), 0, signin.Shards, TrackFilter{}, signin.NewSymbols()) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	for _, err := range r.Tracks(t.Context(), 0, signin.Shards+1, TrackFilter{}, signin.NewSymbols()) {
		if err == nil {
			t.Error("no error")
		}
	}
}
