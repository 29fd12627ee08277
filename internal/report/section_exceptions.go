package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

var _ = register(Builder{
	Name: "exceptions", Order: 70, Title: "Exception requests",
	Doc:   "What requests for exceptions show per policy, and findings about them: repeats, groups, bursts, renewals, exclusions that stay, approvers.",
	Intro: "Exceptions say where a policy does not fit the work, and where the process around it leaks. It is a reading of policies, not an accusation.",
	Build: buildExceptions,
})

// exceptionParts are parts of the names of the patterns of package exceptions.
var exceptionParts = []string{"exception", "request", "exclusion", "renewal", "repeat"}

func isException(detector string) bool {
	return slices.ContainsFunc(exceptionParts, func(w string) bool { return strings.Contains(detector, w) })
}

// cardsPerPattern is how many findings of one pattern people are shown.
const cardsPerPattern = 2

func buildExceptions(v *view) []Block {
	raised, suppressed := v.findingsOf(isException)
	x := v.in.Exceptions
	if x == nil {
		return findingBlocks("exceptions", "All exception findings", raised, suppressed, DepthExtra)
	}
	blocks := []Block{&Paragraph{Line: exceptionWords(x)}}
	blocks = append(blocks, exceptionProblems(x)...)
	if len(x.Left)+len(x.Open) > 0 {
		blocks = append(blocks, exceptionAccount(x))
	}
	if len(x.Policies) > 0 {
		blocks = append(blocks, exceptionPolicies(x))
	}
	blocks = append(blocks, exceptionPatterns(x))
	if len(raised) > 0 {
		blocks = append(blocks, exceptionCards(raised), exceptionTable(raised))
	}
	if t := suppressedTable("exceptions-suppressed", suppressed); t != nil {
		list := suppressedList("exceptions-suppressed-list", suppressed)
		list.Depth = DepthExtra
		blocks = append(blocks, t, list)
	}
	return blocks
}

// shownProblems is how many unreadable rows and files are named.
const shownProblems = 4

// exceptionWords says how much was read and used.
func exceptionWords(x *Exceptions) Line {
	l := say(strong(whole(float64(x.Used))), " of ", wholeOf(float64(x.Read), "request", "requests"), " could be compared")
	if x.Files > 0 && x.Rows != x.Read {
		l = append(l, say(fmt.Sprintf("; they come from %s of %s", wholeOf(float64(x.Rows), "row", "rows"), plural(x.Files, "file", "files")))...)
	}
	return append(l, say(".")...)
}

func exceptionProblems(x *Exceptions) []Block {
	var out []Block
	for i, p := range x.Problems {
		if i == shownProblems {
			out = append(out, &Paragraph{Tone: ToneWarn, Line: say(fmt.Sprintf("%d more about these files under Data quality.", len(x.Problems)-i))})
			break
		}
		out = append(out, &Paragraph{Tone: ToneWarn, Line: say(p)})
	}
	return out
}

// exceptionAccount says what was left out and what is not known of the rest.
func exceptionAccount(x *Exceptions) *Table {
	t := &Table{Name: "exception-account", Caption: "What could not be used, or not fully", Columns: []Column{
		{Key: "what", Name: "What"}, {Key: "used", Name: "Used"}, {Key: "number", Name: "Number", Unit: UnitCount, Source: Recorded},
	}}
	for _, c := range x.Left {
		t.add(text(c.Name), text("no"), count(c.N))
	}
	for _, c := range x.Open {
		t.add(text(c.Name), text("in part"), count(c.N))
	}
	return t
}

func exceptionPolicies(x *Exceptions) *Table {
	t := &Table{Name: "exception-policies", Caption: "Per policy", Shown: shownPeople, Columns: []Column{
		{Key: "policy", Name: "Policy"},
		{Key: "requests", Name: "Requests", Unit: UnitCount, Source: Recorded},
		{Key: "people", Name: "People", Unit: UnitCount, Source: Recorded},
		{Key: "repeats", Name: "Repeats (30 d)", Unit: UnitCount, Source: Recorded},
		{Key: "approved", Name: "Approved", Unit: UnitCount, Source: Recorded, Minor: 2},
		{Key: "denied", Name: "Denied", Unit: UnitCount, Source: Recorded, Minor: 2},
		{Key: "after_block", Name: "After a block", Unit: UnitCount, Source: Recorded, Minor: 1},
		{Key: "median_hours", Name: "Hours after it", Unit: UnitNumber, Source: Recorded, Minor: 3},
		{Key: "members", Name: "Excluded now", Unit: UnitCount, Source: Recorded, Minor: 1},
		{Key: "net_growth", Name: "Net growth", Unit: UnitCount, Source: Recorded, Minor: 1},
		{Key: "orphans", Name: "Not requested", Unit: UnitCount, Source: Recorded, Minor: 2},
		{Key: "permanent", Name: "Never ended", Unit: UnitCount, Source: Recorded, Minor: 2},
		{Key: "dead", Name: "Not needed", Unit: UnitCount, Source: Replayed, Minor: 3},
	}}
	known := func(n int) Value {
		if n < 0 {
			return missing()
		}
		return count(n)
	}
	for _, p := range x.Policies {
		hours, net := instead("-"), missing()
		if p.BlockDriven > 0 {
			hours = number(p.MedianHours)
		}
		if p.GrowthKnown {
			net = count(p.NetGrowth)
		}
		t.add(text(p.Name), count(p.Requests), count(p.People), count(p.Repeats), count(p.Approved), count(p.Denied),
			known(p.BlockDriven), hours, known(p.Members), net, known(p.Orphans), count(p.Permanent), known(p.Exclusion))
	}
	return t
}

func exceptionPatterns(x *Exceptions) *Table {
	t := &Table{Name: "exception-patterns", Caption: "What was looked for", Lines: 12, Columns: []Column{
		{Key: "pattern", Name: "Pattern"},
		{Key: "raised", Name: "Raised", Unit: UnitCount, Source: Recorded},
		{Key: "suppressed", Name: "Held back", Unit: UnitCount, Source: Recorded},
		{Key: "tests", Name: "Tests", Unit: UnitCount, Source: Recorded, Minor: 2},
		{Key: "chance", Name: "May be chance", Unit: UnitCount, Source: Recorded, Minor: 1},
		{Key: "silent", Name: "Not looked for, because"},
	}}
	for _, p := range x.Patterns {
		tests, chance := instead("-"), instead("-")
		if p.Tests > 0 {
			tests, chance = count(p.Tests), count(p.Chance)
		}
		t.add(text(p.Name), count(p.Raised), count(p.Suppressed), tests, chance, text(p.Silent))
	}
	return t
}

// exceptionCards shows the first findings of each pattern, and in machine
// formats all of them.
func exceptionCards(fs []*Finding) *Evidence {
	shown := map[string]int{}
	var first, rest []*Finding
	for _, f := range fs {
		if shown[f.Detector]++; shown[f.Detector] <= cardsPerPattern {
			first = append(first, f)
		} else {
			rest = append(rest, f)
		}
	}
	seen := map[string]int{}
	rank := map[*Finding]int{}
	for _, f := range first {
		seen[f.Detector]++
		rank[f] = seen[f.Detector]
	}
	slices.SortStableFunc(first, func(a, b *Finding) int { return cmp.Compare(rank[a], rank[b]) }) // one of each first
	e := &Evidence{Shown: len(first)}
	for i, f := range append(first, rest...) {
		name := fmt.Sprintf("exceptions-%d", i+1)
		c := card(name, f)
		if f.Summary != "" {
			c.Summary = say(f.Summary)
		}
		if f.Action != "" {
			c.Notes = append(c.Notes, say(f.Action))
		}
		if len(f.Pairs) > 0 {
			c.Rows = pairTable(name, f.Pairs)
		}
		e.Cards = append(e.Cards, c)
	}
	return e
}

// pairTable puts texts side by side.
func pairTable(name string, pairs []TextPair) *Table {
	t := &Table{Name: name, Caption: "The reasons given, side by side", Lines: 6, Columns: []Column{
		{Key: "request", Name: "Request", Unit: UnitID},
		{Key: "text", Name: "Reason"},
		{Key: "other_request", Name: "Request", Unit: UnitID},
		{Key: "other_text", Name: "Reason"},
		{Key: "similarity", Name: "Words in common", Unit: UnitPercent, Source: Recorded},
	}}
	for _, p := range pairs {
		t.add(text(p.Requests[0]), text(p.Texts[0]), text(p.Requests[1]), text(p.Texts[1]), number(p.Similarity))
	}
	return t
}

// exceptionTable lists all findings by what they say.
func exceptionTable(fs []*Finding) *Table {
	t := &Table{Name: "exceptions", Caption: "All exception findings", Shown: shownPeople, Depth: DepthExtra, Columns: []Column{
		{Key: "severity", Name: "Severity"},
		{Key: "pattern", Name: "Pattern"},
		{Key: "who", Name: "Who"},
		{Key: "time", Name: "Time (UTC)", Unit: UnitTime, Minor: 1},
		{Key: "summary", Name: "What was seen"},
		{Key: "evidence", Name: "Evidence", Minor: 3},
		{Key: "action", Name: "What to do", Minor: 2},
		{Key: "subject", Name: "Request", Unit: UnitID},
	}, Head: 3}
	for _, f := range fs {
		t.add(text(f.Severity.String()), text(f.Detector), text(exceptionWho(f)), text(clock(f.Time)), text(cmp.Or(f.Summary, evidenceText(f))),
			text(evidenceText(f)), text(f.Action), text(f.Subject))
	}
	return t
}

// exceptionWho is whom a finding is about: a person, a group, an approver, else a policy.
func exceptionWho(f *Finding) string {
	if f.Person != "" {
		return f.Person
	}
	for _, name := range []string{"group", "approver", "policy", "app"} {
		if e, ok := factOf(f, name); ok {
			return factText(e)
		}
	}
	return "Several people"
}
