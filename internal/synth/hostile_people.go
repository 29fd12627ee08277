package synth

import (
	"fmt"

	"frisk/internal/signin"
)

// trait is one way to be noisy.
type trait uint16

const (
	traitVPN        trait = 1 << iota // the company's VPN, several egresses, often split
	traitProxy                        // a cloud proxy in front of everything on the laptop
	traitPrivateVPN                   // a VPN bought by the person
	traitMobile                       // works on the phone
	traitDual                         // IPv6 that claims another city
	traitRelay                        // a privacy relay
	traitFlyer                        // business flights
	traitTwoHomes                     // weekly commuter
	traitNight                        // works at night
	traitNewDevice                    // a new phone or laptop on the way
	traitPrivacy                      // no device id ever: private windows
)

var hostileTraitNames = []string{
	"corporate-vpn", "proxy", "commercial-vpn", "mobile", "dual-stack", "relay", "flyer", "two-homes", "night", "new-device", "no-device",
}

func (t trait) has(x trait) bool { return t&x != 0 }

// hostilePerson is one person with habits.
type hostilePerson struct {
	dice
	n            int
	id, upn      string
	traits       trait
	home, office int // cities; office -1: works at home
	second       int // the other home of a commuter
	isp          *hostileNet
	secondISP    *hostileNet
	carrier      []*hostileNet
	lat, lon     float64 // of the home

	laptop, phone [2]hostileDevice // before and after a change
	swapAt        signin.Time      // 0 = never
	favourites    []int            // cities of VPN servers
	path          []leg
	own           []int // indexes of the person's rows, in order of time
}

// hostileDevice is one machine.
type hostileDevice struct {
	id, agent, os, browser string
	compliant              signin.Truth
	trust                  signin.Trust
}

func (p *hostilePerson) traitNames() []string {
	var out []string
	for i, name := range hostileTraitNames {
		if p.traits.has(1 << i) {
			out = append(out, name)
		}
	}
	return out
}

// The offices of the company, most people first.
var hostileOffices = []string{"Frankfurt", "London", "New York", "Bengaluru", "Paris", "San Francisco", "Warsaw", "Toronto"}

// Cities from which people work who have no office.
var hostileRemote = []string{
	"Berlin", "Munich", "Hamburg", "Manchester", "Edinburgh", "Lyon", "Marseille", "Madrid", "Barcelona", "Milan", "Rome",
	"Chicago", "Denver", "Seattle", "Miami", "Atlanta", "Dallas", "Delhi", "Chennai", "Mumbai", "Gdansk", "Krakow", "Vancouver",
	"Montreal", "Sydney", "Auckland", "Suva", "Tokyo", "Singapore", "Sao Paulo", "Zurich", "Geneva", "Stockholm", "Tromso", "Cape Town",
}

// populate makes the people. About a third has no trait.
func (h *hostile) populate() {
	for i := range h.cfg.People {
		p := &hostilePerson{dice: newDice(h.cfg.Seed, "hostile person", i), n: i, office: -1, second: -1}
		p.id = p.guid().String()
		p.upn = fmt.Sprintf("person%04d@example.com", i)
		p.traits = h.draw(p)
		h.settle(p)
		p.equip(h)
		h.people = append(h.people, p)
	}
}

func (h *hostile) draw(p *hostilePerson) trait {
	var t trait
	// Weights of the main trait, per hundred people; the rest is quiet.
	mains := []struct {
		t trait
		w int
	}{
		{0, 34},
		{traitVPN, 12},
		{traitProxy, 8},
		{traitPrivateVPN, 6},
		{traitMobile, 8},
		{traitDual, 8},
		{traitRelay, 5},
		{traitFlyer, 10},
		{traitTwoHomes, 6},
		{traitNight, 3},
	}
	roll := p.IntN(100)
	for _, m := range mains {
		if roll < m.w {
			t = m.t
			break
		}
		roll -= m.w
	}
	if t != 0 && p.chance(0.3) {
		t |= pick(p.dice, []trait{traitVPN, traitMobile, traitDual, traitRelay, traitFlyer, traitTwoHomes, traitPrivateVPN})
	}
	if p.chance(0.08) {
		t |= traitNewDevice
	}
	if p.chance(0.06) {
		t |= traitPrivacy
	}
	if h.cfg.Plain {
		t &= traitFlyer | traitTwoHomes | traitNight | traitNewDevice | traitPrivacy
		if p.chance(0.3) {
			t |= traitFlyer
		}
	}
	return t
}

// settle gives the person places and providers.
func (h *hostile) settle(p *hostilePerson) {
	if p.chance(0.7) {
		k := min(p.IntN(len(hostileOffices)), p.IntN(len(hostileOffices)))
		p.office = cityNamed(hostileOffices[k])
		p.home = p.office
	} else {
		p.home = cityNamed(pick(p.dice, hostileRemote))
	}
	c := &hostileCities[p.home]
	which := p.IntN(2)
	if p.traits.has(traitDual) {
		which = 1
	} else if p.chance(0.7) {
		which = 0
	}
	p.isp = h.nets.broadband(p.home, which)
	p.carrier = h.nets.carrier(c.country, p.IntN(2))
	if p.traits.has(traitTwoHomes) {
		if near := citiesNear(c.lat, c.lon, 120, 700, func(*hostileCity) bool { return true }); len(near) > 0 {
			p.second = near[p.IntN(min(3, len(near)))]
			p.secondISP = h.nets.broadband(p.second, p.IntN(2))
		} else {
			p.traits = p.traits&^traitTwoHomes | traitFlyer
		}
	}
	for range 3 {
		p.favourites = append(p.favourites, p.IntN(len(hostileCities)))
	}
	p.favourites[0] = p.home
	p.lat, p.lon = shift(c.lat, c.lon, p.NormFloat64()*6, p.NormFloat64()*6)
}

var (
	laptopAgents = []string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Safari/537.36 Edg/136.0.0.0",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Safari/537.36",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15",
	}
	phoneAgents = []string{
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1",
		"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Mobile Safari/537.36",
	}
	privateAgents = []string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:138.0) Gecko/20100101 Firefox/138.0",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:138.0) Gecko/20100101 Firefox/138.0",
	}
	intruderAgents = []string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36",
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/135.0.0.0 Safari/537.36",
		"axios/1.7.9",
	}
)

func (p *hostilePerson) equip(h *hostile) {
	registered := p.chance(0.6)
	for i := range 2 {
		agent := pick(p.dice, laptopAgents)
		os := "Windows10"
		if agent == laptopAgents[2] {
			os = "MacOs"
		}
		p.laptop[i] = hostileDevice{id: p.guid().String(), agent: agent, os: os, browser: "Edge 136.0.0", compliant: signin.True, trust: signin.AzureAD}
		p.phone[i] = hostileDevice{agent: pick(p.dice, phoneAgents), os: "Ios 18.4", browser: "Mobile Safari"}
		if p.phone[i].agent == phoneAgents[1] {
			p.phone[i].os, p.phone[i].browser = "Android", "Chrome Mobile 136.0.0"
		}
		if registered {
			p.phone[i].id, p.phone[i].compliant, p.phone[i].trust = p.guid().String(), signin.True, signin.Workplace
		}
	}
	if p.traits.has(traitNewDevice) {
		p.swapAt = h.start + p.between(signin.Day, h.end-h.start)
	}
}
