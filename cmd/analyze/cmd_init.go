package main

import (
	"fmt"

	"frisk/internal/analysis"

	"github.com/spf13/cobra"
)

func newInit(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "init",
		Short: "Write a commented frisk.yaml",
		Long:  "init writes frisk.yaml into the working directory. It never overwrites one.",
		Args:  usage(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			file := a.config
			if file == "" {
				file = analysis.ConfigName
			}
			if err := analysis.WriteConfigTemplate(file); err != nil {
				return err
			}
			if a.json {
				return a.printJSON(struct {
					Schema string `json:"schema"`
					File   string `json:"file"`
				}{"frisk.init/v1", file})
			}
			fmt.Fprintf(a.stdout, "wrote %s: fill it in, then \"analyze run\"\n", clean(file))
			return nil
		},
	}
}
