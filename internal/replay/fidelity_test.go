package replay

import (
	"testing"

	"frisk/internal/policy"
	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

func recorded(ps ...signin.RecordedPolicy) mod {
	return func(e *signin.Event) { e.Policies, e.PolicyStatus = signin.EncodeList(ps), "success" }
}

func rec(id, result string, yes, no int64, grant ...string) signin.RecordedPolicy {
	return signin.RecordedPolicy{ID: id, Name: id, Result: result, Satisfied: yes, NotSatisfied: no, Grant: grant}
}

// What the log says of each policy is held against what our engine says:
// applied or not, the first failing group, the masks; hidden results and
// policies the set lacks are counted apart (75, 76).
func TestFidelity(t *testing.T) {
	set := []string{
		policyJSON("mfa", mfa, apps("app")),
		policyJSON("geo", block, `{"conditions":{"locations":{"includeLocations":["All"],"excludeLocations":["AllTrusted"]}}}`),
		policyJSON("off", block, `{"state":"disabled"}`),
	}
	s := newStory()
	// Agrees throughout. The grant label on a policy that did not apply is no demand.
	s.at(0, both, app("other"), recorded(rec("id-mfa", "notApplied", 0, 1, "Mfa"), rec("ID-OFF", "notEnabled", 0, 0)))
	// The log says that the app failed, we say that it matches.
	s.at(hour, claim, recorded(rec("id-mfa", "notApplied", 0, 1), rec("id-gone", "success", 3, 0)))
	// A hidden result is compared with nothing.
	s.at(2*hour, claim, recorded(rec("id-mfa", "unknownFutureValue", -1, -1)))
	// An empty list, and none.
	s.at(3*hour, claim, func(e *signin.Event) { e.Policies = "[]" })
	s.at(4*hour, claim)
	f := s.run(Config{Engines: engines(t, set), Masks: true}).Fidelity

	if f.Listed != 3 || f.Empty != 1 || f.Silent != 1 || f.Hidden != 1 {
		t.Errorf("listed %d empty %d silent %d hidden %d", f.Listed, f.Empty, f.Silent, f.Hidden)
	}
	if diff := cmp.Diff([]Stranger{{"id-gone", "id-gone", 1}}, f.Strangers); diff != "" {
		t.Error(diff)
	}
	p := f.Policies[0]
	want := PolicyFidelity{
		ID: "id-mfa", Name: "mfa",
		Result: Agreement{Agree: 1, Disagree: 1}, Group: Agreement{Agree: 1, Disagree: 1}, Mask: Agreement{Agree: 1, Disagree: 1},
		Examples: []Disagreement{{
			At: t0 + hour, Person: signin.PersonKey("entra", "t", "u1"), Ref: signin.Ref{Row: 1},
			Recorded: "notApplied", Replayed: "applied", Why: []string{"application"},
		}},
	}
	want.Applied = Agreement{Disagree: 1}
	want.Groups[GroupApplication] = Agreement{Agree: 1, Disagree: 1}
	want.Results[bitOf(policy.ResultNotApplied)] = [numOutcomes]int64{OutcomeNotApplied: 1, OutcomeEither: 1}
	want.Results[bitOf(policy.ResultUnknown)][OutcomeEither] = 1
	want.Class[ClassNotApplied][ClassNotApplied] = 1
	want.Class[ClassNotApplied][ClassApplied] = 1
	want.Class[ClassUnknown][ClassApplied] = 1
	if diff := cmp.Diff(want, p); diff != "" {
		t.Error(diff)
	}
	if got := f.Policies[2].Class[ClassNotEnabled][ClassNotEnabled]; got != 1 {
		t.Errorf("disabled policy: %+v", f.Policies[2])
	}
	if got := f.Conditions[0].Table; got[1][1] != 1 || got[1][0] != 1 {
		t.Errorf("application: %v", got)
	}
	// The log ended at the application: what we say of the users is no difference.
	if got := f.Conditions[1].Table; got != [3][4]int64{} {
		t.Errorf("users: %v", got)
	}
}

// Episodes are judged whole: an interrupt and the answer to it are one prompt.
func TestVerdicts(t *testing.T) {
	s := newStory()
	s.at(0, corr("a"), failed("50074", signin.Challenge, signin.MFARequired))
	s.at(min1, corr("a"), both)
	s.at(hour, claim)
	s.at(2*hour, app("closed"), failed("53003", signin.Failure, signin.PolicyBlock))
	s.at(3*hour, app("closed"), claim)
	f := s.run(Config{Engines: engines(t, []string{policyJSON("mfa", mfa), policyJSON("closed", block, apps("closed"))})}).Fidelity
	var want [4][4]int64
	want[VerdictPrompt][VerdictPrompt] = 1
	want[VerdictAllow][VerdictAllow] = 1
	want[VerdictBlock][VerdictBlock] = 1
	want[VerdictAllow][VerdictBlock] = 1
	if diff := cmp.Diff(want, f.Verdicts); diff != "" {
		t.Error(diff)
	}
}
