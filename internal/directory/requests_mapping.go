package directory

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// RequestMapping describes requests of a system nobody here knows, and says
// which policies groups and texts mean; docs/exceptions.md is its manual. It is
// only read.
type RequestMapping struct {
	spec requestSpec
	zone *time.Location
	has  []string
}

// requestSpec is the YAML of a mapping file.
type requestSpec struct {
	Format string `yaml:"format"` // requests
	Name   string `yaml:"name"`   // the system's name
	Match  struct {
		File   string            `yaml:"file"`   // pattern of the file's name
		Has    []string          `yaml:"has"`    // columns or paths that its records have
		Equals map[string]string `yaml:"equals"` // and that have these values
	} `yaml:"match"`
	Record    string                         `yaml:"record"`   // json only: the top-level list that holds the requests
	TimeZone  string                         `yaml:"timeZone"` // of times that name none
	Only      map[string]textList            `yaml:"only"`     // records with another value there are no requests
	Fields    map[string]*mappedRequestField `yaml:"fields"`
	Decisions map[string]string              `yaml:"decisions"` // the system's word, any case, to ours
	Groups    map[string]string              `yaml:"groups"`    // exclusion group, id or name, to policy
	Texts     []textRule                     `yaml:"texts"`     // the first that fits
}

// textRule says which policy a text means.
type textRule struct {
	Contains string `yaml:"contains"` // any case
	Pattern  string `yaml:"pattern"`  // RE2, any case
	Policy   string `yaml:"policy"`

	re *regexp.Regexp
}

// mappedRequestField is where a field comes from.
type mappedRequestField struct {
	From    textList          `yaml:"from"`
	Join    *string           `yaml:"join"`
	Value   string            `yaml:"value"`
	Pattern string            `yaml:"pattern"`
	Map     map[string]string `yaml:"map"`
	Layout  string            `yaml:"layout"`

	re *regexp.Regexp
}

// textList is one text or a list.
type textList []string

// UnmarshalYAML implements yaml.InterfaceUnmarshaler.
func (t *textList) UnmarshalYAML(unmarshal func(any) error) error {
	var one string
	if unmarshal(&one) == nil {
		*t = textList{one}
		return nil
	}
	return unmarshal((*[]string)(t))
}

// UnmarshalYAML implements yaml.InterfaceUnmarshaler: a path, a list of paths, or the object.
func (f *mappedRequestField) UnmarshalYAML(unmarshal func(any) error) error {
	var paths textList
	if unmarshal(&paths) == nil {
		*f = mappedRequestField{From: paths}
		return nil
	}
	type plain mappedRequestField
	return unmarshal((*plain)(f))
}

// requestFields are the fields of a mapping, and which of them are times.
var requestFields = map[string]bool{
	"id": false, "created": true, "decided": true, "from": true, "until": true, "requester": false, "beneficiary": false, "group": false,
	"policy": false, "app": false, "category": false, "justification": false, "decision": false, "approver": false, "risk": false,
}

// RequestFields lists the fields a mapping may fill, by name.
func RequestFields() []string { return sortedKeys(requestFields) }

// ParseRequestMapping reads a mapping file. An unknown key, a field that does
// not exist, or a mapping that can make no request is an error that says what
// would be right.
func ParseRequestMapping(data []byte) (*RequestMapping, error) {
	m := &RequestMapping{}
	s := &m.spec
	if err := yaml.UnmarshalWithOptions(data, s, yaml.Strict()); err != nil {
		return nil, errors.New(strings.TrimSpace(yaml.FormatError(err, false, true)))
	}
	if s.Format != "requests" {
		return nil, fmt.Errorf("format %q: want requests", s.Format)
	}
	m.zone = time.UTC
	if s.TimeZone != "" {
		z, err := time.LoadLocation(s.TimeZone)
		if err != nil {
			return nil, fmt.Errorf("timeZone %q: want a name such as Europe/Berlin", s.TimeZone)
		}
		m.zone = z
	}
	if err := m.readFields(); err != nil {
		return nil, err
	}
	if _, err := path.Match(s.Match.File, ""); err != nil {
		return nil, fmt.Errorf("match.file %q: %w", s.Match.File, err)
	}
	m.has = append(m.has, s.Match.Has...)
	for _, w := range sortedKeys(s.Decisions) {
		if d := s.Decisions[w]; !slices.Contains([]string{"approved", "denied", "cancelled", "expired", pendingWord}, d) {
			return nil, fmt.Errorf("decisions: %q is %q: want approved, denied, cancelled, expired or pending", w, d)
		}
	}
	for i := range s.Texts {
		t := &s.Texts[i]
		if t.Policy == "" || (t.Contains == "") == (t.Pattern == "") {
			return nil, fmt.Errorf("texts[%d]: want policy, and contains or pattern", i)
		}
		if t.Pattern != "" {
			re, err := regexp.Compile("(?i)" + t.Pattern)
			if err != nil {
				return nil, fmt.Errorf("texts[%d]: pattern: %w", i, err)
			}
			t.re = re
		}
	}
	return m, nil
}

func (m *RequestMapping) readFields() error {
	s := &m.spec
	if len(s.Fields) == 0 {
		if len(s.Groups) == 0 && len(s.Texts) == 0 {
			return errors.New("want fields, groups or texts")
		}
		return nil
	}
	for _, n := range sortedKeys(s.Fields) {
		isTime, ok := requestFields[n]
		f := s.Fields[n]
		switch {
		case !ok:
			return fmt.Errorf("fields: unknown field %q, want one of %q", n, RequestFields())
		case f == nil || len(f.From) == 0 && f.Value == "":
			return fmt.Errorf("fields.%s: want a column or path, or value", n)
		case f.Layout != "" && !isTime:
			return fmt.Errorf("fields.%s: layout is for times", n)
		}
		if f.Pattern != "" {
			re, err := regexp.Compile(f.Pattern)
			if err != nil {
				return fmt.Errorf("fields.%s: pattern: %w", n, err)
			}
			f.re = re
		}
	}
	for _, n := range []string{"id", "created"} {
		if s.Fields[n] == nil {
			return fmt.Errorf("fields: %s is missing", n)
		}
	}
	if s.Fields["beneficiary"] == nil && s.Fields["requester"] == nil {
		return errors.New("fields: beneficiary is missing, or requester")
	}
	if s.Name == "" {
		return errors.New("name is missing: what the system is called")
	}
	if s.Match.File == "" && len(s.Match.Has) == 0 && len(s.Match.Equals) == 0 {
		return errors.New("match is missing: how its files are told from others (file, has or equals)")
	}
	return nil
}

// AddRequestMapping makes the loader use m for files read from now on, and its
// tables for every request.
func (l *Loader) AddRequestMapping(m *RequestMapping) { l.mappings = append(l.mappings, m) }

// mapping is the mapping that a record is for, nil for none.
func (l *Loader) mapping(r *record) *RequestMapping {
	for _, m := range l.mappings {
		if m.fits(l.cur.Name, r) {
			return m
		}
	}
	return nil
}

func (m *RequestMapping) fits(file string, r *record) bool {
	s := &m.spec
	if len(s.Fields) == 0 {
		return false
	}
	if s.Match.File != "" {
		if ok, err := path.Match(s.Match.File, filepath.Base(file)); err != nil || !ok {
			return false
		}
	}
	for _, h := range m.has {
		if !at(r, h, 0).there {
			return false
		}
	}
	if r.vals == nil { // a heading: what its rows say comes later
		return true
	}
	for _, k := range sortedKeys(s.Match.Equals) {
		if !strings.EqualFold(at(r, k, 0).text, s.Match.Equals[k]) {
			return false
		}
	}
	return true
}
