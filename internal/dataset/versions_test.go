package dataset

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"frisk/internal/signin"
)

// versionOf is an event with an id of which n fields say something beyond what
// every event says; tag tells versions with the same number apart.
func versionOf(id, n int, tag string) signin.Event {
	e := newGenerator(5, 1).events(1)[0]
	e = signin.Event{
		Time: e.Time + signin.Time(id), ID: fmt.Sprintf("version-%d", id), Provider: "entra", Tenant: "t",
		Principal: signin.Principal{ID: fmt.Sprintf("p%d", id%7), Name: tag}, Outcome: signin.Success,
		Raw: signin.Raw{File: "f", Line: 1},
	}
	fields := []*string{
		&e.Risk.Detail, &e.Detail, &e.Device.Name, &e.Device.ID, &e.App.ID, &e.App.Name, &e.ReasonText, &e.UserAgent,
		&e.Client, &e.Device.OS, &e.Device.Browser, &e.Correlation, &e.Session, &e.Token, &e.OriginalRequest, &e.Code,
	}
	for i := range n {
		*fields[i] = "x"
	}
	return e
}

// One ingest of a sequence of versions leaves what as many ingests of one version
// each leave, whatever the size of the buffer and whatever was known before.
func TestVersionsOneIngestIsMany(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for round := range 6 {
		var seq []signin.Event
		for range 30 {
			id := rng.IntN(4)
			n := rng.IntN(16)
			seq = append(seq, versionOf(id, n, fmt.Sprint("v", n%3)))
		}
		known := rng.IntN(20)
		one := create(t)
		var kept, gone int64
		for i := range seq {
			s := ingest(t, one, AppendOptions{MaxRuns: 1000}, seq[i:i+1])
			kept, gone = kept+s.Total.Kept, gone+s.Total.Superseded
		}
		want := stored(t, one)
		for _, rows := range []int{3, 1000} {
			d := create(t)
			var k, g int64
			for _, part := range [][]signin.Event{seq[:known], seq[known:]} {
				s := ingest(t, d, AppendOptions{BufferRows: rows, MaxRuns: 1000}, slices.Clone(part))
				k, g = k+s.Total.Kept, g+s.Total.Superseded
			}
			if diff := diff(want, stored(t, d)); diff != "" {
				t.Fatalf("round %d, buffer of %d, %d known before (-one at a time +together):\n%s", round, rows, known, diff)
			}
			if k != kept || g != gone {
				t.Fatalf("round %d, buffer of %d: kept %d, replaced %d; one at a time %d, %d", round, rows, k, g, kept, gone)
			}
		}
	}
}

// An old export read after a new one, in the same ingest, does not bring back
// what the dataset held before.
func TestOldVersionAfterNewInOneIngest(t *testing.T) {
	d := create(t)
	before, after := versionOf(1, 8, "before"), versionOf(1, 8, "after")
	ingest(t, d, AppendOptions{}, []signin.Event{before})
	ingest(t, d, AppendOptions{}, []signin.Event{after, before})
	if diff := diff([]signin.Event{after}, stored(t, d)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A version whose time is written less exactly, at the edge of a run, is found.
func TestVersionsOfOtherTimeMeet(t *testing.T) {
	d := create(t)
	exact := versionOf(1, 12, "exact")
	exact.Time += 500_000
	coarse := versionOf(1, 3, "coarse")
	ingest(t, d, AppendOptions{}, []signin.Event{exact})
	ingest(t, d, AppendOptions{}, []signin.Event{coarse})
	if diff := diff([]signin.Event{exact}, stored(t, d)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
