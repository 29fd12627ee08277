package analysis

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"frisk/internal/directory"
	"frisk/internal/policy"
)

// surroundings is everything but the sign-ins: who people are, and which
// policy sets to compare.
type surroundings struct {
	dir   *directory.Directory
	files []directory.File
	// attributor knows the workspaces; workers fork it, because its index of the
	// activity log is dear to make.
	attributor *directory.Attributor
	engines    []*policy.Engine // 0 = current; empty when none is configured
	plain      *policy.Engine   // current without what the log taught; nil = engines[0]
	baseline   int              // engine that candidates are compared with; see addToday
	notices    []policy.Notice
	stands     [][]string    // by set: how a template's stand-ins were read
	loaded     []*policy.Set // by set: as read, stand-ins included
	joins      *joins        // who is whom by the identity file; nil = every account is a person
	// groups are the ids of the groups to report; nil = choose by size.
	groups []string
}

// loadSurroundings reads the directory and the policy sets of the configuration.
// What could be read only in part is in files and notices.
func loadSurroundings(cfg *Config) (*surroundings, error) {
	s := &surroundings{}
	if err := s.loadDirectory(cfg); err != nil {
		return nil, err
	}
	if err := s.loadPolicies(cfg); err != nil {
		return nil, err
	}
	for _, g := range cfg.Groups {
		id := s.groupID(g)
		if id == "" {
			return nil, &ConfigError{cfg.file(), fmt.Errorf("groups: the directory exports have no group with the id %q, and not exactly one of that name", g)}
		}
		s.groups = append(s.groups, id)
	}
	return s, nil
}

func (s *surroundings) groupID(nameOrID string) string {
	if g := s.dir.Group(nameOrID); g != nil {
		return g.ID
	}
	return s.dir.GroupByName(nameOrID)
}

func (s *surroundings) loadDirectory(cfg *Config) error {
	s.dir = directory.New()
	var opt directory.Options
	for _, w := range cfg.Workspaces {
		s.dir.AddWorkspace(directory.Workspace{
			Name: w.Name, Environment: w.Environment, ResourceID: w.ResourceID,
			Apps: lower(w.Apps), Resources: lower(w.Resources), Group: w.Group,
		})
		if w.ResourceID != "" {
			opt.Resources = append(opt.Resources, w.ResourceID)
		}
	}
	l := directory.NewLoader(s.dir, opt)
	requests, err := requestMappings(l, cfg)
	if err != nil {
		return err
	}
	for i, list := range [][]string{cfg.Directory, cfg.Activity, requests} {
		if i == 2 {
			l.Expect(requestKind)
		}
		paths, err := glob(cfg.paths(list))
		if err != nil {
			return err
		}
		for _, p := range paths {
			if err := l.Path(p); err != nil {
				return err
			}
		}
	}
	// The configuration may name a team's group; the engine compares ids.
	for i := range s.dir.Workspaces {
		if g := &s.dir.Workspaces[i].Group; *g != "" {
			if id := s.groupID(*g); id != "" {
				*g = id
			}
		}
	}
	s.files = l.Finish()
	s.attributor = directory.NewAttributor(s.dir)
	return nil
}

func lower(in []string) []string {
	out := slices.Clone(in)
	for i := range out {
		out[i] = strings.ToLower(out[i])
	}
	return out
}

// SetError is a policy set of the configuration that cannot be loaded.
type SetError struct {
	Set string
	Err error
}

func (e *SetError) Error() string { return fmt.Sprintf("policy set %q: %v", e.Set, e.Err) }

// Unwrap gives the cause.
func (e *SetError) Unwrap() error { return e.Err }

// glob expands patterns; a path that exists is itself even if it looks like one.
func glob(paths []string) ([]string, error) {
	var out []string
	for _, p := range paths {
		if _, err := os.Stat(p); err == nil || !strings.ContainsAny(p, "*?[") {
			out = append(out, p)
			continue
		}
		found, err := filepath.Glob(p)
		if err != nil {
			return nil, fmt.Errorf("pattern %q: %w", p, err)
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("pattern %q matches no file", p)
		}
		out = append(out, found...)
	}
	return out, nil
}
