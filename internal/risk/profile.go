package risk

import (
	"math"

	"frisk/internal/signin"
)

// trace is how often one person used one thing (device, network, ...).
type trace struct {
	person  uint32 // generation of the profile; another one means never seen
	lastDay int32
	bad     int32   // day until which the thing is quarantined after an alert
	days    uint16  // distinct UTC days
	uses    uint16  // accepted rows, those under quarantine included
	weight  float32 // days, each halved every half-life, as of lastDay
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
	quarantineDays                int32
	decay                         []float32 // what is left of a day's use after so many days; beyond its end nothing
	least                         float32   // decayed days of use that still make a thing the person's own
	lastASN, lastASNIndex         uint32
	presence                      presence
	forget                        func(*signin.Row, Familiarity) // the score's side of distrust; nil = none
}

// newProfile prepares the decay (reference, detection 1.4 step 6c): a habit of
// familiar.days days lasts familiar.window days without use, and one of twice as
// many a half-life longer.
func newProfile(c *Config) profile {
	p := profile{
		minDays: uint16(c.FamiliarDays), quarantineDays: int32(c.FamiliarQuarantineDays),
		least: float32(c.FamiliarDays * math.Exp2(-(c.FamiliarWindowDays+1)/c.FamiliarHalfLifeDays)),
	}
	// The sum of all days is below 1/(1-q) of one; ten half-lives more than the
	// window is beyond any habit that a log can hold.
	n := int(c.FamiliarWindowDays+10*c.FamiliarHalfLifeDays) + 2
	p.decay = make([]float32, n)
	for i := range p.decay {
		p.decay[i] = float32(math.Exp2(-float64(i) / c.FamiliarHalfLifeDays))
	}
	return p
}

// left is what remains of a trace's weight on day d.
func (p *profile) left(tr *trace, d int32) float32 {
	age := d - tr.lastDay
	switch {
	case age <= 0:
		return tr.weight
	case int(age) >= len(p.decay):
		return 0
	}
	return tr.weight * p.decay[age]
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
	if tr.person != p.person || tr.days < p.minDays || t-tr.first < signin.Day || day(t) < tr.bad ||
		p.left(tr, day(t)) < p.least {
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
		*tr = trace{person: p.person, days: 1, uses: 1, weight: 1, lastDay: d, first: t}
		return
	}
	tr.uses = min(tr.uses+1, 1<<15)
	if d < tr.bad {
		if !own {
			return
		}
		tr.bad = 0
	}
	if d != tr.lastDay || tr.days == 0 {
		tr.days = min(tr.days+1, 1<<15)
		tr.weight = p.left(tr, d) + 1
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
	}
	if tr.days > 0 && tr.lastDay == d {
		tr.days--
		tr.weight = max(0, tr.weight-1)
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

// accept feeds an accepted row. One that was stopped afterwards teaches nothing:
// who has the password and fails the second factor every day must not become a
// habit. A challenge that is met is followed by the row of its success.
func (p *profile) accept(e *Env, v *View) {
	r := v.Row
	if r.Outcome() != signin.Success {
		return
	}
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
	if tr.person != p.person || tr.days > 0 && p.left(tr, day(t)) < p.least/float32(p.minDays) {
		return 0
	}
	return tr.letIn
}

// count adds a use of network c that teaches nothing.
func (p *profile) count(c uint32) {
	if c == 0 {
		return
	}
	tr := p.network.at(c)
	if tr.person != p.person {
		*tr = trace{person: p.person}
	}
	tr.uses = min(tr.uses+1, 1<<15)
}

// uses is how many accepted rows of the person came from network c so far.
func (p *profile) uses(c uint32) int {
	if c == 0 {
		return 0
	}
	tr := p.network.at(c)
	if tr.person != p.person {
		return 0
	}
	return int(tr.uses)
}

// distrust quarantines what row r was seen on. A device the person had made
// familiar before keeps its standing: the alert is then about the place.
func (p *profile) distrust(e *Env, r *signin.Row, device Familiarity) {
	if p.forget != nil {
		p.forget(r, device)
	}
	p.quarantine(&p.network, e.addr(r).net, r.Time)
	if device != Known {
		p.quarantine(&p.device, uint32(r.C[signin.DimDevice]), r.Time)
	}
}
