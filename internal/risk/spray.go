package risk

import (
	"slices"

	"frisk/internal/signin"
)

// A spray is judged per source and window (hunt.judge): many people, few tries
// each, most of them refused, and hardly any of the people at home there. Sources
// are tried from narrow to wide: address, /24 or /48, operator, user agent; the
// last two see attacks that take another address for every try, over untouched
// addresses only. Windows are an hour, a day and spray.slow-days.
var _ = register(Detector{
	Name: "password-spray",
	Doc: "one source tries few passwords on many people: an address, a network, or one operator or user agent over many addresses, within an hour, " +
		"a day or a week; and a sign-in accepted from such a source on a device and network strange to the person",
	Needs: "source address, person and result of refused and accepted sign-ins of everybody (Networks); ASN and user agent for rotation",
	Quiet: "a row without address is left out; without ASN and user agent, rotation beyond a /24 is not seen; " +
		"a log of successes only shows no sprays. Rotation over home connections with a common browser is not seen either",
	Techniques: []string{"T1110.003"},
	Origin:     "Elastic, Entra password spray rule; grouping by operator and agent: reference, detection 3",
	Scope:      ScopeNetwork,
	Need:       NetworksNeed().Or(usualNeed()),
	New:        func(e *Env) Watcher { return newSourceWatcher(e, Spray) },
})

// sourceWatcher labels the rows of attacks of one kind that Networks found and
// looks for what they won.
type sourceWatcher struct {
	env   *Env
	kind  AttackKind
	told  stories
	tried map[*AttackWindow]int // own refused tries per attack
	// The wide windows of the kind; most logs have none.
	operators map[uint32][]*AttackWindow
	agents    []*AttackWindow
	byAgent   byCode[[]*AttackWindow]
}

func newSourceWatcher(e *Env, k AttackKind) *sourceWatcher {
	w := &sourceWatcher{env: e, kind: k, tried: map[*AttackWindow]int{}, operators: map[uint32][]*AttackWindow{}}
	all := e.Networks.Attacks()
	for i := range all {
		switch a := &all[i]; {
		case a.Kind != k || !a.Wide():
		case a.ASN != 0:
			w.operators[a.ASN] = append(w.operators[a.ASN], a)
		default:
			w.agents = append(w.agents, a)
		}
	}
	w.byAgent.of = func(text string) (out []*AttackWindow) {
		for _, a := range w.agents {
			if a.Agent == shortAgent(text) {
				out = append(out, a)
			}
		}
		return out
	}
	return w
}

func (w *sourceWatcher) Begin() {
	w.told.begin()
	clear(w.tried)
}

func (w *sourceWatcher) End(s *Sink) { w.told.end(s) }

// own reports that the row vouches for the person: their device, or a network
// they use. A typo at the desk during somebody else's attack is not the attack.
func own(v *View) bool {
	return v.Device == Known || v.Network == Known || v.Row.Compliant() == signin.True
}

func (w *sourceWatcher) Observe(v *View, s *Sink) {
	for _, a := range v.addr.windows {
		if a.Kind != w.kind || v.Row.Time < a.From || own(v) {
			continue
		}
		switch {
		case v.Failed && v.Row.Time <= a.Until:
			w.tried[a] += btoi(!v.Again)
			if !a.Trusted {
				s.label(v.Index)
			}
		case w.soonAfter(v, a):
			// Familiarity takes a day to form; by then the attack is known.
			s.skip = s.skip || !a.Trusted && a.Known <= v.Row.Time+signin.Day
			w.won(v, s, a)
			return
		}
	}
	if len(w.operators) > 0 || len(w.agents) > 0 {
		w.elsewhere(v, s)
	}
}

// soonAfter reports an accepted sign-in during the attack or shortly after it.
func (w *sourceWatcher) soonAfter(v *View, a *AttackWindow) bool {
	return v.Entered && v.Row.Time >= a.From && v.Row.Time <= a.Until+hours(w.env.Config.SprayAfterHours)
}

// elsewhere looks for what a wide attack won from an address it was not refused
// from: same operator or same agent, and an operator strange to the person.
func (w *sourceWatcher) elsewhere(v *View, s *Sink) {
	if !v.Entered {
		return
	}
	windows := w.operators[v.Row.ASN]
	if len(w.agents) > 0 {
		windows = append(slices.Clip(windows), w.byAgent.get(w.env.Symbols[signin.DimUserAgent], v.Row.C[signin.DimUserAgent])...)
	}
	for _, a := range windows {
		if !w.soonAfter(v, a) {
			continue
		}
		if !v.regarded {
			w.env.regard(v, s.profile)
		}
		if own(v) || v.Trusted || v.ASN == Known {
			continue
		}
		s.skip = s.skip || a.Known <= v.Row.Time+signin.Day
		w.won(v, s, a)
		return
	}
}

// won reports an accepted sign-in from an attacking source. Its bits are 0: on
// the day itself nobody could know the attack as such (see hostile-source for the
// days after).
func (w *sourceWatcher) won(v *View, s *Sink, a *AttackWindow) {
	key := uint64(v.addr.net)<<32 ^ uint64(a.From) //nolint:gosec // tells attacks on one person apart
	keep := hours(w.env.Config.SprayAfterHours)
	if w.told.more(s, key, FamilyCredential, 0, keep) {
		return
	}
	f := Finding{Detector: w.kind.String(), Severity: High, Score: scoreStrangeSuccess, Attack: true, Window: a}
	what := "accepted sign-in from an attacking source"
	if w.tried[a] > 0 {
		f.Score = scoreTriedSuccess
		what = "the attack tried this account and was refused, then a sign-in from its source was accepted"
	}
	if a.Trusted {
		f.Suppressed = "org: trusted location"
	}
	s.evidence().text("what", what).
		num("own_refused_tries", float64(w.tried[a])).
		source(v.Index).
		text("device", deviceWord(v)).
		text("stopped_by", stopped(v.Row)).
		usual(v.Index).after(v.Index)
	attackFacts(s, a)
	s.text("next_step", afterSuccess(v.Row)).
		num("further_sign_ins", 0)
	w.told.start(s, key, s.raise(f, FamilyCredential, v.Index), keep)
}

// Certainty of findings that rest on an attack found by Networks. Assumptions:
// a strange success in the middle of an attack is nearly always its prize,
// certainly when the attack had tried this person.
const (
	scoreAttack         = 0.9
	scoreTriedSuccess   = 0.95
	scoreStrangeSuccess = 0.7
)

func hours(h float64) signin.Time   { return signin.Time(h * float64(signin.Hour)) }
func minutes(m float64) signin.Time { return signin.Time(m * float64(signin.Minute)) }

func deviceWord(v *View) string {
	switch {
	case v.Device == Known:
		return "own"
	case v.Row.Compliant() == signin.True:
		return "compliant"
	case v.Device == New:
		return "new"
	}
	return "not named"
}

// afterSuccess is what to do about a sign-in that an attacker may have won.
func afterSuccess(r *signin.Row) string {
	if r.Outcome() == signin.Success {
		return "ask the person; if it was not them, reset the password, revoke their sessions and read what was done after it"
	}
	return "the password was right: reset it; what stopped the sign-in held this time"
}

// attackFacts puts down what an attack did, what tells it from an office first.
func attackFacts(s *Sink, a *AttackWindow) {
	s.text("source", a.SourceText()).
		text("attack_from", a.From.String()).text("attack_until", a.Until.String()).
		num("people_tried", float64(a.Users)).num("tries", float64(a.Tries)).
		num("most_tries_per_person", float64(a.MaxPerUser)).
		share("refused_share", a.FailShare).
		num("accepted_sign_ins_meanwhile", float64(a.Accepted)).
		num("people_tried_who_also_got_in", float64(a.Insiders)).
		num("accounts_that_do_not_exist", float64(a.Strangers)).
		num("tries_for_unknown_accounts", float64(a.Unknown)).
		num("tries_for_locked_or_disabled_accounts", float64(a.Closed)).
		num("addresses", float64(a.Addresses))
}

// attackWords says in a sentence what an attack is.
func attackWords(a *AttackWindow) string {
	what := [...]string{
		Spray:       "few tries each on many people, nearly all refused",
		BruteForce:  "many tries on few people, nearly all refused",
		Stuffing:    "one or two tries each on many accounts, part of which do not exist: a list from elsewhere; which passwords were tried is not in the log",
		Enumeration: "names tried that mostly do not exist: somebody looks for accounts",
	}[a.Kind]
	switch {
	case a.ASN != 0:
		what += "; from many addresses of one operator that let nobody in"
	case a.Agent != "":
		what += "; from many addresses that let nobody in, with one user agent that hardly ever gets in"
	}
	if a.Slow {
		what += "; spread over days to stay below short windows"
	}
	return what
}

// certaintyOf rates an attack: the wider or slower the window that shows it, the
// more chance has a hand in it. Assumptions.
func certaintyOf(a *AttackWindow) (Severity, float64) {
	severity, score := Medium, scoreAttack
	if a.Wide() {
		score = scoreWide
	}
	if a.Slow {
		score = scoreSlow
	}
	if a.Kind == Enumeration {
		severity = Low // nobody's password was in play
	}
	return severity, score
}

const (
	scoreWide = 0.8
	scoreSlow = 0.7
)

// Findings lists one finding per attack, about the source itself, by time and
// source. They name no person, and up to twenty refused tries against different
// people as events. Valid after Seal.
func (n *Networks) Findings() []Finding {
	var out []Finding
	for i := range n.Attacks() {
		a := &n.windows[i]
		s := Sink{}
		s.evidence().text("what", attackWords(a))
		attackFacts(&s, a)
		next := "list the accepted sign-ins from the source; block it where none of your people works from there"
		if a.Accepted == 0 {
			next = "nobody got in from it on those days; block it, and look out for it (hostile-source)"
		}
		s.text("next_step", next)
		f := Finding{
			Detector: a.Kind.String(), Time: a.From, Window: a,
			Subject: a.Examples[0], Events: a.Examples, Evidence: s.takeEvidence(), Attack: true,
		}
		f.Severity, f.Score = certaintyOf(a)
		if a.Trusted {
			f.Suppressed, f.Attack = "org: trusted location", false
		}
		out = append(out, f)
	}
	return out
}
