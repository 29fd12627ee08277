package dataset

// Position is how far "ingest --follow" has read a source. It is committed with
// the sign-ins it speaks of, so that neither can be ahead of the other.
type Position struct {
	// Size and ModTime (microseconds since the Unix epoch, UTC, 0 = not known) are
	// those of the source when it was last looked at.
	Size    int64 `json:"size"`
	ModTime int64 `json:"mod_time,omitempty"`
	// Whole marks a source that is read as a whole each time it has changed. The
	// fields below are then unset.
	Whole bool `json:"whole,omitempty"`
	// Offset is where reading goes on, always at the beginning of a record or
	// between two; Line is the number of that line, from 1.
	Offset int64 `json:"offset,omitempty"`
	Line   int64 `json:"line,omitempty"`
	// Rest is how many bytes after Offset were read as a last line without an end.
	// They are read again when the line has grown.
	Rest int64 `json:"rest,omitempty"`
	// Header is the length in bytes of a table's header and what stands before it.
	Header int64 `json:"header,omitempty"`
	// Format is the format the beginning of the source showed.
	Format string `json:"format,omitempty"`
	// Mark is a hash of the beginning of the source and of what comes before
	// Offset, by which a source that was written anew is known.
	Mark string `json:"mark,omitempty"`
}
