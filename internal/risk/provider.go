package risk

import "frisk/internal/signin"

var _ = register(Detector{
	Name: "provider-risk",
	Doc: "the identity provider rated the sign-in risky or named what is wrong with it, or an administrator confirmed it compromised; " +
		"one confirmed safe is taken off the attack list",
	Needs:      "risk level, state or events in the log (Entra ID P2, Okta risk and behaviours, Google is_suspicious, Duo and Auth0 assessments)",
	Quiet:      "none, hidden and absent are silent: hidden means that the licence does not show it, not that there is none; event names nobody documented are shown and not weighed",
	Techniques: []string{"T1078.004"},
	Origin:     "Microsoft Learn, Entra ID Protection risk detections; Okta and Google login events; reference, detection 3",
	Scope:      ScopePerson,
	Need: usualNeed().Or(signin.NeedDims(signin.DimRiskLevel, signin.DimRiskAggregate, signin.DimRiskState,
		signin.DimRiskDetail, signin.DimRiskEvents)),
	New: func(e *Env) Watcher {
		w := &provider{env: e}
		w.level.of, w.state.of, w.events.of = levelOf, stateOf, eventsOf
		return w
	},
})

// riskLevel orders the provider's levels; 0 is nothing said.
type riskLevel uint8

const (
	levelNone riskLevel = iota
	levelLow
	levelMedium
	levelHigh
	levelCertain // no provider's word: see riskEvents
)

// levelOf reads Graph riskLevel and Okta's upper-case words. Words nobody
// documented count as nothing said.
func levelOf(s string) riskLevel {
	switch foldASCII(s) {
	case "low":
		return levelLow
	case "medium":
		return levelMedium
	case "high":
		return levelHigh
	}
	return levelNone
}

// riskState is what somebody decided afterwards (Graph riskState).
type riskState uint8

const (
	stateOther       riskState = iota // none, atRisk, unknownFutureValue, absent
	stateCompromised                  // confirmedCompromised
	stateSafe                         // confirmedSafe
	stateDismissed                    // dismissed by an administrator, or remediated by the person
)

func stateOf(s string) riskState {
	switch foldASCII(s) {
	case "confirmedcompromised":
		return stateCompromised
	case "confirmedsafe":
		return stateSafe
	case "dismissed", "remediated":
		return stateDismissed
	}
	return stateOther
}

func foldASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 32
		}
	}
	return string(b)
}

// provider takes over what the identity provider said. The score uses only the
// level during the sign-in, which was known then, whatever was decided later; the
// aggregate, the state and the named events, which most detections add hours later,
// are accounting.
type provider struct {
	env    *Env
	level  byCode[riskLevel]
	state  byCode[riskState]
	events byCode[spoken]
	told   stories
}

func (w *provider) Begin()      { w.told.begin() }
func (w *provider) End(s *Sink) { w.told.end(s) }

func (w *provider) Observe(v *View, s *Sink) {
	r := v.Row
	c := &r.C
	if c[signin.DimRiskLevel]|c[signin.DimRiskAggregate]|c[signin.DimRiskState]|c[signin.DimRiskEvents] == 0 {
		return
	}
	sym := w.env.Symbols
	during := w.level.get(sym[signin.DimRiskLevel], c[signin.DimRiskLevel])
	state := w.state.get(sym[signin.DimRiskState], c[signin.DimRiskState])
	after := levelNone
	if c[signin.DimRiskAggregate] != 0 {
		after = levelOf(sym.Text(r, signin.DimRiskAggregate))
	}
	if state == stateSafe {
		s.clear(v.Index)
	}
	if during != levelNone {
		s.weigh(FamilyProvider, w.bits(during))
		if during == levelHigh {
			s.skip = true
			s.hold(v.Index)
		}
	}
	if e := c[signin.DimRiskEvents]; e != 0 {
		if said := w.events.ref(sym[signin.DimRiskEvents], e); said.level == levelCertain || during|after == levelNone {
			after = max(after, said.level)
		}
	}
	if during == levelNone && after == levelNone && state != stateCompromised {
		return
	}
	w.report(v, s, during, max(during, after), state)
}

// bits is the evidence of a level during the sign-in.
func (w *provider) bits(l riskLevel) float64 {
	c := &w.env.Config
	return [...]float64{0, c.BitsProviderLow, c.BitsProviderMedium, c.BitsProviderHigh}[l]
}

func (w *provider) report(v *View, s *Sink, during, worst riskLevel, state riskState) {
	key := uint64(during) | uint64(worst)<<4 | uint64(state)<<8
	if w.told.more(s, key, FamilyProvider, 0, signin.Day) {
		return
	}
	f := Finding{Detector: "provider-risk", Attack: true}
	f.Severity = [...]Severity{Info, Info, Low, Medium, High}[worst]
	f.Score = [...]float64{0, scoreProviderLow, scoreProviderMedium, scoreProviderHigh, scoreProviderCertain}[worst]
	switch state {
	case stateCompromised:
		f.Severity, f.Score = High, 1
	case stateSafe:
		f.Suppressed = "system: confirmed safe by an administrator"
	case stateDismissed:
		f.Suppressed = "system: dismissed or remediated at the provider"
	}
	sym, r := w.env.Symbols, v.Row
	s.evidence().text("what", "the identity provider's own verdict").text("level_during_sign_in", sym.Text(r, signin.DimRiskLevel)).
		text("level_aggregate", sym.Text(r, signin.DimRiskAggregate)).
		text("state", sym.Text(r, signin.DimRiskState)).
		text("detail", sym.Text(r, signin.DimRiskDetail)).
		text("events", eventText(sym.Text(r, signin.DimRiskEvents)))
	if e := r.C[signin.DimRiskEvents]; e != 0 {
		s.text("which_means", w.events.ref(sym[signin.DimRiskEvents], e).means)
	}
	w.env.regard(v, s.profile)
	s.source(v.Index).text("device", deviceWord(v)).text("network_familiar", v.Network.String()).
		text("stopped_by", stopped(r)).
		usual(v.Index).after(v.Index).
		num("further_sign_ins", 0)
	idx := s.raise(f, FamilyProvider, v.Index)
	s.findings[idx].Bits = w.bits(during)
	w.told.start(s, key, idx, signin.Day)
}

// Certainty by level. Assumption, after Microsoft's wording that high is
// confidence that the account is compromised, and low unusual only.
const (
	scoreProviderLow    = 0.1
	scoreProviderMedium = 0.3
	scoreProviderHigh   = 0.6
	// after an event that names a known actor or a confirmed attack
	scoreProviderCertain = 0.8
)
