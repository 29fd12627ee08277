package synth

import (
	"fmt"
	"net/netip"

	"frisk/internal/signin"
)

// claim is what a geolocation database says about a prefix.
type claim struct {
	country, region, city string
	lat, lon, radius      float64
	nowhere               bool // names without a position
}

// hostilePrefix is one routed prefix (/24 or /48) with what is believed about it.
type hostilePrefix struct {
	prefix   netip.Prefix
	says     [2]claim    // before and after the database changed its mind
	changeAt signin.Time // 0 = it never does
	class    string      // the range list that holds it, "" = none does
}

func (p *hostilePrefix) claim(at signin.Time) *claim {
	if p.changeAt != 0 && at >= p.changeAt {
		return &p.says[1]
	}
	return &p.says[0]
}

// hostileNet is one operator's addresses for the people of one place.
type hostileNet struct {
	asn    uint32
	org    string
	city   int  // where its users are, or where its machines stand
	honest bool // its users are where it says
	inland bool // its users are in the country it says
	v4, v6 []hostilePrefix
}

// hostileNets makes networks when first asked for. Every network has a dice of its
// own, so who asks first does not matter but for the numbers of prefixes.
type hostileNets struct {
	cfg        HostileConfig
	start, end signin.Time
	byName     map[string]*hostileNet
	asn        map[string]uint32
	next4      uint32
	next6      uint32
}

func newHostileNets(cfg HostileConfig, start, end signin.Time) *hostileNets {
	return &hostileNets{cfg: cfg, start: start, end: end, byName: map[string]*hostileNet{}, asn: map[string]uint32{}}
}

// Networks lie in 240.0.0.0/4 (RFC 1112, reserved, never routed) and
// 2001:db8::/32 (RFC 3849), their operators in the private AS numbers of RFC 6996.
func (n *hostileNets) prefix4() netip.Prefix {
	i := n.next4
	n.next4++
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(240 + i>>16), byte(i >> 8), byte(i), 0}), 24) //nolint:gosec // split in bytes
}

func (n *hostileNets) prefix6() netip.Prefix {
	i := n.next6
	n.next6++
	return netip.PrefixFrom(netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, byte(i >> 8), byte(i)}), 48) //nolint:gosec // split in bytes
}

func (n *hostileNets) operator(org string) uint32 {
	if n.asn[org] == 0 {
		n.asn[org] = 4_200_000_001 + uint32(len(n.asn)) //nolint:gosec // few
	}
	return n.asn[org]
}

// get makes the network of a name, once.
func (n *hostileNets) get(name, org string, city int, build func(d dice, nw *hostileNet)) *hostileNet {
	if nw := n.byName[name]; nw != nil {
		return nw
	}
	nw := &hostileNet{asn: n.operator(org), org: org, city: city}
	n.byName[name] = nw
	build(newDice(n.cfg.Seed, "hostile net "+name, 0), nw)
	return nw
}

// add gives a network prefixes that claim something.
func (n *hostileNets) add(d dice, nw *hostileNet, v4, v6 int, class string, cover float64, says func() claim) {
	for i := range v4 + v6 {
		p := hostilePrefix{says: [2]claim{says(), says()}}
		if d.chance(0.02) && !n.cfg.Plain {
			p.changeAt = n.start + d.between(0, n.end-n.start)
		}
		if class != "" && d.chance(cover) {
			p.class = class
		}
		if i < v4 {
			p.prefix = n.prefix4()
			nw.v4 = append(nw.v4, p)
		} else {
			p.prefix = n.prefix6()
			nw.v6 = append(nw.v6, p)
		}
	}
}

// exact is the city itself with a radius.
func exact(city int, radius float64) claim {
	c := &hostileCities[city]
	return claim{country: c.country, region: c.region, city: c.name, lat: c.lat, lon: c.lon, radius: radius}
}

// about is what a database says about a network whose users sit in a city:
// mostly a point near it, sometimes another city, seldom another country, now and
// then the middle of the country.
func (n *hostileNets) about(d dice, city int) claim {
	c := &hostileCities[city]
	radius := pick(d, []float64{5, 10, 20, 20, 50, 100})
	if n.cfg.Plain {
		radius = pick(d, []float64{5, 10, 20, 30})
	}
	roll := d.Float64()
	if !n.cfg.Plain {
		switch {
		case roll < 0.04:
			m := hostileCentroids[c.country]
			return claim{country: c.country, lat: m.lat, lon: m.lon, radius: m.radius}
		case roll < 0.07:
			if near := citiesNear(c.lat, c.lon, 60, 450, inCountry(c.country)); len(near) > 0 {
				return exact(near[d.IntN(len(near))], 20)
			}
		case roll < 0.085:
			if far := citiesNear(c.lat, c.lon, 450, 20000, inCountry(c.country)); len(far) > 0 {
				return exact(far[d.IntN(len(far))], 20)
			}
		case roll < 0.092:
			other := citiesNear(c.lat, c.lon, 100, 20000, notIn(c.country))
			return exact(other[d.IntN(len(other))], 50)
		case roll < 0.093:
			return claim{country: c.country, city: c.name, region: c.region, nowhere: true}
		}
	}
	// A 67 % circle is 1.49 deviations (MaxMind's definition of the radius).
	north, east := d.NormFloat64()*radius/1.49, d.NormFloat64()*radius/1.49
	if n.cfg.Plain { // inside the circle, always
		north, east = (d.Float64()-0.5)*radius*1.2, (d.Float64()-0.5)*radius*1.2
	}
	out := exact(city, radius)
	out.lat, out.lon = shift(c.lat, c.lon, north, east)
	return out
}

// broadband is one of the two providers of homes in a city. The second one's IPv6
// is registered where its head office is.
func (n *hostileNets) broadband(city, which int) *hostileNet {
	c := &hostileCities[city]
	org := fmt.Sprintf("%s Broadband %c", c.country, 'A'+rune(which))
	return n.get(fmt.Sprintf("home %d %d", city, which), org, city, func(d dice, nw *hostileNet) {
		nw.honest = true
		n.add(d, nw, 4, 0, "", 0, func() claim { return n.about(d, city) })
		if which == 1 && !n.cfg.Plain {
			office := citiesNear(c.lat, c.lon, 150, 6000, inCountry(c.country))
			if len(office) > 0 {
				head := office[d.IntN(len(office))]
				n.add(d, nw, 0, 2, "", 0, func() claim { return n.about(d, head) })
				return
			}
		}
		n.add(d, nw, 0, 2, "", 0, func() claim { return n.about(d, city) })
	})
}

// site is a network that many people share in one place: an office, a hotel, an airport.
func (n *hostileNets) site(what, org string, city int) *hostileNet {
	return n.get(fmt.Sprintf("%s %s %d", what, org, city), org, city, func(d dice, nw *hostileNet) {
		nw.honest = true
		v6 := 0
		if d.chance(0.4) {
			v6 = 1
		}
		seat := city
		if what == "hotel" && d.chance(0.2) && !n.cfg.Plain { // a chain that leads all guests out in one place
			seat, nw.honest = d.IntN(len(hostileCities)), false
		}
		n.add(d, nw, 1, v6, "", 0, func() claim { return n.about(d, seat) })
	})
}

// carrier is a mobile operator of a country: its gateways, one network each.
func (n *hostileNets) carrier(country string, which int) []*hostileNet {
	var out []*hostileNet
	cities := citiesNear(0, 0, 0, 30000, inCountry(country))
	for i, city := range cities {
		org := fmt.Sprintf("%s Mobile %c", country, 'A'+rune(which))
		out = append(out, n.get(fmt.Sprintf("mobile %s %d %d", country, which, i), org, city, func(d dice, nw *hostileNet) {
			nw.honest, nw.inland = n.cfg.Plain, true
			said := func() claim {
				m := hostileCentroids[country]
				if n.cfg.Plain || d.chance(0.2) {
					return claim{country: country, lat: m.lat, lon: m.lon, radius: m.radius}
				}
				return exact(city, pick(d, []float64{20, 50, 100, 200}))
			}
			n.add(d, nw, 2, 0, "mobile", 0.4, said)
			n.add(d, nw, 0, 1, "mobile", 0.4, said)
		}))
	}
	return out
}

// machines is a network of a company whose users are anywhere: VPN, proxy, relay,
// hosting, aircraft.
func (n *hostileNets) machines(org string, city int, class string, cover float64) *hostileNet {
	return n.get(fmt.Sprintf("%s %s %d", class, org, city), org, city, func(d dice, nw *hostileNet) {
		v6 := 0
		if class == "relay" || class == "datacenter" {
			v6 = 1
		}
		n.add(d, nw, 2, v6, class, cover, func() claim { return exact(city, pick(d, []float64{20, 50, 100})) })
	})
}

// address is a host of a prefix; the same n is always the same.
func (p *hostilePrefix) address(n uint64) netip.Addr {
	if p.prefix.Addr().Is4() {
		a := p.prefix.Addr().As4()
		a[3] = byte(1 + n%254)
		return netip.AddrFrom4(a)
	}
	a := p.prefix.Addr().As16()
	h := mix(n)
	a[6], a[7] = byte(n>>8), byte(n)
	for i := range 8 {
		a[8+i] = byte(h >> (8 * i))
	}
	return netip.AddrFrom16(a)
}
