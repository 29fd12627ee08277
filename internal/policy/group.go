package policy

import (
	"encoding/binary"

	"frisk/internal/signin"
)

// group is the conditions of one dimension and what they said together. Keys
// that got the same answer of every condition share one, numbered from 0.
type group struct {
	at    int // its place in a tuple
	dim   *dimension
	conds []int // indexes into Engine.conds
	keys  keys
	small []int32 // answer by small number, plus one; 0 = not asked yet

	answers []answer
	one     []pair // the first word of each answer's masks
	ids     map[string]int32
	text    []byte // scratch of intern
}

// answer is what the conditions of a group say: together, and each for itself.
type answer struct {
	verdicts
	each []verdicts // parallel to group.conds
}

// pair is one word of verdicts.
type pair struct{ yes, maybe uint64 }

// maxSmall bounds a table by small number: a log may hold any number of client texts.
const maxSmall = 1 << 12

// groups sorts an engine's conditions by dimension, keeping their order.
func groups(conds []Condition) []group {
	var out []group
next:
	for i := range conds {
		for g := range out {
			if out[g].dim == conds[i].dim {
				out[g].conds = append(out[g].conds, i)
				continue next
			}
		}
		out = append(out, group{dim: conds[i].dim, conds: []int{i}, keys: newKeys(), ids: map[string]int32{}})
	}
	return out
}

// index is the number of the group's answer on the row.
func (g *group) index(ev *Evaluator, r *signin.Row) int32 {
	if g.dim.small != nil {
		if n, ok := g.dim.small(ev, r); ok && n < maxSmall {
			if i := g.coded(n); i != 0 {
				return i - 1
			}
			return g.askSmall(ev, r, n)
		}
	}
	k := g.dim.key(ev, r)
	if i := g.keys.find(k); i >= 0 {
		return i
	}
	return g.ask(ev, r, k)
}

func (g *group) ask(ev *Evaluator, r *signin.Row, k key) int32 {
	i := g.intern(ev.compute(g.conds, r))
	g.keys.put(k, i)
	return i
}

func (g *group) askSmall(ev *Evaluator, r *signin.Row, n uint32) int32 {
	for int(n) >= len(g.small) {
		g.small = append(g.small, 0)
	}
	i := g.intern(ev.compute(g.conds, r))
	g.small[n] = i + 1
	return i
}

// intern numbers an answer.
func (g *group) intern(each []verdicts) int32 {
	g.text = g.text[:0]
	for i := range each {
		for w := range each[i].yes {
			g.text = binary.LittleEndian.AppendUint64(g.text, each[i].yes[w])
			g.text = binary.LittleEndian.AppendUint64(g.text, each[i].maybe[w])
		}
	}
	if i, ok := g.ids[string(g.text)]; ok {
		return i
	}
	a := answer{each: each, verdicts: each[0]}
	for i := range each[1:] {
		a.yes, a.maybe = a.yes.And(each[1+i].yes), a.maybe.And(each[1+i].maybe)
	}
	i := int32(len(g.answers)) //nolint:gosec // as many as policies tell people apart
	g.ids[string(g.text)] = i
	g.answers, g.one = append(g.answers, a), append(g.one, pair{a.yes[0], a.maybe[0]})
	return i
}

// compute asks each of the conditions of every policy; where it is not
// configured the answer is True.
func (ev *Evaluator) compute(conds []int, r *signin.Row) []verdicts {
	out := make([]verdicts, len(conds))
	ev.x.see(r, false)
	for i := range ev.e.plans {
		p := &ev.e.plans[i]
		for n := range conds {
			t := signin.True
			if c := &ev.e.conds[conds[n]]; c.configured(p) {
				t = c.test(&ev.x, p)
			}
			if t != signin.False {
				out[n].maybe.Add(i)
			}
			if t == signin.True {
				out[n].yes.Add(i)
			}
		}
	}
	return out
}
