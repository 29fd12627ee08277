package analysis

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"frisk/internal/dataset"
	"frisk/internal/signin"
)

// shardTable writes one derived table while shards are worked on. Shards end in
// any order; their rows wait until those of the shards before are written, so
// the file does not depend on who worked on what. Memory holds the shards that
// wait, not the table: there may be a row for every sign-in.
//
// C is what a row is kept as until then, T what is written.
type shardTable[C, T any] struct {
	path string // of the complete table, which commit puts there
	row  func(C) T
	in   chan shardRows[C]
	free chan []C // slices written, for reuse
	done chan error
}

type shardRows[C any] struct {
	shard int
	rows  []C
}

// newShardTable starts writing. The caller must call close, and then commit or
// nothing.
func newShardTable[C, T any](path string, row func(C) T) *shardTable[C, T] {
	t := &shardTable[C, T]{
		path: path, row: row,
		in: make(chan shardRows[C], signin.Shards), free: make(chan []C, signin.Shards), done: make(chan error, 1),
	}
	go func() {
		err := dataset.WriteTable(t.next(), t.rows)
		for range t.in { // after an error nobody must wait for us
		}
		t.done <- err
	}()
	return t
}

// next is where the table is written before it is known to be whole.
func (t *shardTable[C, T]) next() string { return t.path + ".next" }

// buffer is an empty slice to collect a shard's rows in.
func (t *shardTable[C, T]) buffer() []C {
	select {
	case b := <-t.free:
		return b[:0]
	default:
		return nil
	}
}

// add takes over the rows of a shard. Every shard is added once.
func (t *shardTable[C, T]) add(shard int, rows []C) { t.in <- shardRows[C]{shard, rows} }

// rows yields what was added in the order of shards.
func (t *shardTable[C, T]) rows(yield func(T) bool) {
	var waiting [signin.Shards][]C
	var here [signin.Shards]bool
	turn := 0
	for s := range t.in {
		waiting[s.shard], here[s.shard] = s.rows, true
		for ; turn < len(here) && here[turn]; turn++ {
			for _, c := range waiting[turn] {
				if !yield(t.row(c)) {
					return
				}
			}
			select {
			case t.free <- waiting[turn]:
			default: // as many as there are shards: never full
			}
			waiting[turn] = nil
		}
	}
}

// close ends the table; with an error, what was written is dropped.
func (t *shardTable[C, T]) close(err error) error {
	close(t.in)
	err = errors.Join(err, <-t.done)
	if err == nil {
		return nil
	}
	if rerr := os.Remove(t.next()); !errors.Is(rerr, fs.ErrNotExist) {
		err = errors.Join(err, rerr)
	}
	return err
}

// commit puts the closed table in place of an older one.
func (t *shardTable[C, T]) commit() error {
	if err := os.Rename(t.next(), t.path); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return nil
}
