package main

import (
	"fmt"
	"text/tabwriter"

	"frisk/internal/analysis"

	"github.com/spf13/cobra"
)

func newStatus(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "What the dataset holds: span, streams, sources, accounting",
		Args:  usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := a.load()
			if err != nil {
				return err
			}
			res, err := analysis.Status(cmd.Context(), cfg, a.options())
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(res)
			}
			return a.printStatus(res)
		},
	}
}

func (a *app) printStatus(s *analysis.StatusResult) error {
	fmt.Fprintf(a.stdout, "%s: %d sign-ins in %d runs, %.1f MB", clean(s.Dataset), s.Rows, s.Runs, float64(s.Bytes)/1e6)
	if s.From != "" {
		fmt.Fprintf(a.stdout, ", %s to %s", s.From, s.Until)
	}
	fmt.Fprintln(a.stdout)
	for _, t := range s.Tenants {
		fmt.Fprintf(a.stdout, "tenant %s\n", clean(t))
	}
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	if len(s.Streams) > 0 {
		fmt.Fprintln(w, "\nprovider\tstream\tsign-ins\tpeople\tdays\tfrom\tuntil")
		for _, st := range s.Streams {
			fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%s\t%s\n", clean(st.Provider), clean(st.Stream), st.Rows, st.People, st.Days, st.From, st.Until)
		}
	}
	if len(s.Sources) > 0 {
		fmt.Fprintln(w, "\nread\tkept\tduplicate\treplaced\tquarantined\tother\tfile")
		for _, src := range s.Sources {
			fmt.Fprintf(w, "%d\t%d\t%d\t%d\t%d\t%d\t%s (%s)\n", src.Last.Read, src.Last.Kept, src.Last.Duplicate,
				src.Last.Superseded, src.Last.Quarantined, src.Last.Other, clean(src.File), clean(src.Format))
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, src := range s.Sources {
		if src.FileProblem != "" {
			a.warn(src.FileProblem)
		}
	}
	return nil
}
