package ingest

import (
	"errors"
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// Mapping is a format that a user describes in a mapping file (YAML,
// docs/formats/mapping.md), for JSON, CSV or key=value logs of systems this
// package does not know.
type Mapping struct {
	format *Format
	spec   mappingSpec
	fields []mappedField // in the order of targets
	zone   *time.Location
}

// Name is the format's name, as --format takes it.
func (m *Mapping) Name() string { return m.format.Name }

// mappingSpec is the file. Unknown keys are errors.
type mappingSpec struct {
	Name     string `yaml:"name"`
	Doc      string `yaml:"doc"`
	Provider string `yaml:"provider"` // "" is the name
	Kind     string `yaml:"kind"`     // json, csv, keyvalue
	// Match tells this log from others, so that its files need no --format.
	Match struct {
		File   string            `yaml:"file"`   // pattern of the file's name, such as "sso-*.log"
		Has    []string          `yaml:"has"`    // paths that one of the first records has
		Equals map[string]string `yaml:"equals"` // paths with that value in one of the first records
	} `yaml:"match"`
	TimeZone string `yaml:"timeZone"` // of times that name none; "" is that of the run
	// Only are the records that are sign-ins, by the values of some paths; others
	// are counted under the value of Type.
	Only map[string]oneOrMore `yaml:"only"`
	Type string               `yaml:"type"`
	// Records is the path of a text or object within each JSON record that is the
	// record proper, or of a list of such.
	Records string                  `yaml:"record"`
	Fields  map[string]mappingField `yaml:"fields"`
}

// oneOrMore is a list of texts, or one text.
type oneOrMore []string

// UnmarshalYAML implements yaml.InterfaceUnmarshaler.
func (o *oneOrMore) UnmarshalYAML(unmarshal func(any) error) error {
	var list []string
	if unmarshal(&list) == nil {
		*o = list
		return nil
	}
	var one string
	if err := unmarshal(&one); err != nil {
		return err
	}
	*o = []string{one}
	return nil
}

// mappingField says where a fact comes from: a path, several, or the long form.
type mappingField struct {
	From    oneOrMore         `yaml:"from"`    // the first path that says something
	Join    *string           `yaml:"join"`    // all paths, with this between them, instead of the first
	Value   string            `yaml:"value"`   // a constant
	Map     map[string]string `yaml:"map"`     // native value (any case) to ours; "*" is any other
	Pattern string            `yaml:"pattern"` // regular expression whose first group is the value
	Layout  string            `yaml:"layout"`  // of time: rfc3339, unix, unix-ms, unix-us, unix-ns or a Go layout
	Split   string            `yaml:"split"`   // of lists: what is between the elements
}

type mappingLong mappingField

// UnmarshalYAML implements yaml.InterfaceUnmarshaler.
func (m *mappingField) UnmarshalYAML(unmarshal func(any) error) error {
	var paths oneOrMore
	if unmarshal(&paths) == nil {
		*m = mappingField{From: paths}
		return nil
	}
	var long mappingLong
	if err := unmarshal(&long); err != nil {
		return err
	}
	*m = mappingField(long)
	return nil
}

// MappingError is a mapping file that cannot be used; Err says where and why.
type MappingError struct {
	File string
	Err  error
}

func (e *MappingError) Error() string { return fmt.Sprintf("read mapping %q: %v", e.File, e.Err) }

// Unwrap gives the cause.
func (e *MappingError) Unwrap() error { return e.Err }

// LoadMapping reads a mapping file. Every error is a *MappingError.
func LoadMapping(file string) (*Mapping, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, &MappingError{file, err}
	}
	m, err := ParseMapping(data)
	if err != nil {
		return nil, &MappingError{file, err}
	}
	return m, nil
}

var mappingName = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// ParseMapping reads the content of a mapping file.
func ParseMapping(data []byte) (*Mapping, error) {
	m := &Mapping{}
	s := &m.spec
	if err := yaml.UnmarshalWithOptions(data, s, yaml.Strict()); err != nil {
		return nil, errors.New(strings.TrimSpace(yaml.FormatError(err, false, true)))
	}
	if !mappingName.MatchString(s.Name) {
		return nil, fmt.Errorf("name %q: want lower-case letters, digits and hyphens", s.Name)
	}
	if slices.ContainsFunc(formats, func(f *Format) bool { return f.Name == s.Name }) {
		return nil, fmt.Errorf("name %q is that of a built-in format", s.Name)
	}
	if s.Provider == "" {
		s.Provider = s.Name
	}
	if s.Doc == "" {
		s.Doc = "sign-ins of " + s.Provider + ", by a mapping file"
	}
	if s.TimeZone != "" {
		zone, err := time.LoadLocation(s.TimeZone)
		if err != nil {
			return nil, fmt.Errorf("timeZone: %w (want a name such as Europe/Berlin)", err)
		}
		m.zone = zone
	}
	if _, err := path.Match(s.Match.File, ""); err != nil {
		return nil, fmt.Errorf("match.file %q: %w", s.Match.File, err)
	}
	if err := m.compile(); err != nil {
		return nil, err
	}
	f := &Format{Name: s.Name, Doc: s.Doc, Provider: s.Provider, Page: mappingPage, detect: m.detect}
	switch s.Kind {
	case "json":
		f.cut, f.open = cutJSON, m.openJSON
	case "csv":
		f.cut, f.open = cutTable, m.openTable
	case "keyvalue":
		f.cut, f.open = cutLines, m.openPairs
	default:
		return nil, fmt.Errorf("kind %q: want json, csv or keyvalue", s.Kind)
	}
	if s.Records != "" && s.Kind != "json" {
		return nil, errors.New("record is for kind json")
	}
	m.format = f
	return m, nil
}

// mappingPage is the page of every mapping's format, by which they are known.
const mappingPage = "mapping.md"

// errNoMatch is the answer of a mapping that does not say what its files look like.
var errNoMatch = errors.New("the mapping has no match: name it with --format")

// detect asks the first records what match wants.
func (m *Mapping) detect(s *sample) error {
	w := &m.spec.Match
	if w.File == "" && len(w.Has) == 0 && len(w.Equals) == 0 {
		return errNoMatch
	}
	if w.File != "" {
		if ok, _ := path.Match(strings.ToLower(w.File), baseName(s.name)); !ok { // the pattern was checked
			return fmt.Errorf("the file's name does not match %q", w.File)
		}
	}
	rows, err := m.sampleRows(s)
	if err != nil {
		return err
	}
	for _, p := range w.Has {
		if !slices.ContainsFunc(rows, func(r map[string]string) bool { _, ok := r[p]; return ok }) {
			return fmt.Errorf("no record has %q", p)
		}
	}
	for _, p := range sortedNames(w.Equals) {
		if !slices.ContainsFunc(rows, func(r map[string]string) bool { return strings.EqualFold(r[p], w.Equals[p]) }) {
			return fmt.Errorf("no record has %q = %q", p, w.Equals[p])
		}
	}
	return nil
}

func sortedNames[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
