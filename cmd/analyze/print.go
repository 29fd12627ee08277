package main

import (
	"fmt"
	"os"
	"strings"

	"frisk/internal/report"

	"golang.org/x/term"
)

// textOptions fits terminal output to the terminal.
func (a *app) textOptions() report.TextOptions {
	var opt report.TextOptions
	if f, ok := a.stdout.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil {
			opt.Width = min(w, 160)
		}
		opt.Color = os.Getenv("NO_COLOR") == ""
	}
	return opt
}

// printModel renders a whole report to standard output.
func (a *app) printModel(r report.Renderer, m *report.Model) error {
	if r.Name == "text" {
		return report.WriteText(a.stdout, m, a.textOptions())
	}
	return r.Render(a.stdout, m)
}

// printLead prints the answer in words and nothing else.
func (a *app) printLead(m *report.Model) error {
	brief := report.Model{Title: m.Title, Subtitle: m.Subtitle, Lead: m.Lead}
	return report.WriteText(a.stdout, &brief, a.textOptions())
}

// printSections prints the named sections, as text or as JSON.
func (a *app) printSections(m *report.Model, names ...string) error {
	part := report.Model{Title: m.Title, Subtitle: m.Subtitle}
	for _, want := range names {
		for _, s := range m.Sections {
			if s.Name == want {
				part.Sections = append(part.Sections, s)
			}
		}
	}
	if a.json {
		return report.WriteJSON(a.stdout, &part)
	}
	if len(part.Sections) == 0 {
		part.Lead = m.Lead
		if err := report.WriteText(a.stdout, &part, a.textOptions()); err != nil {
			return err
		}
		_, err := fmt.Fprintf(a.stdout, "\nNothing to show under %s: no finding, or nothing of the kind was given in frisk.yaml.\n", strings.Join(names, ", "))
		return err
	}
	return report.WriteText(a.stdout, &part, a.textOptions())
}

// printQuery prints one table in a format of the report's catalog.
func (a *app) printQuery(t *report.QueryTable, format string) error {
	r, err := report.RendererFor(format)
	if err != nil {
		return usageError{err}
	}
	if r.Name == "text" {
		return report.WriteQueryText(a.stdout, t, a.textOptions())
	}
	return r.Query(a.stdout, t)
}
