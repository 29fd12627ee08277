package peers

import "testing"

// rowContenders builds every engine for the first n policies of the baseline,
// over the rows on which frisk is sure of all of them.
func rowContenders(t testing.TB, s *tenant, n int, demand bool) (kept *tenant, f *friskEngine, names []string, peers []engine) {
	t.Helper()
	policies, places := baseline(s)
	f, err := newRowFrisk(policies, places, s)
	if err != nil {
		t.Fatalf("frisk: %v", err)
	}
	kept = s.keep(f.unsure)
	policies = policies[:n]
	if f, err = newRowFrisk(policies, places, kept); err != nil {
		t.Fatalf("frisk: %v", err)
	}
	rows := kept.raws()
	add := func(name string, e engine, err error) {
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		names, peers = append(names, name), append(peers, e)
	}
	o, err := newRowOPA(policies, places, rows, demand)
	add("opa", o, err)
	c, err := newRowCEL(policies, places, rows, demand, false)
	add("cel-go", c, err)
	g, err := newRowCEL(policies, places, rows, demand, true)
	add("cel-go+go", g, err)
	d, err := newRowCedar(policies, places, rows, demand)
	add("cedar-go", d, err)
	t.Cleanup(func() {
		if o.err != nil || c.err != nil || g.err != nil || d.err != nil {
			t.Errorf("an engine failed: opa %v, cel %v, %v, cedar %v", o.err, c.err, g.err, d.err)
		}
	})
	return kept, f, names, peers
}

// Every engine finds that the same policies apply, and that the same ones
// demand something, row by row.
func TestSameDecisionsFromTheRow(t *testing.T) {
	s := loadSample(t)
	for _, demand := range []bool{false, true} {
		kept, f, names, peers := rowContenders(t, s, 20, demand)
		ask := f.matches
		if demand {
			ask = f.demands
		}
		hits := make([]int, 20)
		for i := range kept.rows {
			want := ask(i)
			for n := range hits {
				hits[n] += int(want >> n & 1)
			}
			for n, e := range peers {
				if got := e.demands(i); got != want {
					r := kept.raw(i)
					t.Fatalf("demand %t, row %d: %s says %020b, frisk %020b: %+v", demand, i, names[n], got, want, r)
				}
			}
		}
		t.Logf("demand %t: %d of %d rows; by policy: %v", demand, len(kept.rows), len(s.rows), hits)
		never := 0
		for _, h := range hits {
			if h == 0 {
				never++
			}
		}
		if len(kept.rows) < len(s.rows)*9/10 || never > 5 {
			t.Errorf("%d of %d rows kept, %d policies never answer yes", len(kept.rows), len(s.rows), never)
		}
	}
}

func BenchmarkFromTheRow(b *testing.B) {
	s := loadSample(b)
	for _, c := range []struct {
		name string
		n    int
	}{{"one", 1}, {"twenty", 20}} {
		b.Run(c.name, func(b *testing.B) {
			for _, demand := range []bool{false, true} {
				benchmarkRows(b, s, c.n, demand)
			}
		})
	}
}

// benchmarkRows asks which policies apply, beside frisk's Match, or which demand
// something, beside Match and Decide.
func benchmarkRows(b *testing.B, s *tenant, n int, demand bool) {
	kept, f, names, peers := rowContenders(b, s, n, demand)
	question, ask := "match", f.matches
	if demand {
		question, ask = "decide", f.demands
	}
	if !demand {
		timeCold(b, f, n)
	}
	base := timeRows(b, "frisk-"+question, len(kept.rows), n, ask, "", 0)
	for i, e := range peers {
		timeRows(b, names[i]+"-"+question, len(kept.rows), n, e.demands, "x-"+question, base)
	}
}

// timeCold is frisk's match with an evaluator that has seen no row yet: each
// combination of values is worked out once on the way.
func timeCold(b *testing.B, f *friskEngine, policies int) {
	b.Run("frisk-cold-match", func(b *testing.B) {
		var sum uint64
		for b.Loop() {
			ev := f.ev.Engine().Evaluator(f.ev.Symbols())
			for i := range f.rows {
				m := ev.Match(&f.rows[i])
				sum += m.Applies[0]
			}
		}
		if sum == 0 {
			b.Error("nothing ever applied")
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(policies*len(f.rows)), "ns/row-policy")
		b.ReportMetric(0, "ns/op")
	})
}

func timeRows(b *testing.B, name string, rows, policies int, ask func(i int) Demands, ratio string, base float64) (ns float64) {
	var sum Demands
	for i := range rows { // what an evaluator remembers, and everybody's caches
		sum += ask(i)
	}
	b.Run(name, func(b *testing.B) {
		i := 0
		for b.Loop() {
			sum += ask(i)
			if i++; i == rows {
				i = 0
			}
		}
		ns = float64(b.Elapsed().Nanoseconds()) / float64(b.N) / float64(policies)
		b.ReportMetric(ns, "ns/row-policy")
		b.ReportMetric(0, "ns/op")
		if base > 0 {
			b.ReportMetric(ns/base, ratio)
		}
	})
	if sum == 0 {
		b.Error("nothing was ever demanded")
	}
	return ns
}
