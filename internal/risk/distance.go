package risk

import "math"

// EarthRadiusKm is the mean radius of the earth (IUGG R1).
const EarthRadiusKm = 6371.0088

// SphereError is how far a great-circle distance on that sphere may exceed the
// distance on the WGS84 ellipsoid, as a share of it. The worst case is along a
// meridian at the equator: 110.574 km a degree against 111.195 on the sphere,
// 0.559 %. Lower bounds subtract it.
const SphereError = 0.0056

// vec is a point on the unit sphere.
type vec struct{ x, y, z float64 }

func vecOf(lat, lon float64) vec {
	sinLat, cosLat := math.Sincos(lat * math.Pi / 180)
	sinLon, cosLon := math.Sincos(lon * math.Pi / 180)
	return vec{cosLat * cosLon, cosLat * sinLon, sinLat}
}

// distance is the great-circle distance in km. The arc tangent form is accurate
// for neighbouring and for opposite points alike, unlike haversine.
func (a vec) distance(b vec) float64 {
	cx, cy, cz := a.y*b.z-a.z*b.y, a.z*b.x-a.x*b.z, a.x*b.y-a.y*b.x
	return EarthRadiusKm * math.Atan2(math.Sqrt(cx*cx+cy*cy+cz*cz), a.x*b.x+a.y*b.y+a.z*b.z)
}

// Distance is the great-circle distance in km between two points in degrees.
func Distance(lat1, lon1, lat2, lon2 float64) float64 {
	return vecOf(lat1, lon1).distance(vecOf(lat2, lon2))
}

// kmPerDegree is the length of a degree of great circle.
const kmPerDegree = EarthRadiusKm * math.Pi / 180

// surelyWithin reports that two points are less than km apart, without
// trigonometry: the path along a parallel and a meridian, both taken at full
// length, is never shorter than the great circle. False says nothing.
func surelyWithin(lat1, lon1, lat2, lon2, km float64) bool {
	dLat, dLon := lat1-lat2, lon1-lon2
	return (dLat*dLat+dLon*dLon)*(kmPerDegree*kmPerDegree) < km*km
}
