package dataset

import (
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"frisk/internal/signin"
)

// Reader reads one snapshot of a dataset: the runs its manifest named when it
// was made, whatever is written meanwhile. It keeps those files open, is safe
// for concurrent use and must be closed.
type Reader struct {
	manifest Manifest
	need     signin.Need
	runs     []*runFile
	dead     tombstones

	mu   sync.Mutex
	idle []*merger // not in use, the most recent last
}

// Reader opens the dataset as it is on disk now, for reading the columns of
// need. A run that is missing or is not what the manifest says is ErrCorrupt.
func (d *Dataset) Reader(need signin.Need) (*Reader, error) {
	for {
		m, err := d.refresh()
		if err != nil {
			return nil, err
		}
		r, err := d.open(m, need)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return r, err
		}
		// A compaction may have replaced the runs between the two steps.
		if now, rerr := d.refresh(); rerr != nil || now.Commit == m.Commit {
			return nil, err
		}
	}
}

func (d *Dataset) open(m Manifest, need signin.Need) (*Reader, error) {
	dead, err := d.loadTombstones(&m)
	if err != nil {
		return nil, fmt.Errorf("open dataset: %w", err)
	}
	r, err := d.openRuns(m, dead)
	if err != nil {
		return nil, fmt.Errorf("open dataset: %w", err)
	}
	r.need = need
	return r, nil
}

// openRuns opens the runs of m, which may be fewer than the dataset's.
func (d *Dataset) openRuns(m Manifest, dead tombstones) (*Reader, error) {
	r := &Reader{manifest: m, dead: dead}
	for i := range m.Runs {
		f, err := openRun(d.runPath(m.Runs[i].Name), d.idsPath(m.Runs[i].Name), &m.Runs[i])
		if err != nil {
			return nil, errors.Join(err, r.Close())
		}
		r.runs = append(r.runs, f)
	}
	return r, nil
}

// Manifest is the snapshot's. signin.Ref.Run is an index into its Runs.
func (r *Reader) Manifest() Manifest { return r.manifest }

// Close closes the files. Sequences and refs of the reader end with it.
func (r *Reader) Close() error {
	r.dropIdle()
	var errs []error
	for _, f := range r.runs {
		errs = append(errs, f.close())
	}
	r.runs = nil
	return errors.Join(errs...)
}

func (r *Reader) dropIdle() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.idle {
		m.close()
	}
	r.idle = nil
}

// whole reads every column of the same files, which stay r's.
func (r *Reader) whole() *wholeReader {
	return &wholeReader{
		r:   &Reader{manifest: r.manifest, need: signin.NeedAll(), runs: r.runs, dead: r.dead},
		sym: signin.NewSymbols(), full: make([]*fullReader, len(r.runs)),
	}
}

// wholeReader reads shard after shard completely.
type wholeReader struct {
	r     *Reader
	sym   *signin.Symbols
	full  []*fullReader
	addrs addrCache
}

// maxSymbols bounds the symbols a wholeReader collects over the shards.
const maxSymbols = 1 << 20

// trim begins new symbols when there are too many and reports whether it did.
func (w *wholeReader) trim() bool {
	n := 0
	for _, t := range w.sym {
		n += t.Len()
	}
	if n < maxSymbols {
		return false
	}
	w.sym = signin.NewSymbols()
	return true
}

// of is the reader of what rows of a run leave out.
func (w *wholeReader) of(run uint32) *fullReader {
	if w.full[run] == nil {
		w.full[run] = newFullReader(w.r.runs[run])
	}
	return w.full[run]
}

func (w *wholeReader) close() {
	w.r.dropIdle()
	for _, f := range w.full {
		if f != nil {
			f.close()
		}
	}
}
