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
	Provider string // signin.Event.Provider of its events, unless the decoder knows better
	Page     string // file of docs/formats that describes it; "" is Provider + ".md"

	// detect reports nil when the beginning of a file can be this format, else why
	// not, in words a user understands. Exactly one format may claim a file, save
	// that generic ones are asked last.
	detect func(s *sample) error
	// generic formats (OCSF, ECS) are shapes that other formats also have; they are
	// asked only when every other format refused.
	generic bool
	cut     cutting
	// claims tells where in a line the message begins that is surely this format's
	// (0: the whole line), -1 when it is not; nil for formats that share no file
	// with others. It is asked for each line, so it is cheap.
	claims func(line string) int
	// counts says that the format counts the lines it does not know, which stand
	// among its own; fallback that it reads the syslog lines nobody claims.
	counts, fallback bool
	// reuse says that the decoders keep nothing that points into a record, so that
	// its memory can be used again once the batch is done with (Batch.Release).
	reuse bool
	// open prepares a file for decoding; its error (a missing column, say) is the
	// file's. The result makes one decoder per worker.
	open func(f *file) (func(*scratch) decoder, error)
}

// cutting is how a format's files are cut into records.
type cutting uint8

const (
	cutJSON  cutting = iota // JSON values: one a line, arrays, pages
	cutTable                // delimited text with a header
	cutLines                // lines of text
	cutXML                  // <Event>…</Event> elements
)

// A decoder turns one record into ev, which arrives zeroed but for Provider and
// Raw. other names the type of a record that is no sign-in, which is then
// counted and dropped. A record that holds several sign-ins puts the first into
// ev and gives the others to t.emit; each counts as a record of its own, as
// does what it gives to t.other. Notes go to t. A decoder belongs to one worker.
type decoder func(rec []byte, ev *signin.Event, t *tally) (other string, err error)

// file is what the decoders of one file share. It is read-only once workers run.
type file struct {
	name   string
	format *Format
	opt    *Options
	header []string    // of a table, trimmed
	delim  byte        // of a table
	head   []byte      // the beginning, as detection saw it
	forced bool        // the user named the format: every line is read as that
	asOf   signin.Time // the latest day a time without a year can mean; 0 = not known
	// decoder makes a worker's decoder; nil when the file cannot be read.
	decoder func(*scratch) decoder
	kinds   []lineKind // the formats its lines may have, nil for one
}

// scratch is a worker's own memory, shared by its decoders.
type scratch struct {
	scan   jsonscan.Scanner
	cell   jsonscan.Scanner // for JSON inside a text cell
	inner  jsonscan.Scanner // for JSON inside such JSON
	whole  jsonscan.Scanner // for a record's body inside a text
	doc    doc              // for formats that read a record as a tree
	fields []string
	room   arena // for fields
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

// DocPage is the file of docs/formats that describes the format.
func (f *Format) DocPage() string {
	if f.Page != "" {
		return f.Page
	}
	return f.Provider + ".md"
}
