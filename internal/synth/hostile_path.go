package synth

import (
	"math"
	"slices"

	"frisk/internal/signin"
)

// spot is what kind of place somebody is in, which decides the network.
type spot uint8

const (
	atHome spot = iota
	atSecondHome
	atOffice
	onTheMove // commuting: the phone
	atAirport
	inFlight
	atHotel
	atClient // a guest network, or an office of the company
)

// leg is a stretch of a person's way. A leg between two cities is a move at even
// speed along the great circle.
type leg struct {
	from, to   signin.Time
	spot       spot
	city, dest int // dest differs from city while moving
}

// where is the point at a time within the leg.
func (l *leg) where(at signin.Time) (lat, lon float64) {
	a := &hostileCities[l.city]
	if l.dest == l.city || l.to <= l.from {
		return a.lat, a.lon
	}
	b := &hostileCities[l.dest]
	f := math.Max(0, math.Min(1, float64(at-l.from)/float64(l.to-l.from)))
	return between(a.lat, a.lon, b.lat, b.lon, f)
}

// between is the point at fraction f of the great circle (spherical linear
// interpolation).
func between(lat1, lon1, lat2, lon2, f float64) (lat, lon float64) {
	const rad = math.Pi / 180
	vec := func(lat, lon float64) [3]float64 {
		return [3]float64{math.Cos(lat*rad) * math.Cos(lon*rad), math.Cos(lat*rad) * math.Sin(lon*rad), math.Sin(lat * rad)}
	}
	a, b := vec(lat1, lon1), vec(lat2, lon2)
	w := math.Acos(math.Max(-1, math.Min(1, a[0]*b[0]+a[1]*b[1]+a[2]*b[2])))
	if w < 1e-9 {
		return lat1, lon1
	}
	var v [3]float64
	for i := range v {
		v[i] = (math.Sin((1-f)*w)*a[i] + math.Sin(f*w)*b[i]) / math.Sin(w)
	}
	return math.Atan2(v[2], math.Hypot(v[0], v[1])) / rad, math.Atan2(v[1], v[0]) / rad
}

// walker writes a person's path leg by leg.
type walker struct {
	p    *hostilePerson
	now  signin.Time
	city int
}

func (w *walker) stay(s spot, until signin.Time) {
	if until > w.now {
		w.p.path = append(w.p.path, leg{w.now, until, s, w.city, w.city})
		w.now = until
	}
}

func (w *walker) move(s spot, dest int, took signin.Time) {
	w.p.path = append(w.p.path, leg{w.now, w.now + took, s, w.city, dest})
	w.now += took
	w.city = dest
}

// fly goes to a city by air: an hour and a quarter at the airport, 850 km/h and
// 35 minutes in the air, and over a hub when it is far.
func (w *walker) fly(dest int) {
	stops := []int{dest}
	if d := cityDistance(w.city, dest); d > 5000 && w.p.chance(0.5) {
		hub := slices.MinFunc([]int{cityNamed("Frankfurt"), cityNamed("London"), cityNamed("Dubai"), cityNamed("New York"), cityNamed("Singapore")}, func(a, b int) int {
			return int(cityDistance(w.city, a) + cityDistance(a, dest) - cityDistance(w.city, b) - cityDistance(b, dest))
		})
		if hub != w.city && hub != dest {
			stops = []int{hub, dest}
		}
	}
	for _, to := range stops {
		w.stay(atAirport, w.now+w.p.between(50*signin.Minute, 110*signin.Minute))
		d := cityDistance(w.city, to)
		w.move(inFlight, to, signin.Time((d/850+0.6)*float64(signin.Hour)))
	}
	w.stay(onTheMove, w.now+w.p.between(25*signin.Minute, 60*signin.Minute))
}

// walk writes the whole path, a day before the start to a day after the end.
func (h *hostile) walk(p *hostilePerson) {
	w := &walker{p: p, now: h.start - 2*signin.Day, city: p.home}
	awayUntil, dest := -1, -1
	for day := -1; day <= h.cfg.Days+1; day++ {
		c := &hostileCities[w.city]
		midnight := h.start + signin.Time(day)*signin.Day - signin.Time(c.offset*float64(signin.Hour))
		next := midnight + signin.Day
		if w.now >= next { // still on the way
			continue
		}
		weekday := int((midnight+12*signin.Hour)/signin.Day+3) % 7 // 0 = Monday; the epoch was a Thursday
		hour := func(x, sd float64) signin.Time { return midnight + p.minutes(x*60, sd*60) }
		switch {
		case dest >= 0 && day >= awayUntil: // back
			w.stay(atHotel, hour(7.5, 0.5))
			w.stay(atClient, hour(13, 2))
			w.fly(p.home)
			w.stay(atHome, next)
			dest = -1
		case dest >= 0:
			w.stay(atHotel, hour(8.5, 0.4))
			w.stay(atClient, hour(17.5, 0.7))
			w.stay(atHotel, next)
		case p.traits.has(traitFlyer) && day >= 0 && weekday < 5 && p.chance(0.16):
			dest = p.tripTo()
			awayUntil = day + 1 + p.IntN(4)
			w.stay(atHome, hour(8, 2))
			w.stay(onTheMove, w.now+p.between(30*signin.Minute, 60*signin.Minute))
			w.fly(dest)
			w.stay(atHotel, h.nightAt(w, midnight))
		case p.traits.has(traitTwoHomes):
			h.commuterDay(w, weekday, hour, next)
		case p.traits.has(traitNight) && weekday < 5:
			w.stay(atHome, hour(20.5, 0.3))
			w.stay(onTheMove, w.now+30*signin.Minute)
			w.stay(p.workplace(), midnight+29*signin.Hour+p.minutes(0, 20)) // until five in the morning
			w.stay(onTheMove, w.now+30*signin.Minute)
		case weekday < 5 && p.office >= 0 && p.chance(0.65):
			w.stay(atHome, hour(8.2, 0.4))
			w.stay(onTheMove, w.now+p.between(15*signin.Minute, 60*signin.Minute))
			w.stay(atOffice, hour(17.3, 0.8))
			w.stay(onTheMove, w.now+p.between(15*signin.Minute, 60*signin.Minute))
			w.stay(atHome, next)
		default:
			w.stay(atHome, next)
		}
	}
}

// nightAt is the end of the day in the zone where the walker now is.
func (h *hostile) nightAt(w *walker, midnight signin.Time) signin.Time {
	night := midnight + signin.Day
	for night < w.now {
		night += signin.Hour
	}
	return night
}

func (p *hostilePerson) workplace() spot {
	if p.office >= 0 {
		return atOffice
	}
	return atHome
}

// commuterDay: Monday early to the first city, Thursday evening back to the second.
func (h *hostile) commuterDay(w *walker, weekday int, hour func(x, sd float64) signin.Time, next signin.Time) {
	p := w.p
	rest := func(s spot) spot {
		if w.city == p.second {
			return atSecondHome
		}
		return s
	}
	ride := func(to int) {
		d := cityDistance(w.city, to)
		w.move(onTheMove, to, signin.Time((d/160+0.5)*float64(signin.Hour)))
	}
	switch {
	case weekday == 0 && w.city == p.second:
		w.stay(atSecondHome, hour(5.5, 0.3))
		ride(p.home)
		w.stay(p.workplace(), hour(17.5, 0.5))
		w.stay(atHome, next)
	case weekday == 3 && w.city == p.home:
		w.stay(atHome, hour(8, 0.3))
		w.stay(p.workplace(), hour(16.5, 0.5))
		ride(p.second)
		w.stay(atSecondHome, next)
	case weekday < 4 && w.city == p.home:
		w.stay(atHome, hour(8, 0.4))
		w.stay(p.workplace(), hour(17.5, 0.8))
		w.stay(atHome, next)
	default:
		w.stay(rest(atHome), next)
	}
}

// tripTo is where a business flight goes: mostly to an office or a city of the
// region, one in three far away.
func (p *hostilePerson) tripTo() int {
	c := &hostileCities[p.home]
	if p.chance(0.35) {
		for range 10 {
			if k := cityNamed(pick(p.dice, hostileOffices)); cityDistance(k, p.home) > 400 {
				return k
			}
		}
	}
	lo, hi := 350.0, 2500.0
	if p.chance(0.35) {
		lo, hi = 2500, 16000
	}
	if in := citiesNear(c.lat, c.lon, lo, hi, func(*hostileCity) bool { return true }); len(in) > 0 {
		return in[p.IntN(len(in))]
	}
	return cityNamed("Singapore")
}

// at is the leg of a time.
func (p *hostilePerson) at(t signin.Time) *leg {
	i, _ := slices.BinarySearchFunc(p.path, t, func(l leg, t signin.Time) int {
		switch {
		case l.to <= t:
			return -1
		case l.from > t:
			return 1
		}
		return 0
	})
	return &p.path[min(i, len(p.path)-1)]
}
