package policy

import "frisk/internal/signin"

// Told numbers what every condition, taken alone, says of the row to every
// policy, and what is in force: rows with equal numbers have the same answers of
// Match and, policy by policy, of Conditions. Numbers belong to the evaluator,
// start at 0, are never used again for something else, and are given anew when
// very many are remembered or SetContext is called: equal facts may then have
// two numbers.
func (ev *Evaluator) Told(r *signin.Row) int32 {
	_, n := ev.MatchTold(r)
	return n
}

// MatchTold is Match and Told at the price of little more than one.
func (ev *Evaluator) MatchTold(r *signin.Row) (m Match, told int32) {
	if ev.Scope(r) != InScope {
		return m, ev.told.number(&tuple{})
	}
	n := ev.now.find(ev.e.epochs.changes, r.Time)
	f := &ev.e.epochs.live[n]
	if ev.e.words <= 1 {
		p := ev.match(r, pair{f.yes[0], f.maybe[0]})
		m.Applies[0], m.Unknown[0] = p.yes, p.maybe&^p.yes
	} else {
		ev.matchWords(&m, r, f)
	}
	ev.row[maxGroups] = int32(n) + 1 //nolint:gosec // as many as a set has changes
	return m, ev.told.number(&ev.row)
}

// maxGroups bounds the dimensions.
const maxGroups = 15

// tuple is the number of each group's answer plus one, by group.at, and the span
// of the set plus one last; all zero is a row out of scope.
type tuple [maxGroups + 1]int32

// tuples numbers tuples: open addressing in one array, at most half full.
type tuples struct {
	slots []toldSlot
	n     int
	next  int32
}

type toldSlot struct {
	t   tuple
	num int32 // plus one; 0 = empty
}

func (t *tuple) hash() uint64 {
	h := uint64(0)
	for i := 0; i < len(t); i += 2 {
		h = (h ^ uint64(uint32(t[i])) ^ uint64(uint32(t[i+1]))<<32) * 0x9e3779b97f4a7c15 //nolint:gosec // bits, not numbers
		h ^= h >> 29
	}
	return h
}

func (s *tuples) number(t *tuple) int32 {
	if len(s.slots) == 0 {
		s.slots = make([]toldSlot, minSlots)
	}
	i := s.find(t)
	if s.slots[i].num != 0 {
		return s.slots[i].num - 1
	}
	switch {
	case s.n >= maxKeys:
		clear(s.slots)
		s.n = 0
		i = s.find(t)
	case 2*(s.n+1) > len(s.slots):
		old := s.slots
		s.slots = make([]toldSlot, 2*len(old))
		for k := range old {
			if old[k].num != 0 {
				s.slots[s.find(&old[k].t)] = old[k]
			}
		}
		i = s.find(t)
	}
	s.n++
	s.next++
	s.slots[i] = toldSlot{*t, s.next}
	return s.next - 1
}

// find is where t is, or would go.
func (s *tuples) find(t *tuple) uint64 {
	mask := uint64(len(s.slots) - 1)
	i := t.hash() & mask
	for s.slots[i].num != 0 && s.slots[i].t != *t {
		i = (i + 1) & mask
	}
	return i
}
