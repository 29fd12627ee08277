package analysis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"frisk/internal/dataset"
	"frisk/internal/geo"
	"frisk/internal/ingest"
)

// IngestOptions are the settings of one ingest beside the configuration.
type IngestOptions struct {
	Format  string    // forces a format; "" detects
	GeoCity []string  // mmdb files, beside those of the configuration
	GeoASN  []string  // likewise
	Stdin   io.Reader // what "-" reads
}

// Counts is where the records of an input went:
// Read = Kept + Superseded + Duplicate + Quarantined + Other.
type Counts struct {
	Read        int64 `json:"read"`
	Kept        int64 `json:"kept"`        // new to the dataset
	Duplicate   int64 `json:"duplicate"`   // known already, word for word
	Superseded  int64 `json:"superseded"`  // replaced an older version of the same record
	Quarantined int64 `json:"quarantined"` // could not be read
	Other       int64 `json:"other"`       // read, but no sign-in
}

// SourceResult is the account of one input.
type SourceResult struct {
	File   string `json:"file"`
	Format string `json:"format,omitempty"`
	Counts
	OtherTypes []ingest.TypeCount `json:"otherTypes,omitempty"`
	Problem    string             `json:"problem,omitempty"` // why it could not be read, or not to its end
	Warnings   []string           `json:"warnings,omitempty"`
}

// IngestResult is what one ingest did.
type IngestResult struct {
	Schema     string         `json:"schema"`
	Sources    []SourceResult `json:"sources"`
	Total      Counts         `json:"total"`
	Rows       int64          `json:"rows"`           // sign-ins in the dataset now
	From       string         `json:"from,omitempty"` // RFC 3339, UTC
	Until      string         `json:"until,omitempty"`
	Quarantine string         `json:"quarantine"` // folder of the bad records
	// Bad are the first bad records, in reading order, at most maxBadShown.
	Bad []BadRecord `json:"bad,omitempty"`
	Geo geo.Report  `json:"geo"`
}

// BadRecord is a record that went to quarantine.
type BadRecord struct {
	File  string `json:"file"`
	Line  int64  `json:"line"`
	Cause string `json:"cause"`
}

// maxBadShown is how many bad records a result names; quarantine has them all.
const maxBadShown = 5

// Ingest reads logs into the dataset: paths, or the configuration's logs when
// there are none. What cannot be read is quarantined and counted; the error is
// for what stops the whole run. When every input failed, nothing is committed
// and the error says why.
func Ingest(ctx context.Context, cfg *Config, opt Options, paths []string, in IngestOptions) (*IngestResult, error) {
	if len(paths) == 0 {
		paths = cfg.paths(cfg.Logs)
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("ingest: %w", ErrNoLogs)
	}
	sources, err := ingest.Expand(paths)
	if err != nil {
		return nil, fmt.Errorf("ingest: %w", err)
	}
	if len(sources) == 0 {
		return nil, fmt.Errorf("ingest: no files in %s: %w", strings.Join(paths, ", "), ErrNoLogs)
	}
	for i := range sources {
		if sources[i].Name == ingest.Stdin && in.Stdin != nil {
			sources[i] = ingest.ReaderSource(ingest.Stdin, in.Stdin)
		}
	}
	db, err := openGeo(cfg, &in, &opt)
	if err != nil {
		return nil, fmt.Errorf("ingest: %w", err)
	}
	d, err := dataset.Create(cfg.data(&opt))
	if err != nil {
		return nil, closeAll(err, db)
	}
	res, err := ingestInto(ctx, d, sources, db.Enricher(), cfg, &opt, &in)
	return res, closeAll(err, db)
}

func openGeo(cfg *Config, in *IngestOptions, opt *Options) (*geo.Database, error) {
	g := geo.Options{
		City: append(cfg.paths(cfg.Geo.City), in.GeoCity...),
		ASN:  append(cfg.paths(cfg.Geo.ASN), in.GeoASN...),
	}
	for _, class := range sortedKeys(cfg.Networks) {
		files, err := glob(cfg.paths(cfg.Networks[class]))
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			g.Ranges = append(g.Ranges, geo.RangeFile{Class: class, Path: f})
		}
	}
	// Named locations tag the network too, so that a report can say "office".
	locations, err := glob(cfg.paths(cfg.Policies.Locations))
	if err != nil {
		return nil, err
	}
	for _, f := range locations {
		g.Ranges = append(g.Ranges, geo.RangeFile{Path: f})
	}
	db, notices, err := geo.Open(g)
	if err != nil {
		return nil, err
	}
	for _, n := range notices {
		opt.warn(n.Error())
	}
	return db, nil
}

func ingestInto(ctx context.Context, d *dataset.Dataset, sources []ingest.Source, enrich *geo.Enricher, cfg *Config, opt *Options, in *IngestOptions) (*IngestResult, error) {
	a, err := d.AppendWith(ctx, dataset.AppendOptions{Tool: opt.Tool})
	if err != nil {
		return nil, err
	}
	defer a.Abort()
	p := opt.progress()
	p.Stage("reading logs", plainSize(sources), true)
	defer p.Done()

	var accounts []*ingest.Account
	var bad []BadRecord
	acc := &ingest.Account{}
	for b, err := range ingest.Read(ctx, sources, ingest.Options{Workers: opt.Threads, Format: in.Format, Tenant: cfg.Tenant}) {
		if err != nil {
			return nil, fmt.Errorf("ingest: %w", err)
		}
		acc.Add(b)
		for _, e := range b.Bad[:min(len(b.Bad), maxBadShown-len(bad))] {
			bad = append(bad, BadRecord{e.File, e.Line, e.Err.Error()})
		}
		if err := addBatch(a, b, enrich); err != nil {
			return nil, fmt.Errorf("ingest: %w", err)
		}
		p.Add(b.Bytes)
		if b.Last {
			accounts = append(accounts, acc)
			acc = &ingest.Account{}
		}
	}
	var failed []error
	for _, acc := range accounts {
		s := dataset.Source{Name: acc.File, Format: acc.Format, Bytes: acc.Bytes, Records: acc.Records}
		for _, t := range acc.NotSignIn {
			s.NotSignIn += t.Count
		}
		if acc.Err != nil {
			s.Error = acc.Err.Error()
			if acc.Records == 0 {
				failed = append(failed, acc.Err)
			}
		}
		a.Source(s)
	}
	if len(failed) == len(accounts) {
		return nil, errors.Join(failed...)
	}
	sum, err := a.Commit(ctx)
	if err != nil {
		return nil, err
	}
	res := ingestResult(d, accounts, &sum, enrich.Report())
	res.Bad = bad
	return res, nil
}

func addBatch(a *dataset.Appender, b *ingest.Batch, enrich *geo.Enricher) error {
	for i := range b.Events {
		enrich.Enrich(&b.Events[i])
		if err := a.Add(&b.Events[i]); err != nil {
			return err
		}
	}
	for _, bad := range b.Bad {
		if err := a.Quarantine(b.File, dataset.BadRecord{Line: bad.Line, Format: bad.Format, Raw: bad.Raw, Cause: bad.Err.Error()}); err != nil {
			return err
		}
	}
	return nil
}

// plainSize is the number of bytes to be read, 0 where compression or a pipe
// hides it.
func plainSize(sources []ingest.Source) int64 {
	var n int64
	for _, s := range sources {
		ext := strings.ToLower(filepath.Ext(s.Name))
		if s.Size < 0 || ext == ".gz" || ext == ".zst" {
			return 0
		}
		n += s.Size
	}
	return n
}

func ingestResult(d *dataset.Dataset, accounts []*ingest.Account, sum *dataset.Summary, where geo.Report) *IngestResult {
	res := &IngestResult{Schema: "frisk.ingest/v1", Rows: sum.Rows, Quarantine: filepath.Join(d.Dir(), "quarantine"), Geo: where}
	m := d.Manifest()
	from, until := m.Span()
	res.From, res.Until = from.String(), until.String()
	for i := range sum.Sources {
		s := &sum.Sources[i]
		r := SourceResult{File: s.Name, Format: cmp.Or(s.Format, "unknown format"), Counts: counts(s), Problem: s.Error}
		for _, acc := range accounts {
			if acc.File == s.Name {
				r.OtherTypes, r.Warnings = acc.NotSignIn, acc.Warnings()
			}
		}
		res.Sources = append(res.Sources, r)
	}
	res.Total = counts(&sum.Total)
	return res
}

// counts splits what the dataset calls kept into new and replacing records, so
// that the parts add up to what was read.
func counts(s *dataset.Source) Counts {
	return Counts{
		Read: s.Records, Kept: s.Kept - s.Superseded, Superseded: s.Superseded,
		Duplicate: s.Duplicate, Quarantined: s.Quarantined, Other: s.NotSignIn,
	}
}
