package main

import (
	"errors"
	"fmt"
	"strings"

	"frisk/internal/analysis"
	"frisk/queries"

	"github.com/spf13/cobra"
)

// queryError tells a mistake on the command line from a failing query.
func queryError(err error) error {
	if _, ok := errors.AsType[*analysis.ParamError](err); ok {
		return usageError{err}
	}
	return err
}

func newQuery(a *app) *cobra.Command {
	var statement, format string
	var params []string
	var list bool
	cmd := &cobra.Command{
		Use:   "query [NAME]",
		Short: "Run a named SQL query over the dataset, or your own",
		Long: `query runs one of the named queries ("analyze list queries") or, with --sql, a statement
of your own, over the views described in docs/queries.md. It reads only the dataset.`,
		Example: `  analyze query top-prompted-people --param limit=5
  analyze query --sql "SELECT count(*) AS n FROM signins" --json`,
		Args: usage(cobra.MaximumNArgs(1)),
		ValidArgsFunction: func(_ *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for _, q := range queries.All() {
				names = append(names, q.Name+"\t"+q.Doc)
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if list {
				return a.listQueries()
			}
			bound := map[string]string{}
			for _, p := range params {
				name, value, ok := strings.Cut(p, "=")
				if !ok {
					return usageError{fmt.Errorf("--param %q: want name=value", p)}
				}
				bound[name] = value
			}
			var q queries.Query
			switch {
			case (statement == "") == (len(args) == 0):
				return usageError{errors.New("want the name of a query, or --sql with a statement; --list names the queries")}
			case statement != "":
				q = queries.Query{Name: "sql", Doc: "your own statement", SQL: statement}
			default:
				var err error
				if q, err = queries.Find(args[0]); err != nil {
					return usageError{err}
				}
			}
			cfg, err := a.load()
			if err != nil {
				return err
			}
			if a.json || format == "json" {
				res, err := analysis.QueryJSON(cmd.Context(), cfg, a.options(), q, bound)
				if err != nil {
					return queryError(err)
				}
				return a.printJSON(res)
			}
			t, err := analysis.Query(cmd.Context(), cfg, a.options(), q, bound)
			if err != nil {
				return queryError(err)
			}
			return a.printQuery(t, format)
		},
	}
	cmd.Flags().BoolVar(&list, "list", false, "list the named queries, as \"analyze list queries\" does")
	cmd.Flags().StringVar(&statement, "sql", "", "a SELECT statement to run instead of a named query")
	cmd.Flags().StringVar(&format, "format", "text", "text, csv, markdown or json")
	cmd.Flags().StringArrayVar(&params, "param", nil, "a parameter of the query, name=value (repeatable)")
	return cmd
}

// listQueries prints the catalog of queries, which needs no dataset.
func (a *app) listQueries() error {
	for _, c := range catalogs {
		if c.name != "queries" {
			continue
		}
		if a.json {
			return a.printJSON(listing{"frisk.list/v1", c.items()})
		}
		return a.printItems(c.items())
	}
	return nil
}

// listing is a catalog as JSON.
type listing struct {
	Schema string     `json:"schema"`
	Items  []listItem `json:"items"`
}
