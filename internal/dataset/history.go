package dataset

import (
	"slices"
	"strings"

	"frisk/internal/signin"
)

// Ingest is the record of one commit that read logs, or of a repair.
type Ingest struct {
	// Commit is the Manifest.Commit that made it visible.
	Commit uint64 `json:"commit"`
	Tool   string `json:"tool,omitempty"`
	// At is when it ran, as the caller said (AppendOptions.At); "" when not said.
	At string `json:"at,omitempty"`
	// Total adds its sources up; Formats the same by format, sorted by name. Both
	// are without ingests and kept_ever.
	Total   Source   `json:"total"`
	Formats []Source `json:"formats,omitempty"`
	// Files are the accounts of its sources, sorted by name. Old ingests lose them
	// when the history holds more than maxIngestFiles.
	Files []Source `json:"files,omitempty"`
	// FileCount is how many there were.
	FileCount int `json:"file_count"`
	// Rows is the number of sign-ins in the dataset afterwards.
	Rows int64 `json:"rows"`
	// Late says how many of the new sign-ins came late, by stream.
	Late []StreamSpan `json:"late,omitempty"`
	// Repair is what a repair did, a line each; empty for an ingest.
	Repair []string `json:"repair,omitempty"`
}

// Bounds of the history: a dataset that is fed every minute must not have a
// manifest that grows for ever. Past maxIngests the oldest are added up in
// Manifest.Earlier.
const (
	maxIngests     = 1000
	maxIngestFiles = 5000
)

// note appends an ingest to the history and bounds it.
func (m *Manifest) note(in Ingest) {
	m.Ingests = append(slices.Clone(m.Ingests), in)
	for len(m.Ingests) > maxIngests {
		old := m.Ingests[0]
		sum := Ingest{}
		if m.Earlier != nil {
			sum = *m.Earlier
		}
		sum.Commit, sum.Tool, sum.At, sum.Rows = old.Commit, old.Tool, old.At, old.Rows
		sum.Total.add(&old.Total)
		sum.FileCount += old.FileCount
		m.Earlier = &sum
		m.Ingests = m.Ingests[1:]
	}
	files := 0
	for i := len(m.Ingests) - 1; i >= 0; i-- {
		if files += len(m.Ingests[i].Files); files > maxIngestFiles && i < len(m.Ingests)-1 {
			m.Ingests[i].Files = nil
		}
	}
}

// newIngest is the record of a commit with these sources.
func newIngest(opt *AppendOptions, commit uint64, sources []Source, rows int64, late []StreamSpan) Ingest {
	in := Ingest{Commit: commit, Tool: opt.Tool, At: opt.At, Rows: rows, FileCount: len(sources), Late: late}
	for i := range sources {
		s := sources[i]
		s.KeptEver, s.SupersededEver, s.Ingests, s.QuarantineFile, s.QuarantineSum, s.Again, s.Follow = 0, 0, 0, "", "", false, nil
		in.Files = append(in.Files, s)
		in.Total.add(&s)
		at, known := slices.BinarySearchFunc(in.Formats, s.Format, func(f Source, name string) int { return strings.Compare(f.Format, name) })
		if !known {
			in.Formats = slices.Insert(in.Formats, at, Source{Format: s.Format})
		}
		in.Formats[at].add(&s)
	}
	return in
}

// StreamSpan is what the dataset has had of one stream of one tenant.
type StreamSpan struct {
	Provider string `json:"provider"`
	Tenant   string `json:"tenant"`
	Stream   string `json:"stream,omitempty"` // "" when rows do not tell
	// First and Last are the times of its first and last row ever kept.
	First signin.Time `json:"first,omitempty"`
	Last  signin.Time `json:"last,omitempty"`
	// Late counts new rows with an event time inside the span that earlier
	// ingests had covered, Older those before it (history added later). Versions
	// that replace a stored row are neither.
	Late  int64 `json:"late,omitempty"`
	Older int64 `json:"older,omitempty"`
	// LateDay counts those of Late that are over a day behind Last as it was, and
	// MaxLate is the most any of them is behind it, in microseconds.
	LateDay int64       `json:"late_day,omitempty"`
	MaxLate signin.Time `json:"max_late,omitempty"`
}

func compareStreams(a, b *StreamSpan) int {
	if c := strings.Compare(a.Provider, b.Provider); c != 0 {
		return c
	}
	if c := strings.Compare(a.Tenant, b.Tenant); c != 0 {
		return c
	}
	return strings.Compare(a.Stream, b.Stream)
}

// mergeStreams adds what an ingest saw to what was known, sorted.
func mergeStreams(old, now []StreamSpan) []StreamSpan {
	out := slices.Clone(old)
	for i := range now {
		n := &now[i]
		at, known := slices.BinarySearchFunc(out, n, func(s StreamSpan, n *StreamSpan) int { return compareStreams(&s, n) })
		if !known {
			out = slices.Insert(out, at, *n)
			continue
		}
		o := &out[at]
		if n.First < o.First {
			o.First = n.First
		}
		o.Last = max(o.Last, n.Last)
		o.Late += n.Late
		o.Older += n.Older
		o.LateDay += n.LateDay
		o.MaxLate = max(o.MaxLate, n.MaxLate)
	}
	return out
}
