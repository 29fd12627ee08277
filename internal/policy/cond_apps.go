package policy

import (
	"slices"
	"strings"

	"frisk/internal/signin"
)

// applications: what is asked for. Conditional Access targets the resource a
// token is for, not the client; a web app that signs its own users in is a
// target too (reference 1.5, Entra "target resources").
var _ = register(Condition{
	Name:    "applications",
	Doc:     "the audiences Conditional Access recorded, else the resource asked for (and a confidential client itself); app groups, the app filter over exported security attributes, user actions and authentication contexts",
	Unknown: "a policy that names the browser app itself, where the row lists neither audiences nor clientCredentialType, an app that no list of Office365 or MicrosoftAdminPortals mentions, an app filter without exported attributes, an authentication context the export leaves out, a user action, network traffic profiles, agent resources",
	Bit:     BitApplication,
	Dims: []signin.Dim{
		signin.DimResource, signin.DimApp, signin.DimAudiences, signin.DimAuthContexts,
		signin.DimClient, signin.DimCredential,
	},
	configured: func(*plan) bool { return true },
	dim:        byTarget,
	test:       testApps,
})

// Ids with rules of their own (reference 1.5).
const (
	aadGraph           = "00000002-0000-0000-c000-000000000000"
	microsoftGraph     = "00000003-0000-0000-c000-000000000000"
	deviceRegistration = "01cb2876-7ebd-4aa4-9cc9-d28bd4d3a952"
	mySignIns          = "19db86c3-b2b9-44cc-b339-36da233a3be2"
	myAppsPanel        = "0000000c-0000-0000-c000-000000000000"

	actionSecurityInfo = "urn:user:registersecurityinfo"
	actionDevice       = "urn:user:registerdevice"
)

func testApps(x *sight, p *plan) signin.Truth {
	t := signin.False
	why := ""
	add := func(u signin.Truth) {
		if better := t.Or(u); better != t || why == "" {
			why = x.why
		}
		t = t.Or(u)
	}
	x.why = "the policy names no target"
	if len(p.Apps.UserActions) > 0 {
		add(x.action(p))
	}
	if len(p.Apps.AuthContexts) > 0 {
		add(x.authContext(p))
	}
	if len(p.Apps.Include) > 0 || p.Apps.Filter {
		add(x.app(p))
	}
	if p.Apps.IncludeUnread {
		add(x.say(signin.Unknown, "the policy targets something this program does not know"))
	}
	if why != "" {
		x.why = why
	}
	return t
}

// action: is the request one of the policy's user actions?
func (x *sight) action(p *plan) signin.Truth {
	if p.State == ReportOnly && !x.ev.ctx.ActionOnly {
		return x.say(signin.False, "user actions are not evaluated in report-only")
	}
	if a := x.ev.ctx.UserAction; a != "" {
		if a == "none" {
			return x.say(signin.False, "no user action")
		}
		return x.say(signin.TruthOf(slices.Contains(p.Apps.UserActions, a)), "the user action is %s", a)
	}
	// Only the registration services can stand for an action; whether they do, no row tells.
	app, resource := strings.ToLower(x.text(signin.DimApp)), strings.ToLower(x.text(signin.DimResource))
	for _, id := range []string{app, resource} {
		device := id == deviceRegistration && slices.Contains(p.Apps.UserActions, actionDevice)
		info := (id == mySignIns || id == myAppsPanel) && slices.Contains(p.Apps.UserActions, actionSecurityInfo)
		if device || info {
			return x.say(signin.Unknown, "app %s may or may not have been registering", id)
		}
	}
	if resource == "" || app == "" {
		return x.say(signin.Unknown, "the row does not say what was asked for, and by which app")
	}
	return x.say(signin.False, "an application was asked for, not a user action")
}

func (x *sight) authContext(p *plan) signin.Truth {
	if c := x.ev.ctx.AuthContext; c != "" {
		return x.say(signin.TruthOf(slices.Contains(p.Apps.AuthContexts, strings.ToLower(c))), "the authentication context is %s", c)
	}
	list := x.text(signin.DimAuthContexts)
	if list == "" {
		return x.say(signin.Unknown, "the row does not list authentication contexts (it is in beta and diagnostic exports)")
	}
	have, err := signin.DecodeList[string](signin.List(list))
	if err != nil {
		return x.say(signin.Unknown, "the row's authentication contexts cannot be read")
	}
	for _, c := range have {
		if slices.Contains(p.Apps.AuthContexts, strings.ToLower(c)) {
			return x.say(signin.True, "authentication context %s", c)
		}
	}
	return x.say(signin.False, "none of the policy's authentication contexts was asked for")
}

// app: is one of the targets included and not excluded?
func (x *sight) app(p *plan) signin.Truth {
	a := &p.Apps
	if slices.Contains(a.Include, "none") {
		return x.say(signin.False, "the policy includes no app")
	}
	all := slices.Contains(a.Include, "all")
	if x.ev.ctx.ActionOnly {
		// A registration is covered by a policy for all resources (reference 1.5,
		// third evaluate example), an authentication context is not (second one).
		action := x.ev.ctx.UserAction != "" && x.ev.ctx.UserAction != "none"
		return x.say(signin.TruthOf(all && action), "the request names no application")
	}
	if action := x.ev.ctx.UserAction; action != "" && action != "none" && x.text(signin.DimResource) == "" {
		return x.say(signin.TruthOf(all), "a user action, which only policies for all resources cover")
	}
	t := signin.False
	why := ""
	for _, target := range x.targets() {
		u := x.target(p, target, all)
		if why == "" || t.Or(u) != t {
			why = x.why
		}
		if t = t.Or(u); t == signin.True {
			break
		}
	}
	x.why = why
	return t
}

// target is one thing the request was for. A client counts only when named:
// "all resources" is about what a token is asked for.
type target struct {
	id     string
	client bool
	sure   bool // false: whether the client is a target at all is not known
}

// targets lists what the request was for: the audiences Conditional Access
// itself recorded, else the resource, and the client where it is a confidential one.
func (x *sight) targets() []target {
	var out []target
	add := func(t target) {
		t.id = strings.ToLower(t.id)
		for _, o := range out {
			if o.id == t.id {
				return
			}
		}
		out = append(out, t)
	}
	audiences, err := signin.DecodeList[string](signin.List(x.text(signin.DimAudiences)))
	if err == nil && len(audiences) > 0 {
		for _, a := range audiences {
			add(target{id: a, sure: true})
		}
		return out
	}
	add(target{id: x.text(signin.DimResource), sure: true})
	app := x.text(signin.DimApp)
	if app == "" || isWorkload(x.r) {
		return out
	}
	// A confidential client is a target too, a public one never; where the row does
	// not say which one it is, what runs in a browser may be either (reference 1.5).
	switch class := x.ev.client(x.r); {
	case x.ev.confidential(x.r):
		add(target{id: app, client: true, sure: true})
	case x.r.C[signin.DimCredential] != 0:
	case class == clientBrowser || class == clientUnsaid:
		add(target{id: app, client: true})
	}
	return out
}

func (x *sight) target(p *plan, t target, all bool) signin.Truth {
	name := t.id
	if name == "" {
		name = "not said by the row"
	}
	in := signin.False
	switch {
	case all && !t.client:
		in = signin.True
		x.say(in, "all resources")
	default:
		in = x.listed(p.Apps.Include, t)
		if !t.sure {
			in = in.And(signin.Unknown)
		}
	}
	tag := signin.False
	if p.Apps.Filter {
		was := x.why
		tag = x.tagged(p.Apps.Rule, x.ev.e.dir.ServicePrincipalOf(t.id), "app "+name)
		if !p.Apps.FilterExclude && !t.sure {
			tag = tag.And(signin.Unknown)
		}
		if p.Apps.FilterExclude || in.Or(tag) == in {
			x.why = was
		}
	}
	if !p.Apps.FilterExclude {
		in = in.Or(tag)
	}
	if in == signin.False {
		return x.say(signin.False, "app %s is not included", name)
	}
	included := x.why
	out := x.listed(p.Apps.Exclude, t)
	if p.Apps.FilterExclude {
		out = out.Or(tag)
	}
	switch {
	case out == signin.True:
		return x.say(signin.False, "excluded: app %s", name)
	case out == signin.Unknown:
		return x.say(signin.Unknown, "perhaps excluded: app %s", name)
	case x.before2026(p, t, all):
		switch x.signInScopes(t.id) {
		case signin.True:
			return x.say(signin.False, "all resources with exclusions, and a request for sign-in scopes only: skipped before the 2026 change")
		case signin.Unknown:
			return x.say(signin.Unknown, "all resources with exclusions, and a directory resource: before the 2026 change a request for sign-in scopes only was skipped, and the row does not list scopes")
		case signin.False:
		}
	}
	if in == signin.Unknown {
		return x.say(in, "app %s: %s", name, included)
	}
	return x.say(signin.True, "included: %s (app %s)", included, name)
}

// listed says whether a target is in a list of ids and app groups.
func (x *sight) listed(list []string, t target) signin.Truth {
	out := signin.False
	for _, id := range list {
		var u signin.Truth
		bundle := x.ev.e.opt.Bundles.find(id)
		switch {
		case id == t.id && id != "":
			u = x.say(signin.True, "app %s is named", id)
		case bundle != nil:
			u = x.inBundle(bundle, t)
		case id == "all": // about what a token is for, so never about the client
			u = signin.TruthOf(!t.client)
		case id == "allagentidresources":
			u = x.say(signin.Unknown, "whether the app is an agent identity")
		case id == aadGraph && t.id == microsoftGraph && x.r.Time >= x.ev.e.opt.LowPrivilegeFrom:
			u = x.say(x.signInScopes(t.id), "a request to Microsoft Graph for sign-in scopes only counts as one to Azure AD Graph since the 2026 change, and the row does not list scopes")
		case t.id == "" || isPlaceholder(id):
			u = x.say(signin.Unknown, "whether the app is %s", id)
		default:
			u = signin.False
		}
		if out = out.Or(u); out == signin.True {
			return out
		}
	}
	return out
}
