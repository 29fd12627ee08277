package main

import (
	"fmt"

	"frisk/internal/analysis"

	"github.com/spf13/cobra"
)

func newDemo(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "Run the sample tenant through the whole pipeline and write an HTML report",
		Long: `demo writes a made-up tenant of an organisation that trains models (logs, policies,
directory, requests) into ./frisk-demo, ingests it, replays it against four candidate
policy sets, and writes ./frisk-demo/report.html. It needs no input and no network.`,
		Example: "  analyze demo",
		Args:    usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			res, err := analysis.Demo(cmd.Context(), "frisk-demo", a.options())
			if err != nil {
				return err
			}
			return a.printRun(res)
		},
	}
}

func newRun(a *app) *cobra.Command {
	var gate ingestGate
	cmd := &cobra.Command{
		Use:     "run",
		Short:   "Do everything frisk.yaml says: ingest, assess, replay, report",
		Long:    "run is for cron: it ingests what is new, assesses and replays the whole history, and\nwrites the reports named in frisk.yaml. Running it twice changes nothing.",
		Example: "  analyze run --config frisk.yaml\n  analyze run --fail-on refused,quarantined",
		Args:    usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := gate.check(); err != nil {
				return err
			}
			cfg, err := a.load()
			if err != nil {
				return err
			}
			res, err := analysis.Run(cmd.Context(), cfg, a.options())
			if err != nil {
				return err
			}
			if err := a.printRun(res); err != nil {
				return err
			}
			return gate.trips(res.Ingest)
		},
	}
	gate.add(cmd)
	return cmd
}

// printRun shows the first answer: what was read, the lead of the report, and
// where the rest is.
func (a *app) printRun(res *analysis.RunResult) error {
	if a.json {
		return a.printJSON(res)
	}
	a.printIngestTotal(res.Ingest)
	fmt.Fprintln(a.stdout)
	if err := a.printLead(res.Model); err != nil {
		return err
	}
	for _, f := range res.Written {
		fmt.Fprintf(a.stdout, "wrote %s\n", clean(f))
	}
	return nil
}
