package policy

import (
	"slices"
	"strings"

	"frisk/internal/signin"
)

// before2026 reports whether the rule before the 2026 change may have skipped
// the request (reference 1.5).
func (x *sight) before2026(p *plan, t target, all bool) bool {
	return all && len(p.Apps.Exclude) > 0 && (t.id == aadGraph || t.id == microsoftGraph || t.id == "") &&
		x.r.Time < x.ev.e.opt.LowPrivilegeFrom
}

// The low-privilege scopes, lower case: those of public clients, those of
// confidential clients besides, and those of Microsoft Graph alone (Entra "target
// resources", 2026-01-26).
var (
	signInScopes       = []string{"email", "offline_access", "openid", "profile", "user.read"}
	graphScopes        = []string{"people.read"}
	confidentialScopes = []string{"user.read.all", "user.readbasic.all"}
	confidentialGraph  = []string{"people.read.all", "groupmember.read.all", "member.read.hidden"}
)

// signInScopes says whether the request asked for nothing but low-privilege
// scopes: no row lists them, so Unknown unless the context does.
func (x *sight) signInScopes(resource string) signin.Truth {
	if x.ev.ctx.Scopes == nil {
		return signin.Unknown
	}
	graph, confidential := resource == microsoftGraph, x.ev.confidential(x.r)
	for _, s := range x.ev.ctx.Scopes {
		s = strings.ToLower(s)
		if !slices.Contains(signInScopes, s) && !(graph && slices.Contains(graphScopes, s)) &&
			!(confidential && slices.Contains(confidentialScopes, s)) &&
			!(confidential && graph && slices.Contains(confidentialGraph, s)) {
			return signin.False
		}
	}
	return signin.True
}
