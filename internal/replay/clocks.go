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
	pend               policy.Controls // what a background demand waits for somebody to answer
	first, second, prt signin.Time
	seen               signin.Time // last row
	real               signin.Time // last factor really given: in the log, or in answer to the set
	by                 policy.Mask // whose the waiting demand is
	row                int32       // and since which row
	limit              signin.Time // the strictest frequency it waits for, 0 = none
}

// session is what the clocks of one device or browser share in one world: those
// of one low clock.
type session struct {
	claim      signin.Truth
	known      bool
	blocked    bool // a block ended it; background rows that follow would not exist
	methods    policy.MethodSet
	waiting    int             // clocks whose demand waits
	pend       policy.Controls // what they wait for
	second     signin.Time     // last second factor in any app
	entry      signin.Time     // last factor of any kind in any app
	first, prt signin.Time     // last first factor, and token renewed with it, in any app
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
// past its life. before is the time of the clock's last row, 0 = none.
func (w *world) open(side int, f *rowFact, t signin.Time, fresh bool) (c *clock, s *session, before signin.Time) {
	n := f.clock
	if side == low {
		n = f.low
	}
	c, s = &w.clocks[n], &w.sessions[f.low]
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
	before, c.seen = c.seen, t
	return c, s, before
}

// refresh lets the device's primary refresh token be renewed where the world
// allows it: by a proven unlock in both, at every row in the low one. On a
// registered device an unlock does not count, but a native app that signs in
// through the system's broker may renew it (rule 4): in the low world any does.
func (c *clock) refresh(side int, f *rowFact, t signin.Time) {
	if f.flag&(device|registered) == 0 {
		return
	}
	if f.flag&device == 0 {
		switch {
		case side == high, c.first == never:
			c.prt = never
		case f.flag&background == 0 && t-max(c.prt, c.first) >= PRTCycle:
			c.prt = t
		}
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

// state writes the session as policy sees it at t into st. tolerant says that a
// policy asks every time: what any app of the session proved within Tolerance
// then counts.
func (c *clock) state(st *policy.State, s *session, f *rowFact, back, tolerant bool, t signin.Time) {
	st.MFA, st.Methods, st.MethodsKnown = c.claim, c.methods, c.known
	st.First, st.Second, st.PRT = age(c.first, t), age(c.second, t), age(c.prt, t)
	st.DeviceSession, st.Background = f.flag&(device|registered) != 0, back
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
}

// remember applies "remember multifactor authentication on trusted devices" for
// span (reference 1.10, rule 9). Native clients are asked again once the last
// second factor is older. A browser may hold the cookie that spares it one, which
// no log shows: in the low world it does, unless the log asked there.
func remember(st *policy.State, side int, s *session, f *rowFact, asked bool, span, t signin.Time) {
	if f.flag&browser != 0 {
		if side == low && !asked && st.MFA != signin.True && s.second > 0 && t-s.second <= span {
			st.MFA, st.Methods, st.MethodsKnown = signin.True, s.methods, s.known
		}
		return
	}
	if st.MFA == signin.False {
		return
	}
	switch st.Second.Older(span) {
	case signin.True:
		st.MFA, st.Methods, st.MethodsKnown = signin.False, 0, false
	case signin.Unknown:
		st.MFA = signin.Unknown
	case signin.False:
	}
}

func younger(a policy.Age, d signin.Time) policy.Age {
	return policy.Age{Min: min(a.Min, d), Max: min(a.Max, d)}
}

// renew is what a fresh first factor does that no policy asked for: a new
// session, whose second factor is what the episode shows. A demand for fresh
// factors that waited is met by it. spared says that the session may have lived on
// where the log shows a new one (see setRun.spares): it keeps its second factor.
func (c *clock) renew(side int, s *session, e *episode, spared bool, t signin.Time) {
	met := policy.ControlFrequency
	switch {
	case e.strong, e.claim:
		c.claim = signin.True
		met |= policy.ControlMFA
		if e.strong {
			c.methods, c.known = e.methods, true
		}
	case spared && c.claim == signin.True:
		c.second = t
	case e.secondOK, e.demanded:
		// It was asked for, so the new session did not carry it.
		c.claim, c.known, c.methods, c.accepted = signin.False, false, 0, 0
		// Missing is not the same as too old: it is the claim that asks.
		c.second = t
		met = 0 // one prompt asks for both
	case side == high && c.claim == signin.True:
		c.claim = signin.Unknown
	}
	if s != nil {
		c.forgive(s, met)
	}
}

// enter records factors that were really given at t. Methods add up over a
// session: a step-up leaves the password and the factors before it in place; an
// attempt with a fresh first factor begins anew.
func (c *clock) enter(side int, s *session, f *rowFact, first, second, anew bool, methods policy.MethodSet, t signin.Time) {
	if !first && !second {
		return
	}
	s.entry, c.real = t, t
	if first {
		c.first, c.censored = t, false
		s.first = t
		if f.flag&device != 0 {
			c.prt, s.prt = t, t
		}
	}
	if second {
		c.second, c.claim = t, signin.True
		if methods != 0 {
			c.learn(side, methods, anew)
		}
		s.second, s.claim, s.methods, s.known = t, signin.True, c.methods, c.known
	}
}

// learn adds methods to what is known of the session. Of one whose first factor
// the log does not show, the low world believes that any may have been used.
func (c *clock) learn(side int, methods policy.MethodSet, anew bool) {
	switch {
	case anew:
		c.methods = methods
	case !c.known && side == low:
		c.methods = methods | policy.MethodOther
	default:
		c.methods |= methods
	}
	c.known = true
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
