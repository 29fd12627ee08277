package analysis

import (
	"strings"

	"frisk/internal/directory"
	"frisk/internal/risk"
	"frisk/internal/signin"
)

// judgeRequests looks for repeated and grouped requests for exceptions.
func (r *Result) judgeRequests() {
	opt := risk.ExceptionDefaults()
	dir := r.around.dir
	var groups []*directory.Group
	for _, id := range r.around.reportGroups() {
		if g := dir.Group(id); g != nil {
			groups = append(groups, g)
		}
	}
	opt.Groups = func(person string, at signin.Time) []string {
		var out []string
		for _, g := range groups {
			if dir.Member(person, g.ID, at) == signin.True {
				out = append(out, r.groupName(g.ID))
			}
		}
		return out
	}
	opt.Policy = r.policyOf
	r.exceptions = risk.Exceptions(dir.Requests, opt)
}

// policyOf is the name of the current policy that a request's text means: its
// id, its name or the beginning of the name up to a separator ("CA203"). "" when
// none, or several, fit.
func (r *Result) policyOf(text string) string {
	if len(r.around.engines) == 0 {
		return ""
	}
	text = strings.TrimSpace(text)
	var byPrefix []string
	for _, p := range r.around.engines[0].Set().Policies {
		if strings.EqualFold(p.ID, text) || strings.EqualFold(p.Name, text) {
			return p.Name
		}
		if head, _, ok := strings.Cut(p.Name, " "); ok && strings.EqualFold(head, text) {
			byPrefix = append(byPrefix, p.Name)
		}
	}
	if len(byPrefix) == 1 {
		return byPrefix[0]
	}
	return ""
}
