package dataset

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// SchemaVersion is the version of the on-disk layout. A new coded column does
// not change it (older runs read as "the log did not say"); another sort order,
// shard function or shard count does.
const SchemaVersion = 1

const (
	manifestName  = "manifest.json"
	runsDir       = "runs"
	tombstonesDir = "tombstones"
	quarantineDir = "quarantine"
	findingsDir   = "findings"
	decisionsDir  = "decisions"
	parquetExt    = ".parquet"
	idsExt        = ".ids"
)

// Manifest says what the dataset consists of. It is replaced as a whole by
// every commit.
type Manifest struct {
	Schema int `json:"schema"`
	// Commit counts commits; a reader can tell whether anything changed.
	Commit uint64 `json:"commit"`
	// Tool is the version of the program that made the last commit.
	Tool string `json:"tool,omitempty"`
	// NextRun numbers the next run; names are never used twice.
	NextRun int   `json:"next_run"`
	Runs    []Run `json:"runs,omitempty"`
	// Tombstones names the file that lists replaced rows; "" when there are none.
	Tombstones string   `json:"tombstones,omitempty"`
	Sources    []Source `json:"sources,omitempty"`
}

// Run describes one sorted Parquet file and its id index.
type Run struct {
	Name string `json:"name"` // runs/NAME.parquet, runs/NAME.ids
	Rows int64  `json:"rows"`
	// Dead counts rows with a tombstone: still in the file, no longer in the dataset.
	Dead  int64 `json:"dead,omitempty"`
	Bytes int64 `json:"bytes"` // size of the Parquet file
	// MinTime and MaxTime are inclusive, in microseconds since the Unix epoch, UTC.
	MinTime signin.Time `json:"min_time"`
	MaxTime signin.Time `json:"max_time"`
	// Shards[s] is the first row of shard s; shard s ends where s+1 begins, the
	// last at Rows.
	Shards []int64 `json:"shards"`
	// Tenants are the provider and tenant pairs that occur, sorted.
	Tenants []Tenant `json:"tenants"`
}

// Tenant is one directory of one provider.
type Tenant struct {
	Provider string `json:"provider"`
	Tenant   string `json:"tenant"`
}

// addTenant keeps Tenants sorted and distinct.
func (r *Run) addTenant(t Tenant) {
	i, known := slices.BinarySearchFunc(r.Tenants, t, func(a, b Tenant) int {
		return cmp.Or(strings.Compare(a.Provider, b.Provider), strings.Compare(a.Tenant, b.Tenant))
	})
	if !known {
		r.Tenants = slices.Insert(r.Tenants, i, t)
	}
}

// Live is the number of rows without a tombstone.
func (r *Run) Live() int64 { return r.Rows - r.Dead }

// Rows is the number of events in the dataset.
func (m *Manifest) Rows() int64 {
	var n int64
	for i := range m.Runs {
		n += m.Runs[i].Live()
	}
	return n
}

// Span is the time of the first and last event, zero in an empty dataset.
// Replaced rows count.
func (m *Manifest) Span() (first, last signin.Time) {
	for i := range m.Runs {
		r := &m.Runs[i]
		if first == 0 || r.MinTime < first {
			first = r.MinTime
		}
		last = max(last, r.MaxTime)
	}
	return first, last
}

// shard gives the rows [lo, hi) of shard s.
func (r *Run) shard(s int) (lo, hi int64) {
	lo, hi = r.Shards[s], r.Rows
	if s+1 < len(r.Shards) {
		hi = r.Shards[s+1]
	}
	return lo, hi
}

func loadManifest(dir string) (Manifest, error) {
	var m Manifest
	path := filepath.Join(dir, manifestName)
	b, err := os.ReadFile(path) //nolint:gosec // the folder the user named
	if errors.Is(err, fs.ErrNotExist) {
		return m, fmt.Errorf("open dataset %q: %w", dir, ErrNoDataset)
	}
	if err != nil {
		return m, fmt.Errorf("open dataset: %w", err)
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return m, fmt.Errorf("open dataset: %w: %q: %w: restore it from a backup, or move the folder away and ingest again", ErrCorrupt, path, err)
	}
	if m.Schema != SchemaVersion {
		return m, fmt.Errorf("open dataset %q: %w: it is %d, this program reads %d: ingest again into a new folder", dir, ErrSchema, m.Schema, SchemaVersion)
	}
	for i := range m.Runs {
		if err := m.Runs[i].check(); err != nil {
			return m, fmt.Errorf("open dataset: %w: %q: run %q: %w", ErrCorrupt, path, m.Runs[i].Name, err)
		}
	}
	return m, nil
}

func (r *Run) check() error {
	if len(r.Shards) != signin.Shards {
		return fmt.Errorf("has %d shards, want %d", len(r.Shards), signin.Shards)
	}
	last := int64(0)
	for _, s := range r.Shards {
		if s < last || s > r.Rows {
			return errors.New("shard ranges do not add up")
		}
		last = s
	}
	return nil
}

// commit replaces the manifest: written beside, synced, renamed, folder synced.
// The caller holds the lock and has synced every file m names.
func (d *Dataset) commit(m Manifest) error {
	m.Commit++
	b, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return fmt.Errorf("commit dataset: %w", err)
	}
	for _, sub := range []string{runsDir, tombstonesDir, quarantineDir} {
		if err := syncDir(filepath.Join(d.dir, sub)); err != nil {
			return fmt.Errorf("commit dataset: %w", err)
		}
	}
	path := filepath.Join(d.dir, manifestName)
	if err := writeFile(path+tmpExt, append(b, '\n')); err != nil {
		return fmt.Errorf("commit dataset: %w", err)
	}
	d.at("manifest-written")
	if err := os.Rename(path+tmpExt, path); err != nil {
		return fmt.Errorf("commit dataset: %w", err)
	}
	d.at("manifest-renamed")
	if err := syncDir(d.dir); err != nil {
		return fmt.Errorf("commit dataset: %w", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.manifest = m
	return nil
}
