// Package queries holds the named SQL questions an admin asks of a dataset, one
// statement per file, embedded into the program.
//
// A file NAME.sql starts with a header of comment lines:
//
//	-- One sentence that says what the query answers.
//	-- columns: name type, name type, ...
//	-- params: name type = default, ...        (optional)
//
// followed by one SELECT that reads only the views listed in docs/queries.md
// and ends with an ORDER BY that is total, so that two runs print the same
// rows. Parameters are written $name and always bound, never spliced.
//
// To add a query, add a file; the list, the help and the docs table come from
// the files. See CONTRIBUTING.md.
package queries

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
)

//go:embed *.sql
var files embed.FS

// Column is one result column and its DuckDB type.
type Column struct{ Name, Type string }

// Param is one bound parameter with its DuckDB type and default, as SQL text
// without quotes.
type Param struct{ Name, Type, Default string }

// Query is one named statement.
type Query struct {
	Name    string // file name without .sql
	Doc     string // what it answers, one sentence
	Columns []Column
	Params  []Param
	SQL     string // the whole file, runnable as it is in a DuckDB shell when it has no parameters
}

// All lists every query by name. It panics when an embedded file breaks the
// format above, which a test would have shown.
func All() []Query {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic("queries: " + err.Error())
	}
	var out []Query
	for _, e := range entries {
		text, err := files.ReadFile(e.Name())
		if err != nil {
			panic("queries: " + err.Error())
		}
		q, err := parse(strings.TrimSuffix(path.Base(e.Name()), ".sql"), string(text))
		if err != nil {
			panic("queries: " + err.Error())
		}
		out = append(out, q)
	}
	slices.SortFunc(out, func(a, b Query) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Find returns the query of that name. The error of a wrong name lists the
// right ones.
func Find(name string) (Query, error) {
	all := All()
	names := make([]string, len(all))
	for i, q := range all {
		if q.Name == name {
			return q, nil
		}
		names[i] = q.Name
	}
	return Query{}, fmt.Errorf("unknown query %q, want one of %s", name, strings.Join(names, ", "))
}

func parse(name, text string) (Query, error) {
	q := Query{Name: name, SQL: text}
	for line := range strings.SplitSeq(text, "\n") {
		comment, ok := strings.CutPrefix(line, "-- ")
		if !ok {
			break
		}
		if list, ok := strings.CutPrefix(comment, "columns: "); ok {
			for item := range strings.SplitSeq(list, ", ") {
				n, typ, ok := strings.Cut(item, " ")
				if !ok {
					return q, fmt.Errorf("%s.sql: column %q has no type", name, item)
				}
				q.Columns = append(q.Columns, Column{n, typ})
			}
			continue
		}
		if list, ok := strings.CutPrefix(comment, "params: "); ok {
			for item := range strings.SplitSeq(list, ", ") {
				decl, def, ok := strings.Cut(item, " = ")
				n, typ, ok2 := strings.Cut(decl, " ")
				if !ok || !ok2 {
					return q, fmt.Errorf("%s.sql: parameter %q: want \"name type = default\"", name, item)
				}
				q.Params = append(q.Params, Param{n, typ, def})
			}
			continue
		}
		q.Doc = strings.TrimSpace(q.Doc + " " + comment)
	}
	if q.Doc == "" || len(q.Columns) == 0 {
		return q, fmt.Errorf("%s.sql: want a header with one sentence and a columns line", name)
	}
	return q, nil
}
