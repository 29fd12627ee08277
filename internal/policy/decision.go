package policy

import (
	"math/bits"

	"frisk/internal/signin"
)

// MaxPolicies is how many policies one Set may hold. Entra's own limit is 195
// per tenant (240 announced); a Mask has room for both.
const MaxPolicies = 256

// Mask is a set of policies of one Set, by index. It is a value: copying and
// comparing it allocates nothing.
type Mask [MaxPolicies / 64]uint64

// Has reports whether policy i is in m.
func (m *Mask) Has(i int) bool { return m[i>>6]&(1<<(i&63)) != 0 }

// Add puts policy i into m.
func (m *Mask) Add(i int) { m[i>>6] |= 1 << (i & 63) }

// And is the intersection.
func (m Mask) And(n Mask) Mask {
	return Mask{m[0] & n[0], m[1] & n[1], m[2] & n[2], m[3] & n[3]}
}

// Or is the union.
func (m Mask) Or(n Mask) Mask {
	return Mask{m[0] | n[0], m[1] | n[1], m[2] | n[2], m[3] | n[3]}
}

// AndNot is m without n.
func (m Mask) AndNot(n Mask) Mask {
	return Mask{m[0] &^ n[0], m[1] &^ n[1], m[2] &^ n[2], m[3] &^ n[3]}
}

// Empty reports whether no policy is in m.
func (m Mask) Empty() bool { return m == Mask{} }

// Len counts the policies in m.
func (m Mask) Len() int {
	return bits.OnesCount64(m[0]) + bits.OnesCount64(m[1]) + bits.OnesCount64(m[2]) + bits.OnesCount64(m[3])
}

// All yields the indexes in m in ascending order.
func (m Mask) All() func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for w, v := range m {
			for ; v != 0; v &= v - 1 {
				if !yield(w<<6 + bits.TrailingZeros64(v)) {
					return
				}
			}
		}
	}
}

func index(word int, rest uint64) int { return word<<6 + bits.TrailingZeros64(rest) }

// Effect is what a set of policies does to one sign-in, from least to most
// restrictive, so that effects compare with <.
type Effect uint8

// The effects.
const (
	Allow  Effect = iota
	Prompt        // the person is asked for something and can answer it
	Block
)

var effectNames = []string{"allow", "prompt", "block"}

func (e Effect) String() string { return effectNames[e] }

// Controls is a set of grant controls, and of session demands that ask the
// person for something.
type Controls uint16

// The controls, in the order Entra asks for them (reference 1.1).
const (
	ControlBlock Controls = 1 << iota
	ControlMFA
	ControlStrength
	ControlCompliantDevice
	ControlDomainJoinedDevice
	ControlApprovedApplication
	ControlCompliantApplication
	ControlPasswordChange
	ControlRiskRemediation
	ControlTermsOfUse
	ControlCustom
	// ControlFrequency is not a grant control: sign-in frequency asks for the
	// factors again because they are too old.
	ControlFrequency
	// ControlOther is a built-in control this program does not know.
	ControlOther
	// ControlTokenProtection is not a grant control either: the session control
	// that accepts only tokens bound to a device. Nobody is asked; unmet it blocks.
	ControlTokenProtection
)

var controlNames = []string{
	"block", "mfa", "authenticationStrength", "compliantDevice", "domainJoinedDevice",
	"approvedApplication", "compliantApplication", "passwordChange", "riskRemediation",
	"termsOfUse", "customAuthenticationFactors", "signInFrequency", "other", "secureSignInSession",
}

// Names lists the controls in c in Graph spelling and in asking order.
func (c Controls) Names() []string {
	var out []string
	for i, n := range controlNames {
		if c&(1<<i) != 0 {
			out = append(out, n)
		}
	}
	return out
}

// Never is an age without end: the thing never happened as far as is known.
const Never = signin.Time(1) << 60

// Age bounds how long ago something happened: at least Min, at most Max.
// The zero Age means just now. Nothing known is {0, Never}.
type Age struct{ Min, Max signin.Time }

// AnyAge is the age of something of which nothing is known.
var AnyAge = Age{0, Never}

// NeverAge is the age of something known not to have happened.
var NeverAge = Age{Never, Never}

// Older reports whether the age exceeds limit, Unknown when the bounds straddle it.
func (a Age) Older(limit signin.Time) signin.Truth {
	switch {
	case a.Min > limit:
		return signin.True
	case a.Max <= limit:
		return signin.False
	}
	return signin.Unknown
}

// State is the session as it stood just before a sign-in: what proof it
// already carries. Replay keeps it per person and device or browser; a policy
// test spells it out. The zero State is a session that has just given its first
// factor and nothing is known about the second.
type State struct {
	// MFA says whether the session carries an MFA claim.
	MFA signin.Truth
	// Methods are the methods behind the claim (and behind the first factor) as a
	// MethodSet; meaningful when MethodsKnown.
	Methods      MethodSet
	MethodsKnown bool
	// First and Second are the ages of the last first and second factor entry, PRT
	// the age of the last refresh of the device's primary refresh token.
	First, Second, PRT Age
	// DeviceSession reports that the clocks belong to a joined device (PRT), so
	// that an unlock can stand for a factor (reference 1.10, rules 3 and 4).
	DeviceSession bool
	// Background marks a row nobody sat in front of; frequency is then deferred
	// to the next interaction for browsers and confidential clients (rule 5).
	Background bool
}

// MethodSet is a set of authentication methods, in the Graph
// authenticationMethodModes vocabulary; see methods.go.
type MethodSet uint32

// Match is what the stateless conditions of every policy of a set say about
// one sign-in. A policy in neither mask does not apply. Disabled policies are
// never in either; report-only ones are.
type Match struct {
	Applies Mask // every condition is True
	Unknown Mask // no condition is False and at least one is Unknown
}

// Decision is the combined verdict of a set on one sign-in, as bounds: Best
// takes every unknown in the person's favour, Worst against. Report-only
// policies are left out of both and kept in their own masks.
type Decision struct {
	Best, Worst Effect
	// Unmet are the controls demanded in the worst case and not already met,
	// MaybeUnmet the part of them that hangs on an unknown.
	Unmet, MaybeUnmet Controls
	Match             Match
	// Blocks and Prompts are the enabled policies that block or prompt for
	// certain; MaybeBlocks and MaybePrompts those that do so if the unknowns fall
	// against the person.
	Blocks, MaybeBlocks   Mask
	Prompts, MaybePrompts Mask
	// ReportOnly policies that would have blocked or prompted for certain.
	WouldBlock, WouldPrompt Mask
	// Frequency is the strictest sign-in frequency of the enabled policies that
	// apply, 0 = none, EveryTime = each time.
	Frequency signin.Time
	// NotPersistent reports that an enabled applying policy forbids a persistent
	// browser session, Persistent that one demands it and none forbids it. Either
	// overrides the person's answer to "stay signed in" (reference 1.10).
	NotPersistent, Persistent bool
}

// EveryTime is the Frequency of frequencyInterval everyTime. The documented
// tolerance of five minutes applies (reference 1.10, rule 6).
const EveryTime = signin.Time(1)

// Verdict is the decision as a word: "allow", "prompt", "block", or "unknown"
// when best and worst differ.
func (d *Decision) Verdict() string {
	if d.Best != d.Worst {
		return "unknown"
	}
	return d.Best.String()
}
