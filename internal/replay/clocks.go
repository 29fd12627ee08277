package replay

import (
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// Facts of sign-in frequency (reference 1.10).
const (
	// PRTCycle is how often an unlock or interactive sign-in refreshes the primary
	// refresh token of a joined device (rule 3).
	PRTCycle = 4 * signin.Hour
	// Tolerance: never more than one prompt in five minutes, and a second factor
	// given in the last five minutes does for another every-time policy (rule 6).
	Tolerance = 5 * signin.Minute
	// RollingWindow is how long an unused session lives (rule 1), DeviceWindow how
	// long an unused primary refresh token does (rule 14).
	RollingWindow = 90 * signin.Day
	DeviceWindow  = 14 * signin.Day
	// BrowserGap is the silence after which, in the high world, a browser counts
	// as closed and reopened. An assumption: a night.
	BrowserGap = 8 * signin.Hour
	// ActiveDay is how long a day a person may be at work unseen, in the high
	// world, when the log has interactive rows only. An assumption.
	ActiveDay = 10 * signin.Hour
)

// The two worlds a set is played in.
const (
	low  = 0 // every unknown in the person's favour
	high = 1 // every unknown against
)

// never marks a moment that is known not to have been.
const never = signin.Time(-1)

// clock is one session's proof in one world. Moments are 0 when not known.
type clock struct {
	touched            bool
	censored           bool // the moments are only bounds: the log does not hold the session's start
	claim              signin.Truth
	known              bool // methods are
	methods            policy.MethodSet
	accepted           policy.Controls // demands that were answered and stay answered
	first, second, prt signin.Time
	seen               signin.Time // last row
	// A background demand waits for the person: what, whose, and since which row.
	pend policy.Controls
	by   policy.Mask
	row  int32
}

// session is what the clocks of one device or browser share in one world.
type session struct {
	claim   signin.Truth
	known   bool
	blocked bool // a block ended it; background rows that follow would not exist
	methods policy.MethodSet
	second  signin.Time     // last second factor in any app
	entry   signin.Time     // last factor of any kind in any app
	waiting int             // clocks whose demand waits
	pend    policy.Controls // what they wait for
}

// world is one set's sessions of one person in one world.
type world struct {
	clocks   []clock
	sessions []session
	terms    bool // the person has accepted the terms of use
}

func (w *world) reset(clocks, sessions int) {
	w.clocks = resize(w.clocks, clocks)
	w.sessions = resize(w.sessions, sessions)
	w.terms = false
}

// open finds the row's clock, starting it when it is new or has lain unused
// past its life. before gets the time of the clock's last row, 0 = none.
func (w *world) open(side int, f *rowFact, t signin.Time, fresh bool, before *signin.Time) (*clock, *session) {
	n := f.clock
	if side == low {
		n = f.key
	}
	c, s := &w.clocks[n], &w.sessions[f.key]
	life := RollingWindow
	if f.flag&device != 0 {
		life = DeviceWindow
	}
	if !c.touched || t-c.seen > life {
		c.done(s) // what waited in the session that ended is asked of nobody
		*c = clock{touched: true}
		switch {
		case fresh:
			c.first, c.second, c.prt, c.claim = never, never, never, signin.False
		case side == low:
			// Nothing is known: at best everything was entered just now.
			c.first, c.second, c.prt, c.censored = t, t, t, true
		}
	}
	*before = c.seen
	c.seen = t
	return c, s
}

// refresh lets the device's primary refresh token be renewed where the world
// allows it: by a proven unlock in both, at every row in the low one.
func (c *clock) refresh(side int, f *rowFact, t signin.Time) {
	if f.flag&device == 0 {
		return
	}
	due := c.prt <= 0 || t-c.prt >= PRTCycle
	switch {
	case f.flag&(unlock|opportunity) != 0:
		switch {
		case side == high && c.prt == 0:
			// Renewed now, or less than a cycle ago and so not now.
			c.prt = t - PRTCycle
		case due && c.prt != never:
			c.prt = t
		}
	case side == low:
		if due && c.prt != never {
			c.prt = t
		}
	}
}

func age(since, t signin.Time) policy.Age {
	switch {
	case since == 0:
		return policy.AnyAge
	case since < 0:
		return policy.NeverAge
	}
	return policy.Age{Min: t - since, Max: t - since}
}

// state is the session as policy sees it at t. tolerant says that a policy asks
// every time: what any app of the session proved within Tolerance then counts.
func (c *clock) state(s *session, f *rowFact, back, tolerant bool, t signin.Time) policy.State {
	st := policy.State{
		MFA: c.claim, Methods: c.methods, MethodsKnown: c.known,
		First: age(c.first, t), Second: age(c.second, t), PRT: age(c.prt, t),
		DeviceSession: f.flag&device != 0, Background: back,
	}
	if tolerant && s.entry > 0 && t-s.entry <= Tolerance {
		st.First = younger(st.First, t-s.entry)
		if s.second > 0 && t-s.second <= Tolerance {
			st.Second = younger(st.Second, t-s.second)
			st.MFA = signin.True
			if !st.MethodsKnown {
				st.Methods, st.MethodsKnown = s.methods, s.known
			}
		}
	}
	return st
}

// wait puts a demand off until somebody sits in front.
func (c *clock) wait(s *session, ask policy.Controls, by policy.Mask, row int) {
	if c.pend == 0 {
		s.waiting++
		c.row = int32(row) //nolint:gosec // rows of one person
	}
	c.pend |= ask
	c.by = c.by.Or(by)
	s.pend |= ask
}

// done takes a waiting demand away.
func (c *clock) done(s *session) {
	if c.pend == 0 {
		return
	}
	c.pend, c.by = 0, policy.Mask{}
	if s.waiting--; s.waiting == 0 {
		s.pend = 0
	}
}

func younger(a policy.Age, d signin.Time) policy.Age {
	return policy.Age{Min: min(a.Min, d), Max: min(a.Max, d)}
}

// renew is what a fresh first factor does that no policy asked for: a new
// session, whose second factor is what the episode shows.
func (c *clock) renew(side int, e *episode, t signin.Time) {
	switch {
	case e.strong, e.claim:
		c.claim = signin.True
		if e.strong {
			c.methods, c.known = e.methods, true
		}
	case e.secondOK, e.demanded:
		// It was asked for, so the new session did not carry it.
		c.claim, c.known, c.methods, c.accepted = signin.False, false, 0, 0
		// Missing is not the same as too old: it is the claim that asks.
		c.second = t
	case side == high && c.claim == signin.True:
		c.claim = signin.Unknown
	}
}

// enter records factors that were really given at t.
func (c *clock) enter(s *session, f *rowFact, first, second bool, e *episode, t signin.Time) {
	if !first && !second {
		return
	}
	s.entry = t
	if first {
		c.first, c.censored = t, false
		if f.flag&device != 0 {
			c.prt = t
		}
	}
	if second {
		c.second, c.claim = t, signin.True
		if e.methods != 0 {
			c.methods, c.known = e.methods, true
		}
		s.second, s.claim, s.methods, s.known = t, signin.True, c.methods, c.known
	}
}

// merge is both worlds in one State, for showing.
func merge(lo, hi policy.State) policy.State {
	wide := func(a, b policy.Age) policy.Age {
		return policy.Age{Min: min(a.Min, b.Min), Max: max(a.Max, b.Max)}
	}
	out := lo
	out.First, out.Second, out.PRT = wide(lo.First, hi.First), wide(lo.Second, hi.Second), wide(lo.PRT, hi.PRT)
	if lo.MFA != hi.MFA {
		out.MFA = signin.Unknown
	}
	if lo.MethodsKnown != hi.MethodsKnown || lo.Methods != hi.Methods {
		out.Methods, out.MethodsKnown = 0, false
	}
	return out
}
