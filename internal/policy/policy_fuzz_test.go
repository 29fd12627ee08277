package policy_test

import (
	"encoding/json"
	"strings"
	"testing"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// FuzzPolicy reads any JSON as policies, compiles what comes out, and asks it
// about random rows: nothing panics, bounds hold, and every decision has a reason.
func FuzzPolicy(f *testing.F) {
	for seed := range uint64(8) {
		w, _ := newNaiveWorld(seed)
		for i := range w.policies {
			text, err := json.Marshal(w.policies[i])
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text, seed)
		}
	}
	f.Add([]byte(`{"state":"enabled","conditions":{"users":{"includeUsers":["All"]},"applications":{"includeApplications":"All"}},"grantControls":{"operator":"XOR","builtInControls":[null,"block"]}}`), uint64(9))
	f.Add([]byte(`[{"conditions":null},{"id":1,"conditions":{"users":[],"locations":{"includeLocations":{}}}}]`), uint64(10))
	f.Fuzz(func(t *testing.T, text []byte, seed uint64) {
		set, _, err := policy.Parse("fuzz.json", text)
		if err != nil || len(set.Policies) > policy.MaxPolicies {
			return
		}
		m := newMaker(seed)
		tenant := m.tenant()
		e, err := policy.NewEngine(set, tenant.build(), tenant.Options)
		if err != nil {
			return
		}
		sym := signin.NewSymbols()
		ev := e.Evaluator(sym)
		for range 4 {
			row, s := m.event(), m.state()
			reasoned(t, ev, sym, &row, &s)
		}
	})
}

// reasoned checks that a decision agrees with its explanation, that the bounds
// are bounds, and that the reasons name what decided.
func reasoned(t *testing.T, ev *policy.Evaluator, sym *signin.Symbols, e *signin.Event, s *policy.State) {
	t.Helper()
	r := signin.RowOf(e, sym)
	d := ev.Decide(&r, ev.Match(&r), s)
	x := ev.Explain(&r, s)
	if d != x.Decision {
		t.Fatalf("decided %+v, explained %+v", d, x.Decision)
	}
	if d.Best > d.Worst || d.MaybeUnmet&^d.Unmet != 0 || (d.Worst == policy.Allow) != (d.Unmet == 0) {
		t.Fatalf("inconsistent %+v", d)
	}
	if len(x.Reasons) == 0 {
		t.Fatalf("%s has no reason", x.Verdict)
	}
	all := strings.Join(x.Reasons, "\n")
	for i := range x.Policies {
		p := &x.Policies[i]
		for _, c := range p.Conditions {
			if c.Why == "" {
				t.Fatalf("condition %s of %s is %s for no reason", c.Name, p.Name, c.Is)
			}
			// What made the verdict open has to be said.
			if d.MaybeBlocks.Has(i) && !d.Match.Applies.Has(i) && c.Is == "unknown" && !strings.Contains(all, c.Name) {
				t.Fatalf("unknown %s of %s is in no reason:\n%s", c.Name, p.Name, all)
			}
		}
		if d.Blocks.Has(i) && !strings.Contains(all, p.Name) {
			t.Fatalf("policy %s blocks and no reason says so:\n%s", p.Name, all)
		}
	}
}

// TestEveryDecisionHasAReason asks the same of the random worlds.
func TestEveryDecisionHasAReason(t *testing.T) {
	for seed := range propertyWorlds() {
		w, m := newNaiveWorld(3_000_000 + seed)
		ev, sym := w.engine(t)
		for range 16 {
			e, s := m.event(), m.state()
			reasoned(t, ev, sym, &e, &s)
		}
	}
}
