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
	view     View
	// device evidence by deviceStanding: its bits, and the score of a row that has nothing else.
	deviceBits  [3]float64
	deviceScore [3]float32
	attempts    map[signin.Code]*signin.Attempts // of the person at hand, by provider
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
	for _, last := range []bool{false, true} {
		for i := range detectors {
			if detectors[i].Last == last {
				a.watchers = append(a.watchers, detectors[i].New(&a.env))
			}
		}
	}
	a.deviceBits = [3]float64{0, cfg.BitsOwnDevice, cfg.BitsNewDevice}
	for i, b := range a.deviceBits {
		a.deviceScore[i] = cfg.score(&[numFamilies]float64{FamilyDevice: b})
	}
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
	a.profile.begin()
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
	if len(s.findings) > 1 {
		slices.SortStableFunc(s.findings, compareFindings)
	}
	return Assessed{Findings: s.findings, Score: a.score, Attack: s.attack}
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
	v.Again = (v.Failed || refusedPrompt(r)) && a.again(r)
	if v.Human || v.Failed || len(v.addr.windows) > 0 {
		a.env.regard(v, &a.profile)
	}
	for _, w := range a.watchers {
		w.Observe(v, s)
	}
	device := deviceStanding(v)
	a.score[i] = a.deviceScore[device]
	if s.dirty {
		s.families[FamilyDevice] = a.deviceBits[device]
		a.score[i] = a.env.Config.score(&s.families)
		s.families, s.dirty = [numFamilies]float64{}, false
	}
	// What teaches is decided from what was known at the time, not from the
	// attack label, which may rest on what came later.
	if v.Accepted && !s.skip {
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
