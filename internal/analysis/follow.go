package analysis

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"frisk/internal/blobstore"
	"frisk/internal/dataset"
	"frisk/internal/geo"
	"frisk/internal/ingest"
)

// FollowOptions are the settings of Follow. Now and Wait must be given: only the
// command layer knows a clock.
type FollowOptions struct {
	// Interval is the pause between two looks; 0 = DefaultInterval.
	Interval time.Duration
	// Settle is how long a file must not change before it is read as a whole, or its
	// last line without an end; 0 = Interval.
	Settle time.Duration
	Now    func() time.Time
	Wait   func(context.Context, time.Duration) error
	// Round hears of each commit; nil is deaf.
	Round func(*IngestResult)
}

// DefaultInterval is the pause between two looks of Follow.
const DefaultInterval = 30 * time.Second

// commitBytes is how much is read between two commits at most, as far as files
// allow: what a kill costs.
const commitBytes = 1 << 30

// Follow ingests what paths (or the configuration's logs) name, then what is
// added to them, until ctx ends; it then commits what was read to the end of a
// line or a file and returns nil.
//
// Whether a file grew, and where to go on, is kept in the dataset, committed
// with the sign-ins themselves (dataset.Position): a killed run is taken up by
// the next without loss, and what is read twice is a duplicate by its id. Files
// of lines and tables are read on from where they were; one that shrank or
// whose beginning changed is read again. Files of any other kind (compressed,
// pages, Parquet) are read as a whole, each time they have changed and then not
// for Settle; objects of a store, which appear complete, at once.
func Follow(ctx context.Context, cfg *Config, opt Options, paths []string, in IngestOptions, fo FollowOptions) error {
	defer tightHeap()()
	if err := cfg.checkIdentity(); err != nil {
		return err
	}
	if len(paths) == 0 {
		paths = cfg.paths(cfg.Logs)
	}
	if len(paths) == 0 {
		return fmt.Errorf("ingest: %w", ErrNoLogs)
	}
	for _, p := range paths {
		if p == ingest.Stdin || blobstore.Remote(p) && !blobstore.Growable(p) {
			return fmt.Errorf("follow %q: want a file, a folder, a pattern or a URL of an object store", blobstore.Redact(p))
		}
	}
	if fo.Interval <= 0 {
		fo.Interval = DefaultInterval
	}
	if fo.Settle <= 0 {
		fo.Settle = fo.Interval
	}
	if in.Wait == nil {
		in.Wait = fo.Wait
	}
	store := blobstore.New(blobstore.Options{Wait: in.Wait})
	db, err := openGeo(cfg, &in, &opt)
	if err != nil {
		return closeAll(fmt.Errorf("ingest: %w", err), store)
	}
	d, err := dataset.Create(cfg.data(&opt))
	if err != nil {
		return closeAll(err, store, db)
	}
	f := &follower{
		cfg: cfg, run: &opt, in: &in, opt: fo, store: store, enrich: db.Enricher(), d: d,
		stopped: func() bool { return ctx.Err() != nil },
		looks:   map[string]look{}, tried: map[string]attempt{}, told: map[string]bool{},
	}
	return closeAll(f.loop(ctx, paths), store, db)
}

type follower struct {
	cfg     *Config
	run     *Options
	in      *IngestOptions
	opt     FollowOptions
	store   *blobstore.Store
	enrich  *geo.Enricher
	d       *dataset.Dataset
	stopped func() bool
	looks   map[string]look
	// known is how far the sources were read, as committed.
	known map[string]*dataset.Position
	// tried are sources that gave nothing, or an error, which is not committed; they
	// are left alone until they change.
	tried map[string]attempt
	told  map[string]bool // warnings given since the last commit
}

// attempt is how far a source was read without a commit.
type attempt struct {
	pos dataset.Position
	// from is what was committed of the source then; once that differs, because of a
	// repair or another ingest, the attempt says nothing any more.
	from dataset.Position
	// still says that the file stood still, so that another try gives no more.
	still bool
}

// vain reports whether a source that has not changed since gave nothing more.
func (f *follower) vain(name string) bool {
	t, ok := f.tried[name]
	return ok && t.still && t.from == valueOf(f.known[name])
}

// position is how far a source was read, nil when it is to be read from its
// beginning.
func (f *follower) position(name string) *dataset.Position {
	pos := f.known[name]
	if t, ok := f.tried[name]; ok && t.from == valueOf(pos) {
		return &t.pos
	}
	return pos
}

// note remembers an attempt.
func (f *follower) note(name string, pos *dataset.Position, still bool) {
	if pos == nil {
		delete(f.tried, name)
		return
	}
	f.tried[name] = attempt{*pos, valueOf(f.known[name]), still}
}

func valueOf(p *dataset.Position) dataset.Position {
	if p == nil {
		return dataset.Position{}
	}
	return *p
}

// loop looks, reads and waits until ctx ends.
func (f *follower) loop(ctx context.Context, paths []string) error {
	for first := true; ; first = false {
		err := f.round(ctx, paths)
		switch {
		case ctx.Err() != nil && (err == nil || errors.Is(err, context.Canceled)):
			f.unread()
			return nil
		case err == nil:
		case errors.Is(err, dataset.ErrLocked), !first && errors.Is(err, errLook):
			f.warn(err.Error() + "; trying again")
		default:
			return fmt.Errorf("ingest: %w", err)
		}
		if f.opt.Wait(ctx, f.opt.Interval) != nil || ctx.Err() != nil {
			f.unread()
			return nil
		}
	}
}

// unread tells at the end which lines without an end were left.
func (f *follower) unread() {
	if f.positions() != nil {
		return // the next run says what is wrong with the dataset
	}
	for _, name := range sortedKeys(f.looks) {
		pos := f.position(name)
		if pos == nil || pos.Whole {
			continue
		}
		if n := f.looks[name].size - pos.Offset - pos.Rest; n > 0 {
			f.run.warn(fmt.Sprintf("%s: the last %d bytes are not read yet: the next run takes them up", name, n))
		}
	}
}

// errLook is wrapped by an error of listing, which may pass.
var errLook = errors.New("list the inputs")

// round looks once and reads what there is, a commit at a time.
func (f *follower) round(ctx context.Context, paths []string) error {
	inputs, err := f.look(ctx, paths)
	if err != nil {
		return err
	}
	if err := f.positions(); err != nil {
		return err
	}
	var group []input
	var bytes int64
	flush := func() error {
		defer func() { group, bytes = nil, 0 }()
		if len(group) == 0 || f.stopped() {
			return nil
		}
		return f.commit(ctx, group)
	}
	for i := range inputs {
		src := inputs[i].Source
		if f.vain(src.Name) {
			continue
		}
		in, ready, err := f.plan(src, f.position(src.Name))
		switch {
		case err != nil && !errors.Is(err, fs.ErrNotExist): // one that vanished is no news
			f.warn(err.Error())
		case err == nil && ready:
			group = append(group, in)
			if bytes += src.Size; bytes >= commitBytes {
				if err := flush(); err != nil {
					return err
				}
			}
		}
	}
	return flush()
}

// look lists the inputs and notes what they look like.
func (f *follower) look(ctx context.Context, paths []string) ([]input, error) {
	quiet := *f.run
	quiet.Warn = f.warn
	var inputs []input
	for _, group := range localRuns(paths) {
		found, err := inputsOf(ctx, f.store, &quiet, f.in, group)
		switch {
		case err == nil:
		case errors.Is(err, ErrNoLogs), errors.Is(err, fs.ErrNotExist) && blobstore.Remote(group[0]), strings.Contains(err.Error(), "no file matches"):
			f.warn(err.Error() + " yet; waiting")
			continue
		default:
			return nil, fmt.Errorf("%w: %w", errLook, err)
		}
		inputs = append(inputs, found...)
	}
	now := f.opt.Now()
	looks := make(map[string]look, len(inputs))
	for i := range inputs {
		src := &inputs[i].Source
		l := look{size: src.Size, since: now}
		if !src.ModTime.IsZero() {
			l.modTime = src.ModTime.UnixMicro()
		}
		if old, ok := f.looks[src.Name]; ok && old.size == l.size && old.modTime == l.modTime {
			l.since = old.since
		} else {
			delete(f.tried, src.Name)
		}
		looks[src.Name] = l
		if src.OpenAt == nil {
			f.warn(fmt.Sprintf("%q cannot be followed and was passed over", src.Name))
		}
	}
	f.looks = looks
	return inputs, nil
}

// positions learns how far the sources were read, as of the last commit,
// whoever made it.
func (f *follower) positions() error {
	d, err := dataset.Open(f.d.Dir())
	if err != nil {
		return err
	}
	f.d = d
	m := d.Manifest()
	f.known = make(map[string]*dataset.Position, len(m.Sources))
	for i := range m.Sources {
		if s := &m.Sources[i]; s.Follow != nil && !s.Again {
			f.known[s.Name] = s.Follow
		}
	}
	return nil
}

// commit reads a group of inputs. A stop lets it come to its end early, but
// never undone.
func (f *follower) commit(ctx context.Context, group []input) error {
	in := *f.in
	in.At = ""
	if f.opt.Now != nil {
		in.At = f.opt.Now().UTC().Format(time.RFC3339)
	}
	res, err := ingestInto(context.WithoutCancel(ctx), f.d, group, f.enrich, f.cfg, f.run, &in)
	for i := range group { // what came to nothing is left alone until it changes
		delete(f.tried, group[i].Name)
		if l := group[i].lines; l != nil && l.given == 0 && l.done && l.broken == nil && !f.stopped() {
			f.note(group[i].Name, l.position(), l.rest)
		}
	}
	if failed, ok := errors.AsType[*failedError](err); ok {
		for _, r := range failed.inputs {
			if !passing(r.acc.Err) {
				f.note(r.acc.File, r.follow, false)
			}
			f.warn(r.acc.Err.Error())
		}
		return nil
	}
	if err != nil || res == nil {
		return err
	}
	clear(f.told)
	if f.opt.Round != nil {
		f.opt.Round(res)
	}
	return nil
}

// passing reports an error that a later try may not meet.
func passing(err error) bool {
	_, path := errors.AsType[*fs.PathError](err)
	return path || blobstore.Broken(err) || errors.Is(err, errRotated) || errors.Is(err, ingest.ErrChanged)
}

// warn says a thing once until something was committed.
func (f *follower) warn(text string) {
	if !f.told[text] {
		f.told[text] = true
		f.run.warn(text)
	}
}
