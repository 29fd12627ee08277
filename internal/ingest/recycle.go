package ingest

import (
	"sync"

	"frisk/internal/signin"
)

// Input arrives in gigabytes and is looked at once: without using its memory
// again, most of the time of the collector and of clearing fresh memory, and a
// good part of the peak, would be for buffers.
var (
	freeBuffers sync.Pool // *[]byte of chunkSize
	freeEvents  sync.Pool // *[]signin.Event, zeroed
)

// newBuffer is memory for a chunk, with whatever it held before.
func newBuffer() []byte {
	if b, ok := freeBuffers.Get().(*[]byte); ok {
		return *b
	}
	return make([]byte, chunkSize)
}

// newEvents is an empty slice with zeroed room for n events.
func newEvents(n int) []signin.Event {
	if e, ok := freeEvents.Get().(*[]signin.Event); ok && cap(*e) >= n {
		return (*e)[:0]
	}
	return make([]signin.Event, 0, n)
}

// poison, set by tests, spoils what Release gives back.
var poison bool

// Release gives the memory of the batch back. Its Events and their texts must
// not be used afterwards; everything else of the batch stays. Calling it is
// optional, and does nothing for formats whose decoders may keep texts of their
// input (Format.reuse).
func (b *Batch) Release() {
	events, bufs := b.Events, b.bufs
	if len(bufs) == 0 {
		return
	}
	b.Events, b.bufs = nil, nil
	events = events[:cap(events)]
	clear(events)
	freeEvents.Put(&events)
	for _, buf := range bufs {
		if len(buf) != chunkSize {
			continue // grown for a long record
		}
		if poison {
			for i := range buf {
				buf[i] = '~'
			}
		}
		freeBuffers.Put(&buf)
	}
}

// arena is memory for texts that differ from the input they were read from. It
// never moves what was taken from it.
type arena struct {
	free []byte   // the rest of the last block
	used [][]byte // the blocks
	once bool     // take exactly what is needed: there is no next time
}

// take is an empty slice with room for n bytes; keep says how many of them are
// kept, before the next take.
func (a *arena) take(n int) []byte {
	if a.once {
		a.free = make([]byte, n)
	}
	if len(a.free) < n {
		a.free = newBuffer()
		if n > len(a.free) {
			a.free = make([]byte, n)
		}
		a.used = append(a.used, a.free)
	}
	return a.free[:0:n]
}

func (a *arena) keep(n int) { a.free = a.free[n:] }

// handOver gives the blocks to whoever uses the texts.
func (a *arena) handOver() [][]byte {
	used := a.used
	a.free, a.used = nil, nil
	return used
}
