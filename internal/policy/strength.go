package policy

import (
	"strings"

	"frisk/internal/signin"
)

// Ids of the built-in authentication strengths (reference 1.9; the id of the
// passwordless one is general knowledge, not from a stored primary source).
const (
	strengthMFA          = "00000000-0000-0000-0000-000000000002"
	strengthPasswordless = "00000000-0000-0000-0000-000000000003"
	strengthPhishing     = "00000000-0000-0000-0000-000000000004"
)

// builtInStrengths are the combinations of each built-in strength, as
// Microsoft's "authentication strengths" page tables them (reference 1.9).
var builtInStrengths = map[string][]string{
	strengthPhishing:     {"windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"},
	strengthPasswordless: {"windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor", "deviceBasedPush"},
	strengthMFA: {
		"windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor", "deviceBasedPush",
		"temporaryAccessPassOneTime", "temporaryAccessPassMultiUse",
		"password,microsoftAuthenticatorPush", "password,softwareOath", "password,hardwareOath",
		"password,x509CertificateSingleFactor", "password,x509CertificateMultiFactor", "password,sms", "password,voice",
		"federatedMultiFactor",
		"federatedSingleFactor,microsoftAuthenticatorPush", "federatedSingleFactor,softwareOath",
		"federatedSingleFactor,hardwareOath", "federatedSingleFactor,sms", "federatedSingleFactor,voice",
	},
}

// combination reads one allowedCombinations entry; ok is false when it names a
// method nobody knows.
func combination(text string) (m MethodSet, ok bool) {
	for part := range strings.SplitSeq(text, ",") {
		one := MethodOf(part)
		if one == 0 || one == MethodOther {
			return 0, false
		}
		m |= one
	}
	return m, true
}

// metBy says whether the session's proof satisfies the strength. A claim whose
// methods are not known satisfies the built-in multifactor strength and may
// satisfy any other; no claim satisfies none. MethodOther may be any method.
func (s *Strength) metBy(st *State) signin.Truth {
	if s.MFA && !s.Restricted && st.MFA == signin.True {
		return signin.True // the built-in MFA strength equals mfa (reference 1.9)
	}
	if !st.MethodsKnown {
		switch {
		case st.MFA == signin.False:
			return signin.False
		case st.MFA == signin.True && s.MFA:
			return signin.True
		}
		return signin.Unknown
	}
	if len(s.Combinations) == 0 {
		return signin.Unknown
	}
	have, wild := st.Methods&^MethodOther, st.Methods&MethodOther != 0
	best := signin.False
	for _, c := range s.Combinations {
		switch {
		case c&^have == 0:
			if !s.Restricted {
				return signin.True
			}
			best = signin.Unknown
		case wild:
			best = signin.Unknown
		}
	}
	if best == signin.False && s.MFA && st.MFA == signin.True {
		return signin.Unknown // a claim from elsewhere, by methods that are not all listed
	}
	return best
}
