package risk

import (
	"cmp"
	"math"
	"math/bits"

	"frisk/internal/signin"
)

// thing is what one person's history says about one device or network.
type thing struct {
	rows, days int
	good       int // rows let in, and held against the person by no detector
	lastDay    int32
	first      signin.Time
	letIn      signin.Time // first sign-in that nothing stopped; 0 = none
	lost       int         // rows blamed for the score
	own        bool
	managed    bool
	chainDays  int // days on the chain
	lastOn     int32
	at         place // where it was seen first, when placed
	placed     bool
	asn        uint32
	listed     bool // rented by the lists
	adrift     bool // an operator (without AS number, a network) that has an own device where it cannot be
}

func (t *thing) use(v *visit) {
	t.rows += v.hi - v.lo
	if v.letIn && !v.held {
		t.good += v.hi - v.lo
	}
	if d := day(v.from); t.days == 0 || d != t.lastDay {
		t.days++
		t.lastDay = d
	}
	if d := day(v.to); d != t.lastDay {
		t.days++
		t.lastDay = d
	}
	if t.first == 0 {
		t.first = v.from
	}
	if t.letIn == 0 && v.letIn {
		t.letIn = v.from
	}
	if v.loser {
		t.lost += v.hi - v.lo
	}
}

// spot is an operator in a region about a degree wide.
type spot struct {
	asn      uint32
	lat, lon int16
}

type land struct {
	asn     uint32
	country signin.Code
}

type tie struct {
	device signin.Code
	net    uint64
}

// kin is what hangs together with the person's base in their whole history.
// Devices and networks are joined where they occurred together: an own laptop
// makes the networks it was on the person's, and the network at home the phones
// seen there. A thief's device on a thief's network is an island, however often it
// comes back. Networks that many people share join nothing, unless at the base.
type kin struct {
	devices map[signin.Code]*thing
	nets    map[uint64]*thing
	asns    map[uint32]*thing
	spots   map[spot]*thing
	ties    map[tie]bool
	lands   map[land]bool // operators and countries of own devices
	base    *thing        // network of most sign-ins
	home    uint32        // its operator
	country signin.Code
	rows    int
	good    int               // let in, and held against the person by no detector
	silent  int               // rows that name no device
	mute    map[uint32][2]int // by operator: rows, silent rows
	last    signin.Time
}

func (k *kin) init() {
	k.devices, k.nets, k.asns = map[signin.Code]*thing{}, map[uint64]*thing{}, map[uint32]*thing{}
	k.spots, k.ties, k.mute = map[spot]*thing{}, map[tie]bool{}, map[uint32][2]int{}
	k.lands = map[land]bool{}
}

func grown[K comparable](m map[K]*thing, key K) *thing {
	t := m[key]
	if t == nil {
		t = &thing{}
		m[key] = t
	}
	return t
}

func spotOf(v *visit) spot {
	return spot{v.asn, int16(math.Round(v.lat)), int16(math.Round(v.lon))}
}

func (k *kin) build(tr *tracing) {
	clear(k.devices)
	clear(k.nets)
	clear(k.asns)
	clear(k.spots)
	clear(k.ties)
	clear(k.mute)
	clear(k.lands)
	k.base, k.rows, k.good, k.silent, k.country = nil, 0, 0, 0, 0
	for i := range tr.visits {
		k.count(&tr.visits[i])
	}
	if n := len(tr.visits); n > 0 {
		k.last = tr.visits[n-1].to
	}
	k.settleBase(tr)
	k.join(tr)
	for i := range tr.visits {
		if v := &tr.visits[i]; v.asn != 0 && k.ownDevice(v) {
			k.lands[land{v.asn, v.country}], k.lands[land{v.asn, 0}] = true, true
		}
	}
}

func (k *kin) count(v *visit) {
	n := v.hi - v.lo
	k.rows += n
	if v.letIn && !v.held {
		k.good += n
	}
	m := k.mute[v.asn]
	m[0] += n
	if v.device == 0 {
		k.silent += n
		m[1] += n
	} else {
		d := grown(k.devices, v.device)
		d.use(v)
		d.managed = d.managed || v.managed || v.safe
	}
	k.mute[v.asn] = m
	if v.net != 0 {
		w := grown(k.nets, v.net)
		w.use(v)
		w.asn = v.asn
		w.listed = w.listed || v.class&rented != 0
		w.own = w.own || v.safe
		if v.standing == somewhere && !w.placed {
			w.at, w.placed = v.place, true
		}
		if v.device != 0 {
			k.ties[tie{v.device, v.net}] = true
		}
	}
	if v.asn != 0 {
		grown(k.asns, v.asn).use(v)
	}
	if v.standing == somewhere {
		grown(k.spots, spotOf(v)).use(v)
	}
}

// baseOf finds the network of most sign-ins that went through, among those that
// fit. When two are equal in sign-ins and days there is none: nothing says which one
// is the person's.
func (k *kin) baseOf(fits func(key uint64, t *thing) bool) (key uint64) {
	tied := false
	k.base = nil
	for n, t := range k.nets { // a maximum; equals cancel out
		if t.listed || t.good == 0 || t.suspect() || !fits(n, t) {
			continue
		}
		switch c := t.more(k.base); {
		case c > 0:
			k.base, key, tied = t, n, false
		case c == 0:
			tied = true
		}
	}
	if tied {
		k.base = nil
	}
	return key
}

// settleBase finds the person's base: a network that locates, else, where every
// way to work is an egress, the one that is not shared.
func (k *kin) settleBase(tr *tracing) {
	k.home = 0
	key := k.baseOf(func(n uint64, t *thing) bool { return !k.roams(tr, n, t.asn) })
	if k.base == nil {
		key = k.baseOf(func(n uint64, t *thing) bool {
			r := tr.t.teleport.role(operatorKey(t.asn, n>>56 == 2), forever)
			return !r.abroad && r.class&rented == 0 && float64(tr.t.egress.habitual(n, t.lastDay)) < tr.t.cfg.EgressPeople
		})
	}
	if k.base != nil {
		k.home = k.base.asn
	}
	tied := false
	if k.base != nil {
		k.base.own = true
		for i := range tr.visits {
			if tr.visits[i].net == key && tr.visits[i].country != 0 {
				k.country = tr.visits[i].country
				break
			}
		}
	}
	// Somebody who is on the move has no network to speak of, but a device.
	var top *thing
	for _, t := range k.devices { // a maximum; equals cancel out
		switch c := t.more(top); {
		case c > 0:
			top, tied = t, false
		case c == 0:
			tied = true
		}
	}
	if top != nil && !tied && (k.base == nil || top.good >= k.base.good) && top.good*10 >= k.rows*3 && top.days > 1 {
		top.own = true
	}
	for _, t := range k.devices { // each by itself
		t.own = t.own || t.managed
	}
}

// suspect reports a network that was blamed for the score too often for the start
// of a log to be the reason.
func (t *thing) suspect() bool { return t.lost*4 >= t.rows || t.lost > 0 && t.rows < 10 }

// more orders by sign-ins that went through, then by days; nil is least.
func (t *thing) more(o *thing) int {
	if o == nil {
		return 1
	}
	return cmp.Or(cmp.Compare(t.good, o.good), cmp.Compare(t.days, o.days))
}

// join spreads what is own until nothing changes; the end does not depend on the
// order of the steps.
func (k *kin) join(tr *tracing) {
	for moved := true; moved; {
		moved = false
		for l := range k.ties {
			d, n := k.devices[l.device], k.nets[l.net]
			if d.own && !n.own {
				n.own, moved = true, true
			}
			if n.own && !d.own && k.joins(tr, l.net, n) {
				d.own, moved = true, true
			}
		}
	}
}

// joins reports that a device seen on a network of the person's is theirs too.
func (k *kin) joins(tr *tracing, key uint64, n *thing) bool {
	if n == k.base {
		return true
	}
	if n.listed || n.days < 2 {
		return false
	}
	if k.base != nil && k.base.placed && n.placed && surelyWithin(k.base.at.lat, k.base.at.lon, n.at.lat, n.at.lon, tr.t.cfg.TravelMinKm) {
		return true
	}
	return float64(tr.t.egress.habitual(key, n.lastDay)) < tr.t.cfg.EgressPeople
}

// weight is how far a visit is vouched for, at least 1.
func (k *kin) weight(tr *tracing, v *visit) int64 {
	w := int64(chainBase)
	if k.ownDevice(v) {
		w += chainOwn
	}
	if v.trusted || v.safe {
		w += chainTrust
	}
	n := k.nets[v.net]
	lost := n != nil && n.suspect()
	if n != nil {
		if n.own {
			w += chainNet
		}
		if !lost {
			w += int64(min(bits.Len(uint(n.days))-1, 4)) //nolint:gosec // positive
		}
	}
	if a := k.asns[v.asn]; a != nil && a.days > 1 && k.base != nil && v.asn == k.base.asn || v.country != 0 && v.country == k.country {
		w += chainAround
	}
	if v.held {
		w -= weightHeld
	}
	if lost {
		w -= 2
	}
	return max(1, w)
}

// nuance orders what weighs the same; see tracing.weigh.
func (k *kin) nuance(tr *tracing, v *visit) int64 {
	var w int64
	if n := k.nets[v.net]; n != nil && n.letIn != 0 && n.letIn < v.from {
		first := tr.visits[0].from
		w += (1 + int64(255*float64(k.last-n.letIn)/float64(max(1, k.last-first)))) << 12
	}
	if v.stopped == signin.ReasonNone {
		w += 1 << 8
	}
	if v.factor == signin.MFADone {
		w += 1 << 4
	} else if v.factor != signin.MFANotDone {
		w += 1 << 3
	}
	return w
}

func (k *kin) ownDevice(v *visit) bool {
	if v.managed || v.safe {
		return true
	}
	d := k.devices[v.device]
	return v.device != 0 && d != nil && d.own
}

// settle counts the days that networks and places are on the chain.
func (k *kin) settle(tr *tracing) {
	for i := range tr.stops {
		if !tr.stops[i].on {
			continue
		}
		for j := tr.stops[i].lo; j < tr.stops[i].hi; j++ {
			v := &tr.visits[j]
			for _, t := range [...]*thing{k.nets[v.net], k.spots[spotOf(v)]} {
				if t == nil {
					continue
				}
				for _, d := range [...]int32{day(v.from), day(v.to)} {
					if t.chainDays == 0 || d != t.lastOn {
						t.chainDays++
						t.lastOn = d
					}
				}
			}
		}
	}
}

// mutes reports that naming no device is usual for the person elsewhere than at
// the visit's operator: there it then says nothing.
func (k *kin) mutes(v *visit) bool {
	m := k.mute[v.asn]
	rows, silent := k.rows-m[0], k.silent-m[1]
	if rows == 0 {
		return m[1]*10 >= m[0]
	}
	return silent*10 >= rows
}
