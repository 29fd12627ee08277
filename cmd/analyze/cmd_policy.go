package main

import (
	"github.com/spf13/cobra"
)

func newPolicy(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "policy",
		Short: "Check policy files, compare them, and test what they do",
		Args:  usage(cobra.NoArgs),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newPolicyCheck(a), newPolicyDiff(a), newPolicyTest(a))
	return cmd
}
