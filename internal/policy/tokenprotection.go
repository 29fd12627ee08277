package policy

import (
	"slices"
	"strings"

	"frisk/internal/signin"
)

// Token protection (session control secureSignInSession) accepts only sign-in
// sessions bound to a device; an unbound one is refused and nobody is asked
// (reference 1.10, Entra "token protection", 2025-08-20). The row says bound or
// unbound (tokenProtectionStatusDetails.signInSessionStatus).

// tokenProtected are the resources that support it, by the names on that page;
// the last is the one it adds for Windows App.
var tokenProtected = []string{
	"00000002-0000-0ff1-ce00-000000000000", // Office 365 Exchange Online
	"00000003-0000-0ff1-ce00-000000000000", // Office 365 SharePoint Online
	"cc15fd57-2c6c-4117-a88c-83b1d56b4bbe", // Microsoft Teams Services
	"9cdead84-a844-4324-93f2-b2e6bb768d07", // Azure Virtual Desktop
	"0af06dc6-e4b5-4f28-818e-e78e62d137a5", // Windows 365
	"270efc09-cd0d-444b-a71f-39af4910ec45", // Windows Cloud Login
}

// teamsWeb is the browser app the page names as one that such a policy blocks.
const teamsWeb = "5e3ce6c0-2b1f-4285-8d4b-75ee78787346"

// bound says whether the row's token satisfies token protection. What the page
// leaves open is Unknown: resources it does not list, and other browser apps,
// which it says "might" be blocked.
func (ev *Evaluator) bound(r *signin.Row) signin.Truth {
	k := key{
		a: pack(r.C[signin.DimResource], r.C[signin.DimAudiences]),
		b: pack(r.C[signin.DimTokenBinding], r.C[signin.DimApp]),
		c: pack(signin.Code(ev.client(r)), signin.Code(ev.platform(r))),
	}
	v := ev.bindings.find(k)
	if v == nil {
		ev.x.see(r, false)
		v = ev.bindings.put(k, verdicts{yes: Mask{uint64(ev.x.bound())}})
	}
	return signin.Truth(v.yes[0]) //nolint:gosec // put just above
}

func (x *sight) bound() signin.Truth {
	status := strings.ToLower(x.text(signin.DimTokenBinding))
	if status == "bound" {
		return x.say(signin.True, "the token is bound to a device")
	}
	if !slices.ContainsFunc(x.targets(), func(t target) bool { return t.sure && slices.Contains(tokenProtected, t.id) }) {
		return x.say(signin.Unknown, "the documentation does not say what token protection does at this resource")
	}
	windows := x.ev.platform(x.r) == platformWindows
	switch {
	case !windows && (status == "unbound" || x.ev.client(x.r) == clientBrowser):
		return x.say(signin.Unknown, "token protection is documented for Windows, and the row is not known to be of it")
	case status == "unbound":
		return x.say(signin.False, "the token is not bound to a device")
	case x.ev.client(x.r) == clientBrowser && strings.EqualFold(x.text(signin.DimApp), teamsWeb):
		return x.say(signin.False, "Teams in a browser cannot bind its token")
	case x.ev.client(x.r) == clientBrowser:
		return x.say(signin.Unknown, "a browser may be refused, and the row does not say whether the token is bound")
	}
	return x.say(signin.Unknown, "the row does not say whether the token is bound (tokenProtectionStatusDetails)")
}

// withBinding adds what token protection asks.
func withBinding(g Grade, bound signin.Truth) Grade {
	switch bound {
	case signin.True:
		return g
	case signin.False:
		g.Best = Block
		g.Sure |= ControlTokenProtection
	case signin.Unknown:
	}
	g.Worst = Block
	g.Unmet |= ControlTokenProtection
	return g
}
