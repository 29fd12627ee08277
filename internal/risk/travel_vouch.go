package risk

import (
	"strconv"

	"frisk/internal/signin"
)

// excuse is why a sign-in or a journey is not held against anybody.
type excuse struct {
	kind  excuseKind
	class Class
	n     int // people
}

type excuseKind uint8

const (
	noExcuse excuseKind = iota
	excuseClass
	excuseOneNetwork
	excuseFamilies
	excuseTunnel
	excuseSafe
	excuseOwn
	excuseOneDevice
	excuseTrusted
	excuseOwnNetwork
	excuseEgress
	excuseTeleport
	excuseOperator
	excuseVPN
	excuseRoams
	excuseHabit
	excuseMain
	excuseHome
	excusePast
	excuseChain
)

// String is the reason as findings show it, tier first.
func (x excuse) String() string {
	switch x.kind {
	case excuseClass:
		return "system: " + x.class.String() + " network does not locate"
	case excuseOneNetwork:
		return "system: one network at both ends"
	case excuseFamilies:
		return "system: IPv4 and IPv6 of one operator, each where the person has it placed on other days"
	case excuseTunnel:
		return "org: the organisation's own VPN or proxy does not locate"
	case excuseSafe:
		return "user: confirmed safe by an administrator"
	case excuseOwn:
		return "user: own device at both ends"
	case excuseOneDevice:
		return "user: one registered device at both ends, and a device cannot teleport"
	case excuseTrusted:
		return "org: trusted location at both ends"
	case excuseOwnNetwork:
		return "user: network of the person's own devices"
	case excuseEgress:
		return "org: learned egress, shared by " + strconv.Itoa(x.n) + " people on two days each"
	case excuseTeleport:
		return "org: operator learned not to locate"
	case excuseOperator:
		return "user: operator of the person's own devices, which does not locate them"
	case excuseVPN:
		return "user: VPN or proxy by the lists, a habit of the person's"
	case excuseRoams:
		return "org: operator learned not to be where it says, used by " + strconv.Itoa(x.n) + " people on two days each"
	case excuseHabit:
		return "user: operator of colleagues in the person's country, a habit of the person's at that place"
	case excuseMain:
		return "user: operator learned not to be where it says, used by " + strconv.Itoa(x.n) + " people, and most of the person's sign-ins come through it"
	case excuseHome:
		return "user: operator of the person's, not shown to be away from their base"
	case excusePast:
		return "user: familiar network at both ends"
	case excuseChain:
		return "user: place of the person's on several days"
	}
	return ""
}

// pair is why the journey between a visit off the chain and one on it is not
// held against anybody, whatever the ends are; system tier first.
func (tr *tracing) pair(x, y *visit) excuse {
	switch {
	case x.class&NonLocating != 0 && x.standing == unbounded:
		return excuse{kind: excuseClass, class: x.class & NonLocating}
	case x.net != 0 && x.net == y.net:
		return excuse{kind: excuseOneNetwork}
	case tr.t.cfg.Sensitivity == SensitivityHigh:
		return excuse{}
	case x.through:
		return excuse{kind: excuseTunnel}
	case x.device != 0 && x.device == y.device && !tr.kin.ownDevice(x):
		return excuse{kind: excuseOneDevice}
	case x.asn != 0 && x.asn == y.asn && (x.net>>56 == 2) != (y.net>>56 == 2) && x.country == y.country &&
		tr.silentOK(x) && tr.kin.daysAt(x) > 1 && tr.kin.daysAt(y) > 1:
		return excuse{kind: excuseFamilies}
	}
	return excuse{}
}

// silentOK reports that the visit names no device and that this is usual.
func (tr *tracing) silentOK(v *visit) bool { return v.device == 0 && tr.kin.mutes(v) }

// daysAt is on how many days the person used the visit's network, or its operator
// thereabouts.
func (k *kin) daysAt(v *visit) int {
	n := 0
	if t := k.nets[v.net]; t != nil {
		n = t.days
	}
	if t := k.spots[spotOf(v)]; t != nil && v.asn != 0 {
		n = max(n, t.days)
	}
	return n
}

// vouch is what explains one end by itself. A new device, which hangs together
// with nothing of the person's, is never explained; a missing one only where that
// is usual, and by a network that others or own devices use.
func (tr *tracing) vouch(v *visit) excuse {
	k, c := &tr.kin, tr.t.cfg
	switch {
	case v.safe:
		return excuse{kind: excuseSafe}
	case k.ownDevice(v):
		return excuse{kind: excuseOwn}
	case v.trusted:
		return excuse{kind: excuseTrusted}
	case c.Sensitivity == SensitivityLow && v.known:
		return excuse{kind: excusePast}
	case v.device != 0:
		return excuse{}
	}
	d := day(v.from)
	people := tr.t.egress.habitual(v.net, d)
	n := k.nets[v.net]
	if n != nil && n.own && (n == k.base || float64(people) < c.EgressPeople || k.mutes(v)) {
		return excuse{kind: excuseOwnNetwork}
	}
	if !k.mutes(v) {
		return excuse{}
	}
	operator := 0
	if a := k.asns[v.asn]; a != nil && v.asn != 0 {
		operator = a.days
	} else if n != nil {
		operator = n.days
	}
	switch {
	case float64(people) >= c.EgressMany, float64(people) >= c.EgressPeople && operator > 1:
		return excuse{kind: excuseEgress, n: people}
	case k.guided(tr, v):
		return excuse{kind: excuseOperator}
	case operator > 2 && tr.t.teleport.role(operatorKey(v.asn, v.net>>56 == 2), forever).class&rented != 0:
		return excuse{kind: excuseVPN}
	case operator > 2 && k.atBase(tr, v):
		return excuse{kind: excuseHome}
	case operator > 2 && k.roams(tr, v.net, v.asn):
		n := tr.t.egress.habitual(asnKey(v.asn), d)
		if float64(n) >= c.EgressPeople {
			return excuse{kind: excuseRoams, n: n}
		}
		if float64(n) >= c.EgressFew && k.mainly(v) {
			return excuse{kind: excuseMain, n: n}
		}
	case operator > 1 && tr.t.teleport.role(operatorKey(v.asn, v.net>>56 == 2), forever).teleports:
		return excuse{kind: excuseTeleport}
	case k.daysAt(v) > 2 && v.asn != 0 && v.country != 0 && v.country == k.country &&
		float64(tr.t.egress.habitual(asnKey(v.asn), d)) >= c.EgressFew:
		return excuse{kind: excuseHabit}
	}
	return excuse{}
}

// stands is vouch for an end on the chain, which also stands by having been on
// it on two days, unless it names a device that is not the person's.
func (tr *tracing) stands(y *visit) excuse {
	if x := tr.vouch(y); x.kind != noExcuse {
		return x
	}
	if y.device != 0 {
		return excuse{}
	}
	k := &tr.kin
	if n := k.nets[y.net]; n != nil && n.rows >= 10 && n.suspect() {
		return excuse{}
	}
	for _, t := range [...]*thing{k.nets[y.net], k.spots[spotOf(y)]} {
		if t != nil && t.chainDays > 1 {
			return excuse{kind: excuseChain}
		}
	}
	return excuse{}
}

// explain decides on an impossible pair: x is off the chain, y on it. It returns
// the reason to suppress it, or the visit to blame.
func (tr *tracing) explain(x, y *visit) (why excuse, blamed *visit) {
	if why = tr.pair(x, y); why.kind != noExcuse {
		return why, x
	}
	if tr.t.cfg.Sensitivity == SensitivityHigh {
		return excuse{}, x
	}
	a, b := tr.vouch(x), tr.stands(y)
	switch {
	case a.kind == noExcuse:
		return excuse{}, x
	case b.kind == noExcuse:
		return excuse{}, y
	case a.kind == excuseOwn && (b.kind == excuseChain || b.kind == excuseOwnNetwork):
		return excuse{kind: excuseOwn}, x
	case a.kind == excuseOwn, a.kind == excuseTrusted && b.kind != excuseOwn:
		return b.over(a), x
	}
	return a, x
}

// over picks the reason that says more of two.
func (x excuse) over(o excuse) excuse {
	if x.kind == excuseChain || x.kind == excuseTrusted && o.kind == excuseOwn {
		return o
	}
	return x
}

// because says what turned the blame where the evidence does not show it already.
func (tr *tracing) because(blamed, other *visit) string {
	k := &tr.kin
	if k.ownDevice(blamed) != k.ownDevice(other) || blamed.trusted != other.trusted {
		return ""
	}
	if blamed.held && !other.held {
		return "held against it by another finding"
	}
	if blamed.from > other.from {
		return ""
	}
	n, m := k.nets[other.net], k.nets[blamed.net]
	switch {
	case n != nil && n.letIn != 0 && n.letIn < blamed.from && (m == nil || m.letIn == 0 || n.letIn < m.letIn):
		return "the other network was the person's before, since " + n.letIn.String()
	case blamed.stopped != signin.ReasonNone && other.stopped == signin.ReasonNone:
		return "it was refused, the other let in"
	case blamed.factor == signin.MFANotDone && other.factor == signin.MFADone:
		return "the other gave the second factor"
	case n != nil && m != nil && n.rows > m.rows:
		return "the other network has " + strconv.Itoa(n.rows) + " sign-ins of the person, this one " + strconv.Itoa(m.rows)
	}
	return "the person's other sign-ins fit together without it"
}
