// Package rarity says how unusual a value is for one person, compared with how
// usual it is for everybody: the ratio p(x) / p(x | person) of Freeman, Jain,
// Dürmuth, Biggio and Giacinto, "Who Are You? A Statistical Approach to
// Measuring User Authenticity", NDSS 2016, doi 10.14722/ndss.2016.23240, as
// Wiefling, Jørgensen, Thunem and Lo Iacono studied it on 31 million logins
// (ACM TOPS 2022, doi 10.1145/3546069).
//
// A value is a path from coarse to fine: country, AS, network, address; or device
// type, system, browser, user agent. Both probabilities are products along the
// path, each level given the one above, so the ratio is a product too and every
// level has its own share of it. A level's share for the person is smoothed
// towards everybody's (Dirichlet, the weight of everybody being Alpha plus the
// number of different values the person had there, after Witten and Bell, IEEE
// Trans. Inf. Theory 37(4), 1991):
//
//	p(x | parent, person) = (c + a·g) / (b + a),  a = Alpha + kinds
//
// where c counts the person's visits to x, b those to the parent, kinds the
// different values they had below the parent, and g = p(x | parent) of
// everybody. Whoever has a new address every day is told from whoever never had:
// kinds grows with b. Under a parent the person never had, b is 0 and the level
// says nothing more: the new country was the news, not the network in it.
//
// Counts halve in Half days. A visit is a UTC day with the value (or each use,
// where Each is set): a burst on one day does not make a habit.
//
// The package knows numbers only; it imports nothing of ours.
package rarity

import "math"

// Levels is the length of a path.
const Levels = 4

// Node numbers a value within its parents. 0 is nothing; 1 is the root of a tree.
type Node uint32

const root Node = 1

// Path is a value with its parents, coarse to fine. A level that the log does not
// name is 0; the next level below it counts as a child of the one above.
type Path [Levels]Node

// Leaf is the finest node the path names, 0 when it names none.
func (p *Path) Leaf() Node {
	for l := Levels - 1; l >= 0; l-- {
		if p[l] != 0 {
			return p[l]
		}
	}
	return 0
}

// Ratios are p(x | parent) / p(x | parent, person) by level; 0 where the log
// names no value.
type Ratios [Levels]float32

// Product is the ratio of the whole path; 1 when no level is known.
func (r *Ratios) Product() float64 {
	p := 1.0
	for _, v := range r {
		if v != 0 {
			p *= float64(v)
		}
	}
	return p
}

// decay is 2^(-d/half) for whole days, as a table.
type decay []float32

// maxDecay is the longest gap with an entry of its own; beyond it everything is forgotten.
const maxDecay = 4096

func newDecay(half float64) decay {
	t := make(decay, maxDecay)
	for d := range t {
		t[d] = float32(math.Exp2(-float64(d) / half))
	}
	return t
}

func (t decay) of(days int32) float32 {
	switch {
	case days <= 0:
		return 1
	case int(days) >= len(t):
		return 0
	}
	return t[days]
}

// Hash mixes a level's value into that of its parent.
func Hash(parent, value uint64) uint64 {
	h := parent ^ (value + 0x9e3779b97f4a7c15 + parent<<6 + parent>>2)
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	h ^= h >> 32
	return h
}
