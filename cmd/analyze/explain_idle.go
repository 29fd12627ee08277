package main

import (
	"fmt"
	"strings"

	"frisk/internal/analysis"
	"frisk/internal/policy"
)

// shortName is how much of a policy's name is shown in a list of names.
const shortName = 38

// reasonLength is how much of a reason is shown for another set.
const reasonLength = 66

// idle counts the policies that did not apply by the condition that failed.
func (s *screen) idle(ps []policy.PolicyExplanation) {
	type group struct {
		names []string
		why   string // of all of them; "" when they differ
	}
	groups := map[string]*group{}
	var order []string
	for i := range ps {
		p := &ps[i]
		if p.Result == "applied" || p.Result == "unknown" {
			continue
		}
		cause, why := p.Failing, ""
		switch p.Result {
		case "notEnabled":
			cause = "not enabled"
		case "notInForce":
			cause = "not in force that day"
		default:
			why = s.named(whyFailing(p))
		}
		g := groups[cause]
		if g == nil {
			g = &group{why: why}
			groups[cause] = g
			order = append(order, cause)
		}
		if g.why != why {
			g.why = ""
		}
		g.names = append(g.names, p.Name)
	}
	if len(order) == 0 {
		return
	}
	s.print("  not applied, by the condition that failed")
	for _, cause := range order {
		g := groups[cause]
		lead := "    " + cause
		if len(g.names) > 1 {
			lead += fmt.Sprintf(" (%d)", len(g.names))
		}
		s.print(short(clean(s.idleLine(lead+": ", g.names, g.why)), s.width))
	}
}

// idleLine is one line: names, cut where several would not fit, and the fact as
// far as there is room.
func (s *screen) idleLine(lead string, names []string, why string) string {
	const most, between = 3, 2
	n := min(len(names), most)
	rest := ""
	if len(names) > n {
		rest = fmt.Sprintf("; and %d more", len(names)-n)
	}
	room := (s.width-len(lead)-len(rest))/n - between
	if n == 1 && why != "" {
		room = max(shortName/2, room-len(why))
	}
	cut := make([]string, n)
	for i := range cut {
		cut[i] = short(names[i], room)
	}
	line := lead + strings.Join(cut, "; ") + rest
	if why != "" && (n == 1 || len(line)+len(why)+between <= s.width) {
		line += ": " + why
	}
	return line
}

// whyFailing is the fact behind the first condition that failed.
func whyFailing(p *policy.PolicyExplanation) string {
	for _, c := range p.Conditions {
		if c.Name == p.Failing {
			return c.Why
		}
	}
	return ""
}

// someOf joins names, the first few of many.
func someOf(names []string) string {
	const most = 3
	if len(names) <= most {
		return strings.Join(names, "; ")
	}
	return fmt.Sprintf("%s; and %d more", strings.Join(names[:most], "; "), len(names)-most)
}

// others says what the other sets would do, and the one policy that decides it;
// sets of which the same can be said share a line.
func (s *screen) others(sets []analysis.SetExplanation, main int) {
	if len(sets) < 2 {
		return
	}
	said := map[string][]string{}
	order := []string{}
	same := otherReason(&sets[main].Explanation)
	for i := range sets {
		if i == main {
			continue
		}
		text := otherReason(&sets[i].Explanation)
		if text == same {
			text = "the same"
		}
		if said[text] == nil {
			order = append(order, text)
		}
		said[text] = append(said[text], sets[i].Name)
	}
	s.print("")
	s.print("other sets")
	for _, text := range order {
		s.lineAt("  ", 4, strings.Join(said[text], ", ")+": "+s.named(text))
	}
}

// otherReason is the verdict and the first thing that decided it, shortened.
func otherReason(x *policy.Explanation) string {
	if len(x.Deciding) == 0 {
		return verdict(x) + "; " + strings.Join(x.Reasons, "; ")
	}
	d := x.Deciding[0]
	text := fmt.Sprintf("%s; %q %s: %s", verdict(x), short(d.Policy, 2*shortName), d.Does, short(d.Why, reasonLength))
	if n := len(x.Deciding) - 1; n > 0 {
		text += fmt.Sprintf(" (and %d more)", n)
	}
	return text
}
