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
	for _, policies := range []int{20, 100} {
		w := newWorld(3)
		set := w.set(policies)
		w.date(set)
		ev, sym := asked(t, set, w.directory(), Options{Tenant: "t1"})
		rows, states := benchRows(w, sym, 200)
		var lo, hi Decision
		pass := func() {
			for i := range rows {
				r, s := &rows[i], &states[i]
				m, _ := ev.MatchTold(r)
				_ = ev.Decide(r, ev.Match(r), s)
				ev.DecideBoth(&lo, &hi, r, &m, s, s)
				for p := range policies {
					ev.Conditions(r, p)
				}
			}
		}
		pass()
		if n := testing.AllocsPerRun(5, pass); n != 0 {
			t.Errorf("%d policies: %v allocations in %d sign-ins", policies, n, len(rows))
		}
	}
}

// scene is rows and an evaluator that has seen them all once.
type scene struct {
	name     string
	policies int
	ev       *Evaluator
	rows     []signin.Row
	states   []State
}

// randomScene is the worst case: every column of every row is another than in
// the row before, and each policy asks for something else.
func randomScene(tb testing.TB) scene {
	const policies, n = 20, 1 << 12
	w := newWorld(3)
	ev, sym := asked(tb, w.set(policies), w.directory(), Options{Tenant: "t1"})
	rows, states := benchRows(w, sym, n)
	return scene{"random=20", policies, ev, rows, states}
}

func BenchmarkMatch(b *testing.B) {
	benchScenes(b, func(s *scene, i int) int {
		m := s.ev.Match(&s.rows[i])
		return int(m.Applies[0] & 0xffff)
	})
}

func BenchmarkTold(b *testing.B) {
	benchScenes(b, func(s *scene, i int) int { return int(s.ev.Told(&s.rows[i])) + 1 })
}

// BenchmarkDecide has Match in it, and one decision per row.
func BenchmarkDecide(b *testing.B) {
	var d Decision
	benchScenes(b, func(s *scene, i int) int {
		m := s.ev.Match(&s.rows[i])
		s.ev.DecideInto(&d, &s.rows[i], &m, &s.states[i])
		return int(d.Worst)
	})
}

// BenchmarkDecideBoth has Match in it, and two decisions per row, as replay needs.
func BenchmarkDecideBoth(b *testing.B) {
	var lo, hi Decision
	benchScenes(b, func(s *scene, i int) int {
		m := s.ev.Match(&s.rows[i])
		s.ev.DecideBoth(&lo, &hi, &s.rows[i], &m, &s.states[i], &s.states[len(s.states)-1-i])
		return int(hi.Worst)
	})
}

func benchScenes(b *testing.B, ask func(*scene, int) int) {
	scenes := append(tenantScenes(b), randomScene(b))
	for k := range scenes {
		s := &scenes[k]
		b.Run(s.name, func(b *testing.B) {
			sum := 0
			for i := range s.rows {
				sum += ask(s, i)
			}
			if sum == 0 {
				b.Fatal("nothing ever happened")
			}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				sum += ask(s, i)
				if i++; i == len(s.rows) {
					i = 0
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(s.policies), "ns/event-policy")
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
		})
	}
}
