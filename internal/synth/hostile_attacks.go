package synth

import (
	"fmt"

	"frisk/internal/signin"
)

// The kinds of attack. All but lasting are planned where the victim is at work, so
// that the distance is impossible.
const (
	attackFar       = "residential-far"  // another country, from somebody's home line
	attackHosting   = "hosting"          // a rented server
	attackVPN       = "commercial-vpn"   // a bought VPN
	attackInland    = "same-country"     // far away in the same country
	attackNeighbour = "neighbour"        // the country next door
	attackOverlap   = "overlap"          // hours of work at the same time as the victim
	attackLater     = "long-after"       // when the victim has been away for long enough: travel cannot see it
	attackDaily     = "daily"            // comes back every day
	attackFirst     = "first-in-history" // the account's first rows are the intruder's
	attackBurst     = "burst"            // minutes between two sign-ins of the victim
)

// HostileKinds are the kinds of attack, in the order and proportion in which they
// are planned.
func HostileKinds() []string {
	return []string{
		attackFar, attackHosting, attackInland, attackOverlap, attackNeighbour, attackVPN, attackFar, attackBurst, attackLater, attackDaily, attackInland,
		attackFirst, attackFar, attackHosting, attackNeighbour, attackOverlap, attackVPN, attackFar, attackInland, attackBurst, attackFirst, attackDaily,
	}
}

// intruder is who attacks: a network, a machine, a way to pass.
type intruder struct {
	dice
	attack int
	route  route
	city   int
	device hostileDevice
	victim *hostilePerson
}

// assault plans the attacks, each on a victim of its own while there are enough.
func (h *hostile) assault() {
	d := newDice(h.cfg.Seed, "hostile attacks", 0)
	order := d.Perm(len(h.people))
	kinds := HostileKinds()
	for i, tries := 0, 0; i < h.cfg.Attacks && tries < 40*h.cfg.Attacks; tries++ {
		kind := kinds[i%len(kinds)]
		victim := h.people[order[tries%len(order)]]
		a := intruder{dice: newDice(h.cfg.Seed, "hostile attack", tries), attack: i, victim: victim}
		if h.plan(&a, kind) {
			i++
		}
	}
}

// plan makes one attack of a kind, or says that this victim does not fit.
func (h *hostile) plan(a *intruder, kind string) bool {
	anchors := h.anchors(a.victim)
	if len(anchors) < 10 {
		return false
	}
	at := anchors[a.IntN(len(anchors))]
	if kind == attackFirst {
		at = anchors[0]
	}
	row := &h.rows[at]
	if !h.choose(a, kind, row) {
		return false
	}
	times := h.times(a, kind, row)
	if len(times) == 0 {
		return false
	}
	a.arm()
	h.attacks = append(h.attacks, HostileAttack{
		ID: fmt.Sprintf("attack-%03d", a.attack), Kind: kind, Person: a.victim.id, From: hostileCities[a.city].name,
		Rented: kind == attackHosting || kind == attackVPN, Listed: a.route.prefix.class != "",
		Abroad: hostileCities[a.city].country != hostileCities[a.victim.at(row.ev.Time).city].country,
	})
	for i, t := range times {
		h.strike(a, t, i == 0)
	}
	return true
}

// anchors are the victim's own accepted sign-ins.
func (h *hostile) anchors(p *hostilePerson) []int {
	var out []int
	for _, i := range p.own {
		if h.rows[i].truth.Counts {
			out = append(out, i)
		}
	}
	return out
}

// choose picks where the attack comes from, seen from where the victim was.
func (h *hostile) choose(a *intruder, kind string, row *hostileRow) bool {
	lat, lon := row.truth.Lat, row.truth.Lon
	country := hostileCities[a.victim.at(row.ev.Time).city].country
	var in []int
	switch kind {
	case attackInland:
		in = citiesNear(lat, lon, 400, 20000, inCountry(country))
	case attackNeighbour:
		in = citiesNear(lat, lon, 350, 1100, notIn(country))
	case attackFirst:
		in = citiesNear(lat, lon, 2500, 20000, notIn(country))
	default:
		in = citiesNear(lat, lon, 1200, 20000, notIn(country))
	}
	if len(in) == 0 {
		return false
	}
	a.city = in[a.IntN(len(in))]
	var nw *hostileNet
	switch kind {
	case attackHosting:
		nw = h.nets.machines(pick(a.dice, rentedOrg), a.city, "datacenter", 0.9)
	case attackVPN:
		nw = h.nets.machines(pick(a.dice, privateOrg), a.city, "vpn", 0.85)
	default:
		nw = h.nets.broadband(a.city, a.IntN(2))
	}
	prefix := &nw.v4[a.IntN(len(nw.v4))]
	if len(nw.v6) > 0 && a.chance(0.15) {
		prefix = &nw.v6[a.IntN(len(nw.v6))]
	}
	a.route = route{net: nw, prefix: prefix, ip: prefix.address(a.Uint64() % 200), honest: nw.honest}
	return true
}

// times are the moments of the attack's sign-ins.
func (h *hostile) times(a *intruder, kind string, row *hostileRow) []signin.Time {
	c := &hostileCities[a.city]
	t := row.ev.Time
	need := needed(kilometres(c.lat, c.lon, row.truth.Lat, row.truth.Lon))
	hit := t + a.between(1*signin.Minute, need*6/10)
	if a.chance(0.3) {
		hit = t - a.between(1*signin.Minute, need*6/10)
	}
	var out []signin.Time
	add := func(t signin.Time) {
		if t > h.start && t < h.end {
			out = append(out, t)
		}
	}
	switch kind {
	case attackFirst:
		add(t - a.between(4*signin.Minute, min(need/2, 90*signin.Minute)))
	case attackOverlap:
		for range 4 + a.IntN(5) {
			add(t + a.between(-signin.Hour, 2*signin.Hour))
		}
	case attackBurst:
		for range 2 + a.IntN(4) {
			add(t + a.between(20*signin.Second, 4*signin.Minute))
		}
	case attackDaily:
		add(hit)
		for range min(h.cfg.Days, 12) {
			hit += signin.Day + a.between(-40*signin.Minute, 40*signin.Minute)
			add(hit)
		}
	case attackLater:
		return h.quiet(a, row)
	default:
		add(hit)
		for range a.IntN(3) {
			add(hit + a.between(signin.Minute, 25*signin.Minute))
		}
	}
	return out
}

// quiet is a time at which the victim could have been there and back, twice.
func (h *hostile) quiet(a *intruder, row *hostileRow) []signin.Time {
	c := &hostileCities[a.city]
	for range 60 {
		t := h.start + a.between(signin.Day, h.end-h.start)
		free := true
		for _, i := range a.victim.own {
			r := &h.rows[i]
			gap := max(t-r.ev.Time, r.ev.Time-t)
			if gap < signin.Hour+2*needed(kilometres(c.lat, c.lon, r.truth.Lat, r.truth.Lon)) {
				free = false
				break
			}
		}
		if free {
			return []signin.Time{t}
		}
	}
	return nil
}

// arm gives the intruder a machine: mostly none that the log knows.
func (a *intruder) arm() {
	a.device = hostileDevice{agent: pick(a.dice, intruderAgents), os: "Windows10", browser: "Chrome 124.0.0"}
	if a.chance(0.2) {
		a.device.id, a.device.trust = a.guid().String(), signin.Workplace
	}
}

// strike writes one sign-in of the attack with what goes before and after.
func (h *hostile) strike(a *intruder, at signin.Time, first bool) {
	p := a.victim
	put := func(t signin.Time, change func(*signin.Event)) {
		if t <= h.start || t >= h.end {
			return
		}
		e := h.event(p, a.route, t)
		e.Stream, e.UserAgent = signin.Interactive, a.device.agent
		e.Device = signin.Device{OS: a.device.os, Browser: a.device.browser, ID: a.device.id, Trust: a.device.trust}
		change(&e)
		c := &hostileCities[a.city]
		h.put(p, e, HostileTruth{
			Attack: a.attack, Lat: c.lat, Lon: c.lon, Honest: a.route.honest && a.route.prefix.truthful(a.city, t),
			Counts: e.Stream == signin.Interactive && e.Reason != signin.BadPassword,
		})
	}
	if first && a.chance(0.3) {
		for range 1 + a.IntN(3) {
			put(at-a.between(5*signin.Second, 90*signin.Second), func(e *signin.Event) {
				e.Outcome, e.Reason, e.Code, e.MFA.State = signin.Failure, signin.BadPassword, "50126", signin.MFANotDone
			})
		}
	}
	session := a.guid().String()
	passed := true
	put(at, func(e *signin.Event) {
		e.Session = session
		switch roll := a.Float64(); {
		case roll < 0.45:
			e.MFA.State = signin.MFANotDone
		case roll < 0.65:
			e.MFA.State = signin.MFADone
		case roll < 0.8:
			e.MFA.State = signin.MFAByClaim
		case roll < 0.9:
			passed = false
			e.Outcome, e.Reason, e.Code, e.MFA.State = signin.Failure, signin.MFADenied, "500121", signin.MFANotDone
		default:
			passed = false
			e.Outcome, e.Reason, e.Code, e.MFA.State = signin.Challenge, signin.MFARequired, "50076", signin.MFANotDone
		}
	})
	for range a.IntN(3) {
		if passed {
			put(at+a.between(signin.Minute, 30*signin.Minute), func(e *signin.Event) {
				e.Stream, e.Session, e.IncomingToken, e.MFA.State = signin.NonInteractive, session, "refreshToken", signin.MFAByClaim
			})
		}
	}
}
