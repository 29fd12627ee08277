package main

import (
	"fmt"
	"io"
	"os"

	"frisk/internal/analysis"

	"github.com/spf13/cobra"
)

func newWhatIf(a *app) *cobra.Command {
	var missing string
	var view explainView
	cmd := &cobra.Command{
		Use:   "whatif FILE|-",
		Short: "One made-up sign-in against every policy set, in the shape of Graph's evaluate",
		Long: `whatif takes the body of Microsoft Graph's conditionalAccess/evaluate action and answers,
for the current policies and each candidate, in Graph's shape, plus what Graph does not
say: the verdict, the deciding facts, and "unknown" where an input is missing. With
--missing none a missing condition counts as none, as Graph has it.`,
		Example: "  analyze whatif request.json --json",
		Args:    usage(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			if missing != "unknown" && missing != "none" {
				return usageError{fmt.Errorf("--missing %q: want unknown or none", missing)}
			}
			request, err := a.readFile(args[0])
			if err != nil {
				return err
			}
			cfg, err := a.load()
			if err != nil {
				return err
			}
			sets, err := analysis.WhatIf(cfg, request, missing == "none")
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(struct {
					Schema string               `json:"schema"`
					Sets   []analysis.WhatIfSet `json:"sets"`
				}{"frisk.whatif/v1", sets})
			}
			return a.printWhatIf(sets, &view)
		},
	}
	view.flags(cmd)
	a.candidateFlags(cmd)
	cmd.Flags().StringVar(&missing, "missing", "unknown", "what a missing condition is: unknown or none")
	return cmd
}

// readFile reads a file, or standard input for "-".
func (a *app) readFile(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(a.stdin)
	}
	return os.ReadFile(name) //nolint:gosec // the user named it
}

// printWhatIf shows the answer as explain does: one set in full, the others in a line.
func (a *app) printWhatIf(answers []analysis.WhatIfSet, v *explainView) error {
	sets := make([]analysis.SetExplanation, len(answers))
	for i := range answers {
		sets[i] = analysis.SetExplanation{Name: answers[i].Name, Explanation: answers[i].Frisk.Explanation}
	}
	s := a.screen(nil)
	for _, w := range analysis.WhatIfWarnings(answers) {
		s.lineAt("warning: ", 2, w)
	}
	return s.sets(sets, v)
}
