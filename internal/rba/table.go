package rba

import (
	"math"
	"slices"
)

// Published is one cell of the authors' reproduction figure (das-group/rba-dataset,
// images/rq1-general.png), read off by hand for the project's study, so within one
// count: the median number of re-authentications of a user after n logins.
// Low and High are the bounds of the reading; High is 0 where a mark is hidden.
type Published struct {
	Attacker Attacker
	TPR      float64 // share of attacks stopped
	N        int
	Low      int
	High     int
}

// published holds n = 12 and 39 per row.
var published = []Published{
	{Naive, 0.999, 12, 7, 7},
	{Naive, 0.999, 39, 6, 6},
	{Naive, 0.995, 12, 3, 3},
	{Naive, 0.995, 39, 2, 2},
	{Naive, 0.99, 12, 2, 2},
	{Naive, 0.99, 39, 1, 1},
	{Naive, 0.98, 12, 1, 1},
	{Naive, 0.98, 39, 0, 1},
	{VPN, 0.999, 12, 7, 8},
	{VPN, 0.999, 39, 8, 8},
	{VPN, 0.995, 12, 4, 4},
	{VPN, 0.995, 39, 3, 3},
	{VPN, 0.99, 12, 3, 3},
	{VPN, 0.99, 39, 2, 2},
	{VPN, 0.98, 12, 2, 2},
	{VPN, 0.98, 39, 1, 2},
	{Targeted, 0.999, 12, 8, 8},
	{Targeted, 0.999, 39, 9, 9},
	{Targeted, 0.995, 12, 5, 5},
	{Targeted, 0.995, 39, 4, 4},
	{Targeted, 0.99, 12, 4, 4},
	{Targeted, 0.99, 39, 3, 3},
	{Targeted, 0.98, 12, 2, 2},
	{Targeted, 0.98, 39, 2, 2},
	{Targeted, 0.97, 12, 0, -1},
	{Targeted, 0.97, 39, 1, 1},
	{VeryTargeted, 0.9425, 12, 12, 12},
	{VeryTargeted, 0.9425, 39, 39, 39},
	{VeryTargeted, 0.8966, 12, 12, 12},
	{VeryTargeted, 0.8966, 39, 26, 26},
	{VeryTargeted, 0.8276, 12, 7, 7},
	{VeryTargeted, 0.8276, 39, 7, 7},
	{VeryTargeted, 0.7816, 12, 2, 2},
	{VeryTargeted, 0.7816, 39, 1, 1},
}

// Known reports that the figure shows a mark there.
func (p *Published) Known() bool { return p.High >= p.Low }

// Within reports that a count is within one of the published.
func (p *Published) Within(v float64) bool {
	return p.Known() && v >= float64(p.Low)-1 && v <= float64(p.High)+1
}

// Cell is one cell measured.
type Cell struct {
	Published
	Users int     // behind the median
	DAS   float64 // the authors' formula; NaN when nothing could be measured
	Own   float64 // frisk's statistic
}

// Result is a measurement.
type Result struct {
	Counts Counts
	// Attacks were tried, by kind.
	Attacks [numAttackers]int
	Cells   []Cell
	// Spearman is the rank correlation of both scores over the honest logins scored.
	Spearman float64
	// AUC is the chance that an attack scores above an honest login, by kind: the
	// authors' formula, and frisk's.
	AUC [numAttackers][2]float64
	// MadeUp: the data are Synthesise's.
	MadeUp bool
	// NotebookComputed and NotebookAgree are of Notebook; 0 when it was not asked.
	NotebookComputed, NotebookAgree int
}

// measured are one score's values: of the honest logins by user, and of attacks.
type measured struct {
	honest [][]float32
	total  []int // scored logins of the user, those beyond the horizon included
	attack [numAttackers][]float64
}

func (b *run) result() *Result {
	r := &Result{Counts: b.count}
	both := b.measure()
	for k := range numAttackers {
		r.Attacks[k] = len(both[0].attack[k])
		for s := range both {
			slices.Sort(both[s].attack[k])
			r.AUC[k][s] = both[s].auc(k)
		}
	}
	for _, p := range published {
		c := Cell{Published: p}
		c.DAS, c.Users = both[0].median(p, b.opt.Exactly)
		c.Own, _ = both[1].median(p, b.opt.Exactly)
		r.Cells = append(r.Cells, c)
	}
	r.Spearman = spearman(flat(both[0].honest), flat(both[1].honest))
	return r
}

// measure scores everything by frisk, user by user, now that the crowd is known.
func (b *run) measure() [2]*measured {
	das, own := &measured{}, &measured{}
	for f := range b.own.crowd {
		b.own.crowd[f].Seal()
	}
	slices.SortStableFunc(b.trials, func(x, y trial) int { return int(x.user) - int(y.user) })
	next := 0
	for n := range b.users {
		u := &b.users[n]
		for f := range b.own.past {
			b.own.past[f].Begin()
		}
		scores := make([]float32, 0, len(u.das))
		for i := range len(u.past) + 1 {
			for ; next < len(b.trials) && b.trials[next].user == uint32(n) && b.trials[next].seen == uint32(i); next++ { //nolint:gosec // small
				t := &b.trials[next]
				t.own = b.own.bits(t.at, t.day)
				das.attack[t.kind] = append(das.attack[t.kind], t.das)
				own.attack[t.kind] = append(own.attack[t.kind], t.own)
			}
			if i == len(u.past) {
				break
			}
			v := &u.past[i]
			if i > 0 && len(scores) < len(u.das) {
				scores = append(scores, float32(b.own.bits(v.at, v.day)))
			}
			for f := range b.own.past {
				b.own.past[f].Learn(&b.own.paths[f][v.at[f]], v.day)
			}
		}
		if len(scores) > 0 {
			das.honest, das.total = append(das.honest, u.das), append(das.total, len(u.past)-1)
			own.honest, own.total = append(own.honest, scores), append(own.total, len(u.past)-1)
		}
	}
	return [2]*measured{das, own}
}

// median is the median over users of how many of their first n scored logins reach
// the threshold that stops the share p.TPR of the attacks. attack must be sorted.
func (m *measured) median(p Published, exactly bool) (count float64, users int) {
	a := m.attack[p.Attacker]
	if len(a) == 0 {
		return math.NaN(), 0
	}
	stop := int(math.Ceil(p.TPR*float64(len(a)) - 1e-9))
	threshold := a[len(a)-max(1, stop)]
	var counts []int
	for i, of := range m.honest {
		if len(of) < p.N || exactly && m.total[i] > p.N {
			continue
		}
		n := 0
		for _, s := range of[:p.N] {
			if float64(s) >= float64(float32(threshold)) {
				n++
			}
		}
		counts = append(counts, n)
	}
	if len(counts) == 0 {
		return math.NaN(), 0
	}
	slices.Sort(counts)
	mid := len(counts) / 2
	if len(counts)%2 == 1 {
		return float64(counts[mid]), len(counts)
	}
	return float64(counts[mid-1]+counts[mid]) / 2, len(counts)
}

// auc takes ties for half.
func (m *measured) auc(k Attacker) float64 {
	honest := flat(m.honest)
	slices.Sort(honest)
	a := m.attack[k]
	if len(a) == 0 || len(honest) == 0 {
		return math.NaN()
	}
	won := 0.0
	for _, v := range a {
		below, _ := slices.BinarySearch(honest, v)
		upto, _ := slices.BinarySearch(honest, math.Nextafter(v, math.Inf(1)))
		won += float64(below) + float64(upto-below)/2
	}
	return won / float64(len(a)) / float64(len(honest))
}

func flat(of [][]float32) (out []float64) {
	for _, s := range of {
		for _, v := range s {
			out = append(out, float64(v))
		}
	}
	return out
}

// spearman is the rank correlation, ties by mean rank.
func spearman(x, y []float64) float64 {
	if len(x) < 2 {
		return math.NaN()
	}
	a, b := ranks(x), ranks(y)
	mean := float64(len(x)-1) / 2
	var xy, xx, yy float64
	for i := range a {
		xy += (a[i] - mean) * (b[i] - mean)
		xx += (a[i] - mean) * (a[i] - mean)
		yy += (b[i] - mean) * (b[i] - mean)
	}
	return xy / math.Sqrt(xx*yy)
}

func ranks(x []float64) []float64 {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		switch {
		case x[i] < x[j]:
			return -1
		case x[i] > x[j]:
			return 1
		}
		return i - j
	})
	out := make([]float64, len(x))
	for i := 0; i < len(order); {
		k := i
		for k < len(order) && x[order[k]] == x[order[i]] {
			k++
		}
		for j := i; j < k; j++ {
			out[order[j]] = float64(i+k-1) / 2
		}
		i = k
	}
	return out
}
