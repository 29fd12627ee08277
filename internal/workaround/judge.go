package workaround

import (
	"math"

	"frisk/internal/risk"
	"frisk/internal/signin"
)

// hit is the first success by one route in a window; row -1 for a way beside the rows.
type hit struct {
	ok       bool
	row      int32
	at       signin.Time
	fact     risk.Fact
	attacker float64
}

// found is what a window shows, by route: the first way an employee went, and
// the first that looks like an attacker's.
type found struct{ own, hostile [maxRoutes]hit }

// policySum is what one person's stops by one policy come to.
type policySum struct {
	policy          string
	blocks, prompts int
	stops           int  // that are compared
	fast, slow      bool // some stop has comparable windows
	routes          [maxRoutes + 1]routeSum
}

// routeSum is one route in a policySum.
type routeSum struct {
	hits     int     // stops it was taken after
	compared int     // stops with comparable windows
	struck   int     // of these, it was taken after
	usual    float64 // of these, the sum of the shares of windows it was taken in
	none     float64 // log of the chance that it followed no stop, were stops like other times
	cases    int
	hostile  int
	attacker float64 // sum over cases of both kinds
}

// judge compares every stop with other times and folds the person into the tally.
func (p *person) judge() {
	p.sums = p.sums[:0]
	for k := range p.stops {
		s := &p.stops[k]
		s.requested = p.requested(s)
		p.one(s)
	}
	p.look()
	p.w.tally.addPerson(p.key, p.sums)
}

// lookAt is how many successes of a person are asked what they carry.
const lookAt = 50

// look notes which routes the person's rows could have shown at all.
func (p *person) look() {
	for n := range routes {
		if p.w.tally.told[n] {
			continue
		}
		for _, i := range p.accepted[:min(len(p.accepted), lookAt)] {
			if routes[n].says(p, int(i)) {
				p.w.tally.told[n] = true
				break
			}
		}
	}
}

func (p *person) sum(policy string) *policySum {
	for i := range p.sums {
		if p.sums[i].policy == policy {
			return &p.sums[i]
		}
	}
	p.sums = append(p.sums, policySum{policy: policy})
	return &p.sums[len(p.sums)-1]
}

// one judges one stop.
func (p *person) one(s *stop) {
	fast := s.last - s.at + p.w.within
	slow := s.last - s.at + p.w.slow
	after := p.scan(s, s.at, fast, slow)
	counts := !s.attack && !s.foreign
	var usual [maxRoutes + 1]int
	var windows [2]int // fast, slow
	if counts {
		windows[1] = len(p.usual(s, slow, true, &usual))
		windows[0] = len(p.usual(s, fast, false, &usual)) // p.windows are these from here on
	}
	var own [maxRoutes]bool
	for n := range routes {
		own[n] = p.listed(s, n, &after.own[n])
	}
	deferred := -1
	if counts {
		for n := range routes {
			if routes[n].Name == otherAccount && p.defers(s, n, &after.own[n], own[n], usual[n], p.windows, fast) {
				deferred = n
			}
		}
	}
	for _, id := range s.policies {
		p.count(p.sum(id), s, &after, &own, &usual, windows, deferred)
	}
	for n := range routes {
		m := windows[btoi(routes[n].Slow)]
		if h := &after.own[n]; counts && own[n] {
			p.w.tally.cases.add(p.caseOf(s, n, h, usual[n], m))
		}
		if h := &after.hostile[n]; h.ok {
			p.w.tally.cases.add(p.caseOf(s, n, h, usual[n], m))
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// listed reports that a way is worth a case: the person has a past, and did not go
// that way in it, other than after a stop.
func (p *person) listed(s *stop, n int, h *hit) bool {
	if !h.ok || h.row < 0 || routes[n].Slow {
		return h.ok
	}
	return p.past.long(s.at) && !p.used(s.at, func(i int) bool { return p.same(s, i) && routes[n].took(p, s, s.at, i) })
}

// usual counts, by route, the comparable windows it was taken in, and gives the
// windows, which are valid until the next call.
func (p *person) usual(s *stop, length signin.Time, slow bool, out *[maxRoutes + 1]int) []signin.Time {
	starts := p.matched(s, length, slow)
	for _, from := range starts {
		limit := [2]signin.Time{length, 0}
		if slow {
			limit = [2]signin.Time{0, length}
		}
		f := p.scan(s, from, limit[0], limit[1])
		some := false
		for n := range routes {
			if f.own[n].ok && routes[n].Slow == slow {
				out[n]++
				some = true
			}
		}
		if some && !slow {
			out[anyRoute]++
		}
	}
	return starts
}

// scan finds the ways gone in the windows of fast and slow routes that begin at from.
// A success counts for one route, the most telling that it fits.
func (p *person) scan(s *stop, from, fast, slow signin.Time) (out found) {
	lo, hi := p.between(from, from+max(fast, slow))
	for _, at := range p.accepted[lo:hi] {
		i := int(at)
		if !p.same(s, i) {
			continue
		}
		span := p.rows[i].Time - from
		for n := range routes {
			t := &routes[n]
			if t.took == nil || (t.Slow && span > slow) || (!t.Slow && span > fast) || !t.took(p, s, from, i) {
				continue
			}
			h := hit{ok: true, row: at, at: p.rows[i].Time, attacker: p.read(s, i, from, false).Attacker}
			put(&out, n, h)
			break
		}
	}
	for n := range routes {
		if t := &routes[n]; t.between != nil && slow > 0 {
			if w, ok := t.between(p, s, from, from+slow); ok {
				put(&out, n, hit{ok: true, row: -1, at: w.at, fact: w.fact, attacker: p.read(s, -1, from, false).Attacker})
			}
		}
	}
	return out
}

func put(out *found, n int, h hit) {
	to := &out.own[n]
	if h.attacker >= attackLike {
		to = &out.hostile[n]
	}
	if !to.ok {
		*to = h
	}
}

// count adds one stop to a policy's sum.
func (p *person) count(sum *policySum, s *stop, after *found, listed *[maxRoutes]bool, usual *[maxRoutes + 1]int, windows [2]int, deferred int) {
	if !s.attack {
		if s.prompt {
			sum.prompts++
		} else {
			sum.blocks++
		}
	}
	counts := !s.attack && !s.foreign
	if counts {
		sum.stops++
		sum.fast, sum.slow = sum.fast || windows[0] > 0, sum.slow || windows[1] > 0
	}
	anyHit := false
	for n := range routes {
		r := &sum.routes[n]
		if h := &after.hostile[n]; h.ok {
			r.hostile++
			r.attacker += h.attacker
		}
		if !counts {
			continue
		}
		own := after.own[n].ok
		if listed[n] {
			r.cases++
			r.attacker += after.own[n].attacker
		}
		if n != deferred {
			r.compare(own, usual[n], windows[btoi(routes[n].Slow)])
		}
		anyHit = anyHit || own && !routes[n].Slow
	}
	if counts {
		sum.routes[anyRoute].compare(anyHit, usual[anyRoute], windows[0])
	}
}

// compare adds one stop: whether the route followed it, and in how many of m
// comparable windows it was taken. Were the time after a stop like the others, each
// of the m+1 windows would be as likely to hold one of the y+1 occurrences.
func (r *routeSum) compare(own bool, y, m int) {
	if own {
		r.hits++
	}
	if m == 0 {
		return
	}
	r.compared++
	r.struck += btoi(own)
	r.usual += float64(y) / float64(m)
	if k := y + btoi(own); k > m {
		r.none = math.Inf(-1)
	} else {
		r.none += math.Log1p(-float64(k) / float64(m+1))
	}
}
