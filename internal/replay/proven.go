package replay

import (
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// shown are the methods the person at hand is seen to use anywhere in the
// history, attack rows left out; said is false when no row lists any step, so
// that the log does not tell.
func (w *Worker) shown() (seen policy.MethodSet, said bool) {
	for i := range w.p.rows {
		r, f := &w.p.rows[i], &w.p.facts[i]
		if f.flag&attack != 0 {
			continue
		}
		s := f.steps
		said = said || s.said
		if !s.undecided || r.Outcome() == signin.Success {
			seen |= s.methods
			if s.later {
				seen |= policy.MethodWindowsHello
			}
		}
		if m := r.C[signin.DimMethods]; m != 0 {
			seen |= *w.t.methods.get(w.t.sym[signin.DimMethods], m)
		}
	}
	return seen, said || seen != 0
}

// lacks reports whether the set asked the person at hand for an authentication
// strength none of whose combinations they were ever seen to use. A log that
// lists no steps, or a method nobody knows, leaves it open and counts as no.
func (w *Worker) lacks(s *setRun) bool {
	if s.strengths.Empty() {
		return false
	}
	seen, said := w.shown()
	if !said || seen&policy.MethodOther != 0 {
		return false
	}
	seen = seen.Kinder()
next:
	for n := range s.strengths.All() {
		for _, c := range s.plans[n].strength.Combinations {
			if c&^seen == 0 {
				continue next
			}
		}
		return true
	}
	return false
}
