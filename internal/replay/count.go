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
func (w *Worker) settle(s *setRun, side, i int, e *episode, c *clock, se *session, before signin.Time) {
	r, f := &w.p.rows[i], &w.p.facts[i]
	s.origin[side] = i
	s.by[side] = s.asking(side)
	switch {
	case e.background && s.did[side] == policy.Prompt:
		if waits(side, f, r) {
			c.wait(se, s.ask[side], s.by[side], i)
			s.did[side] = policy.Allow
		}
	case e.background && s.did[side] == policy.Block:
		if se.blocked && !r.Reason().PolicyBlocked() {
			s.did[side] = policy.Allow // a blocked session refreshes nothing
		} else {
			se.blocked = true
		}
	case !e.background:
		se.blocked = s.did[side] == policy.Block
		if c.pend != 0 && !se.blocked {
			s.did[side] = policy.Prompt
			s.ask[side] |= c.pend
			s.by[side] = s.by[side].Or(c.by)
			s.origin[side] = int(c.row)
		}
		if side == high && s.did[side] == policy.Allow && w.reopened(s, f, e, r.Time, before) {
			s.did[side], s.ask[side] = policy.Prompt, policy.ControlFrequency
			w.hint(s, 0)
		}
	}
}

// waits reports whether a demand on a background row is put off.
func waits(side int, f *rowFact, r *signin.Row) bool {
	return side == low || f.flag&deferrable != 0 || r.Outcome() != signin.Success
}

// reopened reports whether, at worst, a browser was closed and reopened before
// the row and the candidate forbids the persistent session that spared current
// a sign-in. The log does not show when a browser is closed.
func (w *Worker) reopened(s *setRun, f *rowFact, e *episode, t, before signin.Time) bool {
	return s.n > 0 && f.flag&browser != 0 && !e.firstOK && before != 0 && t-before > BrowserGap &&
		s.hi.NotPersistent && !w.sets[0].lo.NotPersistent
}

// happen counts what the set does in one world and lets the person answer.
func (w *Worker) happen(s *setRun, side, i int, e *episode, c *clock, se *session) {
	r, f := &w.p.rows[i], &w.p.facts[i]
	done := &s.done[f.episode]
	switch s.did[side] {
	case policy.Block:
		if *done&(countedBlock<<side) == 0 {
			*done |= countedBlock << side
			for _, p := range w.cells.parts {
				w.cells.table[p.cell].Sets[s.n].Blocks.add(side, p.weight)
			}
			s.blame(side, s.blocking(side), true)
		}
		return
	case policy.Prompt:
		if *done&(countedPrompt<<side) == 0 {
			*done |= countedPrompt << side
			w.prompt(s, side, c, s.ask[side], s.by[side], s.origin[side])
		}
		c.done(se)
		// A person who did not answer then is taken not to answer now.
		if !e.refused {
			s.answer(side, c, se, f, e, s.by[side], s.ask[side], r.Time)
		}
	}
	if side == high && !e.background && se.waiting > 0 {
		w.others(s, e, se, f, r.Time)
	}
}

// others lets the apps of a session whose demands wait ask their own prompts,
// now that somebody is there: at worst each has a token of its own.
func (w *Worker) others(s *setRun, e *episode, se *session, f *rowFact, t signin.Time) {
	cs := s.worlds[high].clocks
	for n := range cs {
		c := &cs[n]
		if c.pend == 0 || w.p.keys.owner[n] != f.key {
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
	entries := 0.0
	if ask&policy.ControlFrequency != 0 && !s.onlySecond(by) {
		entries++
	}
	if ask&(policy.ControlMFA|policy.ControlStrength) != 0 || (ask&policy.ControlFrequency != 0 && c.claim == signin.True) {
		entries++
	}
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

// blame counts a prompt or block for the policies behind it.
func (s *setRun) blame(side int, by policy.Mask, block bool) {
	alone := side == low && by.Len() == 1
	for n := range by.All() {
		if !s.plans[n].enforced {
			continue
		}
		p := &s.policies[n]
		if block {
			p.blocks.add(side, 1)
		} else {
			p.prompts.add(side, 1)
		}
		if side == low {
			s.hit.Add(n)
			if alone {
				p.only++
			}
		}
	}
}

// weigh counts what does not depend on who sat there: risk, unknowns, cover.
func (w *Worker) weigh(s *setRun, i int, m policy.Match, unknown bool) {
	x := w.risk(i)
	pass := s.passes(m)
	open := m.Applies.Or(m.Unknown).And(s.ev.Engine().Enforced()).Empty()
	for _, p := range w.cells.parts {
		o := &w.cells.table[p.cell].Sets[s.n]
		s.burden(o, x*p.weight, pass)
		if unknown {
			o.Unknown += p.weight
		}
		if open {
			o.Uncovered += p.weight
		}
	}
	for n := range m.Applies.All() {
		s.policies[n].applied++
	}
	for n := range m.Unknown.All() {
		s.policies[n].unknown++
	}
	s.stops(x, false)
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
func (s *setRun) stops(x float64, isAttack bool) {
	for n := range s.lo.Prompts.Or(s.lo.Blocks).Or(s.lo.WouldPrompt).Or(s.lo.WouldBlock).All() {
		s.policies[n].riskMet += x
		if isAttack {
			s.policies[n].attacks++
		}
	}
}

// unseen widens the high side where the log has interactive rows only: between
// two of them the person may have worked on, unseen, under a frequency that is
// stricter than current's (whose prompts the log would show).
func (w *Worker) unseen(s *setRun, i int, before signin.Time) {
	if !w.p.onlySeen || s.n == 0 || before == 0 {
		return
	}
	limit, now := s.hi.Frequency, w.sets[0].hi.Frequency
	if limit <= policy.EveryTime || (now != 0 && now <= limit) {
		return
	}
	n := int64(min(w.p.rows[i].Time-before, ActiveDay) / limit)
	if s.did[high] == policy.Prompt {
		n--
	}
	if n <= 0 {
		return
	}
	w.hint(s, limit)
	for _, p := range w.cells.parts {
		w.cells.table[p.cell].Sets[s.n].Prompts.High += p.weight * float64(n)
	}
}

// missing counts the facts a verdict hangs on.
func (w *Worker) missing(s *setRun, i int) {
	r := &w.p.rows[i]
	d := &s.hi
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

// attacked judges an attack row: a session of its own, in which the first
// factor has just been given and the second only if the row says so.
func (w *Worker) attacked(i int) {
	r := &w.p.rows[i]
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
		s.decide(r, m, &st, &st)
		s.effects(nil, nil)
		pass := s.passes(m)
		for _, p := range w.cells.parts {
			o := &w.cells.table[p.cell].Sets[s.n]
			s.burden(o, x*p.weight, pass)
			o.Attacks += p.weight
			if s.did[high] == policy.Allow {
				o.AttacksThrough.Low += p.weight
			}
			if s.did[low] == policy.Allow {
				o.AttacksThrough.High += p.weight
			}
		}
		s.stops(x, true)
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
	var st policy.State
	for _, s := range w.sets {
		s.decide(r, s.ev.Match(r), &st, &st)
		if s.lo.Best == policy.Block {
			t.Workload.Blocks[s.n].Low++
		}
		if s.hi.Worst == policy.Block {
			t.Workload.Blocks[s.n].High++
		}
	}
}
