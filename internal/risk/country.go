package risk

import "frisk/internal/signin"

var _ = register(Detector{
	Name:       "new-country",
	Doc:        "the first accepted sign-in of a person from a country; only noted (info) where several colleagues were there before",
	Needs:      "country and result of interactive sign-ins",
	Quiet:      "a row without country is left out; so is everybody with too little history",
	Techniques: []string{"T1078.004"},
	Origin:     "Defender for Cloud Apps newCountry, Okta New Country; reference, detection 3: lower if common in the tenant",
	Scope:      ScopePerson,
	Need:       usualNeed().Or(signin.NeedDims(signin.DimCountry, signin.DimIP, signin.DimNetwork, signin.DimDevice)),
	Surveys:    []string{"country-crowd"},
	New:        func(e *Env) Watcher { return &country{env: e, crowd: surveyOf[*countrySurvey](e.Networks)} },
})

// country remembers when a person was last in each country. Networks that do
// not locate teach and say nothing; sign-ins that something stopped teach nothing
// either, so that somebody who only has the password stays new.
type country struct {
	env    *Env
	crowd  *countrySurvey
	seen   familiar
	person uint32
	first  signin.Time
	count  int
	told   stories
}

func (w *country) Begin() {
	w.person, w.first, w.count = w.person+1, 0, 0
	w.told.begin()
}

func (w *country) End(s *Sink) { w.told.end(s) }

func (w *country) Observe(v *View, s *Sink) {
	c := uint32(v.Row.C[signin.DimCountry])
	if !v.Accepted || c == 0 || v.Class&NonLocating != 0 {
		return
	}
	cfg := &w.env.Config
	t := v.Row.Time
	tr := w.seen.at(c)
	d := day(t)
	isNew := tr.person != w.person || d-tr.lastDay > int32(cfg.FamiliarWindowDays)
	learned := float64(w.count) >= cfg.CountryLearnSignIns || t-w.first >= hours(24*cfg.CountryLearnDays)
	if isNew && learned && w.count > 0 {
		w.report(v, s)
	}
	if v.Row.Outcome() != signin.Success {
		return
	}
	if w.count == 0 {
		w.first = t
	}
	w.count++
	*tr = trace{person: w.person, lastDay: d}
}

func (w *country) report(v *View, s *Sink) {
	cfg, sym := &w.env.Config, w.env.Symbols
	f := Finding{Detector: "new-country", Severity: Low, Score: scoreNewCountry, Bits: cfg.BitsCountry, Attack: true}
	others, known := w.crowd.before(sym.Text(v.Row, signin.DimCountry), day(v.Row.Time))
	if float64(others) >= cfg.CountryCommon {
		f.Severity, f.Score, f.Bits = Info, scoreCommonCountry, cfg.BitsCountry/2
	}
	if v.Device == Known || v.Row.Compliant() == signin.True {
		f.Suppressed = "user: own device"
	}
	key := uint64(v.Row.C[signin.DimCountry])<<1 | uint64(btoi(f.Suppressed != "")) //nolint:gosec // 0 or 1
	bits := f.Bits
	if f.Suppressed != "" {
		bits = 0
	}
	if w.told.more(s, key, FamilyPlace, bits, signin.Day) {
		return
	}
	s.evidence().text("what", "first accepted sign-in from this country").source(v.Index).
		num("sign_ins_before", float64(w.count)).text("history_since", w.first.String())
	if known {
		s.num("people_there_before", float64(others))
	}
	s.text("device", deviceWord(v)).text("stopped_by", stopped(v.Row)).
		usual(v.Index).after(v.Index).
		num("further_sign_ins", 0)
	w.told.start(s, key, s.raise(f, FamilyPlace, v.Index), signin.Day)
}

// Certainty. Assumptions: most are journeys. Below the attack threshold, so that
// nobody's holiday is taken out of friction.
const (
	scoreNewCountry    = 0.15
	scoreCommonCountry = 0.08
)
