package replay

import (
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

const (
	phishing = `{"grantControls":{"operator":"OR","authenticationStrength":{"id":"00000000-0000-0000-0000-000000000004"}}}`
	terms    = `{"grantControls":{"operator":"OR","termsOfUse":["tou-1"]}}`
	risky    = `{"conditions":{"userRiskLevels":["high"]}}`
)

func bounds(of func(Outcome) Bounds, pc PersonCell) []Bounds {
	var out []Bounds
	for _, o := range pc.Sets {
		out = append(out, of(o))
	}
	return out
}

// A weaker method steps up once; the answer holds for the session (56).
func TestStrengthStepsUpOnce(t *testing.T) {
	s := newStory()
	s.at(0, both).at(hour, claim, app("vault")).at(2*hour, claim, app("vault")).at(3*hour, claim)
	got := total(t, s.run(Config{Engines: engines(t,
		[]string{policyJSON("mfa", mfa)}, []string{policyJSON("mfa", mfa), policyJSON("vault", phishing, apps("vault"))})}))
	if diff := cmp.Diff([]Bounds{{1, 1}, {2, 2}}, prompts(got)); diff != "" {
		t.Error(diff)
	}
}

// Windows Hello satisfies a strength only as the first method (reference 1.9).
func TestWindowsHelloComesFirst(t *testing.T) {
	hello := func(requirement string, before ...signin.Factor) mod {
		return func(e *signin.Event) {
			e.MFA.Requirement, e.MFA.State = signin.MultiFactor, signin.MFADone
			e.MFA.Factors = factors(append(before, signin.Factor{Method: "Windows Hello for Business", Succeeded: "true", Requirement: requirement})...)
			e.MFA.Methods = signin.EncodeList([]string{"Windows Hello for Business"})
			if len(before) > 0 {
				e.MFA.Methods = signin.EncodeList([]string{"Password", "Windows Hello for Business"})
			}
		}
	}
	second := hello("Multifactor authentication", signin.Factor{Method: "Password", Succeeded: "true", Requirement: "Primary authentication"})
	first := hello("Primary authentication")
	for name, c := range map[string]struct {
		mod  mod
		want Bounds
	}{"after a password": {second, Bounds{2, 2}}, "first": {first, Bounds{}}} {
		s := newStory()
		s.at(0, c.mod).at(hour, claim, app("vault"))
		tl := s.run(Config{Engines: engines(t, []string{policyJSON("mfa", mfa)}, []string{policyJSON("mfa", mfa), policyJSON("vault", phishing, apps("vault"))})})
		if got := prompts(total(t, tl))[1]; got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
		if tl.MissingMethod[1] != 0 {
			t.Errorf("%s: somebody who uses Windows Hello is said to lack a method", name)
		}
	}
}

// Whether terms of use were accepted no row shows: nothing at best, one
// acceptance at worst, never one per sign-in (60).
func TestTermsAreAcceptedOnce(t *testing.T) {
	s := newStory()
	s.at(0, both).at(hour, claim).at(2*hour, claim, app("b")).at(3*hour, claim, joined)
	got := total(t, s.run(Config{Engines: engines(t, nil, []string{policyJSON("tou", terms)})}))
	if diff := cmp.Diff([]Bounds{{}, {0, 1}}, prompts(got)); diff != "" {
		t.Error(diff)
	}
}

// An MFA prompt with a terms-of-use policy beside it is one prompt (60).
func TestTwoControlsAreOnePrompt(t *testing.T) {
	s := newStory()
	s.at(0, corr("a"), failed("50074", signin.Challenge, signin.MFARequired), password)
	s.at(min1, corr("a"), both)
	got := total(t, s.run(Config{Engines: engines(t, []string{policyJSON("mfa", mfa), policyJSON("tou", terms)})}))
	if diff := cmp.Diff(exactly(1), prompts(got)); diff != "" {
		t.Error(diff)
	}
}

// secondaryAuthentication asks for the second factor only.
func TestSecondaryFrequency(t *testing.T) {
	second := `{"sessionControls":{"signInFrequency":{"isEnabled":true,"type":"hours","value":4,"frequencyInterval":"timeBased","authenticationType":"secondaryAuthentication"}}}`
	s := newStory()
	s.at(0, both).at(5*hour, claim)
	got := total(t, s.run(Config{Engines: engines(t, []string{policyJSON("a", mfa, second)}, []string{policyJSON("a", mfa, every(4))})}))
	if diff := cmp.Diff(exactly(2, 2), prompts(got)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(exactly(2, 3), bounds(func(o Outcome) Bounds { return o.Entries }, got)); diff != "" {
		t.Error(diff)
	}
}

// A fact nobody has makes bounds, a count of unknown verdicts and the fact's name.
func TestUnknownPropagates(t *testing.T) {
	s := newStory()
	s.at(0).at(hour, app("b"))
	tl := s.run(Config{Engines: engines(t, nil,
		[]string{policyJSON("risk", block, risky)}, []string{policyJSON("mfa", mfa)})})
	got := total(t, tl)
	if diff := cmp.Diff([]Bounds{{}, {0, 2}, {}}, bounds(func(o Outcome) Bounds { return o.Blocks }, got)); diff != "" {
		t.Error(diff)
	}
	// At worst each app has a session of its own.
	if diff := cmp.Diff([]Bounds{{}, {}, {0, 2}}, prompts(got)); diff != "" {
		t.Error(diff)
	}
	if got.Sets[1].Unknown != 2 || got.Sets[0].Unknown != 0 {
		t.Errorf("unknown %v", got.Sets[1].Unknown)
	}
	want := []Missing{{Set: 1, Policy: 0, Fact: "userRisk", Count: 2}, {Set: 2, Policy: -1, Fact: SessionFact, Count: 2}}
	if diff := cmp.Diff(want, tl.Missing); diff != "" {
		t.Error(diff)
	}
	for _, c := range tl.Changes {
		if c.Kind == Relieved || c.Delta != (Bounds{0, 2}) {
			t.Errorf("%+v", c)
		}
	}
}

// A joined device in use: at best its token is renewed at every opportunity, at
// worst only when that is proved: by an unlock, or by current's own frequency,
// which lets a sign-in pass that no entry in the log explains.
func TestDeviceTokenBounds(t *testing.T) {
	eight := []string{policyJSON("sif", mfa, every(8))}
	s := newStory()
	s.at(0, both, joined)
	for i := signin.Time(1); i <= 10; i++ {
		s.at(i*hour, claim, joined)
	}
	got := total(t, s.run(Config{Engines: engines(t, nil, eight)}))
	if diff := cmp.Diff([]Bounds{{}, {1, 2}}, prompts(got)); diff != "" {
		t.Error("renewed or not:", diff)
	}
	got = total(t, s.run(Config{Engines: engines(t, eight, eight, []string{policyJSON("sif", mfa, every(4))})}))
	// At worst, with four hours, at 0, 5 and 10.
	if diff := cmp.Diff([]Bounds{{1, 1}, {1, 1}, {1, 3}}, prompts(got)); diff != "" {
		t.Error("proved:", diff)
	}
}

// The clause behind a prompt, per cell.
func TestCauses(t *testing.T) {
	s := newStory()
	s.at(0, both).at(5*hour, claim).at(10*hour, claim)
	tl := s.run(Config{Engines: engines(t, []string{policyJSON("mfa", mfa), policyJSON("sif", every(4))})})
	want := []Cause{
		{Policy: 0, Clause: ClauseGrant, Prompts: Bounds{1, 1}},
		// At worst the first password, of which nothing came before, was its doing too.
		{Policy: 1, Clause: ClauseFrequency, Prompts: Bounds{2, 3}},
	}
	var got []Cause
	for _, c := range tl.Causes {
		if c.Cell == (Cell{}) {
			got = append(got, c)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if p := tl.Policies[0][1]; p.Prompts != (Bounds{2, 3}) || p.Only != 2 || p.People != 1 || p.Applied != 3 {
		t.Errorf("%+v", p)
	}
}

// A person who refuses the prompt is asked again at the next try.
func TestRefusedPromptIsNotAnswered(t *testing.T) {
	s := newStory()
	s.at(0, password, failed("500121", signin.Failure, signin.MFADenied))
	s.at(20*min1, both).at(hour, claim)
	got := total(t, s.run(Config{Engines: engines(t, []string{policyJSON("mfa", mfa)})}))
	if diff := cmp.Diff(exactly(2), prompts(got)); diff != "" {
		t.Error(diff)
	}
}

// Decisions are told for every row and set, attack rows included.
func TestDecisions(t *testing.T) {
	s := newStory()
	s.at(0, both).at(hour, claim, app("closed"))
	s.attack[1] = true
	var got []Decision
	s.run(Config{
		Engines:   engines(t, []string{policyJSON("mfa", mfa)}, []string{policyJSON("closed", block, apps("closed"))}),
		Decisions: func(d *Decision) { got = append(got, *d) },
	})
	p := signin.PersonKey("entra", "t", "u1")
	want := []Decision{
		{Time: t0, Person: p, Set: "A", Verdict: "prompt", Best: "prompt", Worst: "prompt", Controls: "mfa", Policies: "mfa"},
		{Time: t0, Person: p, Set: "B", Verdict: "allow", Best: "allow", Worst: "allow"},
		{Ref: signin.Ref{Row: 1}, Time: t0 + hour, Person: p, Set: "A", Verdict: "allow", Best: "allow", Worst: "allow", Attack: true},
		{Ref: signin.Ref{Row: 1}, Time: t0 + hour, Person: p, Set: "B", Verdict: "block", Best: "block", Worst: "block", Controls: "block", Policies: "closed", Attack: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The rules a mistake in which would not show above; each by a small history
// and its count per set.
func TestSmallRules(t *testing.T) {
	sif := func(h int) []string { return []string{policyJSON("sif", mfa, every(h))} }
	custom := `{"grantControls":{"operator":"OR","authenticationStrength":{"id":"11111111-2222-3333-4444-555555555555","displayName":"ours"}}}`
	tests := []struct {
		name string
		s    *story
		sets [][]string
		want []Bounds
	}{
		{
			"five minutes hold for every app of a device, whatever token it has",
			newStory().at(0, both, native, joined, app("a")).at(4*min1, native, joined, app("b")),
			[][]string{nil, {policyJSON("et", everyTime)}},
			[]Bounds{{}, {0, 0}},
		}, {
			"a label is believed where current would not have asked",
			newStory().at(0, both).at(9*hour, both, label).at(25*hour, claim),
			[][]string{{policyJSON("mfa", mfa)}, sif(24)},
			[]Bounds{{1, 1}, {2, 2}},
		}, {
			"one prompt per attempt",
			newStory().at(0, both, corr("a")).at(6*min1, claim, corr("a")),
			[][]string{{policyJSON("et", mfa, everyTime)}},
			[]Bounds{{1, 1}},
		}, {
			"a custom strength, known by id only, is met once",
			newStory().at(0, both).at(hour, claim).at(2*hour, claim),
			[][]string{{policyJSON("mfa", mfa), policyJSON("ours", custom)}},
			[]Bounds{{1, 1}},
		}, {
			"a prompt the person failed comes again",
			newStory().at(0, claim).at(9*hour, failed("500121", signin.Failure, signin.MFATimeout)).at(9*hour+20*min1, claim),
			[][]string{nil, sif(8)},
			[]Bounds{{}, {2, 3}},
		}, {
			"a demand still waiting at the end counts at worst",
			newStory().at(0, password).at(hour, quiet, app("x")),
			[][]string{nil, {policyJSON("mfa", mfa, apps("x"))}},
			[]Bounds{{}, {0, 1}},
		}, {
			"what current let pass was proved within its frequency",
			newStory().at(0, claim).at(hour, claim),
			[][]string{sif(4), sif(8)},
			[]Bounds{{0, 0}, {0, 0}},
		},
	}
	for _, tt := range tests {
		got := total(t, tt.s.run(Config{Engines: engines(t, tt.sets...)}))
		if diff := cmp.Diff(tt.want, prompts(got)); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}
