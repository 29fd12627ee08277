package replay

import (
	"strings"

	"frisk/internal/directory"
	"frisk/internal/policy"
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// Worker replays people, one at a time, and keeps a Tally of them. It belongs
// to one goroutine; workers share a Config. Once its buffers have grown it
// allocates per person, not per row.
type Worker struct {
	cfg    Config
	t      *tables
	tally  *Tally
	sets   []*setRun
	cells  cells
	p      person
	key    string // signin.PersonKey of the person at hand
	user   string // its object id
	score  []float32
	index  map[string]int // set 0's policies by lower-case id
	byName map[string]int

	// Of the row at hand.
	keep   [2]kept
	t0     signin.Time // current's frequency proves that the session is no older
	logged []bool      // by session: the log shows where its second factor came from
	// entered, by session: when the log last shows a factor given in it.
	entered []signin.Time
	change  []changeRun
	causes  []causeCount // by cell, policy of set 0, clause
}

// kept says which recorded factor entries stay under every set, in one world.
type kept struct{ first, second bool }

// New is a worker for rows whose codes are sym's.
func New(cfg Config, sym *signin.Symbols) *Worker {
	w := &Worker{cfg: cfg, t: newTables(sym), p: newPerson(), index: map[string]int{}, byName: map[string]int{}}
	for i, e := range cfg.Engines {
		ev := cfg.evaluator
		if ev == nil {
			ev = e.Evaluator(sym)
		}
		w.sets = append(w.sets, newSetRun(i, ev, &w.cfg))
	}
	if len(cfg.Engines) > 0 {
		for i, p := range cfg.Engines[0].Set().Policies {
			w.index[strings.ToLower(p.ID)] = i
			if _, twice := w.byName[p.Name]; !twice {
				w.byName[p.Name] = i
			} else {
				w.byName[p.Name] = -1
			}
		}
	}
	w.t.recorded.of = w.evaluationsOf
	w.change = make([]changeRun, len(w.sets))
	w.tally = newTally(&cfg)
	workspaces := 0
	if cfg.Directory != nil && cfg.Attribute != nil {
		workspaces = len(cfg.Directory.Workspaces)
	}
	w.cells = newCells(len(cfg.Groups), workspaces, len(w.sets))
	if len(w.sets) > 0 {
		w.causes = make([]causeCount, len(w.cells.table)*len(w.sets[0].plans)*numClauses)
	}
	return w
}

// Tally is what the worker has counted so far. It is the worker's own: merge
// it when the worker is done.
func (w *Worker) Tally() *Tally {
	w.flush()
	return w.tally
}

// scope says whether the current policies had a say in the row.
func (w *Worker) scope(r *signin.Row) policy.Scope {
	if len(w.sets) == 0 {
		return policy.InScope
	}
	return w.sets[0].ev.Scope(r)
}

// Person replays one person's whole history. a is what risk says about it:
// scores and attack marks by row, or nothing at all.
func (w *Worker) Person(h History, a risk.Assessed) {
	if len(h.Rows) == 0 {
		return
	}
	w.key = signin.PersonKey(h.Provider, h.Tenant, h.Principal)
	w.user = strings.ToLower(h.Principal)
	if name, ok := strings.CutPrefix(w.user, signin.NamePrefix); ok {
		w.user = w.cfg.Directory.UserByName(name)
	}
	w.score = a.Score
	w.p.read(w, h, a.Attack)
	w.cells.begin(w.cfg.Directory, w.user)
	w.logged = resize(w.logged, len(w.p.keys.low))
	w.entered = resize(w.entered, len(w.p.keys.low))
	for i, s := range w.sets {
		s.begin(&w.p)
		w.change[i] = changeRun{}
	}
	for i := range w.p.rows {
		w.row(i)
	}
	w.end()
}

func (w *Worker) row(i int) {
	r, f := &w.p.rows[i], &w.p.facts[i]
	t := w.tally
	t.Rows++
	t.Streams[r.Stream()]++
	if t.From == 0 || r.Time < t.From {
		t.From = r.Time
	}
	t.To = max(t.To, r.Time)
	if f.flag&human == 0 {
		w.workload(i)
		return
	}
	// Rows these policies have no say in are in no figure: recorded and replayed
	// must speak of the same sign-ins (reference 1.3).
	switch f.scope {
	case policy.OtherProvider:
		t.OutOfScope.OtherProvider++
		return
	case policy.Outbound:
		t.OutOfScope.Outbound++
		return
	}
	w.place(i)
	w.recordRow(i)
	if f.flag&reached != 0 && f.scope == policy.InScope {
		if f.flag&attack != 0 {
			w.attacked(i)
		} else {
			w.evaluate(i)
		}
	}
	if e := &w.p.episodes[f.episode]; e.last == int32(i) { //nolint:gosec // rows of one person
		w.recordEpisode(e, int(f.episode))
	}
}

// place finds the cells row i counts in.
func (w *Worker) place(i int) {
	r := &w.p.rows[i]
	w.cells.join(w.cfg.Directory, w.user, w.cfg.Groups, r.Time)
	var shares []directory.Share
	if w.cfg.Attribute != nil {
		shares = w.cfg.Attribute(r, w.t.sym)
	}
	w.cells.split(shares)
}

func (w *Worker) risk(i int) float64 {
	if i >= len(w.score) {
		return 0
	}
	return quantum(float64(w.score[i]))
}

// quantum rounds a score to a multiple of 2^-20, so that sums of scores are
// exact and do not depend on the order of workers.
func quantum(x float64) float64 { return float64(int64(x*(1<<20)+0.5)) / (1 << 20) }

// evaluate plays row i under every set.
func (w *Worker) evaluate(i int) {
	f := &w.p.facts[i]
	e := &w.p.episodes[f.episode]
	w.t0 = 0
	for _, s := range w.sets {
		w.play(s, i, e)
	}
	w.compare(i)
	if w.gaveSecond(i) {
		w.logged[f.key] = true
	}
	if e.entries > 0 {
		w.entered[f.key] = w.p.rows[i].Time
	}
}

// play is one set's turn at row i.
func (w *Worker) play(s *setRun, i int, e *episode) {
	r, f := &w.p.rows[i], &w.p.facts[i]
	var cs [2]*clock
	var ss [2]*session
	var st [2]policy.State
	var before [2]signin.Time
	for side := range 2 {
		c, se := s.worlds[side].open(side, f, r.Time, w.cfg.fresh, &before[side])
		cs[side], ss[side] = c, se
		c.refresh(side, f, r.Time)
		w.proof(side, c, se, i, e)
		if w.t0 > 0 {
			c.bound(side, f, r.Time, w.t0)
		}
	}
	m := s.ev.Match(r)
	s.tolerant = !m.Applies.Or(m.Unknown).And(s.everyTime).Empty()
	if s.n == 0 {
		w.cause(s, m, i, e, &cs, &ss)
	}
	for side := range 2 {
		st[side] = w.state(s, side, cs[side], ss[side], i, e)
	}
	s.decide(r, m, &st[low], &st[high])
	if s.n == 0 && w.proves(s, cs[high], i, e) {
		// Current let this session pass unasked, so its proof is no older than that.
		w.t0 = s.hi.Frequency
		for side := range 2 {
			cs[side].bound(side, f, r.Time, w.t0)
			st[side] = w.state(s, side, cs[side], ss[side], i, e)
		}
		s.decide(r, m, &st[low], &st[high])
	}
	if w.cfg.watch != nil {
		w.cfg.watch(s.n, i, merge(st[low], st[high]))
	}
	if s.n == 0 {
		both := merge(st[low], st[high])
		w.compareEvaluations(i, &both)
	}
	s.effects(cs[low], cs[high])
	if f.flag&unlock != 0 || passing(r, e, i) {
		s.did = [2]policy.Effect{} // allow
		s.raw = s.did
	}
	if f.flag&unlock == 0 {
		w.would(s, i, e, &st)
		w.weigh(s, i, m, s.did[low] != s.did[high])
	}
	for side := range 2 {
		w.settle(s, side, i, e, cs[side], ss[side], before[side])
		w.happen(s, side, i, e, cs[side], ss[side])
		first, second := w.gaveFirst(i) && w.keep[side].first, w.gaveSecond(i) && w.keep[side].second
		cs[side].enter(ss[side], f, first, second, e, r.Time)
	}
	w.unseen(s, i, before[high])
	w.tell(s, i)
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
func (w *Worker) state(s *setRun, side int, c *clock, se *session, i int, e *episode) policy.State {
	r, f := &w.p.rows[i], &w.p.facts[i]
	if !e.firstOK || e.unlock || !w.keep[side].first {
		return c.state(se, f, e.background, s.tolerant, r.Time)
	}
	w.renew(s, side, c, e, f, r.Time)
	st := c.state(se, f, e.background, s.tolerant, r.Time)
	st.First = policy.Age{}
	if f.flag&device != 0 {
		st.PRT = policy.Age{}
	}
	return st
}

// renew starts a new session once per episode.
func (w *Worker) renew(s *setRun, side int, c *clock, e *episode, f *rowFact, t signin.Time) {
	if e.unlock || s.done[f.episode]&(renewed<<side) != 0 {
		return
	}
	s.done[f.episode] |= renewed << side
	c.renew(side, e, t)
}
