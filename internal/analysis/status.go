package analysis

import (
	"context"

	"frisk/internal/dataset"
	"frisk/queries"
)

// StatusResult is what a dataset holds and how it came there.
type StatusResult struct {
	Schema  string `json:"schema"` // frisk.status/v2
	Dataset string `json:"dataset"`
	Rows    int64  `json:"rows"`
	Runs    int    `json:"runs"`
	Bytes   int64  `json:"bytes"` // of the run files
	// From and Until are the times of the first and last sign-in.
	From    string   `json:"from,omitempty"`
	Until   string   `json:"until,omitempty"`
	Tenants []string `json:"tenants,omitempty"` // provider/tenant
	// Streams are those the dataset has, Missing those that should be beside them.
	Streams []StreamStatus  `json:"streams,omitempty"`
	Missing []MissingStream `json:"missingStreams,omitempty"`
	// Total adds up what every ingest saw since the accounts are kept; a file read
	// twice counts twice.
	Total   Counts         `json:"total"`
	Sources []SourceStatus `json:"sources,omitempty"`
	// Ingests are the commits, oldest first, with their files; Earlier is how many
	// sources older ones had, which are only summed up in Total.
	Ingests []IngestStatus `json:"ingests,omitempty"`
	Earlier int64          `json:"earlierSources,omitempty"`
}

// StreamStatus is one sign-in stream of one tenant.
type StreamStatus struct {
	Provider string `json:"provider"`
	Tenant   string `json:"tenant"`
	Stream   string `json:"stream"` // "unknown" where rows do not tell
	Rows     int64  `json:"rows"`
	People   int64  `json:"people"`
	Days     int64  `json:"days"` // days with at least one row
	From     string `json:"from"`
	Until    string `json:"until"`
	// Late rows came with an event time inside the span that earlier ingests had
	// covered, LateDay of them over a day behind its end, MaxLateHours the most.
	// Older rows lie before that span: history added later. Rows of ingests by a
	// version of the program that did not count them are in neither.
	Late         int64   `json:"late"`
	LateDay      int64   `json:"lateDay"`
	MaxLateHours float64 `json:"maxLateHours"`
	Older        int64   `json:"older"`
	// Gaps are hours without rows where rows are usual, between the first and the
	// last row of the tenant.
	Gaps []Gap `json:"gaps,omitempty"`
}

// SourceStatus is one input, over every ingest of it.
type SourceStatus struct {
	File    string `json:"file"`
	Format  string `json:"format,omitempty"`
	Ingests int64  `json:"ingests"`
	// KeptEver and SupersededEver sum Kept and Superseded over all ingests of it, the
	// latter as far as older versions of the program counted it.
	KeptEver       int64               `json:"keptEver"`
	SupersededEver int64               `json:"supersededEver,omitempty"`
	DiskBytes      int64               `json:"diskBytes,omitempty"`
	Bytes          int64               `json:"bytes,omitempty"` // unpacked
	Last           Counts              `json:"last"`            // what its last ingest saw
	OtherTypes     []dataset.TypeCount `json:"otherTypes,omitempty"`
	Quarantine     string              `json:"quarantine,omitempty"`
	FileProblem    string              `json:"problem,omitempty"`
	// Again: rows of it were lost to damage; ingest it again.
	Again bool `json:"again,omitempty"`
}

// IngestStatus is one commit.
type IngestStatus struct {
	Commit    uint64 `json:"commit"`
	Tool      string `json:"tool,omitempty"`
	At        string `json:"at,omitempty"`    // when it ran, where that was said
	From      string `json:"from,omitempty"`  // event times of what it read
	Until     string `json:"until,omitempty"` // likewise
	Files     int    `json:"files"`
	DiskBytes int64  `json:"diskBytes"`
	Bytes     int64  `json:"bytes"`
	Counts
	Rows    int64          `json:"rows"` // in the dataset afterwards
	Late    int64          `json:"late,omitempty"`
	Older   int64          `json:"older,omitempty"`
	Formats []FormatCounts `json:"formats,omitempty"`
	Sources []SourceStatus `json:"sources,omitempty"` // not of very old ingests
	Repair  []string       `json:"repair,omitempty"`
}

// FormatCounts is the account of all files of one format in one ingest.
type FormatCounts struct {
	Format string `json:"format"`
	Counts
}

var streamsQuery = queries.Query{Name: "status", SQL: `
SELECT provider, coalesce(tenant, '') AS tenant, coalesce(stream, 'unknown') AS stream, count(*) AS n,
    count(DISTINCT principal_id) AS people, count(DISTINCT CAST(time AS DATE)) AS days,
    strftime(min(time), '%Y-%m-%dT%H:%M:%SZ') AS first, strftime(max(time), '%Y-%m-%dT%H:%M:%SZ') AS last
FROM signins GROUP BY ALL ORDER BY provider, tenant, stream`}

var hoursQuery = queries.Query{Name: "status-hours", SQL: `
SELECT provider, coalesce(tenant, '') AS tenant, coalesce(stream, 'unknown') AS stream,
    CAST(epoch_us(date_trunc('hour', time)) // 3600000000 AS BIGINT) AS hour, count(*) AS n
FROM signins GROUP BY ALL ORDER BY provider, tenant, stream, hour`}

// Status reads what the dataset holds. An empty dataset is no error.
func Status(ctx context.Context, cfg *Config, opt Options) (*StatusResult, error) {
	d, err := openDataset(cfg, &opt)
	if err != nil {
		return nil, err
	}
	m := d.Manifest()
	res := &StatusResult{Schema: "frisk.status/v2", Dataset: d.Dir(), Rows: m.Rows(), Runs: len(m.Runs)}
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
	res.accounts(&m)
	if res.Rows == 0 {
		return res, nil
	}
	quiet := opt
	quiet.Warn = nil // about tables that status does not read
	db, err := openSQL(ctx, d, &quiet)
	if err != nil {
		return nil, err
	}
	rows, err := db.Run(ctx, streamsQuery, nil)
	if err != nil {
		return nil, closeAll(err, db)
	}
	hours, err := db.Run(ctx, hoursQuery, nil)
	if err != nil {
		return nil, closeAll(err, db)
	}
	for _, r := range rows.Rows {
		res.Streams = append(res.Streams, StreamStatus{
			Provider: r[0].(string), Tenant: r[1].(string), Stream: r[2].(string), Rows: r[3].(int64), People: r[4].(int64),
			Days: r[5].(int64), From: r[6].(string), Until: r[7].(string),
		})
		// Of the rows themselves: the manifest's span counts replaced ones.
		if from := r[6].(string); res.From == "" || from < res.From {
			res.From = from
		}
		res.Until = max(res.Until, r[7].(string))
	}
	res.late(m.Streams)
	res.gaps(hours.Rows)
	res.Missing = missingStreams(res.Streams)
	return res, db.Close()
}

// accounts copies what the manifest knows of sources and ingests.
func (res *StatusResult) accounts(m *dataset.Manifest) {
	for i := range m.Sources {
		res.Sources = append(res.Sources, sourceStatus(&m.Sources[i]))
	}
	if m.Earlier != nil {
		res.Total = counts(&m.Earlier.Total)
		res.Earlier = int64(m.Earlier.FileCount)
	}
	for i := range m.Ingests {
		in := &m.Ingests[i]
		s := IngestStatus{
			Commit: in.Commit, Tool: in.Tool, At: in.At, From: in.Total.First.String(), Until: in.Total.Last.String(),
			Files: in.FileCount, DiskBytes: in.Total.DiskBytes, Bytes: in.Total.Bytes, Counts: counts(&in.Total),
			Rows: in.Rows, Repair: in.Repair,
		}
		for _, l := range in.Late {
			s.Late += l.Late
			s.Older += l.Older
		}
		for j := range in.Formats {
			s.Formats = append(s.Formats, FormatCounts{in.Formats[j].Format, counts(&in.Formats[j])})
		}
		for j := range in.Files {
			s.Sources = append(s.Sources, sourceStatus(&in.Files[j]))
		}
		res.Total.add(&s.Counts)
		res.Ingests = append(res.Ingests, s)
	}
}

func sourceStatus(s *dataset.Source) SourceStatus {
	kept, superseded := everKept(s)
	return SourceStatus{
		File: s.Name, Format: s.Format, Ingests: s.Ingests, KeptEver: kept, SupersededEver: superseded, DiskBytes: s.DiskBytes, Bytes: s.Bytes,
		Last: counts(s), OtherTypes: s.Types, Quarantine: s.QuarantineFile, FileProblem: s.Error, Again: s.Again,
	}
}

// everKept splits what a source gave the dataset over all ingests into sign-ins
// that were new and those that replaced an older version.
func everKept(s *dataset.Source) (kept, superseded int64) {
	superseded = max(s.SupersededEver, s.Superseded)
	return max(0, s.KeptEver-superseded), superseded
}

// Refused reports an input of which nothing could be read.
func (s *SourceStatus) Refused() bool {
	return s.FileProblem != "" && s.Last.Read == 0 && s.KeptEver == 0
}

func (c *Counts) add(o *Counts) {
	c.Read += o.Read
	c.Kept += o.Kept
	c.Duplicate += o.Duplicate
	c.Superseded += o.Superseded
	c.Quarantined += o.Quarantined
	c.Other += o.Other
	c.Outside += o.Outside
}
