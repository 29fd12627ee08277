package risk

import "frisk/internal/signin"

// trace is how often one person used one thing (device, network, ...).
type trace struct {
	person  uint32 // generation of the profile; another one means never seen
	lastDay int32
	bad     int32  // day until which the thing is quarantined after an alert
	days    uint16 // distinct UTC days
	first   signin.Time
	letIn   signin.Time // first use that nothing stopped, networks only; 0 = none
}

// familiar is the set of things of one kind a person used, indexed by code.
// Starting the next person is a new generation, not a clear.
type familiar struct{ t []trace }

func (f *familiar) at(c uint32) *trace {
	if int(c) >= len(f.t) {
		f.t = append(f.t, make([]trace, int(c)+1-len(f.t)+len(f.t)/2)...)
	}
	return &f.t[c]
}

// profile is what one person's past makes familiar. Only accepted rows feed it
// (a failed guess proves nothing), and rows on an alert do not (see quarantine).
type profile struct {
	person                        uint32
	device, network, asn, country familiar
	minDays                       uint16
	window, quarantineDays        int32
	lastASN, lastASNIndex         uint32
	presence                      presence
}

func newProfile(c *Config) profile {
	return profile{
		minDays: uint16(c.FamiliarDays), window: int32(c.FamiliarWindowDays), quarantineDays: int32(c.FamiliarQuarantineDays),
	}
}

func (p *profile) begin() { p.person++; p.presence.has = false }

// day numbers UTC days; event times are after 2000 (signin.Validate), so plain
// division is the floor.
func day(t signin.Time) int32 { return int32(t / signin.Day) } //nolint:gosec // 2000 to 2100

// know says what the past holds about code c at time t.
func (p *profile) know(f *familiar, c uint32, t signin.Time) Familiarity {
	if c == 0 {
		return FamiliarityUnknown
	}
	tr := f.at(c)
	if tr.person != p.person || tr.days < p.minDays || t-tr.first < signin.Day ||
		day(t)-tr.lastDay > p.window || day(t) < tr.bad {
		return New
	}
	return Known
}

// quarantined reports whether the thing was on an alert lately.
func (p *profile) quarantined(f *familiar, c uint32, t signin.Time) bool {
	if c == 0 {
		return false
	}
	tr := f.at(c)
	return tr.person == p.person && day(t) < tr.bad
}

// learn counts a use of c on day d. While c is quarantined it learns nothing,
// unless the row came from the person's own device, which lifts the quarantine.
func (p *profile) learn(f *familiar, c uint32, t signin.Time, d int32, own bool) {
	if c == 0 {
		return
	}
	tr := f.at(c)
	if tr.person != p.person {
		*tr = trace{person: p.person, days: 1, lastDay: d, first: t}
		return
	}
	if d < tr.bad {
		if !own {
			return
		}
		tr.bad = 0
	}
	if d != tr.lastDay || tr.days == 0 {
		tr.days = min(tr.days+1, 1<<15)
		tr.lastDay = d
		if tr.first == 0 {
			tr.first = t
		}
	}
}

// quarantine takes back what a row taught about c, and keeps it from teaching
// for quarantineDays: somebody who repeats an attack daily must not become a
// habit (reference, detection 1.3, "learned-in attacker").
func (p *profile) quarantine(f *familiar, c uint32, t signin.Time) {
	if c == 0 {
		return
	}
	tr := f.at(c)
	d := day(t)
	if tr.person != p.person {
		*tr = trace{person: p.person, lastDay: d}
	} else if tr.days > 0 && tr.lastDay == d {
		tr.days--
		if tr.days == 0 {
			tr.first = 0
		}
	}
	tr.letIn = 0
	tr.bad = d + p.quarantineDays
}

// look fills the familiarity part of v from the rows before it.
func (p *profile) look(e *Env, v *View) {
	r := v.Row
	v.Device = p.know(&p.device, uint32(r.C[signin.DimDevice]), r.Time)
	v.Network = p.know(&p.network, v.addr.net, r.Time)
	v.Country = p.know(&p.country, uint32(r.C[signin.DimCountry]), r.Time)
	v.ASN = p.know(&p.asn, p.asnIndex(e, r.ASN), r.Time)
}

func (p *profile) asnIndex(e *Env, n uint32) uint32 {
	if n != p.lastASN {
		p.lastASN, p.lastASNIndex = n, e.asn(n)
	}
	return p.lastASNIndex
}

// accept feeds an accepted row.
func (p *profile) accept(e *Env, v *View) {
	r := v.Row
	d, own := day(r.Time), v.Device == Known
	p.learn(&p.device, uint32(r.C[signin.DimDevice]), r.Time, d, own)
	p.learn(&p.network, v.addr.net, r.Time, d, own)
	p.enter(v, d)
	p.learn(&p.country, uint32(r.C[signin.DimCountry]), r.Time, d, own)
	p.learn(&p.asn, p.asnIndex(e, r.ASN), r.Time, d, own)
}

// enter notes the first time a network's sign-in was let in. It takes no days to
// form, unlike familiarity, and so only ever orders two networks (travel's blame).
func (p *profile) enter(v *View, d int32) {
	if v.addr.net == 0 || v.Row.Outcome() != signin.Success {
		return
	}
	if tr := p.network.at(v.addr.net); tr.letIn == 0 && d >= tr.bad {
		tr.letIn = v.Row.Time
	}
}

// enteredSince is when the person was first let in from network c, 0 when never
// or not within the familiarity window.
func (p *profile) enteredSince(c uint32, t signin.Time) signin.Time {
	if c == 0 {
		return 0
	}
	tr := p.network.at(c)
	if tr.person != p.person || day(t)-tr.lastDay > p.window {
		return 0
	}
	return tr.letIn
}

// distrust quarantines what row r was seen on. A device the person had made
// familiar before keeps its standing: the alert is then about the place.
func (p *profile) distrust(e *Env, r *signin.Row, device Familiarity) {
	p.quarantine(&p.network, e.addr(r).net, r.Time)
	if device != Known {
		p.quarantine(&p.device, uint32(r.C[signin.DimDevice]), r.Time)
	}
}
