package fetch

import (
	"cmp"
	"slices"
	"time"
)

// span is a stretch of time, To not included.
type span struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

func (s span) overlaps(t span) bool { return s.From.Before(t.To) && t.From.Before(s.To) }

// slice is a stretch of a log that was fetched whole.
type slice struct {
	span
	Pages int   `json:"pages"` // files, 0 when there were no rows
	Rows  int64 `json:"rows"`
	// Settled tells that no row was still to come when it was fetched.
	Settled bool `json:"settled"`
	// Fetched is when the run began that fetched it.
	Fetched time.Time `json:"fetched"`
	Files   []string  `json:"files,omitempty"` // below the output folder, with slashes
}

// plan lists what has to be fetched of [since, until): everything that have does
// not hold as settled, cut at multiples of width since the year 1, oldest first
// because that is what Entra forgets first. A slice that is not settled is
// fetched again as a whole, also where it reaches outside; with force every slice
// is.
func plan(since, until time.Time, width time.Duration, have []slice, force bool) []span {
	var out []span
	add := func(s span) {
		for s.From.Before(s.To) {
			end := s.From.Truncate(width).Add(width)
			if end.After(s.To) {
				end = s.To
			}
			out = append(out, span{s.From, end})
			s.From = end
		}
	}
	have = slices.Clone(have)
	slices.SortFunc(have, func(a, b slice) int { return a.From.Compare(b.From) })
	at := since
	for _, h := range have {
		if force || !h.Settled || !h.To.After(at) || !h.From.Before(until) {
			continue
		}
		if at.Before(h.From) {
			add(span{at, h.From})
		}
		at = h.To
	}
	if at.Before(until) {
		add(span{at, until})
	}
	return widen(out, have, force)
}

// widen stretches planned slices over the old ones they replace, so that nothing
// of those is lost, and joins what overlaps then.
func widen(out []span, have []slice, force bool) []span {
	for i := range out {
		for _, h := range have {
			if (force || !h.Settled) && h.overlaps(out[i]) {
				out[i].From = earlier(out[i].From, h.From)
				out[i].To = later(out[i].To, h.To)
			}
		}
	}
	slices.SortFunc(out, func(a, b span) int { return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To)) })
	joined := out[:0]
	for _, s := range out {
		if n := len(joined); n > 0 && joined[n-1].overlaps(s) {
			joined[n-1].To = later(joined[n-1].To, s.To)
			continue
		}
		joined = append(joined, s)
	}
	return joined
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// within is the filter for a slice. Both properties support ge and le only, so
// the end is the last moment before it, to the tenth of a microsecond that Graph
// writes.
func within(property string, s span) string {
	const tick = 100 * time.Nanosecond
	return property + " ge " + s.From.Format("2006-01-02T15:04:05Z") +
		" and " + property + " le " + s.To.Add(-tick).Format("2006-01-02T15:04:05.0000000Z")
}
