package main

import (
	"errors"
	"fmt"

	"frisk/internal/analysis"
	"frisk/internal/policy"

	"github.com/spf13/cobra"
)

var errTests = errors.New("policy tests failed")

func newPolicyTest(a *app) *cobra.Command {
	var verbose bool
	cmd := &cobra.Command{
		Use:   "test FILE...",
		Short: "Run policy test files: given this sign-in, these policies must decide so",
		Long: `test runs policy test files (YAML, the format is in docs/policies.md), which you keep beside
your policies. A test that misses says what was expected, what came instead, and which fact
decided. A soft test may miss: its source leaves room. It exits with 1 when a test fails.`,
		Example: "  analyze policy test policies/*.test.yaml",
		Args:    usage(cobra.MinimumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			results, err := analysis.TestPolicies(args)
			if err != nil {
				return err
			}
			t := countTests(results)
			if a.json {
				err = a.printJSON(struct {
					Schema string              `json:"schema"`
					Passed int                 `json:"passed"`
					Failed int                 `json:"failed"`
					Soft   int                 `json:"soft"`
					Tests  []policy.TestResult `json:"tests"`
				}{"frisk.policy-test/v1", t.passed, t.failed, t.soft, results})
			} else {
				a.printTests(results, t, verbose)
			}
			if err == nil && t.failed > 0 {
				err = fmt.Errorf("%w: %d of %d", errTests, t.failed, len(results))
			}
			return err
		},
	}
	cmd.Flags().BoolVarP(&verbose, "verbose", "v", false, "list the tests that pass too")
	return cmd
}

// testCount is a number of tests by how they ended; soft ones missed and may.
type testCount struct{ passed, failed, soft int }

func (t *testCount) add(r *policy.TestResult) {
	switch {
	case !r.Passed:
		t.failed++
	case len(r.Misses) > 0:
		t.soft++
	default:
		t.passed++
	}
}

func (t *testCount) String() string {
	s := fmt.Sprintf("%d passed, %d failed", t.passed, t.failed)
	if t.soft > 0 {
		s += fmt.Sprintf(", %d soft", t.soft)
	}
	return s
}

func countTests(results []policy.TestResult) *testCount {
	t := &testCount{}
	for i := range results {
		t.add(&results[i])
	}
	return t
}

// printTests prints like a test runner: the misses, a line per file, the total.
func (a *app) printTests(results []policy.TestResult, total *testCount, verbose bool) {
	files := 0
	for i := 0; i < len(results); {
		file := results[i].File
		t := &testCount{}
		for ; i < len(results) && results[i].File == file; i++ {
			r := &results[i]
			t.add(r)
			word := "ok"
			switch {
			case !r.Passed:
				word = "FAIL"
			case len(r.Misses) > 0:
				word = "soft"
			case !verbose:
				continue
			}
			fmt.Fprintf(a.stdout, "    %-4s  %s\n", word, clean(r.Name))
			for _, m := range r.Misses {
				fmt.Fprintf(a.stdout, "          %s\n", clean(m))
			}
		}
		word := "ok"
		if t.failed > 0 {
			word = "FAIL"
		}
		files++
		fmt.Fprintf(a.stdout, "%-4s  %s  %s\n", word, clean(file), t)
	}
	if files > 1 {
		fmt.Fprintf(a.stdout, "%s in %d files\n", total, files)
	}
}
