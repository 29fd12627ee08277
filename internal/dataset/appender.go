package dataset

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// AppendOptions bound an Appender. The zero value means the defaults.
type AppendOptions struct {
	// BufferRows is how many rows are held before a run is written (250,000,
	// about 70 MB). Two buffers exist at a time: one fills while the other is
	// written.
	BufferRows int
	// BufferTexts bounds the bytes of distinct texts of a buffer (64 MB); it
	// ends a run early when records carry long lists that never repeat.
	BufferTexts int
	// MaxRuns is how many runs a commit leaves before it merges the smallest (32).
	MaxRuns int
	// Tool is the program's version, kept in the manifest.
	Tool string
}

// Defaults of AppendOptions.
const (
	defaultBufferRows  = 250_000
	defaultBufferTexts = 64 << 20
	defaultMaxRuns     = 32
)

func (o AppendOptions) filled() AppendOptions {
	if o.BufferRows <= 0 {
		o.BufferRows = defaultBufferRows
	}
	if o.BufferTexts <= 0 {
		o.BufferTexts = defaultBufferTexts
	}
	if o.MaxRuns <= 0 {
		o.MaxRuns = defaultMaxRuns
	}
	return o
}

// Appender adds events to a dataset. Nothing it does is visible before Commit.
// It is not safe for concurrent use. Every Appender must end in Commit or
// Abort, which release the writer's lock.
type Appender struct {
	d      *Dataset
	opt    AppendOptions
	unlock func()
	buf    *buffer
	free   chan *buffer // buffers the flusher is done with
	work   chan *buffer
	done   chan error // the flusher's result, when work is closed
	flush  *flusher
	err    error // the flusher's, once seen
	spans  map[string]*Source
	quar   quarantine
}

// Append begins an ingest with default bounds. It takes the writer's lock
// (ErrLocked when another process has it) and sweeps the leftovers of a killed
// writer. ctx governs the background writing until Commit.
func (d *Dataset) Append(ctx context.Context) (*Appender, error) {
	return d.AppendWith(ctx, AppendOptions{})
}

// AppendWith is Append with bounds of the caller's.
func (d *Dataset) AppendWith(ctx context.Context, opt AppendOptions) (*Appender, error) {
	unlock, err := d.lock()
	if err != nil {
		return nil, err
	}
	a, err := d.newAppender(ctx, opt.filled())
	if err != nil {
		unlock()
		return nil, err
	}
	a.unlock = unlock
	return a, nil
}

func (d *Dataset) newAppender(ctx context.Context, opt AppendOptions) (*Appender, error) {
	m, err := d.refresh()
	if err != nil {
		return nil, err
	}
	if err := d.sweep(m); err != nil {
		return nil, err
	}
	dead, err := d.loadTombstones(&m)
	if err != nil {
		return nil, err
	}
	m.Runs = slices.Clone(m.Runs)
	a := &Appender{
		d: d, opt: opt, buf: newBuffer(),
		free: make(chan *buffer, 1), work: make(chan *buffer), done: make(chan error, 1),
		flush: &flusher{d: d, m: m, dead: dead, counts: map[string]*tally{}},
		spans: map[string]*Source{},
	}
	a.quar.init(d, m.Commit+1)
	a.free <- nil  // the second buffer is made when it is first needed
	work := a.work // finish clears the field
	go func() { a.done <- a.flush.run(ctx, work, a.free) }()
	return a, nil
}

// Add takes a copy of what it needs of ev. A record seen before (same
// provider, tenant and id, same content whatever the file and line) is counted
// as a duplicate; one with other content supersedes the stored version. An
// event that does not pass signin.Event.Validate is an error, as is anything
// that has gone wrong with earlier events in the background.
func (a *Appender) Add(ev *signin.Event) error {
	if err := ev.Validate(); err != nil {
		return fmt.Errorf("add event %q of %q line %d: %w", ev.ID, ev.Raw.File, ev.Raw.Line, err)
	}
	a.buf.add(ev)
	if a.buf.n >= a.opt.BufferRows || a.buf.texts >= a.opt.BufferTexts {
		return a.rotate()
	}
	return nil
}

// rotate hands the buffer to the flusher and waits for a free one.
func (a *Appender) rotate() error {
	if a.err != nil {
		return a.err
	}
	select {
	case a.work <- a.buf:
	case a.err = <-a.done:
		return a.err
	}
	select {
	case a.buf = <-a.free:
	case a.err = <-a.done:
		a.buf = newBuffer()
		return a.err
	}
	if a.buf == nil {
		a.buf = newBuffer()
	}
	return nil
}

// Source notes the account of one input: its name, format, bytes, records, not
// sign-in records and, where it could not be read to its end, why. Called again
// for the same name it replaces what was noted. A source with events needs no
// call, but then has no count of its records.
func (a *Appender) Source(s Source) {
	a.spans[s.Name] = &s
}

// Commit writes what is left, makes all of it visible at once and releases the
// lock. When it returns an error nothing of the ingest is visible, unless the
// error is about merging runs afterwards (the returned Summary then counts what
// was committed). Past AppendOptions.MaxRuns runs it merges the smallest.
func (a *Appender) Commit(ctx context.Context) (Summary, error) {
	defer a.release()
	if a.buf.n > 0 {
		if err := a.rotate(); err != nil {
			return Summary{}, fmt.Errorf("commit ingest: %w", err)
		}
	}
	if err := a.finish(); err != nil {
		return Summary{}, fmt.Errorf("commit ingest: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return Summary{}, fmt.Errorf("commit ingest: %w", err)
	}
	m := a.flush.m
	if err := a.d.writeTombstones(&m, a.flush.dead); err != nil {
		return Summary{}, fmt.Errorf("commit ingest: %w", err)
	}
	a.d.at("tombstones-written")
	files, err := a.quar.close()
	if err != nil {
		return Summary{}, fmt.Errorf("commit ingest: %w", err)
	}
	a.d.at("quarantine-written")
	sources := a.sources(files)
	m.Sources = mergeSources(m.Sources, sources)
	if a.opt.Tool != "" {
		m.Tool = a.opt.Tool
	}
	if err := a.d.commit(m); err != nil {
		return Summary{}, err
	}
	err = a.d.autoCompact(ctx, a.opt.MaxRuns)
	m = a.d.Manifest()
	if serr := a.d.sweep(m); err == nil {
		err = serr
	}
	return summarize(sources, &m), err
}

// Abort drops the ingest and releases the lock. After Commit it does nothing.
func (a *Appender) Abort() {
	if a.unlock == nil {
		return
	}
	_ = a.finish() // the error no longer matters
	_, _ = a.quar.close()
	_ = a.d.sweep(a.d.Manifest()) // what cannot be removed now is swept by the next writer
	a.release()
}

// finish waits for the flusher to end.
func (a *Appender) finish() error {
	if a.work != nil {
		close(a.work)
		a.work = nil
		if a.err == nil {
			a.err = <-a.done
		}
	}
	return a.err
}

func (a *Appender) release() {
	_ = a.finish()
	if a.unlock != nil {
		a.unlock()
		a.unlock = nil
	}
}

// sources joins what the caller noted with what was counted.
func (a *Appender) sources(quarantined map[string]quarantineFile) []Source {
	get := func(name string) *Source {
		s := a.spans[name]
		if s == nil {
			s = &Source{Name: name}
			a.spans[name] = s
		}
		return s
	}
	for name, q := range quarantined { // each name once, order irrelevant
		s := get(name)
		s.Quarantined, s.QuarantineFile = q.n, q.name
	}
	for name, t := range a.flush.counts { // likewise
		s := get(name)
		s.Kept, s.Duplicate, s.Superseded = t.kept, t.duplicate, t.superseded
		s.span(t.first, t.last)
	}
	out := make([]Source, 0, len(a.spans))
	for _, s := range a.spans { // sorted below
		s.KeptEver, s.Ingests = s.Kept, 1
		out = append(out, *s)
	}
	slices.SortFunc(out, func(x, y Source) int { return strings.Compare(x.Name, y.Name) })
	return out
}
