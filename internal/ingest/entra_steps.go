package ingest

import (
	"slices"
	"strings"

	"frisk/internal/ingest/jsonscan"
	"frisk/internal/signin"
)

// steps is what authenticationDetails says.
type steps struct {
	said    bool
	any     bool
	list    signin.List
	done    bool // a second factor was given
	claim   bool // an earlier proof was accepted
	failed  bool // a second factor was tried in vain
	methods []string
}

var stepFields = newKeyTable([]fieldName{
	{"authenticationMethod", pMethod},
	{"authenticationMethodDetail", pMethodDetail},
	{"succeeded", pSucceeded},
	{"authenticationStepResultDetail", pStepResult},
	{"authenticationStepRequirement", pStepRequirement},
})

// readSteps reads authenticationDetails. The time of a step is left out, which
// makes the lists of most rows equal.
func (r *entraRow) readSteps(s *jsonscan.Scanner) {
	st := &r.steps
	*st = steps{methods: st.methods[:0]}
	if !s.List() {
		return
	}
	st.said = true
	m := r.sc.memo
	m.key = append(m.key[:0], 'f')
	m.factors = m.factors[:0]
	w := m.walk(stepFields)
	for s.Elem() {
		var f signin.Factor
		for p := w.First(s); p != nil; p = w.Next(s, p) {
			switch field(p.Tag) {
			case pMethod:
				f.Method = s.Text()
			case pMethodDetail:
				f.Detail = s.Text()
			case pSucceeded:
				f.Succeeded = signin.ParseTruth(s.Text()).Text()
			case pStepResult:
				f.Result = s.Text()
			case pStepRequirement:
				f.Requirement = s.Text()
			default:
				p.Skip(s)
			}
		}
		for _, part := range []string{f.Method, f.Detail, f.Succeeded, f.Result, f.Requirement} {
			m.key = keyPart(m.key, part)
		}
		m.factors = append(m.factors, f)
		st.count(f)
	}
	if s.Err() != nil {
		return
	}
	if l, ok := m.get(m.key); ok {
		st.list = l
		return
	}
	st.list = m.put(m.key, signin.EncodeList(append([]signin.Factor{}, m.factors...)))
}

func (st *steps) count(f signin.Factor) {
	st.any = true
	primary := hasPrefixFold(f.Requirement, "primary")
	second := f.Requirement != "" && !primary
	switch mfaText(f.Result) {
	case signin.MFAByClaim:
		st.claim = true
	case signin.MFADone:
		st.done = true
	}
	if !f.Entry() {
		if f.Method != "" && f.Succeeded == "true" && second {
			st.claim = true // "Previously satisfied" at the second step
		}
		return
	}
	if !slices.Contains(st.methods, f.Method) {
		st.methods = append(st.methods, f.Method)
	}
	class := methodClass(f.Method)
	switch {
	case f.Succeeded == "true" && (class == methodBoth || class == methodSecond && !primary):
		st.done = true
	case f.Succeeded == "false" && (second || class != methodFirst):
		st.failed = true
	}
}

// How many factors a method gives.
const (
	methodFirst  = iota // a password or what stands for it
	methodSecond        // something the person has, when asked after the first
	methodBoth          // enough alone
)

// methodsKnown spares the usual methods the search through words.
var methodsKnown = map[string]int{
	"Password": methodFirst, "Mobile app notification": methodSecond, "Text message": methodSecond,
	"OATH verification code": methodSecond, "FIDO2 security key": methodBoth, "Windows Hello for Business": methodBoth,
}

// methodClass classes the display texts of authenticationMethod. The names are
// those of the sign-in log and of Graph authenticationMethodModes.
func methodClass(method string) int {
	if c, ok := methodsKnown[method]; ok {
		return c
	}
	w := fold(method)
	for _, both := range []string{"fido", "passkey", "windowshello", "passwordless", "phonesignin", "certificatemulti", "x509multi", "multifactorcertificate", "temporaryaccesspass"} {
		if strings.Contains(w, both) {
			return methodBoth
		}
	}
	for _, first := range []string{"password", "passthrough", "federat", "integratedwindows", "seamless", "certificate", "x509", "qrcode", "email", "desktopsso"} {
		if strings.Contains(w, first) {
			return methodFirst
		}
	}
	switch w {
	case "pta", "phs", "passwordhashsync":
		return methodFirst
	}
	return methodSecond
}

// mfaText reads the sentences of status.additionalDetails, of a step's result
// and of the portal's "Multifactor authentication result". The sentences are
// listed on learn.microsoft.com/entra/identity/authentication/howto-mfa-reporting.
func mfaText(s string) signin.MFAState {
	if s == "" {
		return signin.MFAUnknown
	}
	switch {
	case hasPrefixFold(s, "MFA requirement satisfied"):
		return signin.MFAByClaim
	case hasPrefixFold(s, "MFA successfully completed"), hasPrefixFold(s, "MFA completed"):
		return signin.MFADone
	case hasPrefixFold(s, "MFA requirement skipped"), hasPrefixFold(s, "MFA required"), hasPrefixFold(s, "MFA denied"):
		return signin.MFANotDone
	}
	return signin.MFAUnknown
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// mfa decides the factor part of the event, after outcome and stream are known.
func (r *entraRow) mfa() {
	ev := r.ev
	m := &ev.MFA
	switch {
	case hasPrefixFold(r.requirement, "single"):
		m.Requirement = signin.SingleFactor
	case hasPrefixFold(r.requirement, "multi"):
		m.Requirement = signin.MultiFactor
	}
	m.Factors = r.steps.list
	switch {
	case len(r.steps.methods) > 0:
		m.Methods = r.sc.memo.set(r.steps.methods)
	case len(r.methods) > 0:
		m.Methods = r.sc.memo.set(r.methods)
	case r.steps.said:
		m.Methods = "[]"
	}
	if ev.Stream == signin.ServicePrincipal || ev.Stream == signin.ManagedIdentity {
		return // factors mean nothing for a workload
	}
	detail, result := mfaText(ev.Detail), mfaText(r.mfaResult)
	success := ev.Outcome == signin.Success
	switch {
	case r.steps.done:
		m.State = signin.MFADone
	case r.steps.claim, detail == signin.MFAByClaim, result == signin.MFAByClaim:
		m.State = signin.MFAByClaim
	case detail == signin.MFADone, result == signin.MFADone:
		m.State = signin.MFADone
	case detail == signin.MFANotDone, result == signin.MFANotDone, r.steps.failed, gaveNoSecond(ev.Reason):
		m.State = signin.MFANotDone
	case success && r.secondMethod():
		m.State = signin.MFADone
	case m.Requirement == signin.SingleFactor:
		m.State = signin.MFANotDone
	case m.Requirement == signin.MultiFactor && success && (ev.Stream == signin.NonInteractive || r.steps.any):
		// Met, and not by a step of this row: nobody can be asked in a
		// non-interactive sign-in.
		m.State = signin.MFAByClaim
	case m.Requirement == signin.RequirementUnknown && success && r.steps.any:
		m.State = signin.MFANotDone
	}
}

// gaveNoSecond reports a class that says the second factor was not given.
func gaveNoSecond(reason signin.Reason) bool {
	switch reason {
	case signin.MFARequired, signin.MFAEnrol, signin.MFAFailed, signin.MFADenied, signin.MFAFraud, signin.MFATimeout:
		return true
	}
	return reason.FirstFactorFailed()
}

func (r *entraRow) secondMethod() bool {
	return slices.ContainsFunc(r.methods, func(m string) bool { return methodClass(m) != methodFirst })
}
