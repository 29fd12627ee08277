package replay

import (
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// key signs in with a security key.
func key(e *signin.Event) {
	e.MFA.Requirement, e.MFA.State = signin.MultiFactor, signin.MFADone
	e.MFA.Factors = factors(signin.Factor{Method: "FIDO2 security key", Succeeded: "true", Requirement: "Primary authentication"})
}

func TestMissingMethod(t *testing.T) {
	strong, push := []string{policyJSON("strong", phishing)}, []string{policyJSON("push", `{"grantControls":{"operator":"OR","authenticationStrength":{"id":"00000000-0000-0000-0000-000000000002"}}}`)}
	elsewhere, tests := []string{policyJSON("strong", phishing, apps("app2"))}, []string{reportOnly("strong", phishing)}
	certificate := func(e *signin.Event) {
		key(e)
		e.MFA.Factors = factors(signin.Factor{Method: "X.509 certificate", Succeeded: "true", Requirement: "Primary authentication"})
	}
	for name, c := range map[string]struct {
		story *story
		want  []int64
	}{
		"push only":                   {newStory().at(0, both).at(hour, claim), []int64{0, 1, 0, 0, 0}},
		"a key, once, later":          {newStory().at(0, both).at(hour, claim).at(9*hour, key), []int64{0, 0, 0, 0, 0}},
		"a certificate of some kind":  {newStory().at(0, both).at(hour, certificate), []int64{0, 0, 0, 0, 0}},
		"a method nobody knows":       {newStory().at(0, both).at(hour, func(e *signin.Event) { e.MFA.Methods = signin.EncodeList([]string{"Retina scan"}) }), []int64{0, 0, 0, 0, 0}},
		"a log that lists no factors": {newStory().at(0).at(hour), []int64{0, 0, 0, 0, 0}},
		"never more than a password":  {newStory().at(0, password).at(hour, password), []int64{0, 1, 1, 0, 0}},
		"elsewhere too":               {newStory().at(0, both).at(hour, claim, app("app2")), []int64{0, 1, 0, 1, 0}},
		"an attacker's key":           {attacked(newStory().at(0, both).at(hour, key)), []int64{0, 1, 0, 0, 0}},
	} {
		got := c.story.run(Config{Engines: engines(t, nil, strong, push, elsewhere, tests)}).MissingMethod
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// stepUp is a second factor for policy in a session that goes on; mistyped a wrong
// password in an attempt that policy looked at; passkey both factors at once.
func stepUp(e *signin.Event) {
	claim(e)
	e.MFA.Factors = factors(signin.Factor{Method: "Text message", Succeeded: "true", Requirement: "MultiConditionalAccess"})
}

func mistyped(e *signin.Event) {
	e.MFA.Factors = factors(
		signin.Factor{Method: "Password", Succeeded: "false", Requirement: "Primary authentication"},
		signin.Factor{Detail: "MFA required", Succeeded: "false", Requirement: "MultiConditionalAccess"})
}

func passkey(e *signin.Event) {
	e.MFA.State = signin.MFADone
	e.MFA.Factors = factors(signin.Factor{Method: "Passkey", Succeeded: "true", Requirement: "Primary authentication"})
}

// attacked marks the last row as an attack.
func attacked(s *story) *story {
	s.attack[len(s.attack)-1] = true
	return s
}

// Recorded prompts that policies can be behind, and whether replay asks too.
func TestPromptAgreement(t *testing.T) {
	set := []string{policyJSON("mfa", mfa, every(8))}
	for name, c := range map[string]struct {
		story *story
		want  PromptAgreement
	}{
		"asked by both":             {newStory().at(0, both).at(hour, claim).at(9*hour, both, label), PromptAgreement{2, 2, 0, 0}},
		"a password is no policy's": {newStory().at(0, both).at(hour, claim, password), PromptAgreement{1, 1, 0, 0}},
		"nobody replays this one":   {newStory().at(0, both).at(hour, both, app("app"), label), PromptAgreement{2, 1, 0, 1}},
		"in the high world":         {newStory().at(0, claim).at(7*hour, stepUp, app("app2")), PromptAgreement{1, 0, 1, 0}},
		"the label tells":           {newStory().at(0, claim).at(7*hour, label, both, app("app2")), PromptAgreement{1, 1, 0, 0}},
		"a mistyped password":       {newStory().at(0, password, mistyped), PromptAgreement{}},
		"a passkey that signs in":   {newStory().at(0, both).at(hour, passkey), PromptAgreement{1, 1, 0, 0}},
		"an attacker's":             {attacked(newStory().at(0, both).at(hour, both)), PromptAgreement{1, 1, 0, 0}},
		"another provider's":        {newStory().at(0, both).at(hour, both, func(e *signin.Event) { e.Provider = "okta" }), PromptAgreement{1, 1, 0, 0}},
	} {
		if diff := cmp.Diff(c.want, c.story.run(Config{Engines: engines(t, set)}).Fidelity.Prompted); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
