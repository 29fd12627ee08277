package dataset

// The content of a record is what tells its versions apart: a hash of all that
// it says, below a count of the fields that say something. The count keeps a
// poorer export (the portal's CSV, an audit log that repeats the request id)
// from replacing what a richer one told of the same sign-in.

const (
	contentBits = 56  // of the hash
	maxSaid     = 255 // fields counted
	// slack is how many fields a newer version may lack: a risk detail that was
	// cleared is an update, half of a record missing is another export.
	slack = 4
)

func newContent(said int, hash uint64) uint64 {
	return uint64(min(said, maxSaid))<<contentBits | hash&(1<<contentBits-1) //nolint:gosec // positive
}

// poorer reports whether a version with the content a says too little to replace
// one with the content b.
func poorer(a, b uint64) bool { return a>>contentBits+slack < b>>contentBits }
