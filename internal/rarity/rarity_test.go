package rarity

import (
	"math"
	"math/rand/v2"
	"testing"
)

func sealed(half float64, visits map[[Levels]uint64][]int32) *Crowd {
	c := NewCrowd(half)
	for v, days := range visits {
		p := c.Tree.Path(&v)
		for _, d := range days {
			c.Visit(&p, d)
		}
	}
	c.Seal()
	return c
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-4*max(1, math.Abs(b)) }

// TestRatiosByHand: everybody has two countries, half each; the person was in one
// on nine days. Worked out on paper from the formula in the package comment.
func TestRatiosByHand(t *testing.T) {
	home, away := [Levels]uint64{1, 10}, [Levels]uint64{2, 20}
	c := sealed(1e9, map[[Levels]uint64][]int32{home: {1, 1, 1, 1}, away: {1, 1, 1, 1}})
	h := NewHistory(1, 1e9)
	h.Begin()
	f := NewFork(c.Tree)
	at := f.Path(&home)
	for d := range int32(9) {
		h.Learn(&at, d+1)
	}
	g := c.Shares(&at, 20)
	if !near(float64(g[0]), 4.5/9) || !near(float64(g[1]), 4.5/5) {
		t.Fatalf("shares %v", g)
	}
	// Home: b = 9, c = 9, a = 1 + 1 kind: 0.5 · 11 / (9 + 1) = 0.55; below, 0.9 · 11 / (9 + 1.8).
	if r := h.Ratios(&at, &g, 20); !near(float64(r[0]), 0.55) || !near(float64(r[1]), 0.9*11/10.8) {
		t.Errorf("home: %v", r)
	}
	// Away: c = 0: 0.5 · 11 / 1 = 5.5, and nothing more below.
	to := f.Path(&away)
	g = c.Shares(&to, 20)
	if r := h.Ratios(&to, &g, 20); !near(float64(r[0]), 5.5) || r[1] != 1 {
		t.Errorf("away: %v", r)
	}
	h.Begin()
	if r := h.Ratios(&to, &g, 20); r[0] != 1 || r[1] != 1 || h.Visits(20) != 0 {
		t.Errorf("without a history: %v", r)
	}
}

// TestPersonIsADistribution: where everybody's shares of a parent's values sum up
// to one, the person's do too, so that the ratio is one of likelihoods and the sum
// of scores keeps the meaning the prior gives it.
func TestPersonIsADistribution(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		tree, h := NewTree(), NewHistory(1, 90)
		h.Begin()
		var paths []Path
		for v := range uint64(4) {
			paths = append(paths, tree.Path(&[Levels]uint64{1 + v}))
		}
		for d := range int32(60) {
			h.Learn(&paths[rng.IntN(3)], d)
		}
		sum := 0.0
		for i, g := range []float32{0.4, 0.3, 0.2, 0.1} {
			sum += float64(g / h.Ratios(&paths[i], &[Levels]float32{g}, 70)[0])
		}
		if !near(sum, 1) {
			t.Errorf("the person's shares sum up to %v", sum)
		}
	}
}

// TestForgetting: a visit counts half after a half-life, for both sides.
func TestForgetting(t *testing.T) {
	v := [Levels]uint64{1}
	c := sealed(90, map[[Levels]uint64][]int32{v: {10, 10}, {2}: {100}})
	p := c.Tree.Path(&v)
	if w, _ := c.before(p[0], 101); !near(float64(w), 1) {
		t.Errorf("everybody's weight %v after 90 days, want 1", w)
	}
	if w, _ := c.before(p[0], 10); w != 0 {
		t.Errorf("the day itself shows: %v", w)
	}
	h := NewHistory(1, 90)
	h.Begin()
	h.Learn(&p, 10)
	if got := h.Visits(100); !near(got, 0.5) {
		t.Errorf("the person's weight %v after 90 days, want 0.5", got)
	}
	if h.Visits(10_000) != 0 {
		t.Error("nothing is forgotten")
	}
}

// TestToday: a day's visits count once, from the next day on, and can be taken back.
func TestToday(t *testing.T) {
	v, w := [Levels]uint64{1, 2}, [Levels]uint64{1, 3}
	tree := NewTree()
	p, q := tree.Path(&v), tree.Path(&w)
	h := NewHistory(1, 1e9)
	h.Begin()
	h.Learn(&p, 5)
	h.Learn(&p, 5)
	h.Learn(&q, 5)
	if h.Visits(5) != 0 {
		t.Error("the day itself shows")
	}
	h.Forget(&q, 5)
	if got := h.Visits(6); got != 1 {
		t.Errorf("%v visits the day after, want 1", got)
	}
	h.Forget(&p, 5)
	if got := h.Visits(6); got != 1 {
		t.Errorf("an earlier day was taken back: %v", got)
	}
}

// TestVariety: a new network is less news to whoever always has new ones.
func TestVariety(t *testing.T) {
	tree := NewTree()
	h := NewHistory(1, 1e9)
	ratio := func(restless bool) float32 {
		h.Begin()
		for d := range int32(50) {
			v := [Levels]uint64{1, 100}
			if restless {
				v[1] += uint64(d)
			}
			p := tree.Path(&v)
			h.Learn(&p, d)
		}
		v := [Levels]uint64{1, 999}
		p := tree.Path(&v)
		r := h.Ratios(&p, &[Levels]float32{0.5, 0.01}, 60)
		return r[1]
	}
	if calm, restless := ratio(false), ratio(true); calm < 10*restless || restless < 1 {
		t.Errorf("a new network is %v for one with a single network, %v for one with fifty", calm, restless)
	}
}

// TestMerge: who counted what does not show.
func TestMerge(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	one, parts := NewCrowd(90), []*Crowd{NewCrowd(90), NewCrowd(90), NewCrowd(90)}
	var all [][Levels]uint64
	for range 300 {
		v := [Levels]uint64{1 + rng.Uint64N(3), rng.Uint64N(4), 1 + rng.Uint64N(5), 1 + rng.Uint64N(9)}
		d := rng.Int32N(40)
		p := one.Tree.Path(&v)
		one.Visit(&p, d)
		c := parts[rng.IntN(len(parts))]
		p = c.Tree.Path(&v)
		c.Visit(&p, d)
		all = append(all, v)
	}
	sum := NewCrowd(90)
	for _, i := range []int{2, 0, 1} {
		sum.Merge(parts[i])
	}
	one.Seal()
	sum.Seal()
	for _, v := range all {
		p, q := one.Tree.Path(&v), sum.Tree.Path(&v)
		for d := range int32(45) {
			if a, b := one.Shares(&p, d), sum.Shares(&q, d); a != b {
				t.Fatalf("%v on day %d: %v alone, %v merged", v, d, a, b)
			}
		}
	}
}

// TestUnknownLevels: a level that is not named has no say, and the next is held
// against the one above.
func TestUnknownLevels(t *testing.T) {
	tree := NewTree()
	v := [Levels]uint64{0, 7, 0, 9}
	p := tree.Path(&v)
	if p[0] != 0 || p[2] != 0 || p.Leaf() != p[3] {
		t.Fatalf("%v", p)
	}
	h := NewHistory(1, 1e9)
	h.Begin()
	h.Learn(&p, 1)
	r := h.Ratios(&p, &[Levels]float32{0, 0.5, 0, 0.5}, 2)
	if r[0] != 0 || r[2] != 0 || r[1] >= 1 || r[3] >= 1 || r.Product() >= float64(r[1]) {
		t.Errorf("%v, product %v", r, r.Product())
	}
	var none Path
	h.Learn(&none, 3)
	if r := h.Ratios(&none, &[Levels]float32{}, 4); r.Product() != 1 {
		t.Errorf("nothing known: %v", r)
	}
}

func BenchmarkRatios(b *testing.B) {
	tree := NewTree()
	h := NewHistory(1, 90)
	h.Begin()
	v := [Levels]uint64{1, 2, 3, 4}
	p := tree.Path(&v)
	h.Learn(&p, 1)
	g := [Levels]float32{0.5, 0.1, 0.1, 0.1}
	b.ReportAllocs()
	for b.Loop() {
		h.Ratios(&p, &g, 5)
	}
}
