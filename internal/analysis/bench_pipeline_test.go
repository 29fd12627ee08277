package analysis

import (
	"path/filepath"
	"testing"
)

// setting is what the benchmarks of one run share.
type setting struct {
	rows   int64
	rounds int
	tenant string
	folder string // for the dataset
	data   string // the dataset, "" until it is made
}

// dataset is the input once ingested. It is not kept between runs: the code
// that writes it is under test.
func (s *setting) dataset(b *testing.B) string {
	b.Helper()
	if s.data == "" {
		data := filepath.Join(s.folder, "data")
		spawn(b, job{Name: "ingest", Input: benchInput(b, s.rows, ""), Tenant: s.tenant, Data: data})
		s.data = data
	}
	return s.data
}

// BenchmarkPipeline measures the stages on a made-up tenant of FRISK_BENCH_ROWS
// sign-ins (500,000), FRISK_BENCH_ROUNDS times (5), ours and DuckDB in turn.
// Figures are medians of the rounds, peaks the largest. Run it with
// -benchtime 1x. docs/performance.md says what each figure is.
func BenchmarkPipeline(b *testing.B) {
	s := &setting{
		rows:   envInt(b, "FRISK_BENCH_ROWS", 500_000),
		rounds: int(envInt(b, "FRISK_BENCH_ROUNDS", 5)),
		folder: b.TempDir(),
	}
	s.tenant = benchTenant(b, s.rows)
	b.Run("Ingest", func(b *testing.B) { benchIngest(b, s, "") })
	b.Run("IngestGzip", func(b *testing.B) { benchIngest(b, s, ".gz") })
	b.Run("IngestZstd", func(b *testing.B) { benchIngest(b, s, ".zst") })
	b.Run("IngestPages", func(b *testing.B) { benchPages(b, s) })
	b.Run("IngestOkta", func(b *testing.B) { benchFormat(b, s, "okta", ".jsonl") })
	b.Run("IngestPortalCSV", func(b *testing.B) { benchFormat(b, s, "portal", ".csv") })
	b.Run("IngestAnalyticsCSV", func(b *testing.B) { benchFormat(b, s, "analytics", ".csv") })
	b.Run("Travel", func(b *testing.B) { benchTravel(b, s) })
	b.Run("Replay1", func(b *testing.B) { benchReplay(b, s, 1) })
	b.Run("Replay20", func(b *testing.B) { benchReplay(b, s, 20) })
	b.Run("Report", func(b *testing.B) { benchReport(b, s) })
}
