package dataset

import (
	"bytes"
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
const SchemaVersion = 2

const (
	manifestName  = "manifest.json"
	manifestCopy  = "manifest.copy.json"
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
	// Sum is the checksum of the file itself (see seal); "" in one of an older
	// version of the program. It is the first field, by which it is found.
	Sum    string `json:"sum,omitempty"`
	Schema int    `json:"schema"`
	// Commit counts commits; a reader can tell whether anything changed.
	Commit uint64 `json:"commit"`
	// Tool is the version of the program that made the last commit.
	Tool string `json:"tool,omitempty"`
	// NextRun numbers the next run; names are never used twice.
	NextRun int   `json:"next_run"`
	Runs    []Run `json:"runs,omitempty"`
	// Tombstones names the file that lists replaced rows; "" when there are none.
	Tombstones string `json:"tombstones,omitempty"`
	// TombstonesSum is the checksum of that file (Run.Sum).
	TombstonesSum string   `json:"tombstones_sum,omitempty"`
	Sources       []Source `json:"sources,omitempty"`
	// Streams are the spans covered so far, sorted by provider, tenant and stream.
	// A dataset written by an older version has none for what it held then.
	Streams []StreamSpan `json:"streams,omitempty"`
	// Ingests is the history, oldest first; Earlier adds up what it no longer
	// lists, nil for nothing.
	Ingests []Ingest `json:"ingests,omitempty"`
	Earlier *Ingest  `json:"earlier,omitempty"`
}

// Run describes one sorted Parquet file and its id index.
type Run struct {
	Name string `json:"name"` // runs/NAME.parquet, runs/NAME.ids
	Rows int64  `json:"rows"`
	// Dead counts rows with a tombstone: still in the file, no longer in the dataset.
	Dead  int64 `json:"dead,omitempty"`
	Bytes int64 `json:"bytes"` // size of the Parquet file
	// People is how many principals have rows in it; 0 when an older version of
	// the program wrote it.
	People int64 `json:"people,omitempty"`
	// Sum and IDsSum are the checksums of the two files, XXH3 (128 bit) in hex,
	// as xxh128sum prints them; "" when an older version of the program wrote them.
	Sum    string `json:"sum,omitempty"`
	IDsSum string `json:"ids_sum,omitempty"`
	// Foot is where the rows end and the indexes and the footer begin, FootSum the
	// checksum of the latter: it is compared whenever the run is opened, because
	// they say where and how large everything else is. Pages have checksums of
	// their own.
	Foot    int64  `json:"foot,omitempty"`
	FootSum string `json:"foot_sum,omitempty"`
	// MinTime and MaxTime are inclusive, in microseconds since the Unix epoch, UTC.
	MinTime signin.Time `json:"min_time"`
	MaxTime signin.Time `json:"max_time"`
	// Shards[s] is the first row of shard s; shard s ends where s+1 begins, the
	// last at Rows.
	Shards []int64 `json:"shards"`
	// Tenants are the provider and tenant pairs that occur, sorted.
	Tenants []Tenant `json:"tenants"`
	// Home is AppendOptions.HomeKey of the ingest that wrote the run; "" means
	// that every principal lies in the shard of its own key.
	Home string `json:"home,omitempty"`
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
		if r.Rows == 0 {
			continue // keeps ids of replaced versions only
		}
		if first == 0 || r.MinTime < first {
			first = r.MinTime
		}
		last = max(last, r.MaxTime)
	}
	return first, last
}

// cover is Span with the runs that keep ids only.
func (m *Manifest) cover() (first, last signin.Time) {
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
	path := filepath.Join(dir, manifestName)
	b, err := os.ReadFile(path) //nolint:gosec // the folder the user named
	if errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, fmt.Errorf("open dataset %q: %w", dir, ErrNoDataset)
	}
	if err != nil {
		return Manifest{}, fmt.Errorf("open dataset: %w", err)
	}
	m, err := parseManifest(b)
	switch {
	case errors.Is(err, ErrSchema):
		return m, fmt.Errorf("open dataset %q: %w: ingest again into a new folder", dir, err)
	case err != nil:
		return m, fmt.Errorf("open dataset: %w", damaged(path, err))
	}
	return m, nil
}

// parseManifest reads an encoded manifest and checks what it says of itself.
func parseManifest(b []byte) (Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(b, &m); err != nil {
		return m, err
	}
	if !sealed(b) {
		return m, errors.New(`its checksum does not fit: it was damaged, or edited by hand (an edit is accepted when the line "sum" is removed)`)
	}
	if m.Schema != SchemaVersion {
		return m, fmt.Errorf("%w: it is %d, this program reads %d", ErrSchema, m.Schema, SchemaVersion)
	}
	for i := range m.Runs {
		if err := m.Runs[i].check(); err != nil {
			return m, fmt.Errorf("run %q: %w", m.Runs[i].Name, err)
		}
	}
	return m, m.inside()
}

// errOutside is a name that could lead out of the dataset folder. Who copies a
// dataset from somebody else must not have files of his own moved by a repair.
var errOutside = errors.New("it names a file that is not in the folder")

// inside checks the names that become paths.
func (m *Manifest) inside() error {
	names := []string{m.Tombstones}
	for i := range m.Runs {
		if m.Runs[i].Name == "" {
			return fmt.Errorf("run %d has no name", i+1)
		}
		names = append(names, m.Runs[i].Name)
	}
	for i := range m.Sources {
		names = append(names, m.Sources[i].QuarantineFile)
	}
	for _, n := range names {
		if n == "." || n == ".." || strings.ContainsAny(n, "/\\:\x00") {
			return fmt.Errorf("%w: %q", errOutside, n)
		}
	}
	return nil
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
// The caller holds the lock and has synced every file m names. A second copy
// follows, from which repair restores a manifest that the disk has damaged.
func (d *Dataset) commit(m Manifest) error {
	m.Commit++
	m.Sum = zeroSum
	b, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return fmt.Errorf("commit dataset: %w", err)
	}
	if b, err = seal(append(b, '\n')); err != nil {
		return fmt.Errorf("commit dataset: %w", err)
	}
	for _, sub := range ownDirs {
		if err := syncDir(filepath.Join(d.dir, sub)); err != nil {
			return fmt.Errorf("commit dataset: %w", err)
		}
	}
	m.Sum = string(b[len(sumPrefix) : len(sumPrefix)+len(zeroSum)])
	path := filepath.Join(d.dir, manifestName)
	if err := writeFile(path+tmpExt, b); err != nil {
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
	d.manifest = m
	d.mu.Unlock()
	// The commit stands whatever becomes of the copy: sweep writes it again.
	_ = d.copyManifest()
	return nil
}

// copyManifest brings the copy up to the manifest. Files that only the copy
// names may be swept only after it.
func (d *Dataset) copyManifest() error {
	b, err := os.ReadFile(filepath.Join(d.dir, manifestName)) //nolint:gosec // inside the dataset folder
	if err != nil {
		return fmt.Errorf("copy manifest: %w", err)
	}
	path := filepath.Join(d.dir, manifestCopy)
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, b) { //nolint:gosec // likewise
		return nil
	}
	if !sealed(b) {
		return fmt.Errorf("copy manifest: %w", damaged(filepath.Join(d.dir, manifestName), errors.New("its checksum does not fit")))
	}
	if err := writeFile(path+tmpExt, b); err != nil {
		return fmt.Errorf("copy manifest: %w", err)
	}
	if err := os.Rename(path+tmpExt, path); err != nil {
		return fmt.Errorf("copy manifest: %w", err)
	}
	return syncDir(d.dir)
}
