package policy_test

import (
	"slices"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// naiveStrengths are the combinations of the built-in strengths (1.9).
var naiveStrengths = map[string][]string{
	"00000000-0000-0000-0000-000000000002": {
		"windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor", "deviceBasedPush", "temporaryAccessPassOneTime",
		"temporaryAccessPassMultiUse", "password,microsoftAuthenticatorPush", "password,softwareOath", "password,hardwareOath",
		"password,x509CertificateSingleFactor", "password,x509CertificateMultiFactor", "password,sms", "password,voice",
		"federatedMultiFactor", "federatedSingleFactor,microsoftAuthenticatorPush", "federatedSingleFactor,softwareOath",
		"federatedSingleFactor,hardwareOath", "federatedSingleFactor,sms", "federatedSingleFactor,voice",
	},
	"00000000-0000-0000-0000-000000000003": {"windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor", "deviceBasedPush"},
	"00000000-0000-0000-0000-000000000004": {"windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"},
}

// strengthMet: 1.9, a method already used that satisfies the strength needs no
// new prompt.
func (c *naiveCase) strengthMet(s *policy.State) answer {
	st := c.policy.strength()
	combinations := st.Combinations
	if len(combinations) == 0 {
		combinations = naiveStrengths[st.ID]
	}
	if s.MFA == signin.True && st.ID == "00000000-0000-0000-0000-000000000002" {
		return yes // equals mfa
	}
	if len(combinations) == 0 {
		return maybe // a custom strength by id only
	}
	if !s.MethodsKnown {
		if s.MFA == signin.False && !slices.ContainsFunc(combinations, func(combo string) bool { return singleFactor(combo) || !readable(combo) }) {
			return no // any of them would have given the session an MFA claim
		}
		return maybe
	}
	used := c.usedMethods(s)
	out := no
	for _, combo := range combinations {
		all := yes
		for _, m := range flags(combo) {
			all = both(all, used[m])
		}
		if !readable(combo) || all == yes && len(st.Limits) > 0 { // keys and certificates are not in the log
			all = maybe
		}
		out = either(out, all)
	}
	if out == no && s.Methods&policy.MethodOther != 0 {
		return maybe
	}
	return out
}

// usedMethods says of every method whether the session used it: 1.9 and 2.1, the
// log's words tell neither the factors of a certificate nor the kind of a pass, and a
// federated sign-in hides its second factor. Windows Hello counts only as the first.
func (c *naiveCase) usedMethods(s *policy.State) map[string]answer {
	out := map[string]answer{}
	for _, m := range naiveMethods {
		out[m] = sure(slices.Contains(s.Methods.Names(), m))
	}
	perhaps := func(m string) {
		if out[m] == no && s.MFA != signin.False { // any of them would have given a claim
			out[m] = maybe
		}
	}
	if s.Methods&policy.MethodHelloOpen != 0 && s.Methods&policy.MethodWindowsHello == 0 {
		out["windowsHelloForBusiness"] = no
		perhaps("windowsHelloForBusiness")
	}
	for word, other := range map[string]string{
		"x509CertificateSingleFactor": "x509CertificateMultiFactor", "temporaryAccessPassOneTime": "temporaryAccessPassMultiUse",
		"federatedSingleFactor": "federatedMultiFactor",
	} {
		if out[word] == yes {
			perhaps(other)
		}
	}
	return out
}

// naiveMethods are the methods of the Graph enum.
var naiveMethods = []string{
	"password", "windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor", "x509CertificateSingleFactor", "deviceBasedPush",
	"temporaryAccessPassOneTime", "temporaryAccessPassMultiUse", "microsoftAuthenticatorPush", "softwareOath", "hardwareOath",
	"sms", "voice", "email", "federatedSingleFactor", "federatedMultiFactor", "qrCodePin",
}

// readable says that every method of a combination is known.
func readable(combo string) bool {
	return !slices.ContainsFunc(flags(combo), func(m string) bool { return !slices.Contains(naiveMethods, m) })
}

// strength is the policy's strength: 1.9, risk remediation implies one.
func (p *naivePolicy) strength() *naiveStrength {
	if p.Grant == nil {
		return nil
	}
	if p.impliesStrength() {
		return &naiveStrength{ID: "00000000-0000-0000-0000-000000000002"}
	}
	return p.Grant.Strength
}

func (p *naivePolicy) impliesStrength() bool {
	return p.Grant.Strength == nil && says(p.Grant.Controls, "riskRemediation") && !says(p.Grant.Controls, "mfa")
}

// singleFactor says whether a combination gives no MFA claim.
func singleFactor(combo string) bool {
	return slices.Contains([]string{
		"password", "sms", "voice", "x509CertificateSingleFactor", "federatedSingleFactor", "softwareOath", "hardwareOath",
		"microsoftAuthenticatorPush", "email", "qrCodePin",
	}, combo)
}

// guestCanAnswer says whether an external user can satisfy the strength in this
// tenant: password, text message, call, push and software codes only (strengths page).
func (c *naiveCase) guestCanAnswer() answer {
	st := c.policy.strength()
	combinations := st.Combinations
	if len(combinations) == 0 {
		combinations = naiveStrengths[st.ID]
	}
	if !slices.ContainsFunc(combinations, readable) {
		return yes // an unseen strength is taken for one that can be answered
	}
	here := []string{"password", "federatedSingleFactor", "sms", "voice", "microsoftAuthenticatorPush", "softwareOath"}
	out := no
	for _, combo := range combinations {
		all := yes
		for _, m := range flags(combo) {
			all = both(all, sure(slices.Contains(here, m)))
		}
		if !readable(combo) {
			all = maybe
		}
		out = either(out, all)
	}
	return out
}
