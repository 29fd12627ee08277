package analysis

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"frisk/internal/dataset"
	"frisk/internal/report"
	"frisk/internal/risk"
)

// policySet is the folder of a set of n policies in a tenant folder.
func policySet(tenant string, n int) string {
	return filepath.Join(tenant, fmt.Sprintf("policies-%d", n))
}

// writePolicySets makes sets of one and of twenty policies: the one with the
// eight-hour clock, and the current set with repetitions whose clocks differ.
func writePolicySets(tenant string) error {
	files, err := filepath.Glob(filepath.Join(tenant, "policies", "current", "*.json"))
	if err != nil {
		return err
	}
	var set []map[string]any
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		var p map[string]any
		if err := json.Unmarshal(text, &p); err != nil {
			return err
		}
		set = append(set, p)
	}
	write := func(dir string, n int, p map[string]any) error {
		text, err := json.Marshal(p)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, fmt.Sprintf("%02d.json", n)), text, 0o600)
	}
	for i := range 20 {
		p := set[i%len(set)]
		if i >= len(set) {
			p["id"] = fmt.Sprintf("00000000-0000-4000-8000-%012d", i)
			p["displayName"] = fmt.Sprintf("%s (variant)", p["displayName"])
			if s, ok := p["sessionControls"].(map[string]any); ok {
				if f, ok := s["signInFrequency"].(map[string]any); ok {
					f["value"] = f["value"].(float64) + float64(i)
				}
			}
		}
		if err := write(policySet(tenant, 20), i, p); err != nil {
			return err
		}
		if i == 2 {
			if err := write(policySet(tenant, 1), 0, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// replayJob measures the second phase: reading every history, all detectors,
// workspaces, and replay. The directory, the policies and the first phase are
// prepared before.
func replayJob(ctx context.Context, j *job) (outcome, error) {
	cfg, opt, err := j.load()
	if err != nil {
		return outcome{}, err
	}
	d, err := dataset.Open(j.Data)
	if err != nil {
		return outcome{}, err
	}
	around, err := loadSurroundings(cfg)
	if err != nil {
		return outcome{}, err
	}
	var seen *looked
	first, err := measure(func() (int64, error) {
		seen, err = around.look(ctx, d, risk.Defaults(), &opt)
		return 0, err
	})
	if err != nil {
		return outcome{}, err
	}
	numbers, err := cfg.constants()
	if err != nil {
		return outcome{}, err
	}
	r := &Result{cfg: cfg, dataset: d, around: around, constants: numbers, events: resolver{}}
	pc, need := r.plan()
	rd, err := d.Reader(need)
	if err != nil {
		return outcome{}, err
	}
	o, err := measure(func() (int64, error) {
		err := r.assessPeople(ctx, rd, seen.nets, pc, risk.Defaults(), &opt)
		if err != nil {
			return 0, err
		}
		return r.Tally.Rows, nil
	})
	if o.Extra != nil {
		o.Extra["networks-s"] = first.Seconds
	}
	return o, closeAll(err, rd)
}

func benchReplay(b *testing.B, s *setting, policies int) {
	data := s.dataset(b)
	for b.Loop() {
		var ours series
		for range s.rounds {
			ours = append(ours, spawn(b, job{Name: "replay", Tenant: s.tenant, Data: data, Set: policySet(s.tenant, policies)}))
		}
		ours.check(b, "replay", s.rows)
		ours.report(b, s.rows, 0, nil)
		b.ReportMetric(ours.median(func(o *outcome) float64 { return o.Extra["networks-s"] }), "networks-s")
		both := ours.median(func(o *outcome) float64 { return o.Extra["networks-s"] + o.Seconds })
		b.ReportMetric(float64(s.rows)/both, "both-phases-events/s")
	}
}

// reportJob measures everything after ingest as the command does it: directory,
// both phases with the current set and the candidates, tables, and the HTML file.
func reportJob(ctx context.Context, j *job) (outcome, error) {
	cfg, opt, err := j.load()
	if err != nil {
		return outcome{}, err
	}
	render, err := report.RendererFor("html")
	if err != nil {
		return outcome{}, err
	}
	var r *Result
	o, err := measure(func() (int64, error) {
		if r, err = Assess(ctx, cfg, opt); err != nil {
			return 0, err
		}
		return r.Tally.Rows, nil
	})
	if err != nil {
		return o, err
	}
	file := filepath.Join(j.Data, "report.html")
	html, err := measure(func() (int64, error) { return 0, WriteReport(file, render, r.Model) })
	o.Seconds, o.CPU = o.Seconds+html.Seconds, o.CPU+html.CPU
	o.Extra["render-s"] = html.Seconds
	return o, err
}

func benchReport(b *testing.B, s *setting) {
	data := s.dataset(b)
	for b.Loop() {
		var ours series
		for range s.rounds {
			ours = append(ours, spawn(b, job{Name: "report", Tenant: s.tenant, Data: data}))
		}
		ours.check(b, "report", s.rows)
		ours.report(b, s.rows, 0, nil)
		b.ReportMetric(ours.median(func(o *outcome) float64 { return o.Extra["render-s"] }), "render-s")
	}
}
