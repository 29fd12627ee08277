package main

import (
	"fmt"
	"slices"
	"strings"

	"frisk/internal/analysis"

	"github.com/spf13/cobra"
)

// What --fail-on of ingest and run names (docs/cli.md).
const (
	gateRefused     = "refused"     // a file that could not be read, or not to its end
	gateQuarantined = "quarantined" // a bad record
)

// ingestGate makes missing data an exit code.
type ingestGate struct{ names []string }

func (g *ingestGate) add(cmd *cobra.Command) {
	cmd.Flags().StringSliceVar(&g.names, "fail-on", nil,
		"exit with 3 when data is missing: refused (a file could not be read, or not to its end), quarantined (a record is bad)")
}

// check refuses names that are none, before anything is read.
func (g *ingestGate) check() error {
	for _, n := range g.names {
		if n != gateRefused && n != gateQuarantined {
			return usageError{fmt.Errorf("--fail-on: unknown gate %q, want %s or %s, or both with a comma", n, gateRefused, gateQuarantined)}
		}
	}
	return nil
}

// trips is the error of a gate that tripped, nil when none did. The sign-ins that
// could be read are in the dataset all the same.
func (g *ingestGate) trips(res *analysis.IngestResult) error {
	var why []string
	for _, n := range []string{gateRefused, gateQuarantined} { // in this order, each once
		if !g.has(n) {
			continue
		}
		switch count := res.Total.Quarantined; {
		case n == gateRefused:
			if files := res.Refused(); files > 0 {
				why = append(why, number(int64(files), "file", "files")+" could not be read, or not to the end")
			}
		case count > 0:
			why = append(why, number(count, "record is", "records are")+" in quarantine")
		}
	}
	if len(why) == 0 {
		return nil
	}
	return fmt.Errorf("%w: ingest: %s; the rest is in the dataset", errGate, strings.Join(why, ", "))
}

func (g *ingestGate) has(name string) bool {
	return slices.Contains(g.names, name)
}

// number is a count with its noun.
func number(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
