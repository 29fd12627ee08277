package analysis

import (
	"frisk/internal/directory"
	"frisk/internal/lint"
	"frisk/internal/policy"
	"frisk/internal/replay"
)

// TestPolicies runs policy test files; histories are played with replay's own
// session clocks, and tests that expect notices get those of the policy check.
func TestPolicies(files []string) ([]policy.TestResult, error) {
	return policy.RunTests(files, policy.TestOptions{
		Clock: func(ev *policy.Evaluator) policy.Clock { return replay.NewSession(ev, ev.Symbols()) },
		Notices: func(set *policy.Set, dir *directory.Directory) []policy.Notice {
			return lint.Check(lint.Input{Set: set, Directory: dir})
		},
	})
}
