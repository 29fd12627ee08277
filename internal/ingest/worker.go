package ingest

import (
	"context"
	"fmt"

	"frisk/internal/signin"

	"github.com/go-json-experiment/json/jsontext"
)

// decode is one worker: it turns chunks into batches until there are no more.
func (r *run) decode(ctx context.Context) {
	w := &worker{scratch: newScratch()}
	for {
		select {
		case c, ok := <-r.work:
			if !ok {
				return
			}
			c.out <- w.batch(c)
		case <-ctx.Done():
			return
		}
	}
}

// worker keeps what one file's chunks share between them.
type worker struct {
	scratch *scratch
	file    *file
	decode  decoder
	tally   tally
}

func (w *worker) batch(c *chunk) *Batch {
	f := c.file
	b := &Batch{File: f.name, Bytes: int64(len(c.data)), Last: c.last}
	if c.err != nil {
		b.FileErr = &FileError{File: f.name, Err: c.err}
	}
	if f.format == nil || f.decoder == nil {
		return b
	}
	b.Format = f.format.Name
	if w.file != f {
		w.file, w.decode = f, f.decoder(w.scratch)
	}
	w.tally.reset()
	b.Events = make([]signin.Event, 0, len(c.spans))
	for _, s := range c.spans {
		w.record(b, c, s)
	}
	b.Records = int64(len(c.spans))
	w.tally.fill(b)
	return b
}

// record decodes one record into b.
func (w *worker) record(b *Batch, c *chunk, s span) {
	f := c.file
	raw := s.raw
	if raw == nil {
		raw = c.data[s.start:s.end:s.end]
	}
	err := s.err
	if err == nil && len(raw) > f.opt.MaxLine {
		err = fmt.Errorf("record of %d bytes is longer than the limit of %d", len(raw), f.opt.MaxLine)
		raw = raw[:min(len(raw), rawKept)]
	}
	if err == nil {
		n := len(b.Events)
		b.Events = b.Events[:n+1] // one event a record at most, so the capacity is there
		ev := &b.Events[n]
		ev.Provider = f.format.Provider
		ev.Raw = signin.Raw{File: f.name, Line: s.line}
		var other string
		mark := w.tally.notes
		other, err = w.decode(raw, ev, &w.tally)
		if err == nil && other == "" {
			ev.Normalize()
			err = ev.Validate()
		}
		if err == nil && other == "" {
			w.tally.tenant(ev.Tenant)
			return
		}
		w.tally.notes = mark // notes are about events
		*ev = signin.Event{}
		b.Events = b.Events[:n]
		if err == nil {
			w.tally.other(other)
			return
		}
	}
	if s.err == nil && !f.format.table {
		err = explain(raw, err)
	}
	b.Bad = append(b.Bad, &LineError{
		File: f.name, Line: s.line, Raw: append([]byte(nil), raw...), Format: f.format.Name, Err: err,
	})
}

// explain gives the reference parser's reason where it too rejects the record:
// its messages name the place inside the value. The scanner's reason stands
// for what only this package objects to.
func explain(raw []byte, err error) error {
	v := jsontext.Value(append([]byte(nil), raw...))
	if ref := v.Compact(jsontext.AllowDuplicateNames(true)); ref != nil {
		return fmt.Errorf("invalid JSON: %w", ref)
	}
	return err
}
