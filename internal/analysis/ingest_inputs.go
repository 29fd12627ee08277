package analysis

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"frisk/internal/blobstore"
	"frisk/internal/dataset"
	"frisk/internal/ingest"
)

// input is a source with what --follow must know of it.
type input struct {
	ingest.Source
	// above is how many lines of the file come before the first one that is read.
	above int64
	// goesOn marks a piece of a file whose account goes on, and header is how many
	// bytes of it are a table's header that every piece begins with.
	goesOn bool
	header int64
	// position is how far the source has been read, asked for when its last batch
	// is there; nil outside of --follow.
	position func() *dataset.Position
	// lines is the reader of a source that is read on by lines, else nil.
	lines *lineReader
}

// idle reports whether the reading of a followed source came to nothing that the
// dataset should know of.
func (in *input) idle(r *fileAccount) bool {
	if errors.Is(r.acc.Err, errStopped) || errors.Is(r.acc.Err, errRotated) {
		return true
	}
	l := in.lines
	return l != nil && l.in != nil && l.broken == nil && r.acc.Records == 0 && (r.acc.Err == nil || l.given == 0)
}

// inputsOf are the logs that paths name: files, folders, patterns, "-", and URLs
// of the object stores and of http(s). Order is that of paths.
func inputsOf(ctx context.Context, store *blobstore.Store, opt *Options, in *IngestOptions, paths []string) ([]input, error) {
	if len(paths) == 0 {
		return nil, ErrNoLogs
	}
	var out []input
	seen := map[string]bool{}
	for _, group := range localRuns(paths) {
		if !blobstore.Remote(group[0]) {
			sources, err := ingest.ExpandWarn(group, opt.warn)
			if err != nil {
				return nil, err
			}
			for _, s := range sources {
				if s.Name == ingest.Stdin && in.Stdin != nil {
					s = ingest.ReaderSource(ingest.Stdin, in.Stdin)
				}
				out = append(out, input{Source: s})
			}
			continue
		}
		objects, err := store.Expand(ctx, group[0])
		if err != nil {
			return nil, err
		}
		for i := range objects {
			if o := &objects[i]; !seen[o.Name] {
				seen[o.Name] = true
				out = append(out, input{Source: o.Source(ctx)})
			}
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no files in %s: %w", strings.Join(paths, ", "), ErrNoLogs)
	}
	return out, nil
}

// localRuns groups neighbouring local paths, so that a file that two of them
// name is read once; each URL is a group of its own.
func localRuns(paths []string) (groups [][]string) {
	for i, p := range paths {
		if i > 0 && !blobstore.Remote(p) && !blobstore.Remote(paths[i-1]) {
			last := len(groups) - 1
			groups[last] = append(groups[last], p)
			continue
		}
		groups = append(groups, []string{p})
	}
	return groups
}

// plainSize is the number of bytes to be read, 0 where compression or a pipe
// hides it.
func plainSize(inputs []input) int64 {
	var n int64
	for i := range inputs {
		s := &inputs[i]
		ext := strings.ToLower(filepath.Ext(s.Name))
		if s.Size < 0 || ext == ".gz" || ext == ".zst" {
			return 0
		}
		n += s.Size
	}
	return n
}
