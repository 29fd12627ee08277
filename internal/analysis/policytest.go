package analysis

import (
	"slices"

	"frisk/internal/directory"
	"frisk/internal/policy"
	"frisk/internal/replay"
)

// TestPolicies runs policy test files; histories are played with replay's own
// session clocks.
func TestPolicies(files []string) ([]policy.TestResult, error) {
	return policy.RunTests(files, policy.TestOptions{
		Clock: func(ev *policy.Evaluator) policy.Clock { return replay.NewSession(ev, ev.Symbols()) },
	})
}

// CheckPolicies parses policy files and says what about them is doubtful. Named
// locations and directory are those of the configuration, where it names any;
// without a directory no id can be resolved, and none is complained about.
func CheckPolicies(cfg *Config, paths, locations []string) (*policy.Set, []policy.Notice, error) {
	if len(locations) == 0 {
		var err error
		if locations, err = glob(cfg.paths(cfg.Policies.Locations)); err != nil {
			return nil, nil, err
		}
	}
	set, _, err := policy.Load("checked", paths, locations)
	if err != nil {
		return nil, nil, err
	}
	var dir *directory.Directory
	if len(cfg.Directory) > 0 {
		s := &surroundings{}
		if err := s.loadDirectory(cfg); err != nil {
			return nil, nil, err
		}
		dir = s.dir
	}
	notices := policy.Check(set, dir)
	return set, slices.Compact(notices), nil
}
