package main

import (
	"fmt"
	"text/tabwriter"

	"frisk/internal/ingest"
	"frisk/internal/policy"
	"frisk/internal/report"
	"frisk/internal/risk"
	"frisk/queries"

	"github.com/spf13/cobra"
)

type listItem struct {
	Name string `json:"name"`
	Doc  string `json:"doc"`
}

// catalogs are what can be listed; every entry comes from a registry.
var catalogs = []struct {
	name  string
	items func() []listItem
}{
	{"formats", func() (out []listItem) {
		for _, f := range ingest.Formats() {
			out = append(out, listItem{f.Name, f.Doc})
		}
		return out
	}},
	{"detectors", func() (out []listItem) {
		for _, d := range risk.Detectors() {
			out = append(out, listItem{d.Name, d.Doc})
		}
		return out
	}},
	{"conditions", func() (out []listItem) {
		for _, c := range policy.Conditions() {
			out = append(out, listItem{c.Name, c.Doc})
		}
		return out
	}},
	{"queries", func() (out []listItem) {
		for _, q := range queries.All() {
			out = append(out, listItem{q.Name, q.Doc})
		}
		return out
	}},
	{"sections", func() (out []listItem) {
		for _, s := range report.Builders() {
			out = append(out, listItem{s.Name, s.Doc})
		}
		return out
	}},
}

func newList(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "list",
		Short: "What this build understands: formats, detectors, conditions, queries, sections",
		Args:  usage(cobra.NoArgs),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, c := range catalogs {
		cmd.AddCommand(&cobra.Command{
			Use:   c.name,
			Short: "List the " + c.name,
			Args:  usage(cobra.NoArgs),
			RunE: func(*cobra.Command, []string) error {
				items := c.items()
				if a.json {
					return a.printJSON(struct {
						Schema string     `json:"schema"`
						Items  []listItem `json:"items"`
					}{"frisk.list/v1", items})
				}
				w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
				for _, it := range items {
					fmt.Fprintf(w, "%s\t%s\n", it.Name, it.Doc)
				}
				return w.Flush()
			},
		})
	}
	return cmd
}
