package report

// Exceptions is what was read of requests for exceptions, beside the findings.
type Exceptions struct {
	// Rows are those of Files files; each gave requests or is counted in Left. Read are
	// the requests they gave, Used those that could be compared.
	Files, Rows, Read, Used int
	// Problems are the rows and files that could not be read, and what to do.
	Problems []string
	// Left counts, by reason, what was read and not used; Open counts, by what is
	// missing, what was used and is not fully known.
	Left, Open []Count
	Policies   []ExceptionPolicy // every policy with a request, an exclusion or a finding, most requests first
	Patterns   []ExceptionPattern
}

// ExceptionPolicy is one policy, or one other text that requests are about. -1: not known.
type ExceptionPolicy struct {
	Name                          string
	Requests, People, Repeats     int
	Approved, Denied              int
	BlockDriven, BlockAsked       int
	MedianHours                   float64
	Members, NetGrowth            int
	GrowthKnown                   bool
	Orphans, Permanent, Exclusion int // Exclusion: dead exclusions
}

// ExceptionPattern says what became of looking for one pattern.
type ExceptionPattern struct {
	Name, Doc          string
	Raised, Suppressed int
	Tests, Chance      int    // of an inference: tests made, candidates that chance explains
	Silent             string // why nothing could be said; ""
}

// TextPair is two texts that are nearly one, and the requests they are of.
type TextPair struct {
	Requests   [2]string
	Texts      [2]string
	Similarity float64
}
