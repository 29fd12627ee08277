package analysis

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"frisk/internal/report"
	"frisk/internal/synth"
	"frisk/queries"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", os.Getenv("FRISK_UPDATE") != "", "rewrite golden files")

// sample is a small tenant, ingested and assessed once for all tests that only
// read it.
var sample = sync.OnceValues(func() (*Result, error) {
	dir, err := os.MkdirTemp("", "frisk-sample-")
	if err != nil {
		return nil, err
	}
	sampleDir = dir
	sum, err := synth.WriteTenant(dir, synth.Config{Seed: 1, People: 60, Days: 8})
	if err != nil {
		return nil, err
	}
	cfg, err := LoadConfig(sum.Config, false)
	if err != nil {
		return nil, err
	}
	if _, err := Ingest(context.Background(), cfg, Options{}, nil, IngestOptions{}); err != nil {
		return nil, err
	}
	return Assess(context.Background(), cfg, Options{})
})

var sampleDir string

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	if sampleDir != "" {
		_ = os.RemoveAll(sampleDir)
	}
	os.Exit(code)
}

func loadSample(t testing.TB) *Result {
	t.Helper()
	r, err := sample()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Every query runs, gives the columns its header promises, says the same twice,
// and prints its golden file in queries/testdata.
func TestQueries(t *testing.T) {
	r := loadSample(t)
	all := queries.All()
	if len(all) < 10 {
		t.Fatalf("%d queries, want at least ten", len(all))
	}
	for _, q := range all {
		t.Run(q.Name, func(t *testing.T) {
			got := runQuery(t, r, q)
			if again := runQuery(t, r, q); again != got {
				t.Error("two runs differ")
			}
			golden := filepath.Join("..", "..", "queries", "testdata", q.Name+".txt")
			if *update {
				if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func runQuery(t *testing.T, r *Result, q queries.Query) string {
	t.Helper()
	res, err := queryRaw(context.Background(), r.cfg, &Options{}, q, nil)
	if err != nil {
		t.Fatal(err)
	}
	var cols []queries.Column
	for _, c := range res.Columns {
		cols = append(cols, queries.Column{Name: c.Name, Type: c.Type})
	}
	if !slices.Equal(cols, q.Columns) {
		t.Errorf("columns are %v, the header says %v", cols, q.Columns)
	}
	tab := queryTable(q, res)
	tab.Rows = tab.Rows[:min(len(tab.Rows), 12)]
	var b bytes.Buffer
	if err := report.WriteQueryText(&b, tab, report.TextOptions{Width: 160}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// SQL and the Go engine count the same things the same way.
func TestQueriesAgreeWithReplay(t *testing.T) {
	r := loadSample(t)
	one := func(sql string) int64 {
		t.Helper()
		res, err := queryRaw(context.Background(), r.cfg, &Options{}, queries.Query{Name: "test", SQL: sql}, nil)
		if err != nil {
			t.Fatal(err)
		}
		n, _ := res.Rows[0][0].(int64)
		return n
	}
	var entries, attack float64
	for i := range r.Tally.People {
		if p := &r.Tally.People[i]; p.Cell.Group == "" && p.Cell.Workspace == "" {
			entries += p.Recorded.FactorEntries
			attack += p.Recorded.Attack
		}
	}
	if got := one("SELECT count(*) FROM signins"); got != r.Tally.Rows {
		t.Errorf("SQL counts %d rows, replay %d", got, r.Tally.Rows)
	}
	if got := one("SELECT CAST(sum(factor_entries) AS BIGINT) FROM signins WHERE NOT attack AND stream IN ('interactive', 'non-interactive')"); float64(got) != entries {
		t.Errorf("SQL counts %d factor entries, replay %g", got, entries)
	}
	if got := one("SELECT count(*) FROM signins WHERE attack"); float64(got) != attack {
		t.Errorf("SQL counts %d attack rows, replay %g", got, attack)
	}
}

func TestQueryCannotLeaveTheDataset(t *testing.T) {
	r := loadSample(t)
	for _, sql := range []string{
		"SELECT * FROM read_csv('/etc/passwd')",
		"COPY (SELECT 1) TO '/tmp/frisk-escape.csv'",
		"SET enable_external_access = true",
	} {
		if _, err := queryRaw(context.Background(), r.cfg, &Options{}, queries.Query{Name: "sql", SQL: sql}, nil); err == nil {
			t.Errorf("%s: want an error", sql)
		}
	}
}

func TestQueryParameters(t *testing.T) {
	r := loadSample(t)
	q, err := queries.Find("top-prompted-people")
	if err != nil {
		t.Fatal(err)
	}
	res, err := queryRaw(context.Background(), r.cfg, &Options{}, q, map[string]string{"limit": "3"})
	if err != nil || len(res.Rows) != 3 {
		t.Errorf("limit=3 gave %v rows, %v", res, err)
	}
	if _, err := queryRaw(context.Background(), r.cfg, &Options{}, q, map[string]string{"limti": "3"}); err == nil || !strings.Contains(err.Error(), `no parameter "limti"`) {
		t.Errorf("a wrong parameter gave %v", err)
	}
	if _, err := queries.Find("top"); err == nil || !strings.Contains(err.Error(), "top-prompted-people") {
		t.Errorf("a wrong name gave %v", err)
	}
}
