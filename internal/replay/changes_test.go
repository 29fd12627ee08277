package replay

import (
	"math/rand/v2"
	"testing"

	"frisk/internal/policy"
	"frisk/internal/risk"
	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const compliant = `{"grantControls":{"operator":"AND","builtInControls":["mfa","compliantDevice"]}}`

func reportOnly(name string, parts ...string) string {
	return policyJSON(name, append(parts, `{"state":"enabledForReportingButNotEnforced"}`)...)
}

// explained is what explaining row i says of a set: the whole and one policy.
func explained(cfg Config, sym *signin.Symbols, h History, a risk.Assessed, set, i, n int) (policy.Explanation, policy.PolicyExplanation) {
	states := One(cfg, sym, h, a, i)
	x := cfg.Engines[set].Evaluator(sym).Explain(&h.Rows[i], &states[set])
	if n < 0 || n >= len(x.Policies) {
		return x, policy.PolicyExplanation{}
	}
	return x, x.Policies[n]
}

// checkChanges holds every change of a person against an explanation of its
// example: a sign-in of that person on which the set that asks does not simply
// allow, the named policy applies or may, and asks for the named control. It
// returns how many have an example.
func checkChanges(t *testing.T, cfg Config, sym *signin.Symbols, h History, a risk.Assessed, changes []Change) int {
	t.Helper()
	n := 0
	kinds := map[int]string{}
	for _, c := range changes {
		if c.Certain != (c.Delta.Low > 0) || c.Delta.High <= 0 || c.Delta.Low > c.Delta.High {
			t.Errorf("%+v: certain and delta do not fit", c)
		}
		if c.Kind != NewlyBlocked {
			if kinds[c.Set] != "" {
				t.Errorf("set %d: both %s and %s", c.Set, kinds[c.Set], c.Kind)
			}
			kinds[c.Set] = c.Kind
		}
		if c.At == 0 {
			if c.Certain || c.Example != (signin.Ref{}) {
				t.Errorf("%+v: certain, or an example without time", c)
			}
			continue
		}
		n++
		i := int(c.Example.Row)
		if h.Rows[i].Ref != c.Example || h.Rows[i].Time != c.At {
			t.Fatalf("%+v is no row of this person", c)
		}
		asks, not := c.Set, 0
		if c.Kind == Relieved {
			asks, not = 0, c.Set
		}
		if c.Policy < 0 {
			t.Errorf("%+v names no policy", c)
			continue
		}
		x, p := explained(cfg, sym, h, a, asks, i, c.Policy)
		if x.Verdict == "allow" {
			t.Errorf("%+v: explain allows", c)
		}
		if p.Result != "applied" && p.Result != "unknown" || p.Worst == "allow" {
			t.Errorf("%+v: policy %s, at worst %s", c, p.Result, p.Worst)
		}
		named := false
		for _, k := range p.Controls {
			named = named || k.Name == c.Control && k.Met != "true"
		}
		if !named {
			t.Errorf("%+v: explain names %+v", c, p.Controls)
		}
		if c.Kind == NewlyBlocked && x.Worst != "block" {
			t.Errorf("%+v: explain never blocks", c)
		}
		if y, _ := explained(cfg, sym, h, a, not, i, -1); y.Best == x.Best && y.Worst == x.Worst && y.Verdict != "unknown" {
			t.Errorf("%+v: both sets say %s", c, x.Verdict)
		}
	}
	return n
}

// Every change has an example that explains itself, over random histories and
// every set as the current one. Only what no row shows has none, and is not certain.
func TestExamplesExplainThemselves(t *testing.T) {
	all := engines(t,
		[]string{policyJSON("mfa", mfa, every(8)), policyJSON("no", block, apps("app2"))},
		[]string{policyJSON("mfa", mfa), policyJSON("app0", mfa, every(1), apps("app0"))},
		[]string{policyJSON("et", mfa, everyTime, apps("app1")), policyJSON("strong", phishing, apps("app2"))},
		[]string{policyJSON("device", compliant, apps("app0")), policyJSON("no", block, apps("app1"), risky)},
		[]string{policyJSON("terms", mfa, terms), policyJSON("np", mfa, never90)},
		[]string{policyJSON("app0", mfa, every(4), apps("app0"), risky), reportOnly("would", mfa, every(1))},
		nil)
	with, without := 0, 0
	kinds := map[string]int{}
	for seed := range uint64(105) {
		rng := rand.New(rand.NewPCG(seed, 5))
		sym := signin.NewSymbols()
		rows, a := randomPerson(rng, sym, "u", 60)
		if seed%3 == 0 {
			for i := range rows {
				rows[i].E[signin.EnumStream] = uint8(signin.Interactive)
			}
		}
		first := int(seed % uint64(len(all)))
		cfg := Config{Engines: append(append([]*policy.Engine{}, all[first:]...), all[:first]...)}
		h := History{"entra", "t", "u", rows}
		w := New(cfg, sym)
		w.Person(h, a)
		changes := w.Tally().Changes
		n := checkChanges(t, cfg, sym, h, a, changes)
		with, without = with+n, without+len(changes)-n
		for _, c := range changes {
			kinds[c.Kind]++
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	if with < 300 || len(kinds) != 3 || without > with/50 {
		t.Errorf("%d with an example, %d without, %v", with, without, kinds)
	}
}

// The example is the sign-in to the app the policy is about, not the one at
// which the person meets the demand.
func TestExampleIsTheSignInThatAsks(t *testing.T) {
	s := newStory()
	s.at(0, password, native, app("app0")).at(hour, native, quiet, app("app0"), claim).at(3*hour, native, quiet, app("app1"))
	s.at(4*hour, native, app("app0"))
	cfg := Config{Engines: engines(t, nil, []string{policyJSON("one", mfa, every(2), apps("app1"))})}
	changes := s.run(cfg).Changes
	want := []Change{{
		Set: 1, Person: signin.PersonKey("entra", "t", "u1"), Kind: NewlyPrompted, Delta: Bounds{1, 1}, Certain: true,
		Example: signin.Ref{Row: 2}, Policy: 0, Control: "signInFrequency", At: t0 + 3*hour,
	}}
	if diff := cmp.Diff(want, changes); diff != "" {
		t.Error(diff)
	}
	checkChanges(t, cfg, s.sym, s.history(), risk.Assessed{}, changes)
}

// An attempt in which only the candidate asks is the better example.
func TestExampleIsFromAnAttemptThatChanges(t *testing.T) {
	s := newStory()
	asked := failed("50074", signin.Challenge, signin.MFARequired)
	s.at(0, password, app("app0"), asked, corr("c1")).at(min1, password, app("app1"), asked, corr("c1"))
	s.at(18*hour, password, app("app1"), asked)
	cfg := Config{Engines: engines(t, []string{policyJSON("zero", mfa, apps("app0"))}, []string{policyJSON("one", mfa, apps("app1"))})}
	changes := s.run(cfg).Changes
	if len(changes) != 1 || changes[0].Kind != NewlyPrompted || changes[0].At != t0+18*hour {
		t.Errorf("%+v", changes)
	}
	checkChanges(t, cfg, s.sym, s.history(), risk.Assessed{}, changes)
}

// The policy named is one whose demand still stands: terms are accepted once.
func TestExampleNamesWhatIsAskedFor(t *testing.T) {
	s := newStory()
	s.at(0).at(hour, app("app2"))
	tou := policyJSON("terms", terms)
	cfg := Config{Engines: engines(t, []string{tou}, []string{tou, policyJSON("mfa", mfa, apps("app2"))})}
	changes := s.run(cfg).Changes
	if len(changes) != 1 || changes[0].Policy != 1 || changes[0].Control != "mfa" || changes[0].Example.Row != 1 {
		t.Errorf("%+v", changes)
	}
	checkChanges(t, cfg, s.sym, s.history(), risk.Assessed{}, changes)
}

// What no row shows names its policy and has no example: work nobody logged, a
// browser that may have been closed.
func TestChangeWithoutExample(t *testing.T) {
	s := newStory()
	s.at(0, both).at(48*hour, both)
	day, hours := []string{policyJSON("day", mfa, every(24))}, []string{policyJSON("other"), policyJSON("hours", mfa, every(4))}
	me := signin.PersonKey("entra", "t", "u1")
	got := s.run(Config{Engines: engines(t, day, hours)}).Changes
	want := []Change{{Set: 1, Person: me, Kind: NewlyPrompted, Delta: Bounds{0, 1}, Policy: 1, Control: "signInFrequency"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	s = newStory()
	s.at(9*hour, password).at(33*hour, claim)
	got = s.run(Config{Engines: engines(t, nil, []string{policyJSON("np", never90)})}).Changes
	want = []Change{{Set: 1, Person: me, Kind: NewlyPrompted, Delta: Bounds{0, 1}, Policy: 0, Control: ControlPersistentBrowser}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// One kind for each person, by the middle of the bounds; the same worlds are
// compared, and a block is no relief.
func TestKindOfChange(t *testing.T) {
	for _, c := range []struct {
		blocks, prompts [2]Bounds // of current, of the candidate
		want            []Change
	}{
		{[2]Bounds{}, [2]Bounds{{7, 10}, {0, 12}}, []Change{{Kind: Relieved, Delta: Bounds{-2, 7}}}},
		{[2]Bounds{}, [2]Bounds{{2, 10}, {0, 17}}, []Change{{Kind: NewlyPrompted, Delta: Bounds{-2, 7}}}},
		{[2]Bounds{}, [2]Bounds{{1, 2}, {3, 3}}, []Change{{Kind: NewlyPrompted, Delta: Bounds{1, 2}, Certain: true}}},
		{[2]Bounds{}, [2]Bounds{{2, 1}, {3, 2}}, []Change{{Kind: NewlyPrompted, Delta: Bounds{1, 1}, Certain: true}}},
		{[2]Bounds{{0, 1}, {2, 2}}, [2]Bounds{{5, 5}, {1, 1}}, []Change{{Kind: NewlyBlocked, Delta: Bounds{1, 2}, Certain: true}}},
		{[2]Bounds{{0, 1}, {0, 0}}, [2]Bounds{{5, 5}, {4, 5}}, []Change{{Kind: Relieved, Delta: Bounds{1, 1}, Certain: true}}},
		{[2]Bounds{}, [2]Bounds{{1, 4}, {1, 4}}, nil},
		{[2]Bounds{{3, 3}, {0, 0}}, [2]Bounds{{0, 0}, {3, 3}}, []Change{{Kind: Relieved, Delta: Bounds{3, 3}, Certain: true}}},
		{[2]Bounds{{3, 3}, {0, 0}}, [2]Bounds{{0, 0}, {5, 5}}, []Change{{Kind: NewlyPrompted, Delta: Bounds{2, 2}, Certain: true}}},
	} {
		w := New(Config{Engines: engines(t, nil, nil)}, signin.NewSymbols())
		w.changes([]Outcome{{Blocks: c.blocks[0], Prompts: c.prompts[0]}, {Blocks: c.blocks[1], Prompts: c.prompts[1]}})
		for i := range c.want {
			c.want[i].Set, c.want[i].Policy = 1, -1
		}
		if diff := cmp.Diff(c.want, w.tally.Changes, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%v, %v: %s", c.blocks, c.prompts, diff)
		}
	}
}
