package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// openWords says of the candidate in the lead, where its figures are wide, which
// of its policies, and which missing facts, make them so.
func openWords(v *view) []Block {
	i := v.shown()
	if i <= 0 {
		return nil
	}
	if l := widest(v, i); len(l) > 0 {
		return []Block{&Paragraph{Line: l}}
	}
	return nil
}

// wide is the share of a figure's high side from which its width is explained.
const wide = 0.25

// widest names the policies behind the width of candidate i, widest first.
func widest(v *view, i int) Line {
	then := v.in.Total.set(i)
	low, high := then.Prompts.Low+then.Blocks.Low, then.Prompts.High+then.Blocks.High
	if !then.Prompts.Known || high == 0 || (high-low)/high < wide {
		return nil
	}
	width := func(p *Policy) float64 {
		return p.Prompts.High - p.Prompts.Low + p.Blocks.High - p.Blocks.Low
	}
	var ps []*Policy
	for _, p := range policiesOf(v, i) {
		if p.State == stateEnabled && width(p) > 0 {
			ps = append(ps, p)
		}
	}
	if len(ps) == 0 {
		return nil
	}
	slices.SortStableFunc(ps, func(a, b *Policy) int { return cmp.Compare(width(b), width(a)) })
	l := say("The range of candidate ", strong(v.in.Sets[i].Name), " is wide. Policies with most sign-ins between the low and the high side: ")
	for n, p := range ps[:min(len(ps), 3)] {
		if n > 0 {
			l = append(l, say("; ")...)
		}
		l = append(l, say(strong(clip(p.Name, 80)), fmt.Sprintf(" (%s)", num(Exact(width(p)))))...)
	}
	if facts := v.in.Sets[i].Missing; len(facts) > 0 {
		var words []string
		for _, f := range facts[:min(len(facts), 3)] {
			words = append(words, cmp.Or(f.Matters, f.Fact))
		}
		l = append(l, say(". What would narrow it, most first: "+strings.Join(words, "; "))...)
	}
	return append(l, say(".")...)
}
