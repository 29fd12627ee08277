package replay

import (
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// evidence is what row i says about the age of its session's proof, by what
// current's sign-in frequency did there. Nobody's policy caused it, so it holds
// under every set.
type evidence struct {
	// within: current let the session pass unasked and nothing in the log explains
	// it, so that there was a proof no older than this; 0 = nothing said.
	within signin.Time
	// shared: it passed unasked because of a factor that another app of the session
	// was given, so that the two share it.
	shared bool
	// beyond: current refused the session as too old, so that its proof was older
	// than this; 0 = nothing said.
	beyond signin.Time
}

// proof takes in what the row says about its session's second factor: a claim
// nobody in the log gave was there under any set; one that was given in the log
// is there under the sets that asked for it.
func (w *Worker) proof(side int, c *clock, se *session, i int, e *episode) {
	r, f := &w.p.rows[i], &w.p.facts[i]
	if c.claim == signin.True || r.MFA() != signin.MFAByClaim || e.firstOK {
		return
	}
	switch {
	case !w.logged[f.low]:
		c.claim = signin.True
	case side == high && se.claim == signin.True:
		// Another app of the device has it, and the log shows that they share.
		c.claim, c.methods, c.known = signin.True, se.methods, se.known
	}
}

// learn works out the evidence of row i once current has been asked. limit is
// the frequency current applies; a policy that asks every time tells nothing.
func (w *Worker) learn(s *setRun, i int, e *episode) {
	w.now = evidence{}
	limit := s.hi.Frequency
	if limit <= policy.EveryTime {
		return
	}
	r, f := &w.p.rows[i], &w.p.facts[i]
	if f.flag&labelled != 0 {
		if s.hi.Match.Unknown.And(s.clocked).Empty() {
			w.now.beyond = limit
		}
		return
	}
	if !e.said || e.entries > 0 || r.Outcome() != signin.Success || e.background && f.flag&deferrable != 0 {
		return
	}
	if last := w.entered[f.low]; last != 0 && r.Time-last <= limit {
		w.now.shared = true
		return
	}
	w.now.within = limit
}

// take moves the clock to where the evidence says it stands.
func (c *clock) take(side int, s *session, f *rowFact, now evidence, t signin.Time) {
	if now.within > 0 && (f.flag&device != 0 || c.first == 0 || c.censored) {
		c.bound(side, f, t, now.within)
	}
	if now.shared && side == high {
		c.share(s, f)
	}
	if now.beyond > 0 {
		c.expire(f, t-now.beyond-1)
	}
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

// share gives the clock what other apps of its session were given.
func (c *clock) share(s *session, f *rowFact) {
	if s.first > c.first {
		c.first, c.censored = s.first, false
	}
	c.second = max(c.second, s.second)
	if f.flag&device != 0 {
		c.prt = max(c.prt, s.prt)
	}
}

// expire says that nothing was proved after since. What the person is known to
// have given since then, in the log or in answer to the set, stays: under such a
// set the session was another.
func (c *clock) expire(f *rowFact, since signin.Time) {
	if c.real > since {
		return
	}
	if f.flag&(device|registered) != 0 {
		c.prt = min(c.prt, since)
	}
	if c.censored {
		c.first, c.second = min(c.first, since), min(c.second, since)
	}
}

// cause decides which of the episode's factor entries are the doing of the
// current policies, by asking them about the session as it stood before. Those
// are no entries under a set that would not have asked; the others stay under
// every set. In the high world a doubtful entry does not count.
func (w *Worker) cause(s *setRun, i int, e *episode) {
	w.keep = [2]kept{}
	if !e.firstOK && !e.secondOK || e.labelled {
		return
	}
	w.probe(s, i, e)
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
func (w *Worker) probe(s *setRun, i int, e *episode) {
	r, f := w.seen(i), &w.p.facts[i]
	var look [2]clock
	for side := range 2 {
		look[side] = *s.cs[side]
		if e.firstOK && !e.unlock && s.done[f.episode]&(renewed<<side) == 0 {
			look[side].renew(side, nil, e, false, r.Time)
		}
		look[side].state(&s.st[side], s.ss[side], f, e.background, s.info.everyTime, r.Time)
		if w.remember > 0 {
			remember(&s.st[side], side, s.ss[side], f, e.secondOK || e.demanded, w.remember, r.Time)
		}
	}
	s.decide(r)
	s.effects(&look[low], &look[high])
	for side := range 2 {
		if e.background && waits(side, f, r) {
			continue
		}
		if s.did[side] == policy.Prompt {
			e.asked[side] |= s.ask[side]
		}
		if s.did[side] != policy.Block {
			e.asked[side] |= s.ss[side].pend
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
