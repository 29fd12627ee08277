package ingest

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// shapeError is a refusal that only says that a file is no JSON, no table or no
// text lines: true of dozens of formats, and of help to nobody once the file's
// own shape is said.
type shapeError string

func (e shapeError) Error() string { return string(e) }

// refusals are the reasons of formats: a user's own mapping first, then the
// formats that found something of theirs and missed something. What many say in
// the same words is written once.
type refusals struct{ list []refusal }

type refusal struct {
	names []string
	why   string
	mine  bool // of a mapping
}

const (
	refusalText  = 240 // bytes of one reason
	refusalsShow = 12
)

func (r *refusals) add(name string, mine bool, err error) {
	if _, ok := errors.AsType[shapeError](err); ok && !mine {
		return
	}
	why := clip([]byte(err.Error()), refusalText)
	for i := range r.list {
		if r.list[i].why == why && r.list[i].mine == mine {
			r.list[i].names = append(r.list[i].names, name)
			return
		}
	}
	r.list = append(r.list, refusal{[]string{name}, why, mine})
}

// String is one line per reason, each after a newline.
func (r *refusals) String() string {
	slices.SortStableFunc(r.list, func(a, b refusal) int {
		if a.mine != b.mine {
			return cmp.Compare(btoi(b.mine), btoi(a.mine))
		}
		return cmp.Compare(len(a.names), len(b.names))
	})
	var b strings.Builder
	for i, f := range r.list {
		if i == refusalsShow {
			fmt.Fprintf(&b, "\n  and %d more", len(r.list)-i)
			break
		}
		fmt.Fprintf(&b, "\n  %s: %s", strings.Join(f.names, ", "), f.why)
	}
	return b.String()
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// about says in a few words what the file looks like.
func (s *sample) about() string {
	const most = 8
	switch s.shape {
	case shapeTable:
		return fmt.Sprintf("a table with the columns %s", list(s.header[:min(len(s.header), most)]))
	case shapeLines, shapeValues:
		if s.none {
			return "JSON without a record"
		}
		return fmt.Sprintf("JSON records with the members %s", list(s.keys[:min(len(s.keys), most)]))
	default:
		return s.why
	}
}

// ErrAnswer is wrapped by the error of a file that holds an API's error answer
// where a page of records should be: a hole in the data.
var ErrAnswer = errors.New("an API's error answer, not a log: fetch this part again")

// answer is the error of such a file: Graph and Azure write {"error": {...}},
// Okta errorCode and errorSummary, AWS __type and message.
func (s *sample) answer() error {
	if s.shape != shapeLines && s.shape != shapeValues || len(s.recs) != 1 {
		return nil
	}
	sc := newScratch()
	v, err := sc.doc.parseObject(&sc.scan, s.recs[0], false)
	if err != nil {
		return nil //nolint:nilerr // not an answer
	}
	said := ""
	switch {
	case v.at("error").kind() == '{' && v.at("error", "code").kind() != 0 && !s.hasAny("id", "createdDateTime", "properties"):
		said = v.first("error.code") + ": " + v.first("error.message")
	case v.at("errorCode").kind() != 0 && v.at("errorSummary").kind() != 0:
		said = v.first("errorCode") + ": " + v.first("errorSummary")
	case v.at("__type").kind() != 0 && v.first("message", "Message") != "":
		said = v.first("__type") + ": " + v.first("message", "Message")
	default:
		return nil
	}
	return fmt.Errorf("%w (%s)", ErrAnswer, clip([]byte(said), refusalText))
}

// noRecords reports whether a whole file is valid JSON that holds no record:
// [], {"value":[]} and the like, also several of them.
func noRecords(whole []byte) bool {
	s := probe(whole)
	if !s.none || s.shape != shapeLines && s.shape != shapeValues {
		return false
	}
	v := newValueSplitter()
	if spans := v.scan(whole, 0, true, nil); len(spans) > 0 || v.finish() != nil {
		return false
	}
	dec := jsontext.NewDecoder(bytes.NewReader(whole), jsontext.AllowDuplicateNames(true))
	for {
		if _, err := dec.ReadValue(); err != nil {
			return errors.Is(err, io.EOF)
		}
	}
}
