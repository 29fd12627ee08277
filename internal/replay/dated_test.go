package replay

import (
	"testing"

	"frisk/internal/policy"
	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// dated is one policy in two versions, the second from t0 + at on; between maybe
// and at nobody knows which.
func dated(t *testing.T, at, maybe signin.Time, older, newer string) *policy.Engine {
	t.Helper()
	set, _, err := policy.Parse("current", []byte("["+older+","+newer+"]"))
	if err != nil {
		t.Fatal(err)
	}
	set.Dated = true
	set.Policies[0].Version, set.Policies[1].Version = 1, 2
	set.Policies[0].Force = &policy.Force{Until: t0 + maybe, MaybeUntil: t0 + at}
	set.Policies[1].Force = &policy.Force{MaybeFrom: t0 + maybe, From: t0 + at}
	e, err := policy.NewEngine(set, nil, policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// Current is what was in force at the sign-in; a candidate counts for the whole
// history. Each version has figures of its own.
func TestDatedCurrent(t *testing.T) {
	loose, strict := policyJSON("p", mfa, every(24)), policyJSON("p", mfa, every(2))
	s := newStory().at(0, both)
	for h := signin.Time(3); h <= 30; h += 3 {
		s.at(h*hour, claim, quiet).at(h*hour+min1, claim)
	}
	now := dated(t, 12*hour, 12*hour, loose, strict)
	tl := s.run(Config{Engines: append([]*policy.Engine{now}, engines(t, []string{loose}, []string{strict})...)})
	got := prompts(total(t, tl))
	// Once at first; under the strict version at every look from twelve hours on;
	// loose alone asks once more, after a day; strict alone at each of the ten looks.
	if diff := cmp.Diff(exactly(8, 2, 11), got); diff != "" {
		t.Error(diff)
	}
	applied := []float64{tl.Policies[0][0].Applied, tl.Policies[0][1].Applied}
	if diff := cmp.Diff([]float64{7, 14}, applied); diff != "" {
		t.Error(diff)
	}
	if p := tl.Policies[0]; p[0].Prompts != (Bounds{1, 1}) || p[1].Prompts != (Bounds{7, 7}) || p[1].Only != 7 {
		t.Errorf("%+v", p)
	}
	if diff := cmp.Diff([]PolicyInfo{{"id-p", "p", "enabled", 1}, {"id-p", "p", "enabled", 2}}, tl.Sets[0].Policies); diff != "" {
		t.Error(diff)
	}
}

// Between two looks at the tenant nobody knows which version counted.
func TestDatedUnknown(t *testing.T) {
	s := newStory().at(0, app("a")).at(6*hour, app("b")).at(13*hour, app("c"))
	now := dated(t, 12*hour, 5*hour, policyJSON("p", mfa, apps("none")), policyJSON("p", block))
	tl := s.run(Config{Engines: []*policy.Engine{now}})
	if o := total(t, tl).Sets[0]; o.Blocks != (Bounds{1, 2}) || o.Unknown != 1 {
		t.Errorf("%+v", o)
	}
}
