package risk

import "frisk/internal/signin"

var _ = register(Detector{
	Name:       "hostile-source",
	Doc:        "a sign-in accepted from an address or network that attacked this organisation on an earlier day",
	Needs:      "what password-spray and brute-force need",
	Quiet:      "without attacks in the log, nothing is said; addresses hostile to others are not known. After an attack by operator or user agent only the addresses it used are suspect",
	Techniques: []string{"T1078.004", "T1110"},
	Origin:     "Entra maliciousIPAddress and Okta ThreatInsight, from the organisation's own log; reference, detection 3",
	Scope:      ScopeNetwork,
	Need:       NetworksNeed().Or(usualNeed()),
	New:        func(e *Env) Watcher { return &hostile{env: e} },
})

// hostile is the offline cousin of Entra's maliciousIPAddress and Okta's
// ThreatInsight, from the organisation's own log only (reference, detection 3).
type hostile struct {
	env  *Env
	told stories
}

func (w *hostile) Begin()      { w.told.begin() }
func (w *hostile) End(s *Sink) { w.told.end(s) }

func (w *hostile) Observe(v *View, s *Sink) {
	if !v.Entered || len(v.addr.windows) == 0 {
		return
	}
	t := v.Row.Time
	for _, a := range v.addr.windows {
		if a.Trusted || t < a.Known || t > a.Until+hours(24*w.env.Config.HostileDays) {
			continue
		}
		w.report(v, s, a)
		return
	}
}

func (w *hostile) report(v *View, s *Sink, a *AttackWindow) {
	c := &w.env.Config
	key := uint64(v.addr.net)<<1 | uint64(btoi(own(v))) //nolint:gosec // 0 or 1
	if w.told.more(s, key, FamilySource, c.BitsHostile, signin.Day) {
		return
	}
	f := Finding{Detector: "hostile-source", Severity: Medium, Score: scoreHostile, Bits: c.BitsHostile, Attack: true, Window: a}
	if own(v) {
		f.Suppressed = "user: own device or network"
	}
	s.evidence().
		text("what", "accepted sign-in from a source that attacked this organisation before ("+a.Kind.String()+")").
		num("days_since_the_attack", float64(v.Row.Time-a.Until)/float64(signin.Day)).
		source(v.Index).
		text("device", deviceWord(v)).text("stopped_by", stopped(v.Row)).
		usual(v.Index).after(v.Index)
	attackFacts(s, a)
	s.text("next_step", afterSuccess(v.Row)).
		num("further_sign_ins", 0)
	w.told.start(s, key, s.raise(f, FamilySource, v.Index), signin.Day)
}

// scoreHostile is an assumption: addresses change hands within days.
const scoreHostile = 0.6
