package geo

import "math"

// EarthRadius is the IUGG mean radius in kilometres.
const EarthRadius = 6371.0088

// SphereError bounds the relative error of Distance against the WGS 84
// ellipsoid: the earth's radius of curvature runs from 6335.4 to 6399.6 km,
// within 0.56 % of EarthRadius.
const SphereError = 0.0056

// Distance is the great-circle distance of two points in kilometres by the
// haversine formula, which stays exact for close points; its relative error is
// at most SphereError.
func Distance(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	sLat, sLon := math.Sin((lat2-lat1)*rad/2), math.Sin((lon2-lon1)*rad/2)
	h := sLat*sLat + math.Cos(lat1*rad)*math.Cos(lat2*rad)*sLon*sLon
	return 2 * EarthRadius * math.Asin(math.Sqrt(min(1, h)))
}

// DistanceBounds is the least and greatest distance in kilometres of two places
// known to lie within r1 and r2 kilometres of the points, the error of the
// sphere included. Negative radii count as 0.
func DistanceBounds(lat1, lon1, r1, lat2, lon2, r2 float64) (low, high float64) {
	d := Distance(lat1, lon1, lat2, lon2)
	r := max(0, r1) + max(0, r2)
	return max(0, d*(1-SphereError)-r), d*(1+SphereError) + r
}
