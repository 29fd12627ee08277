package policy

import "frisk/internal/signin"

// Decide combines the policies that match into one verdict: the strictest wins,
// a block before a prompt before nothing. m must come from Match for the same row.
// See Decision for the meaning of the bounds.
func (ev *Evaluator) Decide(r *signin.Row, m Match, s *State) (d Decision) {
	ev.DecideInto(&d, r, &m, s)
	return d
}

// DecideInto is Decide without copies: d is overwritten.
func (ev *Evaluator) DecideInto(d *Decision, r *signin.Row, m *Match, s *State) {
	match := *m // m may lie in d
	var c call
	some := ev.call(&c, r, &match)
	*d = Decision{}
	d.Match = match
	if some {
		ev.weigh(d, &c, s)
	}
}

// DecideBoth is DecideInto for two states of the same row: what the row alone
// proves is worked out once.
func (ev *Evaluator) DecideBoth(lo, hi *Decision, r *signin.Row, m *Match, slo, shi *State) {
	match := *m // m may lie in lo or hi
	var c call
	some := ev.call(&c, r, &match)
	*lo = Decision{}
	lo.Match = match
	*hi = Decision{}
	hi.Match = match
	if some {
		ev.weigh(lo, &c, slo)
		ev.weigh(hi, &c, shi)
	}
}

// call is what a decision takes from the row and its Match, whatever the session.
type call struct {
	pr        proof
	second    signin.Truth
	preferred signin.Truth
	bound     signin.Truth // token protection
	counts    signin.Truth // sign-in frequency and persistent browser count
	waits     signin.Truth // frequency waits for the person, in the background
}

// call prepares the decision of a row; false when no policy that may apply asks
// for anything.
func (ev *Evaluator) call(c *call, r *signin.Row, m *Match) bool {
	e := ev.e
	var live, devices, tokens uint64
	for w := range e.words {
		l := (m.Applies[w] | m.Unknown[w]) & e.demanding[w]
		live |= l
		devices |= l & e.deviceControls[w]
		tokens |= l & e.tokenProtection[w]
	}
	if live == 0 {
		return false
	}
	ev.proveRow(&c.pr, r, devices != 0)
	c.second, c.preferred, c.bound = ev.secondFactor(m, &c.pr), ev.preferred(m), signin.True
	c.counts = ev.frequencyCounts(r, &c.pr)
	c.waits = ev.waits(r)
	if tokens != 0 && !isWorkload(r) {
		c.bound = ev.bound(r)
	}
	return true
}

// weigh grades each class of policies that matches once, and gives its members
// the result.
func (ev *Evaluator) weigh(d *Decision, c *call, s *State) {
	pr := &c.pr
	met, maybe := pr.met, pr.maybe
	pr.claim(s.MFA)
	deferred := c.waits.And(signin.TruthOf(s.Background))
	var sure Controls
	e := ev.e
	for w := range e.words {
		live := (d.Match.Applies[w] | d.Match.Unknown[w]) & e.demanding[w]
		for live != 0 {
			k := &e.classes[e.class[index(w, live)]]
			live &^= k.members[w]
			if k.word != w && k.met(&d.Match, w) {
				continue // in an earlier word
			}
			p := k.plan
			g := ev.gradeOf(p, pr, s, c.preferred)
			if k.tokens {
				g = withBinding(g, c.bound)
			}
			if k.frequency != 0 && c.counts != signin.False {
				second := c.second
				if k.reportOnly {
					second = second.Or(p.grant.second(pr)) // as if it were enforced
				}
				g = withFrequency(g, p, s, second, c.counts.And(deferred.Not()))
			}
			if !k.give(d, g, e.words) {
				continue
			}
			sure |= g.Sure
			if c.counts == signin.False {
				continue
			}
			if f := k.frequency; f != 0 && (d.Frequency == 0 || f < d.Frequency) {
				d.Frequency = f
			}
			d.NotPersistent = d.NotPersistent || k.never
			d.Persistent = d.Persistent || k.always
		}
	}
	pr.met, pr.maybe = met, maybe // as the row alone left them
	d.MaybeUnmet = d.Unmet &^ sure
	d.Persistent = d.Persistent && !d.NotPersistent
}

// secondFactor says whether anything that is enforced asks for a second factor,
// which is part of the session's demands then. A policy that is, or may be, met by
// another control (compliant device or MFA) does not, or may not.
func (ev *Evaluator) secondFactor(m *Match, pr *proof) signin.Truth {
	out := signin.False
	switch {
	case !m.Applies.And(ev.e.secondFactor.AndNot(ev.e.eitherFactor)).Empty():
		return signin.True
	case !m.Unknown.And(ev.e.secondFactor.AndNot(ev.e.eitherFactor)).Empty():
		out = signin.Unknown
	}
	if ev.e.eitherFactor.Empty() {
		return out
	}
	for w, bits := range ev.e.eitherFactor {
		for bits &= m.Applies[w] | m.Unknown[w]; bits != 0; bits &= bits - 1 {
			i := index(w, bits)
			t := ev.e.plans[i].grant.second(pr)
			if !m.Applies.Has(i) {
				t = t.And(signin.Unknown)
			}
			if out = out.Or(t); out == signin.True {
				return out
			}
		}
	}
	return out
}

// second says whether the policy asks for a second factor of a row that proves pr.
func (g *gate) second(pr *proof) signin.Truth {
	const two = ControlMFA | ControlStrength
	others := g.controls &^ two
	switch {
	case g.controls&two == 0:
		return signin.False
	case !g.or && !g.unsaid || others == 0:
		return signin.True
	case pr.met&others != 0 && !g.unsaid:
		return signin.False
	case pr.maybe&others != 0:
		return signin.Unknown
	}
	return signin.True
}

// preferred says whether an enforced policy for the registration of security
// information brings its own strength: it then takes the place of the strength of
// policies for all resources (reference 1.5, Entra "how authentication strength works").
func (ev *Evaluator) preferred(m *Match) signin.Truth {
	switch {
	case ev.e.actionStrength.Empty():
		return signin.False
	case !m.Applies.And(ev.e.actionStrength).Empty():
		return signin.True
	case !m.Unknown.And(ev.e.actionStrength).Empty():
		return signin.Unknown
	}
	return signin.False
}

// withFrequency adds what sign-in frequency asks to what the grant controls ask.
// counts says whether it has a say in the row at all, and now.
func withFrequency(g Grade, p *plan, s *State, second, counts signin.Truth) Grade {
	if counts == signin.False {
		return g
	}
	switch overdue(p, s, second).And(counts) {
	case signin.True:
		g.Best = max(g.Best, Prompt)
		g.Sure |= ControlFrequency
	case signin.False:
		return g
	case signin.Unknown:
	}
	g.Worst = max(g.Worst, Prompt)
	g.Unmet |= ControlFrequency
	return g
}
