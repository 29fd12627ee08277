package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// run is one fetch.
type run struct {
	Options
	client *client
	folder *folder
	start  time.Time
}

// Run fetches the parts into the folder, one request at a time. What Graph
// refuses or fails to give is in the result, the rest is fetched all the same, and
// the error is ErrIncomplete then. Any other error ended the run early: ErrSignIn,
// ErrLocked, a network that stayed away, the disk, the context. Even then the
// result, nil when no part was begun, says what is there, and another Run goes on.
// A folder in which nothing was before and nothing came is left as it was.
func Run(ctx context.Context, o Options) (*Result, error) {
	if err := o.defaults(); err != nil {
		return nil, err
	}
	if o.Say == nil {
		o.Say = func(string) {}
	}
	c := newClient(&o)
	f, err := waitFolder(ctx, &o)
	if err != nil {
		return nil, err
	}
	defer func() { f.close(c.pages > 0) }()
	if err := f.recover(o.Late); err != nil {
		return nil, err
	}
	// Here and not with the first part, which has no part in it.
	if err := c.sign(ctx, false, ""); err != nil {
		return nil, err
	}
	r := &run{Options: o, client: c, folder: f, start: o.Clock.Now().UTC().Truncate(time.Second)}
	if err := r.begin(); err != nil {
		return nil, err
	}
	res := &Result{Out: o.Out, Since: o.Since, Until: o.Until, At: r.start}
	for i := range o.Parts {
		p := &o.Parts[i]
		pr := PartResult{Part: p.Name}
		err = r.part(ctx, p, &pr)
		if o.Progress != nil {
			o.Progress.Done()
		}
		end := pr.settle(p, err)
		res.Parts = append(res.Parts, pr)
		if end != nil {
			err = end
			break
		}
		err = nil
	}
	res.Requests, res.Retries, res.Waited = r.client.requests, r.client.retries, r.client.waited
	if err == nil {
		f.state.Running = time.Time{}
		err = f.state.write(f.statePath())
	}
	if err == nil && !res.complete() {
		err = ErrIncomplete
	}
	return res, err
}

// begin takes up the run that was killed, so that its snapshots have one date and
// none is taken twice, or notes that a new one began.
func (r *run) begin() error {
	st := r.folder.state
	if age := r.start.Sub(st.Running); !r.Force && !st.Running.IsZero() && age >= 0 && age < staleSnapshot {
		r.start = st.Running
		return nil
	}
	st.Running = r.start
	return st.write(r.folder.statePath())
}

// part fetches one part: the slices that are missing, or a snapshot.
func (r *run) part(ctx context.Context, p *Part, pr *PartResult) error {
	if r.Progress != nil {
		r.Progress.Stage(p.Name+" (rows)", -1, false)
	}
	if p.Time == "" {
		pr.Slices = 1
		if l, ok := r.folder.state.snapshot(p.Name); ok && l.At.Equal(r.start) && l.Request == p.request(&r.Options) {
			pr.Slices, pr.Folder = 0, l.Folder // taken before the kill
			return nil
		}
		return r.job(ctx, p, nil, pr)
	}
	have := slices.Clone(r.folder.state.slices(p.Name))
	for i := range have {
		// Young, but this very run fetched it before it was killed.
		have[i].Settled = have[i].Settled || have[i].Fetched.Equal(r.start)
	}
	todo := plan(r.Since, r.Until, r.Slice, have, r.Force)
	pr.Slices = len(todo)
	for i := range todo {
		if err := r.job(ctx, p, &todo[i], pr); err != nil {
			return err
		}
		pr.SlicesDone++
	}
	return nil
}

// job fetches one slice, or one snapshot, going on with what a killed fetch left.
func (r *run) job(ctx context.Context, p *Part, s *span, pr *PartResult) error {
	j, err := r.journal(p, s)
	if err != nil {
		return err
	}
	filter := ""
	if s != nil {
		filter = within(p.Time, *s)
	}
	for i := range p.collections {
		c := &p.collections[i]
		if c.when != nil && !c.when(&r.Options) {
			continue
		}
		ids := []string{""}
		if c.ids != nil {
			if ids, err = c.ids(r, j); err != nil {
				j.close()
				return err
			}
		}
		for _, id := range ids {
			w := walk{run: r, part: p, c: c, j: j, result: pr, id: id, first: c.address(r.Base, id, filter)}
			if err := w.all(ctx); err != nil {
				if link, ok := errors.AsType[*linkError](err); ok {
					return errors.Join(link, j.discard()) // the same link would come again
				}
				j.close()
				return err
			}
		}
	}
	pr.Pages += len(j.files())
	pr.Rows += j.rows()
	if err := j.add(entry{Done: true}); err != nil {
		j.close()
		return err
	}
	if err := r.folder.publish(p, j, r.Late); err != nil {
		return err
	}
	if l, ok := r.folder.state.snapshot(p.Name); ok {
		pr.Folder = l.Folder
	} else {
		pr.Folder = p.Folder + "/" + p.collections[0].name
	}
	return nil
}

// journal opens the job a killed fetch left when it is the same one, else begins it.
func (r *run) journal(p *Part, s *span) (*journal, error) {
	dir := r.folder.job(p.Name)
	h := head{Part: p.Name, Host: r.Base.Host, Request: p.request(&r.Options), Slice: s, Started: r.start}
	j, err := openJournal(dir)
	if err != nil {
		return nil, err
	}
	if j != nil {
		if !r.Force && j.head.continues(h) {
			return j, nil
		}
		j.close()
	}
	return newJournal(dir, h)
}

// continues reports whether a new job is the old one.
func (h head) continues(n head) bool {
	if h.Part != n.Part || h.Host != n.Host || h.Request != n.Request || (h.Slice == nil) != (n.Slice == nil) {
		return false
	}
	if h.Slice != nil {
		return h.Slice.From.Equal(n.Slice.From) && h.Slice.To.Equal(n.Slice.To)
	}
	return h.Started.Equal(n.Started)
}

// request is a fingerprint of everything a part asks for.
func (p *Part) request(o *Options) string {
	var b strings.Builder
	for i := range p.collections {
		if c := &p.collections[i]; c.when == nil || c.when(o) {
			b.WriteString(c.address(&url.URL{}, "{id}", "").String() + "\n")
		}
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:8])
}

// walk goes through the pages of one collection.
type walk struct {
	*run
	part   *Part
	c      *collection
	j      *journal
	result *PartResult
	id     string
	first  *url.URL
}

func (w *walk) all(ctx context.Context) error {
	name := strings.ReplaceAll(w.c.name, "{id}", w.id)
	restarted := false
	for {
		u := w.j.unit(name)
		if u.whole {
			return nil
		}
		at := w.first
		if u.next != "" {
			var err error
			if at, err = follow(w.Base, w.first, u.next, nil); err != nil {
				return err
			}
		}
		p, err := w.client.page(ctx, at, w.part.limit, w.c.single)
		if e, ok := errors.AsType[*GraphError](err); ok {
			switch {
			case e.expired() && u.next != "" && !restarted:
				restarted = true
				w.Say(fmt.Sprintf("%s: %v; Graph forgot where it was, starting this one again", name, e))
				if err := w.j.again(name); err != nil {
					return err
				}
				continue
			case w.id != "" && (e.gone() || e.refused() && w.j.any()):
				w.result.note(w.id, fmt.Sprintf("%s left out: %v", name, e))
				if e.refused() {
					w.result.LeftOut++
				}
				if err := w.j.add(entry{Unit: name}); err != nil {
					return err
				}
				continue
			}
		}
		if err != nil {
			return err
		}
		if err := w.keep(name, u, p); err != nil {
			return err
		}
	}
}

// keep checks where a page leads and writes it down.
func (w *walk) keep(name string, u *unit, p *page) error {
	if p.next != "" {
		if _, err := follow(w.Base, w.first, p.next, u.seen); err != nil {
			return err
		}
		if len(u.seen)+1 >= w.MaxPages {
			return &linkError{p.next, fmt.Sprintf("page %d, more than --max-pages allows", w.MaxPages+1)}
		}
	}
	file := ""
	switch {
	case w.part.Time != "" && p.rows == 0: // says nothing, and a log file without rows looks like a mistake
	case w.c.single:
		file = name + ".json"
	case w.j.head.Slice != nil:
		file = fmt.Sprintf("%s-%s-%04d.json", name, w.j.head.Slice.From.Format("20060102T150405Z"), len(u.files)+1)
	default:
		file = fmt.Sprintf("%s-%04d.json", name, len(u.files)+1)
	}
	if err := w.j.page(name, file, p); err != nil {
		return err
	}
	if w.Progress != nil {
		w.Progress.Add(p.rows)
	}
	return nil
}
