package synth

import (
	"slices"
	"testing"

	"frisk/internal/signin"
)

// TestHostileWorld: a world has what it promises, and its truth holds together.
func TestHostileWorld(t *testing.T) {
	for seed := range uint64(8) {
		w := NewHostile(HostileConfig{Seed: seed})
		count := map[string]int{}
		noisy, travel, shown := 0, 0, 0
		for _, p := range w.People {
			if len(p.Traits) > 0 {
				noisy++
			}
		}
		for i := range w.Attacks {
			a := &w.Attacks[i]
			count[a.Kind]++
			if a.Travel {
				travel++
			}
			if a.Shown {
				shown++
			}
			if a.Kind == attackLater && a.Travel {
				t.Errorf("seed %d: %s %s is impossible, but was planned long after", seed, a.ID, a.Kind)
			}
			if len(a.Events) == 0 {
				t.Errorf("seed %d: %s has no events", seed, a.ID)
			}
		}
		interactive, same, ids := 0, 0, map[string]bool{}
		for i := range w.Events {
			e := &w.Events[i]
			if e.Stream == signin.Interactive {
				interactive++
			}
			if i > 0 && e.Time == w.Events[i-1].Time {
				same++
			}
			if ids[e.ID] {
				t.Errorf("seed %d: id %s twice", seed, e.ID)
			}
			ids[e.ID] = true
			if err := e.Validate(); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
		if len(w.Attacks) < 60 || travel < 55 || noisy*10 < len(w.People)*3 || same == 0 {
			t.Errorf("seed %d: %d attacks, %d impossible, %d of %d people noisy, %d equal times", seed, len(w.Attacks), travel, noisy, len(w.People), same)
		}
		for _, k := range HostileKinds() {
			if count[k] == 0 {
				t.Errorf("seed %d: no attack of kind %s", seed, k)
			}
		}
		t.Logf("seed %d: %d sign-ins, %d interactive, %d people of %d noisy, %d attacks, %d impossible, %d shown, %d at equal times",
			seed, len(w.Events), interactive, noisy, len(w.People), len(w.Attacks), travel, shown, same)
	}
}

// TestHostileRepeats: same configuration, same world; another seed, another one.
func TestHostileRepeats(t *testing.T) {
	a, b, c := NewHostile(HostileConfig{Seed: 3, People: 20, Days: 10}), NewHostile(HostileConfig{Seed: 3, People: 20, Days: 10}), NewHostile(HostileConfig{Seed: 4, People: 20, Days: 10})
	if !slices.Equal(a.Events, b.Events) || !slices.Equal(a.Truth, b.Truth) {
		t.Error("the same seed gave two worlds")
	}
	if slices.Equal(a.Events, c.Events) {
		t.Error("two seeds gave the same world")
	}
}

// TestHostileFeasible: the people themselves never do the impossible, in either
// kind of world.
func TestHostileFeasible(t *testing.T) {
	for _, plain := range []bool{false, true} {
		for seed := range uint64(4) {
			w := NewHostile(HostileConfig{Seed: seed, Plain: plain, Attacks: -1, People: 60})
			last := map[int][]int{}
			bad := 0
			for i := range w.Events {
				p := w.Truth[i].Person
				for _, j := range last[p] {
					if w.Impossible(i, j) {
						if bad++; bad < 4 {
							t.Errorf("plain %v seed %d: %s of %s cannot be: %+v after %+v", plain, seed, w.Events[i].ID, w.People[p].ID, w.Truth[i], w.Truth[j])
						}
					}
				}
				if last[p] = append(last[p], i); len(last[p]) > 12 {
					last[p] = last[p][1:]
				}
			}
		}
	}
}

// TestHostilePlain: in a plain world every answer holds the person.
func TestHostilePlain(t *testing.T) {
	w := NewHostile(HostileConfig{Seed: 1, Plain: true, Attacks: -1})
	for i := range w.Events {
		e, tr := &w.Events[i], &w.Truth[i]
		if d := kilometres(e.Geo.Lat, e.Geo.Lon, tr.Lat, tr.Lon); d > e.Geo.Radius+45 {
			t.Fatalf("event %d: %v km from the answer, radius %v", i, d, e.Geo.Radius)
		}
	}
}
