package report

import "strings"

// leadBargain names the policy that costs much, is resisted and stops little; else
// nothing: where no policy is one, the lead has better to say.
func leadBargain(v *view) Line {
	b := worst(bargains(v.in.Rollups))
	if b == nil {
		return nil
	}
	var why []string
	if r := b.Requests; r != nil && r.Requests > 0 {
		why = append(why, plural(r.Requests, "exception request", "exception requests"))
	}
	if w := b.Workarounds; w != nil && w.People > 0 {
		why = append(why, plural(w.People, "person", "people")+" going round it")
	}
	l := say("Worst bargain is policy ", strong(quote(b.Name)), ": "+strings.Join(why, " and ")+", ", strong(pct(b.cost)), " of the time policies cost, and ",
		strong(pct(b.risk)), " of the risk they stop by estimate")
	if b.Hostile > 0 {
		l = append(l, say(" ("+wholeOf(b.Hostile, "sign-in", "sign-ins")+" that a finding calls hostile)")...)
	}
	return append(l, say(".")...)
}

// bargainWords are the worst and the best policy for the first screen; nil when
// there is neither.
func bargainWords(v *view) []Block {
	bs := bargains(v.in.Rollups)
	var out []Block
	if b := worst(bs); b != nil {
		out = append(out, &Paragraph{Line: worstLine(v, b)})
	}
	if b := best(bs); b != nil {
		out = append(out, &Paragraph{Line: bestLine(b)})
	}
	return out
}

// words say how the sign-ins of a workspace came to be in it.
func (p *Placed) words() string {
	var parts []string
	for _, t := range p.Tiers {
		name := t.Name
		if name == "candidate" {
			name = "shared"
		}
		if t.Share >= 0.005 {
			parts = append(parts, pct(Exact(t.Share))+" "+name)
		}
	}
	if p.Unknown.Known && p.Unknown.High >= 0.005 {
		parts = append(parts, pct(p.Unknown)+" of the group’s unknown")
	}
	return strings.Join(parts, ", ")
}
