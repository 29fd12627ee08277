package replay

import (
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// effects is what every policy of set 0 that may apply does to one row, as
// bounds over both worlds, in masks so that it can be compared and kept.
type effects struct {
	// Policies that at best prompt, at best block, at worst prompt, at worst block.
	// One that does neither allows.
	prompts, blocks     policy.Mask
	mayPrompt, mayBlock policy.Mask
	// mute are the report-only policies whose block is a question nobody can answer;
	// see policy.ResultsOf.
	mute policy.Mask
	// anew are the policies that are met but for another one that asks in the same
	// attempt; background: somebody is asked, and nobody sat in front of the row.
	// Both only say why a result fits; see Basis.
	anew       policy.Mask
	background bool
}

// grade is one policy's effect, in the form policy.ResultsOf takes.
func (x *effects) grade(n int) policy.Grade {
	g := policy.Grade{}
	switch {
	case x.blocks.Has(n):
		g.Best = policy.Block
	case x.prompts.Has(n):
		g.Best = policy.Prompt
	}
	switch {
	case x.mayBlock.Has(n):
		g.Worst = policy.Block
	case x.mayPrompt.Has(n):
		g.Worst = policy.Prompt
	}
	if !x.mute.Has(n) {
		g.Unmet = policy.ControlBlock
	}
	return g
}

// effectsOf works out the effects on row i whose session is st in the two
// worlds. Recorded results know no waiting; see Expected.
//
// It reports whether any policy may apply; the effects are zero where none may.
func (c *comparer) effectsOf(i int, st *[2]policy.State, x *effects) bool {
	s, r := c.set, c.w.seen(i)
	*x = effects{}
	live := c.lo.Match.Applies.Or(c.lo.Match.Unknown).And(s.active)
	if live.Empty() || !c.masks {
		return false
	}
	dl, dh := c.lo, c.hi
	if c.w.p.facts[i].flag&deferrable != 0 && c.waits(&st[low], &st[high]) {
		c.waiting = *st
		c.waiting[low].Background, c.waiting[high].Background = false, false
		if match := &c.lo.Match; c.lo == c.hi {
			c.ev.DecideInto(&c.now[low], r, match, &c.waiting[low])
			dl, dh = &c.now[low], &c.now[low]
		} else {
			dl, dh = &c.now[low], &c.now[high]
			c.ev.DecideBoth(dl, dh, r, match, &c.waiting[low], &c.waiting[high])
		}
	}
	var satisfied policy.Mask
	for k := range c.words {
		x.blocks[k] = dl.Blocks[k] & dh.Blocks[k]
		x.prompts[k] = (dl.Blocks[k] | dl.Prompts[k]) & (dh.Blocks[k] | dh.Prompts[k]) &^ x.blocks[k]
		x.mayBlock[k] = dl.Blocks[k] | dl.MaybeBlocks[k] | dh.Blocks[k] | dh.MaybeBlocks[k]
		x.mayPrompt[k] = dl.Prompts[k] | dl.MaybePrompts[k] | dh.Prompts[k] | dh.MaybePrompts[k]
		satisfied[k] = live[k] & c.second[k] &^ (x.mayBlock[k] | x.mayPrompt[k])
	}
	again := dh.Unmet&policy.ControlFrequency != 0 || c.w.unanswered(i)
	if again && !satisfied.Empty() {
		// The session asked again has no second factor yet, for any policy.
		c.state = st[high]
		c.state.Background, c.state.MFA, c.state.MethodsKnown = false, signin.False, false
		d := &c.again
		c.ev.DecideInto(d, r, &c.lo.Match, &c.state)
		for k := range c.words {
			x.mayBlock[k] |= d.Blocks[k] | d.MaybeBlocks[k]
			x.mayPrompt[k] |= d.Prompts[k] | d.MaybePrompts[k]
			x.anew[k] = satisfied[k] & (x.mayBlock[k] | x.mayPrompt[k])
		}
	}
	for k := range s.reporters {
		if n := s.reporters[k].policy; live.Has(n) {
			c.reported(r, n, st, again, x)
		}
	}
	x.background = !x.prompts.Empty() && (st[low].Background || st[high].Background)
	return true
}

// waits reports whether a demand of sign-in frequency may be put off on a row of
// the background; none is where every proof is younger than the shortest frequency.
func (c *comparer) waits(lo, hi *policy.State) bool {
	if c.shortest == 0 || !lo.Background && !hi.Background {
		return false
	}
	return max(lo.First.Max, lo.Second.Max, hi.First.Max, hi.Second.Max) > c.shortest
}

// shortestFrequency is the strictest sign-in frequency of the policies that are on, 0 = none.
func shortestFrequency(ps []*policy.Policy) signin.Time {
	out := signin.Time(0)
	for _, p := range ps {
		f := p.Session.Frequency
		if f == 0 || p.State != policy.Enabled && p.State != policy.ReportOnly {
			continue
		}
		if f == policy.EveryTime {
			f = Tolerance
		}
		if out == 0 || f < out {
			out = f
		}
	}
	return out
}

func (x *effects) hash() uint64 {
	h := uint64(0)
	for w := range x.prompts {
		h = (h ^ x.prompts[w] ^ x.blocks[w]<<9 ^ x.mayPrompt[w]<<21 ^ x.mayBlock[w]<<33 ^ x.mute[w]<<45 ^ x.anew[w]<<54) * 0x9e3779b97f4a7c15
	}
	if x.background {
		h ^= 1 << 33
	}
	return h >> 32
}

// reported adds a report-only policy, which no decision holds in full.
func (c *comparer) reported(r *signin.Row, n int, st *[2]policy.State, again bool, x *effects) {
	best, worst, unmet := policy.Block, policy.Allow, policy.Controls(0)
	looks := 2
	if again {
		looks = 3
	}
	for k := range looks {
		c.state = st[min(k, high)]
		c.state.Background = false
		if k > high {
			c.state.MFA, c.state.MethodsKnown = signin.False, false
		}
		g := c.ev.Grade(r, n, &c.state)
		if k > high && worst == policy.Allow && g.Worst != policy.Allow {
			x.anew.Add(n)
		}
		best, worst, unmet = min(best, g.Best), max(worst, g.Worst), unmet|g.Unmet
	}
	switch best {
	case policy.Prompt:
		x.prompts.Add(n)
	case policy.Block:
		x.blocks.Add(n)
	case policy.Allow:
	}
	switch worst {
	case policy.Prompt:
		x.mayPrompt.Add(n)
	case policy.Block:
		x.mayBlock.Add(n)
	case policy.Allow:
	}
	const asks = policy.ControlMFA | policy.ControlStrength | policy.ControlPasswordChange | policy.ControlRiskRemediation |
		policy.ControlTermsOfUse | policy.ControlCustom | policy.ControlFrequency
	if worst == policy.Block && unmet&^asks == 0 {
		x.mute.Add(n)
	}
}

// unanswered reports whether row i shows a second factor not yet given in an
// episode in which replayed current asks: one prompt, several rows, and those
// before the last are recorded as failures.
func (w *Worker) unanswered(i int) bool {
	r, f := &w.p.rows[i], &w.p.facts[i]
	if r.Outcome() == signin.Success || w.sets[0].done[f.episode]&(countedPrompt<<low|countedPrompt<<high) == 0 {
		return false
	}
	switch r.Reason() {
	case signin.MFARequired, signin.MFAFailed, signin.MFADenied, signin.MFAFraud, signin.MFAEnrol, signin.MFATimeout:
		return true
	}
	return false
}
