package fetch

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func at(h float64) time.Time {
	return time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(h * float64(time.Hour)))
}

func spans(hours ...float64) (out []span) {
	for i := 0; i < len(hours); i += 2 {
		out = append(out, span{at(hours[i]), at(hours[i+1])})
	}
	return out
}

func TestPlan(t *testing.T) {
	settled := func(from, to float64) slice { return slice{span: span{at(from), at(to)}, Settled: true} }
	young := func(from, to float64) slice { return slice{span: span{at(from), at(to)}} }
	for name, c := range map[string]struct {
		since, until float64
		have         []slice
		force        bool
		want         []span
	}{
		"all":             {0, 18, nil, false, spans(0, 6, 6, 12, 12, 18)},
		"odd ends":        {1, 13, nil, false, spans(1, 6, 6, 12, 12, 13)},
		"settled":         {0, 18, []slice{settled(0, 6), settled(6, 12)}, false, spans(12, 18)},
		"hole":            {0, 18, []slice{settled(12, 18), settled(0, 6)}, false, spans(6, 12)},
		"nothing":         {0, 12, []slice{settled(0, 6), settled(6, 12)}, false, nil},
		"young again":     {0, 18, []slice{settled(0, 6), young(6, 12), young(12, 13.5)}, false, spans(6, 12, 12, 18)},
		"half a slice":    {0, 12, []slice{settled(0, 2)}, false, spans(2, 6, 6, 12)},
		"young, later":    {8, 12, []slice{young(6, 12)}, false, spans(6, 12)},
		"young, wider":    {0, 12, []slice{young(3, 9)}, false, spans(0, 12)},
		"force":           {0, 12, []slice{settled(0, 6), settled(6, 12)}, true, spans(0, 6, 6, 12)},
		"force, a part":   {8, 10, []slice{settled(6, 12)}, true, spans(6, 12)},
		"before and past": {6, 12, []slice{settled(0, 6), settled(12, 18)}, false, spans(6, 12)},
	} {
		got := plan(at(c.since), at(c.until), 6*time.Hour, c.have, c.force)
		if len(got) == 0 {
			got = nil
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: -want +got\n%s", name, d)
		}
	}
}

// Whatever was fetched before: what is planned and what is settled cover the
// time asked for, planned slices do not overlap each other or a settled one, and
// a young slice is replaced as a whole or not touched.
func TestPlanCovers(t *testing.T) {
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // a test
		var have []slice
		for h := 0.0; h < 48; {
			h += float64(r.IntN(6)) / 2
			to := h + 0.5 + float64(r.IntN(12))/2
			have = append(have, slice{span: span{at(h), at(to)}, Settled: r.IntN(2) == 0})
			h = to
		}
		since := float64(r.IntN(40)) / 2
		until := since + 0.5 + float64(r.IntN(60))/2
		todo := plan(at(since), at(until), time.Duration(1+r.IntN(8))*time.Hour, have, false)
		in := func(list []span, m time.Time) (n int) {
			for _, s := range list {
				if !m.Before(s.From) && m.Before(s.To) {
					n++
				}
			}
			return n
		}
		var kept []span
		for _, h := range have {
			if h.Settled {
				kept = append(kept, h.span)
			} else if a, b := in(todo, h.From), in(todo, h.To.Add(-time.Minute)); a != b {
				t.Fatalf("seed %d: young slice %v is replaced in part by %v", seed, h.span, todo)
			}
		}
		for h := since; h < until; h += 0.5 {
			if n := in(todo, at(h)) + in(kept, at(h)); n != 1 {
				t.Fatalf("seed %d: hour %v is covered %d times\nplan %v\nsettled %v", seed, h, n, todo, kept)
			}
		}
	}
}

// The end of a slice and the beginning of the next leave no moment between them
// and share none.
func TestWithin(t *testing.T) {
	want := "createdDateTime ge 2026-05-01T06:00:00Z and createdDateTime le 2026-05-01T11:59:59.9999999Z"
	if got := within("createdDateTime", span{at(6), at(12)}); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
