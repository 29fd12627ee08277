package analysis

import (
	"context"
	"fmt"

	"frisk/internal/blobstore"
	"frisk/internal/ingest"
	"frisk/internal/signin"
)

// TryRows is how many records a trial looks at.
const TryRows = 200

// TryResult is how the beginning of a file came out. Nothing was stored.
type TryResult struct {
	File    string              `json:"file"`
	Format  string              `json:"format,omitempty"`
	About   string              `json:"about,omitempty"` // what the format is
	Problem string              `json:"problem,omitempty"`
	Read    int64               `json:"read"`
	Events  int64               `json:"events"`
	Other   []ingest.TypeCount  `json:"other,omitempty"`
	Bad     []BadRecord         `json:"bad,omitempty"`
	Rows    []map[string]string `json:"rows,omitempty"` // the first events, by column; what is not said is left out
	Filled  []ingest.TypeCount  `json:"filled,omitempty"`
	// Unused and Unmapped are what a mapping did not understand.
	Unused   []ingest.Unused   `json:"unused,omitempty"`
	Unmapped []ingest.Unmapped `json:"unmapped,omitempty"`
	Warnings []string          `json:"warnings,omitempty"`
}

// Try reads the beginning of each file and shows how it came out, without
// storing anything.
func Try(ctx context.Context, cfg *Config, opt Options, paths []string, in IngestOptions) ([]TryResult, error) {
	ropt, err := in.reading(cfg, &opt)
	if err != nil {
		return nil, fmt.Errorf("try: %w", err)
	}
	if len(paths) == 0 {
		paths = cfg.paths(cfg.Logs)
	}
	if in.Wait == nil {
		in.Wait = opt.Wait
	}
	store := blobstore.New(blobstore.Options{Wait: in.Wait})
	results, err := tryAll(ctx, store, ropt, &opt, &in, paths)
	return results, closeAll(err, store)
}

func tryAll(ctx context.Context, store *blobstore.Store, ropt ingest.Options, opt *Options, in *IngestOptions, paths []string) ([]TryResult, error) {
	inputs, err := inputsOf(ctx, store, opt, in, paths)
	if err != nil {
		return nil, fmt.Errorf("try: %w", err)
	}
	var out []TryResult
	for i := range inputs {
		src := inputs[i].Source
		t, err := ingest.Try(ctx, src, ropt, TryRows)
		if err != nil {
			return nil, fmt.Errorf("try %q: %w", src.Name, err)
		}
		out = append(out, tryResult(src.Name, t))
	}
	return out, nil
}

func tryResult(file string, t *ingest.Trial) TryResult {
	a := &t.Account
	r := TryResult{
		File: file, Format: a.Format, About: t.Doc, Read: a.Records, Events: a.Events,
		Other: a.NotSignIn, Unused: t.Unused, Unmapped: t.Unmapped, Warnings: a.Warnings(),
	}
	if a.Err != nil {
		r.Problem = a.Err.Error()
	}
	for _, b := range t.Bad {
		r.Bad = append(r.Bad, BadRecord{b.File, b.Line, b.Err.Error()})
	}
	for i := range t.Events {
		r.Rows = append(r.Rows, columnsOf(&t.Events[i]))
	}
	for _, f := range t.Filled {
		if f.Count > 0 {
			r.Filled = append(r.Filled, f)
		}
	}
	return r
}

// columnsOf are the columns of an event that say something, as text.
func columnsOf(e *signin.Event) map[string]string {
	m := map[string]string{"time": e.Time.String()}
	for i := range signin.IDColumns {
		set(m, signin.IDColumns[i].Name, signin.IDColumns[i].Get(e))
	}
	for i := range signin.EnumColumns {
		c := &signin.EnumColumns[i]
		set(m, c.Name, c.Texts[c.Get(e)])
	}
	for i := range signin.DimColumns {
		set(m, signin.DimColumns[i].Name, signin.DimColumns[i].Get(e))
	}
	return m
}

func set(m map[string]string, name, value string) {
	if value != "" {
		m[name] = value
	}
}
