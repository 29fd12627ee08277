package policytext

import (
	"cmp"
	"slices"
	"strings"

	"frisk/internal/policy"
)

// Summary is one policy in words. When is "" for no further condition.
type Summary struct {
	State, Who, What, When, Controls string
}

// Line is who, what, when and what for in one line, without the state.
func (s *Summary) Line() string {
	parts := []string{s.Who, s.What}
	if s.When != "" {
		parts = append(parts, s.When)
	}
	return strings.Join(append(parts, s.Controls), "; ")
}

// Describe says what a policy means.
func Describe(p *policy.Policy, n *Names) Summary {
	return Summary{State: State(p), Who: Who(p, n), What: What(p, n), When: strings.Join(When(p, n), ", "), Controls: Controls(p)}
}

// State says a policy's state.
func State(p *policy.Policy) string {
	switch p.State {
	case policy.Enabled:
		return "enabled"
	case policy.ReportOnly:
		return "report-only"
	case policy.Disabled:
		return "disabled"
	}
	return cmp.Or(p.StateText, "no state")
}

// Who says whom a policy covers and whom it leaves out.
func Who(p *policy.Policy, n *Names) string {
	if w := p.Workload; w != nil {
		return workload(w)
	}
	u := &p.Users
	in := people(u.IncludeUsers, u.IncludeGroups, u.IncludeRoles, u.IncludeGuests, n)
	out := people(u.ExcludeUsers, u.ExcludeGroups, u.ExcludeRoles, u.ExcludeGuests, n)
	if len(in) == 0 {
		if keys := unreadKeys(p, true); keys != "" {
			return keys + " (not evaluated)"
		}
		return "nobody"
	}
	text := Join(in, "and")
	if len(out) > 0 {
		text += " except " + Join(out, "and")
	}
	return text
}

func workload(w *policy.Workload) string {
	text := Count(len(w.Include), "service principal", "service principals")
	switch {
	case slices.Contains(w.Include, "serviceprincipalsinmytenant"):
		text = "all own service principals"
	case len(w.Include) == 0 && w.Filter:
		text = "service principals by filter"
	case len(w.Include) == 0 && w.IncludeUnread:
		text = "agent identities (not evaluated)"
	}
	if len(w.Exclude) > 0 {
		text += " except " + Count(len(w.Exclude), "service principal", "service principals")
	}
	return text
}

func people(users, groups, roles []string, g *policy.Guests, n *Names) []string {
	var out, named []string
	for _, id := range users {
		switch id {
		case "all":
			out = append(out, "all users")
		case "none":
		case "guestsorexternalusers":
			out = append(out, "guests and external users")
		default:
			named = append(named, id)
		}
	}
	for _, s := range []string{few(named, n.User, "user", "users"), few(groups, n.Group, "group", "groups"), few(roles, n.Role, "role", "roles"), guests(g)} {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

func guests(g *policy.Guests) string {
	if g == nil {
		return ""
	}
	kinds := g.Kinds.Names()
	text := "guests and external users"
	if len(kinds) < 6 {
		text = strings.Join(kinds, ", ")
	}
	if !g.AllTenants {
		text += " of " + Count(len(g.Tenants), "tenant", "tenants")
	}
	return text
}

// agentKeys are the keys of agent identities and users, in words: kept, not
// evaluated (reference 1.4).
var agentKeys = map[string]string{
	"agents": "agent users", "includeagentidserviceprincipals": "agent identities", "agentcontext": "agent context", "agentidrisklevels": "agent risk",
}

// unreadKeys names the condition keys nobody evaluates: those that say who, or
// the others.
func unreadKeys(p *policy.Policy, who bool) string {
	var keys []string
	for _, u := range p.Unread {
		_, below, in := strings.Cut(u.Path, ".conditions.")
		if !in {
			continue
		}
		key := below[strings.LastIndexByte(below, '.')+1:]
		word := cmp.Or(agentKeys[strings.ToLower(key)], key)
		if (word == "agent users" || word == "agent identities") == who {
			keys = append(keys, word)
		}
	}
	return strings.Join(keys, ", ")
}

// What says what a policy protects.
func What(p *policy.Policy, n *Names) string {
	a := &p.Apps
	out := apps(a.Include, n)
	for _, s := range a.UserActions {
		switch s {
		case "urn:user:registersecurityinfo":
			s = "registering security information"
		case "urn:user:registerdevice":
			s = "registering or joining a device"
		}
		out = append(out, s)
	}
	if len(a.AuthContexts) > 0 {
		out = append(out, "authentication context "+strings.Join(a.AuthContexts, ", "))
	}
	if a.Filter && !a.FilterExclude {
		out = append(out, "apps by filter")
	}
	if len(out) == 0 {
		if a.IncludeUnread {
			return "network traffic (not evaluated)"
		}
		return "no resource"
	}
	except := apps(a.Exclude, n)
	if a.Filter && a.FilterExclude {
		except = append(except, "apps by filter")
	}
	text := Join(out, "and")
	if len(except) > 0 {
		text += " except " + Join(except, "and")
	}
	return text
}

// apps lists resources: groups of apps by name, the others counted where they have none.
func apps(list []string, n *Names) []string {
	var out, ids []string
	for _, id := range list {
		switch id {
		case "all", "office365", "microsoftadminportals":
			out = append(out, n.App(id))
		case "none":
		case "allagentidresources":
			out = append(out, "all agent resources (not evaluated)")
		default:
			ids = append(ids, id)
		}
	}
	if s := few(ids, n.App, "app", "apps"); s != "" {
		out = append(out, s)
	}
	return out
}

// valueWords are enum values in the spelling people know; the rest stands for itself.
var valueWords = map[string]string{
	"browser": "browser", "mobileappsanddesktopclients": "mobile and desktop apps", "exchangeactivesync": "Exchange ActiveSync",
	"eassupported": "Exchange ActiveSync (supported)", "easunsupported": "Exchange ActiveSync (unsupported)", "other": "other legacy clients",
	"ios": "iOS", "android": "Android", "windows": "Windows", "windowsphone": "Windows Phone", "macos": "macOS", "linux": "Linux", "all": "any",
	"devicecodeflow": "device code flow", "authenticationtransfer": "authentication transfer",
}

// Value is an enum value in the spelling people know.
func Value(s string) string { return cmp.Or(valueWords[s], s) }

// When says the further conditions, one text each.
func When(p *policy.Policy, n *Names) []string {
	var out []string
	add := func(label string, list []string) {
		if len(list) > 0 {
			words := make([]string, len(list))
			for i, s := range list {
				words[i] = Value(s)
			}
			out = append(out, label+Join(words, "or"))
		}
	}
	if len(p.ClientTypes) > 0 && !slices.Contains(p.ClientTypes, "all") {
		add("in ", p.ClientTypes)
	}
	if p.Platforms != nil {
		out = append(out, "on "+Choice(p.Platforms, Value))
	}
	if l := p.Locations; l != nil && (!slices.Contains(l.Include, "all") || len(l.Exclude) > 0) {
		out = append(out, "from "+Choice(l, func(id string) string {
			if name := n.Location(id); !GUID(name) {
				return name
			}
			return "a location not exported"
		}))
	}
	add("by ", p.Flows)
	add("sign-in risk ", p.SignInRisk)
	add("user risk ", p.UserRisk)
	add("insider risk ", p.InsiderRisk)
	add("service principal risk ", p.ServicePrincipalRisk)
	if p.DeviceStates != nil {
		out = append(out, "device state "+Choice(p.DeviceStates, Value))
	}
	if p.Filter != nil {
		out = append(out, Filter(p.Filter))
	}
	if keys := unreadKeys(p, false); keys != "" {
		out = append(out, "and "+keys+" (not evaluated)")
	}
	return out
}

// Choice is an include and an exclude list in words.
func Choice(c *policy.Choice, name func(string) string) string {
	text := listed(c.Include, name)
	if len(c.Exclude) > 0 {
		text += " except " + listed(c.Exclude, name)
	}
	return text
}

// Filter is a device filter in words.
func Filter(f *policy.DeviceFilter) string {
	if f.Exclude {
		return "devices except where " + f.Rule
	}
	return "devices where " + f.Rule
}

// listed names up to five things, or three and the number of the others.
func listed(ids []string, name func(string) string) string {
	const most, shown = 5, 3
	var names []string
	for i, id := range ids {
		if i == shown && len(ids) > most {
			names = append(names, Count(len(ids)-shown, "more", "more"))
			break
		}
		names = append(names, name(id))
	}
	if len(names) == 0 {
		return "nothing"
	}
	return Join(names, "or")
}
