package policy

import (
	"slices"
	"testing"

	"frisk/internal/signin"
)

// benchRows is what a reader hands a worker: one person after the other, few apps and places.
func benchRows(w world, sym *signin.Symbols, n int) ([]signin.Row, []State) {
	rows, states := make([]signin.Row, n), make([]State, n)
	for i := range rows {
		e := w.event()
		rows[i], states[i] = signin.RowOf(&e, sym), w.state()
	}
	slices.SortFunc(rows, func(a, b signin.Row) int { return int(a.C[signin.DimPrincipal]) - int(b.C[signin.DimPrincipal]) })
	return rows, states
}

func TestNoAllocationInSteadyState(t *testing.T) {
	w := newWorld(3)
	ev, sym := asked(t, w.set(20), w.directory(), Options{Tenant: "t1"})
	rows, states := benchRows(w, sym, 200)
	pass := func() {
		for i := range rows {
			_ = ev.Decide(&rows[i], ev.Match(&rows[i]), &states[i])
		}
	}
	pass()
	if n := testing.AllocsPerRun(5, pass); n != 0 {
		t.Errorf("%v allocations in %d sign-ins", n, len(rows))
	}
}

func BenchmarkMatch(b *testing.B)  { benchmark(b, false) }
func BenchmarkDecide(b *testing.B) { benchmark(b, true) }

func benchmark(b *testing.B, decide bool) {
	const policies, n = 20, 1 << 12
	w := newWorld(3)
	ev, sym := asked(b, w.set(policies), w.directory(), Options{Tenant: "t1"})
	rows, states := benchRows(w, sym, n)
	var sum int
	run := func(i int) {
		m := ev.Match(&rows[i])
		if decide {
			d := ev.Decide(&rows[i], m, &states[i])
			sum += int(d.Worst)
			return
		}
		sum += int(m.Applies[0])
	}
	for i := range rows {
		run(i)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		run(i)
		i = (i + 1) % n
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/policies, "ns/event-policy")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
	if sum == 0 {
		b.Error("nothing ever matched")
	}
}
