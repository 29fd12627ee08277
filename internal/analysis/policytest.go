package analysis

import (
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

// LoadDirectory reads the directory exports of the configuration.
func LoadDirectory(cfg *Config) (*directory.Directory, error) {
	s := &surroundings{}
	if err := s.loadDirectory(cfg); err != nil {
		return nil, err
	}
	return s.dir, nil
}
