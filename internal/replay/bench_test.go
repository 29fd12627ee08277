package replay

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"frisk/internal/policy"
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// twenty is a set of twenty policies as an organisation has them: by app, by
// client, by platform, with frequencies from one hour to a week.
func twenty(t testing.TB, name string, scale int) *policy.Engine {
	var ps []string
	for i := range 20 {
		parts := []string{apps(fmt.Sprint("app", i%12), fmt.Sprint("app", (i*5)%12))}
		switch i % 5 {
		case 0:
			parts = append(parts, mfa, every((1+i)*scale))
		case 1:
			parts = append(parts, `{"grantControls":{"operator":"OR","builtInControls":["mfa","compliantDevice"]}}`)
		case 2:
			parts = append(parts, mfa, `{"conditions":{"platforms":{"includePlatforms":["windows","macOS"]}}}`)
		case 3:
			parts = append(parts, mfa, `{"conditions":{"clientAppTypes":["browser"]}}`, never90)
		case 4:
			parts = append(parts, block, `{"conditions":{"clientAppTypes":["exchangeActiveSync","other"]}}`)
		}
		ps = append(ps, policyJSON(fmt.Sprintf("p%02d", i), parts...))
	}
	return engine(t, name, ps...)
}

// benchPeople are people of so many rows each, every other row with a list of
// recorded evaluations, in tables of their own.
func benchPeople(people, rows int) (*signin.Symbols, []History, []risk.Assessed) {
	sym := signin.NewSymbols()
	var hs []History
	var as []risk.Assessed
	var list []signin.RecordedPolicy
	for i := range 20 {
		list = append(list, rec(fmt.Sprintf("id-p%02d", i), "notApplied", 0, 1))
	}
	listed := sym[signin.DimPolicies].Code(string(signin.EncodeList(list)))
	for i := range people {
		id := fmt.Sprint("user", i)
		rs, a := benchPerson(rand.New(rand.NewPCG(uint64(i), 9)), sym, id, rows)
		for k := range rs {
			if k%2 == 0 {
				rs[k].C[signin.DimPolicies] = listed
			}
		}
		hs, as = append(hs, History{"entra", "t", id, rs}), append(as, a)
	}
	return sym, hs, as
}

func benchSets(b *testing.B, sets int) []*policy.Engine {
	var es []*policy.Engine
	for i := range sets {
		es = append(es, twenty(b, fmt.Sprint("set", i), 1+i))
	}
	return es
}

// BenchmarkReplay replays people of a thousand sign-ins under twenty policies
// with session clocks, and under candidates of twenty more.
func BenchmarkReplay(b *testing.B) {
	const people, rows = 50, 1000
	sym, hs, as := benchPeople(people, rows)
	for _, c := range []struct {
		sets  int
		masks bool
	}{{1, false}, {1, true}, {2, false}, {4, false}} {
		es := benchSets(b, c.sets)
		b.Run(fmt.Sprintf("sets=%d,masks=%t", c.sets, c.masks), func(b *testing.B) {
			w := New(Config{Engines: es, Masks: c.masks}, sym)
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

// BenchmarkReplayParallel is the first case of BenchmarkReplay on two workers at
// once, each with its own people and tables, as a run has them.
func BenchmarkReplayParallel(b *testing.B) {
	const people, rows, workers = 50, 1000, 2
	es := benchSets(b, 1)
	type job struct {
		w  *Worker
		hs []History
		as []risk.Assessed
	}
	var jobs []job
	for range workers {
		sym, hs, as := benchPeople(people, rows)
		jobs = append(jobs, job{New(Config{Engines: es}, sym), hs, as})
	}
	b.ReportAllocs()
	b.ResetTimer()
	var wg sync.WaitGroup
	for k := range jobs {
		wg.Go(func() {
			j := &jobs[k]
			for n := range b.N {
				j.w.Person(j.hs[n%people], j.as[n%people])
				if n%people == people-1 {
					j.w.tally.People = j.w.tally.People[:0]
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N*rows*workers)/b.Elapsed().Seconds(), "sign-ins/s")
}

// Once its buffers have grown, a worker allocates what it keeps of a person and
// nothing for a sign-in.
func TestNoAllocationPerSignIn(t *testing.T) {
	const people = 8
	sym, hs, as := benchPeople(people, 1000)
	for _, masks := range []bool{false, true} {
		w := New(Config{Engines: []*policy.Engine{twenty(t, "a", 1), twenty(t, "b", 2)}, Masks: masks}, sym)
		n := 0
		each := func() {
			w.Person(hs[n%people], as[n%people])
			n++
		}
		for range 4 * people {
			each()
		}
		if got := testing.AllocsPerRun(4*people, each); got > 20 {
			t.Errorf("masks %t: %v allocations per person of 1,000 sign-ins, want at most 20", masks, got)
		}
	}
}

// benchPerson is an ordinary worker: two devices, a dozen apps, mostly token
// refreshes, two prompts a day.
func benchPerson(rng *rand.Rand, sym *signin.Symbols, id string, n int) ([]signin.Row, risk.Assessed) {
	s := &story{sym: sym}
	at := signin.Time(0)
	for i := range n {
		at += signin.Time(rng.IntN(50)) * min1
		mods := []mod{app(fmt.Sprint("app", rng.IntN(12))), corr(fmt.Sprint(id, i/2)), func(e *signin.Event) { e.Principal.ID, e.ID = id, fmt.Sprint(id, i) }}
		if rng.IntN(3) > 0 {
			mods = append(mods, joined)
		}
		switch {
		case rng.IntN(30) == 0:
			mods = append(mods, both)
		case rng.IntN(4) > 0:
			mods = append(mods, claim, quiet)
		default:
			mods = append(mods, claim)
		}
		if rng.IntN(2) == 0 {
			mods = append(mods, native)
		}
		s.at(at, mods...)
	}
	return s.rows, risk.Assessed{Score: s.score, Attack: s.attack}
}
