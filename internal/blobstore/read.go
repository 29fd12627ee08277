package blobstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"
)

// tries is how often a reading is taken up again at one place before it is given
// up. The SDKs repeat single requests on their own below this.
const tries = 4

// ErrChanged is wrapped by the error of an object that changed between two
// requests of one reading.
var ErrChanged = errors.New("it changed while it was read")

// resuming reads a stream and opens it again where it broke. Each piece that
// arrives begins the counting of tries anew.
type resuming struct {
	ctx    context.Context
	name   string
	at     int64 // bytes from the beginning of the object
	size   int64 // of the object; -1 when not known
	left   int   // tries
	wait   func(context.Context, time.Duration) error
	open   func(at int64) (io.ReadCloser, error)
	stream io.ReadCloser
}

func (r *resuming) Read(p []byte) (int, error) {
	for {
		n, err := r.stream.Read(p)
		r.at += int64(n)
		if n > 0 {
			r.left = tries
		}
		if err == io.EOF && n == 0 && r.at < r.size {
			err = io.ErrUnexpectedEOF // an answer cut short that did not say so
		}
		if err == nil || err == io.EOF {
			return n, err
		}
		if n > 0 {
			return n, nil // the error comes again, or reading goes on after it
		}
		if err := r.again(err); err != nil {
			return 0, scrub(fmt.Errorf("read %q at byte %d: %w", r.name, r.at, err))
		}
	}
}

// again opens the stream anew after cause, or gives the error to end with.
func (r *resuming) again(cause error) error {
	for r.left--; r.left > 0; r.left-- {
		if r.ctx.Err() != nil {
			return context.Cause(r.ctx)
		}
		if errors.Is(cause, ErrChanged) {
			return cause
		}
		if err := r.wait(r.ctx, pause(tries-r.left)); err != nil {
			return err
		}
		_ = r.stream.Close()
		s, err := r.open(r.at)
		if err == nil {
			r.stream = s
			return nil
		}
		cause = err
	}
	return cause
}

func (r *resuming) Close() error {
	return scrub(r.stream.Close())
}

// pause is how long to wait before the given try: 1, 2, 4 seconds.
func pause(try int) time.Duration { return time.Second << max(try-1, 0) }

// openBlob reads an object of a bucket from an offset on.
func (s *Store) openBlob(ctx context.Context, b *blob.Bucket, name, key string, offset int64) (io.ReadCloser, error) {
	var first *blob.Reader
	res := &resuming{ctx: ctx, name: name, at: offset, size: -1, left: tries, wait: s.opt.Wait}
	res.open = func(at int64) (io.ReadCloser, error) {
		if first != nil && at >= first.Size() {
			return nil, io.ErrUnexpectedEOF // nothing is left to ask for
		}
		r, err := b.NewRangeReader(ctx, key, at, -1, nil)
		if err != nil {
			return nil, err
		}
		if first != nil && (!r.ModTime().Equal(first.ModTime()) || r.Size() != first.Size()) {
			return nil, errors.Join(ErrChanged, r.Close())
		}
		if first == nil {
			first = r
			res.size = r.Size()
		}
		return r, nil
	}
	var err error
	if res.stream, err = res.open(offset); err != nil {
		switch gcerrors.Code(err) {
		case gcerrors.NotFound, gcerrors.PermissionDenied, gcerrors.InvalidArgument, gcerrors.Canceled:
		default:
			res.stream = io.NopCloser(nil)
			err = res.again(err)
		}
	}
	if err != nil {
		return nil, scrub(fmt.Errorf("open %q: %w", name, err))
	}
	return res, nil
}
