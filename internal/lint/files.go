package lint

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"frisk/internal/policy"

	"github.com/go-json-experiment/json/jsontext"
)

// Files finds places in the texts a set was read from: the JSON paths of
// notices have a line and a column there. Not safe for concurrent use.
type Files struct {
	read  func(string) ([]byte, error)
	known map[string]*text
}

// NewFiles reads files as they are asked for, by the names in the notices; nil
// reads them from disk.
func NewFiles(read func(file string) ([]byte, error)) *Files {
	if read == nil {
		read = os.ReadFile
	}
	return &Files{read: read, known: map[string]*text{}}
}

// text is one file: its characters as UTF-8 and its JSON with offsets.
type text struct {
	data []byte
	root *value
}

// value is a JSON value with where it starts and ends in the text.
type value struct {
	kind       jsontext.Kind
	text       string // of a string or a number
	start, end int64
	names      []string // of an object, parallel to elems
	elems      []*value
}

// Region is a span of a file: lines and columns from 1, in characters; the end
// column is one past the last.
type Region struct{ StartLine, StartColumn, EndLine, EndColumn int }

// Find is where a JSON path lies. Where the path leads past what is written
// (a missing member), it is the nearest value around it; ok is false when the file cannot be read.
func (f *Files) Find(file, path string) (r Region, ok bool) {
	t := f.open(file)
	if t == nil {
		return Region{}, false
	}
	v := t.root.walk(strings.TrimPrefix(path, "$"), true)
	r.StartLine, r.StartColumn = t.position(v.start)
	r.EndLine, r.EndColumn = t.position(v.end)
	return r, true
}

// value is the JSON at a path, nil when it is not there.
func (f *Files) value(file, path string) *value {
	if f == nil {
		return nil
	}
	t := f.open(file)
	if t == nil {
		return nil
	}
	return t.root.walk(strings.TrimPrefix(path, "$"), false)
}

func (f *Files) open(file string) *text {
	if f == nil || file == "" {
		return nil
	}
	t, seen := f.known[file]
	if seen {
		return t
	}
	f.known[file] = nil
	raw, err := f.read(file)
	if err != nil {
		return nil
	}
	data, err := policy.DecodeText(raw)
	if err != nil {
		return nil
	}
	dec := jsontext.NewDecoder(bytes.NewReader(data), jsontext.AllowDuplicateNames(true))
	root, err := readValue(dec, data, 0)
	if bad, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		root = &value{start: bad.ByteOffset, end: bad.ByteOffset} // a broken file is found where it breaks
	} else if err != nil {
		return nil
	}
	t = &text{data, root}
	f.known[file] = t
	return t
}

// maxNesting bounds the depth of a file; the policy reader has refused deeper ones.
const maxNesting = 64

func readValue(dec *jsontext.Decoder, data []byte, depth int) (*value, error) {
	if depth > maxNesting {
		return nil, fmt.Errorf("nested more than %d deep", maxNesting)
	}
	tok, err := dec.ReadToken()
	if err != nil {
		return nil, err
	}
	v := &value{kind: tok.Kind()}
	switch v.kind {
	case '"':
		v.text = tok.String()
		v.start = stringStart(data, dec.InputOffset())
	case '[', '{':
		v.start = dec.InputOffset() - 1
		err = v.readMembers(dec, data, depth)
	default:
		v.text = tok.String()
		v.start = dec.InputOffset() - int64(len(v.text))
	}
	v.end = dec.InputOffset()
	return v, err
}

func (v *value) readMembers(dec *jsontext.Decoder, data []byte, depth int) error {
	for dec.PeekKind() != ']' && dec.PeekKind() != '}' {
		if v.kind == '{' {
			name, err := dec.ReadToken()
			if err != nil {
				return err
			}
			v.names = append(v.names, name.String())
		}
		e, err := readValue(dec, data, depth+1)
		if err != nil {
			return err
		}
		v.elems = append(v.elems, e)
	}
	_, err := dec.ReadToken()
	return err
}

// stringStart is the offset of the opening quote of the string that ends at end.
func stringStart(data []byte, end int64) int64 {
	for i := end - 2; i >= 0; i-- {
		if data[i] != '"' {
			continue
		}
		slashes := 0
		for j := i - 1; j >= 0 && data[j] == '\\'; j-- {
			slashes++
		}
		if slashes%2 == 0 {
			return i
		}
	}
	return 0
}

// walk follows a JSON path (".conditions.users.includeGroups[2]"), members in any
// case. Where it cannot go on it gives the last value reached if near is set, else nil.
func (v *value) walk(path string, near bool) *value {
	for path != "" {
		next, rest := v.step(path)
		if next == nil {
			if near {
				return v
			}
			return nil
		}
		v, path = next, rest
	}
	return v
}

func (v *value) step(path string) (*value, string) {
	if path[0] == '[' {
		digits, rest, ok := strings.Cut(path[1:], "]")
		i, err := strconv.Atoi(digits)
		if !ok || err != nil || v.kind != '[' || i < 0 || i >= len(v.elems) {
			return nil, ""
		}
		return v.elems[i], rest
	}
	for i, name := range slices.Backward(v.names) { // the last of two equal keys counts
		if len(path) <= len(name) || !strings.EqualFold(path[1:1+len(name)], name) {
			continue
		}
		if rest := path[1+len(name):]; rest == "" || rest[0] == '.' || rest[0] == '[' {
			return v.elems[i], rest
		}
	}
	return nil, ""
}

func (t *text) position(offset int64) (line, column int) {
	before := t.data[:min(offset, int64(len(t.data)))]
	line = bytes.Count(before, []byte{'\n'}) + 1
	return line, utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
}
