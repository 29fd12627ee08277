package synth

import (
	"slices"

	"frisk/internal/signin"
)

// scope is a group, or a nest of groups, that policies include or exclude.
type scope uint8

const (
	inProd scope = iota
	inDev
	inBreakGlass
	exLegacy
	exDevice
	exTravel
	exFrequency
)

// stay is a spell [from, to) of a state; to 0 is "still".
type stay struct{ from, to signin.Time }

func (s stay) holds(at signin.Time) bool { return at >= s.from && (s.to == 0 || at < s.to) }

// world is what policies are judged by. The log is written by the tenant's own
// world, in which off is zero; another one tells what the exported files say of
// the same sign-ins when they differ from what was in force (Config.Perturb).
type world struct {
	off   Perturb
	edits edits
}

// in says whether a person is in a group at a time.
func (w *world) in(p *person, g scope, at signin.Time) bool {
	if w.off.has(PerturbMembership) {
		if p.dropped&(1<<g) != 0 {
			return false
		}
		if p.added&(1<<g) != 0 {
			return true
		}
	}
	return p.in(g, at)
}

func (p *person) in(g scope, at signin.Time) bool {
	switch g {
	case inProd:
		return p.prod && p.prodStay.holds(at)
	case inDev:
		return p.dev
	case inBreakGlass:
		return p.breakGlass
	case exLegacy:
		return p.legacyAllowed || p.exempt(polLegacy, at)
	case exDevice:
		return p.deviceExempt || p.exempt(polProdDevice, at)
	case exTravel:
		return p.travelExempt || p.exempt(polProdPlaces, at)
	case exFrequency:
		return p.frequencyExempt || p.exempt(polProdFrequency, at)
	}
	return false
}

// changed reports whether anything a policy looks at changed for the person in
// (from, to].
func (w *world) changed(p *person, from, to signin.Time) bool {
	cross := func(at signin.Time) bool { return at > from && at <= to }
	if cross(w.edits.ml) || cross(w.edits.device) || cross(p.prodStay.from) || cross(p.prodStay.to) {
		return true
	}
	for _, e := range p.exemptions {
		if cross(e.from) || cross(e.to) {
			return true
		}
	}
	return slices.ContainsFunc(p.atRisk, func(s stay) bool { return cross(s.from) || cross(s.to) })
}

// frequency is the sign-in frequency of a policy at a time, 0 for none.
func (w *world) frequency(i int, at signin.Time) signin.Time {
	if i == polML && at < w.edits.ml && !w.off.has(PerturbPolicy) {
		return oldMLFrequency
	}
	return frequencies[i]
}

// sparesDevices says whether the device policy already excluded its group of exceptions.
func (w *world) sparesDevices(at signin.Time) bool {
	return at >= w.edits.device || w.off.has(PerturbPolicy)
}

// office is the Office365 group of applications, as far as the tenant uses it.
func (w *world) office(res uint8) bool {
	switch res {
	case resSharePoint:
		return true
	case resTeams, resExchange:
		return !w.off.has(PerturbBundle)
	}
	return false
}

// company says whether a device belongs to the company, by the device inventory.
func (w *world) company(p *person, device int8) bool {
	if device < 0 {
		return false
	}
	d := &p.devices[device]
	return d.registered() && !d.phone() && (!w.off.has(PerturbDevice) || d.exported() == deviceRight)
}

// highRisk is the person's user risk.
func (w *world) highRisk(p *person, at signin.Time) bool {
	for i, s := range p.atRisk {
		if s.holds(at) && !(w.off.has(PerturbRisk) && i%2 == 0) {
			return true
		}
	}
	return false
}

// trusted is the trusted named location an address is in, "" for none. The
// location of the office in Bengaluru lists only its IPv4 range, which the
// office outgrew: a classic (reference 1.7).
func (w *world) trusted(at where) string {
	name := at.network().trusted
	if name == bengaluruLocation && at.ip.Is6() {
		return ""
	}
	if w.off.has(PerturbLocation) && at.net == vpnToronto {
		return ""
	}
	return name
}

// business says whether an address counts as one of a business country.
func (w *world) business(at where) bool {
	if w.off.has(PerturbLocation) {
		return slices.Contains(otherCountries(), at.place().country)
	}
	return at.place().business()
}

// outside is the location condition of the production policy: all locations but
// trusted ones and business countries.
func (w *world) outside(at where) test {
	t := test{ok: true, bit: bitLocation, in: ruleAllLocations}
	if w.trusted(at) != "" {
		t.ok, t.out = false, ruleTrusted
	} else if w.business(at) {
		t.ok, t.out = false, ruleLocation
	}
	return t
}
