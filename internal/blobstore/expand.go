package blobstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"frisk/internal/ingest"

	"gocloud.dev/blob"
)

// Expand lists what a URL names: one object; everything below a prefix that ends
// with "/" or that no object has for its name, sorted by name, hidden and note
// files passed over as in a local folder; or what matches a pattern with *, ? or
// [ (as in path.Match, a * does not cross a "/"). An http(s) URL is one object
// and is not asked for before it is opened. What names nothing is an error that
// wraps fs.ErrNotExist.
func (s *Store) Expand(ctx context.Context, raw string) ([]Object, error) {
	if !Growable(raw) {
		o, err := s.httpObject(raw)
		return []Object{o}, err
	}
	p, err := parse(raw)
	if err != nil {
		return nil, fmt.Errorf("open input: %w", err)
	}
	if dir, local := strings.CutPrefix(p.base, "file://"); local {
		if _, err := os.Stat(filepath.FromSlash(dir)); err != nil {
			return nil, fmt.Errorf("list %q: %w", raw, err)
		}
	}
	b, err := s.bucket(ctx, p)
	if err != nil {
		return nil, err
	}
	var out []Object
	switch {
	case strings.ContainsAny(p.key, "*?["):
		out, err = s.matching(ctx, b, p)
	default:
		out, err = s.named(ctx, b, p)
	}
	if err != nil {
		return nil, scrub(fmt.Errorf("list %q: %w", Redact(raw), err))
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("list %q: nothing there: %w", Redact(raw), fs.ErrNotExist)
	}
	return out, nil
}

func (s *Store) named(ctx context.Context, b *blob.Bucket, p place) ([]Object, error) {
	if p.key != "" && !strings.HasSuffix(p.key, "/") {
		// A listing tells whether it is an object or a prefix, where asking for its
		// attributes would need one more permission.
		it := b.List(&blob.ListOptions{Prefix: p.key, Delimiter: "/"})
		for {
			o, err := it.Next(ctx)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, err
			}
			if o.Key == p.key && !o.IsDir && o.Size > 0 {
				return []Object{s.object(b, p, o)}, nil
			}
			if o.Key > p.key+"/" {
				break
			}
		}
		p.key += "/"
	}
	return s.below(ctx, b, p, p.key, nil)
}

func (s *Store) matching(ctx context.Context, b *blob.Bucket, p place) ([]Object, error) {
	if _, err := path.Match(p.key, ""); err != nil {
		return nil, fmt.Errorf("pattern %q: %w", p.key, err)
	}
	prefix := p.key[:strings.IndexAny(p.key, "*?[")]
	return s.below(ctx, b, p, prefix, func(key string) bool {
		ok, _ := path.Match(p.key, key) // checked above
		return ok
	})
}

// below lists all objects under a prefix.
func (s *Store) below(ctx context.Context, b *blob.Bucket, p place, prefix string, want func(string) bool) ([]Object, error) {
	var found []*blob.ListObject
	it := b.List(&blob.ListOptions{Prefix: prefix})
	for {
		o, err := it.Next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if strings.HasSuffix(o.Key, "/") || hidden(o.Key[strings.LastIndexByte(prefix, '/')+1:]) || want != nil && !want(o.Key) {
			continue
		}
		found = append(found, o)
	}
	slices.SortFunc(found, func(a, b *blob.ListObject) int { return strings.Compare(a.Key, b.Key) })
	out := make([]Object, 0, len(found))
	for _, o := range found {
		if o.Size == 0 && isFolder(found, o.Key) {
			continue
		}
		out = append(out, s.object(b, p, o))
	}
	return out, nil
}

// isFolder reports an empty object that stands for a folder, as accounts with a
// hierarchical namespace keep them: others lie below it.
func isFolder(found []*blob.ListObject, key string) bool {
	below := key + "/"
	i, _ := slices.BinarySearchFunc(found, below, func(o *blob.ListObject, k string) int { return strings.Compare(o.Key, k) })
	return i < len(found) && strings.HasPrefix(found[i].Key, below)
}

// hidden reports whether a part of the path below the prefix is hidden, or its
// end a note.
func hidden(rel string) bool {
	parts := strings.Split(rel, "/")
	for i, part := range parts {
		if i < len(parts)-1 && strings.HasPrefix(part, ".") || i == len(parts)-1 && ingest.Hidden(part) {
			return true
		}
	}
	return false
}

func (s *Store) object(b *blob.Bucket, p place, o *blob.ListObject) Object {
	name, key := p.base+strings.ToValidUTF8(o.Key, "\uFFFD"), o.Key
	return Object{
		Name: name, Size: o.Size, ModTime: o.ModTime,
		OpenAt: func(ctx context.Context, offset int64) (io.ReadCloser, error) {
			return s.openBlob(ctx, b, name, key, offset)
		},
	}
}
