package risk

import (
	"cmp"
	"slices"
)

// Estimate is a number nobody knows exactly.
type Estimate struct{ Low, Mid, High float64 }

// PassThrough is the share of hostile sign-ins that get past a control,
// password already in hand. Residual risk of a sign-in is its score times this.
type PassThrough struct {
	// Control is the Graph spelling of a grant control, "none" for no control, or
	// "phishingResistant" for an authentication strength only such methods meet.
	Control string
	Estimate
	Origin string // source, or "assumption: why"
}

// The figures for ordinary MFA. Low and mid: Meyer et al., "How effective is
// multifactor authentication at deterring cyberattacks?", arXiv 2305.00945
// (2023): MFA lowers the risk of compromise by 99.22 % over all accounts and by
// 98.56 % where credentials had leaked, which is the case here. High: Doerfler
// et al., "Evaluating Login Challenges as a Defense Against Account Takeover",
// WWW 2019: device-based challenges stop over 94 % of phishing hijacks.
var mfaPass = Estimate{Low: 0.0078, Mid: 0.0144, High: 0.06}

const mfaOrigin = "Meyer et al. 2023 (arXiv 2305.00945): 99.22 % less risk, 98.56 % with leaked credentials; " +
	"Doerfler et al., WWW 2019: device challenges stop over 94 % of phishing"

var passThroughs = []PassThrough{
	{"none", Estimate{1, 1, 1}, "nothing stands in the way"},
	{"block", Estimate{0, 0, 0}, "nothing passes"},
	{"mfa", mfaPass, mfaOrigin},
	{
		"phishingResistant",
		Estimate{0, 0.002, 0.01},
		"assumption: real-time phishing, the main loss of ordinary MFA, is ruled out by design (NIST SP 800-63B); what is left is theft on the device",
	},
	{"authenticationStrength", mfaPass, "as mfa, when it is not known which methods it allows: " + mfaOrigin},
	{
		"compliantDevice",
		Estimate{0.01, 0.05, 0.2},
		"assumption: the attacker needs a registered, healthy device; what is left is theft on it and rogue registration",
	},
	{"domainJoinedDevice", Estimate{0.01, 0.05, 0.25}, "assumption: as compliantDevice, without the health check"},
	{"compliantApplication", Estimate{0.3, 0.6, 1}, "assumption: binds data to an app, hardly the person"},
	{"approvedApplication", Estimate{0.5, 0.8, 1}, "assumption: the client claims to be the app"},
	{"passwordChange", mfaPass, "Entra asks for MFA before the change: " + mfaOrigin},
	{"riskRemediation", mfaPass, "as passwordChange: " + mfaOrigin},
	{"customAuthenticationFactors", Estimate{0.0078, 0.05, 0.3}, "assumption: a second factor of unknown kind"},
	{
		"signInFrequency",
		Estimate{0.0144, 0.5, 1},
		"assumption: asks again for what was already given; stops a stolen session that lacks the factors, not a thief who has them",
	},
	{"termsOfUse", Estimate{1, 1, 1}, "an attacker agrees to anything"},
}

// PassThroughs lists the constants by control. The slice is the caller's.
func PassThroughs() []PassThrough {
	out := slices.Clone(passThroughs)
	slices.SortFunc(out, func(a, b PassThrough) int { return cmp.Compare(a.Control, b.Control) })
	return out
}

// Pass is the constant of one control; ok is false for one it does not know,
// whose Estimate is then that of no control at all.
func Pass(control string) (e Estimate, ok bool) {
	for i := range passThroughs {
		if passThroughs[i].Control == control {
			return passThroughs[i].Estimate, true
		}
	}
	return Estimate{1, 1, 1}, false
}

// PassAll is what gets past several controls that must all be met: the least of
// them in each column. Products would claim that the controls fail independently,
// while one stolen device defeats most of them at once.
func PassAll(controls ...string) Estimate {
	out := Estimate{1, 1, 1}
	for _, c := range controls {
		e, _ := Pass(c)
		out = Estimate{min(out.Low, e.Low), min(out.Mid, e.Mid), min(out.High, e.High)}
	}
	return out
}
