package replay

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"frisk/internal/policy"
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// BenchmarkFidelity is replay of a log that records twenty policies on every
// row and agrees on their conditions, with and without the comparison of masks.
func BenchmarkFidelity(b *testing.B) {
	const people, rows = 50, 1000
	sym := signin.NewSymbols()
	e := twenty(b, "set", 1)
	ev := e.Evaluator(sym)
	var hs []History
	var as []risk.Assessed
	for i := range people {
		id := fmt.Sprint("user", i)
		rs, a := benchPerson(rand.New(rand.NewPCG(uint64(i), 9)), sym, id, rows)
		for k := range rs {
			rs[k].C[signin.DimPolicies] = sym[signin.DimPolicies].Code(string(signin.EncodeList(answers(ev, &rs[k]))))
		}
		hs, as = append(hs, History{"entra", "t", id, rs}), append(as, a)
	}
	for _, masks := range []bool{false, true} {
		b.Run(fmt.Sprintf("masks=%t", masks), func(b *testing.B) {
			w := New(Config{Engines: []*policy.Engine{e}, Masks: masks}, sym)
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				w.Person(hs[n%people], as[n%people])
				if n++; n%people == 0 {
					w.tally.People, w.tally.Changes = w.tally.People[:0], w.tally.Changes[:0]
				}
			}
			b.ReportMetric(float64(n*rows)/b.Elapsed().Seconds(), "sign-ins/s")
		})
	}
}

// answers is what a log that agrees with the engine records of a row.
func answers(ev *policy.Evaluator, r *signin.Row) []signin.RecordedPolicy {
	m := ev.Match(r)
	var out []signin.RecordedPolicy
	for n, p := range ev.Engine().Set().Policies {
		yes, no, _ := ev.Conditions(r, n)
		result := "notApplied"
		if m.Applies.Has(n) {
			result = "success"
		}
		out = append(out, rec(p.ID, result, int64(yes), int64(no)))
	}
	return out
}
