package directory

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"frisk/internal/signin"

	"github.com/go-json-experiment/json/jsontext"
)

// record is one row of one export, a CSV row or a JSON object, read by column
// name. Names are compared without case, punctuation and the type suffixes of
// Log Analytics custom tables, so that userPrincipalName, UserPrincipalName,
// user_principal_name and UserPrincipalName_s are one name.
type record struct {
	file string
	line int64
	path string // JSON pointer inside the line, "" for CSV
	keys []string
	vals []value
	err  error // the first value that did not parse; see time
}

// value is a CSV cell or a JSON value.
type value struct {
	text string
	raw  jsontext.Value // nil for a CSV cell
}

// norm is the comparable form of a column or property name.
func norm(name string) string {
	if i := strings.IndexByte(name, '['); i > 0 { // "TimeGenerated [UTC]"
		name = name[:i]
	}
	name = strings.TrimSpace(name)
	if n := len(name); n > 2 && name[n-2] == '_' && strings.IndexByte("sgbdt", name[n-1]) >= 0 {
		name = name[:n-2]
	}
	b := make([]byte, 0, len(name))
	for i := range len(name) {
		switch c := name[i]; {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			b = append(b, c)
		case c >= 'A' && c <= 'Z':
			b = append(b, c+'a'-'A')
		case c >= utf8.RuneSelf:
			return normText(name)
		}
	}
	return string(b)
}

// normText is norm for names with letters beyond ASCII.
func normText(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127 {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// find is the first non-empty value under one of the names, in the order of the names.
func (r *record) find(names ...string) (value, bool) {
	if r == nil {
		return value{}, false
	}
	for _, n := range names {
		for i, k := range r.keys {
			if k == n && i < len(r.vals) && !r.vals[i].empty() {
				return r.vals[i], true
			}
		}
	}
	return value{}, false
}

// has reports whether one of the names is a column, empty or not.
func (r *record) has(names ...string) bool {
	if r == nil {
		return false
	}
	for _, n := range names {
		if slices.Contains(r.keys, n) {
			return true
		}
	}
	return false
}

// text is the value as text: a string, number or boolean as written, and for a
// localised Azure pair {"value", "localizedValue"} its value. Other structures give "".
func (r *record) text(names ...string) string {
	v, _ := r.find(names...)
	return v.String()
}

func (r *record) truth(names ...string) signin.Truth { return signin.ParseTruth(r.text(names...)) }

// time is the value as an instant, 0 when absent. Text that is no time makes
// the whole record bad.
func (r *record) time(names ...string) signin.Time {
	s := r.text(names...)
	if s == "" {
		return 0
	}
	t, err := parseTime(s)
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("column %q: %w", names[0], err)
	}
	return t
}

// sub is the object under the name, nil when there is none. An object written
// as JSON text inside a cell or string counts.
func (r *record) sub(names ...string) *record {
	v, ok := r.find(names...)
	if !ok {
		return nil
	}
	raw := v.structure()
	if raw.Kind() != '{' {
		return nil
	}
	out, err := parseObject(raw)
	if err != nil {
		return nil
	}
	out.file, out.line, out.path = r.file, r.line, r.path
	return out
}

// items are the elements of the array under the name, and whether there is one.
func (r *record) items(names ...string) ([]value, bool) {
	if r == nil {
		return nil, false
	}
	for _, n := range names {
		for i, k := range r.keys {
			if k != n || i >= len(r.vals) {
				continue
			}
			raw := r.vals[i].structure()
			if raw.Kind() != '[' {
				continue
			}
			dec := jsontext.NewDecoder(bytes.NewReader(raw), jsonOptions...)
			_, _ = dec.ReadToken()
			out := []value{}
			for dec.PeekKind() != ']' {
				e, err := dec.ReadValue()
				if err != nil {
					return out, true
				}
				out = append(out, value{raw: e.Clone()})
			}
			return out, true
		}
	}
	return nil, false
}

// texts is the list under the name: a JSON array of strings, or text separated
// by semicolons or commas. Empty parts are left out.
func (r *record) texts(names ...string) []string {
	var out []string
	if vs, ok := r.items(names...); ok {
		for _, v := range vs {
			if s := strings.TrimSpace(v.String()); s != "" {
				out = append(out, s)
			}
		}
		return out
	}
	for _, s := range strings.FieldsFunc(r.text(names...), func(c rune) bool { return c == ';' || c == ',' }) {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func (v value) empty() bool {
	if v.raw == nil {
		return strings.TrimSpace(v.text) == ""
	}
	switch v.raw.Kind() {
	case 'n':
		return true
	case '"':
		return len(v.raw) == 2
	}
	return false
}

func (v value) String() string {
	if v.raw == nil {
		return strings.TrimSpace(v.text)
	}
	switch v.raw.Kind() {
	case '"':
		b, err := jsontext.AppendUnquote(nil, v.raw)
		if err != nil && len(b) == 0 {
			return ""
		}
		return strings.TrimSpace(string(b))
	case '0', 't', 'f':
		return string(v.raw)
	case '{':
		if o, err := parseObject(v.raw); err == nil && o.has("value") && len(o.keys) <= 2 {
			return o.text("value")
		}
	}
	return ""
}

// structure is the JSON object or array v is or holds as text, nil when neither.
func (v value) structure() jsontext.Value {
	raw := v.raw
	if raw == nil || raw.Kind() == '"' {
		raw = jsontext.Value(v.String())
		if len(raw) == 0 || (raw[0] != '{' && raw[0] != '[') || !raw.IsValid(jsonOptions...) {
			return nil
		}
	}
	return raw
}

// object is v as a record, nil when it is no object.
func (v value) object() *record {
	raw := v.structure()
	if raw == nil || raw.Kind() != '{' {
		return nil
	}
	o, err := parseObject(raw)
	if err != nil {
		return nil
	}
	return o
}

var jsonOptions = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

// parseObject reads one JSON object, keys in order, values kept raw.
func parseObject(raw jsontext.Value) (*record, error) {
	dec := jsontext.NewDecoder(bytes.NewReader(raw), jsonOptions...)
	if _, err := dec.ReadToken(); err != nil {
		return nil, err
	}
	r := &record{}
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return nil, err
		}
		n := name.String()
		v, err := dec.ReadValue()
		if err != nil {
			return nil, err
		}
		r.put(n, v)
	}
	return r, nil
}

// put adds a property. What Graph PowerShell keeps in AdditionalProperties,
// because its type lacks it, becomes part of the object.
func (r *record) put(name string, raw jsontext.Value) {
	k := jsonKey(name)
	if k == "additionalproperties" && raw.Kind() == '{' {
		if more, err := parseObject(raw); err == nil {
			r.keys, r.vals = append(r.keys, more.keys...), append(r.vals, more.vals...)
		}
		return
	}
	r.keys = append(r.keys, k)
	r.vals = append(r.vals, value{raw: raw.Clone()})
}

// jsonKey keeps OData annotations apart from the properties they annotate.
func jsonKey(name string) string {
	if strings.Contains(name, "@odata.") {
		return strings.ToLower(name)
	}
	return norm(name)
}
