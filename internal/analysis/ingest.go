package analysis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"frisk/internal/blobstore"
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
	// Span bounds the sign-ins that are kept; the others are counted as Outside.
	Span Span
	// At is when the ingest runs (RFC 3339, UTC), for the dataset's history; "" is not
	// said.
	At string
	// Wait pauses between two tries of a request to a remote source; nil does not
	// pause.
	Wait func(context.Context, time.Duration) error
	// MaxUnpacked and MaxRatio bound decompression; see ingest.Options.
	MaxUnpacked int64
	MaxRatio    int
	// Mappings are mapping files beside those of the configuration.
	Mappings []string
	// TimeZone names the zone of local times, "" that of the configuration.
	TimeZone string
	// AsOf dates times without a year: a date or RFC 3339, "" the files' own dates.
	AsOf string
}

// Counts is where the records of an input went:
// Read = Kept + Superseded + Duplicate + Quarantined + Other + Outside.
type Counts struct {
	Read        int64 `json:"read"`
	Kept        int64 `json:"kept"`              // new to the dataset
	Duplicate   int64 `json:"duplicate"`         // known already, word for word
	Superseded  int64 `json:"superseded"`        // replaced an older version of the same record
	Quarantined int64 `json:"quarantined"`       // could not be read
	Other       int64 `json:"other"`             // read, but no sign-in
	Outside     int64 `json:"outside,omitempty"` // not of the time asked for
}

// SourceResult is the account of one input.
type SourceResult struct {
	File   string `json:"file"`
	Format string `json:"format,omitempty"`
	Counts
	OtherTypes []ingest.TypeCount `json:"otherTypes,omitempty"`
	Problem    string             `json:"problem,omitempty"` // why it could not be read, or not to its end
	Warnings   []string           `json:"warnings,omitempty"`
	warnings   []ingest.Warning   // the same, to be added up (IngestResult.Warnings)
}

// IngestResult is what one ingest did.
type IngestResult struct {
	Schema     string         `json:"schema"`
	Sources    []SourceResult `json:"sources"`
	Total      Counts         `json:"total"`
	Rows       int64          `json:"rows"`           // sign-ins in the dataset now
	From       string         `json:"from,omitempty"` // RFC 3339, UTC; "" when replaced rows hide it
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
// and the error says why. No connection is opened unless a path is a URL.
func Ingest(ctx context.Context, cfg *Config, opt Options, paths []string, in IngestOptions) (*IngestResult, error) {
	defer tightHeap()()
	if err := cfg.checkIdentity(); err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		paths = cfg.paths(cfg.Logs)
	}
	in.At = cmp.Or(in.At, opt.At)
	if in.Wait == nil {
		in.Wait = opt.Wait
	}
	store := blobstore.New(blobstore.Options{Wait: in.Wait})
	inputs, err := inputsOf(ctx, store, &opt, &in, paths)
	if err != nil {
		return nil, closeAll(fmt.Errorf("ingest: %w", err), store)
	}
	db, err := openGeo(cfg, &in, &opt)
	if err != nil {
		return nil, closeAll(fmt.Errorf("ingest: %w", err), store)
	}
	d, err := dataset.Create(cfg.data(&opt))
	if err != nil {
		return nil, closeAll(err, store, db)
	}
	res, err := ingestInto(ctx, d, inputs, db.Enricher(), cfg, &opt, &in)
	return res, closeAll(err, store, db)
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

// ingestInto reads the inputs and commits what they gave, all at once.
func ingestInto(ctx context.Context, d *dataset.Dataset, inputs []input, enrich *geo.Enricher, cfg *Config, opt *Options, in *IngestOptions) (*IngestResult, error) {
	home, homeKey := placing(d)
	a, err := d.AppendWith(ctx, dataset.AppendOptions{Tool: opt.Tool, At: in.At, Home: home, HomeKey: homeKey})
	if err != nil {
		return nil, err
	}
	defer a.Abort()
	p := opt.progress()
	p.Stage("reading logs", plainSize(inputs), true)
	defer p.Done()

	ropt, err := in.reading(cfg, opt)
	if err != nil {
		return nil, fmt.Errorf("ingest: %w", err)
	}
	l := loader{a: a, enrich: enrich, span: in.Span}
	sources := make([]ingest.Source, len(inputs))
	for i := range inputs {
		sources[i] = inputs[i].Source
	}
	at := 0 // of the inputs
	for b, err := range ingest.Read(ctx, sources, ropt) {
		if err != nil {
			return nil, fmt.Errorf("ingest: %w", err)
		}
		if err := l.batch(b, &inputs[at]); err != nil {
			return nil, fmt.Errorf("ingest: %w", err)
		}
		if b.Last {
			at++
		}
		p.Add(b.Bytes)
	}
	if l.failed() {
		return nil, &failedError{l.done}
	}
	if len(l.done) == 0 {
		return nil, nil //nolint:nilnil // a followed source had nothing new after all
	}
	for i := range l.done {
		a.Source(l.done[i].source())
	}
	sum, err := a.Commit(ctx)
	if err != nil {
		return nil, err
	}
	res := ingestResult(d, l.done, &sum, enrich.Report())
	res.Bad = l.bad
	return res, settle(ctx, d, cfg, opt)
}

// loader puts batches into the dataset and keeps the accounts.
type loader struct {
	a      *dataset.Appender
	enrich *geo.Enricher
	span   Span
	now    fileAccount // of the file being read
	done   []fileAccount
	bad    []BadRecord // the first of all
}

// fileAccount is the account of one input.
type fileAccount struct {
	acc     ingest.Account
	outside int64
	follow  *dataset.Position
	header  int64 // bytes that are read again with each piece of a table
}

func (l *loader) batch(b *ingest.Batch, in *input) error {
	if in.goesOn && l.now.acc.File == "" {
		l.a.Continue(b.File)
		l.now.header = in.header
	}
	l.now.acc.Add(b)
	for i := range b.Events {
		e := &b.Events[i]
		if !l.span.Has(e.Time) {
			l.now.outside++
			continue
		}
		e.Raw.Line += in.above
		l.enrich.Enrich(e)
		if err := l.a.Add(e); err != nil {
			return err
		}
	}
	for _, bad := range b.Bad {
		line := bad.Line + in.above
		if len(l.bad) < maxBadShown {
			l.bad = append(l.bad, BadRecord{bad.File, line, bad.Err.Error()})
		}
		r := dataset.BadRecord{Line: line, Format: bad.Format, Raw: bad.Raw, Cause: bad.Err.Error()}
		if err := l.a.Quarantine(b.File, r); err != nil {
			return err
		}
	}
	b.Release()
	if b.Last {
		if in.position != nil {
			l.now.follow = in.position()
			if l.now.follow.Whole && passing(l.now.acc.Err) {
				l.now.follow = nil
			}
		}
		if in.position == nil || !in.idle(&l.now) {
			l.done = append(l.done, l.now)
		}
		l.now = fileAccount{}
	}
	return nil
}

// failed reports whether no input gave anything but an error.
func (l *loader) failed() bool {
	for i := range l.done {
		if r := &l.done[i]; r.acc.Err == nil || r.acc.Records > 0 {
			return false
		}
	}
	return len(l.done) > 0
}

// failedError is an ingest of which every input failed.
type failedError struct{ inputs []fileAccount }

func (e *failedError) Error() string { return errors.Join(e.Unwrap()...).Error() }

// Unwrap gives the causes.
func (e *failedError) Unwrap() []error {
	out := make([]error, len(e.inputs))
	for i := range e.inputs {
		out[i] = e.inputs[i].acc.Err
	}
	return out
}

// source is the account as the dataset keeps it.
func (r *fileAccount) source() dataset.Source {
	s := dataset.Source{
		Name: r.acc.File, Format: r.acc.Format, DiskBytes: max(0, r.acc.DiskBytes-r.header), Bytes: max(0, r.acc.Bytes-r.header), Records: r.acc.Records,
		Outside: r.outside, Follow: r.follow,
	}
	for _, t := range r.acc.NotSignIn {
		s.NotSignIn += t.Count
		s.Types = append(s.Types, dataset.TypeCount(t))
	}
	if r.acc.Err != nil {
		s.Error = r.acc.Err.Error()
	}
	return s
}

func ingestResult(d *dataset.Dataset, accounts []fileAccount, sum *dataset.Summary, where geo.Report) *IngestResult {
	res := &IngestResult{Schema: "frisk.ingest/v1", Rows: sum.Rows, Quarantine: filepath.Join(d.Dir(), "quarantine"), Geo: where}
	m := d.Manifest()
	// Not said where replaced rows may lie at either end.
	if from, until, known := m.LiveSpan(); known {
		res.From, res.Until = from.String(), until.String()
	}
	for i := range sum.Sources {
		s := &sum.Sources[i]
		r := SourceResult{File: s.Name, Format: cmp.Or(s.Format, "unknown format"), Counts: counts(s), Problem: s.Error}
		for i := range accounts {
			if acc := &accounts[i].acc; acc.File == s.Name {
				r.OtherTypes, r.Warnings, r.warnings = acc.NotSignIn, acc.Warnings(), acc.Notices()
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
		Outside: s.Outside,
	}
}
