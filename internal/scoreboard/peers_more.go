package scoreboard

import (
	"math"
	"net/netip"
	"slices"

	"frisk/internal/signin"
)

// distance is the great-circle distance in kilometres on a sphere of 6371 km.
func distance(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	h := math.Pow(math.Sin((lat2-lat1)*rad/2), 2) +
		math.Cos(lat1*rad)*math.Cos(lat2*rad)*math.Pow(math.Sin((lon2-lon1)*rad/2), 2)
	return 2 * 6371 * math.Asin(math.Min(1, math.Sqrt(h)))
}

// elastic looks at windows of 90 minutes, one every 30: the box around the places,
// from corner to corner, over the time from first to last. A window without time
// gives no speed. Two to five places count. Windows with the same rows are one.
func elastic(b *bench) []Alert {
	const window, step = 90 * signin.Minute, 30 * signin.Minute
	var out []Alert
	for p := range b.people {
		rows := slices.DeleteFunc(b.seen(p, true), func(s sighting) bool { return !s.located })
		was := [2]int{}
		lo := 0
		for lo < len(rows) {
			// The windows whose first row is lo are those that begin after the row before.
			begin := rows[lo].at - rows[lo].at%step - window + step
			if lo > 0 {
				begin = max(begin, rows[lo-1].at-rows[lo-1].at%step+step)
			}
			for w := begin; w <= rows[lo].at; w += step {
				hi := lo
				for hi < len(rows) && rows[hi].at < w+window {
					hi++
				}
				if in := rows[lo:hi]; len(in) > 1 && was != [2]int{lo, hi} && boxFast(in) {
					was = [2]int{lo, hi}
					a := Alert{}
					for j := range in {
						a.Events = append(a.Events, in[j].i)
					}
					out = append(out, a)
				}
			}
			lo++
		}
	}
	return out
}

// boxFast is the test of one window.
func boxFast(in []sighting) bool {
	type point struct{ lat, lon float64 }
	places := map[point]bool{}
	lo, hi := point{90, 180}, point{-90, -180}
	for j := range in {
		r := &in[j]
		places[point{math.Round(r.lat), math.Round(r.lon)}] = true
		lo = point{math.Min(lo.lat, r.lat), math.Min(lo.lon, r.lon)}
		hi = point{math.Max(hi.lat, r.lat), math.Max(hi.lon, r.lon)}
	}
	hours := float64(in[len(in)-1].at-in[0].at) / float64(signin.Hour)
	d := distance(lo.lat, lo.lon, hi.lat, hi.lon)
	return len(places) >= 2 && len(places) <= 5 && hours > 1.0/60 && d >= 500 && d >= 800*hours
}

// buffalogs compares with the latest login when the address is new to the person;
// an alert within one country or on a phone is filtered (its defaults).
func buffalogs(rows []sighting) []Alert {
	seen := map[netip.Addr]bool{}
	var out []Alert
	last := -1
	for i := range rows {
		r := &rows[i]
		if !r.located || r.lat == 0 || r.lon == 0 {
			continue
		}
		if last >= 0 && !seen[r.ip] && fast(&rows[last], r, 100, 300) && rows[last].country != r.country && !r.mobile {
			out = append(out, Alert{[]int{rows[last].i, r.i}})
		}
		seen[r.ip], last = true, i
	}
	return out
}

// defender: the country changes, to one that does not border the other, in less
// time than 900 km/h between the countries' middles; nothing in a person's first
// week, nor when both countries were used on two days of the month before.
func defender(rows []sighting) []Alert {
	days := map[string][]signin.Time{}
	known := func(country string, at signin.Time) bool {
		n := 0
		for _, d := range days[country] {
			if d < at.DayStart() && at-d <= 30*signin.Day {
				n++
			}
		}
		return n >= 2
	}
	var out []Alert
	last := -1
	for i := range rows {
		r := &rows[i]
		if r.country == "" || r.hidden {
			continue
		}
		if last >= 0 {
			l := &rows[last]
			learned := known(l.country, r.at) && known(r.country, r.at)
			if r.country != l.country && !bordering(l.country, r.country) && r.at-rows[0].at > 7*signin.Day && !learned && tooSoon(l, r) {
				out = append(out, Alert{[]int{l.i, r.i}})
			}
		}
		if d := days[r.country]; len(d) == 0 || d[len(d)-1] != r.at.DayStart() {
			days[r.country] = append(d, r.at.DayStart())
		}
		last = i
	}
	return out
}

func tooSoon(a, b *sighting) bool {
	p, ok := middles[a.country]
	q, ok2 := middles[b.country]
	return ok && ok2 && distance(p[0], p[1], q[0], q[1]) > 900*float64(b.at-a.at)/float64(signin.Hour)
}

// twoCountries raises once for each day in which a person is in two countries.
func twoCountries(rows []sighting) []Alert { return countryChange(rows, signin.Day, false) }

func soonAbroad(rows []sighting) []Alert { return countryChange(rows, 15*signin.Minute, true) }

func countryChange(rows []sighting, within signin.Time, skipHidden bool) []Alert {
	var out []Alert
	last := -1
	quiet := signin.Time(0)
	for i := range rows {
		r := &rows[i]
		if r.country == "" || skipHidden && r.hidden {
			continue
		}
		if last >= 0 && rows[last].country != r.country && r.at-rows[last].at <= within && r.at >= quiet {
			out = append(out, Alert{[]int{rows[last].i, r.i}})
			quiet = r.at + within
		}
		last = i
	}
	return out
}
