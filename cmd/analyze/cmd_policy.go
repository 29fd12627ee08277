package main

import (
	"errors"
	"fmt"
	"text/tabwriter"

	"frisk/internal/analysis"
	"frisk/internal/policy"

	"github.com/spf13/cobra"
)

func newPolicy(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "policy",
		Short: "Check policy files, and test what they do",
		Args:  usage(cobra.NoArgs),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newPolicyCheck(a), newPolicyTest(a))
	return cmd
}

func newPolicyCheck(a *app) *cobra.Command {
	var locations []string
	cmd := &cobra.Command{
		Use:   "check FILE|FOLDER...",
		Short: "Parse policies and say what about them is doubtful",
		Long: `check parses Conditional Access policies and named locations as exported from Microsoft
Graph, and reports keys nobody evaluates, ids that resolve to nothing, combinations that
cannot work, and policies that can lock everybody out. It exits with 1 when something
is an error.`,
		Example: "  analyze policy check policies/ --locations locations.json",
		Args:    usage(cobra.MinimumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			cfg, err := a.load()
			if err != nil {
				return err
			}
			set, notices, err := analysis.CheckPolicies(cfg, args, locations)
			if err != nil {
				return err
			}
			return a.printNotices(set, notices)
		},
	}
	cmd.Flags().StringSliceVar(&locations, "locations", nil, "named locations, Graph JSON")
	return cmd
}

func (a *app) printNotices(set *policy.Set, notices []policy.Notice) error {
	bad := 0
	for _, n := range notices {
		if n.Level == "error" {
			bad++
		}
	}
	if a.json {
		if notices == nil {
			notices = []policy.Notice{}
		}
		if err := a.printJSON(struct {
			Schema   string          `json:"schema"`
			Policies int             `json:"policies"`
			Notices  []policy.Notice `json:"notices"`
		}{"frisk.policy-check/v1", len(set.Policies), notices}); err != nil {
			return err
		}
	} else {
		for _, n := range notices {
			about := n.Policy
			if about == "" {
				about = "all policies"
			}
			fmt.Fprintf(a.stdout, "%s %s: %s: %s\n", n.Level, n.Code, clean(about), clean(n.Message))
			if n.File != "" {
				fmt.Fprintf(a.stdout, "  at %s %s\n", clean(n.File), clean(n.Path))
			}
			if n.Fix != "" {
				fmt.Fprintf(a.stdout, "  fix: %s\n", clean(n.Fix))
			}
		}
		fmt.Fprintf(a.stdout, "%d policies, %d locations, %d notices\n", len(set.Policies), len(set.Locations), len(notices))
	}
	if bad > 0 {
		return fmt.Errorf("check policies: %d errors", bad)
	}
	return nil
}

var errTests = errors.New("policy tests failed")

func newPolicyTest(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "test FILE...",
		Short: "Run policy test files: given this sign-in, these policies must decide so",
		Long:  "test runs policy test files (YAML, the format is in docs/policies.md), which you keep beside your policies.",
		Args:  usage(cobra.MinimumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			results, err := analysis.TestPolicies(args)
			if err != nil {
				return err
			}
			failed := 0
			for _, r := range results {
				if !r.Passed {
					failed++
				}
			}
			if a.json {
				err = a.printJSON(struct {
					Schema string              `json:"schema"`
					Failed int                 `json:"failed"`
					Tests  []policy.TestResult `json:"tests"`
				}{"frisk.policy-test/v1", failed, results})
			} else {
				err = a.printTests(results, failed)
			}
			if err == nil && failed > 0 {
				err = fmt.Errorf("%w: %d of %d", errTests, failed, len(results))
			}
			return err
		},
	}
}

func (a *app) printTests(results []policy.TestResult, failed int) error {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	for _, r := range results {
		word := "ok"
		if !r.Passed {
			word = "FAIL"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", word, clean(r.File), clean(r.Name))
		for _, m := range r.Misses {
			fmt.Fprintf(w, "\t\t  %s\n", clean(m))
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%d passed, %d failed\n", len(results)-failed, failed)
	return nil
}
