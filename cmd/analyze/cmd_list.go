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
		for _, d := range risk.RequestDetectors() {
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
		RunE:  func(*cobra.Command, []string) error { return a.listAll() },
	}
	for _, c := range catalogs {
		cmd.AddCommand(&cobra.Command{
			Use:   c.name,
			Short: "List the " + c.name,
			Args:  usage(cobra.NoArgs),
			RunE: func(*cobra.Command, []string) error {
				if a.json {
					return a.printJSON(struct {
						Schema string     `json:"schema"`
						Items  []listItem `json:"items"`
					}{"frisk.list/v1", c.items()})
				}
				return a.printItems(c.items())
			},
		})
	}
	return cmd
}

// listAll prints every catalog.
func (a *app) listAll() error {
	if a.json {
		all := map[string][]listItem{}
		for _, c := range catalogs {
			all[c.name] = c.items()
		}
		return a.printJSON(struct {
			Schema   string                `json:"schema"`
			Catalogs map[string][]listItem `json:"catalogs"`
		}{"frisk.list/v1", all})
	}
	for i, c := range catalogs {
		if i > 0 {
			fmt.Fprintln(a.stdout)
		}
		fmt.Fprintf(a.stdout, "%s:\n", c.name)
		if err := a.printItems(c.items()); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) printItems(items []listItem) error {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	for _, it := range items {
		fmt.Fprintf(w, "%s\t%s\n", it.Name, it.Doc)
	}
	return w.Flush()
}
