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
)

func (r radiusSource) String() string {
	return [...]string{"stated", "city default", "region default", "country size"}[r]
}

// standing is whether a row has a position at all.
type standing uint8

const (
	nowhere   standing = iota // the log did not say
	unbounded                 // the network class does not locate anybody
	somewhere
)

// placer turns rows into places. Countries are looked up once per code.
type placer struct {
	env       *Env
	countries byCode[countryArea]
}

func newPlacer(e *Env) placer {
	p := placer{env: e}
	p.countries.of = func(s string) countryArea { return countryAreas[s] }
	return p
}

// usPlaceholder is the point MaxMind and others give for "somewhere in the
// United States".
var usPlaceholder = [2]float64{37.751, -97.822}

// place locates v's row. A stated radius wins; else the finest part of the
// place that is named decides; a carrier gateway and a bare country are as large
// as the country. Coordinates that cannot be one (out of range, 0,0) count as
// not said.
func (pl *placer) place(v *View) (place, standing) {
	r := v.Row
	located := r.Located && signin.ValidCoordinates(r.Lat, r.Lon)
	st := somewhere
	if v.Class&NonLocating != 0 {
		st = unbounded
	}
	if !located {
		c := pl.country(r)
		if c.km2 == 0 {
			return place{}, nowhere
		}
		return place{lat: c.lat, lon: c.lon, radius: pl.countryRadius(c), source: radiusCountry}, st
	}
	p := place{lat: r.Lat, lon: r.Lon}
	cfg := &pl.env.Config
	switch {
	case v.Class&Mobile != 0,
		r.Radius <= 0 && r.C[signin.DimCity] == 0 && r.C[signin.DimRegion] == 0 && r.C[signin.DimCountry] != 0,
		math.Abs(r.Lat-usPlaceholder[0]) < 0.01 && math.Abs(r.Lon-usPlaceholder[1]) < 0.01:
		c := pl.country(r)
		p.radius, p.source = max(float64(r.Radius), pl.countryRadius(c)), radiusCountry
	case r.Radius > 0:
		p.radius = float64(r.Radius)
	case r.C[signin.DimCity] == 0 && r.C[signin.DimRegion] != 0:
		p.radius, p.source = cfg.TravelRegionKm, radiusRegion
	default:
		p.radius, p.source = cfg.TravelCityKm, radiusCity
	}
	return p, st
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
