package replay

import (
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// strictLocation adds what continuous access evaluation in its mode strictLocation
// does: the address the resource saw has to pass the location conditions of blocks
// as well, not only the one Entra saw (reference 1.10 and 2.1,
// ipAddressFromResourceProvider). It ends the session at the resource, after the
// policies were evaluated, so recorded evaluations know nothing of it.
func (w *Worker) strictLocation(s *setRun, i int) {
	if s.strict.Empty() || !s.info.live {
		return
	}
	r, m := w.seen(i), &s.info.match
	seen := r.C[signin.DimIPFromResource]
	if seen == 0 || m.Applies.And(s.strict).Empty() {
		return
	}
	address := w.t.sym[signin.DimIP].Code(w.t.sym[signin.DimIPFromResource].Text(seen))
	if address == r.C[signin.DimIP] {
		return
	}
	w.moved = *r
	// Where that address is, and which named locations hold it, the log does not say.
	w.moved.C[signin.DimIP], w.moved.C[signin.DimCountry], w.moved.C[signin.DimNamedLocations] = address, 0, 0
	w.moved.E[signin.EnumGeoSource] = uint8(signin.GeoNone) // said by nobody, which is no unknown country
	then := s.ev.Match(&w.moved)
	for n := range then.Applies.Or(then.Unknown).All() {
		if p := &s.plans[n]; !p.enforced || !p.located || p.control&policy.ControlBlock == 0 || m.Applies.Has(n) {
			continue
		}
		s.refuse(high)
		s.hi.MaybeBlocks.Add(n)
		if then.Applies.Has(n) {
			s.refuse(low)
			s.lo.Blocks.Add(n)
		}
	}
}

func (s *setRun) refuse(side int) {
	s.did[side], s.ask[side] = policy.Block, policy.ControlBlock
	s.raw[side], s.rawAsk[side] = policy.Block, policy.ControlBlock
}
