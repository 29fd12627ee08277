package replay

import (
	"testing"

	"frisk/internal/policy"
	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// Where a met and an unmet demand are both allowed, it is said why.
func TestBasis(t *testing.T) {
	const (
		hourly = `{"sessionControls":{"signInFrequency":{"isEnabled":true,"type":"hours","value":1,"authenticationType":"primaryAndSecondaryAuthentication","frequencyInterval":"timeBased"}}}`
		terms  = `{"grantControls":{"operator":"OR","builtInControls":[],"termsOfUse":["tou-1"]}}`
	)
	yes := func(result string) signin.RecordedPolicy { return rec("id-p", result, 3, 0) }
	for _, c := range []struct {
		name     string
		policies []string
		history  func(*story) // before the row
		row      []mod
		rec      signin.RecordedPolicy
		want     Basis
	}{
		{"met", []string{mfa}, nil, []mod{claim}, yes("success"), BasisFirm},
		{"blocks", []string{block}, nil, nil, yes("failure"), BasisFirm},
		{"interrupted", []string{mfa}, nil, []mod{password, failed("50074", signin.Challenge, signin.MFARequired)}, yes("failure"), BasisAsked},
		{"answered", []string{mfa}, nil, []mod{both}, yes("success"), BasisAsked},
		{"age unknown", []string{mfa, hourly}, nil, []mod{quiet, native}, yes("success"), BasisProof},
		// That it passed unasked says that the proof was young: the replay's to use, but no proof of itself.
		{"young by its own outcome", []string{mfa, hourly}, nil, []mod{claim}, yes("success"), BasisProof},
		{"terms", []string{terms}, nil, []mod{claim}, yes("success"), BasisUnseen},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStory()
			if c.history != nil {
				c.history(s)
			}
			e := engine(t, "set", policyJSON("p", c.policies...))
			s.at(100*hour, append(c.row, recorded(c.rec))...)
			p := &s.run(Config{Engines: []*policy.Engine{e}, Masks: true}).Fidelity.Policies[0]
			var want [numBases]int64
			want[c.want] = 1
			if diff := cmp.Diff(want, p.Basis); diff != "" {
				t.Errorf("%s%+v", diff, p.Examples)
			}
			if loose := p.Loose() > 0; loose != c.want.Loose() {
				t.Errorf("loose: %v", loose)
			}
		})
	}
}

// The order in which reasons are looked for, and no reason where one result fits.
func TestBasisOf(t *testing.T) {
	mfaOnly := &policy.Policy{State: policy.Enabled, Grant: &policy.Grant{Controls: policy.ControlMFA}}
	device := &policy.Policy{State: policy.Enabled, Grant: &policy.Grant{Controls: policy.ControlCompliantDevice}}
	prompt, open := policy.Grade{Best: policy.Prompt, Worst: policy.Prompt}, policy.Grade{Worst: policy.Prompt}
	for want, cases := range map[Basis][]seeing{
		BasisFirm: {
			{p: mfaOnly, applies: signin.False, anew: true},
			{p: mfaOnly, applies: signin.Unknown, grade: open},
			{p: &policy.Policy{State: policy.Disabled}, applies: signin.True, grade: open},
			{p: mfaOnly, applies: signin.True},
		},
		BasisAsked: {
			{p: mfaOnly, applies: signin.True, grade: prompt, recorded: policy.ResultSuccess},
			{p: mfaOnly, applies: signin.True, grade: prompt, recorded: policy.ResultFailure, blocked: true, background: true},
		},
		BasisBlocked:    {{p: mfaOnly, applies: signin.True, grade: prompt, recorded: policy.ResultSuccess, blocked: true, background: true}},
		BasisBackground: {{p: mfaOnly, applies: signin.True, grade: prompt, recorded: policy.ResultSuccess, background: true}},
		BasisAnew:       {{p: mfaOnly, applies: signin.True, grade: open, anew: true, blocked: true}},
		BasisProof:      {{p: mfaOnly, applies: signin.True, grade: open, blocked: true}},
		BasisUnseen:     {{p: device, applies: signin.True, grade: policy.Grade{Worst: policy.Block}}},
	} {
		for i := range cases {
			if got := basisOf(&cases[i]); got != want {
				t.Errorf("%+v: %s, want %s", cases[i], got, want)
			}
		}
	}
	for b := range numBases {
		if b.String() == "" || b.Words() == "" {
			t.Errorf("basis %d has no name or words", b)
		}
	}
}

// The two cases an administrator met in explain: a demand met by the old session
// beside a policy that asks anew, and a demand beside a policy that blocks.
func TestBasisBeside(t *testing.T) {
	const hourly = `{"sessionControls":{"signInFrequency":{"isEnabled":true,"type":"hours","value":1,"authenticationType":"primaryAndSecondaryAuthentication","frequencyInterval":"timeBased"}}}`
	met, asks := policyJSON("met", mfa), policyJSON("asks", mfa, hourly)
	s := newStory().at(0, corr("a"), both)
	s.at(20*hour, corr("b"), claim, failed("50076", signin.Challenge, signin.MFARequired), recorded(rec("id-met", "failure", 3, 0), rec("id-asks", "failure", 3, 0)))
	e := engine(t, "set", met, asks)
	f := s.run(Config{Engines: []*policy.Engine{e}, Masks: true}).Fidelity
	if f.Policies[0].Basis != [numBases]int64{BasisAnew: 1} || f.Policies[1].Basis != [numBases]int64{BasisAsked: 1} {
		t.Errorf("%v %v", f.Policies[0].Basis, f.Policies[1].Basis)
	}

	s = newStory().at(0, corr("a"), both)
	s.at(20*hour, claim, corr("b"), failed("53003", signin.Failure, signin.PolicyBlock), recorded(rec("id-asks", "success", 3, 0), rec("id-shut", "failure", 3, 0)))
	e = engine(t, "set", asks, policyJSON("shut", block))
	f = s.run(Config{Engines: []*policy.Engine{e}, Masks: true}).Fidelity
	if f.Policies[0].Basis != [numBases]int64{BasisBlocked: 1} || f.Policies[1].Basis != [numBases]int64{BasisFirm: 1} {
		t.Errorf("%v %v %+v", f.Policies[0].Basis, f.Policies[1].Basis, f.Policies[0].Examples)
	}
}

// Rows of an attack carry evaluations that are compared with nothing; they are counted.
func TestFidelityAttacks(t *testing.T) {
	s := newStory().at(0, claim, recorded(rec("id-p", "success", 3, 0))).at(hour, claim, recorded(rec("id-p", "success", 3, 0))).at(2*hour, claim)
	s.attack[1], s.attack[2] = true, true
	f := s.run(Config{Engines: engines(t, []string{policyJSON("p", mfa)}), Masks: true}).Fidelity
	if f.Attacks != 1 || f.Listed != 1 || f.Policies[0].Result != (Agreement{Agree: 1}) {
		t.Errorf("%d attacks, %d listed, %+v", f.Attacks, f.Listed, f.Policies[0].Result)
	}
}
