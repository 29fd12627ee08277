package dataset

import (
	"slices"
	"strings"

	"frisk/internal/signin"
)

// Source is the account of one input. Within one ingest
//
//	records = kept + duplicate + not sign-in + quarantined + outside
//
// (checked by Commit for each source that Appender.Source was called for) and
// the dataset grows by the sum of kept less the sum of superseded.
type Source struct {
	// Name is the input as given, the Raw.File of its events.
	Name   string `json:"name"`
	Format string `json:"format,omitempty"`
	// Error is why the file as a whole could not be read to its end.
	Error string `json:"error,omitempty"`

	// What the last ingest of this source saw, or all the pieces in which
	// "ingest --follow" has read it since its beginning. DiskBytes, Bytes, Records,
	// NotSignIn, Types, Format and Error are the caller's (Appender.Source); the
	// rest is counted here.

	// DiskBytes is the size as stored, Bytes the size unpacked and as text.
	DiskBytes int64 `json:"disk_bytes,omitempty"`
	Bytes     int64 `json:"bytes,omitempty"`
	Records   int64 `json:"records,omitempty"`
	NotSignIn int64 `json:"not_sign_in,omitempty"`
	// Types are the types NotSignIn consists of, sorted; the rarest of many are
	// one entry.
	Types       []TypeCount `json:"types,omitempty"`
	Quarantined int64       `json:"quarantined,omitempty"`
	// Outside were sign-ins outside the time the caller asked for; the caller's,
	// like NotSignIn.
	Outside int64 `json:"outside,omitempty"`
	// Kept were written. Duplicate were known already, word for word, under
	// this or another source. Superseded of the kept ones replaced another
	// version of the same record.
	Kept       int64 `json:"kept"`
	Duplicate  int64 `json:"duplicate"`
	Superseded int64 `json:"superseded,omitempty"`

	// KeptEver sums Kept over every ingest of this source and SupersededEver
	// Superseded, as far as the version of the program counted it; Ingests counts
	// them.
	KeptEver       int64 `json:"kept_ever,omitempty"`
	SupersededEver int64 `json:"superseded_ever,omitempty"`
	Ingests        int64 `json:"ingests,omitempty"`
	// Again marks a source of which rows may have been lost to damage: it must be
	// read again from its beginning. Its next ingest clears the mark.
	Again bool `json:"again,omitempty"`
	// First and Last are the times of the first and last event given, kept or not.
	First signin.Time `json:"first,omitempty"`
	Last  signin.Time `json:"last,omitempty"`
	// Follow is how far "ingest --follow" has read the source, nil when the last
	// ingest of it was no such reading; the caller's, like NotSignIn.
	Follow *Position `json:"follow,omitempty"`
	// QuarantineFile is the file in quarantine/ with the bad records that
	// Quarantined counts; "" when there were none.
	QuarantineFile string `json:"quarantine_file,omitempty"`
	QuarantineSum  string `json:"quarantine_sum,omitempty"` // its checksum, see Run.Sum
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
		t.add(&sources[i])
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
// old ones of the same name, except for what is counted over all ingests, and
// for sources that go on (see Appender.Continue).
func mergeSources(old, now []Source, goesOn map[string]Source) []Source {
	out := slices.Clone(old)
	for _, s := range now {
		i, known := slices.BinarySearchFunc(out, s.Name, func(s Source, name string) int { return strings.Compare(s.Name, name) })
		if !known {
			out = slices.Insert(out, i, s)
			continue
		}
		if _, ok := goesOn[s.Name]; ok {
			s = s.after(&out[i])
		}
		s.KeptEver += out[i].KeptEver
		// What an older version of the program wrote has the last ingest's at least.
		s.SupersededEver += max(out[i].SupersededEver, out[i].Superseded)
		s.Ingests += out[i].Ingests
		s.span(out[i].First, out[i].Last)
		out[i] = s
	}
	return out
}
