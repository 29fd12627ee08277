// Package flock locks files between processes. The operating system drops a lock
// when its process ends however it ends, so there is no stale lock to remove.
// Locks are advisory: they bind those who ask.
package flock

import "errors"

// ErrHeld is the answer of Lock when another process, or another open file of
// this one, has the lock.
var ErrHeld = errors.New("lock is held")
