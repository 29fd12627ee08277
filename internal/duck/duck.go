// Package duck runs SQL over a dataset with DuckDB. It defines views over the
// dataset's Parquet files, so that the named queries and an analyst's own SQL
// read what the Go engines read. It knows file names and SQL, not events, and
// is the only package that needs cgo.
//
// A DB is in memory, opens no network connection and installs no extension.
// Times are plain UTC timestamps.
package duck

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/duckdb/duckdb-go/v2" // also registers the database/sql driver
)

// Options bound what DuckDB may use. Zero values leave DuckDB's defaults,
// which are all cores and 80 % of memory.
type Options struct {
	Threads  int
	MemoryMB int
	TempDir  string // where DuckDB spills; "" = no spilling to disk
}

// DB is one in-memory DuckDB with the views of one dataset. It is not safe for
// concurrent use. Close releases it.
type DB struct {
	db   *sql.DB
	conn *sql.Conn // views and temporary tables live on one connection
	// locked: only reads are let through; see Lock.
	locked bool
}

// Open starts a database without views.
func Open(ctx context.Context, opt Options) (*DB, error) {
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		return nil, fmt.Errorf("open duckdb: %w", err)
	}
	db := sql.OpenDB(connector)
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open duckdb: %w", err), db.Close())
	}
	d := &DB{db: db, conn: conn}
	set := []string{
		"SET autoinstall_known_extensions = false",
		"SET autoload_known_extensions = false",
		"SET TimeZone = 'UTC'",
		"SET preserve_insertion_order = true",
		"SET temp_directory = " + quote(opt.TempDir),
	}
	if opt.Threads > 0 {
		set = append(set, fmt.Sprintf("SET threads = %d", opt.Threads))
	}
	if opt.MemoryMB > 0 {
		set = append(set, fmt.Sprintf("SET memory_limit = '%dMB'", opt.MemoryMB))
	}
	for _, s := range set {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			return nil, errors.Join(fmt.Errorf("configure duckdb: %w", err), d.Close())
		}
	}
	return d, nil
}

// Lock forbids statements that write, files outside dirs, and changed
// settings. Call it before running SQL
// that a user typed.
func (d *DB) Lock(ctx context.Context, dirs ...string) error {
	var allowed strings.Builder
	allowed.WriteString("[")
	for i, dir := range dirs {
		if i > 0 {
			allowed.WriteString(", ")
		}
		allowed.WriteString(quote(dir))
	}
	allowed.WriteString("]")
	for _, s := range []string{
		"SET allowed_directories = " + allowed.String(),
		"SET enable_external_access = false",
		"SET lock_configuration = true",
	} {
		if _, err := d.conn.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("lock duckdb: %w", err)
		}
	}
	d.locked = true
	return nil
}

// Close releases the database.
func (d *DB) Close() error {
	return errors.Join(d.conn.Close(), d.db.Close())
}

// quote makes a SQL string literal. It is used for file names and settings,
// which DuckDB does not accept as bound parameters in these places.
func quote(s string) string {
	out := make([]byte, 0, len(s)+2)
	out = append(out, '\'')
	for i := range len(s) {
		if s[i] == '\'' {
			out = append(out, '\'')
		}
		out = append(out, s[i])
	}
	return string(append(out, '\''))
}
