package risk

import (
	"slices"

	"frisk/internal/signin"
)

var _ = registerSurvey("country-crowd", signin.NeedDims(signin.DimCountry),
	func(*Config) Survey { return &countrySurvey{first: map[string]map[uint64]int32{}} })

// countrySurvey knows in which countries the organisation's people have been, from
// sign-ins that let them in. Memory is bounded by people times countries.
type countrySurvey struct {
	first map[string]map[uint64]int32 // country, person: first day
	days  map[string][]int32          // sealed: first days, sorted

	sym    *signin.Symbols
	code   signin.Code // seen last, with
	person uint64
	day    int32
}

// Use implements Survey.
func (c *countrySurvey) Use(sym *signin.Symbols) { c.sym, c.code = sym, 0 }

// Observe implements Survey.
func (c *countrySurvey) Observe(s *Sighting) {
	code, d := s.Row.C[signin.DimCountry], day(s.Row.Time)
	if s.Refused || code == 0 || s.Row.Outcome() != signin.Success || code == c.code && s.Person == c.person && d >= c.day {
		return
	}
	c.code, c.person, c.day = code, s.Person, d
	c.add(c.sym[signin.DimCountry].Text(code), s.Person, d)
}

func (c *countrySurvey) add(country string, person uint64, d int32) {
	m := c.first[country]
	if m == nil {
		m = map[uint64]int32{}
		c.first[country] = m
	}
	if was, ok := m[person]; !ok || d < was {
		m[person] = d
	}
}

// Merge implements Survey.
func (c *countrySurvey) Merge(other Survey) {
	for country, m := range other.(*countrySurvey).first { // each by itself
		for p, d := range m {
			c.add(country, p, d)
		}
	}
}

// Seal implements Survey.
func (c *countrySurvey) Seal() {
	c.days = map[string][]int32{}
	for country, m := range c.first { // each by itself
		days := make([]int32, 0, len(m))
		for _, d := range m {
			days = append(days, d)
		}
		slices.Sort(days)
		c.days[country] = days
	}
	c.first, c.sym = nil, nil
}

// before is how many people were let in from a country before day d; ok is false
// without a first phase.
func (c *countrySurvey) before(country string, d int32) (people int, ok bool) {
	if c == nil {
		return 0, false
	}
	n, _ := slices.BinarySearch(c.days[country], d)
	return n, true
}
