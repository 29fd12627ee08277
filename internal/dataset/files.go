package dataset

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const tmpExt = ".tmp"

// ownDirs are the folders whose files a manifest names.
var ownDirs = []string{runsDir, tombstonesDir, quarantineDir}

// createFile makes a file only its owner can read: rows are personal data.
func createFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600) //nolint:gosec // inside the dataset folder
}

// writeFile writes b to path and syncs it.
func writeFile(path string, b []byte) error {
	f, err := createFile(path)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return closeSynced(f, err)
}

// closeSynced syncs and closes f unless err is already set, and returns the
// first error.
func closeSynced(f *os.File, err error) error {
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// sweep removes what no manifest names: leftovers of a killed or aborted
// writer, and files of runs that a commit replaced. The caller holds the lock.
func (d *Dataset) sweep(m Manifest) error {
	if err := d.copyManifest(); err != nil {
		return fmt.Errorf("sweep dataset: %w", err)
	}
	return d.unnamed(m, func(rel string) error {
		// A file that cannot be removed (held open, on some systems) is
		// harmless: nothing reads it, and the next sweep tries again.
		_ = os.Remove(filepath.Join(d.dir, rel))
		return nil
	})
}

// unnamed calls each for every file that m does not name, by its path below the
// dataset folder, sorted within a folder.
func (d *Dataset) unnamed(m Manifest, each func(rel string) error) error {
	named := map[string]bool{}
	for i := range m.Runs {
		named[filepath.Join(runsDir, m.Runs[i].Name+parquetExt)] = true
		named[filepath.Join(runsDir, m.Runs[i].Name+idsExt)] = true
	}
	if m.Tombstones != "" {
		named[filepath.Join(tombstonesDir, m.Tombstones)] = true
	}
	for i := range m.Sources {
		if q := m.Sources[i].QuarantineFile; q != "" {
			named[filepath.Join(quarantineDir, q)] = true
		}
	}
	for _, sub := range ownDirs {
		entries, err := os.ReadDir(filepath.Join(d.dir, sub))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("sweep dataset: %w", err)
		}
		for _, e := range entries {
			rel := filepath.Join(sub, e.Name())
			if named[rel] || !e.Type().IsRegular() {
				continue
			}
			if err := each(rel); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *Dataset) runPath(name string) string {
	return filepath.Join(d.dir, runsDir, name+parquetExt)
}

func (d *Dataset) idsPath(name string) string {
	return filepath.Join(d.dir, runsDir, name+idsExt)
}
