package policy

import "frisk/internal/signin"

// Decide combines the policies that match into one verdict: the strictest wins,
// a block before a prompt before nothing. m must come from Match for the same row.
// See Decision for the meaning of the bounds.
func (ev *Evaluator) Decide(r *signin.Row, m Match, s *State) Decision {
	d := Decision{Match: m}
	live := m.Applies.Or(m.Unknown)
	if live.Empty() {
		return d
	}
	pr := ev.prove(r, s, !live.And(ev.e.deviceControls).Empty())
	second := ev.secondFactor(m)
	counts := ev.frequencyCounts(r, &pr)
	deferred := ev.deferred(r, s)
	var sure Controls
	for w, bits := range live {
		for ; bits != 0; bits &= bits - 1 {
			i := index(w, bits)
			p := &ev.e.plans[i]
			applies := m.Applies.Has(i)
			g := ev.grade(p, &pr, s)
			if f := p.Session.Frequency; f != 0 && counts {
				g = withFrequency(g, p, s, second, deferred)
				if applies && p.State == Enabled && (d.Frequency == 0 || f < d.Frequency) {
					d.Frequency = f
				}
			}
			if p.State == ReportOnly {
				d.report(i, g, applies)
				continue
			}
			d.NotPersistent = d.NotPersistent || applies && p.Session.Persistent == "never"
			d.add(i, g, applies)
			if applies {
				sure |= g.Sure
			}
		}
	}
	d.MaybeUnmet = d.Unmet &^ sure
	return d
}

// secondFactor says whether anything that is enforced asks for a second factor.
func (ev *Evaluator) secondFactor(m Match) signin.Truth {
	switch {
	case !m.Applies.And(ev.e.secondFactor).Empty():
		return signin.True
	case !m.Unknown.And(ev.e.secondFactor).Empty():
		return signin.Unknown
	}
	return signin.False
}

// withFrequency adds what sign-in frequency asks to what the grant controls ask.
func withFrequency(g Grade, p *plan, s *State, second signin.Truth, deferred bool) Grade {
	if deferred {
		return g
	}
	switch overdue(p, s, second) {
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

func (d *Decision) add(i int, g Grade, applies bool) {
	d.Worst = max(d.Worst, g.Worst)
	d.Unmet |= g.Unmet
	best := Allow
	if applies {
		best = g.Best
		d.Best = max(d.Best, best)
	}
	switch best {
	case Block:
		d.Blocks.Add(i)
		return
	case Prompt:
		d.Prompts.Add(i)
	case Allow:
		if g.Worst == Prompt {
			d.MaybePrompts.Add(i)
		}
	}
	if g.Worst == Block {
		d.MaybeBlocks.Add(i)
	}
}

func (d *Decision) report(i int, g Grade, applies bool) {
	switch {
	case !applies:
	case g.Best == Block:
		d.WouldBlock.Add(i)
	case g.Best == Prompt:
		d.WouldPrompt.Add(i)
	}
}
