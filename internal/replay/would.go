package replay

import (
	"frisk/internal/policy"
)

// reporter is what a report-only policy has been counted for, of the person at hand.
type reporter struct {
	policy   int
	episodes []uint8 // per episode: countedPrompt and countedBlock, by world
	sessions []uint8 // per session: countedBlock while it blocks the session, by world
}

func (s *setRun) beginReporters(episodes, sessions int) {
	for k := range s.reporters {
		p := &s.reporters[k]
		p.episodes, p.sessions = resize(p.episodes, episodes), resize(p.sessions, sessions)
	}
}

// would counts what the report-only policies of a set would ask of row i, each
// as if it were enforced alone beside the set, in the session as the set leaves
// it. Nobody answers a report-only policy, so its demand comes back with every
// attempt until the session gets the proof otherwise; reportOnlyInterrupted in
// the log counts the same way. What background rows ask for waits as for
// enforced policies.
func (w *Worker) would(s *setRun, i int, e *episode) {
	if len(s.reporters) == 0 || !s.info.live {
		return
	}
	m := &s.info.match
	live := m.Applies.Or(m.Unknown)
	r, f := w.seen(i), &w.p.facts[i]
	for k := range s.reporters {
		p := &s.reporters[k]
		if !live.Has(p.policy) {
			continue
		}
		for side := range 2 {
			g := s.ev.Grade(r, p.policy, &s.st[side])
			effect := g.Worst
			if side == low {
				effect = g.Best
				if !m.Applies.Has(p.policy) {
					effect = policy.Allow
				}
			}
			held := p.sessions[f.key]&(countedBlock<<side) != 0
			if effect == policy.Block {
				p.sessions[f.key] |= countedBlock << side
			} else if !e.background {
				p.sessions[f.key] &^= countedBlock << side
			}
			switch {
			case effect == policy.Allow,
				effect == policy.Prompt && e.background && waits(side, f, r),
				// A blocked session refreshes nothing.
				effect == policy.Block && e.background && held:
				continue
			}
			s.report(p, side, int(f.episode), effect == policy.Block)
		}
	}
}

// report counts a report-only policy once per episode and effect.
func (s *setRun) report(p *reporter, side, episode int, block bool) {
	bit := uint8(countedPrompt) << side
	if block {
		bit = countedBlock << side
	}
	if p.episodes[episode]&bit != 0 {
		return
	}
	p.episodes[episode] |= bit
	c := &s.mine[p.policy]
	s.touched.Add(p.policy)
	if block {
		c.blocks.add(side, 1)
	} else {
		c.prompts.add(side, 1)
	}
	c.hit = c.hit || side == low
}
