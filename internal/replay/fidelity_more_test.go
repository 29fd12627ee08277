package replay

import (
	"fmt"
	"testing"

	"frisk/internal/directory"
	"frisk/internal/policy"
	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// Agreement is that of the plain engine; what learned facts settle is counted beside it.
func TestPlain(t *testing.T) {
	text := policyJSON("p", mfa, users(`{"includeUsers":[],"includeGroups":["out"]}`))
	plain, d := inDirectory(t, text)
	knowing, err := policy.NewEngine(plain.Set(), d.WithWitnesses([]directory.Witness{{User: "u1", Group: "out", From: t0, Until: t0 + 10*hour, Holds: true}}), policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := newStory().at(0, claim, recorded(rec("id-p", "success", 3, 0))).at(hour, claim, recorded(rec("id-p", "notApplied", 1, 2)))
	f := s.run(Config{Engines: []*policy.Engine{knowing}, Plain: plain, Directory: d, Masks: true}).Fidelity
	if diff := cmp.Diff(Agreement{Agree: 1, Disagree: 1}, f.Policies[0].Result); diff != "" {
		t.Error(diff)
	}
	if len(f.Reasons) != 1 || f.Reasons[0].Code != "membership-then" || f.Reasons[0].Learned != 1 {
		t.Errorf("%+v", f.Reasons)
	}
	// Without a plain engine the learned one is compared: it agrees where the fact came from.
	f = s.run(Config{Engines: []*policy.Engine{knowing}, Directory: d, Masks: true}).Fidelity
	if diff := cmp.Diff(Agreement{Agree: 1, Disagree: 1}, f.Policies[0].Result); diff != "" {
		t.Error(diff)
	}
	if f.Reasons[0].Learned != 0 || f.Reasons[0].Examples[0].At != t0+hour {
		t.Errorf("%+v", f.Reasons)
	}
}

// versions is two versions of one policy: block until noon, then MFA; and one that began at six.
func versions(t *testing.T) *policy.Engine {
	set := policySet(t, policyJSON("p", block), policyJSON("late", mfa))
	later := policySet(t, policyJSON("p", mfa)).Policies[0]
	first, second, late := *set.Policies[0], *later, *set.Policies[1]
	noon, six := t0+12*hour, t0+6*hour
	first.Force, first.Version = &policy.Force{Until: noon, MaybeUntil: noon}, 1
	second.Force, second.Version = &policy.Force{MaybeFrom: noon, From: noon}, 2
	late.Force = &policy.Force{MaybeFrom: six, From: six}
	dated := &policy.Set{Name: "dated", Dated: true, Policies: []*policy.Policy{&first, &second, &late}}
	e, err := policy.NewEngine(dated, nil, policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// An evaluation is held against the version in force then.
func TestFidelityVersions(t *testing.T) {
	s := newStory()
	s.at(0, claim, recorded(rec("id-p", "failure", 3, 0), rec("id-late", "success", 3, 0)))
	s.at(13*hour, claim, recorded(rec("id-p", "success", 3, 0), rec("id-late", "success", 3, 0)))
	s.at(40*hour, claim, recorded(rec("id-p", "success", 3, 0)))
	f := s.run(Config{Engines: []*policy.Engine{versions(t)}, Masks: true}).Fidelity
	if diff := cmp.Diff([]Stranger{{"id-late", "id-late", 1}}, f.Outside); diff != "" {
		t.Error(diff)
	}
	for i, want := range []Agreement{{Agree: 1}, {Agree: 2}, {Agree: 1}} {
		if diff := cmp.Diff(want, f.Policies[i].Result); diff != "" {
			t.Errorf("%d: %s", i, diff)
		}
	}
	// Thirteen o'clock is within a day of the change.
	if got := f.Policies[1].Fresh; got != (Agreement{Agree: 1}) || f.Policies[1].Judged() != (Agreement{Agree: 1}) {
		t.Errorf("fresh: %+v", got)
	}
	if len(f.Reasons) != 1 || f.Reasons[0].Code != "no-version-then" {
		t.Errorf("%+v", f.Reasons)
	}
}

// One prompt is several rows: those before the answer are failures.
func TestUnansweredRows(t *testing.T) {
	s := newStory()
	s.at(0, corr("a"), password, failed("50074", signin.Challenge, signin.MFARequired), recorded(rec("id-p", "failure", 3, 0)))
	s.at(min1, corr("a"), password, failed("500121", signin.Failure, signin.MFATimeout), recorded(rec("id-p", "failure", 3, 0)))
	s.at(2*min1, corr("a"), both, recorded(rec("id-p", "success", 3, 0)))
	f := s.run(Config{Engines: engines(t, []string{policyJSON("p", mfa)}), Masks: true}).Fidelity
	if diff := cmp.Diff(Agreement{Agree: 3}, f.Policies[0].Result); diff != "" {
		t.Errorf("%s %+v", diff, f.Policies[0].Examples)
	}
}

// More comparisons than are remembered are counted all the same.
func TestFidelityForgets(t *testing.T) {
	s := newStory()
	const n = maxEntries + 500
	for i := range n {
		r := rec("id-p", "success", 3, 0)
		r.Session = []string{fmt.Sprint(i)} // a list of its own
		if i%2 == 0 {
			r.Result, r.Satisfied, r.NotSatisfied = "notApplied", 0, 1
		}
		s.at(signin.Time(i)*min1, claim, recorded(r))
	}
	f := s.run(Config{Engines: engines(t, []string{policyJSON("p", mfa)}), Masks: true}).Fidelity
	if got, want := f.Policies[0].Result, (Agreement{Agree: n / 2, Disagree: n / 2}); got != want || len(f.Reasons) != 1 || f.Reasons[0].Disagree != n/2 {
		t.Errorf("%+v %+v", got, f.Reasons)
	}
}

// Expected and MaskDifference are for one sign-in shown in full.
func TestMaskDifference(t *testing.T) {
	e := engine(t, "set", policyJSON("p", mfa, apps("other")), policyJSON("off", mfa, `{"state":"disabled"}`))
	s := newStory().at(0, claim)
	ev := e.Evaluator(s.sym)
	for _, c := range []struct {
		policy int
		rec    signin.RecordedPolicy
		want   []string
	}{
		{0, rec("p", "success", 3, 0), []string{"application", "users"}},
		{0, rec("p", "notApplied", 0, 1), nil},
		{0, rec("p", "success", -1, -1), nil},
		{1, rec("off", "success", 3, 0), nil},
	} {
		if diff := cmp.Diff(c.want, MaskDifference(ev, &s.rows[0], c.policy, &c.rec)); diff != "" {
			t.Error(diff)
		}
	}
	m := ev.Match(&s.rows[0])
	st := policy.State{MFA: signin.True}
	d := ev.Decide(&s.rows[0], m, &st)
	if got := Expected(ev, &s.rows[0], 0, m, &d, &st); got != policy.ResultNotApplied {
		t.Errorf("%v", got.Names())
	}
}

// Between an export that shows a policy on and one that shows it off, its
// state is open, not off.
func TestStateBetweenExports(t *testing.T) {
	gap := policy.Force{MaybeFrom: t0 - hour, From: t0 + hour}
	p := &policy.Policy{ID: "id-p", Name: "p", State: policy.Disabled, Force: &gap, Version: 2}
	e, err := policy.NewEngine(&policy.Set{Policies: []*policy.Policy{p}, Dated: true}, nil, policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := newStory().at(0, claim, recorded(rec("id-p", "notApplied", 0, 1))).at(2*hour, claim, recorded(rec("id-p", "notApplied", 0, 1)))
	f := s.run(Config{Engines: []*policy.Engine{e}, Masks: true}).Fidelity
	if diff := cmp.Diff(Agreement{Unknown: 1, Disagree: 1}, f.Policies[0].Result); diff != "" {
		t.Error(diff)
	}
}
