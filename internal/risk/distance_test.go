package risk

import (
	"math"
	"math/rand/v2"
	"testing"
)

// vincenty is the inverse formula on WGS84 (T. Vincenty, Survey Review 1975),
// km; ok is false where it does not converge (nearly opposite points).
func vincenty(lat1, lon1, lat2, lon2 float64) (km float64, ok bool) {
	const a, f = 6378.137, 1 / 298.257223563
	b := a * (1 - f)
	rad := math.Pi / 180
	u1, u2 := math.Atan((1-f)*math.Tan(lat1*rad)), math.Atan((1-f)*math.Tan(lat2*rad))
	su1, cu1 := math.Sincos(u1)
	su2, cu2 := math.Sincos(u2)
	l := (lon2 - lon1) * rad
	lambda := l
	for range 200 {
		sl, cl := math.Sincos(lambda)
		ss := math.Hypot(cu2*sl, cu1*su2-su1*cu2*cl)
		if ss == 0 {
			return 0, true
		}
		cs := su1*su2 + cu1*cu2*cl
		sigma := math.Atan2(ss, cs)
		sa := cu1 * cu2 * sl / ss
		c2a := 1 - sa*sa
		c2m := 0.0
		if c2a != 0 {
			c2m = cs - 2*su1*su2/c2a
		}
		c := f / 16 * c2a * (4 + f*(4-3*c2a))
		next := l + (1-c)*f*sa*(sigma+c*ss*(c2m+c*cs*(-1+2*c2m*c2m)))
		if math.Abs(next-lambda) < 1e-12 {
			uu := c2a * (a*a - b*b) / (b * b)
			aa := 1 + uu/16384*(4096+uu*(-768+uu*(320-175*uu)))
			bb := uu / 1024 * (256 + uu*(-128+uu*(74-47*uu)))
			d := bb * ss * (c2m + bb/4*(cs*(-1+2*c2m*c2m)-bb/6*c2m*(-3+4*ss*ss)*(-3+4*c2m*c2m)))
			return b * aa * (sigma - d), true
		}
		lambda = next
	}
	return 0, false
}

// TestSphereError: the great circle minus SphereError is never longer than the
// ellipsoid's geodesic, and the worst case is close to it.
func TestSphereError(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	worst := 0.0
	check := func(lat1, lon1, lat2, lon2 float64) {
		want, ok := vincenty(lat1, lon1, lat2, lon2)
		if !ok || want < 1 {
			return
		}
		got := Distance(lat1, lon1, lat2, lon2)
		worst = max(worst, 1-want/got)
		if got*(1-SphereError) > want {
			t.Fatalf("%v,%v to %v,%v: sphere %v km, ellipsoid %v km", lat1, lon1, lat2, lon2, got, want)
		}
	}
	for range 20000 {
		check(rng.Float64()*180-90, rng.Float64()*360-180, rng.Float64()*180-90, rng.Float64()*360-180)
	}
	check(-0.5, 20, 0.5, 20)
	if worst < 0.0055 {
		t.Errorf("worst error %v: SphereError is needlessly large", worst)
	}
}

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		name                   string
		lat1, lon1, lat2, lon2 float64
		want                   float64
	}{
		{"same point", 59.91, 10.75, 59.91, 10.75, 0},
		{"across the antimeridian", 0, 179.5, 0, -179.5, kmPerDegree},
		{"over the pole", 89.5, 0, 89.5, 180, kmPerDegree},
		{"pole by any meridian", 90, 13, 90, -120, 0},
		{"opposite", 0, 0.5, 0, -179.5, longest},
		{"quarter", 0, 0, 90, 0, longest / 2},
	} {
		if got := Distance(tt.lat1, tt.lon1, tt.lat2, tt.lon2); math.Abs(got-tt.want) > 1e-6 {
			t.Errorf("%s: %v km, want %v", tt.name, got, tt.want)
		}
		if a, b := Distance(tt.lat1, tt.lon1, tt.lat2, tt.lon2), Distance(tt.lat2, tt.lon2, tt.lat1, tt.lon1); a != b {
			t.Errorf("%s: not symmetric: %v and %v", tt.name, a, b)
		}
	}
}

// TestSurelyWithin: the short cut never claims too much.
func TestSurelyWithin(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	hits := 0
	for range 20000 {
		lat, lon := rng.Float64()*180-90, rng.Float64()*360-180
		lat2 := max(-90, min(90, lat+rng.NormFloat64()))
		lon2 := max(-180, min(180, lon+rng.NormFloat64()))
		if surelyWithin(lat, lon, lat2, lon2, 100) {
			hits++
			if d := Distance(lat, lon, lat2, lon2); d >= 100 {
				t.Fatalf("%v,%v to %v,%v is %v km", lat, lon, lat2, lon2, d)
			}
		}
	}
	if hits == 0 {
		t.Error("never true")
	}
}

func TestCountries(t *testing.T) {
	if len(countryAreas) < 245 {
		t.Errorf("%d countries", len(countryAreas))
	}
	for code, c := range countryAreas {
		if math.Abs(c.lat) > 90 || math.Abs(c.lon) > 180 {
			t.Errorf("%s: %+v", code, c)
		}
		if circle := math.Sqrt(c.km2 / math.Pi); c.reach != 0 && c.reach < circle {
			t.Errorf("%s: reach %v km is inside the circle of its area (%v km)", code, c.reach, circle)
		}
	}
}
