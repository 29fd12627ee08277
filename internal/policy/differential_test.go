package policy_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// world is one random tenant with its policies.
type world struct {
	seed     uint64
	tenant   *naiveTenant
	policies []naivePolicy
	forces   []*policy.Force
	rules    map[string]*naiveRule
}

const (
	worldPolicies = 8
	worldEvents   = 64
)

func newNaiveWorld(seed uint64) (*world, maker) {
	m := newMaker(seed)
	w := &world{seed: seed, tenant: m.tenant(), rules: map[string]*naiveRule{}}
	for i := range worldPolicies {
		w.policies = append(w.policies, m.policy(i, w.rules))
		w.forces = append(w.forces, m.force())
	}
	return w, m
}

// force is nil for most policies.
func (m maker) force() *policy.Force {
	if !m.chance(15) {
		return nil
	}
	f := &policy.Force{}
	if m.chance(60) {
		f.MaybeFrom = m.when()
		f.From = f.MaybeFrom + signin.Time(m.IntN(3))*signin.Hour
	}
	if m.chance(60) {
		f.Until = max(f.From, genStart-4*signin.Hour) + signin.Time(m.IntN(4))*signin.Hour
		f.MaybeUntil = f.Until + signin.Time(m.IntN(3))*signin.Hour
	}
	return f
}

// engine compiles the world as the program would read it: from JSON.
func (w *world) engine(t testing.TB) (*policy.Evaluator, *signin.Symbols) {
	t.Helper()
	policies, err := json.Marshal(w.policies)
	if err != nil {
		t.Fatal(err)
	}
	locations, err := json.Marshal(append([]naiveLocation{}, w.tenant.Locations...))
	if err != nil {
		t.Fatal(err)
	}
	if w.policies, w.tenant.Locations, err = readNaive(policies, locations); err != nil {
		t.Fatal(err)
	}
	set, _, err := policy.Parse("policies.json", policies)
	if err != nil {
		t.Fatal(err)
	}
	if len(w.tenant.Locations) > 0 {
		more, _, err := policy.Parse("locations.json", locations)
		if err != nil {
			t.Fatal(err)
		}
		set.Locations = more.Locations
	}
	for i, f := range w.tenant.LocationForces {
		set.Locations[i].Force = f
		set.Dated = true
	}
	set.LocationsKnown = w.tenant.LocationsKnown
	for i, f := range w.forces {
		set.Policies[i].Force = f
		set.Dated = set.Dated || f != nil
	}
	e, err := policy.NewEngine(set, w.tenant.build(), w.tenant.Options)
	if err != nil {
		t.Fatal(err)
	}
	sym := signin.NewSymbols()
	ev := e.Evaluator(sym)
	ev.SetContext(w.tenant.Context)
	return ev, sym
}

// verdictOf puts the engine's answer into the naive evaluator's words.
func verdictOf(ev *policy.Evaluator, sym *signin.Symbols, e *signin.Event, s *policy.State) naiveVerdict {
	r := signin.RowOf(e, sym)
	m := ev.Match(&r)
	d := ev.Decide(&r, m, s)
	v := naiveVerdict{Best: d.Best, Worst: d.Worst, Unmet: d.Unmet, Maybe: d.MaybeUnmet, Frequency: d.Frequency, NotPersistent: d.NotPersistent}
	for i := range ev.Engine().Set().Policies {
		switch {
		case m.Applies.Has(i):
			v.Applies = append(v.Applies, yes)
		case m.Unknown.Has(i):
			v.Applies = append(v.Applies, maybe)
		default:
			v.Applies = append(v.Applies, no)
		}
	}
	return v
}

func (v *naiveVerdict) equal(u *naiveVerdict) bool {
	return v.Best == u.Best && v.Worst == u.Worst && v.Unmet == u.Unmet && v.Maybe == u.Maybe &&
		v.Frequency == u.Frequency && v.NotPersistent == u.NotPersistent && slices.Equal(v.Applies, u.Applies)
}

func (v *naiveVerdict) String() string {
	return fmt.Sprintf("%v..%v unmet %v maybe %v frequency %v not-persistent %v %v",
		v.Best, v.Worst, v.Unmet.Names(), v.Maybe.Names(), v.Frequency, v.NotPersistent, v.Applies)
}

// The engine agrees with a second implementation written from the reference
// text, on a million random pairs of policy and sign-in. FRISK_SEED starts
// elsewhere, FRISK_PAIRS asks for another number.
func TestDifferential(t *testing.T) {
	pairs := 1_000_000
	if testing.Short() || raceEnabled {
		pairs = 100_000
	}
	if n, err := strconv.Atoi(os.Getenv("FRISK_PAIRS")); err == nil {
		pairs = n
	}
	first, err := strconv.ParseUint(os.Getenv("FRISK_SEED"), 10, 64)
	if err != nil {
		first = 1
	}
	seen, atLeast := coverage{}, pairs/2000
	for seed := first; pairs > 0; seed++ {
		w, m := newNaiveWorld(seed)
		ev, sym := w.engine(t)
		for range worldEvents {
			e, s := m.event(), m.state()
			want := decideNaive(w, &e, &s, seen.add)
			got := verdictOf(ev, sym, &e, &s)
			if !got.equal(&want) {
				report(t, w, e, s)
				if t.Failed() && os.Getenv("FRISK_KEEP_GOING") == "" {
					return
				}
				break
			}
		}
		pairs -= worldPolicies * worldEvents
	}
	seen.check(t, atLeast)
}

// coverage counts how often each condition gave each answer.
type coverage map[string]*[3]int

func (c coverage) add(name string, a answer) {
	if c[name] == nil {
		c[name] = &[3]int{}
	}
	c[name][a]++
}

// check demands that every condition of the catalog reached every answer at least n times.
func (c coverage) check(t *testing.T, n int) {
	t.Helper()
	for _, cond := range policy.Conditions() {
		counts := c[cond.Name]
		if counts == nil {
			t.Errorf("condition %s was never asked", cond.Name)
			continue
		}
		for a, got := range counts {
			if got < n {
				t.Errorf("condition %s was %v %d times only", cond.Name, answer(a), got)
			}
		}
	}
}

// report shrinks a disagreement and prints it.
func report(t *testing.T, w *world, e signin.Event, s policy.State) {
	t.Helper()
	differs := func(w *world, e signin.Event, s policy.State) bool {
		ev, sym := w.engine(t)
		got, want := verdictOf(ev, sym, &e, &s), decideNaive(w, &e, &s, func(string, answer) {})
		return !got.equal(&want)
	}
	w, e, s = shrink(w, e, s, differs)
	ev, sym := w.engine(t)
	got, want := verdictOf(ev, sym, &e, &s), decideNaive(w, &e, &s, func(string, answer) {})
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d: engine %v\n           naive %v\n", w.seed, &got, &want)
	if diff := cmp.Diff(want.Applies, got.Applies); diff != "" {
		fmt.Fprintf(&b, "applies (-naive +engine):\n%s", diff)
	}
	r := signin.RowOf(&e, sym)
	x := ev.Explain(&r, &s)
	for i := range w.policies {
		text, err := json.Marshal(w.policies[i])
		if err != nil {
			t.Fatal(err)
		}
		c := &naiveCase{tenant: w.tenant, policy: &w.policies[i], event: &e, rules: w.rules}
		asked := c.ask()
		fmt.Fprintf(&b, "policy %s\n  force %s\n", text, forceText(w.forces[i]))
		for _, cond := range x.Policies[i].Conditions {
			fmt.Fprintf(&b, "  %s: engine %s (%s), naive %v\n", cond.Name, cond.Is, cond.Why, asked[cond.Name])
		}
		fmt.Fprintf(&b, "  naive %v; grade %+v %v; engine controls %+v best %s worst %s\n", asked, c.gradeOf(&s, maybe, no), c.couldBe(), x.Policies[i].Controls, x.Policies[i].Best, x.Policies[i].Worst)
	}
	event, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&b, "event %s\nstate %+v\ncontext %+v\noptions %+v\n", event, s, w.tenant.Context, w.tenant.Options)
	fmt.Fprintf(&b, "users %+v groups %+v roles %+v complete %v\ndevices %+v\nlocations %+v known %v", w.tenant.Users, w.tenant.Groups, w.tenant.Roles, w.tenant.RolesComplete, w.tenant.Devices, w.tenant.Locations, w.tenant.LocationsKnown)
	t.Error(b.String())
}

func forceText(f *policy.Force) string {
	if f == nil {
		return "always"
	}
	return fmt.Sprintf("maybe from %v, from %v, until %v, maybe until %v", f.MaybeFrom, f.From, f.Until, f.MaybeUntil)
}
