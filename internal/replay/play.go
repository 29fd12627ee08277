package replay

import (
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// evaluate plays row i under every set.
func (w *Worker) evaluate(i int) {
	f := &w.p.facts[i]
	e := &w.p.episodes[f.episode]
	w.now = evidence{}
	if f.flag&labelled != 0 {
		w.tally.Labelled.Frequency++
	}
	if *w.t.remember.get(w.t.sym[signin.DimLifetimes], w.p.rows[i].C[signin.DimLifetimes]) {
		w.tally.Labelled.Remembered++
	}
	for _, s := range w.sets {
		w.play(s, i, e)
	}
	w.compare(i)
	w.spare(i)
	if w.gaveSecond(i) {
		w.logged[f.low] = true
	}
	if e.entries > 0 {
		w.entered[f.low] = w.p.rows[i].Time
	}
}

// play is one set's turn at row i.
func (w *Worker) play(s *setRun, i int, e *episode) {
	r, f := w.seen(i), &w.p.facts[i]
	for side := range 2 {
		c, se, before := s.worlds[side].open(side, f, r.Time, w.cfg.fresh)
		s.cs[side], s.ss[side], s.before[side] = c, se, before
		c.refresh(side, f, r.Time)
		w.proof(side, c, se, i, e)
		if w.now != (evidence{}) {
			c.take(side, se, f, w.now, r.Time)
		}
	}
	var m policy.Match
	if s.n == 0 {
		m, w.fid.number = s.ev.MatchTold(r)
	} else {
		m = s.ev.Match(r)
	}
	s.info = s.at(r, &m)
	if s.info.live || e.firstOK || e.secondOK || w.cfg.watch != nil {
		w.ask(s, i, e)
	} else {
		s.nothing()
	}
	for side := range 2 {
		s.cs[side].recovered(s.ss[side], f, r.Time)
	}
	if s.n == 0 {
		w.compareEvaluations(i, &s.st)
	}
	w.strictLocation(s, i)
	if f.flag&unlock != 0 || passing(r, e, i) {
		s.did = [2]policy.Effect{} // allow
		s.raw = s.did
	}
	if f.flag&unlock == 0 {
		w.would(s, i, e)
		w.weigh(s, i, s.did[low] != s.did[high])
	}
	var first, second bool
	if f.steps.entries > 0 || r.MFA() == signin.MFADone {
		first, second = w.gaveFirst(i), w.gaveSecond(i)
	}
	for side := range 2 {
		w.settle(s, side, i, e)
		w.happen(s, side, i, e)
		if first || second {
			s.cs[side].enter(side, s.ss[side], f, first && w.keep[side].first, second && w.keep[side].second, e.firstOK, e.methods, r.Time)
		}
	}
	w.unseen(s, i)
	w.tell(s, i)
}

// ask puts row i to the set: what it demands in both worlds.
func (w *Worker) ask(s *setRun, i int, e *episode) {
	r, f := w.seen(i), &w.p.facts[i]
	if s.n == 0 {
		w.cause(s, i, e)
	}
	for side := range 2 {
		w.state(s, side, i, e)
	}
	s.decide(r)
	if s.n == 0 {
		if w.learn(s, i, e); w.now != (evidence{}) {
			w.fid.before, w.fid.early = s.st, true
			for side := range 2 {
				s.cs[side].take(side, s.ss[side], f, w.now, r.Time)
				w.state(s, side, i, e)
			}
			s.decide(r)
		}
	}
	if w.cfg.watch != nil {
		w.cfg.watch(s.n, i, merge(s.st[low], s.st[high]))
	}
	s.effects(s.cs[low], s.cs[high])
}

// passing reports whether row i is a soft interrupt that its attempt went on
// from: such a row often lacks the device, which the next one has, and the outcome
// of an attempt is that of its last row (reference 3). An unlock is treated alike
// where it is called: Conditional Access is not evaluated when a primary
// refresh token is issued or renewed (reference 1.1).
func passing(r *signin.Row, e *episode, i int) bool {
	return r.Reason() == signin.Interrupt && e.last != int32(i) //nolint:gosec // rows of one person
}

// state is the session row i meets, with what its episode shows taken in.
func (w *Worker) state(s *setRun, side, i int, e *episode) {
	r, f := &w.p.rows[i], &w.p.facts[i]
	c, st := s.cs[side], &s.st[side]
	fresh := e.firstOK && !e.unlock && w.keep[side].first
	if fresh && s.done[f.episode]&(renewed<<side) == 0 {
		s.done[f.episode] |= renewed << side
		c.renew(side, s.ss[side], e, w.spares(s, side, f, e), r.Time)
	}
	c.state(st, s.ss[side], f, e.background, s.info.everyTime, r.Time)
	if fresh {
		st.First = policy.Age{}
		if f.flag&(device|registered) != 0 {
			st.PRT = policy.Age{}
		}
	}
	if w.remember > 0 {
		remember(st, side, s.ss[side], f, e.secondOK || e.demanded, w.remember, r.Time)
	}
}

// spares reports whether, at best, the set keeps a browser session alive that
// current lets end with the browser, so that the fresh sign-in the log shows was
// not needed for it (persistent browser session, reference 1.10).
func (w *Worker) spares(s *setRun, side int, f *rowFact, e *episode) bool {
	if side == high || s.n == 0 || f.flag&browser == 0 || e.labelled {
		return false
	}
	return s.info.persists > w.sets[0].info.persists
}
