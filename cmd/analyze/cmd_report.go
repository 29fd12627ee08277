package main

import (
	"errors"
	"fmt"
	"io"

	"frisk/internal/analysis"
	"frisk/internal/report"

	"github.com/spf13/cobra"
)

// assess runs the pipeline on what is in the dataset.
func (a *app) assess(cmd *cobra.Command) (*analysis.Result, error) {
	cfg, err := a.load()
	if err != nil {
		return nil, err
	}
	return analysis.Assess(cmd.Context(), cfg, a.options())
}

func newReport(a *app) *cobra.Command {
	var format, output, table string
	cmd := &cobra.Command{
		Use:   "report",
		Short: "The full report, in any format",
		Example: `  analyze report
  analyze report --format html --output report.html`,
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.json {
				format = "json"
			}
			render, err := report.RendererFor(format)
			if err != nil {
				return usageError{err}
			}
			if table != "" {
				if format != "csv" {
					return usageError{errors.New("--table goes with --format csv")}
				}
				render.Render = func(w io.Writer, m *report.Model) error { return report.WriteCSV(w, m, table) }
			}
			res, err := a.assess(cmd)
			if err != nil {
				return err
			}
			if output == "" {
				return a.printModel(render, res.Model)
			}
			if err := analysis.WriteReport(output, render, res.Model); err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "wrote %s\n", clean(output))
			return nil
		},
	}
	a.candidateFlags(cmd)
	cmd.Flags().StringVar(&format, "format", "text", "text, markdown, html, json or csv")
	cmd.Flags().StringVarP(&output, "output", "o", "", "file to write instead of standard output")
	cmd.Flags().StringVar(&table, "table", "", "with --format csv: which table; a wrong name lists them")
	return cmd
}

func newReplay(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "replay",
		Short: "Current policies against candidates, per group and workspace",
		Long: `replay walks every person's history under the current policies and under each candidate
of frisk.yaml, with session clocks, and prints recorded, replayed and candidate figures
per group and workspace, the policies behind them, and who would be newly blocked, newly
prompted or relieved.`,
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			res, err := a.assess(cmd)
			if err != nil {
				return err
			}
			return a.printSections(res.Model, "candidates", "cells", "policies", "changes")
		},
	}
	a.candidateFlags(cmd)
	cmd.Flags().BoolVar(&a.decisions, "decisions", false, `also write every decision beside the dataset, for SQL (view "decisions")`)
	return cmd
}

func newVerify(a *app) *cobra.Command {
	var below float64
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Compare replayed current with the log's own results, per policy and condition",
		Args:  usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			res, err := a.assess(cmd)
			if err != nil {
				return err
			}
			if err := a.printSections(res.Model, "fidelity"); err != nil {
				return err
			}
			if !cmd.Flags().Changed("fail-on") {
				return nil
			}
			switch share, ok := res.AppliedAgreement(); {
			case !ok:
				return fmt.Errorf("%w: no recorded result could be compared", errGate)
			case share*100 < below:
				return fmt.Errorf("%w: agreement where a policy applied is %.2f %%, want at least %.2f %%", errGate, share*100, below)
			}
			return nil
		},
	}
	cmd.Flags().Float64Var(&below, "fail-on", 0, "exit with 3 when the agreement in percent, where a policy applied, is below this")
	return cmd
}

func newExceptions(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "exceptions",
		Short: "Exception requests and workarounds: what people do when a policy stops them",
		Long: `exceptions shows patterns in requests for exceptions (repeats, groups, bursts after a policy
change, renewals, exclusions that stay, approvers) and the workarounds people take after a
block or an abandoned prompt, per policy, with what could not be compared and why. Requests
come from the files under "requests" in frisk.yaml.`,
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			res, err := a.assess(cmd)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(res.ExceptionsJSON())
			}
			return a.printSections(res.Model, "exceptions", "workarounds")
		},
	}
}

func newRisk(a *app) *cobra.Command {
	var failOn string
	cmd := &cobra.Command{
		Use:   "risk",
		Short: "Findings of the detectors, with evidence",
		Args:  usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			res, err := a.assess(cmd)
			if err != nil {
				return err
			}
			if a.json {
				err = a.printJSON(res.FindingsJSON())
			} else {
				err = a.printSections(res.Model, "incidents", "travel", "findings")
			}
			if err != nil || failOn == "" {
				return err
			}
			n, err := res.CountFindings(failOn)
			if err != nil {
				return usageError{err}
			}
			if n > 0 {
				return fmt.Errorf("%w: %d findings of severity %s or above", errGate, n, failOn)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&failOn, "fail-on", "", "exit with 3 when a finding of this severity or above is raised: info, low, medium, high")
	return cmd
}
