package dataset

import (
	"errors"
	"fmt"
	"os"
	"sort"

	"github.com/parquet-go/parquet-go"
)

// runFile is a run opened for reading. It is safe for concurrent use.
type runFile struct {
	run    *Run
	path   string
	f      *os.File
	ids    *os.File
	groups []rowGroup
}

// rowGroup is one row group: its first row in the run, and the chunk of each of
// columns, nil where the file does not have the column.
type rowGroup struct {
	first, end int64
	chunks     []*parquet.FileColumnChunk
}

func openRun(path, idsPath string, run *Run) (*runFile, error) {
	f, err := os.Open(path) //nolint:gosec // inside the dataset folder
	if err != nil {
		return nil, damaged(path, err)
	}
	ids, err := os.Open(idsPath) //nolint:gosec // inside the dataset folder
	if err != nil {
		return nil, errors.Join(damaged(idsPath, err), f.Close())
	}
	r := &runFile{run: run, path: path, f: f, ids: ids}
	if err := r.open(); err != nil {
		return nil, errors.Join(damaged(path, err), r.close())
	}
	return r, nil
}

func (r *runFile) open() error {
	st, err := r.f.Stat()
	if err != nil {
		return err
	}
	if err := r.run.checkFoot(r.f, st.Size()); err != nil {
		return err
	}
	pf, err := parquet.OpenFile(r.f, st.Size(),
		parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true), parquet.ReadBufferSize(1<<14))
	if err != nil {
		return err
	}
	if pf.NumRows() != r.run.Rows {
		return fmt.Errorf("it has %d rows, the manifest says %d", pf.NumRows(), r.run.Rows)
	}
	leaf := map[string]int{}
	for i, path := range pf.Schema().Columns() {
		if len(path) == 1 {
			leaf[path[0]] = i
		}
	}
	at := make([]int, len(columns))
	for i := range columns {
		c := &columns[i]
		n, ok := leaf[c.name]
		if !ok {
			at[i] = -1 // an older run: the log did not say
			continue
		}
		at[i] = n
		if got := pf.Root().Column(c.name).Type().PhysicalType(); got == nil || *got != c.physical() {
			return fmt.Errorf("column %q has another type", c.name)
		}
	}
	if at[0] < 0 {
		return fmt.Errorf("column %q is missing", columns[0].name)
	}
	row := int64(0)
	for _, g := range pf.RowGroups() {
		rg := rowGroup{first: row, end: row + g.NumRows(), chunks: make([]*parquet.FileColumnChunk, len(columns))}
		row = rg.end
		chunks := g.ColumnChunks()
		for i, n := range at {
			if n < 0 {
				continue
			}
			c := chunks[n].(*parquet.FileColumnChunk)
			if rows := g.NumRows(); c.NullCount() == rows && c.NumValues() == rows && i > 0 {
				continue // all null: nothing to read
			}
			rg.chunks[i] = c
		}
		r.groups = append(r.groups, rg)
	}
	return nil
}

// group is the row group that holds a row.
func (r *runFile) group(row int64) int {
	return sort.Search(len(r.groups), func(i int) bool { return r.groups[i].end > row })
}

func (r *runFile) close() error { return errors.Join(r.f.Close(), r.ids.Close()) }
