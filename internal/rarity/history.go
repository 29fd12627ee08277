package rarity

import "slices"

// History is what one person's past makes usual. It is reused for the next
// person: Begin is a new generation, not a clear. Nothing allocates but growth
// with the number of nodes.
type History struct {
	// Alpha is the weight of everybody against a person without variety, in visits.
	Alpha float32
	// Each counts every use as a visit, not every day with one.
	Each bool

	traces []trace
	person uint32
	decay  decay
	today  []Path // the visits of day, not yet in traces; few
	day    int32
}

// trace is one person's visits to one node.
type trace struct {
	person uint32 // generation; another one means never
	day    int32  // of the last visit, on which the numbers are
	weight float32
	below  float32 // visits that went on to a named child
	kinds  float32 // different children, of the same half-life
}

// NewHistory forgets with a half-life in days.
func NewHistory(alpha, half float64) *History {
	return &History{Alpha: float32(alpha), decay: newDecay(half)}
}

// Begin forgets the person.
func (h *History) Begin() {
	h.person++
	h.today = h.today[:0]
}

func (h *History) at(n Node) *trace {
	if int(n) >= len(h.traces) {
		h.traces = append(h.traces, make([]trace, int(n)+1-len(h.traces)+len(h.traces)/2)...)
	}
	return &h.traces[n]
}

// Visits is how many visits the person's history holds on a day, decayed.
func (h *History) Visits(day int32) float64 {
	h.settle(day)
	t := h.at(root)
	if t.person != h.person {
		return 0
	}
	return float64(t.below * h.decay.of(day-t.day))
}

// Counts are the person's visits in all and by level, decayed.
func (h *History) Counts(p *Path, day int32) (all float32, c [Levels]float32) {
	all = float32(h.Visits(day))
	for l, n := range p {
		if n == 0 {
			continue
		}
		if t := h.at(n); t.person == h.person {
			c[l] = t.weight * h.decay.of(day-t.day)
		}
	}
	return all, c
}

// Ratios compares the person with everybody, whose shares are g. Without any
// history every known level is 1: nothing can be unusual yet.
func (h *History) Ratios(p *Path, g *[Levels]float32, day int32) (r Ratios) {
	h.settle(day)
	h.at(root)
	parent := root
	for l, n := range p {
		if n == 0 {
			continue
		}
		h.at(n)
		b, kinds, c := float32(0), float32(0), float32(0)
		if t := &h.traces[parent]; t.person == h.person {
			f := h.decay.of(day - t.day)
			b, kinds = t.below*f, t.kinds*f
		}
		if t := &h.traces[n]; t.person == h.person {
			c = min(b, t.weight*h.decay.of(day-t.day))
		}
		a := h.Alpha + kinds
		r[l] = g[l] * (b + a) / (c + a*g[l])
		parent = n
	}
	return r
}

// Learn counts a visit. It shows from the next day on, unless Each is set, so
// that what the rest of the day brings can still take it back.
func (h *History) Learn(p *Path, day int32) {
	leaf := p.Leaf()
	if leaf == 0 {
		return
	}
	if h.Each {
		h.learn(p, day)
		return
	}
	h.settle(day)
	if slices.Contains(h.today, *p) {
		return
	}
	h.today, h.day = append(h.today, *p), day
}

// settle counts the visits of an earlier day than this.
func (h *History) settle(day int32) {
	if len(h.today) == 0 || h.day >= day {
		return
	}
	for i := range h.today {
		h.learn(&h.today[i], h.day)
	}
	h.today = h.today[:0]
}

func (h *History) learn(p *Path, day int32) {
	h.touch(root, day)
	parent := root
	for _, n := range p {
		if n == 0 {
			continue
		}
		fresh := h.at(n).person != h.person
		h.touch(n, day)
		h.traces[n].weight++
		up := &h.traces[parent]
		up.below++
		if fresh {
			up.kinds++
		}
		parent = n
	}
}

// touch brings a trace to a day.
func (h *History) touch(n Node, day int32) {
	t := h.at(n)
	switch {
	case t.person != h.person:
		*t = trace{person: h.person, day: day}
	case day > t.day:
		f := h.decay.of(day - t.day)
		t.weight *= f
		t.below *= f
		t.kinds *= f
		t.day = day
	}
}

// Forget takes a visit of this very day back; one of an earlier day stays.
func (h *History) Forget(p *Path, day int32) {
	if h.day != day {
		return
	}
	for i := range h.today {
		if h.today[i] == *p {
			h.today = append(h.today[:i], h.today[i+1:]...)
			return
		}
	}
}
