package replay

import (
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// EpisodeSpan is how long rows of one correlation or original request count
// as one attempt, from its first row on (design, definition of Episode).
const EpisodeSpan = 10 * signin.Minute

// UseSpan is how close background activity must be, before and after, for a
// session to count as in use: the longest default life of an access token,
// after which a running client has to come back (60 to 90 minutes,
// learn.microsoft.com/entra/identity-platform/access-tokens). The rule is ours.
const UseSpan = 90 * signin.Minute

// episode is one attempt of a person: what its rows say together.
type episode struct {
	start       signin.Time
	first, last int32 // rows
	entry       int32 // the row of the first factor entry, -1 = none
	entries     uint16
	failed      uint16
	firstOK     bool // a first factor was entered and accepted
	secondOK    bool // a second factor was
	strong      bool // the first factor carried the second
	said        bool // some row lists its steps or states its second factor
	claim       bool // the session already carried the second factor
	labelled    bool // the log blames sign-in frequency
	interactive bool
	attack      bool
	reached     bool
	unlock      bool
	demanded    bool // a second factor was asked for
	refused     bool // the person failed, declined or ignored a second factor, and nothing after it succeeded
	by          demander
	methods     policy.MethodSet
	background  bool
	// asked is what replayed current asked for in this episode, by world.
	asked [2]policy.Controls
}

// person is the scratch a worker keeps for the person at hand.
type person struct {
	rows     []signin.Row
	facts    []rowFact
	episodes []episode
	keys     keys
	byID     map[uint64]int32
	lastUse  []signin.Time // by low key: last accepted background row
	refused  []int32       // by low key: the row of an unanswered 70043, +1
	onlySeen bool          // there are no background rows at all
}

func newPerson() person {
	return person{
		byID: map[uint64]int32{},
		keys: keys{low: map[uint64]int32{}, high: map[uint64]int32{}},
	}
}

// read works out what is the same for every set.
func (p *person) read(w *Worker, h History, attacks []bool) {
	p.rows = h.Rows
	p.facts = resize(p.facts, len(h.Rows))
	p.episodes = p.episodes[:0]
	p.keys.reset()
	clear(p.byID)
	p.onlySeen = true
	for i := range p.rows {
		r := &p.rows[i]
		f := &p.facts[i]
		f.steps = w.t.steps.get(w.t.sym[signin.DimFactors], r.C[signin.DimFactors])
		p.describe(w, i, i < len(attacks) && attacks[i])
		f.episode = p.episodeOf(i)
		p.join(w, i, &p.episodes[f.episode])
	}
	p.use()
	p.frequency()
}

// describe fills the row's own facts.
func (p *person) describe(w *Worker, i int, isAttack bool) {
	r, f, t := &p.rows[i], &p.facts[i], w.t
	if isAttack {
		f.flag |= attack
	}
	f.scope = w.scope(r)
	if t.hasReached(r) {
		f.flag |= reached
	}
	kind := *t.client.get(t.sym[signin.DimClient], r.C[signin.DimClient])
	switch kind {
	case clientBrowser:
		f.flag |= browser | deferrable
	case clientLegacy:
		f.flag |= legacy
	}
	if *t.secret.get(t.sym[signin.DimCredential], r.C[signin.DimCredential]) {
		f.flag |= deferrable
	}
	switch r.Kind() {
	case signin.Service, signin.Machine:
	default:
		if s := r.Stream(); s != signin.ServicePrincipal && s != signin.ManagedIdentity {
			f.flag |= human
		}
	}
	if r.Stream() == signin.NonInteractive {
		f.flag |= background
		p.onlySeen = false
	}
	if list := w.t.sym.Text(r, signin.DimPolicies); list == "" || list == "[]" {
		f.flag |= silent
	}
	if *t.prt.get(t.sym[signin.DimIncomingToken], r.C[signin.DimIncomingToken]) {
		f.flag |= token
	}
	// Attack rows come from somebody else's device: they get no session of this
	// person's, and none of theirs becomes this person's.
	if isAttack {
		f.key, f.clock = -1, -1
		return
	}
	var joined bool
	f.key, f.clock, joined = p.keys.of(t, r, kind == clientBrowser, w.cfg.fresh && (kind == clientBrowser || r.Trust() >= signin.AzureAD))
	if joined || (f.flag&token != 0 && r.Trust() == signin.TrustUnknown) {
		f.flag |= device
	}
	if *t.unlock.get(t.sym[signin.DimApp], r.C[signin.DimApp]) && f.flag&device != 0 {
		f.flag |= unlock
	}
	if w.cfg.fresh && f.flag&device != 0 && f.flag&background == 0 {
		f.flag |= opportunity
	}
}

// episodeOf finds or starts the episode of row i.
func (p *person) episodeOf(i int) int32 {
	r := &p.rows[i]
	// The two kinds of identifier may hold the same value for different things.
	const other = 0x9e3779b97f4a7c15
	find := func(id uint64) (int32, bool) {
		n, ok := p.byID[id]
		return n, ok && r.Time-p.episodes[n].start <= EpisodeSpan && p.episodes[n].attack == (p.facts[i].flag&attack != 0)
	}
	n, ok := int32(0), false
	if r.Correlation != 0 {
		n, ok = find(r.Correlation)
	}
	if !ok && r.Original != 0 {
		n, ok = find(r.Original ^ other)
	}
	if !ok {
		n = int32(len(p.episodes))                                                                            //nolint:gosec // rows of one person
		p.episodes = append(p.episodes, episode{start: r.Time, first: int32(i), entry: -1, background: true}) //nolint:gosec // same
	}
	if r.Correlation != 0 {
		p.byID[r.Correlation] = n
	}
	if r.Original != 0 {
		p.byID[r.Original^other] = n
	}
	return n
}

// join adds row i to its episode.
func (p *person) join(w *Worker, i int, e *episode) {
	r, f, t := &p.rows[i], &p.facts[i], w.t
	s := f.steps
	e.last = int32(i) //nolint:gosec // rows of one person
	e.attack = f.flag&attack != 0
	e.reached = e.reached || f.flag&reached != 0
	e.interactive = e.interactive || r.Stream() == signin.Interactive
	e.background = e.background && f.flag&background != 0
	e.entries += s.entries
	e.failed += s.failed
	if s.entries > 0 && e.entry < 0 {
		e.entry = int32(i) //nolint:gosec // rows of one person
	}
	if e.entry < 0 && r.MFA() == signin.MFADone && !s.said {
		// The row states a second factor but lists no steps (v1.0, portal): one entry.
		e.entry, e.entries = int32(i), e.entries+1 //nolint:gosec // rows of one person
	}
	f.flag |= ended(s, r)
	if s.first && (!s.undecided || r.Outcome() == signin.Success) {
		e.firstOK = true
		e.strong = e.strong || s.strong
	}
	if (s.second && (!s.undecided || r.Outcome() == signin.Success)) || (r.MFA() == signin.MFADone && r.Outcome() == signin.Success) {
		e.secondOK = true
	}
	e.methods |= s.methods
	if m := r.C[signin.DimMethods]; m != 0 {
		e.methods |= *t.methods.get(t.sym[signin.DimMethods], m)
	}
	e.said = e.said || s.said || r.MFA() != signin.MFAUnknown
	e.claim = e.claim || r.MFA() == signin.MFAByClaim
	e.labelled = e.labelled || r.Reason() == signin.SignInFrequency ||
		*t.frequency.get(t.sym[signin.DimLifetimes], r.C[signin.DimLifetimes])
	e.unlock = e.unlock || f.flag&unlock != 0
	by := s.by
	if by != demandPolicy {
		if d := *t.demanders.get(t.sym[signin.DimDemanded], r.C[signin.DimDemanded]); d != demandUnknown {
			by = d
		}
	}
	if by == demandPolicy || e.by == demandUnknown {
		e.by = by
	}
	switch r.Reason() {
	case signin.MFARequired, signin.MFAEnrol:
		e.demanded = true
	case signin.MFAFailed, signin.MFADenied, signin.MFAFraud, signin.MFATimeout:
		e.demanded, e.refused = true, true
	default:
		if r.Outcome() == signin.Success {
			e.refused = false
		}
	}
}

// ended is a place for row flags that depend on the steps; a row that lists a
// successful step got past its first factor whatever its code says.
func ended(s *steps, r *signin.Row) flags {
	if s.first && !s.undecided && !r.Reason().FirstFactorFailed() && r.Reason() != signin.Silent {
		return reached
	}
	return 0
}

// use marks the rows of sessions in use: an accepted background row of the same
// session within UseSpan before, and one within UseSpan after or the row itself.
func (p *person) use() {
	p.lastUse = resize(p.lastUse, len(p.keys.low))
	for i := range p.facts {
		f, r := &p.facts[i], &p.rows[i]
		if f.key < 0 {
			continue
		}
		if last := p.lastUse[f.key]; last != 0 && r.Time-last <= UseSpan {
			f.flag |= inUse
		}
		if f.flag&background != 0 && r.Outcome() == signin.Success {
			p.lastUse[f.key] = r.Time
		}
	}
	clear(p.lastUse)
	for i := len(p.facts) - 1; i >= 0; i-- {
		f, r := &p.facts[i], &p.rows[i]
		if f.key < 0 {
			continue
		}
		if next := p.lastUse[f.key]; f.flag&background == 0 && (next == 0 || next-r.Time > UseSpan) {
			f.flag &^= inUse
		}
		if f.flag&background != 0 {
			p.lastUse[f.key] = r.Time
		}
	}
}

// frequency spreads the blame of a refused refresh (70043) to the prompt that
// answers it: the next episode with a factor entry in the same session.
func (p *person) frequency() {
	p.refused = resize(p.refused, len(p.keys.low))
	for i := range p.facts {
		f, r := &p.facts[i], &p.rows[i]
		if f.key < 0 {
			continue
		}
		e := &p.episodes[f.episode]
		if r.Reason() == signin.SignInFrequency {
			p.refused[f.key] = int32(i) + 1 //nolint:gosec // rows of one person
		} else if e.entry == int32(i) && p.refused[f.key] != 0 { //nolint:gosec // same
			e.labelled = true
			if p.facts[p.refused[f.key]-1].flag&inUse != 0 {
				f.flag |= inUse
			}
			p.refused[f.key] = 0
		}
	}
}
