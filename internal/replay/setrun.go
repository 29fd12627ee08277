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
	everyTime policy.Mask // enabled policies that ask every time
	worlds    [2]world
	open      float64 // pass-through of no control
	done      []uint8 // per episode: what has been counted, see the bits
	policies  []policyCount
	mine      []personCount // by policy: of the person at hand
	touched   policy.Mask   // policies with something in mine
	asked     policy.Mask   // policies that count the person at hand already, for another account
	left      policy.Mask   // likewise of the exclusions
	lacked    bool          // likewise of the missing methods
	missing   map[missingKey]int64
	reporters []reporter  // one for each report-only policy
	strict    policy.Mask // enabled policies that enforce locations strictly
	clocked   policy.Mask // enabled policies with a sign-in frequency
	strong    policy.Mask // enabled policies that ask for a strength whose methods are known
	strengths policy.Mask // those of them that asked the person at hand for it
	someCAE   bool        // some policy switches off continuous access evaluation
	memo      [memoSize]matchInfo

	// Of the row at hand. lo and hi are the decisions in the two worlds; where both
	// see the same session they are one.
	lo, hi *policy.Decision
	two    [2]policy.Decision
	info   *matchInfo
	cs     [2]*clock
	ss     [2]*session
	st     [2]policy.State
	before [2]signin.Time // the clock's last row, 0 = none
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
	active        bool        // enabled or report-only
	limit         signin.Time // its sign-in frequency
	located       bool        // it has a location condition
	caeOff        bool        // continuous access evaluation is off
}

func newSetRun(n int, ev *policy.Evaluator, cfg *Config) *setRun {
	open := cfg.pass("none")
	s := &setRun{n: n, ev: ev, open: open, missing: map[missingKey]int64{}}
	s.lo, s.hi = &s.two[low], &s.two[high]
	for i, p := range ev.Engine().Set().Policies {
		pl := plan{
			frequency: p.Session.Frequency != 0, secondaryOnly: p.Session.SecondaryOnly,
			enforced: p.State == policy.Enabled, active: p.State == policy.Enabled || p.State == policy.ReportOnly,
			caeOff: p.State == policy.Enabled && p.Session.CAE == "disabled", limit: p.Session.Frequency,
		}
		if pl.active {
			s.active.Add(i)
		}
		if p.State == policy.ReportOnly {
			s.reporters = append(s.reporters, reporter{policy: i})
		}
		// The tolerance belongs to what is enforced; report-only changes nothing.
		if pl.enforced && p.Session.Frequency == policy.EveryTime {
			s.everyTime.Add(i)
		}
		pl.located = p.Locations != nil
		if pl.enforced && p.Session.CAE == "strictLocation" {
			s.strict.Add(i)
		}
		if pl.enforced && pl.frequency {
			s.clocked.Add(i)
		}
		if p.Grant != nil {
			pl.strength = p.Grant.Strength
			if pl.enforced && pl.strength != nil && len(pl.strength.Combinations) > 0 {
				s.strong.Add(i)
			}
			pl.control = p.Grant.Controls &^ policy.ControlFrequency
		}
		if p.Session.TokenProtection {
			pl.control |= policy.ControlTokenProtection
		}
		s.someCAE = s.someCAE || pl.caeOff
		pl.best, pl.worst = cfg.passes(p)
		s.plans = append(s.plans, pl)
	}
	s.policies, s.mine = make([]policyCount, len(s.plans)), make([]personCount, len(s.plans))
	return s
}

// Passes is the share of hostile sign-ins that get past a policy whose demands are
// met, at best and at worst: with OR it depends on which control was used. pass is
// as in Config.
func Passes(p *policy.Policy, pass func(control string) float64) (best, worst float64) {
	c := Config{Pass: pass}
	return c.passes(p)
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

func (s *setRun) begin(p *person) {
	s.worlds[low].reset(p.keys.groups, p.keys.groups)
	s.worlds[high].reset(len(p.keys.of), p.keys.groups)
	s.done = resize(s.done, len(p.episodes))
	s.strengths = policy.Mask{}
	s.beginReporters(len(p.episodes), p.keys.sessions())
}

// decide asks the set about row r, once where both worlds see the same session
// and twice where they differ.
func (s *setRun) decide(r *signin.Row) {
	if s.info.same(&s.st[low], &s.st[high]) {
		s.ev.DecideInto(s.lo, r, &s.info.match, &s.st[low])
		s.hi = s.lo
		return
	}
	s.hi = &s.two[high]
	s.ev.DecideBoth(s.lo, s.hi, r, &s.info.match, &s.st[low], &s.st[high])
}

// nothing is the decision on a row no policy may apply to.
func (s *setRun) nothing() {
	s.hi = s.lo
	*s.lo = policy.Decision{}
	s.did, s.raw = [2]policy.Effect{}, [2]policy.Effect{}
	s.ask, s.rawAsk = [2]policy.Controls{}, [2]policy.Controls{}
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
	methods := e.methods
	if methods == 0 && c.known {
		methods = c.methods
	}
	c.enter(side, se, f, first, second, first || e.firstOK, methods, t)
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
// else one that only adds to what the session has, else the first.
func pick(combinations []policy.MethodSet, have policy.MethodSet) policy.MethodSet {
	best := combinations[0]
	for _, m := range combinations {
		if m&^have == 0 {
			return m
		}
		if m&have != 0 && best&have == 0 {
			best = m
		}
	}
	return best
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
