package duck

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"time"

	"frisk/queries"

	"github.com/duckdb/duckdb-go/v2"
)

// Column is one result column with DuckDB's name of its type.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Result is a small result held in memory. A cell is nil, bool, int64, float64,
// string, time.Time (UTC), or JSON for lists and structs.
type Result struct {
	Columns []Column
	Rows    [][]any
}

// ParamError is a parameter the query does not have.
type ParamError struct{ Query, Param string }

func (e *ParamError) Error() string {
	return fmt.Sprintf("query %s has no parameter %q", e.Query, e.Param)
}

// Run executes a named query. Parameters not given take the query's defaults;
// a parameter the query does not have is an error.
func (d *DB) Run(ctx context.Context, q queries.Query, params map[string]string) (*Result, error) {
	var args []any
	known := map[string]bool{}
	for _, p := range q.Params {
		known[p.Name] = true
		v, ok := params[p.Name]
		if !ok {
			v = p.Default
		}
		args = append(args, sql.Named(p.Name, v))
	}
	for name := range params {
		if !known[name] {
			return nil, &ParamError{q.Name, name}
		}
	}
	res, err := d.Query(ctx, q.SQL, args...)
	if err != nil {
		return nil, fmt.Errorf("query %s: %w", q.Name, err)
	}
	return res, nil
}

// Query executes one statement and collects its rows. It is meant for results
// a person reads, not for bulk data.
//
// After Lock only statements that read are let through.
func (d *DB) Query(ctx context.Context, statement string, args ...any) (*Result, error) {
	if d.locked {
		if err := d.reads(ctx, statement); err != nil {
			return nil, err
		}
	}
	rows, err := d.conn.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err below reports what matters
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	res := &Result{}
	for _, t := range types {
		res.Columns = append(res.Columns, Column{t.Name(), t.DatabaseTypeName()})
	}
	for rows.Next() {
		cells := make([]any, len(types))
		into := make([]any, len(types))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		for i := range cells {
			cells[i] = plain(cells[i])
		}
		res.Rows = append(res.Rows, cells)
	}
	return res, rows.Err()
}

// ErrNotARead is a statement that would change something.
var ErrNotARead = errors.New("only statements that read are allowed")

// reads asks DuckDB what kind of statement it is.
func (d *DB) reads(ctx context.Context, statement string) error {
	return d.conn.Raw(func(driver any) error {
		c, ok := driver.(*duckdb.Conn)
		if !ok {
			return fmt.Errorf("unexpected driver connection %T", driver)
		}
		prepared, err := c.PrepareContext(ctx, statement)
		if err != nil {
			return err
		}
		defer prepared.Close() //nolint:errcheck // nothing was executed
		stmt, ok := prepared.(*duckdb.Stmt)
		if !ok {
			return fmt.Errorf("unexpected driver statement %T", prepared)
		}
		kind, err := stmt.StatementType()
		if err != nil {
			return err
		}
		switch kind {
		case duckdb.STATEMENT_TYPE_SELECT, duckdb.STATEMENT_TYPE_EXPLAIN, duckdb.STATEMENT_TYPE_PRAGMA:
			return nil
		}
		return ErrNotARead
	})
}

// plain reduces driver values to the kinds Result promises.
func plain(v any) any {
	switch x := v.(type) {
	case nil, bool, int64, float64, string:
		return x
	case int8:
		return int64(x)
	case int16:
		return int64(x)
	case int32:
		return int64(x)
	case uint8:
		return int64(x)
	case uint16:
		return int64(x)
	case uint32:
		return int64(x)
	case uint64:
		return float64(x)
	case float32:
		return float64(x)
	case time.Time:
		return x.UTC()
	case []byte:
		return string(x)
	case *big.Int: // DuckDB sums integers as HUGEINT
		if x.IsInt64() {
			return x.Int64()
		}
		return x.String()
	case duckdb.Decimal:
		return x.Float64()
	case []any, map[string]any:
		b, err := json.Marshal(deep(v))
		if err == nil {
			return JSON(b)
		}
	}
	return fmt.Sprint(v)
}

// deep reduces the values inside a list or struct.
func deep(v any) any {
	switch x := v.(type) {
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = deep(x[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(x))
		for k := range x {
			out[k] = deep(x[k])
		}
		return out
	}
	return plain(v)
}

// JSON is a list or struct as JSON text; it is itself in JSON and prints as text.
type JSON string

func (j JSON) String() string { return string(j) }

// MarshalJSON gives the text.
func (j JSON) MarshalJSON() ([]byte, error) { return []byte(j), nil }
