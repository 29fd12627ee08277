package replay

import (
	"testing"

	"frisk/internal/policy"
	"frisk/internal/risk"
	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// Policy test files with a history run on the same clocks as a replay.
func TestPolicyTestFile(t *testing.T) {
	results, err := policy.RunTests([]string{"testdata/history.yaml"}, policy.TestOptions{
		Clock: func(ev *policy.Evaluator) policy.Clock { return NewSession(ev, ev.Symbols()) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != 5 {
		t.Errorf("%d tests ran, want 5", len(results))
	}
	for _, r := range results {
		for _, m := range r.Misses {
			t.Errorf("%s: %s", r.Name, m)
		}
	}
}

// One gives the state of each set just before a row, and none where no policy
// had a say.
func TestOne(t *testing.T) {
	s := newStory()
	s.at(0, both).at(9*hour, claim).at(10*hour, claim).at(11*hour, failed("50126", signin.Failure, signin.BadPassword))
	cfg := Config{Engines: engines(t, []string{policyJSON("mfa", mfa)}, []string{policyJSON("mfa", mfa, every(8))})}
	got := One(cfg, s.sym, s.history(), risk.Assessed{}, 2)
	ago := func(h signin.Time) policy.Age { return policy.Age{Min: h * hour, Max: h * hour} }
	push := policy.MethodPassword | policy.MethodAuthenticatorPush
	want := []policy.State{
		{MFA: signin.True, Methods: push, MethodsKnown: true, First: ago(10), Second: ago(10), PRT: policy.AnyAge},
		{MFA: signin.True, Methods: push, MethodsKnown: true, First: ago(1), Second: ago(1), PRT: policy.AnyAge},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := One(cfg, s.sym, s.history(), risk.Assessed{}, 3); got != nil {
		t.Errorf("a failed first factor has state %+v", got)
	}
}
