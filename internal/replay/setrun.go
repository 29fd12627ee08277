package replay

import (
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// setRun is one policy set at work on one person.
type setRun struct {
	n         int // index of the set
	ev        *policy.Evaluator
	plans     []plan
	active    policy.Mask // enabled and report-only policies
	everyTime policy.Mask // those of them that ask every time
	tolerant  bool        // one of those may apply to the row at hand
	worlds    [2]world
	open      float64 // pass-through of no control
	done      []uint8 // per episode: what has been counted, see the bits
	hit       policy.Mask
	policies  []policyCount
	missing   map[missingKey]int64
	reporters []reporter  // one for each report-only policy
	strong    policy.Mask // enabled policies that ask for a strength whose methods are known
	strengths policy.Mask // those of them that asked the person at hand for it

	lo, hi policy.Decision // of the row at hand
	did    [2]policy.Effect
	ask    [2]policy.Controls
	by     [2]policy.Mask   // whose demand it is
	origin [2]int           // the row whose demand it is
	raw    [2]policy.Effect // did and ask before a demand was put off
	rawAsk [2]policy.Controls
}

// Bits of done, shifted by world.
const (
	countedPrompt = 1
	countedBlock  = 1 << 2
	renewed       = 1 << 4
)

// plan is what replay needs of one policy.
type plan struct {
	strength      *policy.Strength
	control       policy.Controls // of the grant
	frequency     bool
	secondaryOnly bool
	best, worst   float64 // pass-through of its grant controls, at best and at worst
	enforced      bool
	modified      signin.Time
}

func newSetRun(n int, ev *policy.Evaluator, cfg *Config) *setRun {
	open := cfg.pass("none")
	s := &setRun{n: n, ev: ev, open: open, missing: map[missingKey]int64{}}
	for i, p := range ev.Engine().Set().Policies {
		pl := plan{
			frequency: p.Session.Frequency != 0, secondaryOnly: p.Session.SecondaryOnly,
			enforced: p.State == policy.Enabled, modified: p.Modified,
		}
		if p.State == policy.Enabled || p.State == policy.ReportOnly {
			s.active.Add(i)
			if p.State == policy.ReportOnly {
				s.reporters = append(s.reporters, reporter{policy: i})
			}
			// The tolerance belongs to what is enforced; report-only changes nothing.
			if p.State == policy.Enabled && p.Session.Frequency == policy.EveryTime {
				s.everyTime.Add(i)
			}
		}
		if p.Grant != nil {
			pl.strength = p.Grant.Strength
			if pl.enforced && pl.strength != nil && len(pl.strength.Combinations) > 0 {
				s.strong.Add(i)
			}
			pl.control = p.Grant.Controls &^ policy.ControlFrequency
		}
		pl.best, pl.worst = cfg.passes(p)
		s.plans = append(s.plans, pl)
	}
	s.policies = make([]policyCount, len(s.plans))
	return s
}

// passes is the pass-through of a policy whose demands are met: with AND the
// strongest control decides, with OR it depends on which one was used. A policy
// that only asks again for factors has that effect alone.
func (c *Config) passes(p *policy.Policy) (best, worst float64) {
	best, worst = c.pass("none"), c.pass("none")
	if p.Grant == nil || p.Grant.Controls == 0 {
		if p.Session.Frequency != 0 {
			best = min(best, c.pass(policy.ControlFrequency.Names()[0]))
			worst = best
		}
		return best, worst
	}
	for i, name := range p.Grant.Controls.Names() {
		x := c.pass(name)
		if name == policy.ControlStrength.Names()[0] && resistant(p.Grant.Strength) {
			x = c.pass("phishingResistant")
		}
		if i == 0 {
			best, worst = x, x
			continue
		}
		best, worst = min(best, x), max(worst, x)
	}
	if !p.Grant.Or {
		worst = best
	}
	return best, worst
}

// resistant reports whether every combination of the strength resists phishing
// (the methods of Entra's built-in phishing-resistant strength, reference 1.9).
func resistant(s *policy.Strength) bool {
	const methods = policy.MethodWindowsHello | policy.MethodFIDO2 | policy.MethodCertificateMulti
	if s == nil || len(s.Combinations) == 0 {
		return false
	}
	for _, m := range s.Combinations {
		if m&methods == 0 || m&^methods != 0 {
			return false
		}
	}
	return true
}

// passes is the share of risk the set lets pass when the demands of the
// policies that apply are met.
func (s *setRun) passes(m policy.Match) Bounds {
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

func (s *setRun) begin(p *person) {
	for w := range s.worlds {
		n := len(p.keys.high)
		if w == low {
			n = len(p.keys.low)
		}
		s.worlds[w].reset(n, len(p.keys.low))
	}
	s.done = resize(s.done, len(p.episodes))
	s.hit, s.strengths = policy.Mask{}, policy.Mask{}
	s.beginReporters(len(p.episodes), len(p.keys.low))
}

// decide asks the set about row i, once where both worlds see the same session
// and twice where they differ.
func (s *setRun) decide(r *signin.Row, m policy.Match, lo, hi *policy.State) {
	if m.Applies.Or(m.Unknown).And(s.active).Empty() {
		s.lo = policy.Decision{Match: m}
		s.hi = s.lo
		return
	}
	s.lo = s.ev.Decide(r, m, lo)
	if *hi == *lo {
		s.hi = s.lo
		return
	}
	s.hi = s.ev.Decide(r, m, hi)
}

// effects reads the two decisions as what happens in each world, leaving out
// demands that were answered before and stay answered.
func (s *setRun) effects(lc, hc *clock) {
	s.did = [2]policy.Effect{s.lo.Best, s.hi.Worst}
	s.ask = [2]policy.Controls{s.lo.Unmet &^ s.lo.MaybeUnmet, s.hi.Unmet}
	if s.ask[low] == 0 {
		s.ask[low] = s.lo.Unmet
	}
	for w, c := range [2]*clock{lc, hc} {
		if s.did[w] != policy.Prompt {
			continue
		}
		done := policy.Controls(0)
		if c != nil {
			done = c.accepted
		}
		if s.worlds[w].terms {
			done |= policy.ControlTermsOfUse
		}
		if s.ask[w] &^= done; s.ask[w] == 0 {
			s.did[w] = policy.Allow
		}
	}
	s.raw, s.rawAsk = s.did, s.ask
}

// answer is what the person does with a prompt: give what is asked. Only the
// methods of a strength have to be guessed; the first combination of each is taken.
func (s *setRun) answer(side int, c *clock, se *session, f *rowFact, e *episode, asking policy.Mask, ask policy.Controls, t signin.Time) {
	const kept = policy.ControlCustom | policy.ControlPasswordChange | policy.ControlRiskRemediation |
		policy.ControlApprovedApplication | policy.ControlCompliantApplication
	if ask&policy.ControlTermsOfUse != 0 {
		s.worlds[side].terms = true
	}
	again := ask&policy.ControlFrequency != 0
	first := again && !s.onlySecond(asking)
	second := ask&(policy.ControlMFA|policy.ControlStrength) != 0 || (again && c.claim == signin.True)
	if again {
		c.second = t // what was not demanded is not too old either
	}
	if !first && !second {
		c.accepted |= ask & kept
		return
	}
	fresh := *e
	if e.methods == 0 && c.known {
		fresh.methods = c.methods
	}
	c.enter(se, f, first, second, &fresh, t)
	c.accepted |= ask & kept
	if ask&policy.ControlStrength == 0 {
		return
	}
	for i := range asking.All() {
		st := s.plans[i].strength
		switch {
		case st == nil:
		case len(st.Combinations) == 0 || st.Restricted:
			// No method makes the engine say that it is met; the person met it.
			c.accepted |= policy.ControlStrength
		default:
			c.methods, c.known = c.methods|pick(st.Combinations, c.methods), true
		}
	}
	se.methods, se.known = c.methods, c.known
}

// pick is the combination the person most likely uses: one already in reach,
// else the first.
func pick(combinations []policy.MethodSet, have policy.MethodSet) policy.MethodSet {
	for _, m := range combinations {
		if m&^have == 0 {
			return m
		}
	}
	return combinations[0]
}

func (s *setRun) onlySecond(asking policy.Mask) bool {
	found := false
	for i := range asking.All() {
		if p := &s.plans[i]; p.frequency {
			if !p.secondaryOnly {
				return false
			}
			found = true
		}
	}
	return found
}
