package report

import (
	"fmt"
	"strings"
)

func title(in *Input) string {
	if in.Tenant == "" {
		return "Friction and risk of sign-in policies"
	}
	return "Friction and risk of sign-in policies: " + clip(in.Tenant, 80)
}

func subtitle(in *Input) string {
	if in.SignIns == 0 {
		return "No sign-ins were read."
	}
	s := wholeOf(float64(in.SignIns), "sign-in", "sign-ins") + " of " + plural(in.People, "person", "people")
	if in.From != 0 && in.Until != 0 {
		s += ", " + in.From.Time().Format("2 January 2006") + " to " + in.Until.Time().Format("2 January 2006") + " (UTC)"
	}
	return s + "."
}

// lead says the answer in words: what hurts most, what causes it, what would
// help, what to change first, and how far to trust all that.
func lead(v *view) []Line {
	if v.focus.cell == nil {
		return []Line{
			say(strong("There is nothing to judge yet."), " No sign-in of a person was read, so neither friction nor risk can be told."),
		}
	}
	out := []Line{leadPain(v)}
	for _, l := range []Line{leadCause(v), leadBargain(v), leadCandidate(v), leadFirst(v), leadTrust(v)} {
		if len(l) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// leadPain: who is asked how often, as the log says. The group and everybody are
// both over all their work, so that they compare; the workspace's part follows.
func leadPain(v *view) Line {
	c, all := v.focus.cell, v.allWork(v.focus.cell)
	prompts, now := c.Recorded.Prompts, c.set(0).Prompts
	switch {
	case prompts.Known && prompts.High == 0 && !(now.Known && now.High > 0):
		return say(strong("According to the log nobody was asked to authenticate."), " Either that is so, or the log does not carry it: see Data quality.")
	case prompts.Known && prompts.High > 0:
		if all == nil || !all.Recorded.Prompts.Known {
			// Only the workspace's part is known, which compares with nothing.
			return append(cellPhrase(v), say(" to authenticate ", strong(v.times(prompts)), each(c.People)+byPolicy(v, c)+" (recorded).")...)
		}
		l := append(groupPhrase(v, c, all), say(" to authenticate ", strong(v.times(all.Recorded.Prompts)), each(all.People)+byPolicy(v, all))...)
		if t := v.in.Total.Recorded.Prompts; c.Group != "" && t.Known && t.High > 0 {
			l = append(l, say("; everybody "+num(v.per(t)))...)
		}
		return append(append(l, say(" (recorded).")...), workspacePart(v, c, all)...)
	case now.Known:
		return append(cellPhrase(v), say(" to authenticate ", strong(v.times(now)),
			each(c.People)+" by replay of today’s policies; the log itself does not say how often.")...)
	}
	return say(strong("How often people are asked cannot be told"), " from what was read: no row says whether a factor was given.")
}

func each(people int) string {
	if people == 1 {
		return ""
	}
	return " each"
}

// byPolicy is the part of recorded prompts a policy can be behind, in words.
func byPolicy(v *view, c *Cell) string {
	if a := c.Recorded.Asked; a.Known && num(a) != num(c.Recorded.Prompts) {
		return ", " + num(v.per(a)) + " of them because of policies"
	}
	return ""
}

// groupPhrase is the group over all its work: "Data Scientists are asked".
func groupPhrase(v *view, c, all *Cell) Line {
	if c.Group == "" {
		return everybodyPhrase(v)
	}
	return say(strong(clip(c.Group, 60)), asked(all.People))
}

func everybodyPhrase(v *view) Line {
	n := v.in.People
	if n == 0 {
		n = v.in.Total.People
	}
	if x := v.in.Total.Excluded.People; x > 0 && v.in.Total.People > 0 {
		// Who is excluded from a policy is in none of these figures.
		n = v.in.Total.People
		return say(strong(plural(n, "person", "people")), asked(n))
	}
	if n == 1 {
		return say(strong("The one person seen"), asked(1))
	}
	return say(strong("All "+plural(n, "person", "people")), asked(n))
}

func asked(people int) string {
	if people == 1 {
		return " is asked"
	}
	return " are asked"
}

// workspacePart is what of a group's prompts falls into the lead's workspace.
// Fewer people work there than belong to the group, so it is a rate of its own.
func workspacePart(v *view, c, all *Cell) Line {
	switch {
	case v.focus.whole || c.Workspace == "":
		return nil
	case c.People == all.People:
		return say(" "+num(v.per(c.Recorded.Prompts))+" of the "+num(v.per(all.Recorded.Prompts)), " fall in ", strong(clip(c.Workspace, 60)), ".")
	}
	return say(" In ", strong(clip(c.Workspace, 60)), fmt.Sprintf(", where %s of the %s sign in, it is ", whole(float64(c.People)), whole(float64(all.People))),
		strong(v.times(c.Recorded.Prompts)), each(c.People)+".")
}

// cellPhrase is the lead's cell: "Analysts in mlw-a are asked".
func cellPhrase(v *view) Line {
	c := v.focus.cell
	if v.focus.whole {
		return everybodyPhrase(v)
	}
	group := "People"
	if c.Group != "" {
		group = c.Group
	}
	l := say(strong(clip(group, 60)))
	if c.Workspace == "" {
		return append(l, say(" in all their work"+asked(c.People))...)
	}
	return append(l, say(" in ", strong(clip(c.Workspace, 60)), asked(c.People))...)
}

// leadCause: the policy behind most of it, and what it was good for.
func leadCause(v *view) Line {
	k := causeOf(v.focus.cell)
	if k == nil || k.Share.High < 0.005 {
		return leadCostliest(v)
	}
	subject := say("Policy ", strong(quote(k.Policy)))
	if k.Clause != "" {
		subject = append(subject, say(" (", strong(clip(k.Clause, 80)), ")")...)
	}
	return append(subject, say(" asks for ", strong(pct(k.Share)), " of the prompts that policies cause there (by replay) and ", stopped(k.Attacks), ".")...)
}

// leadCostliest speaks about the whole tenant when causes per cell are not known.
func leadCostliest(v *view) Line {
	var best *Policy
	var sum float64
	for i := range v.in.Policies {
		p := &v.in.Policies[i]
		if p.Set != 0 || !p.Prompts.Known || p.State != stateEnabled {
			continue
		}
		sum += p.Prompts.Mid()
		if best == nil || p.Prompts.Mid() > best.Prompts.Mid() {
			best = p
		}
	}
	if best == nil || best.Prompts.Mid() == 0 {
		return nil
	}
	return say("Over everybody, policy ", strong(quote(best.Name)), " prompts most ("+wholeOf(best.Prompts.Mid(), "sign-in", "sign-ins")+" by replay, ",
		pct(Exact(best.Prompts.Mid()/sum)), " of what policies ask for) and ", stopped(best.Attacks), ".")
}

func stopped(attacks float64) string {
	switch {
	case attacks == 0:
		return "stands in the way of no sign-in that a finding calls hostile"
	case attacks <= 1:
		return "stands in the way of 1 sign-in that a finding calls hostile"
	}
	return "stands in the way of " + whole(attacks) + " sign-ins that a finding calls hostile"
}

// leadCandidate: what the best candidate does to the cell.
func leadCandidate(v *view) Line {
	switch {
	case len(v.in.Sets) == 0:
		return say("No policies were replayed, so what another policy would do cannot be told.")
	case len(v.in.Sets) == 1:
		return say("No candidate policies were given to compare with.")
	case v.focus.set == 0:
		return leadNoHelp(v)
	}
	c := v.focus.cell
	now, then := c.set(0), c.set(v.focus.set)
	there := ""
	if c.Workspace != "" && !v.focus.whole {
		there = " there"
	}
	l := say("Candidate ", strong(quote(v.in.Sets[v.focus.set].Name)), " would ask them ", strong(v.times(then.Prompts)),
		there+"; today’s policies, replayed the same way, ask "+num(v.per(now.Prompts))+".")
	if now.Residual.Known && then.Residual.Known {
		l = append(l, say(" Residual risk (hostile sign-ins expected to get through) ")...)
		l = append(l, riskMove(now.Residual, then.Residual)...)
		if v.focus.move == MoveTrade && moveOf(now, then) == MoveTrade {
			l = append(l, say(": the relief is paid with risk")...)
		}
		l = append(l, say(".")...)
	}
	if m := v.overallMove(v.focus.set); v.focus.move == MoveTrade && moveOf(now, then) != MoveTrade {
		l = append(l, say(" Over everybody it is "+m.String()+".")...)
	}
	return l
}

// riskMove says where residual risk goes. A change too small to mean anything
// (see riskSlack) is not told as one.
func riskMove(now, then Range) Line {
	before, after := num(now), num(then)
	d := now.Change(then)
	if max(-d.Low, d.High) > riskSlack(now) && before != after {
		return say("goes from "+before+" to ", strong(after))
	}
	if below, ok := strings.CutPrefix(before, "<"); ok {
		return say("stays below ", strong(below))
	}
	if before != after {
		return say("stays at about ", strong(before))
	}
	return say("stays at ", strong(after))
}

// leadNoHelp says how the candidates fail when none helps.
func leadNoHelp(v *view) Line {
	l := say(strong("No candidate is sure to ask less at the same risk."))
	var parts []string
	open := true
	for _, i := range v.candidates() {
		m := moveOf(v.focus.cell.set(0), v.focus.cell.set(i))
		open = open && m == MoveUnclear
		part := quote(v.in.Sets[i].Name) + ": " + m.String()
		if n := v.changed(i); n.people[NewlyBlocked].High > 0 {
			part += " (over everybody it newly blocks " + people(n.people[NewlyBlocked]) + ")"
		} else if m != MoveBlocks && v.blocks(i) {
			part += " (over everybody it blocks people)"
		}
		parts = append(parts, part)
	}
	if open {
		return say(strong("Whether a candidate helps cannot be told"), " from what was read.")
	}
	where := " For this group: "
	if v.focus.whole {
		where = " Overall: "
	}
	return append(l, say(where+strings.Join(parts, "; ")+".")...)
}
