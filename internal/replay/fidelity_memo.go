package replay

import (
	"slices"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// comparer holds what the log recorded against replayed current. Rows that say
// the same under the same answers are compared once and counted: a comparison
// depends on the list of recorded evaluations, on what every condition said, on
// what the policies ask for in that session, and on which versions counted. What
// was counted is spread over the figures when the tally is asked for.
type comparer struct {
	w        *Worker
	set      *setRun
	ev       *policy.Evaluator // the set's own, or that of Config.Plain
	plain    bool
	number   int32            // of what ev's conditions say of the row at hand; see Evaluator.Told
	lo, hi   *policy.Decision // of the row at hand, by ev
	policies []*policy.Policy
	masks    bool
	index    index
	epochs   []signin.Time

	memo    map[memoKey]int32
	front   [memoFront]memoSlot
	entries []entry

	seen   map[effects]int32 // numbers of effects
	recent [recentEffects]struct {
		x effects
		n int32 // 0 = empty
	}
	last effects // of the row at hand

	counters  []counter
	byReason  map[reasonKey]int32
	bySubject map[uint64]int32 // by the counter without subject, and the subject

	// before is the session that the row at hand met, without what the row's own
	// outcome says of its age; early where that is another than the replay's.
	before [2]policy.State
	early  bool

	own, now [2]policy.Decision
	again    policy.Decision
	waiting  [2]policy.State
	shortest signin.Time // frequency; 0 = none
	second   policy.Mask // policies that ask for a second factor
	words    int         // of a mask that are in use
	state    policy.State
	none     [2]policy.State
	miss     miss
}

// memoKey is everything a comparison depends on.
type memoKey struct {
	list                   signin.Code
	told, effects, version int32
}

func (k memoKey) hash() uint64 {
	h := (uint64(k.list)<<32 | uint64(uint32(k.told))) * 0x9e3779b97f4a7c15                  //nolint:gosec // mixed
	h = (h ^ uint64(uint32(k.effects))<<32 ^ uint64(uint32(k.version))) * 0xbf58476d1ce4e5b9 //nolint:gosec // mixed
	return h ^ h>>31
}

type memoSlot struct {
	k memoKey
	n int32 // index of entries, plus one
}

const (
	memoFront     = 2048 // a power of two
	recentEffects = 64   // a power of two
	// maxEntries bounds the comparisons remembered; past it they are counted and forgotten.
	maxEntries = 1 << 13
)

// entry is one distinct comparison and how many rows had it.
type entry struct {
	rows   int64
	judged []judged
	away   []strange
	whys   []why
	each   bool // some why has to be looked at for every row
}

// strange is an evaluation that can be compared with nothing.
type strange struct {
	id, name        string
	outside, hidden bool
}

func newComparer(w *Worker) *comparer {
	c := &comparer{w: w, masks: w.cfg.Masks, memo: map[memoKey]int32{}, seen: map[effects]int32{}, byReason: map[reasonKey]int32{}, bySubject: map[uint64]int32{}}
	if len(w.sets) > 0 {
		c.set = w.sets[0]
		c.policies = w.cfg.Engines[0].Set().Policies
		c.epochs, c.shortest = epochs(c.policies), shortestFrequency(c.policies)
		c.words = (len(c.policies) + 63) / 64
		for n, p := range c.policies {
			if p.Grant != nil && p.Grant.Controls&(policy.ControlMFA|policy.ControlStrength|policy.ControlRiskRemediation) != 0 {
				c.second.Add(n)
			}
		}
		c.ev = c.set.ev
		if e := w.cfg.Plain; e != nil && len(e.Set().Policies) == len(c.policies) {
			c.ev, c.plain = e.Evaluator(w.t.sym), true
		}
	}
	c.index = newIndex(c.policies)
	w.t.recorded.of = c.index.evaluationsOf
	return c
}

// compareEvaluations holds what the log says of each policy on row i against
// what the current set said in the session st, in both worlds.
func (w *Worker) compareEvaluations(i int, st *[2]policy.State) {
	r, f, c := w.seen(i), &w.p.facts[i], w.fid
	fid := &w.tally.Fidelity
	early := c.early
	c.early = false
	list := r.C[signin.DimPolicies]
	if f.flag&silent != 0 {
		if list == 0 {
			fid.Silent++
		} else {
			fid.Empty++
		}
		return
	}
	fid.Listed++
	if !c.set.info.live {
		st = &c.none // not worked out where no policy can apply
	}
	if early {
		st = &c.before
	}
	c.decide(r, st, early)
	k := memoKey{list: list, told: c.number, effects: c.effects(i, st), version: epochAt(c.epochs, r.Time)}
	s := &c.front[k.hash()%memoFront]
	if s.n == 0 || s.k != k {
		n, ok := c.memo[k]
		if !ok {
			n = c.learn(i, k)
		}
		*s = memoSlot{k, n + 1}
	}
	e := &c.entries[s.n-1]
	e.rows++
	if e.each {
		c.each(i, e)
	}
}

// decide finds what is compared with the log: the decision of the replay, or,
// where that rests on facts learned from the log, or on the row's own outcome
// (early), one that does not: agreement with one's own evidence proves nothing.
func (c *comparer) decide(r *signin.Row, st *[2]policy.State, early bool) {
	c.lo, c.hi = c.set.lo, c.set.hi
	m := c.lo.Match
	switch {
	case c.plain:
		m, c.number = c.ev.MatchTold(r)
	case !early:
		return
	}
	c.lo, c.hi = &c.own[low], &c.own[high]
	c.ev.DecideBoth(c.lo, c.hi, r, &m, &st[low], &st[high])
}

// effects numbers what the policies ask for; see effectsOf.
func (c *comparer) effects(i int, st *[2]policy.State) int32 {
	x := &c.last
	if !c.effectsOf(i, st, x) {
		return 0
	}
	s := &c.recent[x.hash()%recentEffects]
	if s.n != 0 && s.x == *x {
		return s.n
	}
	n, ok := c.seen[*x]
	if !ok {
		n = int32(len(c.seen)) + 1 //nolint:gosec // bounded by memory long before
		c.seen[*x] = n
	}
	s.x, s.n = *x, n
	return n
}

// epochAt numbers the span between two instants of list that t falls in.
func epochAt(list []signin.Time, t signin.Time) int32 {
	k := len(list)
	if k == 0 || t >= list[k-1] {
		return int32(k) //nolint:gosec // few
	}
	n, found := slices.BinarySearch(list, t)
	if found {
		n++
	}
	return int32(n) //nolint:gosec // few
}

// learn compares row i and remembers the outcome under k.
func (c *comparer) learn(i int, k memoKey) int32 {
	if len(c.entries) >= maxEntries {
		c.spread()
	}
	r := c.w.seen(i)
	var e entry
	list := *c.w.t.recorded.get(c.w.t.sym[signin.DimPolicies], k.list)
	at := make([]int, len(list)) // index of e.judged, -1 = compared with nothing
	for n := range list {
		ev := &list[n]
		p := version(c.policies, ev.versions, r.Time)
		if at[n] = -1; p >= 0 {
			at[n] = len(e.judged)
			e.judged = append(e.judged, c.compare(r, n, ev, p, &c.last))
			continue
		}
		e.away = append(e.away, strange{ev.id, ev.name, len(ev.versions) > 0, ev.result == policy.ResultUnknown})
	}
	// Why comes after all are compared: one policy's difference may be another's reason.
	for n := range list {
		c.misses(r, at[n], &list[n], n, &e)
	}
	n := int32(len(c.entries)) //nolint:gosec // bounded
	c.entries = append(c.entries, e)
	c.memo[k] = n
	return n
}
