package risk

import (
	"cmp"
	"slices"

	"frisk/internal/signin"
)

// visit is consecutive sign-ins alike in everything that travel looks at: one
// network, device and place. Nothing in it depends on the order of equal rows.
type visit struct {
	place
	standing standing
	lo, hi   int // of tracing.order
	row      int // the first
	from, to signin.Time
	net      uint64
	asn      uint32
	device   signin.Code
	country  signin.Code
	class    Class
	through  bool // the organisation's own VPN or proxy
	trusted  bool
	managed  bool // compliant, or managed
	safe     bool // an analyst confirmed it safe
	held     bool // by another detector
	loser    bool // blamed for the score
	known    bool // the network was the person's own by their past
	factor   signin.MFAState
	stopped  signin.Reason
	letIn    bool
}

// stop is consecutive visits at one place without a long pause.
type stop struct {
	lo, hi int // of tracing.visits
	weight int64
	best   int64 // of the chains that end here
	prev   int   // before it in the best one, -1 = none
	on     bool  // on the chain
	moving bool  // transparent: a place that says nothing about where the person is
}

// tracing is the second look of travel, at one person's whole history: which
// sign-ins can be one person's journey, which are left over, and what explains
// those. All buffers are reused.
type tracing struct {
	t      *travel
	s      *Sink
	order  []int // accepted rows by time and id
	visits []visit
	stops  []stop
	kin    kin
	open   []incident
	onLen  int // sign-ins on the chain
	// journeys counts the comparisons of two visits since the start: the work of it all.
	journeys int
}

func (tr *tracing) init(t *travel) {
	tr.t = t
	tr.kin.init()
}

// find writes the findings about one person.
func (tr *tracing) find(s *Sink) {
	tr.s = s
	slices.Sort(tr.t.losers)
	slices.Sort(tr.t.known)
	tr.collect()
	tr.kin.build(tr)
	tr.halt()
	tr.link()
	if tr.kin.discredit(tr) {
		tr.halt()
		tr.link()
	}
	tr.kin.settle(tr)
	tr.judge()
}

// in reports that a sorted list holds i.
func in(list []int, i int) bool {
	_, ok := slices.BinarySearch(list, i)
	return ok
}

// collect makes visits of the accepted rows.
func (tr *tracing) collect() {
	s, e := tr.s, tr.t.env
	tr.order, tr.visits = tr.order[:0], tr.visits[:0]
	for i := range s.rows {
		r := &s.rows[i]
		if humanStreams[r.Stream()] && !guessFailed(r) && personal(r) && accepted(r) {
			tr.order = append(tr.order, i)
		}
	}
	rows := s.rows
	sooner := func(a, b int) int {
		x, y := &rows[a], &rows[b]
		if x.Time != y.Time {
			return cmp.Compare(x.Time, y.Time)
		}
		return cmp.Or(cmp.Compare(x.ID, y.ID), cmp.Compare(x.Lat, y.Lat), cmp.Compare(x.Lon, y.Lon))
	}
	if !slices.IsSortedFunc(tr.order, sooner) { // a history is sorted but for ties
		slices.SortStableFunc(tr.order, sooner)
	}
	low := tr.t.cfg.Sensitivity != SensitivityHigh
	for k, i := range tr.order {
		r := &rows[i]
		v := visit{
			lo: k, hi: k + 1, row: i, from: r.Time, to: r.Time, net: e.netKey(r), asn: r.ASN, device: r.C[signin.DimDevice],
			country: r.C[signin.DimCountry], class: e.class(r), trusted: e.trusted(r), safe: s.safe[i], held: s.held[i] && !in(tr.t.holds, i),
			managed: r.Compliant() == signin.True || r.Managed() == signin.True,
			factor:  r.MFA(), stopped: refusal(r), letIn: r.Outcome() == signin.Success,
			loser: in(tr.t.losers, i), known: in(tr.t.known, i),
		}
		v.through = low && v.trusted && e.tunnel(r)
		v.trusted = v.trusted || v.class&Corporate != 0
		v.class = tr.t.placer.widened(r, v.class, forever)
		v.place, v.standing = tr.t.placer.locate(r, v.class, forever)
		if v.standing == somewhere && v.through {
			v.standing = unbounded
		}
		if n := len(tr.visits); n > 0 && tr.visits[n-1].same(&v) {
			tr.visits[n-1].hi, tr.visits[n-1].to = k+1, r.Time
			continue
		}
		tr.visits = append(tr.visits, v)
	}
}

// same reports that b goes on with a.
func (a *visit) same(b *visit) bool {
	x, y := a.place, b.place
	return a.standing == b.standing && x.lat == y.lat && x.lon == y.lon && x.radius == y.radius && x.source == y.source &&
		a.net == b.net && a.asn == b.asn && a.device == b.device && a.class == b.class && a.country == b.country &&
		a.through == b.through && a.trusted == b.trusted && a.managed == b.managed && a.safe == b.safe && a.held == b.held &&
		a.loser == b.loser && a.known == b.known && a.factor == b.factor && a.stopped == b.stopped && a.letIn == b.letIn &&
		b.from-a.to < pause
}

// pause ends a stop: what lies so far apart is explained, or not, by itself.
const pause = 8 * signin.Hour

// halt makes stops of the visits that have a place. Those that say nothing about
// where the person is (standing unbounded) make stops of their own, which are
// moving: left out of the chain and held against it afterwards.
func (tr *tracing) halt() {
	tr.stops = tr.stops[:0]
	for i := range tr.visits {
		v := &tr.visits[i]
		if v.standing == nowhere {
			continue
		}
		if n := len(tr.stops); n > 0 {
			last := &tr.stops[n-1]
			a, z := &tr.visits[last.lo], &tr.visits[last.hi-1]
			if last.hi == i && a.standing == v.standing && v.from-z.to < pause && a.radius == v.radius &&
				surelyWithin(a.lat, a.lon, v.lat, v.lon, sameKm) && (v.standing != unbounded || a.class == v.class) {
				last.hi = i + 1
				continue
			}
		}
		tr.stops = append(tr.stops, stop{lo: i, hi: i + 1, prev: -1, moving: v.standing == unbounded || tr.kin.drifts(tr, v)})
	}
}

// horizon is the time after which any journey was possible.
func (tr *tracing) horizon() signin.Time {
	return signin.Time(tr.t.cfg.needed(longest)*float64(signin.Minute)) + signin.Minute
}

// between measures the journey from the end of stop i to the beginning of a later
// stop j, and reports that none was possible.
func (tr *tracing) between(i, j int) (leg, bool) {
	return tr.journey(&tr.visits[tr.stops[i].hi-1], &tr.visits[tr.stops[j].lo])
}

// journey is the same for two visits; a is not later than b. A place is widened
// when the whole log shows that its operator does not locate.
func (tr *tracing) journey(a, b *visit) (leg, bool) {
	t := tr.t
	tr.journeys++
	if surelyWithin(a.lat, a.lon, b.lat, b.lon, t.cfg.TravelMinKm) {
		return leg{}, false
	}
	ra, rb := &tr.s.rows[a.row], &tr.s.rows[b.row]
	gap := max(0, b.from-a.to)
	l := t.cfg.leg(&a.place, &b.place, gap, t.cfg.skew(ra, rb))
	if !l.impossible(t.cfg) {
		return l, false
	}
	wa, wb := t.placer.widen(&a.place, ra, forever), t.placer.widen(&b.place, rb, forever)
	if wa || wb {
		l = t.cfg.leg(&a.place, &b.place, gap, t.cfg.skew(ra, rb))
	}
	return l, l.impossible(t.cfg)
}
