package risk

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestServices: what a survey of services knows does not depend on the order or
// the split of what it saw, and as of a day not on later days.
func TestServices(t *testing.T) {
	cfg := Defaults()
	rng := rand.New(rand.NewPCG(5, 5))
	key := serviceKey{64510, clientKind("Agent/1.0")}
	type use struct {
		person uint64
		day    int32
	}
	var uses []use
	for range 400 {
		uses = append(uses, use{uint64(rng.IntN(40)), 20000 + rng.Int32N(40)})
	}
	fill := func(us []use) *serviceSurvey {
		w := &serviceSurvey{seen: map[serviceKey]*service{}}
		for _, u := range us {
			w.at(key).add(servicePerson{u.day, u.person}, u.day, u.day)
		}
		return w
	}
	whole := fill(uses)
	for range 5 {
		rng.Shuffle(len(uses), func(i, j int) { uses[i], uses[j] = uses[j], uses[i] })
		k := rng.IntN(len(uses))
		a, b := fill(uses[:k]), fill(uses[k:])
		a.Merge(b)
		if diff := cmp.Diff(*whole.seen[key], *a.seen[key], cmp.AllowUnexported(service{}, servicePerson{})); diff != "" {
			t.Fatal(diff)
		}
	}
	known := 0
	for d := int32(20000); d < 20045; d++ {
		var past []use
		for _, u := range uses {
			if u.day < d {
				past = append(past, u)
			}
		}
		_, full, _ := whole.of(&cfg, key.asn, "Agent/2.3", d)
		_, cut, _ := fill(past).of(&cfg, key.asn, "Agent/2.3", d)
		if full && !cut {
			t.Errorf("day %d: known only by what came later", d)
		}
		known += btoi(full)
	}
	if known == 0 || known > 35 {
		t.Errorf("known on %d days", known)
	}
	if ever, _, _ := whole.of(&cfg, key.asn, "Mozilla/5.0", 20045); ever {
		t.Error("a browser is a service")
	}
	var none *serviceSurvey
	if ever, _, _ := none.of(&cfg, 1, "a", 1); ever {
		t.Error("a service without a first phase")
	}
}
