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
	s := whole(float64(in.SignIns)) + " sign-ins of " + plural(in.People, "person", "people")
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
	for _, l := range []Line{leadCause(v), leadCandidate(v), leadFirst(v), leadTrust(v)} {
		if len(l) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// leadPain: who is asked how often, as the log says.
func leadPain(v *view) Line {
	c := v.focus.cell
	where := cellPhrase(v)
	prompts := c.Recorded.Prompts
	switch {
	case prompts.Known && prompts.High == 0 && !(c.set(0).Prompts.Known && c.set(0).Prompts.High > 0):
		return say(strong("According to the log nobody was asked to authenticate."), " Either that is so, or the log does not carry it: see Data quality.")
	case prompts.Known && prompts.High > 0:
		l := append(where, say(" are asked to authenticate ", strong(num(prompts)+" times a week"), " each")...)
		if a := c.Recorded.Asked; a.Known && num(a) != num(prompts) {
			l = append(l, say(", "+num(a)+" of them because of policies")...)
		}
		l = append(l, say(" (recorded)")...)
		if t := v.in.Total.Recorded.Prompts; !v.focus.whole && t.Known && t.High > 0 {
			l = append(l, say(fmt.Sprintf("; everybody: %s.", num(t)))...)
			return l
		}
		return append(l, say(".")...)
	case c.set(0).Prompts.Known:
		return append(where, say(" are asked to authenticate ", strong(num(c.set(0).Prompts)+" times a week"),
			" each by replay of today’s policies; the log itself does not say how often.")...)
	}
	return say(strong("How often people are asked cannot be told"), " from what was read: no row says whether a factor was given.")
}

func cellPhrase(v *view) Line {
	c := v.focus.cell
	if v.focus.whole {
		return say(strong("All " + plural(c.People, "person", "people") + " together"))
	}
	group := "People"
	if c.Group != "" {
		group = c.Group
	}
	l := say(strong(clip(group, 60)))
	if c.Workspace == "" {
		return append(l, say(" in all their work")...)
	}
	return append(l, say(" in ", strong(clip(c.Workspace, 60)))...)
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
	return say("Over everybody, policy ", strong(quote(best.Name)), " prompts most (", whole(best.Prompts.Mid()),
		" sign-ins by replay, ", pct(Exact(best.Prompts.Mid()/sum)), " of what policies ask for) and ", stopped(best.Attacks), ".")
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
	now, then := v.focus.cell.set(0), v.focus.cell.set(v.focus.set)
	l := say("Candidate ", strong(quote(v.in.Sets[v.focus.set].Name)), " would ask them ", strong(num(then.Prompts)+" times"),
		" a week; today’s policies, replayed the same way, ask ", num(now.Prompts), ".")
	if now.Residual.Known && then.Residual.Known {
		before, after := num(now.Residual), num(then.Residual)
		l = append(l, say(" Residual risk (hostile sign-ins expected to get through) ")...)
		if before == after {
			l = append(l, say("stays at ", strong(after))...)
		} else {
			l = append(l, say("goes from "+before+" to ", strong(after))...)
		}
		if v.focus.move == MoveTrade {
			l = append(l, say(": the relief is paid with risk")...)
		}
		l = append(l, say(".")...)
	}
	return l
}

// leadNoHelp says how the candidates fail when none helps.
func leadNoHelp(v *view) Line {
	l := say(strong("No candidate is sure to ask less at the same risk."))
	var parts []string
	open := true
	for _, i := range v.candidates() {
		m := moveOf(v.focus.cell.set(0), v.focus.cell.set(i))
		open = open && m == MoveUnclear
		parts = append(parts, quote(v.in.Sets[i].Name)+": "+m.String())
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

// leadFirst: the one thing to do next.
func leadFirst(v *view) Line {
	if u := v.in.Total.set(0).Unknown; u.Known && u.High > tooUnknown {
		return leadNothingYet(v)
	}
	if v.focus.set != 0 {
		return leadAdopt(v)
	}
	c, k := v.focus.cell, causeOf(v.focus.cell)
	if k == nil || k.Share.High < 0.005 {
		return nil
	}
	what := " write a candidate that relaxes " + quote(k.Policy)
	if k.Clause != "" {
		what += " (" + clip(k.Clause, 80) + ")"
	}
	if c.Workspace != "" && !v.focus.whole {
		what += " for " + clip(c.Workspace, 60)
	}
	if k.Attacks > 0 {
		what += ", keeping the hostile sign-ins it stands in the way of"
	}
	return say(strong("Change first:"), what+", and replay it.")
}

// leadAdopt recommends the lead's candidate, or asks for a decision when it
// costs risk.
func leadAdopt(v *view) Line {
	i := v.focus.set
	set := v.in.Sets[i]
	if v.focus.move == MoveTrade {
		return say(strong("Change first:"), " decide whether "+quote(set.Name)+" is worth that risk, or write a narrower candidate.")
	}
	what := " adopt " + quote(set.Name)
	if n := len(set.Diff); n == 1 {
		what += " (" + clip(set.Diff[0], 160) + ")"
	} else if n > 1 {
		what += fmt.Sprintf(" (%d differences from today, listed under Candidates)", n)
	}
	if n := v.changed(i); n.any() {
		what += "; over everybody it newly blocks " + people(n.people[NewlyBlocked]) +
			", newly prompts " + people(n.people[NewlyPrompted]) + " and relieves " + people(n.people[Relieved])
	}
	return say(strong("Change first:"), what+".")
}

// leadNothingYet warns against deciding on figures that are mostly open, and
// names the fact that is missed most.
func leadNothingYet(v *view) Line {
	var worst *MissingFact
	for i := range v.in.Quality.Missing {
		if m := &v.in.Quality.Missing[i]; m.Verdicts > 0 && (worst == nil || m.Verdicts > worst.Verdicts) {
			worst = m
		}
	}
	l := say(strong("Change nothing on these figures yet:"), " too many verdicts hang on facts the log does not carry")
	if worst != nil {
		l = append(l, say(", most of all ", strong(worst.Fact))...)
	}
	return append(l, say(". Data quality lists what to add.")...)
}
