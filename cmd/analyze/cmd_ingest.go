package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"frisk/internal/analysis"

	"github.com/spf13/cobra"
)

func newIngest(a *app) *cobra.Command {
	var in analysis.IngestOptions
	cmd := &cobra.Command{
		Use:   "ingest [FILE|FOLDER|GLOB|-]...",
		Short: "Read sign-in logs into the dataset",
		Long: `ingest reads sign-in logs, plain or compressed with gzip or zstd, finds out their
format, and adds what is new to the dataset. Without arguments it reads the logs named
in frisk.yaml; "-" is standard input. A record that cannot be read is kept in the
dataset's quarantine folder with its file, line and cause, and the run goes on.`,
		Example: `  analyze ingest signins/
  analyze ingest --geoip-city GeoLite2-City.mmdb InteractiveSignIns_2026-05-01.csv
  zstd -dc big.jsonl.zst | analyze ingest -`,
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := a.load()
			if err != nil {
				return err
			}
			in.Stdin = a.stdin
			res, err := analysis.Ingest(cmd.Context(), cfg, a.options(), args, in)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(res)
			}
			a.printIngest(res)
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&in.Format, "format", "", `format of every file instead of detection (see "analyze list formats")`)
	f.StringSliceVar(&in.GeoCity, "geoip-city", nil, "mmdb with places, for rows without a location")
	f.StringSliceVar(&in.GeoASN, "geoip-asn", nil, "mmdb with autonomous systems")
	return cmd
}

// printIngest shows the accounting: per file where something is worth a line,
// then the sum, which adds up.
func (a *app) printIngest(res *analysis.IngestResult) {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "read\tkept\tduplicate\treplaced\tquarantined\tother\t  file")
	for _, s := range res.Sources {
		fmt.Fprintf(w, "%d\t%d\t%d\t%d\t%d\t%d\t  %s (%s)\n", s.Read, s.Kept, s.Duplicate, s.Superseded, s.Quarantined, s.Other, clean(s.File), s.Format)
	}
	t := res.Total
	fmt.Fprintf(w, "%d\t%d\t%d\t%d\t%d\t%d\t  total\n", t.Read, t.Kept, t.Duplicate, t.Superseded, t.Quarantined, t.Other)
	_ = w.Flush()
	a.printIngestEnd(res)
}

// printIngestTotal is one line of accounting, for runs that have more to say.
func (a *app) printIngestTotal(res *analysis.IngestResult) {
	t := res.Total
	fmt.Fprintf(a.stdout, "read %d records from %d files: %d new, %d known, %d replaced, %d quarantined, %d no sign-ins\n",
		t.Read, len(res.Sources), t.Kept, t.Duplicate, t.Superseded, t.Quarantined, t.Other)
	a.printIngestEnd(res)
}

// printIngestEnd warns about what could not be read and says what the dataset
// holds now.
func (a *app) printIngestEnd(res *analysis.IngestResult) {
	for _, s := range res.Sources {
		if s.Problem != "" {
			a.warn(a.brief(s.Problem, len(res.Sources)))
		}
		for _, text := range s.Warnings {
			a.warn(s.File + ": " + text)
		}
	}
	fmt.Fprintf(a.stdout, "dataset: %d sign-ins", res.Rows)
	if res.From != "" {
		fmt.Fprintf(a.stdout, " from %s to %s", res.From, res.Until)
	}
	fmt.Fprintln(a.stdout)
	if g := &res.Geo; g.FromDatabase+g.NoAnswer+g.RejectedLog+g.RejectedDatabase > 0 {
		fmt.Fprintf(a.stdout, "places: %d from the log, %d from the database, %d not found, %d impossible and dropped\n",
			g.FromLog, g.FromDatabase, g.NoAnswer+g.NoAddress+g.Local, g.RejectedLog+g.RejectedDatabase)
	}
	if n := res.Total.Quarantined; n > 0 {
		fmt.Fprintf(a.stdout, "quarantine: %s\n", clean(res.Quarantine))
		for _, b := range res.Bad {
			a.warn(fmt.Sprintf("%s:%d: %s", b.File, b.Line, b.Cause))
		}
		if more := n - int64(len(res.Bad)); more > 0 {
			a.warn(fmt.Sprintf("%d more bad records are in quarantine", more))
		}
	}
}

// brief keeps the first line of a long problem when many files are read: the
// reasons of every format are for whoever asks about one file.
func (a *app) brief(problem string, files int) string {
	if first, _, ok := strings.Cut(problem, "\n"); ok && files > 1 {
		return strings.TrimSuffix(first, ":") + " (name the file alone to see why)"
	}
	return problem
}
