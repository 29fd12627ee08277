package workaround

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"frisk/internal/signin"
)

// TestHabits holds the index of a person's habits against a walk over the past.
func TestHabits(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7)) //nolint:gosec // a test's choices
	w := New(Env{}, signin.NewSymbols())
	for round := range 20 { // one worker: nothing may stay from the person before
		var events []signin.Event
		attack := map[string]bool{}
		at := monday
		for i := range 120 {
			at += signin.Time(rng.IntN(20)) * signin.Hour
			e := rowAt(at, fmt.Sprint(round, "-", i))
			switch rng.IntN(12) {
			case 0:
				e = blockedAt(at, e.ID)
			case 1:
				attack[e.ID] = true
			case 2, 3, 4:
				e.Device = signin.Device{OS: "Linux", Browser: fmt.Sprint("Firefox ", rng.IntN(3))}
			default:
				e.Device.ID = fmt.Sprint("device ", rng.IntN(5))
			}
			e.App.ID = fmt.Sprint("app ", rng.IntN(4))
			e.Resource.ID = fmt.Sprint("resource ", rng.IntN(2))
			events = append(events, e)
		}
		feed(w, fmt.Sprint("person ", round), attack, events)
		p := &w.p
		if len(p.stops) == 0 {
			continue
		}
		said := map[bool]int{}
		for i := range p.rows {
			r := &p.rows[i]
			for _, before := range []signin.Time{r.Time, r.Time + 1, r.Time + 3*signin.Day, r.Time + 14*signin.Day, r.Time + 14*signin.Day + 1} {
				d := p.used(before, func(j int) bool { return deviceKey(&p.rows[j]) == deviceKey(r) })
				a := p.used(before, func(j int) bool { return appKey(&p.rows[j]) == appKey(r) })
				if got := p.usedDevice(before, r); got != d {
					t.Fatalf("round %d row %d at %s: device used %v, want %v", round, i, before, got, d)
				}
				if got := p.usedApp(before, r); got != a {
					t.Fatalf("round %d row %d at %s: application used %v, want %v", round, i, before, got, a)
				}
				said[d]++
			}
		}
		if said[true] == 0 || said[false] == 0 {
			t.Fatalf("round %d says %v only", round, said)
		}
	}
}

// TestSharedDeviceMemory: what is kept of a device that a few people use grows with
// time and things, not with rows.
func TestSharedDeviceMemory(t *testing.T) {
	w := New(Env{DevicePeople: func(string) int { return 2 }}, signin.NewSymbols())
	var events []signin.Event
	for i := range 3600 { // an hour, two things in turn
		e := rowAt(monday+signin.Time(i)*signin.Second, fmt.Sprint(i))
		e.Resource.ID = fmt.Sprint("resource ", i%2)
		events = append(events, e)
	}
	feed(w, "ann", nil, events)
	kept := 0
	for _, ways := range w.tally.shared.ways {
		kept += len(ways)
	}
	if kept != 12 {
		t.Errorf("%d ways kept of an hour, want 6 for each thing", kept)
	}
}
