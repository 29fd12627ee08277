package report

import (
	"cmp"
	"slices"
)

// shownSuppressed is how many findings that were not raised people are shown.
const shownSuppressed = 100

// suppressedLines is how many of them stand in text.
const suppressedLines = 8

// suppressedTable counts suppressed findings by reason; nil without any.
func suppressedTable(name string, fs []*Finding) *Table {
	if len(fs) == 0 {
		return nil
	}
	n := map[string]int{}
	var reasons []string
	for _, f := range fs {
		if n[f.Suppressed] == 0 {
			reasons = append(reasons, f.Suppressed)
		}
		n[f.Suppressed]++
	}
	slices.SortFunc(reasons, func(a, b string) int { return cmp.Or(cmp.Compare(n[b], n[a]), cmp.Compare(a, b)) })
	t := &Table{Name: name, Caption: "Looked suspicious but was not raised", Columns: []Column{
		{Key: "reason", Name: "Reason"}, {Key: "findings", Name: "Times", Unit: UnitCount},
	}}
	for _, r := range reasons {
		t.add(text(r), count(n[r]))
	}
	return t
}

// suppressedList is every suppressed finding, grouped by reason: the most
// frequent first, within it in the order of findingsOf.
func suppressedList(name string, fs []*Finding) *Table {
	n := map[string]int{}
	for _, f := range fs {
		n[f.Suppressed]++
	}
	fs = slices.Clone(fs)
	slices.SortStableFunc(fs, func(a, b *Finding) int {
		return cmp.Or(cmp.Compare(n[b.Suppressed], n[a.Suppressed]), cmp.Compare(a.Suppressed, b.Suppressed))
	})
	t := &Table{Name: name, Caption: "What was not raised, by reason", Shown: shownSuppressed, Lines: suppressedLines, Columns: []Column{
		{Key: "reason", Name: "Reason"},
		{Key: "who", Name: "Who"},
		{Key: "time", Name: "Time (UTC)", Unit: UnitTime, Minor: 1},
		{Key: "detector", Name: "Detector", Minor: 2},
		{Key: "evidence", Name: "Evidence", Minor: 3},
		{Key: "subject", Name: "Event id", Unit: UnitID},
	}, Head: 2}
	for _, f := range fs {
		t.add(text(f.Suppressed), text(findingWho(f)), text(clock(f.Time)), text(f.Detector), text(evidenceText(f)), text(f.Subject))
	}
	return t
}
