package analysis

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	"frisk/internal/blobstore"
	"frisk/internal/dataset"
	"frisk/internal/signin"
)

// ExportOptions say what to export and where to.
type ExportOptions struct {
	// To is a file, a folder (one that exists, or a path that ends with "/"), or a URL
	// of an object store, where an end of "/" makes it a folder.
	To string
	// Span bounds the sign-ins that are written.
	Span Span
	// FileRows is the most rows of one file of a folder; 0 = DefaultFileRows. A file
	// named as such takes all rows.
	FileRows int64
	// Wait is as in IngestOptions.
	Wait func(context.Context, time.Duration) error
}

// DefaultFileRows keeps the files of a folder at some hundred megabytes.
const DefaultFileRows = 2_000_000

// ExportResult is what one export wrote.
type ExportResult struct {
	Schema  string       `json:"schema"`
	Files   []ExportFile `json:"files"`
	Rows    int64        `json:"rows"`
	Outside int64        `json:"outside,omitempty"` // not of the time asked for
}

// ExportFile is one file of it.
type ExportFile struct {
	File string `json:"file"` // without secrets
	Rows int64  `json:"rows"`
}

// ErrNotEmpty is an export into a folder that holds an export already.
var ErrNotEmpty = errors.New("the folder holds an export already")

// Export writes the sign-ins of the dataset as Parquet: shard by shard, and
// within one by provider, tenant, person and time, so the same dataset gives the
// same bytes. A file appears under its name only when it is complete.
func Export(ctx context.Context, cfg *Config, opt Options, x ExportOptions) (*ExportResult, error) {
	if x.To == "" {
		return nil, errors.New("export: name a file, a folder or a URL to write to")
	}
	d, err := openDataset(cfg, &opt)
	if err != nil {
		return nil, err
	}
	if x.Wait == nil {
		x.Wait = opt.Wait
	}
	store := blobstore.New(blobstore.Options{Wait: x.Wait})
	r, err := d.Reader(signin.NeedAll())
	if err != nil {
		return nil, closeAll(err, store)
	}
	e := &export{x: &x, store: store, res: &ExportResult{Schema: "frisk.export/v1", Files: []ExportFile{}}, p: opt.progress()}
	m := r.Manifest()
	e.p.Stage("writing Parquet", m.Rows(), false)
	err = e.run(ctx, r)
	e.p.Done()
	if err != nil {
		err = fmt.Errorf("export: %w", err)
	}
	return e.res, closeAll(err, store, r)
}

type export struct {
	x     *ExportOptions
	store *blobstore.Store
	res   *ExportResult
	p     Progress
	next  func() (signin.Event, error, bool)
	ready *signin.Event // read and not yet written
}

func (e *export) run(ctx context.Context, r *dataset.Reader) error {
	next, stop := iter.Pull2(r.All(ctx))
	defer stop()
	e.next = next
	folder, err := e.folder(ctx)
	if err != nil {
		return err
	}
	if !folder {
		return e.file(ctx, e.x.To, 0)
	}
	limit := e.x.FileRows
	if limit <= 0 {
		limit = DefaultFileRows
	}
	for n := 1; ; n++ {
		// A folder gets at least one file, so that an empty dataset is told from an
		// export that never ran.
		if more, err := e.peek(); err != nil || !more && n > 1 {
			return err
		}
		if err := e.file(ctx, e.join(fmt.Sprintf("signins-%06d.parquet", n)), limit); err != nil {
			return err
		}
	}
}

// folder reports whether the target is one, which then must not hold an export.
func (e *export) folder(ctx context.Context) (bool, error) {
	to := e.x.To
	if blobstore.Remote(to) {
		if !strings.HasSuffix(to, "/") {
			return false, nil
		}
		empty, err := e.store.Empty(ctx, to)
		if err == nil && !empty {
			err = fmt.Errorf("%q: %w: name an empty one", blobstore.Redact(to), ErrNotEmpty)
		}
		return true, err
	}
	info, err := os.Stat(to)
	if (err != nil || !info.IsDir()) && !strings.HasSuffix(to, "/") && !strings.HasSuffix(to, string(filepath.Separator)) {
		return false, nil
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return true, err
	}
	old, err := filepath.Glob(filepath.Join(escapeGlob(to), "signins-*.parquet"))
	if err == nil && len(old) > 0 {
		err = fmt.Errorf("%q: %w: name an empty one", to, ErrNotEmpty)
	}
	return true, err
}

var globMeta = strings.NewReplacer(`*`, `[*]`, `?`, `[?]`, `[`, `[[]`)

// escapeGlob makes a path its own pattern.
func escapeGlob(p string) string { return globMeta.Replace(p) }

func (e *export) join(name string) string {
	if blobstore.Remote(e.x.To) {
		return e.x.To + name
	}
	return filepath.Join(e.x.To, name)
}

// peek reports whether a row is left, which it keeps.
func (e *export) peek() (bool, error) {
	for e.ready == nil {
		ev, err, ok := e.next()
		if !ok || err != nil {
			return false, err
		}
		e.p.Add(1)
		if e.x.Span.Has(ev.Time) {
			e.ready = &ev
		} else {
			e.res.Outside++
		}
	}
	return true, nil
}

// file writes one file of at most limit rows; 0 is no limit.
func (e *export) file(ctx context.Context, to string, limit int64) error {
	var rows int64
	write := func(w io.Writer) error {
		out := dataset.NewExporter(w)
		for limit == 0 || out.Rows() < limit {
			more, err := e.peek()
			if err != nil {
				return err
			}
			if !more {
				break
			}
			if err := out.Add(e.ready); err != nil {
				return err
			}
			e.ready = nil
		}
		rows = out.Rows()
		return out.Close()
	}
	var err error
	if blobstore.Remote(to) {
		err = e.store.Write(ctx, to, write)
	} else {
		err = WriteFile(to, write)
	}
	if err != nil {
		return err
	}
	e.res.Files = append(e.res.Files, ExportFile{blobstore.Redact(to), rows})
	e.res.Rows += rows
	return nil
}
