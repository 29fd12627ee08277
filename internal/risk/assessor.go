package risk

import (
	"cmp"
	"slices"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// Assessed is what an Assessor says about one person. It is valid until the
// next call of Person; Finding.Clone keeps one for longer.
type Assessed struct {
	// Findings in order of time, detector and subject, suppressed ones included.
	Findings []Finding
	// Score is the risk of each row in 0 to 1, from that row and earlier ones only.
	Score []float32
	// Attack marks rows that are attack traffic in retrospect.
	Attack []bool
	// Parts is the evidence behind each score.
	Parts []Parts
}

// Assessor runs detectors over people, one at a time. It is not safe for
// concurrent use; each worker has its own, sharing the sealed Networks and the
// Directory. Once buffers have grown it allocates only for findings.
type Assessor struct {
	env      Env
	watchers []Watcher
	profile  profile
	sink     Sink
	score    []float32
	parts    []Parts
	view     View
	rarity   *statistic
	labels   *labelled
	// deviceBits is the device evidence by deviceStanding.
	deviceBits [3]float32
	attempts   map[signin.Code]*signin.Attempts // of the person at hand, by provider
}

// deviceStanding indexes device evidence: nothing to say, own, new.
func deviceStanding(v *View) int {
	switch {
	case !v.Accepted:
		return 0
	case v.Device == Known || v.Row.Compliant() == signin.True:
		return 1
	case v.Device == New:
		return 2
	}
	return 0
}

// NewAssessor prepares detectors for one worker. The zero cfg means Defaults;
// nets must be sealed, nil means that no first phase was run; dir may be nil.
func NewAssessor(cfg Config, detectors []Detector, nets *Networks, dir *directory.Directory, sym *signin.Symbols) *Assessor {
	if cfg == (Config{}) {
		cfg = Defaults()
	}
	a := &Assessor{env: Env{Config: cfg, Networks: nets, Directory: dir, Symbols: sym}}
	a.env.init()
	a.profile = newProfile(&a.env.Config)
	a.attempts = map[signin.Code]*signin.Attempts{}
	a.sink = Sink{env: &a.env, profile: &a.profile}
	a.rarity = newStatistic(&a.env)
	a.profile.forget = func(r *signin.Row, device Familiarity) { a.rarity.forget(r, sym, device) }
	for _, last := range []bool{false, true} {
		for i := range detectors {
			if detectors[i].Last == last {
				a.watchers = append(a.watchers, detectors[i].New(&a.env))
			}
		}
	}
	a.deviceBits = [3]float32{0, float32(cfg.BitsOwnDevice), float32(cfg.BitsNewDevice)}
	return a
}

// Person assesses one person's whole history. Rows must be in signin.Compare
// order; they are only read.
func (a *Assessor) Person(person string, rows []signin.Row) Assessed {
	s := &a.sink
	s.rows, s.person = rows, person
	s.findings, s.facts, s.refs = s.findings[:0], s.facts[:0], s.refs[:0]
	s.attack = resize(s.attack, len(rows))
	s.held = resize(s.held, len(rows))
	s.safe = resize(s.safe, len(rows))
	s.anySafe = false
	a.score = resize(a.score, len(rows))
	a.parts = resize(a.parts, len(rows))
	a.profile.begin()
	a.rarity.begin()
	a.labels.begin(person)
	for _, t := range a.attempts { // each by itself
		t.Reset()
	}
	for _, w := range a.watchers {
		w.Begin()
	}
	for i := range rows {
		a.row(i)
	}
	for _, w := range a.watchers {
		w.End(s)
	}
	if s.anySafe {
		for i, safe := range s.safe {
			if safe {
				s.attack[i] = false
			}
		}
	}
	a.labels.settle(s)
	if len(s.findings) > 1 {
		slices.SortStableFunc(s.findings, compareFindings)
	}
	return Assessed{Findings: s.findings, Score: a.score, Attack: s.attack, Parts: a.parts}
}

func (a *Assessor) row(i int) {
	s := &a.sink
	r := &s.rows[i]
	s.cur = i
	v := &a.view
	*v = View{Row: r, Index: i, addr: a.env.addr(r)}
	v.Human = humanStreams[r.Stream()]
	v.Failed = guessFailed(r)
	v.Entered = !v.Failed && personal(r) && accepted(r)
	v.Accepted = v.Human && v.Entered
	v.Again = (v.Failed || a.env.refusedPrompt(r)) && a.again(r)
	if v.Human || v.Failed || len(v.addr.windows) > 0 {
		a.env.regard(v, &a.profile)
	}
	p := &a.parts[i]
	s.parts = p
	for _, w := range a.watchers {
		w.Observe(v, s)
	}
	if d := deviceStanding(v); d != 0 && p.Families[FamilyDevice] == 0 {
		p.Families[FamilyDevice] = a.deviceBits[d]
	}
	if v.Human || v.Failed {
		a.rarity.look(r, a.env.Symbols, p)
	}
	a.score[i] = a.env.Config.score(p.evidence())
	a.labels.row(v, s)
	// What teaches is decided from what was known at the time, not from the
	// attack label, which may rest on what came later.
	if v.Accepted && r.Outcome() == signin.Success && !s.skip {
		if v.Device == Known || !a.profile.quarantined(&a.profile.network, v.addr.net, r.Time) {
			a.rarity.learn(day(r.Time))
		}
		a.profile.accept(&a.env, v)
	}
	if !s.skip && vouches(v) {
		a.profile.presence.witness(&a.env, v)
	}
	s.skip = false
}

// again reports that an earlier row of the person described the same try.
func (a *Assessor) again(r *signin.Row) bool {
	p := r.C[signin.DimProvider]
	t := a.attempts[p]
	if t == nil {
		t = signin.NewAttempts(a.env.Symbols)
		a.attempts[p] = t
	}
	return t.Again(r)
}

// compareFindings orders by time, detector and subject. Findings of one
// detector about one row keep the order they were raised in.
func compareFindings(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.Time, b.Time),
		cmp.Compare(a.Detector, b.Detector),
		cmp.Compare(a.Subject.Run, b.Subject.Run),
		cmp.Compare(a.Subject.Row, b.Subject.Row),
	)
}

// resize is s with length n and every element zero.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2)
	}
	s = s[:n]
	clear(s)
	return s
}
