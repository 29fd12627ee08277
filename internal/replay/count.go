package replay

import (
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// add puts x on one side of the bounds.
func (b *Bounds) add(side int, x float64) {
	if side == low {
		b.Low += x
	} else {
		b.High += x
	}
}

// settle moves what nobody was there to answer: a demand on a background row
// waits for the next row with a person in front. In the high world only
// browsers and confidential clients wait (reference 1.10, rule 5); a native app
// shows its prompt at once, and the person may be sitting there. Where the log
// itself shows the refusal it also shows when the person came.
func (w *Worker) settle(s *setRun, side, i int, e *episode) {
	c, se := s.cs[side], s.ss[side]
	s.origin[side] = i
	if s.did[side] != policy.Allow {
		s.by[side] = s.asking(side)
	}
	if e.background {
		switch s.did[side] {
		case policy.Prompt:
			if r, f := &w.p.rows[i], &w.p.facts[i]; waits(side, f, r) {
				c.wait(se, s.ask[side], s.by[side], s.strictest(s.by[side]), i)
				s.did[side] = policy.Allow
			}
		case policy.Block:
			if se.blocked && !w.p.rows[i].Reason().PolicyBlocked() {
				s.did[side] = policy.Allow // a blocked session refreshes nothing
			} else {
				se.blocked = true
			}
		case policy.Allow:
		}
		return
	}
	se.blocked = s.did[side] == policy.Block
	if c.pend != 0 && !se.blocked {
		if s.did[side] != policy.Prompt {
			s.did[side], s.ask[side], s.by[side] = policy.Prompt, 0, policy.Mask{}
		}
		s.ask[side] |= c.pend
		s.by[side] = s.by[side].Or(c.by)
		s.origin[side] = int(c.row)
	}
	if side == high && s.did[side] == policy.Allow && w.reopened(s, i, e) {
		s.did[side], s.ask[side], s.by[side] = policy.Prompt, policy.ControlFrequency, policy.Mask{}
		w.hint(s, 0)
	}
}

// strictest is the strictest sign-in frequency among policies, 0 = none.
func (s *setRun) strictest(by policy.Mask) signin.Time {
	out := signin.Time(0)
	for n := range by.All() {
		if x := s.plans[n].limit; x != 0 && (out == 0 || x < out) {
			out = x
		}
	}
	return out
}

// waits reports whether a demand on a background row is put off.
func waits(side int, f *rowFact, r *signin.Row) bool {
	return side == low || f.flag&deferrable != 0 || r.Outcome() != signin.Success
}

// reopened reports whether, at worst, a browser was closed and reopened before
// the row and the candidate forbids the persistent session that spared current
// a sign-in. The log does not show when a browser is closed.
func (w *Worker) reopened(s *setRun, i int, e *episode) bool {
	if s.n == 0 || w.p.facts[i].flag&browser == 0 || e.firstOK || s.info.persists != persistNever || w.sets[0].info.persists == persistNever {
		return false
	}
	before := s.before[high]
	return before != 0 && w.p.rows[i].Time-before > BrowserGap
}

// happen counts what the set does in one world and lets the person answer.
func (w *Worker) happen(s *setRun, side, i int, e *episode) {
	se := s.ss[side]
	switch s.did[side] {
	case policy.Block:
		done := &s.done[w.p.facts[i].episode]
		if *done&(countedBlock<<side) == 0 {
			*done |= countedBlock << side
			for _, p := range w.cells.parts {
				w.cells.table[p.cell].Sets[s.n].Blocks.add(side, p.weight)
			}
			s.blame(side, s.blocking(side), true)
		}
		return
	case policy.Prompt:
		f := &w.p.facts[i]
		if done := &s.done[f.episode]; *done&(countedPrompt<<side) == 0 {
			*done |= countedPrompt << side
			w.prompt(s, side, s.cs[side], s.ask[side], s.by[side], s.origin[side])
		}
		s.cs[side].done(se)
		// A person who did not answer then is taken not to answer now.
		if !e.refused {
			s.answer(side, s.cs[side], se, f, e, s.by[side], s.ask[side], w.p.rows[i].Time)
		}
	case policy.Allow:
	}
	if side == high && !e.background && se.waiting > 0 {
		w.others(s, e, se, &w.p.facts[i], w.p.rows[i].Time)
	}
}

// others lets the apps of a session whose demands wait ask their own prompts,
// now that somebody is there: at worst each has a token of its own.
func (w *Worker) others(s *setRun, e *episode, se *session, f *rowFact, t signin.Time) {
	cs := s.worlds[high].clocks
	for n := range cs {
		c := &cs[n]
		if c.pend == 0 || w.p.keys.low[n] != f.low {
			continue
		}
		ask, by := c.pend, c.by
		w.prompt(s, high, c, ask, by, int(c.row))
		c.done(se)
		s.answer(high, c, se, f, e, by, ask, t)
	}
}

// prompt counts one prompt episode, in the cells of the row at hand, and the
// factors it asks for. origin is the row whose demand it is.
func (w *Worker) prompt(s *setRun, side int, c *clock, ask policy.Controls, by policy.Mask, origin int) {
	entries := s.entries(c, ask, by)
	broken := w.p.facts[origin].flag&inUse != 0
	for _, p := range w.cells.parts {
		o := &w.cells.table[p.cell].Sets[s.n]
		o.Prompts.add(side, p.weight)
		o.Entries.add(side, p.weight*entries)
		if broken {
			o.Broken.add(side, p.weight)
		}
	}
	s.blame(side, by, false)
	if ask&policy.ControlStrength != 0 {
		s.strengths = s.strengths.Or(by.And(s.strong))
	}
	if s.n == 0 {
		w.blameCells(side, ask, by)
	}
}

// asking are the policies behind a prompt in one world, blocking those behind a block.
func (s *setRun) asking(side int) policy.Mask {
	if side == low {
		return s.lo.Prompts
	}
	return s.hi.Prompts.Or(s.hi.MaybePrompts)
}

func (s *setRun) blocking(side int) policy.Mask {
	if side == low {
		return s.lo.Blocks
	}
	return s.hi.Blocks.Or(s.hi.MaybeBlocks)
}

// entries is how many factors a prompt asks for.
func (s *setRun) entries(c *clock, ask policy.Controls, by policy.Mask) float64 {
	n := 0.0
	if ask&policy.ControlFrequency != 0 && !s.onlySecond(by) {
		n++
	}
	if ask&(policy.ControlMFA|policy.ControlStrength) != 0 || (ask&policy.ControlFrequency != 0 && c.claim == signin.True) {
		n++
	}
	return n
}

// blame counts a prompt or block for the policies behind it.
func (s *setRun) blame(side int, by policy.Mask, block bool) {
	alone := side == low && by.Len() == 1
	for n := range by.All() {
		if !s.plans[n].enforced {
			continue
		}
		p := &s.mine[n]
		s.touched.Add(n)
		if block {
			p.blocks.add(side, 1)
		} else {
			p.prompts.add(side, 1)
		}
		if side == low {
			p.hit = true
			if alone {
				p.only++
			}
		}
	}
}
