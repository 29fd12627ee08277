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
	// BufferRows is how many rows are held before a run is written (200,000,
	// about 50 MB). Two buffers exist at a time: one fills while the other is
	// written.
	BufferRows int
	// BufferTexts bounds the bytes of distinct texts of a buffer (64 MB); it
	// ends a run early when records carry long lists that never repeat.
	BufferTexts int
	// MaxRuns is how many runs a commit leaves before it merges the smallest (32).
	MaxRuns int
	// Tool is the program's version, kept in the manifest.
	Tool string
	// At is when the ingest runs (RFC 3339), kept in the history only; "" when not
	// said.
	At string
	// Home gives the text whose signin.Shard is the shard of a principal's rows,
	// so that the accounts of one person can lie in one shard. nil means
	// signin.PersonKey: every account by itself. It must be a pure function; it is
	// called from one goroutine, once per principal of a run.
	Home func(provider, tenant, principal string) string
	// HomeKey names the table Home was made from (a checksum, say) and is kept
	// with each run written, in Run.Home. Runs of one key place a principal in the
	// same shard; runs of different keys are never merged. It is "" exactly when
	// Home is nil.
	HomeKey string
}

// Defaults of AppendOptions.
const (
	defaultBufferRows  = 200_000
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

// shard is the function that places a principal.
func (o *AppendOptions) shard() shardFunc {
	if o.Home == nil {
		return nil
	}
	home := o.Home
	return func(provider, tenant, principal string) int {
		return signin.Shard(home(provider, tenant, principal))
	}
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
	noted  map[string]bool // sources whose account the caller gave
	rows   int64           // of the dataset before
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
	if (opt.Home == nil) != (opt.HomeKey == "") {
		return nil, errHome
	}
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
		d: d, opt: opt, buf: newBuffer(opt.shard()),
		free: make(chan *buffer, 1), work: make(chan *buffer), done: make(chan error, 1),
		flush: &flusher{d: d, m: m, dead: dead, counts: map[string]*tally{}, home: opt.HomeKey, late: newLateness(m.Streams)},
		spans: map[string]*Source{}, noted: map[string]bool{}, rows: m.Rows(),
	}
	a.quar.init(d, m.Commit+1)
	a.quar.known = m.Sources
	a.free <- nil  // the second buffer is made when it is first needed
	work := a.work // finish clears the field
	go func() { a.done <- a.flush.run(ctx, work, a.free) }()
	return a, nil
}

// Add takes a copy of what it needs of ev. A record seen before (same
// provider, tenant and id, same content whatever the file and line) is counted
// as a duplicate, and so is one that says much less than the stored version;
// any other content supersedes it. An event that does not pass
// signin.Event.Validate is an error, as is anything that has gone wrong with
// earlier events in the background.
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
		a.buf = newBuffer(a.opt.shard())
		return a.err
	}
	if a.buf == nil {
		a.buf = newBuffer(a.opt.shard())
	}
	return nil
}

// Source notes the account of one input: its name, format, bytes, records, not
// sign-in records and, where it could not be read to its end, why. Called again
// for the same name it replaces what was noted. A source with events needs no
// call, but then has no count of its records. Types are bounded here: the rarest
// of many become one entry.
func (a *Appender) Source(s Source) {
	s.Types = boundTypes(s.Types)
	a.noted[s.Name] = true
	a.spans[s.Name] = &s
}

// Commit writes what is left, makes all of it visible at once and releases the
// lock. When it returns an error nothing of the ingest is visible, unless the
// error is about merging runs afterwards (the returned Summary then counts what
// was committed). Past AppendOptions.MaxRuns runs it merges the smallest.
func (a *Appender) Commit(ctx context.Context) (sum Summary, err error) {
	committed := false
	defer func() {
		if err != nil && !committed {
			a.Abort() // a full disk should not stay full of what is of no use
		}
		a.release()
	}()
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
	// Merging runs afterwards needs the room.
	a.buf, a.free = nil, nil
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
	for i := range sources {
		if !a.noted[sources[i].Name] {
			continue
		}
		if err := sources[i].check(); err != nil {
			return Summary{}, fmt.Errorf("commit ingest: %w", err)
		}
	}
	if err := checkGrowth(a.rows, m.Rows(), sources); err != nil {
		return Summary{}, fmt.Errorf("commit ingest: %w", err)
	}
	m.Sources = mergeSources(m.Sources, sources, a.quar.before)
	seen, late := a.flush.late.result()
	m.Streams = mergeStreams(m.Streams, seen)
	if len(sources) > 0 {
		m.note(newIngest(&a.opt, m.Commit+1, sources, m.Rows(), late))
	}
	if a.opt.Tool != "" {
		m.Tool = a.opt.Tool
	}
	if err := a.d.commit(m); err != nil {
		return Summary{}, err
	}
	committed = true
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
	// By the manifest on disk: a commit may have failed after its rename. What
	// cannot be removed now is swept by the next writer.
	if m, err := a.d.refresh(); err == nil {
		_ = a.d.sweep(m)
	}
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
		s.Quarantined, s.QuarantineFile, s.QuarantineSum = q.n, q.name, q.sum
	}
	for name, t := range a.flush.counts { // likewise
		s := get(name)
		s.Kept, s.Duplicate, s.Superseded = t.kept, t.duplicate, t.superseded
		s.span(t.first, t.last)
	}
	out := make([]Source, 0, len(a.spans))
	for _, s := range a.spans { // sorted below
		s.KeptEver, s.SupersededEver, s.Ingests = s.Kept, s.Superseded, 1
		out = append(out, *s)
	}
	slices.SortFunc(out, func(x, y Source) int { return strings.Compare(x.Name, y.Name) })
	return out
}
