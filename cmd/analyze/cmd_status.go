package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"

	"frisk/internal/analysis"

	"github.com/spf13/cobra"
)

func newStatus(a *app) *cobra.Command {
	var runs, files bool
	cmd := &cobra.Command{
		Use:   "status",
		Short: "What the dataset holds: span, streams, gaps, sources, accounting",
		Long: `status says what the dataset holds and whether it is complete: per tenant and stream
the span, people and days, hours in which sign-ins are missing by the stream's own habits,
sign-ins that came late, streams that should be there and are not, and where every record
that was read has gone. docs/dataset.md states the rules.`,
		Example: `  analyze status
  analyze status --runs
  analyze status --json`,
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := a.load()
			if err != nil {
				return err
			}
			res, err := analysis.Status(cmd.Context(), cfg, a.options())
			if err != nil {
				return err
			}
			switch {
			case a.json:
				return a.printJSON(res)
			case runs:
				return a.printHistory(res)
			}
			return a.printStatus(res, files)
		},
	}
	cmd.Flags().BoolVar(&runs, "runs", false, "the history: every ingest with its accounts")
	cmd.Flags().BoolVar(&files, "files", false, "every file that was read, not only the first ones")
	return cmd
}

// maxFilesShown and maxGapsShown keep status on one screen.
const (
	maxFilesShown = 10
	maxGapsShown  = 5
)

func (a *app) printStatus(s *analysis.StatusResult, files bool) error {
	fmt.Fprintf(a.stdout, "%s: %d sign-ins in %d runs, %.1f MB", printable(s.Dataset), s.Rows, s.Runs, float64(s.Bytes)/1e6)
	if s.From != "" {
		fmt.Fprintf(a.stdout, ", %s to %s", s.From, s.Until)
	}
	fmt.Fprintln(a.stdout)
	for _, t := range s.Tenants {
		fmt.Fprintf(a.stdout, "tenant %s\n", printable(t))
	}
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	a.printStreams(w, s)
	a.printSources(w, s, files)
	if err := w.Flush(); err != nil {
		return err
	}
	a.statusWarnings(s)
	return nil
}

func (a *app) printStreams(w io.Writer, s *analysis.StatusResult) {
	if len(s.Streams) == 0 {
		return
	}
	several := len(s.Tenants) > 1
	fmt.Fprint(w, "\nprovider\tstream\tsign-ins\tpeople\tdays\tlate\tgaps\tfrom\tuntil")
	if several {
		fmt.Fprint(w, "\ttenant")
	}
	fmt.Fprintln(w)
	for _, st := range s.Streams {
		var hours int64
		for _, g := range st.Gaps {
			hours += g.Hours
		}
		gaps := "none"
		if hours > 0 {
			gaps = fmt.Sprintf("%d h", hours)
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%s\t%s\t%s", printable(st.Provider), printable(st.Stream), st.Rows, st.People, st.Days, st.Late, gaps, st.From, st.Until)
		if several {
			fmt.Fprintf(w, "\t%s", printable(st.Tenant))
		}
		fmt.Fprintln(w)
	}
}

func (a *app) printSources(w io.Writer, s *analysis.StatusResult, all bool) {
	if len(s.Sources) == 0 {
		return
	}
	// A followed file's last reading may be its last line: what it gave in all
	// stands beside it.
	fmt.Fprintln(w, "\nkept in all\tlast: read\tkept\tduplicate\treplaced\tquarantined\tother\toutside\tfile")
	shown := s.Sources
	if !all && len(shown) > maxFilesShown {
		shown = shown[:maxFilesShown]
	}
	for i := range shown {
		src := &shown[i]
		fmt.Fprintf(w, "%d\t", src.KeptEver)
		printCounts(w, &src.Last)
		fmt.Fprintln(w, sourceText(src))
	}
	if more := len(s.Sources) - len(shown); more > 0 {
		fmt.Fprintf(w, "\t\t\t\t\t\t\t\tand %d more files (--files)\n", more)
	}
	if t := &s.Total; t.Read > 0 {
		n := 0
		for i := range s.Ingests {
			if s.Ingests[i].Files > 0 {
				n++
			}
		}
		fmt.Fprintf(w, "%d\t", t.Kept)
		printCounts(w, t)
		fmt.Fprintf(w, "all of %d ingests, %.1f%% duplicates\n", n, 100*float64(t.Duplicate)/float64(t.Read))
	}
}

func printCounts(w io.Writer, c *analysis.Counts) {
	fmt.Fprintf(w, "%d\t%d\t%d\t%d\t%d\t%d\t%d\t", c.Read, c.Kept, c.Duplicate, c.Superseded, c.Quarantined, c.Other, c.Outside)
}

// statusWarnings says what is incomplete, one line each.
func (a *app) statusWarnings(s *analysis.StatusResult) {
	tenant := func(provider, name string) string {
		if len(s.Tenants) > 1 {
			return provider + "/" + name + " "
		}
		return provider + " "
	}
	for _, m := range s.Missing {
		a.warn(printable(fmt.Sprintf("%shas no %s sign-ins: %s", tenant(m.Provider, m.Tenant), m.Stream, m.Why)))
	}
	for _, st := range s.Streams {
		name := printable(tenant(st.Provider, st.Tenant) + st.Stream)
		for i, g := range st.Gaps {
			if i == maxGapsShown {
				a.warn(fmt.Sprintf("%s: %d more gaps (--json lists them)", name, len(st.Gaps)-i))
				break
			}
			a.warn(fmt.Sprintf("%s: no rows from %s to %s, where about %d are usual", name, g.From, g.Until, g.Missing))
		}
		if st.LateDay > 0 {
			a.warn(fmt.Sprintf("%s: %d sign-ins came over a day after later ones, up to %.1f hours: ingest with an overlap", name, st.LateDay, st.MaxLateHours))
		}
	}
	problems := 0
	for _, src := range s.Sources {
		if src.Again {
			a.warn(printable(src.File) + ": rows of it were lost to damage: ingest it again")
		}
		if src.FileProblem == "" {
			continue
		}
		if problems++; problems <= maxFilesShown {
			a.warn(a.brief(src.FileProblem, len(s.Sources)))
		}
	}
	if problems > maxFilesShown {
		a.warn(fmt.Sprintf("%d more files could not be read, or not to their end (--json lists them)", problems-maxFilesShown))
	}
}

// printHistory lists the ingests, oldest first, each with its sum and files.
func (a *app) printHistory(s *analysis.StatusResult) error {
	if s.Earlier > 0 {
		fmt.Fprintf(a.stdout, "older ingests of %d files are summed up in the total of \"analyze status\"\n\n", s.Earlier)
	}
	for i := range s.Ingests {
		in := &s.Ingests[i]
		fmt.Fprintf(a.stdout, "commit %d", in.Commit)
		if in.At != "" {
			fmt.Fprintf(a.stdout, ", %s", printable(in.At))
		}
		if in.Tool != "" {
			fmt.Fprintf(a.stdout, ", analyze %s", printable(in.Tool))
		}
		fmt.Fprintf(a.stdout, ": %d sign-ins afterwards\n", in.Rows)
		for _, r := range in.Repair {
			fmt.Fprintf(a.stdout, "  repaired %s\n", printable(r))
		}
		if in.Files > 0 {
			if err := a.printIngestStatus(in); err != nil {
				return err
			}
		}
		if i < len(s.Ingests)-1 {
			fmt.Fprintln(a.stdout)
		}
	}
	return nil
}

func (a *app) printIngestStatus(in *analysis.IngestStatus) error {
	fmt.Fprintf(a.stdout, "  %d files, %.1f MB stored, %.1f MB unpacked", in.Files, float64(in.DiskBytes)/1e6, float64(in.Bytes)/1e6)
	if in.From != "" {
		fmt.Fprintf(a.stdout, ", events from %s to %s", in.From, in.Until)
	}
	if in.Late+in.Older > 0 {
		fmt.Fprintf(a.stdout, ", %d late, %d older than all before", in.Late, in.Older)
	}
	fmt.Fprintln(a.stdout)
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "  read\tkept\tduplicate\treplaced\tquarantined\tother\toutside\tfile")
	for i := range in.Sources {
		src := &in.Sources[i]
		fmt.Fprint(w, "  ")
		printCounts(w, &src.Last)
		fmt.Fprintln(w, sourceText(src)+typesText(src))
	}
	for _, f := range in.Formats {
		fmt.Fprint(w, "  ")
		printCounts(w, &f.Counts)
		fmt.Fprintf(w, "all %s\n", printable(cmp.Or(f.Format, refusedFormat)))
	}
	return w.Flush()
}

// refusedFormat stands for the format of files that none fits.
const refusedFormat = "refused"

// sourceText is a file with its format and what was wrong with it.
func sourceText(s *analysis.SourceStatus) string {
	text := fmt.Sprintf("%s (%s)", printable(s.File), printable(cmp.Or(s.Format, refusedFormat)))
	if s.FileProblem != "" {
		text += ": " + printable(analysis.Cause(s.File, s.FileProblem))
	}
	return text
}

// typesText names the types of records that are no sign-ins.
func typesText(s *analysis.SourceStatus) string {
	if len(s.OtherTypes) == 0 {
		return ""
	}
	parts := make([]string, len(s.OtherTypes))
	for i, t := range s.OtherTypes {
		parts[i] = fmt.Sprintf("%d %s", t.Count, printable(t.Type))
	}
	return ", other: " + strings.Join(parts, ", ")
}

// printable keeps a name on its line and the terminal in its state: control
// characters, line ends among them, and marks that turn the direction of text
// are written as escapes.
func printable(s string) string {
	plain := func(r rune) bool { return r != unicode.ReplacementChar && unicode.IsPrint(r) || r == ' ' }
	if strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case plain(r):
			b.WriteRune(r)
		case r <= 0xff:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}
