package ingest

import (
	"fmt"

	"frisk/internal/signin"
)

// Batch is what one piece of one file gave, in input order. Records always
// equals len(Events) + len(Bad) + the sum of NotSignIn: a record that holds
// several sign-ins counts as that many. The receiver owns it;
// strings in Events share memory with the piece of input.
type Batch struct {
	File      string
	Format    string // the file's, "" when it could not be told
	Events    []signin.Event
	Bad       []*LineError
	Formats   []TypeCount // records by the format that read them, sorted; nil: all by Format
	NotSignIn []TypeCount // records of other kinds, sorted by type
	Tenants   []TypeCount // events per signin.Event.Tenant, sorted
	Notes     []NoteCount // things a reader of the result should know, in catalog order
	Records   int64
	Bytes     int64 // decompressed
	DiskBytes int64 // size of the whole source as stored, on its last batch; 0 before
	// Last marks the last batch of its file; every file has exactly one.
	Last bool
	// FileErr is set on the last batch of a file that could not be read, or not to
	// its end. What was read before stands.
	FileErr *FileError

	bufs [][]byte // the memory Release gives back; none = it stays
}

// TypeCount counts records of one type.
type TypeCount struct {
	Type  string
	Count int64
}

// LineError is a record that could not be read. The run goes on.
type LineError struct {
	File   string // as in Source.Name
	Line   int64  // 1-based line, or index of the record in a page format
	Raw    []byte // the record, or its beginning where it is longer than the limit
	Format string
	Err    error
}

func (e *LineError) Error() string {
	return fmt.Sprintf("%s:%d: %s: %v", e.File, e.Line, e.Format, e.Err)
}

// Unwrap is the cause.
func (e *LineError) Unwrap() error { return e.Err }

// FileError is a file that could not be read, or not to its end.
type FileError struct {
	File string
	Err  error
}

func (e *FileError) Error() string { return fmt.Sprintf("read %q: %v", e.File, e.Err) }

// Unwrap is the cause.
func (e *FileError) Unwrap() error { return e.Err }
