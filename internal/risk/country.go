package risk

import "frisk/internal/signin"

var _ = register(Detector{
	Name:  "new-country",
	Doc:   "the first accepted sign-in of a person from a country",
	Needs: "country and result of interactive sign-ins",
	Quiet: "a row without country is left out; so is everybody with too little history",
	Scope: ScopePerson,
	Need:  signin.NeedDims(signin.DimCountry, signin.DimIP, signin.DimNetwork, signin.DimDevice),
	New:   func(e *Env) Watcher { return &country{env: e} },
})

// country remembers when a person was last in each country. Networks that do
// not locate teach and say nothing.
type country struct {
	env    *Env
	seen   familiar
	person uint32
	first  signin.Time
	count  int
}

func (w *country) Begin() { w.person, w.first, w.count = w.person+1, 0, 0 }

func (w *country) End(*Sink) {}

func (w *country) Observe(v *View, s *Sink) {
	c := uint32(v.Row.C[signin.DimCountry])
	if !v.Accepted || c == 0 || v.Class&NonLocating != 0 {
		return
	}
	cfg := &w.env.Config
	if w.count == 0 {
		w.first = v.Row.Time
	}
	tr := w.seen.at(c)
	d := day(v.Row.Time)
	isNew := tr.person != w.person || d-tr.lastDay > int32(cfg.FamiliarWindowDays)
	learned := float64(w.count) >= cfg.CountryLearnSignIns || v.Row.Time-w.first >= hours(24*cfg.CountryLearnDays)
	if isNew && learned && w.count > 0 {
		w.report(v, s)
	}
	w.count++
	*tr = trace{person: w.person, lastDay: d}
}

func (w *country) report(v *View, s *Sink) {
	f := Finding{Detector: "new-country", Severity: Low, Score: scoreNewCountry, Bits: w.env.Config.BitsCountry, Attack: true}
	if v.Device == Known || v.Row.Compliant() == signin.True {
		f.Suppressed = "user: own device"
	}
	s.evidence().text("country", w.env.Symbols.Text(v.Row, signin.DimCountry)).
		num("sign_ins_before", float64(w.count)).text("history_since", w.first.String()).
		text("ip", w.env.Symbols.Text(v.Row, signin.DimIP)).text("network", asnText(v.Row.ASN)).
		text("device", deviceWord(v)).text("stopped_by", stopped(v.Row))
	s.raise(f, FamilyPlace, v.Index)
}

// scoreNewCountry is an assumption: most are journeys. Below the attack
// threshold, so that nobody's holiday is taken out of friction.
const scoreNewCountry = 0.15
