package fetch

import (
	"errors"
	"fmt"
	"os"

	"frisk/internal/flock"
)

// lock takes the folder's lock, which the operating system drops when the process
// ends however it ends: there is no stale lock to remove.
func lock(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // below the output folder
	if err != nil {
		return nil, err
	}
	if err := flock.Lock(f); err != nil {
		_ = f.Close()
		if errors.Is(err, flock.ErrHeld) {
			return nil, fmt.Errorf("%w: wait for it to end", ErrLocked)
		}
		return nil, fmt.Errorf("lock: %w", err)
	}
	// A fetch that got nothing removes its lock file: one that was opened before
	// and locked after that keeps nobody out.
	mine, err := f.Stat()
	there, thereErr := os.Stat(path)
	if err != nil || thereErr != nil || !os.SameFile(mine, there) {
		_ = f.Close()
		return nil, fmt.Errorf("%w: it just ended, try again", ErrLocked)
	}
	return func() {
		_ = flock.Unlock(f)
		_ = f.Close()
	}, nil
}
