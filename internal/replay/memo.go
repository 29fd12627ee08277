package replay

import (
	"slices"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// memoSize is how many distinct matches a set remembers; a power of two. People
// of one tenant meet few: by app, client and group.
const memoSize = 256

// matchInfo is what follows from which policies apply to a sign-in, worked out
// once for each distinct match.
type matchInfo struct {
	match     policy.Match
	used      bool
	live      bool   // some policy may apply
	open      bool   // no enabled one does
	everyTime bool   // one that asks every time may apply
	persists  int8   // what happens to a browser session when the browser closes; see persist*
	pass      Bounds // of risk, when the demands of those that apply are met
	rows      int64  // sign-ins counted under it and not yet given to the policies
	limits    [maxLimits]signin.Time
	n         int  // of limits
	many      bool // more limits than that
}

// maxLimits is how many different sign-in frequencies a match may have for its
// sessions to be told apart by them alone.
const maxLimits = 6

// What the set says of a browser session: it ends with the browser, it is the
// person's choice, it never does.
const (
	persistNever = iota
	persistChoice
	persistAlways
)

// at is what follows from m, which is row r's.
func (s *setRun) at(r *signin.Row, m *policy.Match) *matchInfo {
	h := m.Applies[0] ^ m.Applies[1]<<7 ^ m.Applies[2]<<13 ^ m.Applies[3]<<19 ^
		(m.Unknown[0]^m.Unknown[1]<<7^m.Unknown[2]<<13^m.Unknown[3]<<19)*0x9e3779b97f4a7c15
	x := &s.memo[spread(h)%memoSize]
	if x.used && x.match == *m {
		return x
	}
	s.spend(x)
	either := m.Applies.Or(m.Unknown)
	*x = matchInfo{
		match: *m, used: true, live: !either.Empty(), pass: s.passes(m),
		open:      either.And(s.ev.Engine().Enforced()).Empty(),
		everyTime: !either.And(s.everyTime).Empty(), persists: persistChoice,
	}
	if !x.live {
		return x
	}
	switch d := s.ev.Decide(r, *m, &policy.State{}); {
	case d.NotPersistent:
		x.persists = persistNever
	case d.Persistent:
		x.persists = persistAlways
	}
	for i := range either.All() {
		x.limit(s.plans[i].limit)
	}
	return x
}

func (x *matchInfo) limit(t signin.Time) {
	if t == policy.EveryTime {
		t = Tolerance // as policy compares it
	}
	if t == 0 || slices.Contains(x.limits[:x.n], t) {
		return
	}
	if x.n == maxLimits {
		x.many = true
		return
	}
	x.limits[x.n] = t
	x.n++
}

// same reports whether two sessions give the same decision: a decision knows
// their ages only by the sign-in frequencies they exceed.
func (x *matchInfo) same(a, b *policy.State) bool {
	if a.MFA != b.MFA || a.Methods != b.Methods || a.MethodsKnown != b.MethodsKnown ||
		a.DeviceSession != b.DeviceSession || a.Background != b.Background {
		return false
	}
	if a.First == b.First && a.Second == b.Second && a.PRT == b.PRT {
		return true
	}
	if x.many {
		return false
	}
	first, second := [2]policy.Age{a.First, b.First}, [2]policy.Age{a.Second, b.Second}
	if a.DeviceSession {
		for i, prt := range [2]policy.Age{a.PRT, b.PRT} {
			first[i] = policy.Age{Min: min(first[i].Min, prt.Min), Max: min(first[i].Max, prt.Max)}
			second[i] = policy.Age{Min: min(second[i].Min, prt.Min), Max: min(second[i].Max, prt.Max)}
		}
	}
	for _, t := range x.limits[:x.n] {
		if first[0].Older(t) != first[1].Older(t) || second[0].Older(t) != second[1].Older(t) {
			return false
		}
	}
	return true
}

// spend gives the counted sign-ins of a match to its policies.
func (s *setRun) spend(x *matchInfo) {
	if x.rows == 0 {
		return
	}
	for n := range x.match.Applies.All() {
		s.policies[n].applied += x.rows
	}
	for n := range x.match.Unknown.All() {
		s.policies[n].unknown += x.rows
	}
	x.rows = 0
}

// passes is the share of risk the set lets pass when the demands of the
// policies that apply are met.
func (s *setRun) passes(m *policy.Match) Bounds {
	b := Bounds{s.open, s.open}
	for i := range m.Applies.All() {
		if p := &s.plans[i]; p.enforced {
			b.Low, b.High = min(b.Low, p.best), min(b.High, p.worst)
		}
	}
	for i := range m.Unknown.All() {
		if p := &s.plans[i]; p.enforced {
			b.Low = min(b.Low, p.best)
		}
	}
	return b
}
