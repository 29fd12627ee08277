package main

import (
	"errors"
	"fmt"
	"time"

	"frisk/internal/analysis"

	"github.com/spf13/cobra"
)

// errDamaged is a dataset that is not whole: exit code 1.
var errDamaged = errors.New("the dataset is damaged")

func newRepair(a *app) *cobra.Command {
	var check bool
	cmd := &cobra.Command{
		Use:   "repair",
		Short: "Check every file of the dataset and mend what is damaged",
		Long: `repair compares every file of the dataset with its checksum, says what is damaged and
what is lost with it, and makes the dataset whole again: indexes are rebuilt, leftovers
of killed ingests removed, damaged files moved to the folder "damaged" and never
deleted. When sign-ins are lost it names the logs to ingest again; after that the
dataset is as it was.

The exit code is 0 when the dataset is whole (or was made whole without loss), 1 when
--check found damage or logs must be ingested again.`,
		Example: `  analyze repair --check
  analyze repair`,
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := a.load()
			if err != nil {
				return err
			}
			res, err := analysis.Repair(cmd.Context(), cfg, a.options(), check, time.Now().UTC().Format(time.RFC3339))
			if err != nil {
				return err
			}
			if a.json {
				if err := a.printJSON(res); err != nil {
					return err
				}
			} else {
				a.printRepair(res)
			}
			switch {
			case res.OK():
				return nil
			case check:
				return fmt.Errorf("%w: \"analyze repair\" mends it", errDamaged)
			}
			return fmt.Errorf("%w: it is mended, but the logs named above must be ingested again", errDamaged)
		},
	}
	cmd.Flags().BoolVar(&check, "check", false, "only look: change nothing")
	return cmd
}

func (a *app) printRepair(r *analysis.RepairResult) {
	w := a.stdout
	if len(r.Damage) == 0 {
		fmt.Fprintf(w, "%s: %d files checked, nothing is damaged, %d sign-ins\n", printable(r.Dataset), r.Files, r.Rows)
		return
	}
	did := "to do"
	if r.Repaired {
		did = "done"
	}
	fmt.Fprintf(w, "%s: %d files checked, %d damaged or left over\n", printable(r.Dataset), r.Files, len(r.Damage))
	for _, d := range r.Damage {
		fmt.Fprintf(w, "\n%s: %s\n  %s: %s\n", printable(d.File), printable(d.Cause), did, d.Remedy)
		if d.Rows > 0 {
			fmt.Fprintf(w, "  lost for now: %d sign-ins", d.Rows)
			if d.People > 0 {
				fmt.Fprintf(w, " of %d people", d.People)
			}
			fmt.Fprintf(w, ", %s to %s\n", d.From, d.Until)
		}
	}
	fmt.Fprintln(w)
	if r.Moved != "" {
		fmt.Fprintf(w, "damaged files are in %s/%s\n", printable(r.Dataset), r.Moved)
	}
	if r.Repaired {
		fmt.Fprintf(w, "the dataset has %d sign-ins now\n", r.Rows)
	}
	if len(r.Again) > 0 {
		fmt.Fprintln(w, "ingest again:")
		for _, s := range r.Again {
			fmt.Fprintf(w, "  %s\n", printable(s))
		}
	}
	for _, n := range r.Notes {
		a.warn(n)
	}
}
