package ingest

import (
	"slices"
	"strings"

	"frisk/internal/ingest/jsonscan"
	"frisk/internal/signin"
)

// Format is one shape of log this package reads. The catalog is Formats.
type Format struct {
	Name     string // what a user writes after --format
	Doc      string // one line for help texts
	Provider string // signin.Event.Provider of its events
	// Detect reports nil when the beginning of a file (about 64 KiB, already
	// decompressed and in UTF-8) can be this format, else why not. The file's
	// name is a hint only.
	Detect func(head []byte, name string) error

	table bool // rows of delimited text with a header; otherwise JSON values
	// open prepares a file for decoding; its error (a missing column, say) is the
	// file's. The result makes one decoder per worker.
	open func(f *file) (func(*scratch) decoder, error)
}

// A decoder turns one record into ev, which arrives zeroed but for Provider and
// Raw. other names the type of a record that is no sign-in, which is then
// counted and dropped. Notes go to t. A decoder belongs to one worker.
type decoder func(rec []byte, ev *signin.Event, t *tally) (other string, err error)

// file is what the decoders of one file share. It is read-only once workers run.
type file struct {
	name   string
	format *Format
	opt    *Options
	header []string // of a table, trimmed
	delim  byte     // of a table
	// decoder makes a worker's decoder; nil when the file cannot be read.
	decoder func(*scratch) decoder
}

// scratch is a worker's own memory, shared by its decoders.
type scratch struct {
	scan   jsonscan.Scanner
	cell   jsonscan.Scanner // for JSON inside a text cell
	inner  jsonscan.Scanner // for JSON inside such JSON
	whole  jsonscan.Scanner // for a record's body inside a text
	fields []string
	memo   *memo
}

func newScratch() *scratch { return &scratch{memo: newMemo()} }

var formats []*Format

// register adds a format to the catalog. A duplicate name is a bug.
func register(f Format) *Format {
	i, found := slices.BinarySearchFunc(formats, f.Name, func(f *Format, name string) int {
		return strings.Compare(f.Name, name)
	})
	if found {
		panic("ingest: duplicate format " + f.Name)
	}
	formats = slices.Insert(formats, i, &f)
	return &f
}

// Formats is the catalog of log formats, sorted by name.
func Formats() []Format {
	out := make([]Format, len(formats))
	for i, f := range formats {
		out[i] = *f
	}
	return out
}
