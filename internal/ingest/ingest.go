// Package ingest turns files of authentication logs into signin.Events.
//
// Read opens sources one after the other, undoes compression and character
// encoding, tells the format by its beginning, cuts the stream into records and
// decodes them on several workers; batches come out in input order, whatever
// the number of workers. Memory is bounded by the chunks in flight and by
// Options.MaxLine, never by the size of a file.
//
// Nothing is lost in silence: each record is an event, a counted record of
// another kind, or a LineError; a file that cannot be read, or not to its end,
// is a FileError. The run goes on in either case.
package ingest

import (
	"cmp"
	"context"
	"errors"
	"io"
	"iter"
	"runtime"
	"sync"
	"time"

	"frisk/internal/signin"
)

// Options says how to read. The zero value is ready to use.
type Options struct {
	// Workers is the number of decoding goroutines; 0 means GOMAXPROCS.
	Workers int
	// Format forces a format by name instead of telling it from each file.
	Format string
	// MaxLine is the longest record in bytes; 0 means DefaultMaxLine. What is
	// longer becomes a LineError.
	MaxLine int
	// Tenant is the Entra tenant of Entra rows that do not name theirs (a v1.0 or
	// old portal export, say). Empty leaves them without one.
	Tenant string
	// Zone is the time zone of local times in formats that name none (classic
	// syslog, PingFederate, Keycloak, Cisco); nil is UTC. A wall time that
	// occurs twice when summer time ends is the earlier one.
	Zone *time.Location
	// AsOf is a moment the logs do not go past: a time without a year is the last
	// such day up to a day after it. 0 takes each source's ModTime; where that is
	// unknown too, such a record is bad.
	AsOf signin.Time
	// MaxUnpacked is how many bytes a compressed source may unpack to and MaxRatio
	// how many times its stored size (judged once 64 MiB are unpacked); 0 means
	// DefaultMaxUnpacked and DefaultMaxRatio. Past either the file ends with an
	// ErrBomb, and what was read of it stands.
	MaxUnpacked int64
	MaxRatio    int
	// Mappings are the user's own formats, asked before the catalog.
	Mappings []*Mapping

	watch *trialLog // set by Try
}

func (o Options) withDefaults() Options {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.MaxLine <= 0 {
		o.MaxLine = DefaultMaxLine
	}
	if o.MaxUnpacked <= 0 {
		o.MaxUnpacked = DefaultMaxUnpacked
	}
	if o.MaxRatio <= 0 {
		o.MaxRatio = DefaultMaxRatio
	}
	return o
}

// Read decodes sources in parallel and delivers batches in input order. A
// non-nil error ends the sequence: the context was cancelled, or opt.Format
// names no format. What ails a single file or record is in the batches.
func Read(ctx context.Context, sources []Source, opt Options) iter.Seq2[*Batch, error] {
	return func(yield func(*Batch, error) bool) {
		opt := opt.withDefaults()
		if opt.Format != "" {
			if err := knownFormat(&opt); err != nil {
				yield(nil, err)
				return
			}
		}
		inner, stop := context.WithCancel(ctx)
		r := &run{opt: &opt, work: make(chan *chunk, 2*opt.Workers), order: make(chan *chunk, 2*opt.Workers)}
		var workers sync.WaitGroup
		defer workers.Wait()
		defer stop()
		for range opt.Workers {
			workers.Go(func() { r.decode(inner) })
		}
		go r.read(inner, sources)
		for {
			var c *chunk
			var b *Batch
			var open bool
			select {
			case c, open = <-r.order:
			case <-ctx.Done():
			}
			if c != nil {
				select {
				case b = <-c.out:
				case <-ctx.Done():
				}
			}
			switch {
			case b != nil:
				if !yield(b, nil) {
					return
				}
			case ctx.Err() != nil:
				yield(nil, context.Cause(ctx))
				return
			case !open:
				return
			}
		}
	}
}

// run is one call of Read. Chunks travel through work to a worker and through
// order to the consumer; both channels are bounded, so a slow consumer stops
// the reader.
type run struct {
	opt   *Options
	work  chan *chunk
	order chan *chunk
}

// read is the only goroutine that opens and reads sources.
func (r *run) read(ctx context.Context, sources []Source) {
	defer close(r.order)
	defer close(r.work)
	for _, src := range sources {
		if !r.source(ctx, src) {
			return
		}
	}
}

// source reads one source and sends its last chunk, even when it has nothing
// but an error. It reports false when the run is cancelled.
func (r *run) source(ctx context.Context, src Source) bool {
	// One chunk is held back, so that the last one can be marked and carry the error.
	var held *chunk
	f := &file{name: src.Name, opt: r.opt, asOf: r.opt.AsOf, forced: r.opt.Format != ""}
	if src.Format != "" {
		opt := *r.opt
		opt.Format = src.Format
		f.opt = &opt
	}
	if f.asOf == 0 {
		f.asOf = signin.FromTime(src.ModTime)
	}
	emit := func(c *chunk) bool {
		ok := held == nil || r.send(ctx, held)
		held = c
		return ok
	}
	disk, err := r.contents(ctx, src, f, emit)
	if ctx.Err() != nil {
		return false
	}
	if held == nil {
		held = &chunk{file: f}
	}
	held.last, held.disk, held.err = true, disk, err
	return r.send(ctx, held)
}

// contents reads one source; disk is its size as stored.
func (r *run) contents(ctx context.Context, src Source, f *file, emit func(*chunk) bool) (disk int64, err error) {
	rc, err := src.Open()
	if err != nil {
		return 0, err
	}
	// A read that waits for a pipe ends when the run does.
	unblock := context.AfterFunc(ctx, func() { _ = rc.Close() })
	defer func() {
		if unblock() {
			_ = rc.Close() // reading is over; a close error has nothing to say
		}
	}()
	stored := watch(rc)
	defer func() {
		disk = stored.size()
		if ctx.Err() == nil {
			err = errors.Join(err, stored.changed())
		}
	}()
	return 0, r.text(ctx, stored, rc, f, emit)
}

// text unpacks what stored reads from rc, tells its format and cuts it.
func (r *run) text(ctx context.Context, stored *watched, rc io.ReadCloser, f *file, emit func(*chunk) bool) error {
	in, release, err := unpack(stored, r.opt)
	defer release()
	if err != nil {
		return err
	}
	head := make([]byte, headSize)
	n, err := io.ReadFull(in, head)
	head = head[:n]
	eof := isEnd(err)
	if err != nil && n == 0 {
		if err == io.EOF { //nolint:errorlint // ReadFull returns it bare
			return errEmpty
		}
		return err
	}
	var broken error
	if err != nil && !isEnd(err) {
		broken, eof = err, true
	}
	lines, err := unwrap(head, in, rc, r.opt)
	if err != nil {
		return errors.Join(err, broken)
	}
	if lines != nil {
		defer func() { _ = lines.Close() }() // frees memory and a copy; reading said what there was to say
		in = lines
		n, err = io.ReadFull(in, head[:cap(head)])
		head = head[:n]
		if err != nil && !isEnd(err) {
			broken = errors.Join(broken, err)
		}
		eof = err != nil
		if n == 0 && eof {
			return cmp.Or(broken, errEmpty)
		}
	}
	if eof && broken == nil && noRecords(head) {
		return nil // a quiet hour: a page or an array without a record
	}
	sp, err := prepare(f, head)
	if err != nil {
		return errors.Join(err, broken)
	}
	return errors.Join(broken, cut(ctx, f, in, head, eof, sp, emit))
}

// isEnd reports a plain end of input, as io.ReadFull tells it; a decompressor's
// own unexpected end is wrapped and is not one.
func isEnd(err error) bool {
	return err == io.EOF || err == io.ErrUnexpectedEOF //nolint:errorlint // exactly these
}

// send hands a chunk to the workers and to the consumer.
func (r *run) send(ctx context.Context, c *chunk) bool {
	c.out = make(chan *Batch, 1)
	for _, to := range []chan *chunk{r.order, r.work} {
		select {
		case to <- c:
		case <-ctx.Done():
			return false
		}
	}
	return true
}
