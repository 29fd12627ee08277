package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"frisk/internal/analysis"
	"frisk/internal/ingest"
)

const (
	tryShown    = 12 // rows of a trial that the terminal shows
	tryValues   = 20 // members and values not understood
	tryBadShown = 5
)

// tryColumns are the columns of a trial's table.
var tryColumns = []string{"time", "principal_name", "outcome", "reason", "code", "ip", "mfa_state", "app_name", "device_os", "country"}

// try shows how the files named, or those of the configuration, come out.
func (a *app) try(ctx context.Context, cfg *analysis.Config, paths []string, in analysis.IngestOptions) error {
	results, err := analysis.Try(ctx, cfg, a.options(), paths, in)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(map[string]any{"schema": "frisk.try/v1", "files": results})
	}
	for i := range results {
		if i > 0 {
			fmt.Fprintln(a.stdout)
		}
		if err := a.printTry(&results[i]); err != nil {
			return err
		}
	}
	return nil
}

// printTry shows how the beginning of a file came out.
func (a *app) printTry(r *analysis.TryResult) error {
	if r.Format == "" {
		fmt.Fprintf(a.stdout, "%s: not understood\n%s\n", clean(r.File), indented(r.Problem))
		return nil
	}
	fmt.Fprintf(a.stdout, "%s: %s (%s)\n", clean(r.File), r.Format, clean(r.About))
	var other int64
	for _, o := range r.Other {
		other += o.Count
	}
	fmt.Fprintf(a.stdout, "tried %d records: %d sign-ins, %d no sign-ins, %d bad\n", r.Read, r.Events, other, r.Read-r.Events-other)
	if err := a.printTryRows(r); err != nil {
		return err
	}
	a.printFilled(r)
	if len(r.Other) > 0 {
		fmt.Fprintf(a.stdout, "\nno sign-ins: %s\n", counted(r.Other))
	}
	a.printNotUnderstood(r)
	for i, b := range r.Bad {
		if i == 0 {
			fmt.Fprintln(a.stdout, "\nbad records, which an ingest would put into quarantine")
		}
		if i == tryBadShown {
			fmt.Fprintf(a.stdout, "  and more\n")
			break
		}
		fmt.Fprintf(a.stdout, "  line %d: %s\n", b.Line, clean(b.Cause))
	}
	for _, w := range r.Warnings {
		a.warn(r.File + ": " + w)
	}
	if r.Problem != "" {
		a.warn(r.Problem)
	}
	return nil
}

func (a *app) printTryRows(r *analysis.TryResult) error {
	if len(r.Rows) == 0 {
		return nil
	}
	rows := r.Rows[:min(len(r.Rows), tryShown)]
	var columns []string
	for _, c := range tryColumns {
		for _, row := range rows {
			if row[c] != "" {
				columns = append(columns, c)
				break
			}
		}
	}
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "\n%s\n", strings.Join(columns, "\t"))
	for _, row := range rows {
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = short(clean(row[c]), 36)
			if cells[i] == "" {
				cells[i] = "-"
			}
		}
		fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	return w.Flush()
}

// printFilled says what the rows carry and what they leave unknown.
func (a *app) printFilled(r *analysis.TryResult) {
	if r.Events == 0 {
		return
	}
	var all, some []string
	for _, f := range r.Filled {
		if f.Count == r.Events {
			all = append(all, f.Type)
		} else {
			some = append(some, fmt.Sprintf("%s %d%%", f.Type, f.Count*100/r.Events))
		}
	}
	fmt.Fprintf(a.stdout, "\nin every sign-in: %s\n", strings.Join(all, ", "))
	if len(some) > 0 {
		fmt.Fprintf(a.stdout, "in some: %s\n", strings.Join(some, ", "))
	}
}

func (a *app) printNotUnderstood(r *analysis.TryResult) {
	for i, u := range r.Unmapped {
		if i == 0 {
			fmt.Fprintln(a.stdout, "\nvalues that are in no map, left unknown")
		}
		if i == tryValues {
			fmt.Fprintf(a.stdout, "  and %d more\n", len(r.Unmapped)-i)
			break
		}
		fmt.Fprintf(a.stdout, "  %s: %q (%d)\n", u.Field, u.Value, u.Count)
	}
	for i, u := range r.Unused {
		if i == 0 {
			fmt.Fprintln(a.stdout, "\nnot read by the mapping")
		}
		if i == tryValues {
			fmt.Fprintf(a.stdout, "  and %d more\n", len(r.Unused)-i)
			break
		}
		fmt.Fprintf(a.stdout, "  %s (%d) such as %q\n", clean(u.Path), u.Count, u.Example)
	}
}

func counted(types []ingest.TypeCount) string {
	parts := make([]string, len(types))
	for i, t := range types {
		parts[i] = fmt.Sprintf("%s %d", clean(t.Type), t.Count)
	}
	return strings.Join(parts, ", ")
}

func indented(s string) string { return "  " + strings.ReplaceAll(clean(s), "\n", "\n  ") }
