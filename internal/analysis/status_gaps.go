package analysis

import (
	"slices"
	"time"
)

// Gaps are stretches of hours without a row where the stream's own habits say
// that rows should be there. The rule (docs/dataset.md):
//
//   - What is usual in an hour is the lower quartile of the row counts of the
//     same hour of the week outside the stretch, given at least gapSamples such
//     hours; else of the same hour of the day on the same kind of day (Monday to
//     Friday, or the weekend). With fewer samples still, nothing is expected.
//   - A stretch is a gap when the usual counts of its hours sum to gapRows or
//     more. Were rows independent, a stretch where 30 are usual would be empty
//     by chance once in 10^13; sign-ins come in bursts, hence the lower quartile.
//
// So the quiet nights and weekends of a small tenant are never gaps, and nor is
// an hour that lost only a part of its rows.
const (
	gapRows    = 30
	gapSamples = 3
)

// Gap is such a stretch.
type Gap struct {
	From    string `json:"from"`    // first empty hour, RFC 3339, UTC
	Until   string `json:"until"`   // end of the last one
	Hours   int64  `json:"hours"`   // of these, hours in which rows are usual
	Missing int64  `json:"missing"` // about how many rows are missing
}

// hourCount is the number of rows of one hour since the Unix epoch.
type hourCount struct {
	hour int64
	rows int64
}

// findGaps looks at the hours [first, last] of a stream; counts are sorted by
// hour and lie within, hours that are not listed have no rows.
func findGaps(counts []hourCount, first, last int64) []Gap {
	if len(counts) == 0 || last < first {
		return nil
	}
	n := newHabits(counts)
	var out []Gap
	from := first
	for _, c := range append(slices.Clip(counts), hourCount{hour: last + 1}) {
		if c.hour > from {
			if g, ok := n.gap(from, c.hour); ok {
				out = append(out, g)
			}
		}
		from = c.hour + 1
	}
	return out
}

// habits are the row counts of a stream by hour of the week and, within, by time.
type habits struct {
	first, last int64 // hours of the first and the last row
	rows        map[int64]int64
	scratch     []int64
}

func newHabits(counts []hourCount) *habits {
	h := &habits{first: counts[0].hour, last: counts[len(counts)-1].hour, rows: map[int64]int64{}}
	for _, c := range counts {
		h.rows[c.hour] = c.rows
	}
	return h
}

func (h *habits) gap(from, until int64) (Gap, bool) {
	var missing, hours int64
	for at := from; at < until; at++ {
		if u := h.usual(at, from, until); u > 0 {
			missing += u
			hours++
		}
	}
	if missing < gapRows {
		return Gap{}, false
	}
	return Gap{From: hourText(from), Until: hourText(until), Hours: hours, Missing: missing}, true
}

const (
	hoursDay  = 24
	hoursWeek = 7 * hoursDay
)

// usual is the usual count of an hour, from the hours outside [from, until).
func (h *habits) usual(at, from, until int64) int64 {
	h.scratch = h.scratch[:0]
	for x := h.first + mod(at-h.first, hoursWeek); x <= h.last; x += hoursWeek {
		if x < from || x >= until {
			h.scratch = append(h.scratch, h.rows[x])
		}
	}
	if len(h.scratch) < gapSamples {
		h.scratch = h.scratch[:0]
		for x := h.first + mod(at-h.first, hoursDay); x <= h.last; x += hoursDay {
			if (x < from || x >= until) && weekend(x) == weekend(at) {
				h.scratch = append(h.scratch, h.rows[x])
			}
		}
	}
	if len(h.scratch) < gapSamples {
		return 0
	}
	slices.Sort(h.scratch)
	return h.scratch[(len(h.scratch)-1)/4]
}

func mod(a, n int64) int64 { return (a%n + n) % n }

// weekend is Saturday and Sunday in UTC. The epoch was a Thursday.
func weekend(hour int64) bool {
	day := mod(mod(hour, hoursWeek)/hoursDay+4, 7) // 0 = Sunday
	return day == 0 || day == 6
}

func hourText(hour int64) string { return time.Unix(hour*3600, 0).UTC().Format(time.RFC3339) }
