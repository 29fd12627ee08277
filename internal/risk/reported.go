package risk

import (
	"strings"

	"frisk/internal/signin"
)

var _ = register(Detector{
	Name: "user-reported",
	Doc: "the person said that a prompt or a sign-in was not theirs; the refused prompts that led up to it from the same network " +
		"belong to it",
	Needs: "fraud reports in the results of prompts (Entra 500121 with a fraud text, Duo user_marked_fraud), " +
		"userReportedSuspiciousActivity among the risk events, or Okta's report_suspicious_activity_by_enduser",
	Quiet:      "without them nothing is said. Okta's report names an address and a transaction: where no earlier row has either, the report stands alone. Google's logs have none",
	Techniques: []string{"T1621", "T1078.004"},
	Origin:     "Entra userReportedSuspiciousActivity (Microsoft Learn, risk detections; report suspicious activity); reference, detection 3",
	Scope:      ScopePerson,
	Need: func() signin.Need {
		n := usualNeed().Or(promptNeed()).Or(signin.NeedDims(signin.DimRiskEvents))
		n.IDs[signin.IDCorrelation], n.IDs[signin.IDOriginal] = true, true
		return n
	}(),
	New: func(e *Env) Watcher {
		w := &reported{env: e}
		w.event.of = func(l string) bool {
			return strings.Contains(foldASCII(l), "userreportedsuspiciousactivity") || strings.Contains(foldASCII(l), "user_marked_fraud")
		}
		return w
	},
})

// reported takes the person's own word: the strongest evidence there is about the
// sign-in that asked, which a report of a prompt also stopped. A risk event is
// written afterwards, so it makes a finding and no score.
type reported struct {
	env     *Env
	event   byCode[bool]
	denials []refused // prompts refused in the last minutes, each within the window of the next
	rows    []int
	told    stories
}

func (w *reported) Begin()      { w.denials = w.denials[:0]; w.told.begin() }
func (w *reported) End(s *Sink) { w.told.end(s) }

func (w *reported) Observe(v *View, s *Sink) {
	r := v.Row
	if e := r.C[signin.DimRiskEvents]; e != 0 && r.Reason() != signin.MFAFraud && personal(r) &&
		w.event.get(w.env.Symbols[signin.DimRiskEvents], e) {
		w.byEvent(v, s)
	}
	if !v.Accepted || !w.env.refusedPrompt(r) {
		return
	}
	if n := len(w.denials); n > 0 && r.Time-s.rows[w.denials[n-1].row].Time > minutes(w.env.Config.FatigueMinutes) {
		w.denials = w.denials[:0]
	}
	if r.Reason() == signin.MFAFraud && !v.Again {
		w.prompt(v, s)
	}
	w.denials = append(w.denials, refused{v.Index, v.Device == Known || r.Compliant() == signin.True, v.Again})
}

// prompt is the report of a prompt.
func (w *reported) prompt(v *View, s *Sink) {
	f := Finding{Detector: "user-reported", Severity: High, Score: scoreReported, Bits: w.env.Config.BitsReported, Attack: true}
	in := w.leadUp(v, s)
	s.evidence().text("what", "person reported the prompt as fraud")
	if len(in) > 0 {
		s.num("refused_prompts_before", float64(tries(in))).text("first_prompt", s.rows[in[0].row].Time.String())
	}
	s.source(v.Index).text("device", deviceWord(v)).text("asked_for", w.env.Symbols.Text(v.Row, signin.DimAppName)).
		usual(v.Index).after(v.Index)
	w.rows = w.rows[:0]
	for _, d := range in {
		w.rows = append(w.rows, d.row)
	}
	f.Events = s.refsOf(append(w.rows, v.Index)...)
	idx := s.raise(f, FamilyCredential, v.Index)
	if s.findings[idx].Attack {
		for _, i := range w.rows {
			s.label(i)
			s.hold(i) // prompts of the person's own, all in the past
		}
	}
}

// leadUp is the refused prompts before v, each within the window of the next,
// that came from v's network on no device of the person.
func (w *reported) leadUp(v *View, s *Sink) []refused {
	if v.addr.net == 0 {
		return nil
	}
	var in []refused
	for _, d := range w.denials {
		if !d.own && w.env.addr(&s.rows[d.row]).net == v.addr.net {
			in = append(in, d)
		}
	}
	return in
}

// byEvent is the provider's note that the person reported the sign-in.
func (w *reported) byEvent(v *View, s *Sink) {
	key := uint64(v.addr.net)
	if w.told.more(s, key, FamilyCredential, 0, signin.Day) {
		return
	}
	sym, r := w.env.Symbols, v.Row
	f := Finding{Detector: "user-reported", Severity: High, Score: scoreReported, Attack: true}
	switch stateOf(sym.Text(r, signin.DimRiskState)) {
	case stateSafe:
		f.Suppressed = "system: confirmed safe by an administrator"
	case stateDismissed:
		f.Suppressed = "system: dismissed or remediated at the provider"
	}
	s.evidence().text("what", "provider notes that the person reported suspicious activity").
		text("events", eventText(sym.Text(r, signin.DimRiskEvents)))
	about := v.Index
	if r.Outcome() == signin.OutcomeUnknown {
		about = w.meant(v, s)
	}
	switch {
	case about < 0:
		about = v.Index
		s.text("about", "no sign-in of this log has the address or the transaction reported").source(about).usual(about)
	case about < v.Index:
		s.text("reported_at", r.Time.String()).source(about).text("stopped_by", stopped(&s.rows[about])).usual(about).after(about)
		f.Events = s.refsOf(about, v.Index)
	default:
		s.source(about).text("device", deviceWord(v)).text("stopped_by", stopped(r)).usual(about).after(about)
	}
	s.num("further_sign_ins", 0)
	w.told.start(s, key, s.raise(f, FamilyCredential, about), signin.Day)
}

// reportedRows is how many earlier rows are looked through for the one reported.
const reportedRows = 1000

// meant is the row that a report without a sign-in of its own speaks of: the last one
// that let the person in with the same transaction, or else from the same address;
// -1 for none.
func (w *reported) meant(v *View, s *Sink) int {
	r, same := v.Row, -1
	for i := v.Index - 1; i >= max(0, v.Index-reportedRows); i-- {
		o := &s.rows[i]
		switch {
		case !accepted(o):
		case r.Original != 0 && o.Correlation == r.Original:
			return i
		case same < 0 && r.C[signin.DimIP] != 0 && o.C[signin.DimIP] == r.C[signin.DimIP]:
			same = i
		}
	}
	return same
}

// scoreReported is an assumption: some report their own forgotten phone.
const scoreReported = 0.9
