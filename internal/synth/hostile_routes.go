package synth

import (
	"net/netip"
	"slices"

	"frisk/internal/signin"
)

// machine is which of a person's machines is used.
type machine uint8

const (
	onLaptop machine = iota
	onPhone
	onPrivate // a machine the company does not know
)

// route is how one request reached the provider.
type route struct {
	net    *hostileNet
	prefix *hostilePrefix
	ip     netip.Addr
	honest bool
}

// inland says whether the network at least names the country that the person is in.
func (r *route) inland(l *leg) bool {
	return r.net.inland && l.city == l.dest && hostileCities[r.net.city].country == hostileCities[l.city].country
}

// exits of the company's VPN, of the proxy, of the bought VPNs and of the clouds.
var (
	vpnExits   = []string{"Frankfurt", "Ashburn", "Singapore", "London"}
	proxyExits = []string{"Frankfurt", "Amsterdam", "Paris", "London", "Madrid", "New York", "Dallas", "Los Angeles", "Mumbai", "Singapore"}
	cloudExits = []string{"Dublin", "Amsterdam", "Ashburn", "Singapore"}
	privateOrg = []string{"Hidewell VPN", "Tunnelbear Cousins", "Cheap Anonymity"}
	relayOrg   = []string{"Relay Egress East", "Relay Egress West"}
	rentedOrg  = []string{"Rentarack Hosting", "Poldercloud Hosting", "Straitserver Hosting", "Wisla Compute"}
)

const satelliteOrg = "Skyband Inflight"

// habit is what stays the same over a stretch of a person's day.
type habit struct {
	vpn     int // exit of the company's VPN, -1 = off
	split   bool
	private int // city of the bought VPN's server, -1 = off
	relay   bool
	gateway int // of the carrier
	foreign bool
}

func (h *hostile) habits(p *hostilePerson, l *leg) habit {
	s := habit{vpn: -1, private: -1, gateway: p.IntN(len(p.carrier)), foreign: p.chance(0.4)}
	if p.traits.has(traitVPN) && l.spot != atOffice && l.spot != onTheMove && p.chance(0.8) {
		s.vpn = cityNamed(pick(p.dice, vpnExits))
		s.split = p.chance(0.4)
	}
	if p.traits.has(traitPrivateVPN) && p.chance(0.6) {
		s.private = p.server()
	}
	s.relay = p.traits.has(traitRelay) && p.chance(0.75)
	return s
}

// server is one of the person's favourite VPN servers, now and then any other.
func (p *hostilePerson) server() int {
	if p.chance(0.75) {
		return pick(p.dice, p.favourites)
	}
	return p.IntN(len(hostileCities))
}

// change is what may be different in the next request of the same stretch:
// reconnects, hand-overs, other gateways.
func (h *hostile) change(p *hostilePerson, s *habit) {
	if s.vpn >= 0 && p.chance(0.15) {
		s.vpn = cityNamed(pick(p.dice, vpnExits))
	}
	if s.private >= 0 && p.chance(0.12) {
		s.private = p.server()
	}
	if p.chance(0.3) {
		s.gateway = p.IntN(len(p.carrier))
	}
}

// route picks the network of one request.
func (h *hostile) route(p *hostilePerson, l *leg, m machine, s *habit, at signin.Time) route {
	if !h.cfg.Plain {
		switch {
		case m == onLaptop && p.traits.has(traitProxy) && p.chance(0.9):
			return h.proxied(p, l, at)
		case m == onLaptop && s.vpn >= 0 && (!s.split || p.chance(0.5)):
			return h.exit(p, h.nets.machines("Northwind Remote Access", s.vpn, "", 0), at)
		case m != onLaptop && s.private >= 0, m == onLaptop && s.private >= 0 && p.n%3 == 0:
			return h.exit(p, h.nets.machines(privateOrg[p.n%len(privateOrg)], s.private, "vpn", 0.85), at)
		case m != onLaptop && s.relay:
			return h.relayed(p, l, at)
		}
	}
	return h.direct(p, l, m, s, at)
}

// exit leaves through some host of machines.
func (h *hostile) exit(p *hostilePerson, nw *hostileNet, at signin.Time) route {
	prefix := &nw.v4[p.IntN(len(nw.v4))]
	return route{net: nw, prefix: prefix, ip: prefix.address(uint64(p.IntN(12)))} //nolint:gosec // few
}

// proxied leaves through one of the proxy's data centres: mostly the nearest, per
// connection also another one of the continent, seldom one overseas.
func (h *hostile) proxied(p *hostilePerson, l *leg, at signin.Time) route {
	lat, lon := l.where(at)
	best, near := -1, []int{}
	for _, name := range proxyExits {
		k := cityNamed(name)
		d := kilometres(lat, lon, hostileCities[k].lat, hostileCities[k].lon)
		if best < 0 || d < kilometres(lat, lon, hostileCities[best].lat, hostileCities[best].lon) {
			best = k
		}
		if d < 5000 {
			near = append(near, k)
		}
	}
	switch {
	case p.chance(0.06):
		best = cityNamed(pick(p.dice, proxyExits))
	case p.chance(0.35) && len(near) > 0:
		best = pick(p.dice, near)
	}
	return h.exit(p, h.nets.machines("Cloudgate Proxy", best, "proxy", 0.7), at)
}

// relayed leaves through a relay that mostly claims a city near the person.
func (h *hostile) relayed(p *hostilePerson, l *leg, at signin.Time) route {
	lat, lon := l.where(at)
	country := hostileCities[l.city].country
	in := citiesNear(lat, lon, 0, 20000, inCountry(country))
	city := in[0]
	if p.chance(0.3) {
		city = pick(p.dice, in)
	}
	nw := h.nets.machines(relayOrg[p.IntN(len(relayOrg))], city, "relay", 0.95)
	prefix := &nw.v4[p.IntN(len(nw.v4))]
	if len(nw.v6) > 0 && p.chance(0.6) {
		prefix = &nw.v6[p.IntN(len(nw.v6))]
	}
	return route{net: nw, prefix: prefix, ip: prefix.address(p.Uint64() % 4000)}
}

// direct uses what the place offers.
func (h *hostile) direct(p *hostilePerson, l *leg, m machine, s *habit, at signin.Time) route {
	phoneOut := m == onPhone && !h.cfg.Plain
	switch l.spot {
	case atHome, atSecondHome:
		if phoneOut && p.chance(0.35) || m == onLaptop && p.traits.has(traitMobile) && p.chance(0.3) {
			return h.cellular(p, l, s)
		}
		isp := p.isp
		if l.spot == atSecondHome {
			isp = p.secondISP
		}
		return h.line(p, isp, at)
	case atOffice:
		if phoneOut && p.chance(0.5) {
			return h.cellular(p, l, s)
		}
		return h.shared(p, h.nets.site("office", "Northwind", l.city))
	case atHotel:
		if phoneOut && p.chance(0.5) {
			return h.cellular(p, l, s)
		}
		return h.shared(p, h.nets.site("hotel", pick(p.dice, []string{"Grand Hospitality", "Budget Beds"}), l.city))
	case atAirport:
		if phoneOut && p.chance(0.6) {
			return h.cellular(p, l, s)
		}
		return h.shared(p, h.nets.site("airport", "Airport Guest Wi-Fi", l.city))
	case atClient:
		if phoneOut && p.chance(0.5) {
			return h.cellular(p, l, s)
		}
		if slices.Contains(hostileOffices, hostileCities[l.city].name) {
			return h.shared(p, h.nets.site("office", "Northwind", l.city))
		}
		return h.shared(p, h.nets.site("guest", "Business Lounge Networks", l.city))
	case inFlight:
		return h.exit(p, h.nets.machines(satelliteOrg, cityNamed(pick(p.dice, []string{"Denver", "Frankfurt"})), "satellite", 0.6), at)
	}
	if h.cfg.Plain { // a train's Wi-Fi is nowhere in particular: they wait until they are there
		return h.line(p, p.isp, at)
	}
	return h.cellular(p, l, s)
}

// line is a home's own line: the lease changes every few days, and with two
// protocols each request picks one.
func (h *hostile) line(p *hostilePerson, nw *hostileNet, at signin.Time) route {
	lease := uint64(at/(5*signin.Day)) + uint64(p.n)*7
	prefix := &nw.v4[mix(lease)%uint64(len(nw.v4))]
	host := mix(lease ^ uint64(p.n)<<20)
	if len(nw.v6) > 0 && (p.traits.has(traitDual) && p.chance(0.5) || p.n%4 == 0 && p.chance(0.3)) {
		prefix = &nw.v6[p.n%len(nw.v6)]
	}
	return route{nw, prefix, prefix.address(host), nw.honest && prefix.truthful(nw.city, at)}
}

// shared is a network that everybody in the place uses, behind few addresses.
func (h *hostile) shared(p *hostilePerson, nw *hostileNet) route {
	prefix := &nw.v4[0]
	if len(nw.v6) > 0 && p.chance(0.3) {
		prefix = &nw.v6[0]
	}
	return route{nw, prefix, prefix.address(uint64(p.IntN(2))), nw.honest && prefix.truthful(nw.city, 0)} //nolint:gosec // few
}

// cellular is the phone: the own carrier's gateway, wherever in the country it
// stands; abroad the home carrier's, or one of the country's.
func (h *hostile) cellular(p *hostilePerson, l *leg, s *habit) route {
	gateways := p.carrier
	if country := hostileCities[l.city].country; country != hostileCities[p.home].country && s.foreign {
		gateways = h.nets.carrier(country, p.n%2)
	}
	nw := gateways[s.gateway%len(gateways)]
	prefix := &nw.v4[p.IntN(len(nw.v4))]
	if p.chance(0.4) { // IPv6 leaves elsewhere
		nw = gateways[(s.gateway+1)%len(gateways)]
		prefix = &nw.v6[0]
	}
	return route{net: nw, prefix: prefix, ip: prefix.address(p.Uint64() % 200)}
}

// truthful says whether a prefix is claimed within 150 km of where its users are,
// or honestly vague.
func (p *hostilePrefix) truthful(city int, at signin.Time) bool {
	c, s := &hostileCities[city], p.claim(at)
	return kilometres(c.lat, c.lon, s.lat, s.lon) <= max(150, 2*s.radius)
}
