package rba

import (
	"math"
	"net/netip"

	"frisk/internal/rarity"

	"github.com/zeebo/xxh3"
)

// own is frisk's statistic on the data set: package rarity with the product's
// defaults, which knows everybody's habits, and the person's, as of the day before.
type own struct {
	crowd [2]*rarity.Crowd
	paths [2][]rarity.Path // by point
	past  [2]*rarity.History
	mimic float64
}

// Defaults of the knobs rarity.half-life, rarity.alpha and rarity.mimic.
const (
	ownHalfLife = 90
	ownAlpha    = 1
	ownMimic    = 0.0625
)

func newOwn() *own {
	o := &own{mimic: ownMimic}
	for f := range o.crowd {
		o.crowd[f] = rarity.NewCrowd(ownHalfLife)
		o.past[f] = rarity.NewHistory(ownAlpha, ownHalfLife)
	}
	return o
}

func hash(s string) uint64 { return max(1, xxh3.HashString(s)) }

// place adds the path of a new place: country, AS, network, address.
func (o *own) place(l *Login) {
	v := [rarity.Levels]uint64{hash(l.Country), hash(l.ASN), 0, hash(l.IP)}
	if a, err := netip.ParseAddr(l.IP); err == nil {
		bits := 48
		if a.Is4() {
			bits = 24
		}
		if p, err := a.Prefix(bits); err == nil {
			v[2] = hash(p.String())
		}
	}
	o.paths[0] = append(o.paths[0], o.crowd[0].Tree.Path(&v))
}

// agent adds the path of a new client: device type, system, browser, user agent.
func (o *own) agent(l *Login) {
	v := [rarity.Levels]uint64{hash(l.Device), hash(l.OS), hash(l.Browser), hash(l.Agent)}
	o.paths[1] = append(o.paths[1], o.crowd[1].Tree.Path(&v))
}

func (o *own) learn(at [2]uint32, day int32) {
	for f := range o.crowd {
		o.crowd[f].Visit(&o.paths[f][at[f]], day)
	}
}

// bits is the rarity of a login at the given points.
func (o *own) bits(at [2]uint32, day int32) float64 {
	sum := 0.0
	for f := range o.crowd {
		p := &o.paths[f][at[f]]
		g := o.crowd[f].Shares(p, day)
		r := o.past[f].Ratios(p, &g, day)
		sum += math.Log2((1-o.mimic)*r.Product() + o.mimic)
	}
	return sum
}
