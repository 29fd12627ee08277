package analysis

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// week is the hours of a number of weeks from Monday 2026-03-02, with rows that
// follow office hours: busy by day, a few in the evening, none at night.
func weeks(n int, busy, evening, night, weekend int64, lost func(day, hour int) bool) (counts []hourCount, first, last int64) {
	first = int64(1772409600 / 3600) // 2026-03-02T00:00:00Z
	for d := range 7 * n {
		for h := range 24 {
			rows := night
			switch {
			case d%7 > 4:
				rows = weekend
			case h >= 8 && h < 18:
				rows = busy
			case h >= 18 && h < 22:
				rows = evening
			}
			if rows > 0 && !lost(d, h) {
				counts = append(counts, hourCount{first + int64(24*d+h), rows})
			}
		}
	}
	return counts, first, first + int64(7*24*n) - 1
}

func TestGaps(t *testing.T) {
	none := func(int, int) bool { return false }
	for _, tt := range []struct {
		name                          string
		weeks                         int
		busy, evening, night, weekend int64
		lost                          func(day, hour int) bool
		want                          []Gap
	}{
		{"whole", 5, 40, 5, 0, 0, none, nil},
		{
			"one day of a tenant that is busy", 5, 40, 5, 0, 0, func(d, _ int) bool { return d == 9 },
			[]Gap{{"2026-03-10T22:00:00Z", "2026-03-12T08:00:00Z", 14, 420}},
		},
		{
			"one busy hour", 5, 40, 5, 0, 0, func(d, h int) bool { return d == 9 && h == 10 },
			[]Gap{{"2026-03-11T10:00:00Z", "2026-03-11T11:00:00Z", 1, 40}},
		},
		{"one hour of a small tenant", 5, 6, 1, 0, 0, func(d, h int) bool { return d == 9 && h == 10 }, nil},
		{"a quiet night", 5, 6, 1, 1, 1, func(d, h int) bool { return d == 9 && (h < 8 || h > 18) }, nil},
		{"a quiet weekend", 5, 40, 5, 0, 1, func(d, _ int) bool { return d == 12 || d == 13 }, []Gap{{"2026-03-13T22:00:00Z", "2026-03-16T08:00:00Z", 48, 48}}},
		{"one weekend day of a small tenant", 5, 6, 1, 0, 1, func(d, _ int) bool { return d == 12 }, nil},
		{
			"two weeks of five", 5, 40, 5, 0, 0, func(d, _ int) bool { return d >= 7 && d < 21 },
			[]Gap{{"2026-03-06T22:00:00Z", "2026-03-23T08:00:00Z", 140, 4200}},
		},
		{
			"one day of one week", 1, 40, 5, 0, 0, func(d, _ int) bool { return d == 2 },
			[]Gap{{"2026-03-03T22:00:00Z", "2026-03-05T08:00:00Z", 14, 420}},
		},
		{"two days know nothing of each other", 1, 40, 5, 0, 0, func(d, _ int) bool { return d != 0 && d != 2 }, nil},
		{
			"the end", 5, 40, 5, 0, 0, func(d, _ int) bool { return d >= 31 },
			[]Gap{{"2026-04-01T22:00:00Z", "2026-04-06T00:00:00Z", 28, 840}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			counts, first, last := weeks(tt.weeks, tt.busy, tt.evening, tt.night, tt.weekend, tt.lost)
			if diff := cmp.Diff(tt.want, findGaps(counts, first, last)); diff != "" {
				t.Errorf("gaps (-want +got):\n%s", diff)
			}
		})
	}
	if g := findGaps(nil, 0, 10); g != nil {
		t.Errorf("no rows: %v", g)
	}
}
