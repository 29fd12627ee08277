package policy

import (
	"bytes"
	"fmt"
	"strings"

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
	used  []bool // of an object: which members somebody asked for
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
	if _, err := dec.ReadToken(); err == nil {
		return nil, fmt.Errorf("something follows the JSON value at byte %d", dec.InputOffset())
	}
	return n, nil
}

func readNode(dec *jsontext.Decoder, path string, depth int) (*node, error) {
	if depth > maxNesting {
		return nil, fmt.Errorf("%s: nested more than %d deep", path, maxNesting)
	}
	tok, err := dec.ReadToken()
	if err != nil {
		return nil, fmt.Errorf("at byte %d (%s): %w", dec.InputOffset(), path, err)
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
				return nil, fmt.Errorf("at byte %d (%s): %w", dec.InputOffset(), path, err)
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
		return nil, fmt.Errorf("at byte %d (%s): %w", dec.InputOffset(), path, err)
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
