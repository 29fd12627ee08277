package replay

import (
	"frisk/internal/policy"
)

// weigh counts what does not depend on who sat there: risk, unknowns, cover.
func (w *Worker) weigh(s *setRun, i int, unknown bool) {
	s.info.rows++
	x := w.risk(i)
	if x == 0 && !unknown && !s.info.open && w.Confirmed == nil {
		return
	}
	for _, p := range w.cells.parts {
		o := &w.cells.table[p.cell].Sets[s.n]
		s.burden(o, x*p.weight, s.info.pass)
		if unknown {
			o.Unknown += p.weight
		}
		if s.info.open {
			o.Uncovered += p.weight
		}
	}
	s.stops(x, false, w.confirmed(i))
	if unknown {
		w.missing(s, i)
	}
}

// burden adds a sign-in's risk to an outcome: none of it passes a block.
func (s *setRun) burden(o *Outcome, x float64, pass Bounds) {
	o.Risk += x
	switch {
	case s.did[low] == policy.Block:
		o.Stopped.Low += x
		o.Stopped.High += x
	case s.did[high] == policy.Block:
		o.Stopped.High += x
		o.Residual.High += x * pass.High
	default:
		o.Residual.Low += x * pass.Low
		o.Residual.High += x * pass.High
	}
}

// stops credits the policies that challenge or block a sign-in for certain,
// and the report-only ones that would.
func (s *setRun) stops(x float64, isAttack, confirmed bool) {
	if x == 0 && !isAttack && !confirmed {
		return
	}
	for n := range s.lo.Prompts.Or(s.lo.Blocks).Or(s.lo.WouldPrompt).Or(s.lo.WouldBlock).All() {
		s.policies[n].riskMet += x
		if isAttack {
			s.policies[n].attacks++
		}
		if confirmed {
			s.policies[n].confirmed++
		}
	}
}

// missing counts the facts a verdict hangs on.
func (w *Worker) missing(s *setRun, i int) {
	r, d := w.seen(i), s.hi
	hang := d.MaybeBlocks.Or(d.MaybePrompts)
	found := false
	for n := range hang.All() {
		if !d.Match.Unknown.Has(n) {
			continue
		}
		found = true
		_, _, bits := s.ev.Conditions(r, n)
		s.missing[missingKey{n, bits}]++
	}
	if !found {
		// Every condition is known: what hangs is the session's age or proof, or a
		// control no row shows.
		s.missing[missingKey{-1, 0}]++
	}
}
