package analysis

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// benchShape is the first rows of the input in another shape.
func benchShape(b testing.TB, rows, of int64, shape, ext string) string {
	b.Helper()
	file := filepath.Join(benchFolder(b), shape+"-"+strconv.FormatInt(rows, 10)+ext)
	if _, err := os.Stat(file); err == nil {
		return file
	}
	spawn(b, job{Name: "convert", Set: shape, Rows: rows, Input: benchInput(b, of, ""), Data: file})
	return file
}

// maxPages is how many rows of Graph pages are compared: DuckDB takes seconds
// for ten thousand, and its time grows with the rows.
const maxPages = 50_000

func benchPages(b *testing.B, s *setting) {
	rows := min(s.rows, maxPages)
	input := benchShape(b, rows, s.rows, "pages", ".json")
	size := fileSize(b, input)
	for b.Loop() {
		var ours, base series
		for range s.rounds {
			ours = append(ours, spawn(b, job{Name: "ingest", Input: input, Tenant: s.tenant, Data: filepath.Join(b.TempDir(), "data")}))
			base = append(base, spawn(b, job{Name: "duck-pages", Input: input, Data: filepath.Join(b.TempDir(), "duck")}))
		}
		ours.check(b, "ingest", rows)
		base.check(b, "duckdb", rows)
		ours.report(b, rows, size, base)
	}
}

// duckPagesJob is the baseline: the pages with explicit columns, unnested.
func duckPagesJob(ctx context.Context, j *job) (outcome, error) {
	if err := os.MkdirAll(j.Data, 0o700); err != nil {
		return outcome{}, err
	}
	// A page is an object of several megabytes, which DuckDB reads only when told.
	return duckJob(ctx, "SET preserve_insertion_order = false",
		"COPY (SELECT unnest(value) AS v FROM read_json("+sqlText(j.Input)+", format = 'newline_delimited', maximum_object_size = 268435456, columns = {value: '"+
			duckProperties+"[]'})) TO "+sqlText(filepath.Join(j.Data, "signins.parquet"))+" (FORMAT parquet, COMPRESSION zstd)")
}

// benchFormat compares another format with Entra's JSON lines, in turn: of the
// same sign-ins, in rows and in bytes a second.
func benchFormat(b *testing.B, s *setting, shape, ext string) {
	input, entra := benchShape(b, s.rows, s.rows, shape, ext), benchInput(b, s.rows, "")
	size, plain := float64(fileSize(b, input)), float64(fileSize(b, entra))
	for b.Loop() {
		var ours, base series
		for range s.rounds {
			ours = append(ours, spawn(b, job{Name: "ingest", Input: input, Tenant: s.tenant, Data: filepath.Join(b.TempDir(), "data")}))
			base = append(base, spawn(b, job{Name: "ingest", Input: entra, Tenant: s.tenant, Data: filepath.Join(b.TempDir(), "entra")}))
		}
		ours.check(b, "ingest of "+shape, s.rows)
		base.check(b, "ingest of entra", s.rows)
		ours.report(b, s.rows, int64(size), nil)
		b.ReportMetric(base.seconds()/ours.seconds(), "x-entra-rows")
		b.ReportMetric(base.seconds()/ours.seconds()*size/plain, "x-entra-bytes")
		b.ReportMetric(size/float64(s.rows), "bytes/row")
	}
}

func fileSize(b testing.TB, file string) int64 {
	b.Helper()
	st, err := os.Stat(file)
	if err != nil {
		b.Fatal(err)
	}
	return st.Size()
}
