package analysis

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"frisk/internal/dataset"
	"frisk/internal/duck"
	"frisk/internal/report"
	"frisk/queries"
)

// ParamError is a parameter that the query does not have.
type ParamError = duck.ParamError

// Query runs a named query, or a statement of the user's own, over the dataset.
func Query(ctx context.Context, cfg *Config, opt Options, q queries.Query, params map[string]string) (*report.QueryTable, error) {
	res, err := queryRaw(ctx, cfg, &opt, q, params)
	if err != nil {
		return nil, err
	}
	return queryTable(q, res), nil
}

func queryRaw(ctx context.Context, cfg *Config, opt *Options, q queries.Query, params map[string]string) (*duck.Result, error) {
	d, err := openDataset(cfg, opt)
	if err != nil {
		return nil, err
	}
	db, err := openSQL(ctx, d, opt)
	if err != nil {
		return nil, err
	}
	res, err := db.Run(ctx, q, params)
	if err != nil {
		return nil, closeAll(err, db)
	}
	return res, db.Close()
}

func queryTable(q queries.Query, res *duck.Result) *report.QueryTable {
	t := &report.QueryTable{Name: q.Name, Doc: q.Doc}
	for _, c := range res.Columns {
		t.Columns = append(t.Columns, report.Column{Key: c.Name, Name: c.Name, Unit: unitOf(c.Type)})
	}
	for _, cells := range res.Rows {
		row := make([]report.Value, len(cells))
		for i, v := range cells {
			row[i] = report.ValueOf(v)
			if v == nil && !t.Columns[i].Unit.Numeric() {
				row[i] = report.Value{} // no text, rather than an unknown number
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// unitOf maps DuckDB's types to how a report writes them.
func unitOf(duckType string) report.Unit {
	switch duckType {
	case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT":
		return report.UnitCount
	case "FLOAT", "DOUBLE":
		return report.UnitPlain
	case "TIMESTAMP", "TIMESTAMPTZ", "DATE":
		return report.UnitTime
	}
	if strings.HasPrefix(duckType, "DECIMAL") {
		return report.UnitPlain
	}
	return report.UnitText
}

// openSQL starts DuckDB with the views of the dataset and nothing else within
// its reach.
func openSQL(ctx context.Context, d *dataset.Dataset, opt *Options) (*duck.DB, error) {
	root, err := filepath.Abs(d.Dir())
	if err != nil {
		return nil, fmt.Errorf("open dataset for sql: %w", err)
	}
	m := d.Manifest()
	files := duck.Files{Tables: map[string]string{}}
	for i := range m.Runs {
		files.Runs = append(files.Runs, filepath.Join(root, "runs", m.Runs[i].Name+".parquet"))
	}
	if m.Tombstones != "" {
		files.Tombstones = filepath.Join(root, "tombstones", m.Tombstones)
	}
	folder, err := filepath.Abs(tableFolder(d, stateOf(&m)))
	if err != nil {
		return nil, fmt.Errorf("open dataset for sql: %w", err)
	}
	for _, t := range duck.Tables() {
		file := filepath.Join(folder, t+".parquet")
		if _, err := os.Stat(file); err == nil {
			files.Tables[t] = file
		}
	}
	decisions := filepath.Join(root, "decisions", filepath.Base(folder))
	if _, err := os.Stat(decisions); err == nil {
		files.Tables["decisions"] = filepath.Join(decisions, "*.parquet")
	}
	if len(files.Tables) == 0 {
		opt.warn("the dataset has no findings, workspaces or groups to join with as it stands: \"analyze run\" or \"analyze risk\" computes them")
	}
	if len(files.Runs) == 0 {
		return nil, fmt.Errorf("query dataset %q: it holds no sign-ins yet: %w", d.Dir(), ErrNoDataset)
	}
	db, err := duck.Open(ctx, duck.Options{Threads: opt.Threads, MemoryMB: opt.MemoryLimitMB(), TempDir: filepath.Join(root, "tmp")})
	if err != nil {
		return nil, err
	}
	if err := db.Views(ctx, files); err != nil {
		return nil, closeAll(err, db)
	}
	if err := db.Lock(ctx, root); err != nil {
		return nil, closeAll(err, db)
	}
	return db, nil
}
