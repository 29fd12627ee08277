// Package blobstore reads logs from, and writes exports to, places that are not
// local files: Azure Storage (az://CONTAINER/PREFIX), Amazon S3 (s3://BUCKET/…),
// Google Cloud Storage (gs://BUCKET/…), a folder as a bucket (file:///…) and one
// file behind http(s)://. It is the only importer of gocloud.dev and of the
// cloud SDKs below it, so that internal/ingest stays small.
//
// Nothing here is called unless the user named such a place. Credentials come
// from the environment and each SDK's standard chain (docs/sources.md lists the
// variables); a URL that carries some is refused, save for http(s), and no name or
// error this package gives shows a query's secret, a password or a token.
//
// A reading is streamed: memory does not depend on the size of an object. A
// connection that breaks is taken up again where it broke, provided the object
// is still the same one.
package blobstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/azureblob" // az://
	_ "gocloud.dev/blob/fileblob"  // file://
	_ "gocloud.dev/blob/gcsblob"   // gs://
	_ "gocloud.dev/blob/memblob"   // mem://, for tests
	_ "gocloud.dev/blob/s3blob"    // s3://

	"frisk/internal/ingest"
)

// Options of a Store. The zero value works.
type Options struct {
	// Wait pauses between two tries of a request; nil does not pause. It is passed
	// in because only the command layer knows a clock. Its error ends the trying.
	Wait func(context.Context, time.Duration) error
	// Stall is how long a connection may be silent before it counts as broken; 0 is
	// two minutes.
	Stall time.Duration
	// Bucket, when set, opens a bucket in the place of the drivers, for tests.
	Bucket func(context.Context, string) (*blob.Bucket, error)
}

// Store opens remote places and keeps the connections it made until Close. It is
// safe for concurrent use.
type Store struct {
	opt  Options
	http *http.Client

	mu      sync.Mutex
	buckets map[string]*blob.Bucket
}

// New makes a Store; nothing is opened yet.
func New(opt Options) *Store {
	if opt.Wait == nil {
		opt.Wait = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	}
	if opt.Stall <= 0 {
		opt.Stall = 2 * time.Minute
	}
	if opt.Bucket == nil {
		opt.Bucket = blob.OpenBucket
	}
	return &Store{opt: opt, http: newClient(opt.Stall), buckets: map[string]*blob.Bucket{}}
}

// Close ends all connections.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, b := range s.buckets {
		errs = append(errs, scrub(b.Close()))
	}
	clear(s.buckets)
	s.http.CloseIdleConnections()
	return errors.Join(errs...)
}

// drivers maps the scheme a user writes to the one its driver registered.
var drivers = map[string]string{
	"az": "azblob", "azblob": "azblob", "s3": "s3", "gs": "gs", "file": "file", "mem": "mem",
	"http": "", "https": "",
}

// Remote reports whether a path is a URL for this package: one of az, azblob, s3, gs,
// file, http and https (and mem, for tests).
func Remote(path string) bool {
	scheme, _, ok := strings.Cut(path, "://")
	_, known := drivers[scheme]
	return ok && known
}

// Broken reports whether an error came from a remote place or the way there, so
// that a later try may succeed.
func Broken(err error) bool {
	_, ok := errors.AsType[*scrubbed](err)
	return ok
}

// Growable reports whether a remote path can be followed: all but http(s), which
// have no listing and no promise of a time.
func Growable(path string) bool {
	return !strings.HasPrefix(path, "http://") && !strings.HasPrefix(path, "https://")
}

// Object is one remote file.
type Object struct {
	Name    string    // its URL without secrets, valid UTF-8
	Size    int64     // -1 when not known before it is opened
	ModTime time.Time // zero when not known
	// OpenAt begins a reading at an offset in bytes. The context governs the reading
	// too.
	OpenAt func(ctx context.Context, offset int64) (io.ReadCloser, error)
}

// Source is the object as an input of ingest; ctx governs its readings.
func (o *Object) Source(ctx context.Context) ingest.Source {
	return ingest.Source{
		Name: o.Name, Size: o.Size, ModTime: o.ModTime,
		Open:   func() (io.ReadCloser, error) { return o.OpenAt(ctx, 0) },
		OpenAt: func(offset int64) (io.ReadCloser, error) { return o.OpenAt(ctx, offset) },
	}
}

// place is a parsed URL: a bucket and a key in it.
type place struct {
	base   string // what names begin with: az://container/
	bucket string // for the driver: azblob://container?options
	key    string
}

// parse splits a URL of an object store.
func parse(raw string) (place, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return place{}, fmt.Errorf("%q is not a URL", Redact(raw))
	}
	if u.User != nil || secret(u.Query()) {
		return place{}, fmt.Errorf("%q carries credentials: give them through the environment instead (docs/sources.md)", Redact(raw))
	}
	q := ""
	if u.RawQuery != "" {
		q = "?" + u.RawQuery
	}
	if u.Scheme == "file" {
		if u.Host != "" && u.Host != "localhost" {
			return place{}, fmt.Errorf("%q names a host: write file:///PATH with three slashes", raw)
		}
		i := strings.LastIndexByte(u.Path, '/') + 1
		dir := (&url.URL{Path: u.Path[:i]}).EscapedPath()
		return place{base: "file://" + u.Path[:i], bucket: "file://" + dir + "?metadata=skip&no_tmp_dir=true", key: u.Path[i:]}, nil
	}
	if u.Host == "" && u.Scheme != "mem" {
		return place{}, fmt.Errorf("%q names no bucket: write %s://BUCKET/PREFIX", raw, u.Scheme)
	}
	return place{
		base:   u.Scheme + "://" + u.Host + "/",
		bucket: drivers[u.Scheme] + "://" + u.Host + q,
		key:    strings.TrimPrefix(u.Path, "/"),
	}, nil
}

// bucket opens a bucket once.
func (s *Store) bucket(ctx context.Context, p place) (*blob.Bucket, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b := s.buckets[p.bucket]; b != nil {
		return b, nil
	}
	b, err := s.opt.Bucket(ctx, p.bucket)
	if err != nil {
		return nil, scrub(fmt.Errorf("open %q: %w", p.base, err))
	}
	s.buckets[p.bucket] = b
	return b, nil
}
