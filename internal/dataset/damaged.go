package dataset

import "fmt"

// damageError is ErrCorrupt with the file's name, the cause and what to do.
type damageError struct {
	path  string
	cause error
}

func damaged(path string, cause error) error { return &damageError{path, cause} }

func (e *damageError) Error() string {
	return fmt.Sprintf("%v: %q: %v: run \"analyze repair\", which says what is lost and which logs to ingest again", ErrCorrupt, e.path, e.cause)
}

// Unwrap lets callers find ErrCorrupt and the cause.
func (e *damageError) Unwrap() []error { return []error{ErrCorrupt, e.cause} }
