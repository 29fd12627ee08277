package policy

import (
	"cmp"
	"slices"
	"strings"
)

// deciding lists the enabled policies that made the verdict what it is: those
// that block, then those that prompt, then those that may do either; each group in
// set order. None where the policies had no say.
func (ev *Evaluator) deciding(x *Explanation, d *Decision) []Decider {
	if x.Scope != "" {
		return nil
	}
	var out []Decider
	done := Mask{}
	for _, part := range []struct {
		mask Mask
		does string
		why  func(*PolicyExplanation) string
	}{
		{d.Blocks, "blocks", wants},
		{d.Prompts, "prompts", wants},
		{d.MaybeBlocks, "may block", missing},
		{d.MaybePrompts, "may prompt", missing},
	} {
		for i := range part.mask.AndNot(done).All() {
			if ev.e.plans[i].State != Enabled {
				continue
			}
			done.Add(i)
			p := &x.Policies[i]
			out = append(out, Decider{i, p.Name, part.does, part.why(p)})
		}
	}
	return out
}

// reasons has one line per policy that made the verdict what it is, and for a
// bound that hangs on an unknown the missing fact.
func (ev *Evaluator) reasons(x *Explanation, d *Decision) []string {
	if x.Scope != "" {
		return []string{x.Scope}
	}
	var out []string
	for _, p := range x.Deciding {
		out = append(out, quote(p.Policy)+" "+p.Does+": "+p.Why)
	}
	if len(out) > 0 {
		return out
	}
	n := d.Match.Applies.And(ev.e.enforced).Len()
	switch {
	case n > 0:
		return []string{"every enabled policy that applies is met"}
	case !d.Match.Unknown.And(ev.e.enforced).Empty():
		return []string{"no enabled policy that may apply asks for anything unmet"}
	}
	return []string{"no enabled policy applies"}
}

func quote(s string) string { return `"` + s + `"` }

// wants says what is unmet and by which fact. Where something is unmet for
// certain, what may be unmet besides is left out; a block names what the sign-in
// was caught by.
func wants(p *PolicyExplanation) string {
	sure := slices.ContainsFunc(p.Controls, func(c ControlExplanation) bool { return c.Met == "false" })
	var out []string
	for _, c := range p.Controls {
		switch {
		case c.Met == "true" || sure && c.Met != "false":
			continue
		case c.Name == ControlBlock.Names()[0]:
			out = append(out, caught(p))
		case c.Why == "":
			out = append(out, c.Name)
		default:
			out = append(out, c.Name+": "+c.Why)
		}
	}
	return strings.Join(out, "; ")
}

// caught is what singles the sign-in out: its conditions but for whom and what the
// policy is about, which are named where there is nothing else.
func caught(p *PolicyExplanation) string {
	var narrow, wide []string
	for _, c := range p.Conditions {
		text := c.Name + ": " + c.Why
		if c.Name == "users" || c.Name == "applications" {
			wide = append(wide, text)
		} else {
			narrow = append(narrow, text)
		}
	}
	return cmp.Or(strings.Join(narrow, "; "), strings.Join(wide, "; "), "it applies to everything")
}

// missing names the facts an unknown hangs on.
func missing(p *PolicyExplanation) string {
	var out []string
	for _, c := range p.Conditions {
		if c.Is == "unknown" {
			out = append(out, c.Name+": "+c.Why)
		}
	}
	for _, c := range p.Controls {
		if c.Met == "unknown" {
			out = append(out, c.Name+": "+cmp.Or(c.Why, "whether it is met is not known"))
		}
	}
	out = slices.Compact(out)
	if len(out) == 0 {
		return wants(p)
	}
	return strings.Join(out, "; ")
}
