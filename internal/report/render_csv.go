package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
)

var _ = registerRenderer(Renderer{
	Name: "csv", Ext: ".csv", Doc: "one table as CSV: the cells by default",
	Render: func(w io.Writer, m *Model) error { return WriteCSV(w, m, "") },
	Query:  WriteQueryCSV,
})

// WriteCSV writes the named table of m, or, when name is "", the main one: the
// cells against the first candidate, else the first table there is. Every row is
// written. A column with bounds becomes two, <key>_low and <key>_high; numbers
// are plain, with a point, and empty when unknown. Text that a spreadsheet would
// run as a formula is preceded by an apostrophe.
func WriteCSV(w io.Writer, m *Model, name string) error {
	tables := m.Tables()
	if name == "" {
		name = mainTable(tables)
	}
	var names []string
	for _, t := range tables {
		if t.Name == name {
			return writeCSV(w, t)
		}
		names = append(names, t.Name)
	}
	if name == "" {
		return nil // a report without any table: no header, no rows
	}
	return fmt.Errorf("unknown table %q, want one of %q", name, names)
}

func mainTable(tables []*Table) string {
	for _, want := range []string{"cells-candidate-1", "cells-replayed", "cells-recorded"} {
		for _, t := range tables {
			if t.Name == want {
				return want
			}
		}
	}
	if len(tables) > 0 {
		return tables[0].Name
	}
	return ""
}

// WriteQueryCSV writes one query table; column names are the query's own.
func WriteQueryCSV(w io.Writer, q *QueryTable) error {
	if err := q.Check(); err != nil {
		return err
	}
	return writeCSV(w, q.Model().Tables()[0])
}

func writeCSV(w io.Writer, t *Table) error {
	out := csv.NewWriter(w)
	var head []string
	for _, c := range t.Columns {
		if c.Ranged {
			head = append(head, cellCSV(c.Key+"_low"), cellCSV(c.Key+"_high"))
		} else {
			head = append(head, cellCSV(c.Key))
		}
	}
	if err := out.Write(head); err != nil {
		return err
	}
	line := make([]string, 0, len(head))
	for _, r := range t.Rows {
		line = line[:0]
		for i, v := range r.Cells {
			c := t.Columns[i]
			switch {
			case c.Ranged && v.IsNum:
				line = append(line, numberCSV(v.Num, v.Num.Low), numberCSV(v.Num, v.Num.High))
			case c.Ranged:
				line = append(line, cellCSV(v.Text), cellCSV(v.Text))
			case v.IsNum:
				line = append(line, numberCSV(v.Num, v.Num.Mid()))
			default:
				line = append(line, cellCSV(v.Text))
			}
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func numberCSV(r Range, v float64) string {
	if !r.Known {
		return ""
	}
	return strconv.FormatFloat(roundNoise(v), 'f', -1, 64)
}

// roundNoise cuts what float arithmetic adds behind the ninth decimal.
func roundNoise(v float64) float64 {
	if math.Abs(v) > 1e9 {
		return v
	}
	return math.Round(v*1e9) / 1e9
}

// innerFormula is a formula behind a separator that another locale's
// spreadsheet would split at.
var innerFormula = regexp.MustCompile(`([;"]\s*)([=+\-@＝＋－＠])`)

// cellCSV makes text harmless for a spreadsheet (OWASP, CSV Injection): = + - @
// at the start, their full-width forms, and the same behind a semicolon or quote.
func cellCSV(s string) string {
	s = visible(s)
	s = innerFormula.ReplaceAllString(s, "$1'$2")
	trimmed := strings.TrimLeft(s, " \u00a0\"'")
	for _, p := range []string{"=", "+", "-", "@", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(trimmed, p) {
			return "'" + s
		}
	}
	return s
}
