package policy

import (
	"testing"

	"frisk/internal/signin"
)

// What a class is graded is what each of its members is graded by itself.
func TestClassesGradeTheirMembers(t *testing.T) {
	for _, n := range []int{1, 20, 90} {
		w := newWorld(uint64(n))
		ev, sym := asked(t, w.set(n), w.directory(), Options{Tenant: "t1"})
		if n == 90 && len(ev.e.classes) >= ev.e.demanding.Len() {
			t.Fatal("no two policies ask for the same")
		}
		for range 1000 {
			e, s := w.event(), w.state()
			r := signin.RowOf(&e, sym)
			m := ev.Match(&r)
			d := ev.Decide(&r, m, &s)
			for i := range m.Applies.All() {
				if ev.e.plans[i].State != Enabled {
					continue // its own second factor counts in Grade, and not in Decide
				}
				g := ev.Grade(&r, i, &s)
				blocks, prompts := d.Blocks.Has(i), d.Prompts.Has(i)
				if blocks != (g.Best == Block) || prompts != (g.Best == Prompt) {
					t.Fatalf("policy %d of %d: graded %+v, decided block %t, prompt %t", i, n, g, blocks, prompts)
				}
				if d.MaybeBlocks.Has(i) != (g.Worst == Block && g.Best != Block) {
					t.Fatalf("policy %d of %d: graded %+v, may block %t", i, n, g, d.MaybeBlocks.Has(i))
				}
			}
		}
	}
}
