package analysis

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"frisk/internal/dataset"
	"frisk/internal/directory"
	"frisk/internal/lint"
	"frisk/internal/policy"
	"frisk/internal/policytext"
)

// PolicyCheck is what is worth knowing about a set of policies.
type PolicyCheck struct {
	// Set is the policies as they are now.
	Set     *policy.Set
	Notices []policy.Notice
	// Names gives ids the names of the exports; Files finds notices in the files.
	Names *policytext.Names
	Files *lint.Files
	// Facts are of the dataset; nil when there is none.
	Facts *lint.Facts
}

// CheckPolicies parses policy files and says what about them is doubtful; no
// paths means the current policies of the configuration. Named locations, the
// directory and the dataset are those of the configuration, where there are
// any: without a directory no id can be resolved, and without a dataset nothing
// is counted. A file that does not parse is a notice, and the others are checked.
// Of o, which cfg has applied already, AsEnabled judges report-only policies as if
// they were enabled.
func CheckPolicies(ctx context.Context, cfg *Config, opt Options, paths, locations []string, o *Override) (*PolicyCheck, error) {
	if len(paths) == 0 {
		if len(cfg.Policies.Current) == 0 {
			return nil, fmt.Errorf("check policies: %w", ErrNoPolicies)
		}
		var err error
		if paths, err = glob(cfg.paths(cfg.Policies.Current)); err != nil {
			return nil, err
		}
	}
	if len(locations) == 0 {
		var err error
		if locations, err = glob(cfg.paths(cfg.Policies.Locations)); err != nil {
			return nil, err
		}
	}
	set, _, err := policy.LoadAll("checked", paths, locations)
	if err != nil {
		return nil, err
	}
	dir, err := checkDirectory(cfg)
	if err != nil {
		return nil, err
	}
	if err := unusedPlaceholder(o.placeholderNames(), set); err != nil {
		return nil, err
	}
	if set, err = fillKnown(cfg, dir, set); err != nil {
		return nil, err
	}
	if o.AsEnabled {
		set = set.AsEnabled()
	}
	facts, err := policyFacts(ctx, cfg, set, &opt)
	if err != nil {
		return nil, err
	}
	tenant, err := cfg.policyOptions()
	if err != nil {
		return nil, err
	}
	c := &PolicyCheck{Set: set.Present(), Files: lint.NewFiles(nil), Facts: facts}
	c.Names = policytext.NewNames(dir, c.Set)
	c.Files.Rename(c.Names, c.Set)
	c.Notices = lint.Check(lint.Input{Set: set, Directory: dir, Facts: facts, Files: c.Files, Inbound: tenant.Inbound})
	return c, nil
}

// checkDirectory is the directory of the configuration, nil when it names none.
func checkDirectory(cfg *Config) (*directory.Directory, error) {
	if len(cfg.Directory) == 0 {
		return nil, nil
	}
	s := &surroundings{}
	if err := s.loadDirectory(cfg); err != nil {
		return nil, err
	}
	return s.dir, nil
}

// fillKnown puts the tenant's own ids in the place of those stand-ins that the
// configuration explains; the others stay, to be reported.
func fillKnown(cfg *Config, dir *directory.Directory, set *policy.Set) (*policy.Set, error) {
	if len(cfg.Policies.Placeholders) == 0 {
		return set, nil
	}
	to := map[string][]string{}
	for _, p := range set.Placeholders() {
		to[p.Name] = []string{p.Name}
	}
	known, err := (&surroundings{dir: dir}).placeholders(cfg)
	if err != nil {
		return nil, err
	}
	maps.Copy(to, known)
	return set.Fill(to), nil
}

// policyFacts counts what the policy check asks of the log; nil without a dataset.
func policyFacts(ctx context.Context, cfg *Config, set *policy.Set, opt *Options) (*lint.Facts, error) {
	d, err := openDataset(cfg, opt)
	if errors.Is(err, dataset.ErrNoDataset) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return countFacts(ctx, d, set, opt)
}
