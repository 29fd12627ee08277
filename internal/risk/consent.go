package risk

import (
	"frisk/internal/signin"
)

var _ = register(Detector{
	Name: "consent-phishing",
	Doc: "the person was asked to let an app new to the organisation act for them: medium when they did so with nothing of theirs about " +
		"the sign-in, low otherwise; info when it was refused or needs an administrator",
	Needs:      "consent results (Entra 65001, 65004, 90094, 90095) with the app's id, and sign-ins of everybody to tell new apps",
	Quiet:      "the sign-in log does not tell what the app may do, nor that consent was given; a success of the same app just after stands for it. Without app ids, and in the first week of the log, nothing is said",
	Techniques: []string{"T1528", "T1566.002"},
	Origin:     "Microsoft Learn, detect and remediate illicit consent grants; Entra error codes 65001, 65004, 90094; reference, detection 3",
	Scope:      ScopeNetwork,
	Need:       usualNeed().Or(signin.NeedDims(signin.DimApp, signin.DimNetwork, signin.DimNamedLocations, signin.DimProvider, signin.DimTenant)),
	Surveys:    []string{"consent-apps"},
	New:        func(e *Env) Watcher { return &consent{env: e, apps: surveyOf[*appSurvey](e.Networks)} },
})

// consent watches the questions and what followed. A consent that was given is
// only to be seen in the success of the same app minutes later; the grant itself is
// in the audit log, which tells more (permissions, publisher).
type consent struct {
	env  *Env
	apps *appSurvey
	open []question
	told stories
}

// question is a consent asked for lately.
type question struct {
	app     signin.Code
	row     int
	strange bool
}

func (w *consent) Begin()      { w.open = w.open[:0]; w.told.begin() }
func (w *consent) End(s *Sink) { w.told.end(s) }

func (w *consent) Observe(v *View, s *Sink) {
	r := v.Row
	app := r.C[signin.DimApp]
	if app == 0 || !v.Entered || w.apps == nil {
		return
	}
	if r.Reason() == signin.Consent {
		w.asked(v, s)
		return
	}
	if len(w.open) > 0 && r.Outcome() == signin.Success {
		w.given(v, s, app)
	}
}

// asked takes a question. Apps that people of the organisation have used for long
// are let be: they ask again whenever they want one permission more. So are all in
// the first days of the log, when every app looks new.
func (w *consent) asked(v *View, s *Sink) {
	r := v.Row
	w.env.regard(v, s.profile)
	first, asked := w.apps.known(w.env.Symbols, r)
	if d := int32(w.env.Config.ConsentNewAppDays); day(r.Time)-w.apps.from < d || first != 0 && day(r.Time)-first >= d {
		return
	}
	odd := strange(v) && v.addr.net != 0
	f := Finding{Detector: "consent-phishing", Severity: Info, Score: scoreConsentAsked}
	if odd {
		f.Severity = Low
	}
	key := uint64(r.C[signin.DimApp])<<1 | uint64(btoi(odd)) //nolint:gosec // 0 or 1
	if !w.answered(v.Index, s) && !w.told.more(s, key, FamilyCredential, 0, signin.Day) {
		what := "person was asked to let an app new to the organisation act for them"
		if r.Outcome() == signin.Failure {
			what = "person refused to let an app new to the organisation act for them"
		}
		w.facts(v.Index, s, what, asked)
		w.told.start(s, key, s.raise(f, FamilyCredential, v.Index), signin.Day)
	}
	if len(w.open) < 8 {
		w.open = append(w.open, question{r.C[signin.DimApp], v.Index, odd})
	}
}

// answered reports that the person went on to the app, which is told then, with
// the question.
func (w *consent) answered(at int, s *Sink) bool {
	q, reach := &s.rows[at], minutes(w.env.Config.ConsentFollowMin)
	for i := at + 1; i < len(s.rows) && s.rows[i].Time-q.Time <= reach; i++ {
		r := &s.rows[i]
		if r.C[signin.DimApp] == q.C[signin.DimApp] && r.Outcome() == signin.Success && personal(r) {
			return true
		}
	}
	return false
}

// given takes a success of an app just asked for.
func (w *consent) given(v *View, s *Sink, app signin.Code) {
	r, cfg := v.Row, &w.env.Config
	kept := w.open[:0]
	for _, q := range w.open {
		if r.Time-s.rows[q.row].Time > minutes(cfg.ConsentFollowMin) {
			continue
		}
		if q.app != app {
			kept = append(kept, q)
			continue
		}
		f := Finding{Detector: "consent-phishing", Severity: Low, Score: scoreConsentGiven}
		what := "person signed in to an app new to the organisation after it asked to act for them"
		if q.strange {
			f.Severity, f.Score, f.Bits = Medium, scoreConsentStrange, cfg.BitsConsent
			what += ", with nothing of theirs about it"
		}
		_, asked := w.apps.known(w.env.Symbols, r)
		w.facts(q.row, s, what, asked)
		f.Events = s.refsOf(q.row, v.Index)
		s.raise(f, FamilyCredential, v.Index)
	}
	w.open = kept
}

func (w *consent) facts(at int, s *Sink, what string, asked int) {
	sym, r := w.env.Symbols, &s.rows[at]
	s.evidence().text("what", what).text("app", sym.Text(r, signin.DimAppName)).text("app_id", sym.Text(r, signin.DimApp)).
		text("asked_at", r.Time.String())
	s.num("people_asked_on_earlier_days", float64(asked)).source(at).usual(at).after(at).num(furtherSignIns, 0)
}

// Certainty. Assumptions: most new apps are honest and most questions are tired of.
const (
	scoreConsentAsked   = 0.05
	scoreConsentGiven   = 0.15
	scoreConsentStrange = 0.4
)
