package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// node is one JSON value with its place, so that everything said about a policy
// can name file and path. Object keys are looked up in any case, because
// PowerShell exports write them capitalised.
type node struct {
	kind  jsontext.Kind // 'n', 't', 'f', '"', '0', '{' or '['
	text  string        // of a string or number
	path  string        // "$.conditions.users"
	names []string      // of an object, parallel to elems
	elems []*node
	used  []bool   // of an object: which members somebody asked for
	asked []string // of an object: names somebody asked for and it does not have
}

// maxNesting bounds the depth of a policy file.
const maxNesting = 64

// parseJSON reads one JSON text. Duplicate keys are allowed: the last one wins,
// as in the tools that write them.
func parseJSON(data []byte) (*node, error) {
	dec := jsontext.NewDecoder(bytes.NewReader(data), jsontext.AllowDuplicateNames(true))
	n, err := readNode(dec, "$", 0)
	if err != nil {
		return nil, err
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, &placed{dec.InputOffset(), "$", errors.New("something follows the JSON value: want one value per file")}
	}
	return n, nil
}

// placed is an error at a byte of the text.
type placed struct {
	offset int64
	path   string
	err    error
}

func (e *placed) Error() string { return e.err.Error() }

// notJSON places an error of the decoder, without the decoder's own words for where.
func notJSON(dec *jsontext.Decoder, path string, err error) error {
	at := &placed{dec.InputOffset(), path, err}
	if s, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		at.offset, at.err = s.ByteOffset, s.Err
		if strings.HasSuffix(s.Err.Error(), "at start of value") {
			at.err = fmt.Errorf("%w: want a text in quotes, a number, true, false, null, [ or {", s.Err)
		}
	}
	if errors.Is(at.err, io.EOF) || errors.Is(at.err, io.ErrUnexpectedEOF) {
		at.err = errors.New("unexpected end of the file (EOF): a value or a closing bracket is missing")
	}
	return at
}

// badJSON says at which line and column a text stops being JSON.
func badJSON(file string, data []byte, err error) error {
	at, ok := errors.AsType[*placed](err)
	if !ok {
		return &SyntaxError{File: file, Err: err}
	}
	before := data[:min(at.offset, int64(len(data)))]
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return &SyntaxError{File: file, Line: bytes.Count(before, []byte{'\n'}) + 1, Column: utf8.RuneCount(line) + 1, Path: at.path, Err: at.err}
}

func readNode(dec *jsontext.Decoder, path string, depth int) (*node, error) {
	if depth > maxNesting {
		return nil, &placed{dec.InputOffset(), path, fmt.Errorf("nested more than %d deep", maxNesting)}
	}
	tok, err := dec.ReadToken()
	if err != nil {
		return nil, notJSON(dec, path, err)
	}
	n := &node{kind: tok.Kind(), path: path}
	switch n.kind {
	case '"', '0':
		n.text = tok.String()
	case '[':
		for i := 0; dec.PeekKind() != ']'; i++ {
			e, err := readNode(dec, fmt.Sprintf("%s[%d]", path, i), depth+1)
			if err != nil {
				return nil, err
			}
			n.elems = append(n.elems, e)
		}
		_, err = dec.ReadToken()
	case '{':
		for dec.PeekKind() != '}' {
			name, err := dec.ReadToken()
			if err != nil {
				return nil, notJSON(dec, path, err)
			}
			key := name.String()
			e, err := readNode(dec, path+"."+key, depth+1)
			if err != nil {
				return nil, err
			}
			n.set(key, e)
		}
		n.used = make([]bool, len(n.names))
		_, err = dec.ReadToken()
	}
	if err != nil {
		return nil, notJSON(dec, path, err)
	}
	return n, nil
}

func (n *node) set(key string, v *node) {
	for i, k := range n.names {
		if k == key {
			n.elems[i] = v
			return
		}
	}
	n.names, n.elems = append(n.names, key), append(n.elems, v)
}

// get is a member by name in any case, or nil when it is missing or null.
func (n *node) get(name string) *node {
	if n == nil || n.kind != '{' {
		return nil
	}
	for i, k := range n.names {
		if strings.EqualFold(k, name) {
			n.used[i] = true
			if n.elems[i].kind == 'n' {
				return nil
			}
			return n.elems[i]
		}
	}
	if !slices.Contains(n.asked, name) {
		n.asked = append(n.asked, name)
	}
	return nil
}

// has reports whether an object has a member, null or not.
func (n *node) has(name string) bool {
	if n == nil || n.kind != '{' {
		return false
	}
	for _, k := range n.names {
		if strings.EqualFold(k, name) {
			return true
		}
	}
	return false
}

// empty reports whether a value says nothing: null, false, "", {}, [], or only such.
func (n *node) empty() bool {
	switch n.kind {
	case 'n', 'f':
		return true
	case '"':
		return n.text == ""
	case '{', '[':
		for i, e := range n.elems {
			if n.kind == '{' && noise(n.names[i]) {
				continue
			}
			if !e.empty() {
				return false
			}
		}
		return true
	}
	return false
}

// noise reports whether a key is OData bookkeeping, which says nothing of the policy.
func noise(key string) bool {
	return strings.Contains(key, "@") || strings.HasPrefix(key, "#") || strings.HasPrefix(key, "odata.")
}

// String is the compact JSON of the value.
func (n *node) String() string {
	switch n.kind {
	case 'n':
		return "null"
	case 't':
		return "true"
	case 'f':
		return "false"
	case '0':
		return n.text
	case '"':
		b, _ := jsontext.AppendQuote(nil, n.text) // cannot fail: the text came from a JSON string
		return string(b)
	case '{':
		parts := make([]string, len(n.elems))
		for i, e := range n.elems {
			k, _ := jsontext.AppendQuote(nil, n.names[i])
			parts[i] = string(k) + ":" + e.String()
		}
		return "{" + strings.Join(parts, ",") + "}"
	}
	parts := make([]string, len(n.elems))
	for i, e := range n.elems {
		parts[i] = e.String()
	}
	return "[" + strings.Join(parts, ",") + "]"
}

// fresh is a copy of the value under another path, of which nobody has asked
// for anything yet.
func (n *node) fresh(path string) *node {
	out := &node{kind: n.kind, text: n.text, path: path, names: n.names, used: make([]bool, len(n.names))}
	for i, e := range n.elems {
		p := path + "[" + strconv.Itoa(i) + "]"
		if n.kind == '{' {
			p = path + "." + n.names[i]
		}
		out.elems = append(out.elems, e.fresh(p))
	}
	return out
}
