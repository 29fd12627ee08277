//go:build windows

package dataset

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lockOffset is a byte far past the process id, so that the id stays readable.
const lockOffset = 1 << 20

func lockFile(f *os.File) error {
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY,
		0, 1, 0, &windows.Overlapped{Offset: lockOffset})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return errHeld
	}
	return err
}

func unlockFile(f *os.File) error {
	return windows.UnlockFileEx(windows.Handle(f.Fd()), 0, 1, 0, &windows.Overlapped{Offset: lockOffset})
}

// syncDir does nothing: Windows has no sync of a folder.
func syncDir(string) error { return nil }
