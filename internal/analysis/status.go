package analysis

import (
	"context"

	"frisk/internal/dataset"
	"frisk/queries"
)

// StatusResult is what a dataset holds.
type StatusResult struct {
	Schema  string         `json:"schema"`
	Dataset string         `json:"dataset"`
	Rows    int64          `json:"rows"`
	Runs    int            `json:"runs"`
	Bytes   int64          `json:"bytes"` // of the run files
	From    string         `json:"from,omitempty"`
	Until   string         `json:"until,omitempty"`
	Tenants []string       `json:"tenants,omitempty"` // provider/tenant
	Streams []StreamStatus `json:"streams,omitempty"`
	Sources []SourceStatus `json:"sources,omitempty"`
}

// StreamStatus is one sign-in stream of one provider.
type StreamStatus struct {
	Provider string `json:"provider"`
	Stream   string `json:"stream"`
	Rows     int64  `json:"rows"`
	People   int64  `json:"people"`
	Days     int64  `json:"days"` // days with at least one row
	From     string `json:"from"`
	Until    string `json:"until"`
}

// SourceStatus is one input, over every ingest of it.
type SourceStatus struct {
	File        string `json:"file"`
	Format      string `json:"format,omitempty"`
	Ingests     int64  `json:"ingests"`
	KeptEver    int64  `json:"keptEver"` // sign-ins it gave the dataset over all ingests
	Last        Counts `json:"last"`     // what its last ingest saw
	Quarantine  string `json:"quarantine,omitempty"`
	FileProblem string `json:"problem,omitempty"`
}

var streamsQuery = queries.Query{Name: "status", SQL: `
SELECT provider, coalesce(stream, 'unknown') AS stream, count(*) AS n, count(DISTINCT (tenant, principal_id)) AS people,
    count(DISTINCT CAST(time AS DATE)) AS days,
    strftime(min(time), '%Y-%m-%dT%H:%M:%SZ') AS first, strftime(max(time), '%Y-%m-%dT%H:%M:%SZ') AS last
FROM signins GROUP BY ALL ORDER BY provider, stream`}

// Status reads what the dataset holds. An empty dataset is no error.
func Status(ctx context.Context, cfg *Config, opt Options) (*StatusResult, error) {
	d, err := dataset.Open(cfg.data(&opt))
	if err != nil {
		return nil, err
	}
	m := d.Manifest()
	from, until := m.Span()
	res := &StatusResult{
		Schema: "frisk.status/v1", Dataset: d.Dir(), Rows: m.Rows(), Runs: len(m.Runs),
		From: from.String(), Until: until.String(),
	}
	seen := map[string]bool{}
	for i := range m.Runs {
		res.Bytes += m.Runs[i].Bytes
		for _, t := range m.Runs[i].Tenants {
			if name := t.Provider + "/" + t.Tenant; !seen[name] {
				seen[name] = true
				res.Tenants = append(res.Tenants, name)
			}
		}
	}
	for i := range m.Sources {
		s := &m.Sources[i]
		res.Sources = append(res.Sources, SourceStatus{
			File: s.Name, Format: s.Format, Ingests: s.Ingests, KeptEver: s.KeptEver,
			Last: counts(s), Quarantine: s.QuarantineFile, FileProblem: s.Error,
		})
	}
	if res.Rows == 0 {
		return res, nil
	}
	db, err := openSQL(ctx, d, &opt)
	if err != nil {
		return nil, err
	}
	rows, err := db.Run(ctx, streamsQuery, nil)
	if err != nil {
		return nil, closeAll(err, db)
	}
	for _, r := range rows.Rows {
		res.Streams = append(res.Streams, StreamStatus{
			Provider: r[0].(string), Stream: r[1].(string), Rows: r[2].(int64), People: r[3].(int64), Days: r[4].(int64),
			From: r[5].(string), Until: r[6].(string),
		})
	}
	return res, db.Close()
}
