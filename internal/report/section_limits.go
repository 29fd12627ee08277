package report

import "fmt"

var _ = register(Builder{
	Name: "limits", Order: 110, Title: "What a replay cannot know",
	Doc:   "The limits of replaying history, always printed, with this report's own figures where there are any.",
	Intro: "These limits are not a fault of the data; no tool that looks at past sign-ins can remove them.",
	Build: buildLimits,
})

// buildLimits prints the five limits of off-policy evaluation on logged
// decisions (selective labels, no overlap, adaptation, missing fields, controls
// that hide what they stop).
func buildLimits(v *view) []Block {
	l := &List{}
	add := func(head, body string) { l.Items = append(l.Items, say(strong(head), " "+body)) }
	blocked := ""
	if b := v.in.Total.Recorded.Blocks; b.Known && v.in.Days > 0 && v.in.Total.People > 0 {
		blocked = " Here that concerns " + wholeOf(b.Mid()*float64(v.in.Total.People)*v.in.Days/7, "recorded block", "recorded blocks") + "."
	}
	add("A blocked sign-in has no outcome.", "Nobody knows what would have come of it. It is never counted as a point, only as bounds: all of them harmless, or all hostile."+blocked)
	add("Policies leave nothing to chance.", "Where a candidate lets in what today’s policies always stopped, no past sign-in shows what happens then. "+
		"Bounds are all there is; when they are wide, run the candidate in report-only mode, or for a small group first.")
	add("People and attackers adapt.", "A blocked person finds another way, a relieved one signs in more often, an attacker changes tools. The replay keeps everybody’s behaviour as it was; "+
		"a block does not erase the later sign-ins of its session.")
	open := ""
	if u := v.in.Total.set(0).Unknown; u.Known {
		open = " Here " + pct(u) + " of the verdicts of today’s policies stay open."
	}
	add("What was not logged cannot be evaluated.", "Such a sign-in is in a bucket of its own and widens the bounds."+open)
	attacks := ""
	if t := v.in.Total.set(0); t.Prompts.Known {
		attacks = fmt.Sprintf(" Known here: %s got as far as a policy.", wholeOf(t.Attacks, "hostile sign-in", "hostile sign-ins"))
		if t.Attacks < 10 {
			attacks += " That is too few to rank policies by what they stop; the expected risk beside it does that, with its own assumptions."
		}
	}
	add("A control that works hides what it stops.", "A policy can look useless because nobody tries any more. Weigh that before removing one."+attacks)
	add("Attack data used to tell good from bad can mislead both ways.", "A sign-in wrongly called hostile is missing from friction; one wrongly called harmless is missing from risk.")
	return []Block{l}
}
