package replay

import (
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// EpisodeSpan is how long rows of one correlation or original request count
// as one attempt, from its first row on.
const EpisodeSpan = signin.EpisodeSpan

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
	apart       bool // a second factor was given in a step of its own
	declined    bool // one was asked for and failed
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

// The kinds of identifier may hold the same value for different things.
const (
	otherKind   = 0x9e3779b97f4a7c15
	sessionKind = 0xc2b2ae3d27d4eb4f
)

// episodeOf finds or starts the episode of row i, by its correlation, then its
// original request, then by what the provider's rule allows (signin.AttemptRule).
func (p *person) episodeOf(i int) int32 {
	r := &p.rows[i]
	n := int32(-1)
	if r.Correlation != 0 {
		n = p.find(r.Correlation, i)
	}
	if n < 0 && r.Original != 0 {
		n = p.find(r.Original^otherKind, i)
	}
	gap := p.rule.SessionGap
	if n < 0 && gap > 0 && r.Session != 0 {
		if n = p.find(r.Session^sessionKind, i); n >= 0 && r.Time-p.rows[p.episodes[n].last].Time > gap {
			n = -1
		}
	}
	bare := p.rule.Loose && r.Correlation == 0 && r.Original == 0
	if n < 0 && bare {
		n = p.answers(i)
	}
	if n < 0 {
		n = int32(len(p.episodes))                                                                            //nolint:gosec // rows of one person
		p.episodes = append(p.episodes, episode{start: r.Time, first: int32(i), entry: -1, background: true}) //nolint:gosec // same
	}
	if r.Correlation != 0 {
		v, _ := p.byID.at(r.Correlation, n)
		*v = n
	}
	if r.Original != 0 {
		v, _ := p.byID.at(r.Original^otherKind, n)
		*v = n
	}
	if gap > 0 && r.Session != 0 {
		v, _ := p.byID.at(r.Session^sessionKind, n)
		*v = n
	}
	if bare {
		p.open = -1
		if r.Outcome() == signin.Challenge {
			p.open = n
		}
	}
	return n
}

// answers is the episode of the challenge that row i, which has no identifier,
// answers: the account's last such row, from the same address; -1 = none.
func (p *person) answers(i int) int32 {
	if p.open < 0 {
		return -1
	}
	e := &p.episodes[p.open]
	last := &p.rows[e.last]
	if p.rows[i].Time-e.start > EpisodeSpan || last.C[signin.DimIP] != p.rows[i].C[signin.DimIP] || e.attack != (p.facts[i].flag&attack != 0) {
		return -1
	}
	return p.open
}

// find is the episode an identifier belongs to at row i, -1 = a new one.
func (p *person) find(id uint64, i int) int32 {
	v, known := p.byID.at(id, -1)
	if n := *v; known && n >= 0 {
		if e := &p.episodes[n]; p.rows[i].Time-e.start <= EpisodeSpan && e.attack == (p.facts[i].flag&attack != 0) {
			return n
		}
	}
	return -1
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
		e.entry, e.entries, e.apart = int32(i), e.entries+1, true //nolint:gosec // rows of one person
	}
	f.flag |= ended(s, r)
	if s.first && (!s.undecided || r.Outcome() == signin.Success) {
		e.firstOK = true
		e.strong = e.strong || s.strong
	}
	e.apart, e.declined = e.apart || s.apart, e.declined || s.declined
	if (s.second && (!s.undecided || r.Outcome() == signin.Success)) || (r.MFA() == signin.MFADone && r.Outcome() == signin.Success) {
		e.secondOK = true
	}
	e.methods |= s.methods
	if m := r.C[signin.DimMethods]; m != 0 && s.entries == 0 {
		// Where there are steps, they say more: which failed, and which came first.
		e.methods |= *t.methods.get(t.sym[signin.DimMethods], m)
	}
	e.said = e.said || s.said || r.MFA() != signin.MFAUnknown
	e.claim = e.claim || r.MFA() == signin.MFAByClaim
	e.labelled = e.labelled || f.flag&labelled != 0
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
		e.demanded, e.refused, e.declined = true, true, true
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

// prompted reports whether a policy can be behind the episode's prompt: it shows a
// second factor, or a frequency label. A factor that is both at once and opened
// the session was given because the session was new, whatever policies ask.
func (e *episode) prompted() bool {
	switch {
	case e.entries == 0:
		return false
	case e.labelled, e.refused, e.declined && e.by != demandUnknown:
		return true
	}
	return e.secondOK && (!e.strong || e.apart || e.demanded)
}
