package rarity

import (
	"cmp"
	"slices"
)

// Crowd counts everybody's visits. One goroutine fills one; Merge joins them in
// any order; after Seal it is read only. What it answers is as of the day before.
type Crowd struct {
	Tree   *Tree
	half   float64
	counts map[leafDay]uint32
	last   leafDay // a run of visits not yet in counts
	run    uint32
	series []series // by node, after Seal
	decay  decay
}

type leafDay struct {
	leaf Node
	day  int32
}

// series is what a node weighed at the end of each day it was visited on.
type series []point

// point is the decayed visits to a node, and those of them that went on to a
// named child, at the end of a day.
type point struct {
	day           int32
	weight, below float32
}

// NewCrowd counts with the half-life in days.
func NewCrowd(half float64) *Crowd {
	return &Crowd{Tree: NewTree(), half: half, counts: map[leafDay]uint32{}}
}

// Visit counts a path once on a day. A repetition of the call before is free.
func (c *Crowd) Visit(p *Path, day int32) {
	k := leafDay{p.Leaf(), day}
	if k.leaf == 0 {
		return
	}
	if k != c.last {
		c.flush()
		c.last = k
	}
	c.run++
}

func (c *Crowd) flush() {
	if c.run > 0 {
		c.counts[c.last] += c.run
		c.run = 0
	}
}

// Merge adds what o counted; o is not filled further.
func (c *Crowd) Merge(o *Crowd) {
	c.flush()
	o.flush()
	to := c.Tree.copy(o.Tree)
	for k, n := range o.counts {
		k.leaf = to[k.leaf]
		c.counts[k] += n
	}
}

// visit is one leaf's count on a day at one of its ancestors, or at itself.
type visit struct {
	node  Node
	day   int32
	n     uint32
	below bool
}

// Seal ends the counting.
func (c *Crowd) Seal() {
	c.flush()
	c.decay = newDecay(c.half)
	all := make([]visit, 0, len(c.counts)*(Levels+1))
	for k, n := range c.counts {
		all = append(all, visit{k.leaf, k.day, n, false})
		for at := c.Tree.parent[k.leaf]; at != 0; at = c.Tree.parent[at] {
			all = append(all, visit{at, k.day, n, true})
		}
	}
	c.counts = nil
	slices.SortFunc(all, func(a, b visit) int { return cmp.Or(cmp.Compare(a.node, b.node), cmp.Compare(a.day, b.day)) })
	c.series = make([]series, c.Tree.Len())
	for i := 0; i < len(all); {
		node, s := all[i].node, series(nil)
		for i < len(all) && all[i].node == node {
			p := point{day: all[i].day}
			if len(s) > 0 {
				old := s[len(s)-1]
				f := c.decay.of(p.day - old.day)
				p.weight, p.below = old.weight*f, old.below*f
			}
			var weight, below uint32 // whole numbers: their order must not show
			for ; i < len(all) && all[i].node == node && all[i].day == p.day; i++ {
				weight += all[i].n
				if all[i].below {
					below += all[i].n
				}
			}
			p.weight += float32(weight)
			p.below += float32(below)
			s = append(s, p)
		}
		c.series[node] = slices.Clip(s)
	}
}

// before is what node weighed at the end of the day before day.
func (c *Crowd) before(n Node, day int32) (weight, below float32) {
	if int(n) >= len(c.series) {
		return 0, 0
	}
	s := c.series[n]
	lo, hi := 0, len(s)
	for lo < hi {
		if mid := (lo + hi) / 2; s[mid].day < day {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 {
		return 0, 0
	}
	p := s[lo-1]
	f := c.decay.of(day - 1 - p.day)
	return p.weight * f, p.below * f
}

// Shares are p(x | parent) of everybody by level, as of the day before: of two
// outcomes, this value or another, the estimate of Krichevsky and Trofimov (IEEE
// Trans. Inf. Theory 27(2), 1981), so that nothing is impossible. A nil Crowd
// knows nothing and says a half.
func (c *Crowd) Shares(p *Path, day int32) (g [Levels]float32) {
	var below float32
	if c != nil {
		_, below = c.before(root, day)
	}
	for l, n := range p {
		if n == 0 {
			continue
		}
		var weight, next float32
		if c != nil {
			weight, next = c.before(n, day)
		}
		g[l] = (min(weight, below) + 0.5) / (below + 1)
		below = next
	}
	return g
}
