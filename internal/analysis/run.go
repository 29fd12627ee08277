package analysis

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"frisk/internal/report"
	"frisk/internal/synth"
)

// RunResult is what a whole run did.
type RunResult struct {
	Schema  string        `json:"schema"`
	Ingest  *IngestResult `json:"ingest"`
	Lead    []string      `json:"lead"`    // the answer in words
	Written []string      `json:"written"` // report files
	Model   *report.Model `json:"-"`
}

// Run does everything the configuration says: ingest, assess, replay, tables
// for SQL, and the report files it names.
func Run(ctx context.Context, cfg *Config, opt Options) (*RunResult, error) {
	out := &RunResult{Schema: "frisk.run/v1"}
	var err error
	if out.Ingest, err = Ingest(ctx, cfg, opt, nil, IngestOptions{}); err != nil {
		return nil, err
	}
	res, err := Assess(ctx, cfg, opt)
	if err != nil {
		return nil, err
	}
	out.Model = res.Model
	for _, l := range res.Model.Lead {
		out.Lead = append(out.Lead, l.Plain())
	}
	for _, f := range []struct{ format, file string }{
		{"html", cfg.Report.HTML}, {"markdown", cfg.Report.Markdown}, {"json", cfg.Report.JSON},
	} {
		if f.file == "" {
			continue
		}
		r, err := report.RendererFor(f.format)
		if err != nil {
			return nil, err
		}
		file := cfg.path(f.file)
		if err := WriteReport(file, r, res.Model); err != nil {
			return nil, err
		}
		out.Written = append(out.Written, file)
	}
	return out, nil
}

// WriteReport renders a report into a file, complete or not at all. The file
// holds personal data and is readable by its owner only.
func WriteReport(file string, r report.Renderer, m *report.Model) error {
	return WriteFile(file, func(w io.Writer) error { return r.Render(w, m) })
}

// WriteFile writes a file beside and renames it, so that a reader sees the old
// or the new one. Mode 0600.
func WriteFile(file string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*") // mode 0600
	if err != nil {
		return fmt.Errorf("write %q: %w", file, err)
	}
	err = closeAll(write(f), f)
	if err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("write %q: %w", file, err)
	}
	return nil
}

// Demo writes the sample tenant into dir and runs everything on it.
func Demo(ctx context.Context, dir string, opt Options) (*RunResult, error) {
	opt.progress().Stage("making the sample tenant", 0, false)
	sum, err := synth.WriteTenant(dir, synth.Config{Dated: true})
	if err != nil {
		return nil, fmt.Errorf("make the sample tenant: %w", err)
	}
	opt.progress().Done()
	cfg, err := LoadConfig(sum.Config, false)
	if err != nil {
		return nil, err
	}
	opt.Data = "" // the demo never touches another dataset
	// A dataset of an earlier demo may hold another version's sample.
	if err := os.RemoveAll(cfg.data(&opt)); err != nil {
		return nil, fmt.Errorf("clear the demo's dataset: %w", err)
	}
	return Run(ctx, cfg, opt)
}
