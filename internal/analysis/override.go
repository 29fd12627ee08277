package analysis

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Override are policy sets from the command line, which come before those of
// the configuration. Paths are relative to the working directory.
type Override struct {
	// Candidates are "NAME=PATH" or "PATH", in place of the configured ones; one
	// name given several times is one set. "+PATH" puts the policies on top of the
	// current ones.
	Candidates []string
	// AsEnabled makes the report-only policies of every candidate count as enabled.
	AsEnabled bool
	// Placeholders are "NAME=VALUE" as in PoliciesConfig.Placeholders.
	Placeholders []string
	// Assume are "FACT=LEVEL" as in PolicyOptions.Assume.
	Assume []string
}

// placeholderNames are the names o says the meaning of, as given: a command that
// looks at other sets than the configuration's asks after these alone.
func (o *Override) placeholderNames() []string {
	names := make([]string, len(o.Placeholders))
	for i, text := range o.Placeholders {
		names[i], _, _ = strings.Cut(text, "=")
	}
	return names
}

// Apply puts o into c.
func (c *Config) Apply(o *Override) error {
	if len(o.Candidates) > 0 {
		c.Policies.Candidates = nil
	}
	for _, text := range o.Candidates {
		name, path, ok := strings.Cut(text, "=")
		if !ok {
			name, path = "", text
		}
		path, onTop := strings.CutPrefix(path, "+")
		if name == "" {
			name = strings.TrimSuffix(filepath.Base(filepath.Clean(path)), ".json")
		}
		path, err := filepath.Abs(path)
		if err != nil {
			return fmt.Errorf("candidate %q: %w", text, err)
		}
		c.addCandidate(name, path, onTop)
	}
	for i := range c.Policies.Candidates {
		s := &c.Policies.Candidates[i]
		s.AsEnabled = s.AsEnabled || o.AsEnabled
	}
	for _, text := range o.Placeholders {
		name, value, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			return fmt.Errorf("placeholder %q: want NAME=GROUP, or NAME= for nobody", text)
		}
		if c.Policies.Placeholders == nil {
			c.Policies.Placeholders = map[string]string{}
		}
		c.Policies.Placeholders[name] = value
	}
	for _, text := range o.Assume {
		fact, level, ok := strings.Cut(text, "=")
		if !ok {
			return fmt.Errorf("assumption %q: want FACT=LEVEL, like insiderRisk=none", text)
		}
		if c.Policies.Options.Assume == nil {
			c.Policies.Options.Assume = map[string]string{}
		}
		c.Policies.Options.Assume[fact] = level
	}
	if _, err := assumptions(c.Policies.Options.Assume); err != nil {
		return fmt.Errorf("assumption %w", err)
	}
	return c.check()
}

func (c *Config) addCandidate(name, path string, onTop bool) {
	for i := range c.Policies.Candidates {
		if s := &c.Policies.Candidates[i]; s.Name == name {
			s.Policies, s.OnTop = append(s.Policies, path), s.OnTop || onTop
			return
		}
	}
	c.Policies.Candidates = append(c.Policies.Candidates, CandidateConfig{Name: name, Policies: []string{path}, OnTop: onTop})
}
