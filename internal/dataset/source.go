package dataset

import (
	"slices"
	"strings"

	"frisk/internal/signin"
)

// Source is the account of one input. Within one ingest
//
//	records = kept + duplicate + not sign-in + quarantined
//
// and the dataset grows by the sum of kept less the sum of superseded.
type Source struct {
	// Name is the input as given, the Raw.File of its events.
	Name   string `json:"name"`
	Format string `json:"format,omitempty"`
	// Error is why the file as a whole could not be read to its end.
	Error string `json:"error,omitempty"`

	// What the last ingest of this source saw. Bytes, Records, NotSignIn,
	// Format and Error are the caller's (Appender.Source); the rest is counted here.
	Bytes       int64 `json:"bytes,omitempty"`
	Records     int64 `json:"records,omitempty"`
	NotSignIn   int64 `json:"not_sign_in,omitempty"`
	Quarantined int64 `json:"quarantined,omitempty"`
	// Kept were written. Duplicate were known already, word for word, under
	// this or another source. Superseded of the kept ones replaced another
	// version of the same record.
	Kept       int64 `json:"kept"`
	Duplicate  int64 `json:"duplicate"`
	Superseded int64 `json:"superseded,omitempty"`

	// KeptEver sums Kept over every ingest of this source, Ingests counts them.
	KeptEver int64 `json:"kept_ever"`
	Ingests  int64 `json:"ingests"`
	// First and Last are the times of the first and last event given, kept or not.
	First signin.Time `json:"first,omitempty"`
	Last  signin.Time `json:"last,omitempty"`
	// QuarantineFile is the file in quarantine/ with the bad records of the
	// last ingest; "" when there were none.
	QuarantineFile string `json:"quarantine_file,omitempty"`
}

// Summary is the result of a commit.
type Summary struct {
	// Sources are those of this ingest, sorted by name.
	Sources []Source
	// Total adds them up; its texts are empty and its times span all of them.
	Total Source
	// Rows is the number of events in the dataset after the commit, Runs the
	// number of files they are in.
	Rows int64
	Runs int
}

func summarize(sources []Source, m *Manifest) Summary {
	s := Summary{Sources: sources, Rows: m.Rows(), Runs: len(m.Runs)}
	t := &s.Total
	for i := range sources {
		src := &sources[i]
		t.Bytes += src.Bytes
		t.Records += src.Records
		t.NotSignIn += src.NotSignIn
		t.Quarantined += src.Quarantined
		t.Kept += src.Kept
		t.Duplicate += src.Duplicate
		t.Superseded += src.Superseded
		t.KeptEver += src.KeptEver
		t.Ingests += src.Ingests
		t.span(src.First, src.Last)
	}
	return s
}

func (s *Source) span(first, last signin.Time) {
	if first != 0 && (s.First == 0 || first < s.First) {
		s.First = first
	}
	s.Last = max(s.Last, last)
}

// mergeSources gives the manifest's sources after an ingest: new values replace
// old ones of the same name, except for what is counted over all ingests.
func mergeSources(old, now []Source) []Source {
	out := slices.Clone(old)
	for _, s := range now {
		i, known := slices.BinarySearchFunc(out, s.Name, func(s Source, name string) int { return strings.Compare(s.Name, name) })
		if !known {
			out = slices.Insert(out, i, s)
			continue
		}
		s.KeptEver += out[i].KeptEver
		s.Ingests += out[i].Ingests
		s.span(out[i].First, out[i].Last)
		out[i] = s
	}
	return out
}
