package report

import "frisk/internal/signin"

// Quality is what is known about the data itself.
type Quality struct {
	Sources []SourceFile
	Streams []Stream
	// Missing says how often each fact is absent.
	Missing []MissingFact
	// Tiers is how workspaces were attributed: share of sign-ins by confidence,
	// strongest first, adding up to 1; nil without workspaces.
	Tiers []Share
	// Context counts what the directory holds (users, groups, complete groups, roles, devices, workspaces, requests).
	Context []Count
	// Rejected counts values thrown away (impossible coordinates, future dates).
	Rejected []Count
	// Notices are warnings of the loaders (unknown policy conditions, ...).
	Notices []string
	// NoRecord is the share of rows without any recorded policy evaluation.
	NoRecord Range
}

// SourceFile is the account of one input file. Read = Kept + Duplicate +
// Superseded + Quarantined + Other + Outside. Kept were new to the dataset,
// Superseded replaced an older version of the same record.
type SourceFile struct {
	Name, Format                                                   string
	Read, Kept, Duplicate, Superseded, Quarantined, Other, Outside int64
	// Problem is why the file could not be read to its end, in one line; "" when it
	// was.
	Problem string
}

// Stream is one log stream. Rows 0 means the stream is absent.
type Stream struct {
	Name        string // interactive, non-interactive, ...
	Rows        int64
	People      int
	From, Until signin.Time
}

// MissingFact is a fact that policies or detectors need and rows lack.
type MissingFact struct {
	Fact  string // "device compliance", "group membership", ...
	Share Range  // of rows, 0 to 1
	// Matters says what hangs on it; "" when unknown.
	Matters string
	// Verdicts is how many replayed verdicts it leaves open.
	Verdicts int64
}

// Share is a named part of a whole, 0 to 1.
type Share struct {
	Name  string
	Share float64
}
