package risk

import "frisk/internal/signin"

var _ = register(Detector{
	Name: "mfa-fatigue",
	Doc: "a series of refused or unanswered prompts within minutes, worst when an approval follows; or as many over days for sign-ins " +
		"with nothing of the person's",
	Needs:      "results of second-factor prompts (denied, timed out, reported)",
	Quiet:      "where the log does not tell denials from other failures, nothing is said",
	Techniques: []string{"T1621"},
	Origin:     "Elastic (5 denials in 10 min before a success), splunk/security_content (10 denied in 10 min), Sentinel; reference, detection 3",
	Scope:      ScopePerson,
	Need:       usualNeed().Or(promptNeed()).Or(signin.NeedDims(signin.DimNetwork, signin.DimNamedLocations)),
	New:        func(e *Env) Watcher { return &fatigue{env: e, cfg: &e.Config} },
})

// fatigue keeps the refused prompts of the last minutes, and of the last days those
// that were not for anything of the person's: an attacker who asks once an hour is
// below every published threshold, and knows the password all the same. Reference,
// detection 3 (mfa-fatigue) names the public thresholds.
type fatigue struct {
	env     *Env
	cfg     *Config
	denials []refused
	slow    []refused // strange ones, of days
	told    signin.Time
	rows    []int
}

func (w *fatigue) Begin() { w.denials, w.slow, w.told = w.denials[:0], w.slow[:0], 0 }

func (w *fatigue) Observe(v *View, s *Sink) {
	if !v.Accepted {
		return
	}
	r := v.Row
	denied := w.env.refusedPrompt(r)
	if n := len(w.denials); n > 0 && r.Time-s.rows[w.denials[n-1].row].Time > minutes(w.cfg.FatigueMinutes) {
		w.close(s)
	}
	switch {
	case denied:
		d := refused{v.Index, w.theirs(v), v.Again}
		w.denials = append(w.denials, d)
		if strange(v) && v.addr.net != 0 {
			w.slowly(s, d)
		}
	case r.Outcome() == signin.Success && r.MFA() == signin.MFADone && len(w.denials) > 0:
		w.approved(v, s)
	}
}

// theirs reports that a refused prompt was most likely for the person: on a device
// of theirs, or left unanswered on a network of theirs, where the phone is in
// another room. Nobody declines a prompt they asked for.
func (w *fatigue) theirs(v *View) bool {
	r := v.Row
	return v.Device == Known || r.Compliant() == signin.True ||
		v.Network == Known && r.Reason() != signin.MFADenied && r.Reason() != signin.MFAFraud
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
	quiet := v.Network == Known && familiarRows(in) // unanswered at home, then answered
	s.evidence().text("what", "approved after refused prompts").
		num("refused_prompts", float64(tries(in))).
		text("first_prompt", s.rows[in[0].row].Time.String()).
		text("approved_at", v.Row.Time.String()).
		source(v.Index).text("device", deviceWord(v)).
		usual(in[0].row).after(v.Index)
	f := Finding{Detector: "mfa-fatigue", Severity: High, Score: scoreFatigue, Bits: w.cfg.BitsFatigue, Attack: true}
	switch {
	case own:
		f.Suppressed = "user: approved for the person's own device"
	case quiet:
		f.Suppressed = "user: unanswered and then approved on the person's own network"
	}
	rows := w.list(in)
	f.Events = s.refsOf(append(rows, v.Index)...)
	w.label(s, s.raise(f, FamilyCredential, v.Index), rows)
	w.denials, w.told = w.denials[:0], v.Row.Time
}

// close judges a series no approval ended.
func (w *fatigue) close(s *Sink) {
	defer func() { w.denials = w.denials[:0] }()
	if tries(w.denials) < int(w.cfg.FatigueAlone) || !w.dense(s) {
		return
	}
	f := Finding{Detector: "mfa-fatigue", Severity: Medium, Score: scoreFatigue, Attack: true}
	if familiarRows(w.denials) {
		f.Suppressed = "user: mostly prompts of the person's own device or network"
	}
	w.refusals(s, "refused prompts without approval", f, w.denials)
	w.told = s.rows[w.denials[len(w.denials)-1].row].Time
}

// slowly counts strange refused prompts over days. What a burst reported is not
// told again, and of a series that goes on one finding a window.
func (w *fatigue) slowly(s *Sink, d refused) {
	now, span := s.rows[d.row].Time, hours(24*w.cfg.FatigueSlowDays)
	k := 0
	for k < len(w.slow) && now-s.rows[w.slow[k].row].Time > span {
		k++
	}
	if k > 0 {
		w.slow = append(w.slow[:0], w.slow[k:]...)
	}
	w.slow = append(w.slow, d)
	if n := 4*int(w.cfg.FatigueSlow) + 64; len(w.slow) > n { // enough to judge by, whatever an attacker does
		w.slow = append(w.slow[:0], w.slow[len(w.slow)-n:]...)
	}
	if len(w.denials) > 1 || tries(w.slow) < int(w.cfg.FatigueSlow) {
		return // of a series of minutes the first prompt decides; the rest of it is the series' own matter
	}
	first := s.rows[w.slow[0].row].Time
	if w.told == 0 || w.told < first {
		f := Finding{Detector: "mfa-fatigue", Severity: Medium, Score: scoreSlowPrompts, Attack: true}
		w.refusals(s, "refused prompts over days for sign-ins with nothing of the person's", f, w.slow)
		w.told = now
	}
}

// refusals raises f about prompts that were all refused.
func (w *fatigue) refusals(s *Sink, what string, f Finding, in []refused) {
	first, last := in[0].row, in[len(in)-1].row
	s.evidence().text("what", what).
		num("refused_prompts", float64(tries(in))).
		num("rows_from_something_of_theirs", float64(ownRows(in))).
		text("first_prompt", s.rows[first].Time.String()).
		text("last_prompt", s.rows[last].Time.String()).
		num("minutes", float64(s.rows[last].Time-s.rows[first].Time)/float64(signin.Minute)).
		source(first).usual(first).after(last)
	rows := w.list(in)
	f.Events = s.refsOf(rows...)
	w.label(s, s.raise(f, FamilyCredential, first), rows)
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

// Certainty. Assumptions: people do not refuse their own prompts five times in ten
// minutes, and over days hardly ten times on a machine and network never seen.
const (
	scoreFatigue     = 0.85
	scoreSlowPrompts = 0.6
)
