package risk

import (
	"cmp"
	"net/netip"
	"slices"

	"frisk/internal/signin"
)

// egress counts the distinct people let in from each network (a /24 or /48) and
// from each operator (AS number) in the days before a day (reference, detection 1.4 step 6b). An office, a VPN exit
// and a carrier's gateway have many; a home has one, and so has a thief's rented
// server, mostly. Memory is bounded by pairs of person and network and by pauses
// in their use, not by rows.
type egress struct {
	days                int32 // how long a use counts
	codes               byCode[uint32]
	sym                 *signin.Symbols
	nets                map[uint64]uint32
	keys                []uint64 // of nets, by number
	slots               []egressSlot
	touched             []uint32 // nets of the person at hand
	gen                 uint32
	person              uint64
	lastNet             uint32
	lastDay             int32
	lastASN, lastASNNet uint32
	once                []egressSpan // days on which a person counts for one use
	twice               []egressSpan // the same for uses on two separate days
	onceStep            map[uint64][]egressStep
	twiceStep           map[uint64][]egressStep
}

// egressSlot is what the person at hand did on one network.
type egressSlot struct {
	gen         uint32
	last        int32 // day of the last use
	once, twice daySpan
}

// daySpan is days from..to; empty when to is below from.
type daySpan struct{ from, to int32 }

type egressSpan struct {
	net, person uint64
	daySpan
}

// egressStep is the number of people from a day on.
type egressStep struct{ day, people int32 }

var _ = registerSurvey("egress", signin.NeedDims(signin.DimIP), func(c *Config) Survey { return newEgress(c) })

func newEgress(c *Config) *egress {
	g := &egress{days: int32(c.EgressDays), nets: map[uint64]uint32{}}
	g.codes.of = func(s string) uint32 { return g.number(netKeyOf(s)) }
	return g
}

// netKeyOf is the network of an address as a number that is the same everywhere;
// 0 = not an address.
func netKeyOf(s string) uint64 {
	a, err := netip.ParseAddr(s)
	if err != nil {
		return 0
	}
	b := a.Unmap().As16()
	if a.Unmap().Is4() {
		return 1<<56 | uint64(b[12])<<16 | uint64(b[13])<<8 | uint64(b[14])
	}
	k := uint64(2 << 56)
	for i, x := range b[:6] {
		k |= uint64(x) << (40 - 8*i)
	}
	return k
}

// asnKey is the key of an operator among those of networks.
func asnKey(asn uint32) uint64 { return 3<<56 | uint64(asn) }

func (g *egress) number(key uint64) uint32 {
	n, ok := g.nets[key]
	if !ok {
		n = uint32(len(g.keys)) //nolint:gosec // distinct networks of one log
		g.nets[key] = n
		g.keys, g.slots = append(g.keys, key), append(g.slots, egressSlot{})
	}
	return n
}

func (g *egress) Use(sym *signin.Symbols) { g.sym, g.codes.vals = sym, g.codes.vals[:0] }

func (g *egress) Observe(s *Sighting) {
	if s.Refused || s.Row.Outcome() != signin.Success {
		return
	}
	if s.First || s.Person != g.person || g.gen == 0 {
		g.flush()
		g.person = s.Person
	}
	n, d := g.codes.get(g.sym[signin.DimIP], s.Row.C[signin.DimIP]), day(s.Row.Time)
	if n == g.lastNet && d == g.lastDay || g.keys[n] == 0 {
		return
	}
	g.lastNet, g.lastDay = n, d
	g.use(n, d)
	if s.Row.ASN != 0 {
		if s.Row.ASN != g.lastASN {
			g.lastASN, g.lastASNNet = s.Row.ASN, g.number(asnKey(s.Row.ASN))
		}
		g.use(g.lastASNNet, d)
	}
}

// use counts the person at hand on network or operator n for day d.
func (g *egress) use(n uint32, d int32) {
	t := &g.slots[n]
	if t.gen != g.gen {
		*t = egressSlot{gen: g.gen, last: d, once: daySpan{d + 1, d + g.days}, twice: daySpan{0, -1}}
		g.touched = append(g.touched, n)
		return
	}
	if d <= t.last {
		return
	}
	g.once = g.extend(g.once, n, &t.once, daySpan{d + 1, d + g.days})
	if d-t.last < g.days {
		g.twice = g.extend(g.twice, n, &t.twice, daySpan{d + 1, t.last + g.days})
	}
	t.last = d
}

// extend joins two spans that touch, or keeps the old one and opens the next.
func (g *egress) extend(out []egressSpan, n uint32, open *daySpan, next daySpan) []egressSpan {
	if open.to >= open.from {
		if next.from <= open.to+1 {
			open.to = max(open.to, next.to)
			return out
		}
		out = append(out, egressSpan{g.keys[n], g.person, *open})
	}
	*open = next
	return out
}

// flush ends the person at hand.
func (g *egress) flush() {
	for _, n := range g.touched {
		t := &g.slots[n]
		if t.once.to >= t.once.from {
			g.once = append(g.once, egressSpan{g.keys[n], g.person, t.once})
		}
		if t.twice.to >= t.twice.from {
			g.twice = append(g.twice, egressSpan{g.keys[n], g.person, t.twice})
		}
	}
	g.touched, g.gen = g.touched[:0], g.gen+1
	g.lastNet, g.lastDay = 0, -1
}

func (g *egress) Merge(other Survey) {
	o := other.(*egress)
	g.flush()
	o.flush()
	g.once, g.twice = append(g.once, o.once...), append(g.twice, o.twice...)
}

func (g *egress) Seal() {
	g.flush()
	g.onceStep, g.twiceStep = egressSteps(g.once), egressSteps(g.twice)
	*g = egress{days: g.days, onceStep: g.onceStep, twiceStep: g.twiceStep}
}

// egressSteps sums spans, those of one person joined first: accounts that
// identity.csv joins arrive apart.
func egressSteps(spans []egressSpan) map[uint64][]egressStep {
	slices.SortFunc(spans, func(a, b egressSpan) int {
		return cmp.Or(cmp.Compare(a.net, b.net), cmp.Compare(a.person, b.person), cmp.Compare(a.from, b.from))
	})
	out := map[uint64][]egressStep{}
	for i := 0; i < len(spans); {
		net := spans[i].net
		var steps []egressStep
		for i < len(spans) && spans[i].net == net {
			s := spans[i]
			for i++; i < len(spans) && spans[i].net == net && spans[i].person == s.person && spans[i].from <= s.to+1; i++ {
				s.to = max(s.to, spans[i].to)
			}
			steps = append(steps, egressStep{s.from, 1}, egressStep{s.to + 1, -1})
		}
		slices.SortFunc(steps, func(a, b egressStep) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.people, b.people)) })
		joined, n := steps[:0], int32(0)
		for k, s := range steps {
			n += s.people
			if k+1 == len(steps) || steps[k+1].day != s.day {
				joined = append(joined, egressStep{s.day, n})
			}
		}
		out[net] = slices.Clip(joined)
	}
	return out
}

// peopleOn is the number of people on day d.
func peopleOn(steps []egressStep, d int32) int {
	i, exact := slices.BinarySearchFunc(steps, d, func(s egressStep, d int32) int { return cmp.Compare(s.day, d) })
	if !exact {
		i--
	}
	if i < 0 {
		return 0
	}
	return int(steps[i].people)
}

// people is how many distinct people were let in from a network in the days
// before d, and how many of them on two separate days or more. A nil survey knows
// of nobody.
func (g *egress) people(net uint64, d int32) (once, twice int) {
	if g == nil || net == 0 {
		return 0, 0
	}
	return peopleOn(g.onceStep[net], d), peopleOn(g.twiceStep[net], d)
}

// habitual is people(...) on two days at the best of the days around d, for a
// finding, which may look at the whole history.
func (g *egress) habitual(net uint64, d int32) int {
	if g == nil || net == 0 {
		return 0
	}
	best := 0
	for _, at := range [...]int32{d, d + g.days/2, d + g.days} {
		best = max(best, peopleOn(g.twiceStep[net], at))
	}
	return best
}

// netKey is netKeyOf the row's address.
func (e *Env) netKey(r *signin.Row) uint64 {
	return e.tables.keys.get(e.Symbols[signin.DimIP], r.C[signin.DimIP])
}

// v6 reports that the row's address is of IPv6.
func (e *Env) v6(r *signin.Row) bool { return e.netKey(r)>>56 == 2 }
