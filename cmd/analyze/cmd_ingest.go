package main

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"frisk/internal/analysis"

	"github.com/spf13/cobra"
)

func newIngest(a *app) *cobra.Command {
	var in analysis.IngestOptions
	var try bool
	var span spanFlags
	var follow followFlags
	var gate ingestGate
	var maxUnpackedGB int64
	cmd := &cobra.Command{
		Use:   "ingest [FILE|FOLDER|GLOB|URL|-]...",
		Short: "Read sign-in logs into the dataset",
		Long: `ingest reads sign-in logs, plain or compressed with gzip or zstd, finds out their
format, and adds what is new to the dataset. Without arguments it reads the logs named
in frisk.yaml; "-" is standard input, and az://, s3://, gs:// and https:// URLs are read
where they are (docs/sources.md). A record that cannot be read is kept in the dataset's
quarantine folder with its file, line and cause, and the run goes on.

With --follow it does not end: it reads what is added to the files and folders, commits
each time, and stops in order at an interrupt. It can be killed and started again at any
time without losing or doubling a sign-in.`,
		Example: `  analyze ingest signins/
  analyze ingest --geoip-city GeoLite2-City.mmdb InteractiveSignIns_2026-05-01.csv
  zstd -dc big.jsonl.zst | analyze ingest -
  analyze ingest --since 90d az://insights-logs-signinlogs/
  analyze ingest --follow /var/log/signins/`,
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := a.load()
			if err != nil {
				return err
			}
			in.Stdin = a.stdin
			in.MaxUnpacked = maxUnpackedGB << 30
			if in.Span, err = span.span(); err != nil {
				return err
			}
			if try && follow.on {
				return usageError{errors.New("--try and --follow exclude each other")}
			}
			if err := gate.check(); err != nil {
				return err
			}
			if len(gate.names) > 0 && (try || follow.on) {
				return usageError{errors.New("--fail-on goes with neither --try nor --follow")}
			}
			if follow.on {
				return a.follow(cmd.Context(), cfg, args, in, &follow)
			}
			if try {
				return a.try(cmd.Context(), cfg, args, in)
			}
			res, err := analysis.Ingest(cmd.Context(), cfg, a.options(), args, in)
			if err != nil {
				return err
			}
			if a.json {
				if err := a.printJSON(res); err != nil {
					return err
				}
				return gate.trips(res)
			}
			a.printIngest(res)
			return gate.trips(res)
		},
	}
	f := cmd.Flags()
	f.StringVar(&in.Format, "format", "", `format of every file instead of detection (see "analyze list formats")`)
	f.BoolVar(&try, "try", false, "show how the beginning of each file comes out and what is not understood; store nothing")
	f.StringSliceVar(&in.Mappings, "mapping", nil, "mapping file for logs of a system frisk does not know (docs/formats/mapping.md)")
	f.StringVar(&in.TimeZone, "time-zone", "", "zone of local times that name none, such as Europe/Berlin (default: timeZone in frisk.yaml, else UTC)")
	f.StringVar(&in.AsOf, "as-of", "", "date up to which the logs go, for times without a year (default: each file's own date)")
	f.StringSliceVar(&in.GeoCity, "geoip-city", nil, "mmdb with places, for rows without a location")
	f.StringSliceVar(&in.GeoASN, "geoip-asn", nil, "mmdb with autonomous systems")
	f.Int64Var(&maxUnpackedGB, "max-unpacked-gb", 0, "most a compressed file may unpack to, in GB (default 1024)")
	f.IntVar(&in.MaxRatio, "max-ratio", 0, "most a compressed file may unpack to, as a multiple of its size (default 500)")
	span.add(cmd)
	follow.add(cmd)
	gate.add(cmd)
	return cmd
}

// printIngest shows the accounting: per file where something is worth a line,
// then the sum, which adds up.
func (a *app) printIngest(res *analysis.IngestResult) {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	t := res.Total
	// The column stands only where a time was asked for, so that most people need
	// not wonder about it.
	outside := func(c *analysis.Counts) string {
		if t.Outside == 0 {
			return ""
		}
		return fmt.Sprintf("%d\t", c.Outside)
	}
	head := ""
	if t.Outside > 0 {
		head = "outside\t"
	}
	fmt.Fprintln(w, "read\tkept\tduplicate\treplaced\tquarantined\tother\t"+head+"  file")
	line := func(c *analysis.Counts, name string) {
		fmt.Fprintf(w, "%d\t%d\t%d\t%d\t%d\t%d\t%s  %s\n", c.Read, c.Kept, c.Duplicate, c.Superseded, c.Quarantined, c.Other, outside(c), name)
	}
	for i := range res.Sources {
		s := &res.Sources[i]
		line(&s.Counts, fmt.Sprintf("%s (%s)", printable(s.File), s.Format))
	}
	line(&t, "total")
	_ = w.Flush()
	a.printIngestEnd(res)
}

// printIngestTotal is one line of accounting, for runs that have more to say.
func (a *app) printIngestTotal(res *analysis.IngestResult) {
	t := res.Total
	fmt.Fprintf(a.stdout, "read %d records from %d files: %d new, %d known, %d replaced, %d quarantined, %d no sign-ins",
		t.Read, len(res.Sources), t.Kept, t.Duplicate, t.Superseded, t.Quarantined, t.Other)
	if t.Outside > 0 {
		fmt.Fprintf(a.stdout, ", %d outside the time asked for", t.Outside)
	}
	fmt.Fprintln(a.stdout)
	a.printIngestEnd(res)
}

// printIngestEnd warns about what could not be read and says what the dataset
// holds now.
func (a *app) printIngestEnd(res *analysis.IngestResult) {
	refused := 0
	for i := range res.Sources {
		if s := &res.Sources[i]; s.Problem != "" {
			if refused++; refused <= maxFilesShown {
				a.warn(a.brief(s.Problem, len(res.Sources)))
			}
		}
	}
	if more := refused - maxFilesShown; more > 0 {
		a.warn(number(int64(more), "more file", "more files") + ` could not be read, or not to the end ("analyze status --files" names them)`)
	}
	for _, w := range res.Warnings() {
		a.warn(warned(w.Files) + ": " + w.Text)
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
			a.warn(fmt.Sprintf("%s:%d: %s", printable(b.File), b.Line, b.Cause))
		}
		if more := n - int64(len(res.Bad)); more > 0 {
			a.warn(fmt.Sprintf("%d more bad records are in quarantine", more))
		}
	}
}

// warned names the files of a warning: the first ones of many.
func warned(files []string) string {
	const most = 3
	if len(files) == 1 {
		return printable(files[0])
	}
	var names []string
	for _, f := range files[:min(most, len(files))] {
		names = append(names, printable(path.Base(filepath.ToSlash(f))))
	}
	more := ""
	if n := len(files) - most; n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	return fmt.Sprintf("%d files (%s%s)", len(files), strings.Join(names, ", "), more)
}

// brief keeps the first line of a long problem when many files are read: the
// reasons of every format are for whoever asks about one file.
func (a *app) brief(problem string, files int) string {
	if first, _, ok := strings.Cut(problem, "\n"); ok && files > 1 {
		return strings.TrimSuffix(first, ":") + " (name the file alone to see why)"
	}
	return problem
}
