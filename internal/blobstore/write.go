package blobstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Write puts one object at a URL of an object store: complete, or not at all
// when write or the upload fails. What stood there is replaced. The data are
// streamed.
func (s *Store) Write(ctx context.Context, raw string, write func(io.Writer) error) error {
	if !Growable(raw) {
		return fmt.Errorf("write %q: http and https can only be read: name a file, a folder, az://, s3:// or gs://", Redact(raw))
	}
	p, err := parse(raw)
	if err != nil {
		return fmt.Errorf("write: %w", err)
	}
	if dir, local := strings.CutPrefix(p.base, "file://"); local {
		if err := os.MkdirAll(filepath.FromSlash(dir), 0o700); err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
	b, err := s.bucket(ctx, p)
	if err != nil {
		return err
	}
	// An upload is given up by cancelling its context before Close.
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := b.NewWriter(inner, p.key, nil)
	if err == nil {
		if err = write(w); err != nil {
			cancel()
			_ = w.Close() // its error only says that it was cancelled
		} else {
			err = w.Close()
		}
	}
	if err != nil {
		return scrub(fmt.Errorf("write %q: %w", Redact(raw), err))
	}
	return nil
}

// Empty reports whether nothing lies at or below a URL of an object store.
func (s *Store) Empty(ctx context.Context, raw string) (bool, error) {
	_, err := s.Expand(ctx, raw)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	return false, err
}
