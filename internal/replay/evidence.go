package replay

import (
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// proof takes in what the row says about its session's second factor: a claim
// nobody in the log gave was there under any set; one that was given in the log
// is there under the sets that asked for it.
func (w *Worker) proof(side int, c *clock, se *session, i int, e *episode) {
	r, f := &w.p.rows[i], &w.p.facts[i]
	if r.MFA() != signin.MFAByClaim || e.firstOK || c.claim == signin.True {
		return
	}
	switch {
	case !w.logged[f.key]:
		c.claim = signin.True
	case side == high && se.claim == signin.True:
		// Another app of the device has it, and the log shows that they share.
		c.claim, c.methods, c.known = signin.True, se.methods, se.known
	}
}

// proves reports whether the row shows that current's frequency found a proof
// young enough that the log does not hold: it passed, nobody was asked, the log
// would say, and the last entry in the session is too old to be the reason. On a
// joined device that is its token, renewed unseen; elsewhere it is believed only
// of sessions whose start the log does not hold. Nobody's policy caused it, so it
// holds under every set.
func (w *Worker) proves(s *setRun, c *clock, i int, e *episode) bool {
	r, f := &w.p.rows[i], &w.p.facts[i]
	limit := s.hi.Frequency
	if limit <= policy.EveryTime || !e.said || e.entries > 0 || r.Outcome() != signin.Success ||
		e.background && f.flag&deferrable != 0 {
		return false
	}
	if last := w.entered[f.key]; last != 0 && r.Time-last <= limit {
		return false
	}
	return f.flag&device != 0 || c.first == 0 || c.censored
}

// bound says that the session had been proved, at t, no longer ago than limit:
// in the high world just then, in the low one only now, if at all it had to be
// again. In the high world, factors the log or the set itself knows of stay.
func (c *clock) bound(side int, f *rowFact, t, limit signin.Time) {
	since := t - limit
	lift := func(moment *signin.Time) {
		if *moment < since && *moment != never {
			*moment = since
			if side == low {
				*moment = t
			}
		}
	}
	if f.flag&device != 0 {
		lift(&c.prt)
	}
	if side == low || c.first == 0 || c.censored {
		c.censored = true
		lift(&c.first)
		lift(&c.second)
	}
}

// cause decides which of the episode's factor entries are the doing of the
// current policies, by asking them about the session as it stood before. Those
// are no entries under a set that would not have asked; the others stay under
// every set. In the high world a doubtful entry does not count.
func (w *Worker) cause(s *setRun, m policy.Match, i int, e *episode, cs *[2]*clock, ss *[2]*session) {
	w.keep = [2]kept{}
	if !e.firstOK && !e.secondOK || e.labelled {
		return
	}
	w.probe(s, m, i, e, cs, ss)
	const mfa = policy.ControlMFA | policy.ControlStrength | policy.ControlFrequency
	k := kept{true, true}
	for side := range 2 {
		k.first = k.first && e.asked[side]&policy.ControlFrequency == 0
		k.second = k.second && e.asked[side]&mfa == 0 && (side == low || e.by != demandPolicy)
		w.keep[side] = k
		switch {
		case e.strong:
			w.keep[side].second = k.first
		case e.by == demandOther:
			w.keep[side].second = true
		}
	}
}

// probe asks the current set what it demands in the episode when the age of its
// session is the clock's, not the entry's.
func (w *Worker) probe(s *setRun, m policy.Match, i int, e *episode, cs *[2]*clock, ss *[2]*session) {
	r, f := &w.p.rows[i], &w.p.facts[i]
	var look [2]clock
	var st [2]policy.State
	for side := range 2 {
		look[side] = *cs[side]
		if e.firstOK && !e.unlock && s.done[f.episode]&(renewed<<side) == 0 {
			look[side].renew(side, e, r.Time)
		}
		st[side] = look[side].state(ss[side], f, e.background, s.tolerant, r.Time)
	}
	s.decide(r, m, &st[low], &st[high])
	s.effects(&look[low], &look[high])
	for side := range 2 {
		if e.background && waits(side, f, r) {
			continue
		}
		if s.did[side] == policy.Prompt {
			e.asked[side] |= s.ask[side]
		}
		if s.did[side] != policy.Block {
			e.asked[side] |= ss[side].pend
		}
	}
}

// gaveFirst and gaveSecond say whether row i itself shows an accepted factor.
// An unlock is no entry: it acts through the device's token.
func (w *Worker) gaveFirst(i int) bool {
	f, r := &w.p.facts[i], &w.p.rows[i]
	return f.steps.first && f.flag&unlock == 0 && (!f.steps.undecided || r.Outcome() == signin.Success)
}

func (w *Worker) gaveSecond(i int) bool {
	f, r := &w.p.facts[i], &w.p.rows[i]
	if f.flag&unlock != 0 {
		return false
	}
	return f.steps.second && (!f.steps.undecided || r.Outcome() == signin.Success) ||
		r.MFA() == signin.MFADone && r.Outcome() == signin.Success
}
