package analysis

import (
	"fmt"
	"slices"

	"frisk/internal/policy"
)

// setSource is where one policy set comes from.
type setSource struct {
	name                string
	policies, locations []string
	asEnabled, onTop    bool
}

func (c *Config) setSources() []setSource {
	sets := []setSource{{currentName, c.Policies.Current, c.Policies.Locations, false, false}}
	for i := range c.Policies.Candidates {
		k := &c.Policies.Candidates[i]
		locations := k.Locations
		if len(locations) == 0 {
			locations = c.Policies.Locations
		}
		sets = append(sets, setSource{k.Name, k.Policies, locations, k.AsEnabled, k.OnTop})
	}
	return sets
}

const currentName = "current"

func (s *surroundings) loadPolicies(cfg *Config) error {
	if len(cfg.Policies.Current) == 0 {
		return nil
	}
	return s.loadSets(cfg, cfg.setSources())
}

// loadSets reads and compiles sets, in the order given.
func (s *surroundings) loadSets(cfg *Config, sources []setSource) error {
	opt, err := cfg.policyOptions()
	if err != nil {
		return err
	}
	for _, src := range sources {
		set, err := s.loadSet(cfg, &src)
		if err != nil {
			return err
		}
		// Recorded network matches speak of the locations in force then; a candidate
		// with locations of its own is judged by its own ranges.
		opt.IgnoreRecordedLocations = src.name != currentName && !slices.Equal(src.locations, cfg.Policies.Locations)
		e, err := policy.NewEngine(set, s.dir, opt)
		if err != nil {
			return fmt.Errorf("policy set %q: %w", src.name, err)
		}
		s.engines = append(s.engines, e)
	}
	return unusedPlaceholder(sortedKeys(cfg.Policies.Placeholders), s.loaded...)
}

// loadSet reads one set. The current one gets the versions that were in force
// over time, as far as the exports and the audit log tell; a candidate is one
// thing for the whole history.
func (s *surroundings) loadSet(cfg *Config, src *setSource) (*policy.Set, error) {
	policies, err := glob(cfg.paths(src.policies))
	if err != nil {
		return nil, err
	}
	locations, err := glob(cfg.paths(src.locations))
	if err != nil {
		return nil, err
	}
	set, notices, err := policy.Load(src.name, policies, locations)
	if err != nil {
		return nil, &SetError{src.name, err}
	}
	s.loaded = append(s.loaded, set)
	s.notices = append(s.notices, notices...)
	switch {
	case src.name != currentName || cfg.Policies.AsPresent:
		set = set.Present()
	default:
		var more []policy.Notice
		if set, more, err = set.WithEdits(s.dir.PolicyEdits()); err != nil {
			return nil, &SetError{src.name, err}
		}
		s.notices = append(s.notices, more...)
	}
	if src.asEnabled {
		set = set.AsEnabled()
	}
	if set, err = s.fill(cfg, src, set); err != nil {
		return nil, err
	}
	if src.onTop && len(s.engines) > 0 {
		set = s.engines[0].Set().Present().With(set)
	}
	return set, nil
}
