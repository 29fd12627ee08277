package report

import (
	"fmt"
	"strings"
)

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
// costs risk. It never speaks for a candidate that blocks people.
func leadAdopt(v *view) Line {
	i := v.focus.set
	set := v.in.Sets[i]
	if v.focus.move == MoveTrade {
		return say(strong("Change first:"), " decide whether "+quote(set.Name)+" is worth that risk, or write a narrower candidate."+passedOver(v))
	}
	what := " adopt " + quote(set.Name)
	if n := len(set.Diff); n == 1 {
		what += " (" + clip(set.Diff[0], 160) + ")"
	} else if n > 1 {
		what += fmt.Sprintf(" (%d differences from today, listed under Candidates)", n)
	}
	return say(strong("Change first:"), what+"."+effects(v, i)+passedOver(v))
}

// effects says for whom candidate i changes something, over everybody. That
// nobody is newly blocked is not said of people who first have to register.
func effects(v *view, i int) string {
	n, need := v.changed(i), v.in.Sets[i].MissingMethod
	var parts []string
	if n.any() {
		blocked := "newly blocks " + people(n.people[NewlyBlocked])
		if need > 0 && n.people[NewlyBlocked].High == 0 {
			blocked += " who has a method it accepts"
		}
		parts = append(parts, blocked, "newly prompts "+people(n.people[NewlyPrompted]), "relieves "+people(n.people[Relieved]))
	}
	s := ""
	if len(parts) > 0 {
		s = " Over everybody it " + strings.Join(parts, "; it ") + "."
	}
	if need > 0 {
		s += " But " + missingMethod(need) + "."
	}
	return s
}

// missingMethod says who has to register a method before a set can be adopted.
func missingMethod(n int) string {
	if n == 1 {
		return "1 person has never used a method it accepts and would have to register one first"
	}
	return plural(n, "", "people") + " have never used a method it accepts and would have to register one first"
}

// passedOver names the candidate that would save more and why it is not advised.
func passedOver(v *view) string {
	i := v.focus.passed
	if i == 0 {
		return ""
	}
	s := " " + quote(v.in.Sets[i].Name) + " would ask still less, but "
	if n := v.changed(i); n.people[NewlyBlocked].High > 0 {
		return s + "newly blocks " + people(n.people[NewlyBlocked]) + "."
	}
	if v.blocks(i) {
		return s + "blocks people more often."
	}
	return s + missingMethod(v.in.Sets[i].MissingMethod) + "."
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
		l = append(l, say(", above all ", strong(factWords(worst.Fact)))...)
	}
	return append(l, say(". Data quality lists what to add.")...)
}
