package duck

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frisk/queries"
)

func open(t *testing.T) *DB {
	t.Helper()
	db, err := Open(t.Context(), Options{Threads: 1, MemoryMB: 256, TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// Whatever DuckDB returns comes out as one of the kinds Result promises.
func TestResultKinds(t *testing.T) {
	db := open(t)
	got, err := db.Query(t.Context(), `SELECT NULL AS a, true AS b, 1::TINYINT AS c, sum(x) AS d, 1.5::DECIMAL(4,2) AS e,
		TIMESTAMP '2026-05-04 08:00:00' AS f, ['x', NULL] AS g, {'k': 1} AS h, 'text' AS i FROM range(5) t(x)`)
	if err != nil {
		t.Fatal(err)
	}
	want := [][]any{{
		nil, true, int64(1), int64(10), 1.5, time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC),
		JSON(`["x",null]`), JSON(`{"k":1}`), "text",
	}}
	if diff := cmp.Diff(want, got.Rows); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A dataset without derived tables still has every view, empty.
func TestTablesWithoutFilesAreEmpty(t *testing.T) {
	db := open(t)
	if err := db.defineTables(t.Context(), Files{}); err != nil {
		t.Fatal(err)
	}
	for _, name := range Tables() {
		got, err := db.Query(t.Context(), "SELECT * FROM "+name)
		if err != nil || len(got.Rows) != 0 || len(got.Columns) == 0 {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestParameters(t *testing.T) {
	db := open(t)
	q := queries.Query{Name: "q", SQL: "SELECT CAST($n AS INTEGER) AS n", Params: []queries.Param{{Name: "n", Type: "INTEGER", Default: "7"}}}
	for want, params := range map[int64]map[string]string{7: nil, 9: {"n": "9"}} {
		got, err := db.Run(t.Context(), q, params)
		if err != nil || got.Rows[0][0] != want {
			t.Errorf("with %v: %v, %v", params, got, err)
		}
	}
	if _, err := db.Run(t.Context(), q, map[string]string{"m": "1"}); err == nil {
		t.Error("a parameter the query does not have was accepted")
	}
}

func TestLockedDatabaseReadsNoFiles(t *testing.T) {
	db := open(t)
	dir := t.TempDir()
	if err := db.Lock(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		"SELECT * FROM read_text('/etc/hostname')", "COPY (SELECT 1) TO '/tmp/x.csv'", "SET threads = 4",
		"ATTACH '/tmp/x.db'", "INSTALL httpfs", "COPY (SELECT 1 AS n) TO '" + dir + "/n.csv'", "CREATE TABLE x (n INTEGER)",
		"SELECT 1; CREATE TABLE y (n INTEGER)",
	} {
		if _, err := db.Query(t.Context(), sql); err == nil {
			t.Errorf("%s: was allowed", sql)
		}
	}
	for _, sql := range []string{"SELECT 1", "WITH a AS (SELECT 1 AS n) SELECT n FROM a", "FROM range(3)", "DESCRIBE SELECT 1", "EXPLAIN SELECT 1"} {
		if _, err := db.Query(t.Context(), sql); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestQuote(t *testing.T) {
	db := open(t)
	for _, s := range []string{"", "plain", "it's", `a"b\c`, "'; DROP TABLE x; --"} {
		got, err := db.Query(t.Context(), "SELECT "+quote(s))
		if err != nil || got.Rows[0][0] != s {
			t.Errorf("quote(%q): %v, %v", s, got, err)
		}
	}
}
