package policy

import (
	"slices"
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// force is a random span, now and then with an open end.
func (w world) force() *Force {
	hour := func() signin.Time { return testEpoch + signin.Time(w.IntN(100))*signin.Hour }
	list := []signin.Time{hour(), hour(), hour(), hour()}
	slices.Sort(list)
	f := &Force{MaybeFrom: list[0], From: list[1], Until: list[2], MaybeUntil: list[3]}
	if w.chance(30) {
		f.MaybeFrom, f.From = 0, 0
	}
	if w.chance(30) {
		f.Until, f.MaybeUntil = 0, 0
	}
	return f
}

// date gives most policies of a set a span, and some named locations two versions.
func (w world) date(set *Set) {
	for i, p := range set.Policies {
		if w.chance(80) {
			q := *p
			q.Force = w.force()
			set.Policies[i] = &q
		}
	}
	var places []*NamedLocation
	for _, n := range set.Locations {
		if n.Kind != LocationIP || w.chance(30) {
			places = append(places, n)
			continue
		}
		a, b := *n, *n
		a.Force, b.Force = w.force(), w.force()
		b.Ranges, b.Trusted = []string{"203.0.113.0/25", "192.0.2.0/24"}, !n.Trusted
		places = append(places, &a, &b)
	}
	set.Locations, set.Dated = places, true
}

// At every instant a dated set decides as a set of just the versions in force
// there, with what may be in force as policies of which a condition is unknown.
func TestDatedIsTheSetInForce(t *testing.T) {
	for seed := range uint64(8) {
		w := newWorld(seed)
		set := w.set(12)
		w.date(set)
		dir := w.directory()
		ev, sym := asked(t, set, dir, Options{Tenant: "t1"})
		for range 300 {
			e := w.event()
			s := w.state()
			r := signin.RowOf(&e, sym)
			then := &Set{Locations: set.Locations, LocationsKnown: set.LocationsKnown}
			var places []int
			for i, p := range set.Policies {
				in := p.Force.At(r.Time)
				if in == signin.False {
					continue
				}
				q := *p
				q.Force = nil
				q.Incomplete = q.Incomplete || in == signin.Unknown
				then.Policies, places = append(then.Policies, &q), append(places, i)
			}
			eng, err := NewEngine(then, dir, Options{Tenant: "t1"})
			if err != nil {
				t.Fatal(err)
			}
			at := eng.Evaluator(sym)
			want := moved(at.Decide(&r, at.Match(&r), &s), places)
			m := ev.Match(&r)
			if diff := cmp.Diff(want, ev.Decide(&r, m, &s)); diff != "" {
				t.Fatalf("seed %d: -then +dated\n%s", seed, diff)
			}
			checkParts(t, ev, at, &r, &s, places)
		}
	}
}

// checkParts compares what is said of single policies.
func checkParts(t *testing.T, ev, at *Evaluator, r *signin.Row, s *State, places []int) {
	t.Helper()
	m := ev.Match(r)
	then := map[int]int{}
	for j, i := range places {
		then[i] = j
	}
	x := ev.Explain(r, s)
	for i := range ev.e.plans {
		yes, no, unknown := ev.Conditions(r, i)
		j, in := then[i]
		if !in {
			if yes|no|unknown != 0 || m.Applies.Has(i) || m.Unknown.Has(i) {
				t.Fatalf("policy %d is not in force and has answers", i)
			}
			if x.Policies[i].Result != "notInForce" {
				t.Fatalf("policy %d is not in force and explained as %s", i, x.Policies[i].Result)
			}
			continue
		}
		y, n, u := at.Conditions(r, j)
		if yes != y || no != n || unknown != u {
			t.Fatalf("policy %d: conditions %d %d %d, want %d %d %d", i, yes, no, unknown, y, n, u)
		}
	}
}

// moved puts policy n of a decision in place places[n].
func moved(d Decision, places []int) Decision {
	for _, m := range []*Mask{
		&d.Match.Applies, &d.Match.Unknown, &d.Blocks, &d.MaybeBlocks, &d.Prompts, &d.MaybePrompts, &d.WouldBlock, &d.WouldPrompt,
	} {
		var out Mask
		for i := range m.All() {
			out.Add(places[i])
		}
		*m = out
	}
	return d
}

// A set whose every version counts all the time is the undated set.
func TestDatedAlways(t *testing.T) {
	w := newWorld(9)
	set := w.set(20)
	dated := *set
	dated.Dated, dated.Policies = true, nil
	for _, p := range set.Policies {
		q := *p
		q.Force = &Force{}
		dated.Policies = append(dated.Policies, &q)
	}
	dir := w.directory()
	a, sym := asked(t, set, dir, Options{Tenant: "t1"})
	e, err := NewEngine(&dated, dir, Options{Tenant: "t1"})
	if err != nil {
		t.Fatal(err)
	}
	b := e.Evaluator(sym)
	for range 1000 {
		ev, s := w.event(), w.state()
		r := signin.RowOf(&ev, sym)
		if diff := cmp.Diff(a.Decide(&r, a.Match(&r), &s), b.Decide(&r, b.Match(&r), &s)); diff != "" {
			t.Fatal(diff)
		}
	}
}

// Both states at once is each by itself.
func TestDecideBoth(t *testing.T) {
	w := newWorld(11)
	ev, sym := asked(t, w.set(70), w.directory(), Options{Tenant: "t1"})
	for range 2000 {
		e, lo, hi := w.event(), w.state(), w.state()
		r := signin.RowOf(&e, sym)
		m := ev.Match(&r)
		var a, b Decision
		ev.DecideBoth(&a, &b, &r, &m, &lo, &hi)
		if a != ev.Decide(&r, m, &lo) || b != ev.Decide(&r, m, &hi) {
			t.Fatal("DecideBoth is not two Decides")
		}
	}
}
