package duck

import (
	"context"
	"fmt"
	"strings"
)

// Files are the Parquet files the views read. Tombstones is the file that lists
// rows which a later export replaced (columns run, the base name of a run file,
// and row, its 0-based position there), "" when there are none. Tables maps a table name (see
// Tables) to its file; a table without a file is an empty view of the same
// columns, so every query runs on every dataset. A file name may be a glob.
type Files struct {
	Runs       []string
	Tombstones string
	Tables     map[string]string
}

// table is one derived table that analysis writes beside the runs.
type table struct{ name, columns string }

// tables fixes the columns of the derived tables, in the order of their
// Parquet files. The event_id columns hold the provider's own id.
var tables = []table{
	{"findings", "detector VARCHAR, severity VARCHAR, score DOUBLE, provider VARCHAR, tenant VARCHAR, principal_id VARCHAR, time TIMESTAMP, event_id VARCHAR, events VARCHAR, attack BOOLEAN, suppressed VARCHAR, evidence VARCHAR"},
	{"attack_events", "run VARCHAR, row BIGINT"},
	{"attribution", "run VARCHAR, row BIGINT, workspace VARCHAR, environment VARCHAR, weight DOUBLE, tier VARCHAR"},
	{"identities", "provider VARCHAR, tenant VARCHAR, principal_id VARCHAR, person VARCHAR, name VARCHAR"},
	{"members", "principal_id VARCHAR, group_id VARCHAR, group_name VARCHAR"},
	{"decisions", "run VARCHAR, row BIGINT, time TIMESTAMP, principal_id VARCHAR, policy_set VARCHAR, verdict VARCHAR, best VARCHAR, worst VARCHAR, controls VARCHAR, policies VARCHAR, unknown VARCHAR, score DOUBLE, attack BOOLEAN"},
	{"requests", "request_id VARCHAR, system VARCHAR, created TIMESTAMP, beneficiary VARCHAR, policy VARCHAR, app VARCHAR, decision VARCHAR"},
}

// Tables lists the names of the derived tables.
func Tables() []string {
	out := make([]string, len(tables))
	for i, t := range tables {
		out[i] = t.name
	}
	return out
}

// listColumns give the structured form of the columns that hold JSON text.
var listColumns = []struct{ column, view, schema string }{
	{"policies", "policy_results", `[{"id":"VARCHAR","name":"VARCHAR","result":"VARCHAR","grant":["VARCHAR"],"session":["VARCHAR"],"satisfied":"BIGINT","notSatisfied":"BIGINT","include":["VARCHAR"],"exclude":["VARCHAR"]}]`},
	{"factors", "factor_steps", `[{"method":"VARCHAR","detail":"VARCHAR","succeeded":"VARCHAR","result":"VARCHAR","requirement":"VARCHAR"}]`},
	{"lifetimes", "lifetime_list", `["VARCHAR"]`},
	{"network", "network_list", `["VARCHAR"]`},
	{"named_locations", "named_location_list", `[{"type":"VARCHAR","names":["VARCHAR"]}]`},
}

// idColumns are the identifiers beside the event id, in the order of the bits of
// the column id_copies.
var idColumns = []string{"correlation_id", "original_request_id", "session_id", "token_id"}

// Views defines the view signins over the runs, with tombstoned rows left out,
// identifiers as text and list columns as real lists beside their JSON text,
// and one view per derived table.
//
// signins has columns the files do not: event_id, the provider's own id as
// text; person, equal for the accounts that identity.csv joins, to count people by; run and row, the place of the row, by which derived tables name it; attack, whether a finding attributes the row to an attack (false
// where no findings were written). factor_entries counts steps with a real
// method that was not "Previously satisfied", Microsoft's own definition.
func (d *DB) Views(ctx context.Context, f Files) error {
	if err := d.defineTables(ctx, f); err != nil {
		return err
	}
	if err := d.exec(ctx, signinsView(f)); err != nil {
		return fmt.Errorf("define view signins: %w", err)
	}
	return nil
}

// defineTables defines the derived tables, as views of their files or empty.
func (d *DB) defineTables(ctx context.Context, f Files) error {
	for _, t := range tables {
		stmt := "CREATE TEMP TABLE " + t.name + " (" + t.columns + ")"
		if file, ok := f.Tables[t.name]; ok {
			stmt = "CREATE TEMP VIEW " + t.name + " AS SELECT * FROM read_parquet(" + quote(file) + ")"
		}
		if err := d.exec(ctx, stmt); err != nil {
			return fmt.Errorf("define view %s: %w", t.name, err)
		}
	}
	return nil
}

func (d *DB) exec(ctx context.Context, stmt string) error {
	_, err := d.conn.ExecContext(ctx, stmt)
	return err
}

func signinsView(f Files) string {
	var b strings.Builder
	b.WriteString("CREATE TEMP VIEW signins AS SELECT coalesce(CAST(r.id AS VARCHAR), r.id_text) AS event_id")
	for i, c := range idColumns {
		// What repeats the event id is stored once, with a bit that says so.
		fmt.Fprintf(&b, ", CASE WHEN r.id_copies & %d <> 0 THEN coalesce(CAST(r.id AS VARCHAR), r.id_text) ELSE coalesce(CAST(r.%s AS VARCHAR), r.%s_text) END AS %s", 2<<i, c, c, c)
	}
	b.WriteString(", r.* EXCLUDE (id, id_text, id_copies")
	for _, c := range idColumns {
		fmt.Fprintf(&b, ", %s, %s_text", c, c)
	}
	b.WriteString(", filename, file_row_number), parse_filename(r.filename) AS run, r.file_row_number AS row")
	for _, l := range listColumns {
		fmt.Fprintf(&b, ", from_json(r.%s, %s) AS %s", l.column, quote(l.schema), l.view)
	}
	b.WriteString(", CAST(len(list_filter(coalesce(factor_steps, []), lambda s: s.method IS NOT NULL AND s.method <> '' AND s.method <> 'Previously satisfied')) AS INTEGER) AS factor_entries")
	b.WriteString(", EXISTS (SELECT 1 FROM attack_events x WHERE x.run = parse_filename(r.filename) AND x.row = r.file_row_number) AS attack")
	// An Entra id is one person's in every tenant; other ids mean something only
	// within their provider and tenant.
	person := "CASE WHEN r.provider = 'entra' THEN r.principal_id ELSE concat_ws('/', r.provider, r.tenant, r.principal_id) END"
	_, joined := f.Tables["identities"]
	if joined {
		person = "coalesce(i.person, " + person + ")"
	}
	b.WriteString(", " + person + " AS person FROM ")
	b.WriteString(runs(f))
	b.WriteString(" r")
	if joined {
		b.WriteString(" LEFT JOIN identities i ON i.provider = r.provider AND i.tenant = coalesce(r.tenant, '') AND i.principal_id = r.principal_id")
	}
	if f.Tombstones != "" {
		b.WriteString(" WHERE NOT EXISTS (SELECT 1 FROM read_parquet(" + quote(f.Tombstones) + ") t WHERE t.run = parse_filename(r.filename) AND t.row = r.file_row_number)")
	}
	return b.String()
}

func runs(f Files) string {
	names := make([]string, len(f.Runs))
	for i, r := range f.Runs {
		names[i] = quote(r)
	}
	return "read_parquet([" + strings.Join(names, ", ") + "], filename = true, file_row_number = true)"
}
