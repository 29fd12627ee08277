package main

import (
	"fmt"

	"frisk/internal/analysis"

	"github.com/spf13/cobra"
)

func newExplain(a *app) *cobra.Command {
	var view explainView
	cmd := &cobra.Command{
		Use:   "explain ID",
		Short: "One sign-in: every policy, every condition, the clock state",
		Long: `explain replays the person's history up to the sign-in and says how the current policies
decide it and why: the policy and the fact that decided, the session it met, each policy that
applied or may have, with what the log recorded beside what the replay says, the others by the
condition that failed, and what every candidate would do. Where a recorded result would fit
either way, so that agreeing proves little, it says so and why.
ID is the provider's own event id, or its beginning, 8 characters or more.`,
		Example: "  analyze explain 22608a25-1d9b-44b5-b0f2-cb94f06b2d00\n  analyze explain 22608a25",
		Args:    usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := a.load()
			if err != nil {
				return err
			}
			found, err := analysis.Explain(cmd.Context(), cfg, a.options(), args[0])
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(struct {
					Schema  string                 `json:"schema"`
					SignIns []analysis.Explanation `json:"signIns"`
				}{"frisk.explain/v1", found})
			}
			for i := range found {
				if i > 0 {
					fmt.Fprintln(a.stdout)
				}
				if err := a.printExplanation(&found[i], &view); err != nil {
					return err
				}
			}
			return nil
		},
	}
	a.candidateFlags(cmd)
	view.flags(cmd)
	return cmd
}
