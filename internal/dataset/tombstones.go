package dataset

import (
	"fmt"
	"iter"
	"path/filepath"
	"strings"
)

// tombstone is one replaced row, as stored in tombstones/NAME.parquet: the name
// of the run's file and the row's position in it, which is what DuckDB calls
// file_row_number. The file is replaced as a whole by the commit that changes it.
type tombstone struct {
	Run string `parquet:"run,dict"` // file name, NAME.parquet
	Row int64  `parquet:"row,delta"`
}

// tombstones are the replaced rows by run name. A run without any has no entry.
type tombstones map[string]*bitset

func (d *Dataset) loadTombstones(m *Manifest) (tombstones, error) {
	dead := tombstones{}
	if m.Tombstones == "" {
		return dead, nil
	}
	path := filepath.Join(d.dir, tombstonesDir, m.Tombstones)
	rows := map[string]int64{}
	for i := range m.Runs {
		rows[m.Runs[i].Name+parquetExt] = m.Runs[i].Rows
	}
	for t, err := range ReadTable[tombstone](path) {
		if err != nil {
			return nil, damaged(path, err)
		}
		n, ok := rows[t.Run]
		if !ok && d.skips(strings.TrimSuffix(t.Run, parquetExt)) {
			continue
		}
		if !ok || t.Row < 0 || t.Row >= n {
			return nil, damaged(path, fmt.Errorf("it names row %d of %q, which the manifest does not have", t.Row, t.Run))
		}
		dead.add(t.Run[:len(t.Run)-len(parquetExt)], n, uint32(t.Row)) //nolint:gosec // in range
	}
	return dead, nil
}

// of is the number of replaced rows of a run.
func (t tombstones) of(run string) int64 {
	if s := t[run]; s != nil {
		return s.n
	}
	return 0
}

// add reports whether the row was live.
func (t tombstones) add(run string, rows int64, row uint32) bool {
	s := t[run]
	if s == nil {
		s = newBitset(rows)
		t[run] = s
	}
	return s.add(row)
}

// write stores the tombstones of the manifest's runs, sets their Dead counts
// and the manifest's file name.
func (d *Dataset) writeTombstones(m *Manifest, dead tombstones) error {
	var n int64
	for i := range m.Runs {
		r := &m.Runs[i]
		r.Dead = 0
		if s := dead[r.Name]; s != nil {
			r.Dead = s.n
		}
		n += r.Dead
	}
	m.Tombstones, m.TombstonesSum = "", ""
	if n == 0 {
		return nil
	}
	name := fmt.Sprintf("%06d%s", m.Commit+1, parquetExt)
	var rows iter.Seq[tombstone] = func(yield func(tombstone) bool) {
		for i := range m.Runs {
			r := &m.Runs[i]
			for row := range dead[r.Name].all() {
				if !yield(tombstone{Run: r.Name + parquetExt, Row: int64(row)}) {
					return
				}
			}
		}
	}
	if err := WriteTable(filepath.Join(d.dir, tombstonesDir, name), rows); err != nil {
		return err
	}
	sum, err := fileSum(filepath.Join(d.dir, tombstonesDir, name))
	if err != nil {
		return fmt.Errorf("write tombstones: %w", err)
	}
	m.Tombstones, m.TombstonesSum = name, sum
	return nil
}
