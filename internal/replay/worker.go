package replay

import (
	"strings"

	"frisk/internal/directory"
	"frisk/internal/policy"
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// confirmed reports that a label calls row i compromised.
func (w *Worker) confirmed(i int) bool {
	return w.Confirmed != nil && w.Confirmed(w.p.rows[i].Ref)
}

// Worker replays people, one at a time, and keeps a Tally of them. It belongs
// to one goroutine; workers share a Config. Once its buffers have grown it
// allocates per person, not per row.
type Worker struct {
	// Confirmed reports that somebody confirmed a sign-in of the person at hand to be
	// compromised; nil where there are no labels. It may change between people.
	Confirmed func(signin.Ref) bool

	cfg   Config
	t     *tables
	tally *Tally
	sets  []*setRun
	cells cells
	p     person
	key   string // signin.PersonKey of the account at hand
	who   string // key its figures count under: see PersonOf
	more  bool   // an account of the same person came before it
	join  bool   // some person had several accounts
	logs  elsewhere
	user  string // its object id
	score []float32
	fid   *comparer

	// Of the row at hand.
	keep    [2]kept
	now     evidence
	patched signin.Row // the row as policies see it, where it differs from the log's
	moved   signin.Row // the row as seen from another address; see strictLocation
	logged  []bool     // by low clock: the log shows where its second factor came from
	// entered, by low clock: when the log last shows a factor given in it.
	entered  []signin.Time
	change   []changeRun
	causes   causes
	remember signin.Time // of remembered MFA, 0 = off
	sparing  sparing
	outcomes []Outcome // memory for the cells of people to come
}

// kept says which recorded factor entries stay under every set, in one world.
type kept struct{ first, second bool }

// New is a worker for rows whose codes are sym's.
func New(cfg Config, sym *signin.Symbols) *Worker {
	w := &Worker{cfg: cfg, t: newTables(sym), remember: cfg.RememberMFA}
	tenant := ""
	if len(cfg.Engines) > 0 {
		tenant = cfg.Engines[0].Options().Tenant
	}
	w.t.abroad.of = func(s string) bool { return s != "" && tenant != "" && !strings.EqualFold(s, tenant) }
	if len(cfg.Engines) > 0 && w.remember == 0 {
		w.remember = cfg.Engines[0].Options().RememberMFA
	}
	for i, e := range cfg.Engines {
		ev := cfg.evaluator
		if ev == nil {
			ev = e.Evaluator(sym)
		}
		w.sets = append(w.sets, newSetRun(i, ev, &w.cfg))
	}
	w.fid = newComparer(w)
	w.change = make([]changeRun, len(w.sets))
	w.tally = newTally(&cfg)
	workspaces := 0
	if cfg.Directory != nil && cfg.Attribute != nil {
		workspaces = len(cfg.Directory.Workspaces)
	}
	w.cells = newCells(len(cfg.Groups), workspaces, len(w.sets))
	if len(w.sets) > 0 {
		w.sparing = newSparing(w.sets[0])
		w.causes = newCauses(len(w.cells.table), len(w.sets[0].plans))
	}
	return w
}

// seen is row i as policies see it: how its session began is filled in where
// the row leaves it out and its sessionId tells. The pointer is valid until the
// next call.
func (w *Worker) seen(i int) *signin.Row {
	r, f := &w.p.rows[i], &w.p.facts[i]
	if f.flag&(codeFlow|transferred) == 0 {
		return r
	}
	flow := flowDeviceCode
	if f.flag&transferred != 0 {
		flow = flowTransfer
	}
	w.patched = *r
	w.patched.C[signin.DimTransfer] = w.t.flows[flow]
	return &w.patched
}

// Tally is what the worker has counted so far. It is the worker's own: merge
// it when the worker is done.
func (w *Worker) Tally() *Tally {
	w.fid.flush()
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
	w.PersonOf(signin.PersonKey(h.Provider, h.Tenant, h.Principal), h, a, false)
}

// PersonOf replays the history of one account of a person that has several:
// policies know accounts, so each is replayed by itself, but the figures of all
// count under who, once. more says that an account of the same person was the last
// one replayed; accounts of one person must follow each other.
func (w *Worker) PersonOf(who string, h History, a risk.Assessed, more bool) {
	if len(h.Rows) == 0 {
		return
	}
	w.key = signin.PersonKey(h.Provider, h.Tenant, h.Principal)
	w.who, w.more = who, more
	w.join = w.join || who != w.key
	w.user = strings.ToLower(h.Principal)
	if name, ok := strings.CutPrefix(w.user, signin.NamePrefix); ok {
		w.user = w.cfg.Directory.UserByName(name)
	}
	w.score = a.Score
	w.p.read(w, h, a.Attack)
	w.cells.begin(w.cfg.Directory, w.user)
	w.logged = resize(w.logged, w.p.keys.groups)
	w.entered = resize(w.entered, w.p.keys.groups)
	for i, s := range w.sets {
		s.begin(&w.p)
		w.change[i] = changeRun{}
	}
	for i := range w.p.rows {
		w.row(i)
	}
	w.end()
	w.logs.close(h.Provider, h.Tenant)
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
	w.provider(i)
	if f.flag&human == 0 {
		w.workload(i)
		return
	}
	if f.scope == policy.FirstFactor && (f.flag&foreign != 0 || w.abroad(r) && w.resident(r)) {
		return // no try at anything these policies guard
	}
	// Rows these policies have no say in are in no figure: recorded and replayed
	// must speak of the same sign-ins (reference 1.3).
	switch f.scope {
	case policy.OtherProvider:
		t.OutOfScope.OtherProvider++
		return
	case policy.Outbound:
		if w.resident(r) {
			t.OutOfScope.OtherTenant++
		} else {
			t.OutOfScope.Outbound++
		}
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
