package risk

import "frisk/internal/signin"

var _ = register(Detector{
	Name: "mfa-fatigue",
	Doc: "a series of refused or unanswered prompts, worst when an approval follows; and a prompt the person " +
		"reported as fraud",
	Needs: "results of second-factor prompts (denied, timed out, reported)",
	Quiet: "where the log does not tell denials from other failures, nothing is said",
	Scope: ScopePerson,
	Need:  signin.NeedDims(signin.DimIP),
	New:   func(e *Env) Watcher { return &fatigue{env: e, cfg: &e.Config} },
})

// fatigue keeps the refused prompts of the last minutes. Reference, detection 3
// (mfa-fatigue) names the public thresholds.
type fatigue struct {
	env     *Env
	cfg     *Config
	denials []refused
	rows    []int
}

func (w *fatigue) Begin() { w.denials = w.denials[:0] }

func (w *fatigue) Observe(v *View, s *Sink) {
	if !v.Accepted {
		return
	}
	r := v.Row
	denied := false
	switch {
	case !refusedPrompt(r):
	case r.Reason() == signin.MFAFraud:
		if !v.Again {
			w.fraud(v, s)
		}
		denied = true
	default:
		denied = true
	}
	if n := len(w.denials); n > 0 && r.Time-s.rows[w.denials[n-1].row].Time > minutes(w.cfg.FatigueMinutes) {
		w.close(s)
	}
	switch {
	case denied:
		w.denials = append(w.denials, refused{v.Index, v.Device == Known || r.Compliant() == signin.True, v.Again})
	case r.Outcome() == signin.Success && r.MFA() == signin.MFADone && len(w.denials) > 0:
		w.approved(v, s)
	}
}

// recent is the denials within the window before t.
func (w *fatigue) recent(s *Sink, t signin.Time) []refused {
	k := 0
	for k < len(w.denials) && t-s.rows[w.denials[k].row].Time > minutes(w.cfg.FatigueMinutes) {
		k++
	}
	return w.denials[k:]
}

func (w *fatigue) approved(v *View, s *Sink) {
	in := w.recent(s, v.Row.Time)
	if float64(tries(in)) < w.cfg.FatigueDenials {
		w.close(s)
		return
	}
	own := v.Device == Known || v.Row.Compliant() == signin.True
	s.evidence().text("what", "approved after refused prompts")
	w.facts(v, s, in)
	f := Finding{Detector: "mfa-fatigue", Severity: High, Score: scoreFatigue, Bits: w.cfg.BitsFatigue, Attack: true}
	if own {
		f.Suppressed = "user: approved for the person's own device"
	}
	w.raise(v, s, f, in)
	w.denials = w.denials[:0]
}

// close judges a series no approval ended.
func (w *fatigue) close(s *Sink) {
	defer func() { w.denials = w.denials[:0] }()
	if tries(w.denials) < int(w.cfg.FatigueAlone) || !w.dense(s) {
		return
	}
	first := w.denials[0].row
	s.evidence().text("what", "refused prompts without approval").
		num("refused_prompts", float64(tries(w.denials))).
		text("first_prompt", s.rows[first].Time.String()).
		text("last_prompt", s.rows[w.denials[len(w.denials)-1].row].Time.String()).
		text("ip", w.env.Symbols.Text(&s.rows[first], signin.DimIP))
	f := Finding{Detector: "mfa-fatigue", Severity: Medium, Score: scoreFatigue, Attack: true}
	if familiarRows(w.denials) {
		f.Suppressed = "user: mostly prompts of the person's own device"
	}
	rows := w.list(w.denials)
	f.Events = s.refsOf(rows...)
	idx := s.raise(f, FamilyCredential, first)
	w.label(s, idx, rows)
}

// dense reports that fatigue.alone denials fit into one window.
func (w *fatigue) dense(s *Sink) bool {
	n := int(w.cfg.FatigueAlone)
	first, in := 0, 0 // the window that ends with the denial at hand
	for i := range w.denials {
		in += btoi(!w.denials[i].again)
		for ; in > n || in == n && w.denials[first].again; first++ {
			in -= btoi(!w.denials[first].again)
		}
		if in == n && s.rows[w.denials[i].row].Time-s.rows[w.denials[first].row].Time <= minutes(w.cfg.FatigueMinutes) {
			return true
		}
	}
	return false
}

// fraud is the person's own report: the strongest evidence there is about the
// sign-in that asked, which the report also stopped. The refused prompts that led
// up to it from the same network are part of it.
func (w *fatigue) fraud(v *View, s *Sink) {
	f := Finding{Detector: "mfa-fatigue", Severity: High, Score: scoreFatigue, Bits: w.cfg.BitsFatigue, Attack: true}
	in := w.leadUp(v, s)
	s.evidence().text("what", "person reported the prompt as fraud")
	if len(in) > 0 {
		s.num("refused_prompts_before", float64(tries(in))).text("first_prompt", s.rows[in[0].row].Time.String())
	}
	s.text("ip", w.env.Symbols.Text(v.Row, signin.DimIP)).text("device", deviceWord(v))
	w.raise(v, s, f, in)
}

// leadUp is the refused prompts before v, each within the window of the next,
// that came from v's network on no device of the person.
func (w *fatigue) leadUp(v *View, s *Sink) []refused {
	n := len(w.denials)
	if v.addr.net == 0 || n == 0 || v.Row.Time-s.rows[w.denials[n-1].row].Time > minutes(w.cfg.FatigueMinutes) {
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

func (w *fatigue) facts(v *View, s *Sink, in []refused) {
	s.num("refused_prompts", float64(tries(in))).
		text("first_prompt", s.rows[in[0].row].Time.String()).
		text("approved_at", v.Row.Time.String()).
		text("ip", w.env.Symbols.Text(v.Row, signin.DimIP)).text("device", deviceWord(v))
}

func (w *fatigue) raise(v *View, s *Sink, f Finding, in []refused) {
	rows := w.list(in)
	f.Events = s.refsOf(append(rows, v.Index)...)
	idx := s.raise(f, FamilyCredential, v.Index)
	w.label(s, idx, rows)
}

func (w *fatigue) label(s *Sink, finding int, rows []int) {
	if s.findings[finding].Attack {
		for _, i := range rows {
			s.label(i)
			s.hold(i) // prompts of the person's own, all in the past
		}
	}
}

func (w *fatigue) list(in []refused) []int {
	w.rows = w.rows[:0]
	for _, r := range in {
		w.rows = append(w.rows, r.row)
	}
	return w.rows
}

func (w *fatigue) End(s *Sink) { w.close(s) }

// refusedPrompt reports a second factor that was asked for and refused, let pass
// or reported.
func refusedPrompt(r *signin.Row) bool {
	switch r.Reason() {
	case signin.MFAFraud, signin.MFADenied, signin.MFATimeout:
		return true
	}
	return false
}

// scoreFatigue is an assumption: people do not refuse their own prompts five
// times in ten minutes.
const scoreFatigue = 0.85
