package risk

import "frisk/internal/signin"

var _ = register(Detector{
	Name: "impossible-travel",
	Doc: "two sign-ins of one person so far apart that even the shortest distance their positions allow " +
		"needs more time than there was",
	Needs:      "position (coordinates or country) and time of interactive sign-ins whose first factor was accepted",
	Quiet:      "a row without position is neither start nor end of a journey; without any, nothing is said",
	Techniques: []string{"T1078.004"},
	Origin:     "reference, detection 1.4",
	Scope:      ScopePerson,
	Last:       true,
	Need: func() signin.Need {
		n := signin.NeedDims(signin.DimProvider, signin.DimIP, signin.DimCountry, signin.DimRegion, signin.DimCity,
			signin.DimDevice, signin.DimNetwork, signin.DimNamedLocations, signin.DimASNOrg)
		n.Place = true
		n.IDs[signin.IDEvent] = true
		return n.Or(usualNeed())
	}(),
	Surveys: []string{"egress", "teleport"},
	New: func(e *Env) Watcher {
		return newTravel(e)
	},
})

// end is one end of a journey as the score sees it: an accepted sign-in with a
// position, and what the person's past said about it at the time.
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
	uses    int         // accepted rows from this network before this one
	since   signin.Time // first let in from this network, 0 = never before this row
	stopped signin.Reason
	factor  signin.MFAState
}

// travel works twice. While a person's rows go by it compares each located
// sign-in with the places of the day before and weighs the score, from the past
// only (this file and blame.go). At the end, when any two did not fit, it looks at
// the whole history again and writes the findings (travel_trace.go and on).
// Reference, detection 1.4.
type travel struct {
	env      *Env
	cfg      *Config
	placer   placer
	egress   *egress   // nil without a first phase
	teleport *teleport // nil without a first phase
	recent   [recentPlaces]end
	n        int // of recent
	at       int // the one touched last
	cur      end
	trouble  bool  // some pair did not fit
	charged  []int // rows whose score was raised, in order
	known    []int // rows of impossible pairs whose network was the person's own
	losers   []int // rows blamed for the score
	holds    []int // rows held against the person by nobody but this detector
	trace    tracing
}

// recentPlaces bounds the places of one day that a row is compared with.
const recentPlaces = 8

func newTravel(e *Env) *travel {
	t := &travel{
		env: e, cfg: &e.Config, placer: newPlacer(e),
		egress: surveyOf[*egress](e.Networks), teleport: surveyOf[*teleport](e.Networks),
	}
	t.trace.init(t)
	return t
}

func (t *travel) Begin() {
	t.n, t.trouble, t.charged, t.known, t.losers = 0, false, t.charged[:0], t.known[:0], t.losers[:0]
	t.holds = t.holds[:0]
}

func (t *travel) Observe(v *View, s *Sink) {
	if !v.Accepted {
		return
	}
	r := v.Row
	if t.n > 0 && v.Class&NonLocating == 0 && r.Located {
		if a := &t.recent[t.at]; r.Lat == a.lat && r.Lon == a.lon && a.source != radiusLearned && !t.through(v) {
			t.stay(v, s)
			return
		}
	}
	p, st := t.placer.place(v)
	if st == nowhere {
		return
	}
	t.cur = end{place: p, row: v.Index, time: r.Time, id: r.ID, class: v.Class}
	if st == somewhere && t.through(v) {
		st = unbounded
	}
	same, worst := -1, -1
	var far leg
	for i := 0; i < t.n; i++ {
		a := &t.recent[i]
		if float64(r.Time-a.time)/float64(signin.Minute) >= t.cfg.needed(longest) {
			t.drop(i)
			i--
			continue
		}
		if surelyWithin(a.lat, a.lon, t.cur.lat, t.cur.lon, sameKm) {
			same = i
			continue
		}
		if l, ok := t.impossible(s.rows, a, &t.cur); ok && (worst < 0 || l.needs-l.had > far.needs-far.had) {
			worst, far = i, l
		}
	}
	t.cur.stand(v, s)
	if worst >= 0 {
		t.trouble = true
		t.judge(v, s, st, worst, same)
		return
	}
	t.settle(st, same)
}

// sameKm is how near two points are one place: half of what is never reported.
const sameKm = 50

// stay is the plain path: the same point as the row before.
func (t *travel) stay(v *View, s *Sink) {
	a, r := &t.recent[t.at], v.Row
	if a.class != v.Class || !locatedAlike(&s.rows[a.row], r) {
		p, _ := t.placer.place(v)
		a.radius, a.source = p.radius, p.source
	}
	a.row, a.time, a.id, a.class = v.Index, r.Time, r.ID, v.Class
	a.stand(v, s)
}

// locatedAlike reports that two rows of one point have the same place: nothing
// that placer.locate reads differs.
func locatedAlike(a, b *signin.Row) bool {
	if a.ASN != b.ASN || a.Radius != b.Radius || day(a.Time) != day(b.Time) {
		return false
	}
	for _, d := range [...]signin.Dim{signin.DimIP, signin.DimASNOrg, signin.DimCity, signin.DimRegion, signin.DimCountry} {
		if a.C[d] != b.C[d] {
			return false
		}
	}
	return true
}

// settle makes the current end one of the recent places, unless it has none of its own.
func (t *travel) settle(st standing, same int) {
	if st != somewhere {
		return
	}
	if same < 0 && t.n == len(t.recent) {
		old := 0
		for i := range t.recent {
			if t.recent[i].time < t.recent[old].time {
				old = i
			}
		}
		same = old
	}
	if same < 0 {
		same = t.n
		t.n++
	}
	t.recent[same] = t.cur
	t.at = same
}

// drop forgets a recent place.
func (t *travel) drop(i int) {
	t.n--
	t.recent[i] = t.recent[t.n]
	t.at = min(t.at, max(0, t.n-1))
	if t.at == i && t.n > 0 { // the one touched last is another now
		for k := range t.recent[:t.n] {
			if t.recent[k].row > t.recent[t.at].row {
				t.at = k
			}
		}
	}
}

// impossible measures the journey between two ends and reports that none was
// possible, by what was learned up to the day before the later one.
func (t *travel) impossible(rows []signin.Row, a, b *end) (leg, bool) {
	if surelyWithin(a.lat, a.lon, b.lat, b.lon, t.cfg.TravelMinKm) {
		return leg{}, false
	}
	ra, rb := &rows[a.row], &rows[b.row]
	skew := t.cfg.skew(ra, rb)
	l := t.cfg.leg(&a.place, &b.place, b.time-a.time, skew)
	if !l.impossible(t.cfg) {
		return l, false
	}
	d := day(b.time)
	wa, wb := t.placer.widen(&a.place, ra, d), t.placer.widen(&b.place, rb, d)
	if wa || wb {
		l = t.cfg.leg(&a.place, &b.place, b.time-a.time, skew)
	}
	return l, l.impossible(t.cfg)
}

// skew is the clock error allowed between two rows, in seconds.
func (c *Config) skew(a, b *signin.Row) float64 {
	if a.C[signin.DimProvider] != b.C[signin.DimProvider] {
		return c.TravelCrossSkewSec
	}
	return c.TravelSkewSec
}

// judge decides what an impossible journey means for the score: nothing when the
// person's past explains both ends, else evidence against the end it vouches for
// less. A blamed row is no recent place and teaches nothing; later rows from its
// network teach nothing while the quarantine lasts, and lose every question of blame.
func (t *travel) judge(v *View, s *Sink, st standing, anchor, same int) {
	a, b := &t.recent[anchor], &t.cur
	if st == unbounded {
		return // never a place
	}
	if a.network == Known {
		t.known = append(t.known, a.row)
	}
	if b.network == Known {
		t.known = append(t.known, b.row)
	}
	if t.explained(s, a, b) {
		t.settle(st, same)
		return
	}
	blamed, tie := t.blame(s, a, b)
	if tie { // neither is more the person's: neither teaches
		s.profile.distrust(t.env, &s.rows[a.row], a.device)
		s.profile.distrust(t.env, v.Row, b.device)
	}
	if !tie {
		t.losers = append(t.losers, blamed.row)
	}
	if blamed == a {
		s.profile.distrust(t.env, &s.rows[a.row], a.device)
		t.recent[anchor] = t.cur
		t.at = anchor
		if same >= 0 && same != anchor {
			t.drop(same)
		}
		return
	}
	if !tie {
		s.profile.distrust(t.env, v.Row, v.Device)
	}
	s.profile.count(v.addr.net)
	s.weigh(FamilyPlace, t.cfg.BitsTravel)
	t.charged = append(t.charged, v.Index)
	if t.pastScore(a, b) >= t.cfg.AttackScore {
		s.skip = true
		if !s.held[v.Index] {
			t.holds = append(t.holds, v.Index)
		}
		s.hold(v.Index)
	}
}

// explained reports that the person's past explains an impossible journey. One
// safe end is not enough, as in Defender for Cloud Apps. Reference, 1.4 step 7.
func (t *travel) explained(s *Sink, a, b *end) bool {
	if t.cfg.Sensitivity == SensitivityHigh {
		return false
	}
	if a.named != 0 && a.named == b.named {
		if b.own {
			a.own, a.device = true, b.device // it became the person's own since
		}
		return true
	}
	return t.past(s, a) && t.past(s, b)
}

// past reports that the person's past vouches for an end: their own device or a
// trusted location; where no device is named, an egress that others use and the
// person made a habit of; at low sensitivity a network of theirs.
func (t *travel) past(s *Sink, e *end) bool {
	switch {
	case e.own || e.trusted:
		return true
	case t.cfg.Sensitivity == SensitivityLow && e.network == Known:
		return true
	case e.named != 0 || e.uses == 0:
		return false
	}
	_, twice := t.egress.people(t.env.netKey(&s.rows[e.row]), day(e.time))
	return float64(twice) >= t.cfg.EgressPeople
}

// pastScore is the certainty as far as the past goes, for the score and the quarantine.
func (t *travel) pastScore(a, b *end) float64 {
	switch {
	case b.own:
		return t.cfg.TravelScoreOwnDevice
	case a.named != 0 && a.named == b.named:
		return t.cfg.TravelScoreSameDevice
	case b.device == New:
		return t.cfg.TravelScoreNewDevice
	}
	return t.cfg.TravelScore
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
	e.since, e.uses = s.profile.enteredSince(v.addr.net, v.Row.Time), s.profile.uses(v.addr.net)
	e.stopped, e.factor = refusal(v.Row), v.Row.MFA()
}

// through reports that the row came through the organisation's own VPN or
// proxy, which people reach from anywhere. Like every tier of the organisation
// this is not believed at high sensitivity.
func (t *travel) through(v *View) bool {
	return v.Trusted && t.cfg.Sensitivity != SensitivityHigh && t.env.tunnel(v.Row)
}

func (t *travel) End(s *Sink) {
	if t.trouble {
		t.trace.find(s)
	}
}
