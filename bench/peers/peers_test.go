package peers

import (
	"testing"
)

// contenders builds every engine for the rules; frisk comes first.
func contenders(t testing.TB, rules []Rule, s *tenant) (f *friskEngine, names []string, all []engine) {
	t.Helper()
	add := func(name string, e engine, err error) {
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		names, all = append(names, name), append(all, e)
	}
	f, err := newFrisk(rules, s)
	add("frisk", f, err)
	o, err := newOPA(rules, s.facts)
	add("opa", o, err)
	c, err := newCEL(rules, s.facts)
	add("cel-go", c, err)
	d, err := newCedar(rules, s.facts)
	add("cedar-go", d, err)
	t.Cleanup(func() {
		if o.err != nil || c.err != nil || d.err != nil {
			t.Errorf("an engine failed: opa %v, cel %v, cedar %v", o.err, c.err, d.err)
		}
	})
	return f, names, all
}

func loadSample(t testing.TB) *tenant {
	t.Helper()
	s, err := sample(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if len(s.rows) < 2000 || len(s.groups) < 4 || len(s.locations) == 0 {
		t.Fatalf("the sample is too small: %d rows, %d groups, %d locations", len(s.rows), len(s.groups), len(s.locations))
	}
	return s
}

// Every engine says the same of every row, and frisk is never unsure of one.
func TestSameDecisions(t *testing.T) {
	s := loadSample(t)
	rules := sixty(s)
	f, names, all := contenders(t, rules, s)
	hits := make([]int, len(rules))
	for i := range s.rows {
		if f.unsure(i) {
			t.Fatalf("row %d: frisk is not sure: %+v", i, s.facts[i])
		}
		want := f.demands(i)
		for n := range rules {
			hits[n] += int(want >> n & 1)
		}
		for n, e := range all {
			if got := e.demands(i); got != want {
				t.Fatalf("row %d: %s demands %060b, frisk %060b: %+v", i, names[n], got, want, s.facts[i])
			}
		}
	}
	t.Logf("%d rows, %d policies; demands by policy: %v", len(s.rows), len(rules), hits)
	never := 0
	for _, h := range hits {
		if h == 0 {
			never++
		}
	}
	if never > len(rules)/2 {
		t.Errorf("%d of %d policies demand nothing of any row", never, len(rules))
	}
}

func BenchmarkOnePolicy(b *testing.B)    { benchmark(b, realistic) }
func BenchmarkPolicies(b *testing.B)     { benchmark(b, twenty) }
func BenchmarkManyPolicies(b *testing.B) { benchmark(b, sixty) }

// benchmark times every engine over all rows. Beside ns/row-policy it reports how
// many times slower than frisk's stateless match, and than match and decision
// together, each peer is.
func benchmark(b *testing.B, set func(*tenant) []Rule) {
	s := loadSample(b)
	rules := set(s)
	f, names, all := contenders(b, rules, s)
	var sum Demands
	var match, decide float64
	time := func(name string, ask func(i int) Demands) (ns float64) {
		for i := range s.rows { // what an evaluator remembers, and everybody's caches
			sum += ask(i)
		}
		b.Run(name, func(b *testing.B) {
			i := 0
			for b.Loop() {
				sum += ask(i)
				if i++; i == len(s.rows) {
					i = 0
				}
			}
			ns = float64(b.Elapsed().Nanoseconds()) / float64(b.N) / float64(len(rules))
			b.ReportMetric(ns, "ns/row-policy")
			b.ReportMetric(0, "ns/op")
			if decide > 0 {
				b.ReportMetric(ns/match, "x-match")
				b.ReportMetric(ns/decide, "x-decide")
			}
		})
		return ns
	}
	match = time("frisk-match", f.matches)
	decide = time("frisk-decide", f.demands)
	for n := 1; n < len(all); n++ {
		time(names[n], all[n].demands)
	}
	if sum == 0 {
		b.Error("nothing was ever demanded")
	}
}
