package policy

import "frisk/internal/signin"

// quick holds the groups of the common dimensions by name, so that Match can
// ask them one after the other without a call through a function value; nil
// where no policy has such a condition. others are the rest.
type quick struct {
	person, target, client, platform, place, risk, flow, device *group

	others []*group
}

// The places of the common dimensions in a tuple; the others follow.
const (
	atPerson = iota
	atTarget
	atClient
	atPlatform
	atPlace
	atRisk
	atFlow
	atDevice
	atOthers
)

func quickOf(groups []group) quick {
	var q quick
	for i := range groups {
		g := &groups[i]
		switch g.dim {
		case byPerson:
			q.person, g.at = g, atPerson
		case byTarget:
			q.target, g.at = g, atTarget
		case byClient:
			q.client, g.at = g, atClient
		case byPlatform:
			q.platform, g.at = g, atPlatform
		case byPlace:
			q.place, g.at = g, atPlace
		case byRisk:
			q.risk, g.at = g, atRisk
		case byFlow:
			q.flow, g.at = g, atFlow
		case byDevice:
			q.device, g.at = g, atDevice
		default:
			g.at = atOthers + len(q.others)
			q.others = append(q.others, g)
		}
	}
	return q
}

// match is Match for sets of one word, which is nearly all of them. It does the
// same as asking index of every group, written out in one stretch: with a call
// for each small step half of the time of a row goes into calls. The keys are
// those of the dimensions; TestMatchAgrees holds the two together.
func (ev *Evaluator) match(r *signin.Row, p pair) pair {
	q, t := &ev.quick, &ev.row
	if g := q.person; g != nil {
		k := key{
			a: pack(r.C[signin.DimPrincipal], r.C[signin.DimHomeTenant]),
			b: pack(r.C[signin.DimResourceTenant], r.C[signin.DimCrossTenant]),
			c: principalSort(r) << 32,
		}
		if c := uint(r.C[signin.DimPrincipal]); c >= uint(len(ev.people)) || !ev.people[c].still(r.Time) {
			k.c |= ev.epoch(r)
		} else {
			k.c |= uint64(ev.people[c].now.n) //nolint:gosec // not negative
		}
		if ev.e.sharedChannels && ev.shared(r) {
			k.c |= 1 << 63
		}
		s := &g.keys.slots[k.hash()>>(g.keys.shift&63)]
		i := s.idx
		if i == 0 || s.k != k {
			i = g.slow(ev, r)
		}
		p = p.and(g.one[i-1])
		t[atPerson] = i
	}
	var class clientClass
	if c := uint(r.C[signin.DimClient]); c < uint(len(ev.clients)) {
		class = ev.clients[c]
	}
	if class == clientUnseen {
		class = ev.client(r)
	}
	var credential byteFact
	if c := uint(r.C[signin.DimCredential]); c < uint(len(ev.creds)) {
		credential = ev.creds[c]
	}
	if credential == 0 {
		credential = factNo
		if ev.confidential(r) {
			credential = factYes
		}
	}
	if g := q.target; g != nil {
		k := key{
			a: pack(r.C[signin.DimResource], r.C[signin.DimApp]),
			b: pack(r.C[signin.DimAudiences], r.C[signin.DimAuthContexts]),
			c: uint64(class)<<3 | uint64(credential&factYes)<<1,
		}
		if r.C[signin.DimCredential] == 0 {
			k.c |= unsaidCredential
		}
		if r.Time >= ev.lowPrivilegeFrom {
			k.c |= 1
		}
		if isWorkload(r) {
			k.c |= 2
		}
		s := &g.keys.slots[k.hash()>>(g.keys.shift&63)]
		i := s.idx
		if i == 0 || s.k != k {
			i = g.slow(ev, r)
		}
		p = p.and(g.one[i-1])
		t[atTarget] = i
	}
	if g := q.client; g != nil {
		i := g.coded(uint32(r.C[signin.DimClient]))
		if i == 0 {
			i = g.slow(ev, r)
		}
		p = p.and(g.one[i-1])
		t[atClient] = i
	}
	var os platformID
	if c := uint(r.C[signin.DimOS]); c < uint(len(ev.systems)) {
		os = ev.systems[c]
	}
	if os == platformUnseen {
		os = osPlatform(ev, r)
	}
	if g := q.platform; g != nil {
		n := os
		if os < platformFirst {
			n = ev.platform(r)
		}
		i := g.coded(uint32(n))
		if i == 0 {
			i = g.slow(ev, r)
		}
		p = p.and(g.one[i-1])
		t[atPlatform] = i
	}
	if g := q.place; g != nil {
		k := key{a: pack(r.C[signin.DimIP], r.C[signin.DimCountry]), b: uint64(r.C[signin.DimNamedLocations])}
		if credential == factYes && r.Stream() == signin.NonInteractive {
			k.c = 1
		}
		if nowhere(r) {
			k.c |= 2
		}
		if ev.placesDated {
			k.c |= ev.placeEpoch(r) << 2
		}
		s := &g.keys.slots[k.hash()>>(g.keys.shift&63)]
		i := s.idx
		if i == 0 || s.k != k {
			i = g.slow(ev, r)
		}
		p = p.and(g.one[i-1])
		t[atPlace] = i
	}
	if g := q.risk; g != nil {
		i := g.coded(uint32(r.C[signin.DimRiskLevel]))
		if i == 0 {
			i = g.slow(ev, r)
		}
		p = p.and(g.one[i-1])
		t[atRisk] = i
	}
	if g := q.flow; g != nil {
		n, _ := flowNumber(ev, r)
		i := g.coded(n)
		if i == 0 {
			i = g.slow(ev, r)
		}
		p = p.and(g.one[i-1])
		t[atFlow] = i
	}
	if g := q.device; g != nil {
		k := key{
			a: pack(r.C[signin.DimDevice], r.C[signin.DimDeviceName]),
			b: uint64(os),
			c: uint64(r.Compliant())<<16 | uint64(r.Managed())<<8 | uint64(r.Trust()),
		}
		if c := uint(r.C[signin.DimDevice]); c >= uint(len(ev.devices)) || !ev.devices[c].steady() {
			k.b |= ev.deviceEpoch(r) << 16
		}
		s := &g.keys.slots[k.hash()>>(g.keys.shift&63)]
		i := s.idx
		if i == 0 || s.k != k {
			i = g.slow(ev, r)
		}
		p = p.and(g.one[i-1])
		t[atDevice] = i
	}
	for _, g := range q.others {
		i := g.slow(ev, r)
		p = p.and(g.one[i-1])
		t[g.at] = i
	}
	return p
}

func (p pair) and(q pair) pair { return pair{p.yes & q.yes, p.maybe & q.maybe} }

// coded is the number of the answer under a small number, plus one; 0 = the
// number is not enough, or is seen for the first time.
func (g *group) coded(n uint32) int32 {
	if uint(n) < uint(len(g.small)) {
		return g.small[n]
	}
	return 0
}

// slow finds the answer the long way; the number is plus one, as in the tables.
//
//go:noinline
func (g *group) slow(ev *Evaluator, r *signin.Row) int32 { return g.index(ev, r) + 1 }

// matchWords is match for sets of more than 64 policies.
func (ev *Evaluator) matchWords(m *Match, r *signin.Row, f *verdicts) {
	m.Applies, m.Unknown = f.yes, f.maybe
	for i := range ev.groups {
		g := &ev.groups[i]
		n := g.index(ev, r)
		ev.row[g.at] = n + 1
		v := &g.answers[n]
		for w := range ev.e.words {
			m.Applies[w] &= v.yes[w]
			m.Unknown[w] &= v.maybe[w]
		}
	}
	for w := range ev.e.words {
		m.Unknown[w] &^= m.Applies[w]
	}
}
