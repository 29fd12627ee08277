package replay

import (
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// attacked judges an attack row: a session of its own, in which the first
// factor has just been given and the second only if the row says so.
func (w *Worker) attacked(i int) {
	r := w.seen(i)
	st := policy.State{MFA: signin.False, Second: policy.NeverAge}
	switch r.MFA() {
	case signin.MFAByClaim:
		st.MFA, st.Second = signin.True, policy.Age{}
	case signin.MFAUnknown:
		// A session that may have been stolen whole.
		st.MFA, st.Second = signin.Unknown, policy.AnyAge
	}
	x := w.risk(i)
	for _, s := range w.sets {
		m := s.ev.Match(r)
		s.info, s.st = s.at(r, &m), [2]policy.State{st, st}
		s.decide(r)
		s.effects(nil, nil)
		for _, p := range w.cells.parts {
			o := &w.cells.table[p.cell].Sets[s.n]
			s.burden(o, x*p.weight, s.info.pass)
			o.Attacks += p.weight
			if s.did[high] == policy.Allow {
				o.AttacksThrough.Low += p.weight
			}
			if s.did[low] == policy.Allow {
				o.AttacksThrough.High += p.weight
			}
		}
		s.stops(x, true, w.confirmed(i))
		if s.n == 0 {
			w.stopCells()
		}
		w.tell(s, i)
	}
}

// workload judges a service principal or managed identity. Nobody is prompted
// there; what counts is a block.
func (w *Worker) workload(i int) {
	r, f := &w.p.rows[i], &w.p.facts[i]
	t := w.tally
	if r.Kind() == signin.Machine || r.Stream() == signin.ManagedIdentity {
		t.OutOfScope.ManagedIdentity++
		return
	}
	if f.flag&reached == 0 || f.scope != policy.InScope {
		return
	}
	t.Workload.SignIns++
	for _, s := range w.sets {
		m := s.ev.Match(r)
		s.info, s.st = s.at(r, &m), [2]policy.State{}
		s.decide(r)
		if s.lo.Best == policy.Block {
			t.Workload.Blocks[s.n].Low++
		}
		if s.hi.Worst == policy.Block {
			t.Workload.Blocks[s.n].High++
		}
	}
}
