// Package dataset keeps sign-in events on disk as sorted Parquet runs and reads
// them back one person at a time, in order.
//
// A dataset is a folder. manifest.json is the only commit point: a run, a
// tombstone file or a quarantine file that no manifest names does not exist, so
// a killed writer leaves the dataset as it was, and its leftovers are swept by
// the next writer. One process writes at a time (lock); readers need no lock,
// they read the runs their manifest names.
//
// A run holds the rows of one buffer, sorted by (shard, provider, tenant,
// principal, time, id). Everything that reads a history merges the runs of one
// shard; nothing ever sorts the whole. Texts stay dictionary codes from disk to
// the engines (signin.Row). The package is the only importer of parquet-go.
package dataset

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// Errors a caller branches on.
var (
	// ErrNoDataset is a folder without a manifest.
	ErrNoDataset = errors.New("no dataset here")
	// ErrUnsorted is a run whose rows are not in the order the reader needs.
	ErrUnsorted = errors.New("run is not sorted")
	// ErrCorrupt is a file of the dataset that is missing or does not hold what
	// its manifest says. The error text names the file and what to do.
	ErrCorrupt = errors.New("dataset is damaged")
	// ErrSchema is a dataset written by a version of the program with another layout.
	ErrSchema = errors.New("dataset has another schema version")
)

// Dataset is an open dataset folder. It is safe for concurrent use; it holds
// the manifest as of the last Open, Reader or commit made through it.
type Dataset struct {
	dir string

	mu       sync.Mutex
	manifest Manifest

	skip []string // names of damaged runs to read without, sorted; such a dataset is not written to

	// hook, when set, is called at the named points of a write; tests kill the
	// process there.
	hook func(point string)
}

// Open opens the dataset in dir. A folder without one gives ErrNoDataset.
func Open(dir string) (*Dataset, error) {
	m, err := loadManifest(dir)
	if err != nil {
		return nil, err
	}
	return &Dataset{dir: dir, manifest: m}, nil
}

// Create opens the dataset in dir and makes an empty one where there is none.
// It refuses a folder that holds runs but no manifest, because the next write
// would sweep them away.
func Create(dir string) (*Dataset, error) {
	d, err := Open(dir)
	if !errors.Is(err, ErrNoDataset) {
		return d, err
	}
	left, err := filepath.Glob(filepath.Join(dir, runsDir, "*"+parquetExt))
	if err != nil {
		return nil, fmt.Errorf("create dataset %q: %w", dir, err)
	}
	if len(left) > 0 {
		return nil, fmt.Errorf("create dataset %q: %w: it has runs but no %s: run \"analyze repair\", or move the folder away and ingest again",
			dir, ErrCorrupt, manifestName)
	}
	for _, sub := range []string{"", runsDir, tombstonesDir, quarantineDir, findingsDir, decisionsDir} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return nil, fmt.Errorf("create dataset: %w", err)
		}
	}
	d = &Dataset{dir: dir, manifest: Manifest{Schema: SchemaVersion, NextRun: 1}}
	unlock, err := d.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	if _, err := os.Stat(filepath.Join(dir, manifestName)); !errors.Is(err, fs.ErrNotExist) {
		return Open(dir) // another process was faster
	}
	if err := d.commit(d.manifest); err != nil {
		return nil, err
	}
	return d, nil
}

// Dir is the folder as given.
func (d *Dataset) Dir() string { return d.dir }

// FindingsDir and DecisionsDir are where WriteTable puts derived tables.
func (d *Dataset) FindingsDir() string { return filepath.Join(d.dir, findingsDir) }

// DecisionsDir is the folder for decisions, beside FindingsDir.
func (d *Dataset) DecisionsDir() string { return filepath.Join(d.dir, decisionsDir) }

// Manifest is a copy of the manifest last seen. Its slices are shared and must
// not be modified.
func (d *Dataset) Manifest() Manifest {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.manifest
}

// refresh reads the manifest from disk, where another process may have committed.
func (d *Dataset) refresh() (Manifest, error) {
	m, err := loadManifest(d.dir)
	if err != nil {
		return Manifest{}, err
	}
	m = d.without(m)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.manifest = m
	return m, nil
}

func (d *Dataset) at(point string) {
	if d.hook != nil {
		d.hook(point)
	}
}
