package replay

import (
	"frisk/internal/policy"
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// One replays one person's history and returns, for each engine of cfg, the
// session state that row met, both worlds in one: what the log cannot tell shows
// as a range or as unknown. It is what explaining a sign-in needs. A row that
// never reached policy, or is attack traffic, has no state and gives nil.
func One(cfg Config, sym *signin.Symbols, h History, a risk.Assessed, row int) []policy.State {
	var out []policy.State
	cfg.Groups, cfg.Attribute, cfg.Decisions = nil, nil, nil
	cfg.watch = func(_, i int, s policy.State) {
		if i == row {
			out = append(out, s)
		}
	}
	New(cfg, sym).Person(h, a)
	return out
}

// Session plays the history of a policy test file: sign-ins in order, each with
// the state the ones before it have left. Nothing is known before the first one,
// which a test takes literally: the session starts with no proof at all. A
// prompt counts as answered. It is a policy.Clock.
//
// A Session is for small histories: every step replays all of it.
type Session struct {
	ev   *policy.Evaluator
	sym  *signin.Symbols
	rows []signin.Row
}

var _ policy.Clock = (*Session)(nil)

// NewSession starts an empty history of one person, decided by ev, whose rows
// have codes of sym.
func NewSession(ev *policy.Evaluator, sym *signin.Symbols) *Session {
	return &Session{ev: ev, sym: sym}
}

// Before adds a sign-in, not earlier than the last, and returns the state it
// meets. One that never reached policy meets a session without proof. Where r does
// not say how its session began and its sessionId tells, Before fills that in
// (see Tracked).
func (s *Session) Before(r *signin.Row) policy.State {
	s.rows = append(s.rows, *r)
	*r = Tracked(s.sym, s.rows, len(s.rows)-1)
	cfg := Config{Engines: []*policy.Engine{s.ev.Engine()}, fresh: true, evaluator: s.ev}
	states := One(cfg, s.sym, History{Rows: s.rows}, risk.Assessed{}, len(s.rows)-1)
	if len(states) == 0 {
		return policy.State{MFA: signin.False, First: policy.NeverAge, Second: policy.NeverAge, PRT: policy.NeverAge}
	}
	return states[len(states)-1]
}

// After is told what was decided; Before decides the same again.
func (s *Session) After(*signin.Row, *policy.Decision) {}
