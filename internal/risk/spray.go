package risk

import "frisk/internal/signin"

var _ = register(Detector{
	Name: "password-spray",
	Doc: "one source tries few passwords on many people; and a sign-in accepted from such a source " +
		"on a device and network strange to the person",
	Needs: "source address, person and result of refused and accepted sign-ins of everybody (Networks)",
	Quiet: "a row without address is left out; a log of successes only shows no sprays",
	Scope: ScopeNetwork,
	Need:  NetworksNeed(),
	New:   func(e *Env) Watcher { return newSourceWatcher(e, Spray) },
})

// sourceWatcher labels the rows of attacks that Networks found and looks for
// what they won. It serves both kinds of attack.
type sourceWatcher struct {
	env   *Env
	kind  AttackKind
	told  stories
	tried map[*AttackWindow]int // own refused tries per attack
}

func newSourceWatcher(e *Env, k AttackKind) *sourceWatcher {
	return &sourceWatcher{env: e, kind: k, tried: map[*AttackWindow]int{}}
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
	for i, a := range v.addr.windows {
		if a.Kind != w.kind || v.Row.Time < a.From || own(v) {
			continue
		}
		switch {
		case v.Failed && v.Row.Time <= a.Until:
			w.tried[a] += btoi(!v.Again)
			if !a.Trusted {
				s.label(v.Index)
			}
		case v.Entered && v.Row.Time <= a.Until+hours(w.env.Config.SprayAfterHours):
			// Familiarity takes a day to form; by then the attack is known.
			s.skip = s.skip || !a.Trusted && a.Known <= v.Row.Time+signin.Day
			w.won(v, s, a, uint64(i)) //nolint:gosec // small
			return
		}
	}
}

// won reports an accepted sign-in from an attacking source. Its bits are 0: on
// the day itself nobody could know the attack as such (see hostile-source for the
// days after).
func (w *sourceWatcher) won(v *View, s *Sink, a *AttackWindow, n uint64) {
	key := uint64(v.addr.net)<<8 | n
	keep := hours(w.env.Config.SprayAfterHours)
	if w.told.more(s, key, FamilyCredential, 0, keep) {
		return
	}
	f := Finding{Detector: w.kind.String(), Severity: High, Score: scoreStrangeSuccess, Attack: true}
	if w.tried[a] > 0 {
		f.Score = scoreTriedSuccess
	}
	if a.Trusted {
		f.Suppressed = "org: trusted location"
	}
	s.evidence().text("what", "accepted sign-in from an attacking source")
	attackFacts(s, a)
	s.num("own_refused_tries", float64(w.tried[a])).
		text("ip", w.env.Symbols.Text(v.Row, signin.DimIP)).
		text("device", deviceWord(v)).
		text("stopped_by", stopped(v.Row)).
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

// attackFacts puts down what an attack did.
func attackFacts(s *Sink, a *AttackWindow) {
	s.text("source", prefixText(a.Source)).
		text("attack_from", a.From.String()).text("attack_until", a.Until.String()).
		num("people_tried", float64(a.Users)).num("tries", float64(a.Tries)).
		num("most_tries_per_person", float64(a.MaxPerUser)).
		num("tries_for_unknown_accounts", float64(a.Unknown)).
		num("addresses", float64(a.Addresses)).
		num("accepted_sign_ins_meanwhile", float64(a.Accepted)).
		share("refused_share", a.FailShare)
}

// Findings lists one finding per attack, about the source itself, by time and
// source. They name no person, and up to twenty refused tries against different
// people as events. Valid after Seal.
func (n *Networks) Findings() []Finding {
	var out []Finding
	for i := range n.Attacks() {
		a := &n.windows[i]
		s := Sink{}
		s.evidence()
		attackFacts(&s, a)
		f := Finding{
			Detector: a.Kind.String(), Severity: Medium, Score: scoreAttack, Time: a.From,
			Subject: a.Examples[0], Events: a.Examples, Evidence: s.takeEvidence(), Attack: true,
		}
		if a.Trusted {
			f.Suppressed, f.Attack = "org: trusted location", false
		}
		out = append(out, f)
	}
	return out
}
