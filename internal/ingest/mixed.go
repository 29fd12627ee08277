package ingest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A syslog server writes what all its senders say into one file, so lines of
// several formats stand in it in any order. Each line is read by the format that
// claims it; what none claims by the file's main format, or, where it has the
// header of a Unix program, by linux-auth, which counts it by program.

// lineKind is one of the formats that the lines of a file may have.
type lineKind struct {
	format  *Format
	decoder func(*scratch) decoder
}

// lineKinds opens for f every format that claims lines, the main one first; nil
// where f is of one format only.
func (f *file) lineKinds() ([]lineKind, error) {
	if f.format.claims == nil || f.forced {
		return nil, nil
	}
	kinds := []lineKind{{f.format, f.decoder}}
	for _, other := range formats {
		if other.claims == nil || other == f.format {
			continue
		}
		open, err := other.open(f)
		if err != nil {
			return nil, fmt.Errorf("read lines as %s: %w", other.Name, err)
		}
		kinds = append(kinds, lineKind{other, open})
	}
	return kinds, nil
}

// kindOfLine is the index in kinds of the format that reads a line.
func kindOfLine(kinds []lineKind, line string) int {
	main := kinds[0].format
	if at := main.claims(line); at == 0 || at > 0 && claimant(kinds[1:], line[:at]) < 0 {
		return 0
	}
	if i := claimant(kinds, line); i >= 0 {
		return i
	}
	if !main.counts && !main.fallback && likeSyslog(line) {
		for i := range kinds {
			if kinds[i].format.fallback {
				return i
			}
		}
	}
	return 0
}

// claimant is the index of the format whose message begins first in a line, -1
// for none: what follows is inside that message, typed by anybody.
func claimant(kinds []lineKind, line string) int {
	best, first := -1, len(line)
	for i := range kinds {
		if at := kinds[i].format.claims(line); at >= 0 && at < first {
			best, first = i, at
		}
	}
	return best
}

// plainFront reports whether a message at an offset of a line stands after a
// header (headerOnly) and not in a quoted text, as of a test's expectations.
func plainFront(line string, at int) bool {
	front := dropPriority(line[:at])
	return strings.IndexByte(front, '"') < 0 || strings.HasPrefix(front, "1 ") // RFC 5424 quotes in its header
}

// census is how many lines of the head each format claims.
type census struct {
	main            *Format
	lines, like     int // all; with the header of a Unix program, claimed by nobody
	claimed, others int // by main, by others
}

// headLines is more lines than the head has: detection looks at all of them.
const headLines = headSize

// linesOf counts once.
func (s *sample) linesOf() *census {
	if s.census != nil {
		return s.census
	}
	c := &census{}
	s.census = c
	var kinds []lineKind
	for _, f := range formats {
		if f.claims != nil {
			kinds = append(kinds, lineKind{format: f})
		}
	}
	counts := make([]int, len(kinds))
	all := 0
	for _, line := range s.sampleLines(headLines) {
		c.lines++
		if i := claimant(kinds, line); i >= 0 {
			counts[i]++
			all++
		} else if likeSyslog(line) {
			c.like++
		}
	}
	order := make([]int, len(kinds))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(counts[b], counts[a]) })
	for _, i := range order {
		if kinds[i].format.detect(s) == nil {
			c.main, c.claimed, c.others = kinds[i].format, counts[i], all-counts[i]
			break
		}
	}
	return c
}

// accepts reports nil when a file is to be read as f: the beginning can be of f
// and, of several formats of lines, f has the most.
func (f *Format) accepts(s *sample) error {
	if err := f.detect(s); err != nil || f.claims == nil {
		return err
	}
	c := s.linesOf()
	switch known := c.claimed + c.others + c.like; {
	case c.main != f:
		return fmt.Errorf("most lines that tell their format are of %s", c.main.Name)
	case !f.counts && known*leastShare < c.lines:
		return fmt.Errorf("only %d of the first %d lines are of this or another log of lines", known, c.lines)
	}
	return nil
}

// leastShare: one line in so many must tell its format. A log that begins with
// the rest of something else is read; a text that quotes some lines of a log is not.
const leastShare = 20

// bySize is how a file's formats are told: "linux-auth (310), cisco-asa (8)".
func bySize(formats []TypeCount) string {
	sorted := slices.Clone(formats)
	slices.SortStableFunc(sorted, func(a, b TypeCount) int { return cmp.Compare(b.Count, a.Count) })
	var b strings.Builder
	for i, f := range sorted {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s (%d)", f.Type, f.Count)
	}
	return b.String()
}
