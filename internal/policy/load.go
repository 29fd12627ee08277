package policy

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Load reads policies and named locations from Graph JSON files and folders
// (every .json below, in name order). A file may hold one object, an array, or
// {"value": []}, in UTF-8 or UTF-16; named locations found among the policies are
// taken as such. Nothing outside the JSON syntax is an error: what is not
// understood is kept and becomes a Notice. Errors name the file.
func Load(name string, paths, locations []string) (*Set, []Notice, error) {
	l := &loader{set: &Set{Name: name}}
	for _, p := range paths {
		if err := l.path(p); err != nil {
			return nil, nil, fmt.Errorf("load policies: %w", err)
		}
	}
	l.set.LocationsKnown = l.set.LocationsKnown || len(locations) > 0
	for _, p := range locations {
		if err := l.path(p); err != nil {
			return nil, nil, fmt.Errorf("load named locations: %w", err)
		}
	}
	if n := len(l.set.Policies); n > MaxPolicies {
		return nil, nil, fmt.Errorf("load policies %q: %d policies, at most %d fit in one set", name, n, MaxPolicies)
	}
	l.duplicates()
	l.set.Notices = l.notices
	return l.set, l.notices, nil
}

// Parse reads policies and named locations from one JSON text; file is the name
// to report. See Load.
func Parse(file string, data []byte) (*Set, []Notice, error) {
	l := &loader{set: &Set{Name: file}}
	if err := l.text(file, data); err != nil {
		return nil, nil, err
	}
	if n := len(l.set.Policies); n > MaxPolicies {
		return nil, nil, fmt.Errorf("parse %q: %d policies, at most %d fit in one set", file, n, MaxPolicies)
	}
	l.duplicates()
	l.set.Notices = l.notices
	return l.set, l.notices, nil
}

type loader struct {
	set     *Set
	notices []Notice
	file    string
	policy  *Policy // being parsed, for notices
}

func (l *loader) path(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return l.read(path)
	}
	var files []string
	err = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.EqualFold(filepath.Ext(p), ".json") {
			files = append(files, p)
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("%q holds no .json file", path)
	}
	slices.Sort(files)
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
	return l.text(path, data)
}

func (l *loader) text(file string, data []byte) error {
	data, err := decodeText(data)
	if err != nil {
		return fmt.Errorf("parse %q: %w", file, err)
	}
	root, err := parseJSON(data)
	if err != nil {
		return fmt.Errorf("parse %q: %w", file, err)
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
	case n.has("conditions"):
		l.onePolicy(n)
	default:
		l.notice("not-a-policy", "warning", n.path, "skipped: neither a policy (no conditions) nor a named location")
	}
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
				Message: fmt.Sprintf("policy id %s is also that of %q: both are evaluated", p.ID, first),
			})
		}
		seen[p.ID] = p.Name
	}
	clear(seen)
	for _, p := range l.set.Locations {
		if first, ok := seen[p.ID]; ok && p.ID != "" {
			l.notices = append(l.notices, Notice{
				Code: "duplicate-id", Level: "warning", File: p.File, Path: p.Path,
				Message: fmt.Sprintf("named location id %s is also that of %q: the last one counts", p.ID, first),
			})
		}
		seen[p.ID] = p.Name
	}
}
