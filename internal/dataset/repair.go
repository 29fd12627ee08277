package dataset

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// Kinds of Damage.
const (
	DamageManifest   = "manifest"
	DamageRun        = "run" // the sorted rows: the only kind that loses sign-ins
	DamageIDs        = "ids"
	DamageTombstones = "tombstones"
	DamageQuarantine = "quarantine"
	DamageLeftover   = "leftover" // of a killed writer: no loss
)

// Damage is one thing that is wrong with a dataset.
type Damage struct {
	Kind string `json:"kind"`
	File string `json:"file"` // below the dataset folder, with slashes
	// Cause is what was found, Remedy what repair did about it, or would do.
	Cause  string `json:"cause"`
	Remedy string `json:"remedy"`
	// Rows are sign-ins that are lost until their sources are read again, People
	// how many principals they belong to (0 = not known), First and Last their span.
	Rows   int64       `json:"rows,omitempty"`
	People int64       `json:"people,omitempty"`
	First  signin.Time `json:"first,omitempty"`
	Last   signin.Time `json:"last,omitempty"`

	run int // index into the manifest's runs, -1 for none
}

// RepairOptions say how to repair. The zero value repairs.
type RepairOptions struct {
	CheckOnly bool   // look, and change nothing
	Tool      string // the program's version, for the history
	At        string // when, for the history; "" when not said
}

// RepairReport is what a check found and a repair did.
type RepairReport struct {
	Files  int      `json:"files"` // that were checked
	Rows   int64    `json:"rows"`  // sign-ins in the dataset, after the repair
	Damage []Damage `json:"damage,omitempty"`
	// Again are the sources to ingest again, sorted: those that may have given
	// the lost rows or records.
	Again []string `json:"again,omitempty"`
	// Lost reports whether rows or records are missing until sources are read
	// again: those of Again, or what Notes say where it cannot be told which.
	Lost  bool     `json:"lost"`
	Notes []string `json:"notes,omitempty"`
	// Moved is the folder that damaged files were moved to, "" for none.
	Moved string `json:"moved,omitempty"`
	// Repaired reports whether anything was changed.
	Repaired bool `json:"repaired"`
}

// damagedDir is where repair puts what it takes out of the dataset; nothing
// ever deletes it.
const damagedDir = "damaged"

// Repair checks every file of the dataset in dir against the manifest's
// checksums (or, where an older version of the program stored none, by reading
// all of it) and, unless told to look only, makes the dataset whole again:
//
//   - a damaged manifest is restored from its copy;
//   - a damaged run is taken out, and what it knew of replaced versions is kept,
//     so that reading its sources again gives the rows that were lost and no others;
//   - a damaged ids file is made again from its run;
//   - damaged tombstones are made again from the ids files;
//   - leftovers of a killed writer are removed.
//
// Damaged files are moved below damaged/, never deleted. It takes the writer's
// lock. ErrNoDataset is a folder with no trace of one.
func Repair(ctx context.Context, dir string, opt RepairOptions) (*RepairReport, error) {
	if !traces(dir) {
		return nil, fmt.Errorf("repair dataset %q: %w", dir, ErrNoDataset)
	}
	d := &Dataset{dir: dir}
	unlock, err := d.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	r := &repair{d: d, opt: opt, report: &RepairReport{}}
	if err := r.check(ctx); err != nil {
		return nil, fmt.Errorf("check dataset %q: %w", dir, err)
	}
	if !opt.CheckOnly && len(r.report.Damage) > 0 {
		if err := r.fix(ctx); err != nil {
			return nil, fmt.Errorf("repair dataset %q: %w", dir, err)
		}
		r.report.Repaired = true
	}
	r.report.Rows = r.m.Rows()
	return r.report, nil
}

// traces reports whether dir holds a manifest, its copy or runs.
func traces(dir string) bool {
	for _, name := range []string{manifestName, manifestCopy} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return true
		}
	}
	left, _ := filepath.Glob(filepath.Join(dir, runsDir, "*"+parquetExt)) // the pattern is well formed
	return len(left) > 0
}

// repair is one call of Repair.
type repair struct {
	d      *Dataset
	opt    RepairOptions
	m      Manifest // the best one there is; Dead counts are the manifest's
	report *RepairReport

	restored bool // the manifest is not the one on disk
	scratch  bool // there was none to restore: the dataset begins anew
	badRun   map[string]bool
	badIDs   map[string]bool
	badTombs bool
	badQuar  map[string]bool // by source
}

func (r *repair) found(d Damage) {
	r.report.Damage = append(r.report.Damage, d)
}

// check fills the report and the sets of what is bad.
func (r *repair) check(ctx context.Context) error {
	r.badRun, r.badIDs, r.badQuar = map[string]bool{}, map[string]bool{}, map[string]bool{}
	if err := r.checkManifest(); err != nil {
		return err
	}
	for i := range r.m.Runs {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := r.checkRun(ctx, i); err != nil {
			return err
		}
	}
	r.checkTombstones()
	r.checkQuarantine()
	if err := r.checkLeftovers(); err != nil {
		return err
	}
	r.again()
	return nil
}

func (r *repair) checkManifest() error {
	r.report.Files++
	m, err := loadManifest(r.d.dir)
	switch {
	case err == nil:
		r.m = m
		return nil
	case errors.Is(err, ErrSchema):
		return err
	}
	cause := "it is missing"
	if !errors.Is(err, ErrNoDataset) {
		b, rerr := os.ReadFile(filepath.Join(r.d.dir, manifestName)) //nolint:gosec // inside the dataset folder
		if rerr != nil {
			return rerr
		}
		_, perr := parseManifest(b)
		cause = fmt.Sprint(perr)
	}
	r.restored = true
	b, err := os.ReadFile(filepath.Join(r.d.dir, manifestCopy)) //nolint:gosec // inside the dataset folder
	if err == nil {
		if r.m, err = parseManifest(b); err == nil {
			r.found(Damage{
				Kind: DamageManifest, File: manifestName, Cause: cause, run: -1,
				Remedy: fmt.Sprintf("restore it from its copy, as of commit %d", r.m.Commit),
			})
			return nil
		}
	}
	r.scratch = true
	r.m = Manifest{Schema: SchemaVersion, NextRun: r.nextRun()}
	r.found(Damage{
		Kind: DamageManifest, File: manifestName, Cause: cause + ", and so is its copy", run: -1,
		Remedy: "move everything aside and begin with an empty dataset",
	})
	return nil
}

// nextRun is a number no file in the folder has.
func (r *repair) nextRun() int {
	next := 1
	entries, _ := os.ReadDir(filepath.Join(r.d.dir, runsDir)) // an unreadable folder fails later
	for _, e := range entries {
		var n int
		if _, err := fmt.Sscanf(e.Name(), "%d.", &n); err == nil {
			next = max(next, n+1)
		}
	}
	return next
}

// checkLeftovers lists files that no manifest names. Beside a restored
// manifest they may be what its lost last commit wrote: then they are moved
// aside, not removed.
func (r *repair) checkLeftovers() error {
	err := r.d.unnamed(r.m, func(rel string) error {
		r.report.Files++
		d := Damage{Kind: DamageLeftover, File: filepath.ToSlash(rel), Cause: "no manifest names it: a writer was killed", Remedy: "remove it", run: -1}
		if r.restored {
			d.Cause, d.Remedy = "the manifest does not name it", "move it aside"
		}
		r.found(d)
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// again says which sources have to be read again and what cannot be known.
func (r *repair) again() {
	need := map[string]bool{}
	for name := range r.badQuar {
		need[name] = true
	}
	ghosts := false
	for i := range r.report.Damage {
		d := &r.report.Damage[i]
		ghosts = ghosts || d.Kind == DamageIDs
		if d.Kind != DamageRun {
			continue
		}
		for j := range r.m.Sources {
			// A source gave rows of this run only if its own span touches it.
			s := &r.m.Sources[j]
			if s.First != 0 && s.First <= d.Last && s.Last >= d.First {
				need[s.Name] = true
			}
		}
	}
	if r.scratch {
		for _, name := range r.rawFiles() {
			need[name] = true
		}
		r.report.Notes = append(r.report.Notes, "the manifest and its copy are gone: ingest every log again (those named here are what the readable runs came from)")
	} else if r.restored && r.hasLeftoverRun() {
		r.report.Notes = append(r.report.Notes, "the copy of the manifest may be one commit behind: ingest the logs of the last ingest again")
	}
	r.report.Lost = len(need) > 0 || len(r.report.Notes) > 0
	if ghosts && r.m.everReplaced() {
		r.report.Notes = append(r.report.Notes, "a damaged ids file also knew versions of records that newer ones replaced before; those it no longer tells are forgotten: do not ingest an old export after a newer one of the same sign-ins")
	}
	for name := range need {
		r.report.Again = append(r.report.Again, name)
	}
	slices.Sort(r.report.Again)
}

// everReplaced reports whether a row was ever replaced; true where the history
// does not tell.
func (m *Manifest) everReplaced() bool {
	if len(m.Ingests) == 0 || m.Tombstones != "" || m.Earlier != nil && m.Earlier.Total.Superseded > 0 {
		return true
	}
	return slices.ContainsFunc(m.Ingests, func(in Ingest) bool { return in.Total.Superseded > 0 })
}

func (r *repair) hasLeftoverRun() bool {
	return slices.ContainsFunc(r.report.Damage, func(d Damage) bool {
		return d.Kind == DamageLeftover && path.Dir(d.File) == runsDir && strings.HasSuffix(d.File, parquetExt)
	})
}

// rel is a path of the dataset with slashes.
func rel(elem ...string) string { return path.Join(elem...) }
