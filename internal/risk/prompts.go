package risk

import (
	"strings"

	"frisk/internal/signin"
)

// promptNeed is the columns that refusedPrompt reads.
func promptNeed() signin.Need { return signin.NeedDims(signin.DimProvider, signin.DimMethods) }

// refusedPrompt reports a second factor that was asked for and refused, let pass
// or reported. Google writes one word, "Challenge Failed.", for a prompt that was
// refused, left alone or answered wrong (Reports API, login appendix); where the
// method can only be answered yes or no, that is a refusal. A failed code or key
// is a slip of the hand, not a refusal.
func (e *Env) refusedPrompt(r *signin.Row) bool {
	switch r.Reason() {
	case signin.MFAFraud, signin.MFADenied, signin.MFATimeout:
		return true
	case signin.MFAFailed:
		m := r.C[signin.DimMethods]
		return m != 0 && e.tables.prompt.get(e.Symbols[signin.DimMethods], m)
	}
	return false
}

// googlePrompts are the methods of Google that ask yes or no on a device.
var googlePrompts = map[string]bool{"google_prompt": true, "device_prompt": true}

// promptMethods reports that all methods of a list are yes-or-no prompts, the
// password beside them left out.
func promptMethods(list string) bool {
	names, err := signin.DecodeList[string](signin.List(list))
	if err != nil {
		return false
	}
	asked := false
	for _, n := range names {
		n = strings.ToLower(n)
		if n == "password" {
			continue
		}
		if !googlePrompts[n] {
			return false
		}
		asked = true
	}
	return asked
}
