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
	format  *Format // of the record at hand
	kind    int     // its index in the file's kinds
	decode  decoder // of the file's format
	tally   tally

	decodes []decoder // of the file's kinds, made when first needed
	counts  []int64   // records of the batch by kind

	spans, kept int // records and events of the last batch of the file
}

// room is for how many events memory is made at first. In logs of which few
// records are sign-ins (CloudTrail), room for all would take longer to clear
// than the records take to read.
func (w *worker) room(spans int) int {
	if w.spans == 0 || 2*w.kept > w.spans {
		return spans
	}
	return min(spans, spans*w.kept/w.spans+16)
}

func (w *worker) batch(c *chunk) *Batch {
	f := c.file
	b := &Batch{File: f.name, Bytes: int64(len(c.data)), DiskBytes: c.disk, Last: c.last}
	if c.err != nil {
		b.FileErr = &FileError{File: f.name, Err: c.err}
	}
	if f.format == nil || f.decoder == nil {
		return b
	}
	b.Format = f.format.Name
	if w.file != f {
		w.file, w.decode, w.spans = f, f.decoder(w.scratch), 0
		w.decodes, w.counts = make([]decoder, len(f.kinds)), make([]int64, len(f.kinds))
	}
	w.format = f.format
	clear(w.counts)
	w.tally.reset()
	w.tally.watch = f.opt.watch
	b.Events = newEvents(w.room(len(c.spans)))
	for _, s := range c.spans {
		extra := w.tally.extra
		w.record(b, c, s)
		if f.kinds != nil {
			w.counts[w.kind] += 1 + w.tally.extra - extra
		}
	}
	w.spans, w.kept = len(c.spans), len(b.Events)
	b.Records = int64(len(c.spans)) + w.tally.extra
	w.tally.fill(b)
	w.fillFormats(b)
	if f.format.reuse {
		b.bufs = append(w.scratch.room.handOver(), c.buf)
	} else {
		w.scratch.room.used = nil // the collector's
	}
	return b
}

// record decodes one record into b.
func (w *worker) record(b *Batch, c *chunk, s span) {
	f := c.file
	raw := s.raw
	if raw == nil {
		raw = c.data[s.start:s.end:s.end]
	}
	err, decode := s.err, w.decode
	if f.kinds != nil {
		if w.kind = kindOfLine(f.kinds, viewText(raw[:min(len(raw), headSize)])); w.kind > 0 {
			decode = w.decoder(w.kind)
		}
		w.format = f.kinds[w.kind].format
	}
	if err == nil && len(raw) > f.opt.MaxLine {
		err = fmt.Errorf("record of %d bytes is longer than the limit of %d", len(raw), f.opt.MaxLine)
		raw = raw[:min(len(raw), rawKept)]
	}
	if err == nil {
		n := len(b.Events)
		if n < cap(b.Events) {
			b.Events = b.Events[:n+1] // zeroed: it was made so, and what fails below is zeroed again
		} else {
			b.Events = append(b.Events, signin.Event{})
		}
		ev := &b.Events[n]
		ev.Provider = w.format.Provider
		ev.Raw = signin.Raw{File: f.name, Line: s.line}
		var other string
		mark := w.tally.notes
		other, err = decode(raw, ev, &w.tally)
		if err == nil && other == "" {
			ev.Normalize()
			err = ev.Validate()
		}
		more := w.tally.takeMore()
		if err == nil && other == "" {
			w.tally.tenant(ev.Tenant)
			w.rest(b, c, s, more, raw)
			return
		}
		if len(more) == 0 {
			w.tally.notes = mark // notes are about events
		}
		*ev = signin.Event{}
		b.Events = b.Events[:n]
		if err == nil {
			w.tally.other(other)
			w.rest(b, c, s, more, raw)
			return
		}
	}
	if s.err == nil && f.format.cut == cutJSON {
		err = explain(raw, err)
	}
	w.bad(b, c, s, raw, err)
}

// decoder is that of a kind of the file's lines.
func (w *worker) decoder(kind int) decoder {
	if w.decodes[kind] == nil {
		w.decodes[kind] = w.file.kinds[kind].decoder(w.scratch)
	}
	return w.decodes[kind]
}

// fillFormats says which formats the records of the batch had, where not all
// had the file's.
func (w *worker) fillFormats(b *Batch) {
	for i, n := range w.counts {
		if n > 0 && (i > 0 || n < b.Records) {
			b.Formats = count(b.Formats, w.file.kinds[i].format.Name, n)
		}
	}
}

// rest adds the further sign-ins of a record, each a record of its own.
func (w *worker) rest(b *Batch, c *chunk, s span, more []signin.Event, raw []byte) {
	for i := range more {
		ev := &more[i]
		w.tally.extra++
		ev.Raw = signin.Raw{File: c.file.name, Line: s.line}
		if ev.Provider == "" {
			ev.Provider = w.format.Provider
		}
		ev.Normalize()
		if err := ev.Validate(); err != nil {
			w.bad(b, c, s, raw, err)
			continue
		}
		w.tally.tenant(ev.Tenant)
		b.Events = append(b.Events, *ev)
	}
}

func (w *worker) bad(b *Batch, c *chunk, s span, raw []byte, err error) {
	f := c.file
	b.Bad = append(b.Bad, &LineError{
		File: f.name, Line: s.line, Raw: append([]byte(nil), raw...), Format: w.format.Name, Err: err,
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
