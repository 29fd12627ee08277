package report

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// foldFrom is how many files nothing could be read of are one row: each one's
// cause is for whoever asks about the files.
const foldFrom = 4

// refused reports that nothing of the file could be read.
func (s *SourceFile) refused() bool { return s.Read == 0 && s.Problem != "" }

func fileTable(q *Quality) *Table {
	t := &Table{Name: "sources", Caption: "Files read", Shown: shownPeople, Columns: []Column{
		{Key: "file", Name: "File"},
		{Key: "format", Name: "Format"},
		{Key: "read", Name: "Records", Unit: UnitCount},
		{Key: "kept", Name: "Kept", Unit: UnitCount},
		{Key: "duplicate", Name: "Duplicate", Unit: UnitCount, Minor: 2},
		{Key: "superseded", Name: "Replaced", Unit: UnitCount, Minor: 2},
		{Key: "quarantined", Name: "Quarantined", Unit: UnitCount},
		{Key: "other", Name: "Not a sign-in", Unit: UnitCount, Minor: 1},
	}}
	// Few people ask for a time, and the others need not wonder about the column.
	outside := slices.ContainsFunc(q.Sources, func(s SourceFile) bool { return s.Outside > 0 })
	if outside {
		t.Columns = append(t.Columns, Column{Key: "outside", Name: "Outside", Unit: UnitCount, Minor: 1})
	}
	t.Columns = append(t.Columns, Column{Key: "problem", Name: "Problem"})
	var sum SourceFile
	var none []string // files nothing could be read of
	add := func(s *SourceFile) {
		cells := []Value{text(s.Name), text(s.Format), count(s.Read), count(s.Kept), count(s.Duplicate), count(s.Superseded), count(s.Quarantined), count(s.Other)}
		if outside {
			cells = append(cells, count(s.Outside))
		}
		t.add(append(cells, text(s.Problem))...)
	}
	for i := range q.Sources {
		if s := &q.Sources[i]; s.refused() {
			none = append(none, path.Base(s.Name))
		}
	}
	for i := range q.Sources {
		s := q.Sources[i]
		sum.Read, sum.Kept, sum.Superseded, sum.Quarantined = sum.Read+s.Read, sum.Kept+s.Kept, sum.Superseded+s.Superseded, sum.Quarantined+s.Quarantined
		if s.refused() {
			if len(none) >= foldFrom {
				continue
			}
			s.Format = "refused"
		}
		add(&s)
	}
	if len(none) >= foldFrom {
		add(&SourceFile{Name: fmt.Sprintf("%d files", len(none)), Format: "refused", Problem: firstOf(none, 3) + "; see analyze status --files"})
	}
	t.Note = fmt.Sprintf("%s read, %s kept, %s replaced, %s quarantined; a file read again counts once. Kept were new to the dataset, replaced took the place of an older version. Quarantined records lie in the data folder with file, line and cause.",
		wholeOf(float64(sum.Read), "record", "records"), whole(float64(sum.Kept)), whole(float64(sum.Superseded)), whole(float64(sum.Quarantined)))
	return t
}

// firstOf names the first n of names and counts the rest.
func firstOf(names []string, n int) string {
	var out []string
	for _, name := range names[:min(n, len(names))] {
		out = append(out, clip(name, 40))
	}
	s := strings.Join(out, ", ")
	if more := len(names) - n; more > 0 {
		s += fmt.Sprintf(" and %d more", more)
	}
	return s
}
