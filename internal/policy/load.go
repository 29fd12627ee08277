package policy

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// Load reads policies and named locations from Graph JSON files and folders
// (every .json below, in name order). A file may hold one object, an array, or
// {"value": []}, in UTF-8 or UTF-16; named locations found among the policies are
// taken as such. Nothing outside the JSON syntax is an error: what is not
// understood is kept and becomes a Notice. Errors name the file.
//
// A folder whose sub-folders are named by date (2026-05-01, 2026-05-01T12-00-00Z,
// UTC) holds one full export of the tenant per sub-folder. The set is Dated then
// and has a version of each policy for each thing it was; see Force. An export
// without a date beside them counts as the newest.
func Load(name string, paths, locations []string) (*Set, []Notice, error) {
	return loadSet(newLoader(name), paths, locations)
}

// LoadAll is Load for a check: a file that does not parse becomes a notice
// "bad-json" and reading goes on, so that every broken file is reported. What it
// gives may be a part of the policies and must not be evaluated.
func LoadAll(name string, paths, locations []string) (*Set, []Notice, error) {
	l := newLoader(name)
	l.lenient = true
	return loadSet(l, paths, locations)
}

func loadSet(l *loader, paths, locations []string) (*Set, []Notice, error) {
	set, err := l.load(paths, locations)
	if err != nil {
		return nil, nil, err
	}
	if err := set.fits("load policies"); err != nil {
		return nil, nil, err
	}
	return set, set.Notices, nil
}

func (l *loader) load(paths, locations []string) (*Set, error) {
	dated, paths, err := shelves(paths)
	if err != nil {
		return nil, fmt.Errorf("load policies: %w", err)
	}
	more, locations, err := shelves(locations)
	if err != nil {
		return nil, fmt.Errorf("load named locations: %w", err)
	}
	for _, p := range paths {
		if err := l.path(p); err != nil {
			return nil, fmt.Errorf("load policies: %w", err)
		}
	}
	l.set.LocationsKnown = l.set.LocationsKnown || len(locations)+len(more) > 0
	for _, p := range locations {
		if err := l.path(p); err != nil {
			return nil, fmt.Errorf("load named locations: %w", err)
		}
	}
	if len(dated)+len(more) == 0 {
		return l.done(), nil
	}
	return l.loadDated(append(dated, more...))
}

// Parse reads policies and named locations from one JSON text; file is the name
// to report. See Load.
func Parse(file string, data []byte) (*Set, []Notice, error) {
	l := newLoader(file)
	if err := l.text(file, data); err != nil {
		return nil, nil, err
	}
	set := l.done()
	if err := set.fits("parse"); err != nil {
		return nil, nil, err
	}
	return set, set.Notices, nil
}

// TooManyError is a set that does not fit into a Mask.
type TooManyError struct {
	Set                string
	Policies, Versions int // distinct policies, and versions of them
}

func (e *TooManyError) Error() string {
	if e.Versions == e.Policies {
		return fmt.Sprintf("set %q holds %d policies, at most %d fit in one", e.Set, e.Policies, MaxPolicies)
	}
	return fmt.Sprintf("set %q holds %d versions of %d policies, at most %d fit in one; leave older exports or a part of the audit log out",
		e.Set, e.Versions, e.Policies, MaxPolicies)
}

// fits reports a set of more than MaxPolicies, versions counted.
func (s *Set) fits(doing string) error {
	if len(s.Policies) <= MaxPolicies {
		return nil
	}
	n := 0
	for _, p := range s.Policies {
		if p.Version <= 1 {
			n++
		}
	}
	return fmt.Errorf("%s: %w", doing, &TooManyError{s.Name, n, len(s.Policies)})
}

func newLoader(name string) *loader {
	return &loader{set: &Set{Name: name, raw: map[any]*node{}}}
}

// done is the set as read so far.
func (l *loader) done() *Set {
	l.duplicates()
	l.set.Notices = l.notices
	return l.set
}

type loader struct {
	set     *Set
	notices []Notice
	file    string
	policy  *Policy // being parsed, for notices
	lenient bool    // a file that does not parse is a notice, no error
}

func (l *loader) path(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return l.read(path)
	}
	files, err := jsonFiles(path)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("%q holds no .json file", path)
	}
	for _, f := range files {
		if err := l.read(f); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) read(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	err = l.text(path, data)
	if bad, ok := errors.AsType[*SyntaxError](err); ok && l.lenient {
		l.file, l.policy = path, nil
		l.notice("bad-json", "error", "$", "not read: %s", bad.reason())
		return nil
	}
	return err
}

// SyntaxError is a policy file that is not JSON, or not text.
type SyntaxError struct {
	File         string
	Line, Column int    // from 1, in characters; 0 = the whole file
	Path         string // JSON path of the value around it, "" = the whole file
	Err          error
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("parse %q: %s", e.File, e.reason()) }

func (e *SyntaxError) Unwrap() error { return e.Err }

func (e *SyntaxError) reason() string {
	if e.Line == 0 {
		return e.Err.Error()
	}
	return fmt.Sprintf("line %d, column %d (in %s): %v", e.Line, e.Column, e.Path, e.Err)
}

func (l *loader) text(file string, data []byte) error {
	data, err := DecodeText(data)
	if err != nil {
		return &SyntaxError{File: file, Err: err}
	}
	root, err := parseJSON(data)
	if err != nil {
		return badJSON(file, data, err)
	}
	l.file, l.policy = file, nil
	l.value(root)
	return nil
}

// value takes one object, an array of them, or a Graph page.
func (l *loader) value(n *node) {
	switch {
	case n.kind == '[':
		for _, e := range n.elems {
			l.value(e)
		}
	case n.kind != '{':
		l.notice("not-a-policy", "warning", n.path, "not a policy: expected a JSON object")
	case n.get("value") != nil && n.get("value").kind == '[':
		if next := n.get("@odata.nextLink"); next != nil {
			l.notice("more-pages", "warning", n.path, "this is one page of several: the export has a nextLink that was not followed")
		}
		l.value(n.get("value"))
	case isLocation(n):
		l.location(n)
		l.set.raw[l.set.Locations[len(l.set.Locations)-1]] = n
	case n.has("conditions"):
		l.onePolicy(n)
		l.set.raw[l.set.Policies[len(l.set.Policies)-1]] = n
	default:
		l.notPolicy(n)
	}
}

// notPolicy says what an object is that holds neither a policy nor a location.
func (l *loader) notPolicy(n *node) {
	if names := n.get("Objects"); names != nil && n.has("TenantId") {
		// IntuneManagement writes one beside its exports.
		l.notice("name-table", "info", n.path, "a table of object names that an export tool wrote: policy check calls those ids by their names")
		return
	}
	hint := ""
	for _, k := range n.names {
		if w := similar(k, []string{"conditions"}); w != "" {
			hint = fmt.Sprintf(": did you mean %q by %q?", w, k)
		}
	}
	l.notice("not-a-policy", "warning", n.path, "skipped: neither a policy (no conditions) nor a named location%s", hint)
}

func isLocation(n *node) bool {
	if t := n.get("@odata.type"); t != nil && strings.Contains(strings.ToLower(t.text), "namedlocation") {
		return true
	}
	return n.has("ipRanges") || n.has("countriesAndRegions") || n.has("compliantNetworkType")
}

func (l *loader) notice(code, level, path, format string, args ...any) {
	n := Notice{Code: code, Level: level, File: l.file, Path: path, Message: fmt.Sprintf(format, args...)}
	if l.policy != nil {
		n.Policy = l.policy.Name
	}
	l.notices = append(l.notices, n)
}

// duplicates reports policies and locations that share an id: both are kept.
func (l *loader) duplicates() {
	seen := map[string]string{}
	for _, p := range l.set.Policies {
		if first, ok := seen[p.ID]; ok && p.ID != "" {
			l.notices = append(l.notices, Notice{
				Code: "duplicate-id", Level: "warning", Policy: p.Name, File: p.File, Path: p.Path,
				Message: fmt.Sprintf("policy id %s is also that of %s: both are evaluated", p.ID, first),
			})
		}
		seen[p.ID] = fmt.Sprintf("%q in %s", p.Name, p.File)
	}
	clear(seen)
	for _, p := range l.set.Locations {
		if first, ok := seen[p.ID]; ok && p.ID != "" {
			l.notices = append(l.notices, Notice{
				Code: "duplicate-id", Level: "warning", File: p.File, Path: p.Path,
				Message: fmt.Sprintf("named location id %s is also that of %s: the last one counts", p.ID, first),
			})
		}
		seen[p.ID] = fmt.Sprintf("%q in %s", p.Name, p.File)
	}
}
