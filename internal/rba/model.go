package rba

import "github.com/zeebo/xxh3"

// Levels of the two features in the authors' order, fine to coarse, and their
// weights: das-group/rba-algorithm (MIT), notebook, feature_weightings.
const (
	levelIP = iota
	levelASN
	levelCountry
	levelAgent
	levelBrowser
	levelOS
	levelDevice
	numLevels
)

var weights = [numLevels]float64{
	0.6, 0.3, 0.1,
	0.5386653840551359, 0.2680451498625666, 0.18818295100109536, 0.0051065150812021525,
}

// features are the levels of each feature: from, until.
var features = [2][2]int{{levelIP, levelAgent}, {levelAgent, numLevels}}

// point is the place or the client of a login: its values by level.
type point struct {
	ids  [4]uint32
	next uint32 // another point with the same leaf, plus one
}

// Model is the formula of Freeman et al. (NDSS 2016), equation 7 without attack
// data, as the authors of the data set implement it:
//
//	S = prod over features of p(x) / p(x | user)  ·  (1/users) / (n/N)
//
// p(x | user) is the sum over levels of weight · share of the user's past logins
// with the level's value. p(x) is the same over everybody's past logins, where the
// finest level alone is smoothed: a value seen c times counts c/(N+M), one never
// seen 1/(N+M), with M one more than the distinct values of the coarser levels,
// and that times c/(c+m), m the same among the logins with this very value. A
// feature none of whose values the user ever had takes p(x | user) = p(x)/4.
//
// Against the notebook: there the logins "with this very value" are taken from the
// whole file, later ones included; here from the past, unless ahead is set. The
// notebook's other peculiarities (which feature name the user's side passes, tables
// that are never brought up to date) have no effect on the value.
type Model struct {
	ids    [numLevels]map[uint64]uint32 // by hash of the text; numbers start at 0
	counts [numLevels][]uint32
	kinds  [numLevels]int // values with a count
	points [2][]point
	chain  [2][]uint32 // by leaf value: a point with it, plus one
	index  [2]map[[4]uint32]uint32
	total  float64
	ahead  *Model // of the whole file, for the notebook's own scores
}

func newModel() *Model {
	m := &Model{index: [2]map[[4]uint32]uint32{{}, {}}}
	for l := range m.ids {
		m.ids[l] = map[uint64]uint32{}
	}
	return m
}

func (m *Model) id(level int, text string) uint32 {
	h := xxh3.HashString(text)
	n, ok := m.ids[level][h]
	if !ok {
		n = uint32(len(m.counts[level])) //nolint:gosec // distinct values
		m.ids[level][h] = n
		m.counts[level] = append(m.counts[level], 0)
	}
	return n
}

// point numbers a feature's values, given fine to coarse.
func (m *Model) point(feature int, texts ...string) (n uint32, fresh bool) {
	var p point
	for i, t := range texts {
		p.ids[i] = m.id(features[feature][0]+i, t)
	}
	n, ok := m.index[feature][p.ids]
	if ok {
		return n, false
	}
	n = uint32(len(m.points[feature])) //nolint:gosec // distinct combinations
	m.index[feature][p.ids] = n
	for int(p.ids[0]) >= len(m.chain[feature]) {
		m.chain[feature] = append(m.chain[feature], 0)
	}
	p.next = m.chain[feature][p.ids[0]]
	m.chain[feature][p.ids[0]] = n + 1
	m.points[feature] = append(m.points[feature], p)
	return n, true
}

// learn adds a login to everybody's past.
func (m *Model) learn(at [2]uint32) {
	m.total++
	for f, span := range features {
		p := &m.points[f][at[f]]
		for l := span[0]; l < span[1]; l++ {
			c := &m.counts[l][p.ids[l-span[0]]]
			if *c == 0 {
				m.kinds[l]++
			}
			*c++
		}
	}
}

// past is a user's logins before the one judged, each a place and a client.
type past []visit

type visit struct {
	at  [2]uint32
	day int32
}

// score is the formula for a login at the given points; 0 when the user has no
// past, who is not scored.
func (m *Model) score(u past, at [2]uint32, users int) float64 {
	if len(u) == 0 {
		return 0
	}
	s := 1.0
	for f := range features {
		global, local := m.everybody(f, at[f]), m.user(f, u, at[f])
		if local == 0 {
			local = global / 4
		}
		s *= global / local
	}
	return s * (1 / float64(users)) / (float64(len(u)) / m.total)
}

func (m *Model) user(f int, u past, at uint32) float64 {
	span := features[f]
	p := &m.points[f][at]
	var c [4]int
	for i := range u {
		q := &m.points[f][u[i].at[f]]
		for l := range span[1] - span[0] {
			if q.ids[l] == p.ids[l] {
				c[l]++
			}
		}
	}
	sum := 0.0
	for l := range span[1] - span[0] {
		sum += weights[span[0]+l] * float64(c[l]) / float64(len(u))
	}
	return sum
}

func (m *Model) everybody(f int, at uint32) float64 {
	span := features[f]
	p := &m.points[f][at]
	unseen := 1.0
	for l := span[0] + 1; l < span[1]; l++ {
		unseen += float64(m.kinds[l])
	}
	leaf := max(1, float64(m.counts[span[0]][p.ids[0]])) / (m.total + unseen)
	sum := weights[span[0]] * leaf * m.within(f, at)
	for l := span[0] + 1; l < span[1]; l++ {
		sum += weights[l] * float64(m.counts[l][p.ids[l-span[0]]]) / m.total
	}
	return sum
}

// within is c/(c+m) of the logins with the very value of point at.
func (m *Model) within(f int, at uint32) float64 {
	p := m.points[f][at]
	if m.ahead != nil {
		return m.ahead.within(f, at)
	}
	c := float64(m.counts[features[f][0]][p.ids[0]])
	if c == 0 {
		return 1
	}
	kinds := 1.0
	var seen [4]map[uint32]bool
	for n := m.chain[f][p.ids[0]]; n != 0; n = m.points[f][n-1].next {
		for l := 1; l < features[f][1]-features[f][0]; l++ {
			if seen[l] == nil {
				if m.points[f][n-1].next == 0 { // the usual case: one point, one of each
					kinds++
					continue
				}
				seen[l] = map[uint32]bool{}
			}
			if id := m.points[f][n-1].ids[l]; !seen[l][id] {
				seen[l][id] = true
				kinds++
			}
		}
	}
	return c / (c + kinds)
}
