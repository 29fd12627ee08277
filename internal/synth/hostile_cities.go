package synth

import (
	"cmp"
	"math"
	"slices"
)

// hostileCity is a real city; offset is its zone in hours from UTC in May.
type hostileCity struct {
	name, region, country string
	lat, lon              float64
	offset                float64
}

var hostileCities = []hostileCity{
	{"New York", "New York", "US", 40.713, -74.006, -4},
	{"Boston", "Massachusetts", "US", 42.360, -71.058, -4},
	{"Chicago", "Illinois", "US", 41.878, -87.630, -5},
	{"Dallas", "Texas", "US", 32.777, -96.797, -5},
	{"Denver", "Colorado", "US", 39.739, -104.990, -6},
	{"Los Angeles", "California", "US", 34.052, -118.244, -7},
	{"San Francisco", "California", "US", 37.775, -122.419, -7},
	{"Seattle", "Washington", "US", 47.606, -122.332, -7},
	{"Miami", "Florida", "US", 25.762, -80.192, -4},
	{"Atlanta", "Georgia", "US", 33.749, -84.388, -4},
	{"Ashburn", "Virginia", "US", 39.044, -77.487, -4},
	{"Toronto", "Ontario", "CA", 43.653, -79.383, -4},
	{"Montreal", "Quebec", "CA", 45.502, -73.567, -4},
	{"Calgary", "Alberta", "CA", 51.045, -114.072, -6},
	{"Vancouver", "British Columbia", "CA", 49.283, -123.121, -7},
	{"Mexico City", "Ciudad de Mexico", "MX", 19.433, -99.133, -6},
	{"Monterrey", "Nuevo Leon", "MX", 25.687, -100.316, -6},
	{"London", "England", "GB", 51.507, -0.128, 1},
	{"Manchester", "England", "GB", 53.481, -2.242, 1},
	{"Edinburgh", "Scotland", "GB", 55.953, -3.188, 1},
	{"Bristol", "England", "GB", 51.455, -2.588, 1},
	{"Dublin", "Leinster", "IE", 53.350, -6.260, 1},
	{"Cork", "Munster", "IE", 51.897, -8.470, 1},
	{"Paris", "Ile-de-France", "FR", 48.857, 2.352, 2},
	{"Lyon", "Auvergne-Rhone-Alpes", "FR", 45.764, 4.836, 2},
	{"Marseille", "Provence-Alpes-Cote d'Azur", "FR", 43.297, 5.381, 2},
	{"Toulouse", "Occitanie", "FR", 43.605, 1.444, 2},
	{"Lille", "Hauts-de-France", "FR", 50.629, 3.057, 2},
	{"Brussels", "Brussels", "BE", 50.850, 4.349, 2},
	{"Amsterdam", "North Holland", "NL", 52.368, 4.904, 2},
	{"Groningen", "Groningen", "NL", 53.219, 6.567, 2},
	{"Berlin", "Land Berlin", "DE", 52.520, 13.405, 2},
	{"Frankfurt", "Hesse", "DE", 50.111, 8.682, 2},
	{"Munich", "Bavaria", "DE", 48.135, 11.582, 2},
	{"Hamburg", "Free and Hanseatic City of Hamburg", "DE", 53.551, 9.994, 2},
	{"Cologne", "North Rhine-Westphalia", "DE", 50.938, 6.960, 2},
	{"Zurich", "Zurich", "CH", 47.377, 8.542, 2},
	{"Geneva", "Geneva", "CH", 46.204, 6.143, 2},
	{"Basel", "Basel-City", "CH", 47.560, 7.589, 2},
	{"Vienna", "Vienna", "AT", 48.208, 16.373, 2},
	{"Innsbruck", "Tyrol", "AT", 47.269, 11.404, 2},
	{"Milan", "Lombardy", "IT", 45.464, 9.190, 2},
	{"Rome", "Lazio", "IT", 41.903, 12.496, 2},
	{"Palermo", "Sicily", "IT", 38.116, 13.361, 2},
	{"Madrid", "Madrid", "ES", 40.417, -3.704, 2},
	{"Barcelona", "Catalonia", "ES", 41.385, 2.173, 2},
	{"Seville", "Andalusia", "ES", 37.389, -5.984, 2},
	{"Lisbon", "Lisbon", "PT", 38.722, -9.139, 1},
	{"Warsaw", "Mazovia", "PL", 52.230, 21.012, 2},
	{"Krakow", "Lesser Poland", "PL", 50.065, 19.945, 2},
	{"Gdansk", "Pomerania", "PL", 54.352, 18.647, 2},
	{"Prague", "Hlavni mesto Praha", "CZ", 50.075, 14.438, 2},
	{"Stockholm", "Stockholm County", "SE", 59.329, 18.069, 2},
	{"Malmo", "Skane County", "SE", 55.605, 13.004, 2},
	{"Copenhagen", "Capital Region", "DK", 55.676, 12.568, 2},
	{"Oslo", "Oslo", "NO", 59.914, 10.752, 2},
	{"Tromso", "Troms", "NO", 69.649, 18.956, 2},
	{"Helsinki", "Uusimaa", "FI", 60.170, 24.938, 3},
	{"Bucharest", "Bucuresti", "RO", 44.427, 26.103, 3},
	{"Sofia", "Sofia-Capital", "BG", 42.698, 23.322, 3},
	{"Kyiv", "Kyiv City", "UA", 50.450, 30.523, 3},
	{"Moscow", "Moscow", "RU", 55.756, 37.617, 3},
	{"Saint Petersburg", "St.-Petersburg", "RU", 59.931, 30.361, 3},
	{"Istanbul", "Istanbul", "TR", 41.008, 28.978, 3},
	{"Tel Aviv", "Tel Aviv", "IL", 32.085, 34.782, 3},
	{"Dubai", "Dubai", "AE", 25.205, 55.271, 4},
	{"Mumbai", "Maharashtra", "IN", 19.076, 72.878, 5.5},
	{"Bengaluru", "Karnataka", "IN", 12.972, 77.594, 5.5},
	{"Delhi", "National Capital Territory of Delhi", "IN", 28.644, 77.216, 5.5},
	{"Chennai", "Tamil Nadu", "IN", 13.083, 80.270, 5.5},
	{"Singapore", "", "SG", 1.352, 103.820, 8},
	{"Hong Kong", "", "HK", 22.319, 114.169, 8},
	{"Tokyo", "Tokyo", "JP", 35.676, 139.650, 9},
	{"Osaka", "Osaka", "JP", 34.694, 135.502, 9},
	{"Seoul", "Seoul", "KR", 37.567, 126.978, 9},
	{"Hanoi", "Hanoi", "VN", 21.028, 105.834, 7},
	{"Jakarta", "Jakarta", "ID", -6.209, 106.846, 7},
	{"Sydney", "New South Wales", "AU", -33.869, 151.209, 10},
	{"Melbourne", "Victoria", "AU", -37.814, 144.963, 10},
	{"Perth", "Western Australia", "AU", -31.951, 115.861, 8},
	{"Auckland", "Auckland", "NZ", -36.849, 174.763, 12},
	{"Suva", "Central", "FJ", -18.141, 178.442, 12},
	{"Sao Paulo", "Sao Paulo", "BR", -23.551, -46.633, -3},
	{"Recife", "Pernambuco", "BR", -8.048, -34.877, -3},
	{"Buenos Aires", "Buenos Aires F.D.", "AR", -34.604, -58.382, -3},
	{"Bogota", "Bogota D.C.", "CO", 4.711, -74.072, -5},
	{"Lagos", "Lagos", "NG", 6.524, 3.379, 1},
	{"Nairobi", "Nairobi County", "KE", -1.292, 36.822, 3},
	{"Cape Town", "Western Cape", "ZA", -33.925, 18.424, 2},
	{"Johannesburg", "Gauteng", "ZA", -26.204, 28.047, 2},
	{"Cairo", "Cairo", "EG", 30.044, 31.236, 3},
}

// hostileCountry is the point a geolocation database gives for a whole country,
// and the radius it states with it.
type hostileCountry struct{ lat, lon, radius float64 }

// centroids are the answers of common databases for an address of which only the
// country is known (US 37.751,-97.822 is MaxMind's; the rest are rounded middles).
var hostileCentroids = map[string]hostileCountry{
	"US": {37.751, -97.822, 1000}, "CA": {60.0, -95.0, 1000}, "MX": {23.0, -102.0, 1000}, "GB": {51.4964, -0.1224, 200},
	"IE": {53.3382, -6.2591, 200}, "FR": {48.8582, 2.3387, 500}, "BE": {50.85, 4.35, 100}, "NL": {52.3824, 4.8995, 100},
	"DE": {51.2993, 9.491, 200}, "CH": {47.1449, 8.1551, 100}, "AT": {48.2, 16.3667, 200}, "IT": {43.1479, 12.1097, 500},
	"ES": {40.4172, -3.684, 500}, "PT": {38.7057, -9.1359, 200}, "PL": {52.2394, 21.0362, 500}, "CZ": {50.0853, 14.411, 200},
	"SE": {59.3247, 18.056, 500}, "DK": {55.7123, 12.0564, 100}, "NO": {59.955, 10.859, 500}, "FI": {60.1719, 24.9347, 500},
	"RO": {45.9968, 24.997, 500}, "BG": {42.696, 23.332, 200}, "UA": {50.4522, 30.5287, 500}, "RU": {55.7386, 37.6068, 1000},
	"TR": {41.0214, 28.9948, 1000}, "IL": {31.5, 34.75, 200}, "AE": {24.0, 54.0, 200}, "IN": {21.9974, 79.0011, 1000},
	"SG": {1.3673, 103.8014, 50}, "HK": {22.2578, 114.1657, 50}, "JP": {35.69, 139.69, 500}, "KR": {37.5112, 126.9741, 200},
	"VN": {16.0021, 105.9984, 1000}, "ID": {-6.175, 106.8286, 1000}, "AU": {-33.494, 143.2104, 1000}, "NZ": {-41.0, 174.0, 500},
	"FJ": {-18.0, 178.0, 200}, "BR": {-22.8305, -43.2192, 1000}, "AR": {-34.6033, -58.3817, 1000}, "CO": {4.5981, -74.0799, 500},
	"NG": {7.0, 8.0, 500}, "KE": {-1.2841, 36.8155, 500}, "ZA": {-29.0, 24.0, 1000}, "EG": {30.0355, 31.223, 500},
}

// kilometres is the great-circle distance on a sphere of 6371 km.
func kilometres(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	h := math.Pow(math.Sin((lat2-lat1)*rad/2), 2) +
		math.Cos(lat1*rad)*math.Cos(lat2*rad)*math.Pow(math.Sin((lon2-lon1)*rad/2), 2)
	return 2 * 6371 * math.Asin(math.Min(1, math.Sqrt(h)))
}

func cityDistance(a, b int) float64 {
	p, q := &hostileCities[a], &hostileCities[b]
	return kilometres(p.lat, p.lon, q.lat, q.lon)
}

// citiesNear lists the cities between lo and hi kilometres from a point that keep
// accepts, nearest first.
func citiesNear(lat, lon, lo, hi float64, keep func(*hostileCity) bool) []int {
	var out []int
	far := func(i int) float64 { return kilometres(lat, lon, hostileCities[i].lat, hostileCities[i].lon) }
	for i := range hostileCities {
		if d := far(i); d >= lo && d <= hi && keep(&hostileCities[i]) {
			out = append(out, i)
		}
	}
	slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(far(a), far(b)) })
	return out
}

func cityNamed(name string) int {
	return slices.IndexFunc(hostileCities, func(c hostileCity) bool { return c.name == name })
}

func inCountry(country string) func(*hostileCity) bool {
	return func(c *hostileCity) bool { return c.country == country }
}

func notIn(country string) func(*hostileCity) bool {
	return func(c *hostileCity) bool { return c.country != country }
}

// shift moves a point by so many kilometres north and east.
func shift(lat, lon, north, east float64) (float64, float64) {
	lat2 := lat + north/111.2
	lon2 := lon + east/(111.2*math.Max(0.2, math.Cos(lat*math.Pi/180)))
	if lon2 > 180 {
		lon2 -= 360
	} else if lon2 < -180 {
		lon2 += 360
	}
	return math.Max(-89, math.Min(89, lat2)), lon2
}
