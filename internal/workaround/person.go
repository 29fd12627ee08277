package workaround

import (
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// Person is one person's sign-ins, of all their accounts, in order of time.
type Person struct {
	// Key is the signin.PersonKey under which the person counts (their home account).
	Key string
	// Accounts are the keys of the accounts; nil = Key alone.
	Accounts []string
	// Account says of each row whose it is, by index in Accounts; nil = all of the first.
	Account []int32
	Rows    []signin.Row
	// Attack marks attack traffic (risk.Assessed.Attack); nil = none is known.
	Attack []bool
}

// Worker reads people, one at a time. It is not safe for concurrent use.
type Worker struct {
	env    Env
	facts  *facts
	within signin.Time // of fast routes
	slow   signin.Time
	tally  *Tally
	lately map[besideKey]signin.Time // of the person at hand: the last way kept
	p      person
}

// New prepares a worker for rows whose codes are sym's. The zero Config of env
// means risk.Defaults.
func New(env Env, sym *signin.Symbols) *Worker {
	if env.Config == (risk.Config{}) {
		env.Config = risk.Defaults()
	}
	w := &Worker{
		env: env, facts: newFacts(sym), tally: NewTally(), lately: map[besideKey]signin.Time{},
		within: signin.Time(env.Config.WorkaroundHours * float64(signin.Hour)),
		slow:   signin.Time(env.Config.WorkaroundSlowDays * float64(signin.Day)),
	}
	w.p.w = w
	w.facts.device.of = func(id string) uint64 {
		if n := env.DevicePeople(id); n < 2 || n > maxDevicePeople {
			return 0
		}
		return signin.IDHash(id)
	}
	return w
}

// Tally is what the worker has found so far.
func (w *Worker) Tally() *Tally { return w.tally }

// Person reads one person. Each person must be given once; rows are only read.
func (w *Worker) Person(in *Person) {
	p := &w.p
	p.in, p.rows, p.key, p.asked = in, in.Rows, in.Key, false
	p.habits.known, p.let.known = false, false
	p.stops = p.stops[:0]
	p.findStops()
	w.beside(in)
	if len(p.stops) == 0 {
		return
	}
	p.learn()
	p.judge()
}

// person is the scratch of the person at hand.
type person struct {
	w     *Worker
	in    *Person
	rows  []signin.Row
	key   string
	stops []stop
	// accepted are the rows of successes of the person, in order.
	accepted []int32
	// aftermath says of each that it came in the time after a stop.
	aftermath []bool
	past      past
	habits    habits
	let       letIn
	windows   []signin.Time // of the stop at hand
	asked     bool          // joined is filled
	joined    []Join
	sums      []policySum
}

func (p *person) attack(i int) bool { return i < len(p.in.Attack) && p.in.Attack[i] }

func (p *person) accountOf(i int) int32 {
	if p.in.Account == nil {
		return 0
	}
	return p.in.Account[i]
}

// keyOf is the account key of row i.
func (p *person) keyOf(i int) string {
	if p.in.Accounts == nil {
		return p.key
	}
	return p.in.Accounts[p.accountOf(i)]
}

// past is since when the person was seen with what, in successes that are no
// attack traffic.
type past struct {
	begin     signin.Time // the first of them
	devices   map[signin.Code]signin.Time
	systems   map[[2]signin.Code]signin.Time // system and browser
	networks  map[uint32]signin.Time
	platforms map[string]signin.Time
	methods   map[string]signin.Time
}

// settled is how long something must have been in use to count as the person's:
// what began with the occasion itself proves nothing. The rule is ours.
const settled = signin.Day

func note[K comparable](m map[K]signin.Time, k K, at signin.Time) {
	if _, ok := m[k]; !ok {
		m[k] = at
	}
}

// learn fills accepted and past.
func (p *person) learn() {
	h := &p.past
	if h.devices == nil {
		h.devices, h.systems, h.networks = map[signin.Code]signin.Time{}, map[[2]signin.Code]signin.Time{}, map[uint32]signin.Time{}
		h.platforms, h.methods = map[string]signin.Time{}, map[string]signin.Time{}
	}
	clear(h.devices)
	clear(h.systems)
	clear(h.networks)
	clear(h.platforms)
	clear(h.methods)
	h.begin = 0
	p.accepted = p.accepted[:0]
	f := p.w.facts
	var device, os, browser, methods signin.Code
	var asn uint32
	for i := range p.rows {
		r := &p.rows[i]
		if r.Outcome() != signin.Success || !human(r) {
			continue
		}
		p.accepted = append(p.accepted, int32(i)) //nolint:gosec // rows of one person
		if p.attack(i) {
			continue
		}
		if h.begin == 0 {
			h.begin = r.Time
		}
		// Mostly as the row before: then there is nothing new to note.
		if c := r.C[signin.DimDevice]; c != device && c != 0 {
			device = c
			note(h.devices, c, r.Time)
		}
		if o, b := r.C[signin.DimOS], r.C[signin.DimBrowser]; (o != os || b != browser) && o != 0 {
			os, browser = o, b
			note(h.systems, [2]signin.Code{o, b}, r.Time)
			if name := f.platformOf(r); name != "" {
				note(h.platforms, name, r.Time)
			}
		}
		if r.ASN != asn && r.ASN != 0 {
			asn = r.ASN
			note(h.networks, asn, r.Time)
		}
		if c := r.C[signin.DimMethods]; c != methods && c != 0 {
			methods = c
			for _, m := range *f.methods.get(f.sym[signin.DimMethods], c) {
				note(h.methods, m, r.Time)
			}
		}
	}
	p.aftermath = p.aftermath[:0]
	next := 0
	var until signin.Time
	for _, i := range p.accepted {
		t := p.rows[i].Time
		for next < len(p.stops) && p.stops[next].at <= t {
			until = max(until, p.stops[next].last+p.w.within)
			next++
		}
		p.aftermath = append(p.aftermath, t <= until)
	}
	for k := range p.stops {
		p.stops[k].foreign = p.foreign(&p.stops[k])
	}
}

// long reports that there is enough of a past before a time for what is missing
// in it to be unusual.
func (h *past) long(at signin.Time) bool { return h.begin != 0 && at-h.begin >= enoughPast }

// enoughPast is a working week and its weekend. The rule is ours.
const enoughPast = 7 * signin.Day

// used reports that one of the person's successes in the habit span before a time
// was of a kind, those left out that came in the time after a stop.
func (p *person) used(before signin.Time, kind func(i int) bool) bool {
	since := before - p.habitSpan()
	n := p.position(before)
	for k := n - 1; k >= 0; k-- {
		i := int(p.accepted[k])
		if p.rows[i].Time < since {
			return false
		}
		if !p.aftermath[k] && !p.attack(i) && kind(i) {
			return true
		}
	}
	return false
}

// known says whether something was the person's before a time: False when the
// person has a past then, without it; Unknown when there is no past to ask.
func known[K comparable](h *past, m map[K]signin.Time, k K, at signin.Time) signin.Truth {
	if h.begin == 0 || h.begin > at-settled {
		return signin.Unknown
	}
	t, ok := m[k]
	return signin.TruthOf(ok && t <= at-settled)
}

// between are the successes in [from, until], as positions in accepted.
func (p *person) between(from, until signin.Time) (lo, hi int) {
	return p.position(from), p.position(until + 1)
}

// position is that of the first success at or after a time.
func (p *person) position(at signin.Time) int {
	lo, hi := 0, len(p.accepted)
	for lo < hi {
		if mid := (lo + hi) / 2; p.rows[p.accepted[mid]].Time < at {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}
