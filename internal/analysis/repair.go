package analysis

import (
	"context"
	"fmt"

	"frisk/internal/dataset"
)

// RepairResult is what a check of a dataset found and a repair did.
type RepairResult struct {
	Schema  string `json:"schema"` // frisk.repair/v1
	Dataset string `json:"dataset"`
	// Files were checked, Rows are in the dataset now.
	Files int64 `json:"files"`
	Rows  int64 `json:"rows"`
	// CheckOnly is whether nothing was to be changed, Repaired whether something was.
	CheckOnly bool         `json:"checkOnly"`
	Repaired  bool         `json:"repaired"`
	Damage    []DamageItem `json:"damage,omitempty"`
	// Lost is whether sign-ins or bad records are missing until logs are read
	// again, Again names their sources.
	Lost  bool     `json:"lost"`
	Again []string `json:"again,omitempty"`
	Notes []string `json:"notes,omitempty"`
	Moved string   `json:"moved,omitempty"` // folder of damaged files
}

// DamageItem is one damaged file.
type DamageItem struct {
	Kind   string `json:"kind"` // manifest, run, ids, tombstones, quarantine, leftover
	File   string `json:"file"`
	Cause  string `json:"cause"`
	Remedy string `json:"remedy"`
	Rows   int64  `json:"rows,omitempty"`   // sign-ins in it
	People int64  `json:"people,omitempty"` // of so many; 0 = not known
	From   string `json:"from,omitempty"`   // RFC 3339, UTC
	Until  string `json:"until,omitempty"`
}

// OK reports whether the dataset is whole: nothing is damaged, or a repair
// mended all of it.
func (r *RepairResult) OK() bool {
	return len(r.Damage) == 0 || r.Repaired && !r.Lost
}

// Repair checks the dataset and, unless told to look only, makes it whole
// again (dataset.Repair). at is when, for the history (RFC 3339); "" is not said.
func Repair(ctx context.Context, cfg *Config, opt Options, checkOnly bool, at string) (*RepairResult, error) {
	dir := cfg.data(&opt)
	rep, err := dataset.Repair(ctx, dir, dataset.RepairOptions{CheckOnly: checkOnly, Tool: opt.Tool, At: at})
	if err != nil {
		return nil, err
	}
	res := &RepairResult{
		Schema: "frisk.repair/v1", Dataset: dir, Files: int64(rep.Files), Rows: rep.Rows, CheckOnly: checkOnly,
		Repaired: rep.Repaired, Lost: rep.Lost, Again: rep.Again, Notes: rep.Notes, Moved: rep.Moved,
	}
	for i := range rep.Damage {
		res.Damage = append(res.Damage, damageItem(&rep.Damage[i]))
	}
	return res, nil
}

func damageItem(d *dataset.Damage) DamageItem {
	return DamageItem{
		Kind: d.Kind, File: d.File, Cause: d.Cause, Remedy: d.Remedy, Rows: d.Rows, People: d.People,
		From: d.First.String(), Until: d.Last.String(),
	}
}

// openDataset opens the dataset for reading, without its damaged runs where the
// user asked for that; each is warned about.
func openDataset(cfg *Config, opt *Options) (*dataset.Dataset, error) {
	if !opt.SkipDamaged {
		return dataset.Open(cfg.data(opt))
	}
	d, bad, err := dataset.OpenIntact(cfg.data(opt))
	if err != nil {
		return nil, err
	}
	for i := range bad {
		b := damageItem(&bad[i])
		opt.warn(fmt.Sprintf("%s is damaged and left out: %s; %d sign-ins from %s to %s are missing from this answer", b.File, b.Cause, b.Rows, b.From, b.Until))
	}
	return d, nil
}
