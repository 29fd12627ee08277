package exceptions

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// Fisher's tail by the recurrence is that of the sum of all terms, and stays a
// probability where terms leave the range of float64.
func TestHyperTailIsTheSum(t *testing.T) {
	sum := func(x, n, marked, population int) float64 {
		p := 0.0
		for k := min(n, marked); k >= max(x, 0, n+marked-population); k-- {
			p += math.Exp(choose(marked, k) + choose(population-marked, n-k) - choose(population, n))
		}
		return min(1, p)
	}
	rng := rand.New(rand.NewPCG(5, 6)) //nolint:gosec // a test's choices
	for range 20_000 {
		population := 1 + rng.IntN(60)
		if rng.IntN(20) == 0 {
			population = 1 + rng.IntN(40_000)
		}
		n, marked := rng.IntN(population+1), rng.IntN(population+1)
		x := rng.IntN(min(n, marked) + 2)
		got, want := hyperTail(x, n, marked, population), sum(x, n, marked, population)
		if math.Abs(got-want) > 1e-8*want+1e-12 || got < 0 || got > 1 {
			t.Fatalf("P(X >= %d) with %d of %d, %d marked: %v, want %v", x, n, population, marked, got, want)
		}
	}
	if p := hyperTail(1, 20_000, 20_000, 40_000); p != 1 {
		t.Errorf("certain: %v", p)
	}
}

// However requests fall together in time (many exports know only the day), a
// window holds whoever asked in it, each person once.
func TestWindowsCountPeople(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8)) //nolint:gosec // a test's choices
	const width = 14 * signin.Day
	var rs []*Request
	for i := range 300 {
		r := &Request{Request: &directory.Request{}}
		r.Person, r.Created = fmt.Sprint("p", rng.IntN(40)), signin.Time(1000+i/3*rng.IntN(2)+i/3)*signin.Day
		if n := len(rs); n > 0 {
			r.Created = max(r.Created, rs[n-1].Created)
		}
		rs = append(rs, r)
	}
	asked := askedFrom(rs, width)
	windows := 0
	slide(rs, width, func(i, hi, n int) {
		windows++
		who, all := map[string]bool{}, map[string]bool{}
		for j, r := range rs {
			if d := r.Created - rs[i].Created; d >= 0 && d <= width {
				all[r.Person] = true
				if j >= i {
					who[r.Person] = true
				}
			}
		}
		if n != len(who) || asked[rs[i].Created] != len(all) || hi < len(rs) && rs[hi].Created-rs[i].Created <= width {
			t.Fatalf("window of request %d: %d and %d people, want %d and %d", i, n, asked[rs[i].Created], len(who), len(all))
		}
	})
	if windows != len(rs) {
		t.Errorf("%d windows", windows)
	}
}

// One person who asks again and again after one block is one trial, not eight.
func TestBlockDrivenCountsPeople(t *testing.T) {
	base := at(t, "2026-01-01 00:00")
	in := &Input{
		Policies: []Policy{{Key: "P", Name: "P"}}, From: base, Until: base + 40*signin.Day,
		PolicyOf: func(*directory.Request) string { return "P" },
		Blocks: func(_, _ string, from, to signin.Time) []signin.Time {
			if b := base + 30*signin.Day; b >= from && b < to {
				return []signin.Time{b}
			}
			return nil
		},
	}
	p := func(who func(i int) string) float64 {
		in.Requests = nil
		for i := range 8 {
			created := base + 30*signin.Day + signin.Time(i+1)*signin.Hour
			in.Requests = append(in.Requests, directory.Request{
				ID: fmt.Sprint("R", i), Beneficiary: who(i), Created: created, Decision: "denied", Decided: created + 1, Matched: true,
			})
		}
		r := Analyse(in, defaults())
		if of := r.Of("P", ""); of.BlockDriven != 8 || of.BlockAsked != 8 {
			t.Errorf("totals count %d of %d requests", of.BlockDriven, of.BlockAsked)
		}
		for _, f := range r.Findings {
			if f.Detector == BlockDriven {
				return f.P
			}
		}
		return 1
	}
	if v := p(func(int) string { return "ada" }); v < 0.01 {
		t.Errorf("one person: p %v", v)
	}
	if v := p(func(i int) string { return fmt.Sprint("u", i) }); v > 1e-6 {
		t.Errorf("eight people: p %v", v)
	}
}

// Groups of which nobody asks were looked at as well.
func TestGroupFamilyIsEveryGroup(t *testing.T) {
	in := &Input{
		Policies: []Policy{{Key: "P", Name: "P"}}, People: 1000, PolicyOf: func(*directory.Request) string { return "P" },
		Groups: func(who string, _ signin.Time) []string { return []string{"g" + who[:1]} }, Size: func(string) int { return 25 },
	}
	for i, who := range []string{"a1", "a2", "a3", "b1", "c1", "d1"} {
		in.Requests = append(in.Requests, directory.Request{ID: who, Beneficiary: who, Created: signin.Time(20_000+i) * signin.Day, Decision: "denied", Matched: true})
	}
	raised := func(groups int) (q float64, tests int) {
		in.GroupCount = groups
		r := Analyse(in, defaults())
		for _, f := range r.Account.Tests {
			if f.Pattern == Group {
				tests = f.Tests
			}
		}
		for _, f := range r.Findings {
			if f.Detector == Group {
				return f.Q, tests
			}
		}
		return 1, tests
	}
	if q, tests := raised(0); q > 0.05 || tests != 4 {
		t.Errorf("of four groups: q %v, %d tests", q, tests)
	}
	if q, tests := raised(400); q != 1 || tests != 400 {
		t.Errorf("of four hundred groups: q %v, %d tests", q, tests)
	}
}
