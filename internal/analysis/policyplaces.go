package analysis

import (
	"net/netip"
	"slices"

	"frisk/internal/lint"
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// places looks, for one worker, for sign-ins over IPv6 from the networks behind
// named locations of IPv4 ranges: the autonomous system and the city that
// sign-ins from the ranges have too. Rows without an autonomous system tell
// nothing. See lint.Beside.
type places struct {
	ids    []string         // of the locations looked at
	ranges [][]netip.Prefix // theirs
	over6  []netip.Prefix   // of all locations: an address there is in one after all
	sym    *signin.Symbols
	in     [][]int // by code of the address: the locations it lies in; nil = not looked at
	named  []int8  // by code of an IPv6 address: 1 in a location, -1 in none, 0 not looked at

	behind map[behind]bool
	one    map[network]int64 // of the person at hand: sign-ins over IPv6
	people []map[network]int64
}

// network is where sign-ins come from.
type network struct {
	asn  uint32
	city string
}

// behind is a network that sign-ins from a location's ranges came from.
type behind struct {
	location int
	network
}

func newPlaces(set *policy.Set, sym *signin.Symbols) *places {
	p := &places{sym: sym, behind: map[behind]bool{}, one: map[network]int64{}}
	for _, l := range set.Present().Locations {
		var list []netip.Prefix
		only4 := l.Kind == policy.LocationIP
		for _, text := range l.Ranges {
			r, err := netip.ParsePrefix(text)
			if err != nil {
				continue // the reader has left out what does not parse
			}
			if r.Addr().Is6() {
				only4 = false
				p.over6 = append(p.over6, r)
			}
			list = append(list, r)
		}
		if only4 && len(list) > 0 {
			p.ids, p.ranges = append(p.ids, l.ID), append(p.ranges, list)
		}
	}
	return p
}

// see takes the rows of one person.
func (p *places) see(r *signin.Row, over6 bool) {
	if len(p.ids) == 0 || r.ASN == 0 {
		return
	}
	ip := r.C[signin.DimIP]
	at := network{r.ASN, p.sym.Text(r, signin.DimCity)}
	switch {
	case !over6:
		for _, l := range p.within(ip) {
			p.behind[behind{l, at}] = true
		}
	case !known(&p.named, ip, p.sym[signin.DimIP], p.inNamed):
		p.one[at]++
	}
}

func (p *places) inNamed(text string) bool {
	addr, err := netip.ParseAddr(text)
	return err == nil && slices.ContainsFunc(p.over6, func(r netip.Prefix) bool { return r.Contains(addr) })
}

// within are the locations an address lies in, looked up once per code.
func (p *places) within(c signin.Code) []int {
	for int(c) >= len(p.in) {
		p.in = append(p.in, nil)
	}
	if p.in[c] == nil {
		p.in[c] = []int{}
		if addr, err := netip.ParseAddr(p.sym[signin.DimIP].Text(c)); err == nil {
			for i, list := range p.ranges {
				if slices.ContainsFunc(list, func(r netip.Prefix) bool { return r.Contains(addr.Unmap()) }) {
					p.in[c] = append(p.in[c], i)
				}
			}
		}
	}
	return p.in[c]
}

func (p *places) endPerson() {
	if len(p.one) > 0 {
		p.people, p.one = append(p.people, p.one), map[network]int64{}
	}
}

// besides joins what the workers saw, by location id.
func besides(workers []*factsWorker) map[string]lint.Beside {
	all := map[behind]bool{}
	for _, w := range workers {
		for b := range w.places.behind {
			all[b] = true
		}
	}
	out := map[string]lint.Beside{}
	for i, id := range workers[0].places.ids {
		var b lint.Beside
		for _, w := range workers {
			for _, person := range w.places.people {
				var n int64
				for at, count := range person {
					if all[behind{i, at}] {
						n += count
					}
				}
				if n > 0 {
					b.SignIns += n
					b.People++
				}
			}
		}
		out[id] = b
	}
	return out
}
