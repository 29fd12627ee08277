package directory

import (
	"math/rand/v2"
	"slices"
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

func look1(d int, v signin.Truth) fact {
	at := t0 + signin.Time(d)*day
	return seen(moment{at, at + day}, v)
}

func change1(d int, h int, joined bool) fact {
	return changed(t0+signin.Time(d)*day+signin.Time(h)*signin.Hour, joined)
}

func soft1(d int, joined bool) fact {
	f := change1(d, 0, joined)
	f.soft = true
	return f
}

func answer(sure, maybe []span, at signin.Time) signin.Truth {
	switch {
	case holds(sure, at):
		return signin.True
	case holds(maybe, at):
		return signin.Unknown
	}
	return signin.False
}

func TestSettleFacts(t *testing.T) {
	type at struct {
		d, h int
		want signin.Truth
	}
	const T, F, U = signin.True, signin.False, signin.Unknown
	for name, c := range map[string]struct {
		facts []fact
		want  []at
	}{
		"nothing":             {nil, []at{{0, 0, F}}},
		"one look":            {[]fact{look1(10, T)}, []at{{0, 0, T}, {10, 5, T}, {99, 0, T}}},
		"two that agree":      {[]fact{look1(20, T), look1(10, T)}, []at{{0, 0, T}, {15, 0, T}, {99, 0, T}}},
		"two that do not":     {[]fact{look1(10, T), look1(20, F)}, []at{{9, 23, T}, {10, 0, U}, {15, 0, U}, {20, 23, U}, {21, 0, F}, {99, 0, F}}},
		"a change dates it":   {[]fact{look1(10, T), look1(20, F), change1(15, 8, false)}, []at{{0, 0, T}, {15, 7, T}, {15, 8, F}, {99, 0, F}}},
		"a change alone":      {[]fact{change1(15, 8, true)}, []at{{0, 0, F}, {15, 7, F}, {15, 8, T}, {99, 0, T}}},
		"a lost removal":      {[]fact{look1(10, T), change1(15, 8, true)}, []at{{9, 0, T}, {10, 1, U}, {15, 7, U}, {15, 8, T}}},
		"a change twice":      {[]fact{change1(5, 0, true), changed(t0+5*day+signin.Minute, true)}, []at{{4, 23, F}, {5, 0, T}, {6, 0, T}}},
		"two joins far apart": {[]fact{change1(5, 0, true), change1(7, 0, true)}, []at{{4, 0, F}, {5, 0, U}, {7, 0, T}}},
		"a look of that day":  {[]fact{look1(5, T), change1(5, 9, true)}, []at{{4, 0, F}, {5, 8, F}, {5, 9, T}}},
		"before it that day":  {[]fact{look1(5, F), change1(5, 9, true)}, []at{{4, 0, F}, {5, 8, F}, {5, 9, T}, {9, 0, T}}},
		"now agrees":          {[]fact{look1(10, T), seen(undated, T)}, []at{{0, 0, T}, {99, 0, T}}},
		"now does not":        {[]fact{look1(10, T), seen(undated, F)}, []at{{9, 0, T}, {10, 0, U}, {999, 0, U}}},
		"perhaps joined":      {[]fact{soft1(5, true), look1(20, T)}, []at{{4, 0, U}, {5, 0, T}, {99, 0, T}}},
		"perhaps left":        {[]fact{soft1(5, false), look1(20, F)}, []at{{4, 0, U}, {5, 0, F}, {99, 0, F}}},
		"left after the last": {[]fact{look1(2, T), soft1(5, false)}, []at{{4, 0, T}, {5, 0, U}, {99, 0, U}}},
		"it dates the change": {[]fact{look1(2, T), soft1(5, false), look1(20, F)}, []at{{4, 0, T}, {5, 0, F}, {99, 0, F}}},
		"one of two":          {[]fact{look1(2, F), soft1(5, true), soft1(8, true), look1(20, T)}, []at{{4, 0, F}, {5, 0, U}, {8, 0, T}}},
		"out and in":          {[]fact{look1(2, T), soft1(5, false), soft1(8, true), look1(20, T)}, []at{{4, 0, T}, {5, 0, U}, {8, 0, T}}},
		"in and out is no in": {[]fact{look1(2, T), soft1(5, true), soft1(8, false), look1(20, T)}, []at{{4, 0, T}, {5, 0, T}, {9, 0, T}}},
		"there and back":      {[]fact{look1(10, T), look1(20, F), look1(30, T)}, []at{{9, 0, T}, {15, 0, U}, {20, 5, U}, {25, 0, U}, {31, 0, T}}},
	} {
		sure, maybe := resolve(c.facts)
		for _, w := range c.want {
			if got := answer(sure, maybe, t0+signin.Time(w.d)*day+signin.Time(w.h)*signin.Hour); got != w.want {
				t.Errorf("%s: day %d hour %d: %v, want %v (%v, %v)", name, w.d, w.h, got, w.want, sure, maybe)
			}
		}
	}
}

// A made-up membership and what exports and the log tell of it: with every
// change logged the answer is the truth; with changes left out it is the truth
// or open as long as no two changes fall between two facts; order never counts.
func TestFactsNeverLie(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		var toggles []signin.Time
		for range rng.IntN(6) {
			toggles = append(toggles, t0+signin.Time(rng.IntN(4000))*signin.Hour)
		}
		slices.Sort(toggles)
		toggles = slices.CompactFunc(toggles, func(a, b signin.Time) bool { return b-a <= sameChange })
		first := rng.IntN(2) == 0
		truth := func(at signin.Time) signin.Truth {
			v := first
			for _, x := range toggles {
				if at >= x {
					v = !v
				}
			}
			return signin.TruthOf(v)
		}
		var log, looks []fact
		for _, x := range toggles {
			log = append(log, changed(x, truth(x) == signin.True))
		}
		for range rng.IntN(5) {
			at := t0 + signin.Time(rng.IntN(170))*day
			looks = append(looks, seen(moment{at, at + day}, truth(at+signin.Time(rng.IntN(24))*signin.Hour)))
		}
		if rng.IntN(2) == 0 {
			looks = append(looks, seen(undated, truth(signin.Latest)))
		}
		all := append(slices.Clone(looks), log...)
		if len(all) == 0 {
			continue
		}
		sure, maybe := resolve(all)
		part := append(slices.Clone(looks), log[:len(log)/2]...)
		psure, pmaybe := resolve(part)
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		if s, m := resolve(all); !cmp.Equal(s, sure) || !cmp.Equal(m, maybe) {
			t.Fatalf("order counts: %v %v, %v %v", sure, maybe, s, m)
		}
		for h := -50; h < 4200; h += 7 {
			at := t0 + signin.Time(h)*signin.Hour
			if got := answer(sure, maybe, at); len(log) > 0 && got != truth(at) {
				t.Fatalf("hour %d: %v, truth %v, facts %v", h, got, truth(at), all)
			}
			for _, s := range [][2][]span{{sure, maybe}, {psure, pmaybe}} {
				if holds(s[0], at) && s[1] != nil && !holds(s[1], at) {
					t.Fatalf("hour %d: certain but not possible: %v %v", h, s[0], s[1])
				}
			}
		}
	}
}

// A fact more never turns yes into no between two looks that told the answer.
func TestFactsRefine(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 600 {
		flip := t0 + signin.Time(rng.IntN(2000))*signin.Hour
		truth := func(at signin.Time) signin.Truth { return signin.TruthOf(at >= flip) }
		var facts []fact
		for range 2 + rng.IntN(4) {
			at := t0 + signin.Time(rng.IntN(90))*day
			facts = append(facts, seen(moment{at, at + day}, truth(at+12*signin.Hour)))
		}
		sure, maybe := resolve(facts)
		more, moreMaybe := resolve(append(facts, changed(flip, true)))
		for h := 0; h < 2200; h += 5 {
			at := t0 + signin.Time(h)*signin.Hour
			fewer, got := answer(sure, maybe, at), answer(more, moreMaybe, at)
			if got != truth(at) {
				t.Fatalf("hour %d: %v, truth %v", h, got, truth(at))
			}
			last := slices.MaxFunc(facts, func(a, b fact) int { return int(a.from - b.from) })
			firstLook := slices.MinFunc(facts, func(a, b fact) int { return int(a.from - b.from) })
			if at >= firstLook.to && at < last.from && fewer != signin.Unknown && fewer != got {
				t.Fatalf("hour %d: %v became %v; flip %v, facts %v", h, fewer, got, flip, facts)
			}
		}
	}
}

func TestFolderDate(t *testing.T) {
	at := func(s string) signin.Time {
		v, err := parseTime(s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for name, want := range map[string]moment{
		"2026-05-01":             {at("2026-05-01"), at("2026-05-02")},
		"20260501":               {at("2026-05-01"), at("2026-05-02")},
		"2026-05-01T12-00":       {at("2026-05-01 12:00"), at("2026-05-01 12:01")},
		"2026-05-01_1200":        {at("2026-05-01 12:00"), at("2026-05-01 12:01")},
		"2026-05-01T12:00:05Z":   {at("2026-05-01 12:00:05"), at("2026-05-01 12:00:06")},
		"2026-05-01T120005.123Z": {at("2026-05-01 12:00:05"), at("2026-05-01 12:00:06")},
		"2026-02-30":             {}, "2026-13-01": {}, "1999-01-01": {}, "2026-05-01 backup": {}, "202605": {}, "": {}, "2026-05-01T25:00": {},
	} {
		from, to, ok := FolderDate(name)
		if ok != (want != moment{}) || ok && (moment{from, to}) != want {
			t.Errorf("%q: %v %v %v, want %v", name, from, to, ok, want)
		}
	}
	if m := momentOf("a/2026-05-01/x/2026-06-01/deep/users.json"); m.String() != "2026-06-01" {
		t.Errorf("innermost folder: %v", m)
	}
	if m := momentOf("a/2026-05-01.json"); m != undated {
		t.Errorf("a file's name is no folder: %v", m)
	}
}
