package dataset

import (
	"os"
	"strconv"
	"sync"
	"testing"

	"frisk/internal/signin"
)

// benchRows is the size of the benchmarks' dataset; FRISK_BENCH_ROWS overrides it.
func benchRows(b *testing.B) int {
	if s := os.Getenv("FRISK_BENCH_ROWS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			b.Fatal(err)
		}
		return n
	}
	return 200_000
}

var benchEvents = sync.OnceValue(func() []signin.Event {
	return newGenerator(1, 20_000).events(500_000)
})

func rate(b *testing.B, n int) {
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkAppend takes events in and writes them as sorted runs.
func BenchmarkAppend(b *testing.B) {
	events := benchEvents()[:benchRows(b)]
	b.ReportAllocs()
	for b.Loop() {
		d := create(b)
		ingest(b, d, AppendOptions{}, events)
		m := d.Manifest()
		b.ReportMetric(float64(m.Runs[0].Bytes)/float64(m.Runs[0].Rows), "bytes/event")
	}
	rate(b, len(events))
}

// BenchmarkReingest reads the same events again: all are duplicates.
func BenchmarkReingest(b *testing.B) {
	events := benchEvents()[:benchRows(b)]
	d := create(b)
	ingest(b, d, AppendOptions{}, events)
	for b.Loop() {
		ingest(b, d, AppendOptions{}, events)
	}
	rate(b, len(events))
}

func readAll(b *testing.B, d *Dataset, need signin.Need) int {
	r, err := d.Reader(need)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	n := 0
	sym := signin.NewSymbols()
	for s := range signin.Shards {
		for h, err := range r.People(b.Context(), s, sym) {
			if err != nil {
				b.Fatal(err)
			}
			n += len(h.Rows)
		}
	}
	return n
}

// BenchmarkRead reads every history with several sets of columns, from one run
// and from eight.
func BenchmarkRead(b *testing.B) {
	need15 := signin.NeedDims(signin.DimPrincipal, signin.DimIP, signin.DimCountry, signin.DimApp, signin.DimResource,
		signin.DimClient, signin.DimUserAgent, signin.DimOS, signin.DimDevice, signin.DimCode, signin.DimRiskLevel,
		signin.DimProtocol, signin.DimTransfer, signin.DimNamedLocations, signin.DimPolicies)
	need15.Place = true
	events := benchEvents()[:benchRows(b)]
	for _, runs := range []int{1, 8} {
		d := create(b)
		ingest(b, d, AppendOptions{BufferRows: len(events)/runs + 1}, events)
		for _, c := range []struct {
			name string
			need signin.Need
		}{
			{"5dims", signin.NeedDims(signin.DimIP, signin.DimApp)},
			{"15dims", need15},
			{"all", signin.NeedAll()},
		} {
			b.Run(c.name+"/runs="+strconv.Itoa(runs), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if n := readAll(b, d, c.need); n != len(events) {
						b.Fatalf("read %d rows of %d", n, len(events))
					}
				}
				rate(b, len(events))
			})
		}
	}
}

// BenchmarkCompact merges eight runs into one.
func BenchmarkCompact(b *testing.B) {
	events := benchEvents()[:benchRows(b)]
	for b.Loop() {
		b.StopTimer()
		d := create(b)
		ingest(b, d, AppendOptions{BufferRows: len(events)/8 + 1}, events)
		b.StartTimer()
		if err := d.Compact(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	rate(b, len(events))
}

// BenchmarkFetch gets single events.
func BenchmarkFetch(b *testing.B) {
	events := benchEvents()[:benchRows(b)]
	d := create(b)
	ingest(b, d, AppendOptions{}, events)
	r := reader(b, d, signin.Need{})
	i := uint32(0)
	for b.Loop() {
		i = (i + 7919) % uint32(len(events))
		if _, err := r.Fetch(b.Context(), []signin.Ref{{Row: i}}); err != nil {
			b.Fatal(err)
		}
	}
}
