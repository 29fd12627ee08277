package dataset

import (
	"path/filepath"
)

// RunFile is one Parquet file of the dataset, for other engines.
type RunFile struct {
	Path string // below Dir, as given to Open
	Name string // NAME.parquet, what the tombstones call it
	Rows int64  // in the file
	Dead int64  // of these have a tombstone
}

// RunFiles lists the files whose rows, less the tombstones, are the dataset as
// of the manifest last seen. Use the list, not a glob: a folder may hold the
// leftovers of a killed writer, which no manifest names.
func (d *Dataset) RunFiles() []RunFile {
	m := d.Manifest()
	files := make([]RunFile, 0, len(m.Runs))
	for i := range m.Runs {
		r := &m.Runs[i]
		files = append(files, RunFile{Path: d.runPath(r.Name), Name: r.Name + parquetExt, Rows: r.Rows, Dead: r.Dead})
	}
	return files
}

// TombstoneFile is the Parquet file of replaced rows, with the columns run
// (VARCHAR, a RunFile's Name) and row (BIGINT, the position in the file, which
// DuckDB's read_parquet gives as file_row_number). It is "" when no row was
// replaced.
func (d *Dataset) TombstoneFile() string {
	m := d.Manifest()
	if m.Tombstones == "" {
		return ""
	}
	return filepath.Join(d.dir, tombstonesDir, m.Tombstones)
}
