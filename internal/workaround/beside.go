package workaround

import (
	"cmp"
	"slices"
	"strings"

	"frisk/internal/risk"
	"frisk/internal/signin"
)

// One person's rows do not show that somebody else's account took over on the same
// device. So stops on devices of a few people are kept, and the successes on such
// devices, and the two are brought together when all people have been read.

// maxDevicePeople is how many people may use a device for it to speak of them. The
// rule is ours: a married couple, a desk shared by shifts, an administrator's two
// accounts; above it stand kiosks.
const maxDevicePeople = 4

// sparse is how far apart the successes of one person on a shared device, to one
// thing, are that are kept, which bounds memory. The rule is ours.
const sparse = 10 * signin.Minute

// besideKey is what sparse counts by, of the person at hand.
type besideKey struct {
	device uint64
	target target
}

// shared is what is kept of devices that a few people use.
type shared struct {
	stops []sharedStop
	ways  map[uint64][]sharedWay // by device
}

// sharedStop is a stop on such a device, with the case it makes if somebody else's
// account follows.
type sharedStop struct {
	device  uint64
	target  target
	until   signin.Time
	windows []signin.Time
	length  signin.Time
	own     bool // the person's own other account followed
	usual   int  // comparable windows in which it was used
	c       Case
}

// sharedWay is a success on such a device.
type sharedWay struct {
	at     signin.Time
	person string
	name   string
	target target
	ref    signin.Ref
}

// target is what a sign-in was for, across workers.
type target struct{ resource, app uint64 }

func (t target) same(o target) bool {
	if t.resource != 0 && o.resource != 0 {
		return t.resource == o.resource
	}
	return t.app != 0 && t.app == o.app
}

func (f *facts) targetOf(r *signin.Row) target {
	return target{signin.IDHash(f.sym.Text(r, signin.DimResource)), signin.IDHash(f.sym.Text(r, signin.DimApp))}
}

func (s *shared) merge(o *shared) {
	s.stops = append(s.stops, o.stops...)
	for k, ways := range o.ways { // each by itself; sorted by settle
		s.put(k, ways...)
	}
}

func (s *shared) put(device uint64, ways ...sharedWay) {
	if s.ways == nil {
		s.ways = map[uint64][]sharedWay{}
	}
	s.ways[device] = append(s.ways[device], ways...)
}

// shares reports that a row's device is one of a few people, and its hash.
func (w *Worker) shares(r *signin.Row) (uint64, bool) {
	c := r.C[signin.DimDevice]
	if c == 0 || w.env.DevicePeople == nil {
		return 0, false
	}
	d := *w.facts.device.get(w.facts.sym[signin.DimDevice], c)
	return d, d != 0
}

// beside notes the person's successes on devices of a few people.
func (w *Worker) beside(in *Person) {
	if w.env.DevicePeople == nil {
		return
	}
	clear(w.lately)
	last, lastShared := signin.Code(0), false
	for i := range in.Rows {
		r := &in.Rows[i]
		c := r.C[signin.DimDevice]
		if c == 0 || (c == last && !lastShared) || r.Outcome() != signin.Success || !seen(r) || !human(r) || w.p.attack(i) {
			continue
		}
		device, ok := w.shares(r)
		last, lastShared = c, ok
		if !ok {
			continue
		}
		way := sharedWay{at: r.Time, person: in.Key, name: w.facts.sym.Text(r, signin.DimPrincipalName), target: w.facts.targetOf(r), ref: r.Ref}
		// One in a while is enough to say that the account was in use.
		k := besideKey{device, way.target}
		if was, ok := w.lately[k]; ok && way.at-was < sparse {
			continue
		}
		w.lately[k] = way.at
		w.tally.shared.put(device, way)
	}
}

// defers reports that route n of a stop is judged by settle, and keeps the stop for it.
func (p *person) defers(s *stop, n int, own *hit, listed bool, usual int, windows []signin.Time, length signin.Time) bool {
	device, ok := p.w.shares(&p.rows[s.row])
	if !ok || routes[n].Name != otherAccount {
		return false
	}
	h := hit{ok: true, row: -1, at: s.at}
	c := p.caseOf(s, n, &h, usual, len(windows))
	c.Facts = slices.DeleteFunc(c.Facts, func(f risk.Fact) bool { return f.Name == "" })
	bits := p.w.env.Config.WorkaroundBitsBeside
	c.Reading.add(Evidence{"beside", "same device as the refused attempt", -bits})
	p.w.tally.shared.stops = append(p.w.tally.shared.stops, sharedStop{
		device: device, target: p.w.facts.targetOf(&p.rows[s.row]), until: s.at + length, windows: slices.Clone(windows), length: length,
		own: own.ok && listed, usual: usual, c: c,
	})
	return true
}

// settle brings stops and successes on shared devices together. It is called once.
func (t *Tally) settle() {
	n := slices.IndexFunc(routes, func(r Route) bool { return r.Name == otherAccount })
	stops := t.shared.stops
	t.shared.stops = nil
	if n < 0 || len(stops) == 0 {
		return
	}
	for _, ways := range t.shared.ways { // each by itself
		slices.SortFunc(ways, func(a, b sharedWay) int {
			return cmp.Or(cmp.Compare(a.at, b.at), strings.Compare(a.person, b.person), cmp.Compare(a.ref.Run, b.ref.Run), cmp.Compare(a.ref.Row, b.ref.Row))
		})
	}
	slices.SortStableFunc(stops, func(a, b sharedStop) int { return compareCases(&a.c, &b.c) })
	sums := map[[2]string]*policySum{}
	for id, list := range t.policies { // each by itself
		for i := range list {
			sums[[2]string{id, list[i].person}] = &list[i].policySum
		}
	}
	for i := range stops {
		s := &stops[i]
		way := t.shared.find(s, s.c.StopAt, s.until)
		usual := s.usual
		for _, from := range s.windows {
			if t.shared.find(s, from, from+s.length) != nil {
				usual = min(usual+1, len(s.windows))
			}
		}
		habit := usual > 0 // somebody else's account on it is nothing special
		listed := way != nil && !s.own && !habit
		hostile := s.c.Reading.Attacker >= attackLike
		for _, id := range s.c.Policies {
			sum := sums[[2]string{id, s.c.Person}]
			if sum == nil {
				continue
			}
			x := &sum.routes[n]
			if listed {
				x.cases += btoi(!hostile)
				x.hostile += btoi(hostile)
				x.attacker += s.c.Reading.Attacker
			}
			x.compare(s.own || way != nil && !hostile, usual, len(s.windows))
		}
		if listed {
			c := s.c
			c.WayAt, c.Way, c.HasWay, c.Usual = way.at, way.ref, true, usual
			c.Facts = append(c.Facts, risk.Fact{Name: "account_after", Text: way.name})
			t.cases.add(c)
		}
	}
}

// find is the first success of somebody else on the device, to the same thing, in
// [from, until]; nil when there is none.
func (s *shared) find(q *sharedStop, from, until signin.Time) *sharedWay {
	ways := s.ways[q.device]
	i, _ := slices.BinarySearchFunc(ways, from, func(w sharedWay, t signin.Time) int { return cmp.Compare(w.at, t) })
	for ; i < len(ways) && ways[i].at <= until; i++ {
		if ways[i].person != q.c.Person && ways[i].target.same(q.target) {
			return &ways[i]
		}
	}
	return nil
}
