package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"frisk/internal/directory"
	"frisk/internal/exceptions"
	"frisk/internal/ingest"
	"frisk/internal/lint"
	"frisk/internal/policy"
	"frisk/internal/replay"
	"frisk/internal/report"
	"frisk/internal/risk"
	"frisk/internal/workaround"
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
	{"formats", func() []listItem {
		return itemsOf(ingest.Formats(), func(f ingest.Format) listItem { return listItem{f.Name, f.Doc} })
	}},
	{"mapping", func() []listItem {
		return itemsOf(ingest.MappingTargets(), func(t ingest.MappingTarget) listItem {
			if len(t.Values) == 0 {
				return listItem{t.Name, t.Doc}
			}
			return listItem{t.Name, t.Doc + " (" + strings.Join(t.Values, ", ") + ")"}
		})
	}},
	{"detectors", func() []listItem {
		about := itemsOf(risk.Detectors(), func(d risk.Detector) listItem { return listItem{d.Name, d.Doc} })
		return append(about, itemsOf(exceptions.Patterns(), func(d exceptions.Pattern) listItem { return listItem{d.Name, d.Doc} })...)
	}},
	{"conditions", func() []listItem {
		return itemsOf(policy.Conditions(), func(c policy.Condition) listItem { return listItem{c.Name, c.Doc} })
	}},
	{"checks", func() []listItem {
		return itemsOf(lint.Rules(), func(r lint.Rule) listItem { return listItem{r.Code, r.Doc} })
	}},
	{"directory", func() []listItem {
		return itemsOf(directory.Kinds(), func(k directory.Kind) listItem { return listItem{k.Name, k.Doc} })
	}},
	{"reasons", func() []listItem {
		return itemsOf(replay.Reasons(), func(r replay.Reason) listItem { return listItem{r.Code, r.Doc} })
	}},
	{"queries", func() []listItem {
		return itemsOf(queries.All(), func(q queries.Query) listItem { return listItem{q.Name, q.Doc} })
	}},
	{"workarounds", func() []listItem {
		return itemsOf(workaround.Routes(), func(r workaround.Route) listItem { return listItem{r.Name, r.Doc} })
	}},
	{"sections", func() []listItem {
		return itemsOf(report.Builders(), func(b report.Builder) listItem { return listItem{b.Name, b.Doc} })
	}},
}

func itemsOf[T any](entries []T, item func(T) listItem) []listItem {
	out := make([]listItem, len(entries))
	for i, e := range entries {
		out[i] = item(e)
	}
	return out
}

func newList(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "list",
		Short: "What this build understands: formats, detectors, conditions, checks, queries, ...",
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
