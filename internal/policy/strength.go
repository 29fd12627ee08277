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

// builtInStrength is a built-in strength by id.
func builtInStrength(id string) *Strength {
	s := &Strength{ID: id, MFA: id == strengthMFA}
	for _, text := range builtInStrengths[id] {
		if c, ok := combination(text); ok {
			s.Combinations = append(s.Combinations, c)
		}
	}
	return s
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

// multifactor reports whether every combination is one that gives an MFA claim:
// two methods, or one that is two factors by itself.
func (s *Strength) multifactor() bool {
	const both = MethodWindowsHello | MethodFIDO2 | MethodCertificateMulti | MethodDeviceBasedPush |
		MethodPassOneTime | MethodPassMultiUse | MethodFederatedMulti
	for _, c := range s.Combinations {
		if c&both == 0 && c&(c-1) == 0 {
			return false
		}
	}
	return len(s.Combinations) > 0
}

// metBy says whether the session's proof satisfies the strength. A claim whose
// methods are not known satisfies the built-in multifactor strength and may
// satisfy any other; no claim satisfies none. MethodOther may be any method, and
// what is met only by another reading of the log's words (Kinder) is Unknown.
func (s *Strength) metBy(st *State) signin.Truth {
	if s.MFA && !s.Restricted && st.MFA == signin.True {
		return signin.True // the built-in MFA strength equals mfa (reference 1.9)
	}
	if !st.MethodsKnown {
		switch {
		case st.MFA == signin.False && s.multifactor() && !s.Incomplete:
			return signin.False // any of the combinations would have given a claim
		case st.MFA == signin.True && s.MFA:
			return signin.True
		}
		return signin.Unknown
	}
	if len(s.Combinations) == 0 {
		return signin.Unknown
	}
	have, wild := st.Methods&^MethodOther, st.Methods&MethodOther != 0
	perhaps := have
	if st.MFA != signin.False { // a stronger kind would have given a claim
		perhaps = have.Kinder()
	}
	best := signin.False
	for _, c := range s.Combinations {
		switch {
		case c&^have == 0:
			if !s.Restricted {
				return signin.True
			}
			best = signin.Unknown
		case wild, c&^perhaps == 0:
			best = signin.Unknown
		}
	}
	if best == signin.False && (s.Incomplete || s.MFA && st.MFA == signin.True) {
		return signin.Unknown // by a combination nobody here can read, or a claim from elsewhere
	}
	return best
}

// resourceMethods are the methods an external user can answer a strength with in
// this tenant, beside the first factor at home (Entra "authentication and
// Conditional Access for B2B users", table 1).
const resourceMethods = MethodPassword | MethodFederatedSingle |
	MethodSMS | MethodVoice | MethodAuthenticatorPush | MethodSoftwareOATH

// canAnswer says whether the person can satisfy the strength when asked: with a
// method that is registered or can be (reference 1.9; none blocks), and of those an
// external user may use here. A person of whom nothing is known can.
func (pr *proof) canAnswer(st *Strength) signin.Truth {
	if len(st.Combinations) == 0 || pr.methods == 0 && !pr.here {
		return signin.True
	}
	can, here := signin.False, signin.False
	for _, c := range st.Combinations {
		if pr.methods != 0 && c&^(pr.methods|MethodPassword) != 0 {
			continue
		}
		can = signin.True
		if c&^resourceMethods == 0 {
			here = signin.True
		}
	}
	if pr.here && can != signin.False && (here == signin.True || !pr.perhaps) {
		can = here
	} else if pr.here && can != signin.False {
		can = signin.Unknown
	}
	if can == signin.False && st.Incomplete {
		return signin.Unknown // a combination nobody here can read may be answered
	}
	return can
}
