package exceptions

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/combin"
)

// The exact tests. All are one-sided: too many, never too few.

// confidence is that of every interval shown.
const confidence = 0.95

// hyperTail is P(X >= x) where X is how many of n drawn without replacement from
// population are among its marked: Fisher's exact test, one-sided.
func hyperTail(x, n, marked, population int) float64 {
	if x <= max(0, n+marked-population) {
		return 1
	}
	most := min(n, marked)
	if x > most {
		return 0
	}
	term := func(k int) float64 {
		return math.Exp(choose(marked, k) + choose(population-marked, n-k) - choose(population, n))
	}
	// From x away from the mode, each term from the one before, until they vanish:
	// upwards, or from below the mode downwards to what is left.
	sum := 0.0
	if mode := int(float64(n+1) * float64(marked+1) / float64(population+2)); x <= mode {
		for k, t := x-1, term(x-1); k >= max(0, n+marked-population) && t > sum*vanishing; k-- {
			sum += t
			t *= float64(k) * float64(population-marked-n+k) / (float64(marked-k+1) * float64(n-k+1))
		}
		return max(0, 1-sum)
	}
	for k, t := x, term(x); k <= most && t > sum*vanishing; k++ {
		sum += t
		t *= float64(marked-k) * float64(n-k) / (float64(k+1) * float64(population-marked-n+k+1))
	}
	return min(1, sum)
}

// vanishing is the share of a sum that no float64 sees.
const vanishing = 1e-17

// choose is the logarithm of the binomial coefficient.
func choose(n, k int) float64 {
	if k == 0 || k == n {
		return 0
	}
	return combin.LogGeneralizedBinomial(float64(n), float64(k))
}

// binomialTail is P(X >= x) for X binomial(n, p).
func binomialTail(x, n int, p float64) float64 {
	switch {
	case x <= 0:
		return 1
	case x > n || p <= 0:
		return 0
	case p >= 1:
		return 1
	}
	return mathext.RegIncBeta(float64(x), float64(n-x+1), p)
}

// clopperPearson is the exact two-sided interval of a binomial share (Clopper
// and Pearson 1934).
func clopperPearson(x, n int) (low, high float64) {
	tail := (1 - confidence) / 2
	high = 1
	if x > 0 {
		low = mathext.InvRegIncBeta(float64(x), float64(n-x+1), tail)
	}
	if x < n {
		high = mathext.InvRegIncBeta(float64(x+1), float64(n-x), 1-tail)
	}
	return low, high
}

// rateRatio compares two Poisson counts with their exposures: given their sum,
// after is binomial, so the interval of the ratio is that of the share
// (conditional exact test, Przyborowski and Wilenski 1940). Ratio and high are
// infinite where before is 0.
func rateRatio(after, before int, exposedAfter, exposedBefore float64) (ratio, low, high, p float64) {
	n := after + before
	null := exposedAfter / (exposedAfter + exposedBefore)
	odds := func(share float64) float64 { return share / (1 - share) * exposedBefore / exposedAfter }
	l, h := clopperPearson(after, n)
	ratio = math.Inf(1)
	if before > 0 {
		ratio = float64(after) / exposedAfter / (float64(before) / exposedBefore)
	}
	return ratio, odds(l), odds(h), binomialTail(after, n, null)
}

// sumTail is P(X >= x) where X counts the successes of independent trials with
// these chances (Poisson binomial), by the exact recursion.
func sumTail(x int, chances []float64) float64 {
	if x <= 0 {
		return 1
	}
	at := make([]float64, x+1) // at[k]: k successes so far; at[x]: x or more
	at[0] = 1
	for _, p := range chances {
		at[x] += at[x-1] * p
		for k := x - 1; k > 0; k-- {
			at[k] = at[k]*(1-p) + at[k-1]*p
		}
		at[0] *= 1 - p
	}
	return min(1, at[x])
}

// adjust turns p values into those after false-discovery control (Benjamini and
// Hochberg 1995): a family's tests with q at or below a level hold at most that
// share of chance on average. size counts all tests of the family, also those
// left out of ps because they cannot be small (p = 1).
func adjust(ps []float64, size int) []float64 {
	order := make([]int, len(ps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ps[a], ps[b]) })
	q := make([]float64, len(ps))
	least := 1.0
	for rank := len(order); rank > 0; rank-- {
		i := order[rank-1]
		least = min(least, ps[i]*float64(size)/float64(rank))
		q[i] = least
	}
	return q
}
