package replay

import (
	"math/rand/v2"
	"slices"

	"frisk/internal/signin"
)

// maxPicks bounds the work of one cell: a large cell gets fewer draws, whose
// intervals are narrow anyway, but never under minDraws.
const (
	maxPicks = 20_000_000
	minDraws = 200
)

// bootstrap resamples people, not events: a person's sign-ins are not
// independent (reference, detection 5.2). Every set is measured in the same
// draws, so that differences are paired. The generator is seeded by the cell,
// so a cell's figures do not depend on which others there are.
//
// others are those who did not sign in, or whose friction is kept apart. There is
// nothing of theirs to average, but an account taken over carries risk: they are drawn apart, as many as there are,
// so that the number of people stays what it is.
func (s *Summary) bootstrap(c *CellSummary, people, others []*PersonCell, opt *SummaryOptions) {
	n, k := len(people), len(c.Sets)
	risky := residuals(others, k)
	apart := 0
	if len(risky) > 0 {
		apart = len(others)
	}
	draws := min(opt.Draws, max(minDraws, maxPicks/(n+apart)))
	cell := c.Cell.Group + "\x1f" + c.Cell.Workspace
	rng := rand.New(rand.NewPCG(opt.Seed, signin.IDHash("cell:"+cell))) //nolint:gosec // statistics, not secrets
	// One line per person: recorded prompts, then prompts and residual of each set.
	width := 1 + 2*k
	values := make([]float64, n*width)
	for i, p := range people {
		v := values[i*width:]
		v[0] = p.Recorded.Prompts
		for j := range p.Sets {
			v[1+2*j], v[2+2*j] = p.Sets[j].Prompts.mid(), p.Sets[j].Residual.mid()
		}
	}
	means := make([][]float64, width)
	for j := range means {
		means[j] = make([]float64, draws)
	}
	sum := make([]float64, width)
	fewer, safer := make([]int, k), make([]int, k)
	per := 1 / (float64(n) * s.Weeks)
	for d := range draws {
		clear(sum)
		for range n {
			line := values[rng.IntN(n)*width:][:width]
			for j, x := range line {
				sum[j] += x
			}
		}
		for range apart {
			if i := rng.IntN(apart); i < len(risky) {
				for j, x := range risky[i] {
					sum[2+2*j] += x
				}
			}
		}
		for j, x := range sum {
			means[j][d] = x * per
		}
		for j := 1; j < k; j++ {
			if sum[1+2*j] < sum[1] {
				fewer[j]++
			}
			if sum[2+2*j] < sum[2] {
				safer[j]++
			}
		}
	}
	c.Recorded.Interval = interval(means[0])
	for j := range c.Sets {
		c.Sets[j].Fewer, c.Sets[j].Safer = float64(fewer[j])/float64(draws), float64(safer[j])/float64(draws)
		c.Sets[j].Interval = interval(means[1+2*j])
	}
}

// residuals are the residual risks, by set, of those of the people who carry any.
func residuals(people []*PersonCell, sets int) [][]float64 {
	var out [][]float64
	for _, p := range people {
		line := make([]float64, sets)
		some := false
		for j := range p.Sets {
			line[j] = p.Sets[j].Residual.mid()
			some = some || line[j] != 0
		}
		if some {
			out = append(out, line)
		}
	}
	return out
}

// interval is the middle 95 % of xs, which it sorts.
func interval(xs []float64) Interval {
	slices.Sort(xs)
	n := len(xs)
	return Interval{OK: true, Low: xs[n*25/1000], High: xs[n-1-n*25/1000]}
}
