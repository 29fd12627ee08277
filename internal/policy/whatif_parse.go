package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// ParseWhatIf reads a request body. A key the Graph action does not have is an
// error, and so is a value Graph has no word for; every one is named, with what
// is allowed. Values are in Graph's spelling afterwards; @odata keys are ignored.
func ParseWhatIf(data []byte) (*WhatIfRequest, error) {
	data, err := DecodeText(data)
	if err != nil {
		return nil, fmt.Errorf("parse what-if request: %w", err)
	}
	q := &WhatIfRequest{}
	if err := decodeExact(data, q); err != nil {
		return nil, fmt.Errorf("parse what-if request: %w", err)
	}
	if q, err = q.canonical(); err != nil {
		return nil, fmt.Errorf("parse what-if request: %w", err)
	}
	return q, nil
}

// decodeExact decodes JSON into a struct that has every key of it. The error
// names all that it has not, by path, and where the syntax breaks.
func decodeExact(data []byte, into any) error {
	var tree any
	if err := json.Unmarshal(data, &tree); err != nil {
		return jsonError(data, err)
	}
	k := &keyCheck{tag: "json"}
	k.json("", tree, reflect.TypeOf(into))
	if err := inOneLine(k.bad); err != nil {
		return err
	}
	return jsonError(data, json.Unmarshal(data, into))
}

// jsonError says where JSON breaks as an editor counts, and what a key wants.
func jsonError(data []byte, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		read := data[:min(int(syntax.Offset), len(data))]
		line := 1 + bytes.Count(read, []byte("\n"))
		column := len(read) - 1 - bytes.LastIndexByte(read, '\n')
		return fmt.Errorf("line %d, column %d: %w", line, column, err)
	case errors.As(err, &kind) && kind.Field != "":
		return fmt.Errorf("%s: got a JSON %s, want %s", kind.Field, kind.Value, jsonWord(kind.Type))
	case errors.As(err, &kind):
		return fmt.Errorf("got a JSON %s, want %s", kind.Value, jsonWord(kind.Type))
	}
	return err
}

func jsonWord(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	}
	return "a " + t.Kind().String()
}

// maxUnknown is how many keys are named: a file of another kind has thousands.
const maxUnknown = 12

// keyCheck collects the keys of a text that a Go type has no field for.
type keyCheck struct {
	tag string // json or yaml
	bad []error
}

// json compares a decoded value with the type; keys count in any case, as
// encoding/json has it.
func (k *keyCheck) json(path string, v any, t reflect.Type) {
	t = plain(t)
	switch v := v.(type) {
	case map[string]any:
		names := k.names(t)
		for _, key := range sorted(v) {
			if strings.HasPrefix(strings.ToLower(key), "@odata") {
				continue
			}
			at := strings.TrimPrefix(path+"."+key, ".")
			switch {
			case t.Kind() == reflect.Map:
				k.json(at, v[key], t.Elem())
			case t.Kind() == reflect.Struct:
				f, ok := k.field(t, key)
				if !ok {
					k.unknown(at, key, names)
					continue
				}
				k.json(at, v[key], f)
			}
		}
	case []any:
		if t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
			for i := range v {
				k.json(fmt.Sprintf("%s[%d]", path, i), v[i], t.Elem())
			}
		}
	}
}

// plain is what a pointer points to.
func plain(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// field is the type of the field with a key; JSON keys count in any case.
func (k *keyCheck) field(t reflect.Type, key string) (reflect.Type, bool) {
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get(k.tag), ",")
		if name == key || k.tag == "json" && strings.EqualFold(name, key) {
			return f.Type, true
		}
	}
	return nil, false
}

// names are the keys a struct takes, in its own order, without @odata.
func (k *keyCheck) names(t reflect.Type) []string {
	if t.Kind() != reflect.Struct {
		return nil
	}
	var out []string
	for f := range t.Fields() {
		if name, _, _ := strings.Cut(f.Tag.Get(k.tag), ","); name != "" && name[0] != '@' {
			out = append(out, name)
		}
	}
	return out
}

// unknown says which key it may have been, or else all there are.
func (k *keyCheck) unknown(at, key string, names []string) {
	if len(k.bad) == maxUnknown {
		return
	}
	hint := "want one of " + strings.Join(names, ", ")
	if near := nearest(key, names); near != "" {
		hint = fmt.Sprintf("did you mean %q? There are %s", near, strings.Join(names, ", "))
	}
	where := ""
	if at != key {
		where = " at " + at
	}
	k.bad = append(k.bad, fmt.Errorf("unknown field %q%s: %s", key, where, hint))
}

// nearest is the name a slip of a few letters away from a word, "" when none is.
func nearest(word string, names []string) string {
	best, least := "", 1+len(word)/4
	for _, n := range names {
		if d := distance(strings.ToLower(word), strings.ToLower(n)); d <= least && (best == "" || d < least) {
			best, least = n, d
		}
	}
	return best
}
