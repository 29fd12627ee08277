package risk

import (
	"math"

	"frisk/internal/signin"
)

// place is where a sign-in came from, as a set of points: a centre and the
// radius (km) of a circle that holds 67 % of the cases.
type place struct {
	lat, lon float64
	radius   float64
	v        vec
	hasVec   bool
	source   radiusSource
}

func (p *place) vec() vec {
	if !p.hasVec {
		p.v, p.hasVec = vecOf(p.lat, p.lon), true
	}
	return p.v
}

// radiusSource says where a radius came from.
type radiusSource uint8

const (
	radiusDatabase radiusSource = iota
	radiusCity
	radiusRegion
	radiusCountry
	radiusOperator
	radiusLearned
)

func (r radiusSource) String() string {
	return [...]string{"stated", "city default", "region default", "country size", "countries the operator was seen in", "learned: the operator does not locate"}[r]
}

// standing is whether a row has a position at all.
type standing uint8

const (
	nowhere   standing = iota // the log did not say
	unbounded                 // the network class does not locate anybody
	somewhere
)

// knowledge says what a position rests on, for evidence.
func (p *place) knowledge(r *signin.Row) string {
	switch {
	case p.source == radiusOperator:
		return "operator (ASN) only"
	case p.source == radiusLearned:
		return "country, from coordinates of a gateway"
	case p.source == radiusCountry && !r.Located:
		return "country only"
	case p.source == radiusCountry:
		return "country, from coordinates of its centre or gateway"
	case p.source == radiusRegion:
		return "region"
	case r.C[signin.DimCity] != 0:
		return "city"
	}
	return "coordinates"
}

// placer turns rows into places. Countries are looked up once per code.
type placer struct {
	env       *Env
	countries byCode[countryArea]
	names     byCode[Class]
	learned   *teleport // nil without a first phase
	// the role asked for last
	lastASN  uint64
	lastDay  int32
	lastRole role
}

func newPlacer(e *Env) placer {
	p := placer{env: e, learned: surveyOf[*teleport](e.Networks)}
	p.countries.of = func(s string) countryArea { return countryAreas[s] }
	p.names.of = nameClass
	return p
}

// role is what was learned before day asOf about the row's operator.
func (pl *placer) role(r *signin.Row, asOf int32) role {
	if r.ASN == 0 || pl.learned == nil {
		return role{}
	}
	key := operatorKey(r.ASN, pl.env.v6(r))
	if key != pl.lastASN || asOf != pl.lastDay {
		pl.lastASN, pl.lastDay, pl.lastRole = key, asOf, pl.learned.role(key, asOf)
	}
	return pl.lastRole
}

// widened adds to the listed classes of a row what its operator's name and the
// lists' knowledge of the rest of the operator say, as far as that widens a position.
func (pl *placer) widened(r *signin.Row, class Class, asOf int32) Class {
	return class | pl.names.get(pl.env.Symbols[signin.DimASNOrg], r.C[signin.DimASNOrg]) | pl.role(r, asOf).class&(Mobile|Satellite)
}

// usPlaceholder is the point MaxMind and others give for "somewhere in the
// United States".
var usPlaceholder = [2]float64{37.751, -97.822}

// place locates a view's row by what was learned up to the day before.
func (pl *placer) place(v *View) (place, standing) { return pl.locate(v.Row, v.Class, day(v.Row.Time)) }

// locate finds a row's place by what was learned before day asOf. A stated radius wins;
// else the finest part of the place that is named decides; a carrier gateway and
// a bare country are as large as the country. Coordinates that cannot be one (out
// of range, 0,0) count as not said. A row that names an operator only is somewhere
// in the one country that operator was seen in.
func (pl *placer) locate(r *signin.Row, class Class, asOf int32) (place, standing) {
	st := somewhere
	class = pl.widened(r, class, asOf)
	if class&NonLocating != 0 {
		st = unbounded
	}
	if !r.Located || !signin.ValidCoordinates(r.Lat, r.Lon) {
		c, source := pl.country(r), radiusCountry
		if c.km2 == 0 && r.C[signin.DimCountry] == 0 {
			c, source = countryAreas[pl.learned.country(r.ASN, asOf)], radiusOperator
		}
		if c.km2 == 0 {
			return place{}, nowhere
		}
		return place{lat: c.lat, lon: c.lon, radius: pl.countryRadius(c), source: source}, st
	}
	p := place{lat: r.Lat, lon: r.Lon}
	cfg := &pl.env.Config
	unnamed := r.C[signin.DimCity] == 0 && r.C[signin.DimRegion] == 0
	switch {
	case class&Mobile != 0,
		math.Abs(r.Lat-usPlaceholder[0]) < 0.01 && math.Abs(r.Lon-usPlaceholder[1]) < 0.01,
		unnamed && r.Radius <= 0 && r.C[signin.DimCountry] != 0 && (pl.central(r) || pl.learned.cities(asOf)):
		p.radius, p.source = max(float64(r.Radius), pl.countryRadius(pl.country(r))), radiusCountry
	case r.Radius > 0:
		p.radius = float64(r.Radius)
	case unnamed || r.C[signin.DimCity] != 0:
		p.radius, p.source = cfg.TravelCityKm, radiusCity
	default:
		p.radius, p.source = cfg.TravelRegionKm, radiusRegion
	}
	return p, st
}

// central reports that a point is about where databases put "somewhere in this
// country". In a log that names no cities nothing else tells such answers apart.
func (pl *placer) central(r *signin.Row) bool {
	c := pl.country(r)
	return c.km2 != 0 && surelyWithin(c.lat, c.lon, r.Lat, r.Lon, max(50, centralShare*math.Sqrt(c.km2/math.Pi)))
}

// centralShare of a country's radius is how far the centres that databases use
// lie apart: an assumption, from the tables of MaxMind, Google and GeoNames.
const centralShare = 0.35

// widen gives a place the size of its country when the operator, by what was
// learned before day asOf, does not locate. It reports whether that changed it.
func (pl *placer) widen(p *place, r *signin.Row, asOf int32) bool {
	if p.source >= radiusCountry || !pl.role(r, asOf).teleports {
		return false
	}
	p.radius, p.source = max(p.radius, pl.countryRadius(pl.country(r))), radiusLearned
	return true
}

func (pl *placer) country(r *signin.Row) countryArea {
	return pl.countries.get(pl.env.Symbols[signin.DimCountry], r.C[signin.DimCountry])
}

// unknownCountryKm stands for a country missing from the table: as large as
// the largest common ones, so that silence never makes an alert.
const unknownCountryKm = 2500

// countryRadius is the radius of a circle with the country's area, widened for
// countries far longer than that so that the bound derived from it (radius times
// travel.confidence) still reaches their ends.
func (pl *placer) countryRadius(c countryArea) float64 {
	if c.km2 == 0 {
		return unknownCountryKm
	}
	return max(math.Sqrt(c.km2/math.Pi), c.reach/pl.env.Config.TravelConfidence)
}

// leg is the journey between two places: what distance it surely covers, what
// time it surely had, and what time it needs.
type leg struct {
	distance float64 // great circle between the centres, km
	lower    float64 // lower bound at the configured confidence, km
	crude    float64 // lower bound without assuming independence: distance - r1 - r2
	gap      float64 // |Δt|, minutes
	had      float64 // gap + resolution + skew, minutes
	needs    float64 // minutes for lower at full speed, boarding included
}

// impossible reports that even the lower bound of the distance needs more time
// than the upper bound of the gap.
func (l *leg) impossible(c *Config) bool { return l.lower >= c.TravelMinKm && l.had < l.needs }

// needed is the time in minutes that km take.
func (c *Config) needed(km float64) float64 {
	t := km / c.TravelSpeedKmh * 60
	if km > c.TravelBoardingKm {
		t += c.TravelBoardingMin
	}
	return t
}

// leg measures the journey between two places over a gap.
func (c *Config) leg(a, b *place, gap signin.Time, skewSec float64) leg {
	l := leg{gap: math.Abs(float64(gap)) / float64(signin.Minute)}
	l.had = l.gap + (c.TravelResolutionSec+skewSec)/60
	l.distance = a.vec().distance(b.vec())
	sure := l.distance * (1 - SphereError)
	l.lower = max(0, sure-c.TravelConfidence*math.Sqrt(a.radius*a.radius+b.radius*b.radius))
	l.crude = max(0, sure-a.radius-b.radius)
	l.needs = c.needed(l.lower)
	return l
}

// longest is half the earth's circumference in km: no gap that covers it can be
// too short for any journey.
const longest = math.Pi * EarthRadiusKm
