package rba

import "math/rand/v2"

// Attacker is one of the four kinds of the paper, password in hand.
type Attacker uint8

// The kinds, by what they know. The paper's words stand in the reference; how the
// authors drew each is not public, so this is how they are drawn here:
const (
	// Naive comes with address and client of a row from a known attack address.
	Naive Attacker = iota
	// VPN does so from an attack address in the country of the user's last login.
	VPN
	// Targeted comes with the address of another user's login in the same city, and
	// a client of another user with the same browser and device type.
	Targeted
	// VeryTargeted are the account takeovers of the data set, as they are.
	VeryTargeted
	numAttackers
)

func (a Attacker) String() string {
	return [...]string{"naive", "vpn", "targeted", "very targeted"}[a]
}

// keep is how many of the latest rows of each sort attacks are drawn from.
const keep = 512

// pool holds the latest of one sort.
type pool struct {
	of   []drawn
	next int
}

type drawn struct {
	at   [2]uint32
	user uint32
}

func (p *pool) add(d drawn) {
	if len(p.of) < keep {
		p.of = append(p.of, d)
		return
	}
	p.of[p.next] = d
	p.next = (p.next + 1) % keep
}

// draw is one of the pool that is not the user's own.
func (p *pool) draw(rng *rand.Rand, user uint32) (drawn, bool) {
	if p == nil || len(p.of) == 0 {
		return drawn{}, false
	}
	for range 8 {
		if d := p.of[rng.IntN(len(p.of))]; d.user != user {
			return d, true
		}
	}
	return drawn{}, false
}

// attackers are where attacks are drawn from, as of the row at hand.
type attackers struct {
	rng     *rand.Rand
	any     pool
	country map[uint64]*pool
	city    map[uint64]*pool
	client  map[uint64]*pool
}

func newAttackers(seed uint64) *attackers {
	return &attackers{
		rng:     rand.New(rand.NewPCG(seed, 0x5ba)), //nolint:gosec // reproducible, not secret
		country: map[uint64]*pool{}, city: map[uint64]*pool{}, client: map[uint64]*pool{},
	}
}

func poolOf(m map[uint64]*pool, key string) *pool {
	h := hash(key)
	p := m[h]
	if p == nil {
		p = &pool{}
		m[h] = p
	}
	return p
}

// nobody is the user of rows that are attacks.
const nobody = ^uint32(0)

func (a *attackers) hostile(l *Login, at [2]uint32) {
	d := drawn{at, nobody}
	a.any.add(d)
	poolOf(a.country, l.Country).add(d)
}

func (a *attackers) honest(l *Login, at [2]uint32, user uint32) {
	d := drawn{at, user}
	poolOf(a.city, l.City).add(d)
	poolOf(a.client, l.Browser+"\x1f"+l.Device).add(d)
}

// against draws an attack on the user of a login, who would have made it from
// there. ok is false when there is nothing to draw from yet.
func (a *attackers) against(kind Attacker, l *Login, user uint32) (at [2]uint32, ok bool) {
	switch kind {
	case Naive:
		d, ok := a.any.draw(a.rng, user)
		return d.at, ok
	case VPN:
		d, ok := a.country[hash(l.Country)].draw(a.rng, user)
		return d.at, ok
	case Targeted:
		p, ok := a.city[hash(l.City)].draw(a.rng, user)
		c, ok2 := a.client[hash(l.Browser+"\x1f"+l.Device)].draw(a.rng, user)
		return [2]uint32{p.at[0], c.at[1]}, ok && ok2
	}
	return at, false
}
