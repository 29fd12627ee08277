package risk

import "frisk/internal/signin"

var _ = register(Detector{
	Name: "impossible-travel",
	Doc: "two sign-ins of one person so far apart that even the shortest distance their positions allow " +
		"needs more time than there was",
	Needs: "position (coordinates or country) and time of interactive sign-ins whose first factor was accepted",
	Quiet: "a row without position is neither start nor end of a journey; without any, nothing is said",
	Scope: ScopePerson,
	Last:  true,
	Need: func() signin.Need {
		n := signin.NeedDims(signin.DimProvider, signin.DimIP, signin.DimCountry, signin.DimRegion, signin.DimCity,
			signin.DimDevice, signin.DimNetwork, signin.DimNamedLocations, signin.DimASNOrg)
		n.Place = true
		n.IDs[signin.IDEvent] = true
		return n
	}(),
	New: func(e *Env) Watcher {
		return &travel{env: e, cfg: &e.Config, placer: newPlacer(e), reasons: map[Class]string{}}
	},
})

// end is one end of a journey: an accepted sign-in with a position, and what
// the person's past said about it at the time.
type end struct {
	place
	row     int
	time    signin.Time
	id      uint64
	own     bool // the person's own device, or a compliant one
	device  Familiarity
	network Familiarity
	trusted bool // trusted named location, or the organisation's own egress
	class   Class
	named   signin.Code // the device the row names
	weight  int
	since   signin.Time // first let in from this network, 0 = never before this row
	stopped signin.Reason
	factor  signin.MFAState
}

// travel compares each located sign-in with the last one that was not blamed
// (the anchor). Reference, detection 1.4 steps 1 to 4, 7 and 8. A blamed row
// neither becomes the anchor nor feeds familiarity; later rows from its network
// feed nothing while the quarantine lasts, and lose every question of blame.
type travel struct {
	env     *Env
	cfg     *Config
	placer  placer
	has     bool
	anchor  end
	cur     end
	because string      // why the blamed end was chosen, where its weight did not say
	open    [2]incident // raised, suppressed
	// reasons by class, so that a person who lives on a VPN costs no string per row.
	reasons map[Class]string
}

// unlocated is the reason a non-locating end gives.
func (t *travel) unlocated(c Class) string {
	r, ok := t.reasons[c]
	if !ok {
		r = "system: " + c.String() + " network does not locate"
		t.reasons[c] = r
	}
	return r
}

func (t *travel) Begin() {
	t.has = false
	for i := range t.open {
		t.open[i].on = false
	}
}

func (t *travel) Observe(v *View, s *Sink) {
	if !v.Accepted {
		return
	}
	r := v.Row
	if t.has && r.Located && r.Lat == t.anchor.lat && r.Lon == t.anchor.lon && v.Class&NonLocating == 0 && !t.through(v) {
		t.stay(v, s)
		return
	}
	p, st := t.placer.place(v)
	if st == nowhere {
		return
	}
	t.fill(v, s, p)
	if st == somewhere && t.through(v) {
		st = unbounded
	}
	if !t.has {
		if st == somewhere {
			t.anchor, t.has = t.cur, true
		}
		return
	}
	if t.surelyPossible(r) {
		t.move(st)
		return
	}
	l := t.cfg.leg(&t.anchor.place, &t.cur.place, r.Time-t.anchor.time, t.skew(s, r))
	if !l.impossible(t.cfg) {
		t.move(st)
		return
	}
	t.judge(v, s, st, &l)
}

// stay is the plain path: the same point as the anchor.
func (t *travel) stay(v *View, s *Sink) {
	a, r := &t.anchor, v.Row
	p, _ := t.placer.place(v)
	a.radius, a.source = p.radius, p.source
	a.row, a.time, a.id, a.class = v.Index, r.Time, r.ID, v.Class
	a.stand(v, s)
}

func (t *travel) fill(v *View, s *Sink, p place) {
	t.cur = end{place: p, row: v.Index, time: v.Row.Time, id: v.Row.ID, class: v.Class}
	t.cur.stand(v, s)
}

// stand records how well the person's past vouches for the end. The weights
// only order two ends: a device outweighs a network, which outweighs the rest,
// and a network on an earlier alert is outweighed by anything.
func (e *end) stand(v *View, s *Sink) {
	e.device, e.network, e.named = v.Device, v.Network, v.Row.C[signin.DimDevice]
	e.own = v.Device == Known || v.Row.Compliant() == signin.True
	e.trusted = v.Trusted || v.Class&Corporate != 0
	e.weight = 0
	if e.own {
		e.weight += weightDevice
	}
	if e.trusted {
		e.weight += weightTrusted
	}
	if e.network == Known {
		e.weight += weightNetwork
	}
	if v.ASN == Known || v.Country == Known {
		e.weight += weightAround
	}
	if v.Device != Known && s.profile.quarantined(&s.profile.network, v.addr.net, v.Row.Time) {
		e.weight -= weightQuarantine
	}
	e.since = s.profile.enteredSince(v.addr.net, v.Row.Time)
	e.stopped, e.factor = refusal(v.Row), v.Row.MFA()
}

// surelyPossible rules a journey possible without trigonometry: too short to
// matter, or long enough ago for any distance.
func (t *travel) surelyPossible(r *signin.Row) bool {
	if surelyWithin(t.anchor.lat, t.anchor.lon, t.cur.lat, t.cur.lon, t.cfg.TravelMinKm) {
		return true
	}
	return float64(r.Time-t.anchor.time)/float64(signin.Minute) >= t.cfg.needed(longest)
}

// skew is the clock error allowed between the anchor and r, in seconds.
func (t *travel) skew(s *Sink, r *signin.Row) float64 {
	if s.rows[t.anchor.row].C[signin.DimProvider] != r.C[signin.DimProvider] {
		return t.cfg.TravelCrossSkewSec
	}
	return t.cfg.TravelSkewSec
}

// move makes the current end the anchor, unless it has no position of its own.
func (t *travel) move(st standing) {
	if st == somewhere {
		t.anchor = t.cur
	}
}

// judge decides what an impossible journey means: suppressed with a reason, or
// raised against the end the person's past vouches for less.
func (t *travel) judge(v *View, s *Sink, st standing, l *leg) {
	t.because = ""
	if st == unbounded {
		reason := "org: the organisation's own VPN or proxy does not locate"
		if c := t.cur.class & NonLocating; c != 0 {
			reason = t.unlocated(c)
		}
		t.report(s, l, &t.cur, reason)
		return // never an anchor
	}
	if reason := t.suppress(); reason != "" {
		t.report(s, l, &t.cur, reason)
		t.anchor = t.cur
		return
	}
	if blamed := t.blame(s); blamed == &t.anchor {
		t.report(s, l, blamed, "")
		s.profile.distrust(t.env, &s.rows[t.anchor.row], t.anchor.device)
		t.anchor = t.cur
		return
	}
	t.report(s, l, &t.cur, "")
	s.profile.distrust(t.env, v.Row, v.Device)
}

// suppress is the reason of the first tier that explains the journey, or "".
// Reference, detection 1.4 step 7. One safe end still alerts, as in Defender for
// Cloud Apps, except at low sensitivity with own devices at hand.
func (t *travel) suppress() string {
	a, b := &t.anchor, &t.cur
	same := t.sameDevice()
	if same && b.own {
		a.own, a.device = true, b.device // it became the person's own since
	}
	if t.cfg.Sensitivity == SensitivityHigh {
		return ""
	}
	low := t.cfg.Sensitivity == SensitivityLow
	switch {
	case a.own && b.own:
		return "user: own device at both ends"
	case same:
		return "user: one registered device at both ends, and a device cannot teleport"
	case a.trusted && b.trusted:
		return "org: trusted location at both ends"
	case low && a.network == Known && b.network == Known:
		return "user: familiar network at both ends"
	case low && (a.trusted && b.own || b.trusted && a.own):
		return "org: trusted location at one end, own device at the other"
	}
	return ""
}

// through reports that the row came through the organisation's own VPN or
// proxy, which people reach from anywhere. Like every tier of the organisation
// this is not believed at high sensitivity.
func (t *travel) through(v *View) bool {
	return v.Trusted && t.cfg.Sensitivity != SensitivityHigh && t.env.tunnel(v.Row)
}

// sameDevice reports that both ends name one device. A device cannot be in two
// places, so one of the networks is not where the database says, or the device
// sits behind changing proxies.
func (t *travel) sameDevice() bool { return t.anchor.named != 0 && t.anchor.named == t.cur.named }

func (t *travel) End(s *Sink) {
	for i := range t.open {
		t.open[i].close(s)
	}
}
