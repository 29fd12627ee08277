package scoreboard

import (
	"net/netip"
	"strings"

	"frisk/internal/signin"
)

// sighting is a row as the rules of others see it.
type sighting struct {
	i       int
	at      signin.Time
	lat     float64
	lon     float64
	located bool
	country string
	ip      netip.Addr
	hidden  bool // a VPN, proxy, relay or cloud by the range lists
	mobile  bool // the user agent is a phone's
}

// seen are a person's rows that pass a rule's filter, in order.
func (b *bench) seen(person int, interactive bool) []sighting {
	var out []sighting
	for _, i := range b.people[person] {
		e := &b.events[i]
		if e.Outcome != signin.Success || interactive && e.Stream != signin.Interactive {
			continue
		}
		out = append(out, sighting{
			i: i, at: e.Time, lat: e.Geo.Lat, lon: e.Geo.Lon, located: e.Geo.Located, country: e.Geo.Country, ip: e.Source.IP,
			hidden: e.Network != "" && e.Network != "[]" && e.Network != `["mobile"]`, mobile: strings.Contains(e.UserAgent, "Mobile"),
		})
	}
	return out
}

// perPerson makes a rule of a function over one person's successful sign-ins.
func perPerson(f func(rows []sighting) []Alert) func(*bench) []Alert {
	return func(b *bench) []Alert {
		var out []Alert
		for p := range b.people {
			out = append(out, f(b.seen(p, false))...)
		}
		return out
	}
}

// pairwise raises where two successive located rows are further apart than km, and
// faster than kmh at face value.
func pairwise(km, kmh float64, also func(a, b *sighting) bool) func([]sighting) []Alert {
	return func(rows []sighting) []Alert {
		var out []Alert
		last := -1
		for i := range rows {
			if !rows[i].located {
				continue
			}
			if last >= 0 && fast(&rows[last], &rows[i], km, kmh) && (also == nil || also(&rows[last], &rows[i])) {
				out = append(out, Alert{[]int{rows[last].i, rows[i].i}})
			}
			last = i
		}
		return out
	}
}

func fast(a, b *sighting, km, kmh float64) bool {
	d := distance(a.lat, a.lon, b.lat, b.lon)
	hours := float64(b.at-a.at) / float64(signin.Hour)
	return d > km && d > kmh*hours
}

func otherIP(a, b *sighting) bool { return a.ip != b.ip }

// peers are the published rules, restated from their descriptions (reference,
// detection 1.1 and 1.2); no text of theirs is copied. Where a description leaves
// something open, the reading with fewer alerts is taken.
func peers() []Rule {
	return []Rule{
		{
			Name: "Curity (250 km/h)", Source: "curity.io, impossible journey: 250 km/h from the last location",
			run: perPerson(pairwise(0, 250, nil)),
		},
		{
			Name: "Okta velocity (805 km/h)", Source: "Okta behaviour detection: two successive successes, 805 km/h; places within 20 km are one",
			run: perPerson(pairwise(20, 805, nil)),
		},
		{
			Name: "Splunk ES (500 mph)", Source: "Splunk Enterprise Security: 500 mph between successive events of different source",
			run: perPerson(pairwise(0, 804.67, otherIP)),
		},
		{
			Name: "Panther (900 km/h)", Source: "Panther standard impossible travel: 900 km/h, other address, last login of one day; VPNs and relays dropped",
			run: perPerson(panther),
		},
		{
			Name: "CrowdStrike LogScale (1,234 km/h)", Source: "CrowdStrike LogScale query: 1,234 km/h between successive rows",
			run: perPerson(pairwise(0, 1234, nil)),
		},
		{
			Name: "synapse-waf (50 km, 1,000 km/h)", Source: "synapse-waf: over 50 km and 1,000 km/h within 24 h",
			run: perPerson(pairwise(50, 1000, func(a, b *sighting) bool { return b.at-a.at <= signin.Day })),
		},
		{
			Name: "Datadog (500 km, 1,000 km/h)", Source: "Datadog impossible travel: over 500 km and 1,000 km/h; VPNs and anonymous addresses dropped",
			run: perPerson(func(rows []sighting) []Alert { return pairwise(500, 1000, nil)(shown(rows)) }),
		},
		{
			Name: "Elastic (500 km, 800 km/h, 90 min)", Source: "Elastic Entra ID impossible travel: windows of 90 minutes every 30, corners of the places 500 km apart, 800 km/h, interactive",
			run: elastic,
		},
		{
			Name: "BuffaLogs (100 km, 300 km/h)", Source: "BuffaLogs 3.0 defaults: 100 km, 300 km/h, address never seen; same country and phones dropped",
			run: perPerson(buffalogs),
		},
		{
			Name: "Defender-like (country)", Source: "Defender for Cloud Apps as documented: other country, not a neighbour, too soon; 7 days of learning; both ends known are trusted",
			run: perPerson(defender),
		},
		{
			Name: "Chronicle (two countries a day)", Source: "Google SecOps community rule for OneLogin: two countries in 24 hours",
			run: perPerson(twoCountries),
		},
		{
			Name: "Elastic (two countries in 15 min)", Source: "Elastic rule for Okta: successes from two countries within 15 minutes; proxies skipped",
			run: perPerson(soonAbroad),
		},
	}
}

// shown leaves out rows that the range lists call hidden.
func shown(rows []sighting) []sighting {
	var out []sighting
	for _, r := range rows {
		if !r.hidden {
			out = append(out, r)
		}
	}
	return out
}

// panther keeps the last login for a day; hidden addresses are neither.
func panther(rows []sighting) []Alert {
	return pairwise(0, 900, func(a, b *sighting) bool {
		d := distance(a.lat, a.lon, b.lat, b.lon)
		return otherIP(a, b) && b.at-a.at <= signin.Day && !(d < 50 && b.at-a.at < 10*signin.Minute)
	})(shown(rows))
}
