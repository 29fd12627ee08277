package policy

import (
	"fmt"

	"frisk/internal/signin"
)

// class is the live policies of one state that ask for the same: same grant and
// session controls. What they ask of a row is graded once.
type class struct {
	plan       *plan // any of them
	members    Mask
	reportOnly bool
	word       int // of the first member

	// What every decision looks at, out of plan.
	frequency     signin.Time
	tokens        bool // token protection
	never, always bool // persistent browser, which counts only for all resources
}

// classesOf groups the live policies; of says each one's class. Those that ask
// for nothing are in none.
func classesOf(plans []plan) (classes []class, of []int, demanding Mask) {
	at := map[string]int{}
	of = make([]int, len(plans))
	for i := range plans {
		p := &plans[i]
		if p.State != Enabled && p.State != ReportOnly || p.idle() {
			continue
		}
		demanding.Add(i)
		name := fmt.Sprintf("%d %+v %s %s", p.State, p.grant, fingerprint(p.Grant), fingerprint(p.Session))
		n, ok := at[name]
		if !ok {
			n = len(classes)
			at[name] = n
			classes = append(classes, class{
				plan: p, reportOnly: p.State == ReportOnly, word: i >> 6,
				frequency: p.Session.Frequency, tokens: p.Session.TokenProtection,
				never:  p.grant.everything && p.Session.Persistent == "never",
				always: p.grant.everything && p.Session.Persistent == "always",
			})
		}
		classes[n].members.Add(i)
		of[i] = n
	}
	return classes, of, demanding
}

// idle reports whether the policy bears on no decision.
func (p *plan) idle() bool {
	return p.grant.controls == 0 && p.Session.Frequency == 0 && !p.Session.TokenProtection && p.Session.Persistent == ""
}

// met reports whether a policy of the class in a word before w may apply.
func (k *class) met(m *Match, w int) bool {
	for v := range w {
		if k.members[v]&(m.Applies[v]|m.Unknown[v]) != 0 {
			return true
		}
	}
	return false
}

// give puts the grade of a class into the decision, member by member at once. It
// reports whether an enforced member applies.
func (k *class) give(d *Decision, g Grade, words int) bool {
	if k.reportOnly {
		for w := range words {
			switch a := d.Match.Applies[w] & k.members[w]; g.Best {
			case Block:
				d.WouldBlock[w] |= a
			case Prompt:
				d.WouldPrompt[w] |= a
			case Allow:
			}
		}
		return false
	}
	d.Worst = max(d.Worst, g.Worst)
	d.Unmet |= g.Unmet
	applies := uint64(0)
	for w := range words {
		a, u := d.Match.Applies[w]&k.members[w], d.Match.Unknown[w]&k.members[w]
		applies |= a
		switch g.Best {
		case Block:
			d.Blocks[w] |= a
		case Prompt:
			d.Prompts[w] |= a
		case Allow:
			u |= a
		}
		// What is left, in u, hangs on an unknown; a prompt may also turn out a block.
		switch g.Worst {
		case Block:
			d.MaybeBlocks[w] |= u
			if g.Best == Prompt {
				d.MaybeBlocks[w] |= a
			}
		case Prompt:
			d.MaybePrompts[w] |= u
		case Allow:
		}
	}
	if applies == 0 {
		return false
	}
	d.Best = max(d.Best, g.Best)
	return true
}
