package dataset

import (
	"slices"

	"frisk/internal/signin"
)

// lateness counts, while runs are written, the rows that lie in or before the
// span that earlier ingests had covered of the same stream. It belongs to the
// flusher's goroutine.
type lateness struct {
	known    []StreamSpan  // before this ingest, sorted
	seen     []StreamSpan  // by this ingest, in order of first sight
	was      []*StreamSpan // of seen, its entry in known; nil for a new stream
	at       map[streamKey]int
	replaced map[uint32]bool // rows of the buffer that replace a stored one
}

type streamKey struct {
	provider, tenant string
	stream           signin.Stream
}

func newLateness(known []StreamSpan) *lateness {
	return &lateness{known: known, at: map[streamKey]int{}, replaced: map[uint32]bool{}}
}

// replaces notes that a row of the buffer is another version of a stored one.
func (l *lateness) replaces(row uint32) { l.replaced[row] = true }

// count looks at the rows of b that are being written, and forgets what was
// noted about b.
func (l *lateness) count(b *buffer, rows []uint32) {
	streams := len(signin.EnumColumns[signin.EnumStream].Texts)
	var slots []int // of the current person, by stream; -1 = not looked up yet
	last := ^uint32(0)
	for _, r := range rows {
		p := b.personR.get(r)
		if p != last {
			last = p
			slots = slots[:0]
			for range streams {
				slots = append(slots, -1)
			}
		}
		e := b.enums[signin.EnumStream].get(r)
		if slots[e] < 0 {
			key := b.persons[p].key
			slots[e] = l.slot(streamKey{
				string(b.words[signin.DimProvider].text(key[0])), string(b.words[signin.DimTenant].text(key[1])), signin.Stream(e), //nolint:gosec // few
			})
		}
		l.one(slots[e], signin.Time(b.time[r]), r)
	}
	clear(l.replaced)
}

// slot is the index in seen of a stream.
func (l *lateness) slot(k streamKey) int {
	i, ok := l.at[k]
	if !ok {
		i = len(l.seen)
		l.at[k] = i
		l.seen = append(l.seen, StreamSpan{Provider: k.provider, Tenant: k.tenant, Stream: k.stream.String()})
		l.was = append(l.was, nil)
		if n, ok := slices.BinarySearchFunc(l.known, &l.seen[i], func(k StreamSpan, s *StreamSpan) int { return compareStreams(&k, s) }); ok {
			l.was[i] = &l.known[n]
		}
	}
	return i
}

func (l *lateness) one(slot int, t signin.Time, row uint32) {
	s, was := &l.seen[slot], l.was[slot]
	if s.First == 0 || t < s.First {
		s.First = t
	}
	s.Last = max(s.Last, t)
	if was == nil || t >= was.Last || l.replaced[row] {
		return
	}
	if t < was.First {
		s.Older++
		return
	}
	behind := was.Last - t
	s.Late++
	s.MaxLate = max(s.MaxLate, behind)
	if behind > signin.Day {
		s.LateDay++
	}
}

// result is what was seen, sorted, and of it the streams with late rows.
func (l *lateness) result() (seen, late []StreamSpan) {
	seen = slices.Clone(l.seen)
	slices.SortFunc(seen, func(a, b StreamSpan) int { return compareStreams(&a, &b) })
	for i := range seen {
		if seen[i].Late+seen[i].Older > 0 {
			late = append(late, seen[i])
		}
	}
	return seen, late
}
