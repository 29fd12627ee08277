package report

import (
	"cmp"
	"math"
	"slices"
)

// bargain is a policy's place in the roll-up.
//
// The rule, stated in docs/metrics.md: what share of the cost of all enabled
// policies does it take, and what share of the risk that all of them stop does it
// stop? Both are worked out at the low, middle and high assumptions, which are the
// same for every policy, so that they do not blur the comparison. A policy is a bad
// bargain when its share of the cost is at least bargainRatio times its share of
// the risk at all three, and people ask for exceptions from it or work around it;
// a good one when its share of the risk is at least as many times its share of the
// cost and it stops something. It is dominated when another policy costs no more,
// stops at least as much, and draws no more requests and workarounds, whatever the
// assumptions.
type bargain struct {
	*Rollup
	cost, risk Range // shares, 0 to 1
	price      Range // seconds for each hostile sign-in stopped; High +Inf when at the low estimate it stops none
	dominated  *Rollup
	bad, good  bool
}

const (
	// bargainRatio is how far apart the two shares must lie. Ours.
	bargainRatio = 2
	// manyRequests is from how many requests on people are said to ask for
	// exceptions, where no workaround is named. Ours: as many as a cell needs people.
	manyRequests = RankFrom
)

// bargains judges the policies, worst first: dominated ones first, then by the
// seconds for each hostile sign-in stopped, told in the policy's favour (lowest
// cost, most stopped), then by requests and people who work around it.
func bargains(rs []Rollup) []bargain {
	var out []bargain
	var cost, risk [3]float64
	for i := range rs {
		if rs[i].State != stateEnabled {
			continue
		}
		out = append(out, bargain{Rollup: &rs[i]})
		for k := range 3 {
			cost[k] += rs[i].Cost.each()[k]
			risk[k] += rs[i].Stopped.each()[k]
		}
	}
	for i := range out {
		b := &out[i]
		bad, good := true, true
		for k := range 3 {
			c, r := part(b.Cost.each()[k], cost[k]), part(b.Stopped.each()[k], risk[k])
			b.cost, b.risk = widen(b.cost, c, k), widen(b.risk, r, k)
			bad = bad && c > 0 && c >= bargainRatio*r
			good = good && r > 0 && r >= bargainRatio*c
		}
		b.price = Range{Low: over(b.Cost.Low, b.Stopped.High), High: over(b.Cost.High, b.Stopped.Low), Known: b.Cost.High > 0 || b.Stopped.High > 0}
		b.bad, b.good = bad && b.resisted(), good
		for k := range out {
			if out[k].dominates(b) && (b.dominated == nil || out[k].Stopped.Low > b.dominated.Stopped.Low) {
				b.dominated = out[k].Rollup
			}
		}
	}
	slices.SortFunc(out, func(a, b bargain) int {
		return cmp.Or(
			cmp.Compare(one(b.dominated != nil), one(a.dominated != nil)), cmp.Compare(b.price.Low, a.price.Low),
			cmp.Compare(b.resistance(), a.resistance()), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// worst is the first bad bargain, best the good one that stops most; nil for none.
func worst(bs []bargain) *bargain {
	for i := range bs {
		if bs[i].bad {
			return &bs[i]
		}
	}
	return nil
}

func best(bs []bargain) *bargain {
	var out *bargain
	for i := range bs {
		if b := &bs[i]; b.good && (out == nil || b.Stopped.Low > out.Stopped.Low) {
			out = b
		}
	}
	return out
}

// dominates reports that b is the better policy whatever the assumptions.
func (b *bargain) dominates(o *bargain) bool {
	if b.Rollup == o.Rollup || b.Stopped.Low < o.Stopped.High || b.Cost.High > o.Cost.Low || b.resistance() > o.resistance() {
		return false
	}
	return b.Stopped.Low > o.Stopped.High || b.Cost.High < o.Cost.Low
}

// resistance is how many requests and people who work around it a policy draws.
func (r *Rollup) resistance() int {
	n := 0
	if r.Requests != nil {
		n += r.Requests.Requests
	}
	if r.Workarounds != nil {
		n += r.Workarounds.People
	}
	return n
}

// resisted reports that people ask for exceptions from it, or work around it more
// than chance would have it.
func (r *Rollup) resisted() bool {
	return r.Requests != nil && r.Requests.Requests >= manyRequests || r.Workarounds != nil && r.Workarounds.Named
}

func part(x, of float64) float64 {
	if of <= 0 {
		return 0
	}
	return x / of
}

// over is x for each y; of nothing, infinitely many.
func over(x, y float64) float64 {
	switch {
	case x == 0:
		return 0
	case y <= 0:
		return math.Inf(1)
	}
	return x / y
}

func widen(r Range, x float64, k int) Range {
	if k == 0 {
		return Exact(x)
	}
	return Between(min(r.Low, x), max(r.High, x))
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}
