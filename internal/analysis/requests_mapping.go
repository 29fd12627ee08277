package analysis

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"frisk/internal/directory"
)

// requestKind is the kind of directory record that requests are.
const requestKind = "requests"

// requestProblems are the rows and files of requests that could not be read, in
// reading order.
func (r *Result) requestProblems() []string {
	mine := map[string]bool{}
	for i := range r.around.dir.RequestFiles {
		mine[r.around.dir.RequestFiles[i].Name] = true
	}
	var out []string
	for i := range r.around.files {
		f := &r.around.files[i]
		if f.Expected != requestKind && !mine[f.Name] {
			continue
		}
		for _, issue := range f.Issues {
			out = append(out, issueText(issue))
		}
	}
	return out
}

// requestMappings gives the loader the mapping files among the configuration's
// requests, before anything else is read, and returns the other entries.
func requestMappings(l *directory.Loader, cfg *Config) (rest []string, err error) {
	for _, entry := range cfg.Requests {
		if !slices.Contains([]string{".yaml", ".yml"}, strings.ToLower(filepath.Ext(entry))) {
			rest = append(rest, entry)
			continue
		}
		files, err := glob([]string{cfg.path(entry)})
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err != nil {
				return nil, fmt.Errorf("read mapping of requests: %w", err)
			}
			m, err := directory.ParseRequestMapping(data)
			if err != nil {
				return nil, &ConfigError{cfg.file(), fmt.Errorf("mapping of requests %q: %w", f, err)}
			}
			l.AddRequestMapping(m)
		}
	}
	return rest, nil
}
