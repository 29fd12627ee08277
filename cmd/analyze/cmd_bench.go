package main

import "github.com/spf13/cobra"

// newBench is the parent of the commands that measure frisk on data whose answer
// is known.
func newBench(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure frisk itself on data whose answer is known",
		Long: `bench runs frisk on made-up or published data of which the right answer is known, and
prints how it did. It reads no dataset and no configuration of yours.`,
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newBenchTravel(a), newBenchRBA(a))
	return cmd
}
