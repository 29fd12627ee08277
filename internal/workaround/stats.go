package workaround

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"frisk/internal/risk"
	"frisk/internal/signin"

	"gonum.org/v1/gonum/stat/distuv"
)

// A person counts once, however often they were stopped: their stops and windows
// give one chance each, and chances are averaged over people. So one busy person
// is one observation, which is what their events are worth (they are not
// independent of each other).

// comparison is one policy and route over people.
type comparison struct {
	people      int     // with stops that are compared
	hits        float64 // sum over people of the share of stops the route followed
	informative int     // people with comparable windows
	usual       float64 // sum over them of the share of windows it was taken in
	observed    int     // people the route followed a stop of at least once, of the informative
	chances     []float64
}

func (c *comparison) add(e *entry, k int) {
	if e.stops == 0 {
		return
	}
	x := &e.routes[k]
	c.people++
	c.hits += float64(x.hits) / float64(e.stops)
	if x.compared == 0 {
		return
	}
	c.informative++
	c.usual += x.usual / float64(x.compared)
	if p := -math.Expm1(x.none); p > 0 {
		c.chances = append(c.chances, p)
		c.observed += btoi(x.struck > 0)
	}
}

// exact is the chance that at least as many people as observed would have gone the
// way after a stop, were the time after a stop like their other times: people are
// independent trials with chances of their own (Poisson-binomial), computed by
// convolution, which is exact.
func (c *comparison) exact() float64 {
	// dist[j] is the chance of j people; those beyond observed are one class.
	dist := make([]float64, c.observed+1)
	dist[0] = 1
	for _, p := range c.chances {
		for j := c.observed; j >= 0; j-- {
			v := dist[j] * (1 - p)
			if j == c.observed {
				v = dist[j]
			}
			if j > 0 {
				v += dist[j-1] * p
			}
			dist[j] = v
		}
	}
	return min(1, dist[c.observed])
}

// pooled is how often each route is taken at comparable times, over all policies:
// what a policy's figures are shrunk towards.
type pooled struct {
	usual  [maxRoutes + 1]float64
	people [maxRoutes + 1]float64
}

// pool wants the people of each policy in order.
func (t *Tally) pool() *pooled {
	var out pooled
	for _, id := range sortedKeys(t.policies) { // sums of floats have an order
		people := t.policies[id]
		for i := range people {
			for k := range maxRoutes + 1 {
				if x := &people[i].routes[k]; x.compared > 0 {
					out.usual[k] += x.usual / float64(x.compared)
					out.people[k]++
				}
			}
		}
	}
	return &out
}

// base is the pooled chance of a route, half an event added (Jeffreys).
func (p *pooled) base(k int) float64 { return (p.usual[k] + 0.5) / (p.people[k] + 1) }

// The prior of both chances is a beta distribution worth three people: one person
// by Jeffreys' rule (1/2, 1/2), and priorPeople who behave as the pooled base says.
const priorPeople = 2

// draws is how many pairs the interval of a lift is read from; the generator is
// seeded by the figures, so the same figures give the same interval.
const draws = 4000

// fill sets the chances and the lift: a beta-binomial over people, in which
// fractions count as such. The lift is the ratio of the posterior means, its
// interval the central 95 % of the posterior of the ratio.
func (c *comparison) fill(r *RouteSummary, base float64) {
	a, b := 0.5+priorPeople*base, 0.5+priorPeople*(1-base)
	after := distuv.Beta{Alpha: a + c.hits, Beta: b + float64(c.people) - c.hits}
	other := distuv.Beta{Alpha: a + c.usual, Beta: b + float64(c.informative) - c.usual}
	r.Rate, r.Base = after.Mean(), other.Mean()
	r.Lift = r.Rate / r.Base
	r.P = c.exact()
	if c.hits == 0 {
		r.LiftLow, r.LiftHigh = 0, r.Lift
		return
	}
	seed := signin.IDHash(r.Route) ^ uint64(c.people)<<32 ^ uint64(c.informative)
	src := rand.NewPCG(seed, 0x66726973) //nolint:gosec // statistics, not secrets
	after.Src, other.Src = src, src
	ratio := make([]float64, draws)
	for i := range ratio {
		ratio[i] = after.Rand() / max(other.Rand(), 1e-12)
	}
	slices.Sort(ratio)
	r.LiftLow, r.LiftHigh = ratio[draws*25/1000], ratio[draws*975/1000]
}

// discover adjusts the tests for their number and names patterns. A test is one
// policy and route with enough people who can be compared, whatever they did: to
// choose tests by their outcome would make chance look like discovery.
func (r *Result) discover(cfg *risk.Config) {
	var tests []*RouteSummary
	for i := range r.policies {
		for k := range r.policies[i].Routes {
			if s := &r.policies[i].Routes[k]; s.Compared >= int(cfg.WorkaroundPeople) {
				tests = append(tests, s)
			}
		}
		if s := &r.policies[i].Any; s.Compared > 0 {
			s.Q = s.P // one question asked once, of each policy
		}
	}
	slices.SortStableFunc(tests, func(a, b *RouteSummary) int { return cmp.Compare(a.P, b.P) })
	least := 1.0
	for i, s := range slices.Backward(tests) {

		least = min(least, s.P*float64(len(tests))/float64(i+1))
		s.Q = least
		s.Named = s.People >= int(cfg.WorkaroundPeople) && s.Q <= cfg.WorkaroundRate && s.LiftLow > 1
	}
}
