package report

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"time"
)

// QueryTable is the answer of a named query: rows as they came, ready for
// every renderer.
type QueryTable struct {
	Name, Doc string
	Columns   []Column
	Rows      [][]Value
}

// Model is the answer as a report with one table. The result shares its rows
// with q.
func (q *QueryTable) Model() *Model {
	t := &Table{Name: q.Name, Caption: q.Doc, Columns: q.Columns}
	for _, r := range q.Rows {
		t.Rows = append(t.Rows, Row{Cells: r})
	}
	return &Model{Title: q.Name, Sections: []Section{{Name: "result", Title: q.Name, Blocks: []Block{t}}}}
}

// Check reports a row whose length is not that of the columns.
func (q *QueryTable) Check() error {
	for i, r := range q.Rows {
		if len(r) != len(q.Columns) {
			return fmt.Errorf("query %q: row %d has %d values, want %d", q.Name, i+1, len(r), len(q.Columns))
		}
	}
	return nil
}

// ValueOf turns what a database driver returns into a Value. nil is a number
// nobody knows; a time is written in UTC; anything unexpected by its default
// format.
func ValueOf(v any) Value {
	switch v := v.(type) {
	case nil:
		return missing()
	case string:
		return text(v)
	case []byte:
		return text(string(v))
	case bool:
		return text(strconv.FormatBool(v))
	case time.Time:
		return text(v.UTC().Format("2006-01-02T15:04:05.999999Z"))
	case float64:
		return number(v)
	case float32:
		return number(float64(v))
	case int:
		return count(v)
	case int8:
		return count(int(v))
	case int16:
		return count(int(v))
	case int32:
		return count(int(v))
	case int64:
		return exactInt(v)
	case uint8:
		return count(int(v))
	case uint16:
		return count(int(v))
	case uint32:
		return count(int64(v))
	case uint64:
		if v > math.MaxInt64 {
			return text(strconv.FormatUint(v, 10))
		}
		return exactInt(int64(v))
	case *big.Int:
		if v == nil {
			return missing()
		}
		if v.IsInt64() {
			return exactInt(v.Int64())
		}
		return text(v.String())
	case fmt.Stringer:
		return text(v.String())
	}
	return text(fmt.Sprint(v))
}

// exactInt keeps integers a float64 cannot hold as text, so that no digit is lost.
func exactInt(n int64) Value {
	if n > 1<<53 || n < -(1<<53) {
		return text(strconv.FormatInt(n, 10))
	}
	return count(n)
}
