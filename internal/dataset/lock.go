package dataset

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"frisk/internal/flock"
)

// ErrLocked is a dataset that another writer holds.
var ErrLocked = errors.New("dataset is being written by another process")

// lock takes the writer's lock, which the operating system drops when the
// process ends however it ends: there is no stale lock to remove. The file
// holds the writer's process id for the message only.
func (d *Dataset) lock() (unlock func(), err error) {
	if d.skip != nil {
		return nil, fmt.Errorf("lock dataset %q: it was opened without its damaged parts: run \"analyze repair\" before writing", d.dir)
	}
	path := filepath.Join(d.dir, "lock")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // inside the dataset folder
	if err != nil {
		return nil, fmt.Errorf("lock dataset: %w", err)
	}
	if err := flock.Lock(f); err != nil {
		defer f.Close() //nolint:errcheck // nothing was written
		if errors.Is(err, flock.ErrHeld) {
			return nil, fmt.Errorf("lock dataset %q: %w (pid %s): wait for it to end", d.dir, ErrLocked, holder(f))
		}
		return nil, fmt.Errorf("lock dataset %q: %w", d.dir, err)
	}
	pid := strconv.Itoa(os.Getpid()) + "\n"
	if err := errors.Join(f.Truncate(0), writeAt(f, pid)); err != nil {
		return nil, errors.Join(fmt.Errorf("lock dataset %q: %w", d.dir, err), f.Close())
	}
	return func() {
		_ = flock.Unlock(f)
		_ = f.Close()
	}, nil
}

func writeAt(f *os.File, s string) error {
	_, err := f.WriteAt([]byte(s), 0)
	return err
}

func holder(f *os.File) string {
	b := make([]byte, 20)
	n, _ := f.ReadAt(b, 0) // an empty file is a writer that has just started
	if s := strings.TrimSpace(string(b[:n])); s != "" {
		return s
	}
	return "unknown"
}
