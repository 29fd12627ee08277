package workaround

import "frisk/internal/signin"

var _ = register(Route{
	Name: "new-mfa-method", Title: "new MFA method", rank: 100, Slow: true,
	Doc:    "a success with a second factor of a kind the person was never seen to use before a prompt was abandoned or failed; being asked to register one is no stop here",
	Needs:  "methods used, and some history of them",
	Quiet:  "a person of whom no method was seen before says nothing",
	Origin: "reference, detection 4.2 (slow: 7 days)",
	Need:   signin.NeedDims(signin.DimMethods),
	says:   hasDim(signin.DimMethods),
	took: func(p *person, s *stop, from signin.Time, i int) bool {
		r, h := &p.rows[i], &p.past
		if !s.prompt || r.C[signin.DimMethods] == 0 || p.rows[s.row].Reason() == signin.MFAEnrol {
			return false
		}
		had := false
		for _, t := range h.methods { // any of them
			had = had || t < from
		}
		if !had {
			return false
		}
		for _, m := range *p.w.facts.methods.get(p.w.facts.sym[signin.DimMethods], r.C[signin.DimMethods]) {
			if t, ok := h.methods[m]; ok && t >= from {
				return true
			}
		}
		return false
	},
})
