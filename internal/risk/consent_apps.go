package risk

import (
	"frisk/internal/signin"
)

var _ = registerSurvey("consent-apps", signin.NeedDims(signin.DimApp, signin.DimProvider, signin.DimTenant),
	func(*Config) Survey { return &appSurvey{apps: map[appKey]*appSeen{}} })

// appKey names an app of one directory.
type appKey struct{ provider, tenant, app string }

// appSeen is when people were let into an app, and were asked to consent to it.
type appSeen struct {
	first int32            // day of the first success of anybody; 0 = none
	asked map[uint64]int32 // person to the first day they were asked
}

// appSurvey knows since when each app has been in use in the organisation.
type appSurvey struct {
	apps map[appKey]*appSeen
	sym  *signin.Symbols
	memo map[[3]signin.Code]*appSeen
	last [3]signin.Code
	seen *appSeen
	from int32 // first day of anything; in the first days of a log every app looks new
}

// Use implements Survey.
func (a *appSurvey) Use(sym *signin.Symbols) {
	a.sym, a.memo, a.last, a.seen = sym, map[[3]signin.Code]*appSeen{}, [3]signin.Code{}, nil
}

func appOf(sym *signin.Symbols, r *signin.Row) appKey {
	return appKey{sym.Text(r, signin.DimProvider), sym.Text(r, signin.DimTenant), sym.Text(r, signin.DimApp)}
}

// Observe implements Survey.
func (a *appSurvey) Observe(s *Sighting) {
	r := s.Row
	if s.Refused || r.C[signin.DimApp] == 0 {
		return
	}
	code := [3]signin.Code{r.C[signin.DimProvider], r.C[signin.DimTenant], r.C[signin.DimApp]}
	if code != a.last {
		seen, ok := a.memo[code]
		if !ok {
			seen = a.at(appOf(a.sym, r))
			a.memo[code] = seen
		}
		a.last, a.seen = code, seen
	}
	d := day(r.Time)
	if a.from == 0 || d < a.from {
		a.from = d
	}
	switch {
	case r.Outcome() == signin.Success:
		if a.seen.first == 0 || d < a.seen.first {
			a.seen.first = d
		}
	case r.Reason() == signin.Consent:
		a.seen.ask(s.Person, d)
	}
}

func (a *appSurvey) at(k appKey) *appSeen {
	x := a.apps[k]
	if x == nil {
		x = &appSeen{}
		a.apps[k] = x
	}
	return x
}

func (x *appSeen) ask(person uint64, d int32) {
	if x.asked == nil {
		x.asked = map[uint64]int32{}
	}
	if was, ok := x.asked[person]; !ok || d < was {
		x.asked[person] = d
	}
}

// Merge implements Survey.
func (a *appSurvey) Merge(other Survey) {
	b := other.(*appSurvey)
	for k, y := range b.apps { // each by itself
		x := a.at(k)
		if y.first != 0 && (x.first == 0 || y.first < x.first) {
			x.first = y.first
		}
		for p, d := range y.asked {
			x.ask(p, d)
		}
	}
	if b.from != 0 && (a.from == 0 || b.from < a.from) {
		a.from = b.from
	}
}

// Seal implements Survey.
func (a *appSurvey) Seal() { a.memo, a.sym, a.seen = nil, nil, nil }

// known is the day of the first success of anybody in the app of r, when that was
// before the day of r, else 0; and how many people were asked to consent before
// that day.
func (a *appSurvey) known(sym *signin.Symbols, r *signin.Row) (first int32, asked int) {
	x, today := a.apps[appOf(sym, r)], day(r.Time)
	if x == nil {
		return 0, 0
	}
	if x.first != 0 && x.first < today {
		first = x.first
	}
	for _, d := range x.asked { // a count
		asked += btoi(d < today)
	}
	return first, asked
}
