package replay

import (
	"strings"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// demander says who asked for a second factor.
type demander uint8

const (
	demandUnknown demander = iota // the log does not say
	demandPolicy                  // Conditional Access, a strength or a risk policy
	demandOther                   // per-user MFA, security defaults, the application, ...
)

// steps is what one list of authentication steps says.
type steps struct {
	said    bool // there is a list at all, even an empty one
	entries uint16
	failed  uint16
	// first and second: a factor of that kind was given and accepted in this row.
	// A method that is both at once (Windows Hello, a passkey) sets both.
	first, second bool
	// strong: the first factor carried the second within it.
	strong bool
	// apart: a second factor was given in a step of its own; declined: one was
	// asked for in a step of its own and not given.
	apart, declined bool
	// later: Windows Hello was given as a second step, which satisfies no strength
	// (reference 1.9), so that it is not in methods.
	later bool
	// undecided: a step does not say whether it succeeded; the row's outcome does.
	undecided bool
	methods   policy.MethodSet
	by        demander
}

// multi are the methods that are two factors in one step (reference 1.9,
// built-in strength "multifactor").
const multi = policy.MethodWindowsHello | policy.MethodFIDO2 | policy.MethodCertificateMulti |
	policy.MethodDeviceBasedPush | policy.MethodFederatedMulti | policy.MethodPassOneTime | policy.MethodPassMultiUse

// firsts are the methods that are a first factor when the step does not say.
const firsts = policy.MethodPassword | policy.MethodFederatedSingle | policy.MethodQRCode | policy.MethodCertificateSingle

// stepsOf reads a list of factors. A list that does not parse says nothing:
// ingest wrote it, so it parses.
func stepsOf(text string) steps {
	fs, err := signin.DecodeList[signin.Factor](signin.List(text))
	if err != nil || text == "" {
		return steps{}
	}
	out := steps{said: true}
	for _, f := range fs {
		req := strings.ToLower(f.Requirement)
		if d := demandOf(req); d != demandUnknown && out.by != demandPolicy {
			out.by = d
		}
		if !f.Entry() {
			continue
		}
		out.entries++
		if f.Succeeded == "false" {
			out.failed++
			if m := policy.MethodOf(f.Method); isSecond(req) || !isFirst(req) && m&(firsts|multi) == 0 {
				out.declined = true
			}
			continue
		}
		if f.Succeeded == "" {
			out.undecided = true
		}
		m := policy.MethodOf(f.Method)
		if m == policy.MethodWindowsHello && isSecond(req) {
			m, out.later = 0, true
		}
		out.methods |= m
		switch {
		case m&multi != 0 && !isSecond(req):
			out.first, out.second, out.strong = true, true, true
		case isFirst(req), m&firsts != 0 && !isSecond(req):
			out.first = true
		default:
			out.second, out.apart = true, true
		}
	}
	return out
}

// isFirst and isSecond read authenticationStepRequirement, which names the
// factor ("Primary authentication", "Multifactor authentication") or who asked
// for it ("MultiConditionalAccess").
func isFirst(req string) bool { return strings.HasPrefix(req, "primary") }

func isSecond(req string) bool { return strings.HasPrefix(req, "multi") }

// demandOf reads a requirement provider (Graph authenticationRequirementPolicy
// requirementProvider, lower case; reference 2.1).
func demandOf(provider string) demander {
	switch provider {
	case "", "primary authentication", "primaryauthentication", "multifactor authentication",
		"multifactorauthentication", "multi-factor authentication", "singlefactorauthentication":
		return demandUnknown
	case "multiconditionalaccess", "v1conditionalaccess", "authenticationstrengths", "riskbasedpolicy",
		"tenantsessionriskpolicy", "accountcompromisepolicies", "scopebasedauthrequirementpolicy":
		return demandPolicy
	}
	return demandOther
}

// demandersOf joins a list of requirement providers: policy wins, since then a
// candidate may do away with the demand.
func demandersOf(text string) demander {
	ps, err := signin.DecodeList[string](signin.List(text))
	if err != nil {
		return demandUnknown
	}
	out := demandUnknown
	for _, p := range ps {
		switch demandOf(strings.ToLower(p)) {
		case demandPolicy:
			return demandPolicy
		case demandOther:
			out = demandOther
		}
	}
	return out
}

// frequencyLabel reports a session lifetime label that blames sign-in frequency
// for the prompt (reference 1.10, rule 13).
func frequencyLabel(text string) bool { return hasLabel(text, "signinfrequency") }

// hasLabel reports whether a list of session lifetime labels has one that
// begins so.
func hasLabel(text, prefix string) bool {
	ls, err := signin.DecodeList[string](signin.List(text))
	if err != nil {
		return false
	}
	for _, l := range ls {
		if strings.HasPrefix(strings.ToLower(l), prefix) {
			return true
		}
	}
	return false
}
