package geo

import (
	"math"
	"testing"
)

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		name                   string
		lat1, lon1, lat2, lon2 float64
		km                     float64 // WGS 84 geodesic
	}{
		{"same point", 52, 4, 52, 4, 0},
		{"quarter meridian", 0, 0, 90, 0, 10001.966},
		{"pole to pole", 90, 12, -90, -100, 20003.931},
		{"half equator", 0, 0, 0, 180, 20003.931}, // the geodesic goes over a pole
		{"one degree of equator", 0, 0, 0, 1, 111.319},
		{"one degree at the pole", 89, 0, 90, 0, 111.694},
		{"across the antimeridian", 0, 179.5, 0, -179.5, 111.319},
		{"same pole, other longitude", 90, 0, 90, 135, 0},
	} {
		got := Distance(c.lat1, c.lon1, c.lat2, c.lon2)
		if math.Abs(got-c.km) > c.km*SphereError+1e-9 {
			t.Errorf("%s: %.3f km, want %.3f within %v", c.name, got, c.km, SphereError)
		}
		if back := Distance(c.lat2, c.lon2, c.lat1, c.lon1); math.Abs(back-got) > 1e-9 {
			t.Errorf("%s: not symmetric", c.name)
		}
		low, high := DistanceBounds(c.lat1, c.lon1, 10, c.lat2, c.lon2, -5)
		if low > max(0, c.km-10) || high < c.km+10 || low < 0 {
			t.Errorf("%s: bounds %v to %v do not hold %v ± 10", c.name, low, high, c.km)
		}
	}
}
