package policy

import (
	"slices"
	"strings"
)

func (l *loader) conditions(n *node, p *Policy) {
	l.users(l.object(n, "users", true), p)
	l.workload(l.object(n, "clientApplications", true), p)
	l.apps(l.object(n, "applications", true), p)
	p.ClientTypes = l.enum(n, "clientAppTypes", "all", "browser", "mobileAppsAndDesktopClients",
		"exchangeActiveSync", "easSupported", "easUnsupported", "other", "modern")
	for i, c := range p.ClientTypes {
		if c == "modern" { // the name mobileAppsAndDesktopClients replaced (reference 1.6)
			p.ClientTypes[i] = "mobileappsanddesktopclients"
		}
	}
	platforms := l.object(n, "platforms", true)
	p.Platforms = l.choice(platforms, "includePlatforms", "excludePlatforms")
	if p.Platforms != nil {
		for _, list := range []string{"includePlatforms", "excludePlatforms"} {
			l.known(platforms, list, "all", "android", "iOS", "windows", "windowsPhone", "macOS", "linux")
		}
	}
	l.narrow(platforms)
	locations := l.object(n, "locations", true)
	p.Locations = l.choice(locations, "includeLocations", "excludeLocations")
	l.narrow(locations)
	levels := []string{"low", "medium", "high", "none", "hidden"}
	p.SignInRisk = l.enum(n, "signInRiskLevels", levels...)
	p.UserRisk = l.enum(n, "userRiskLevels", levels...)
	p.ServicePrincipalRisk = l.enum(n, "servicePrincipalRiskLevels", levels...)
	p.InsiderRisk = l.enum(n, "insiderRiskLevels", "minor", "moderate", "elevated")
	flows := l.object(n, "authenticationFlows", true)
	p.Flows = l.enum(flows, "transferMethods", "deviceCodeFlow", "authenticationTransfer", "none")
	p.Flows = slices.DeleteFunc(p.Flows, func(s string) bool { return s == "none" })
	l.narrow(flows)
	l.devices(n, p)
	l.narrow(n)
}

// enum is a list of enum members in lower case; one nobody knows is reported and
// makes the policy incomplete.
func (l *loader) enum(n *node, name string, known ...string) []string {
	if n == nil {
		return nil
	}
	l.known(n, name, known...)
	return l.ids(n, name, true)
}

// known reports the values of a list that are none of those known.
func (l *loader) known(n *node, name string, known ...string) {
	for _, p := range l.parts(n, name, false) {
		if !slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, p.text) }) {
			l.policy.Incomplete = true
			l.unknownValue(p.path, p.text, known...)
		}
	}
}

// unknownValue reports a value, and which one may be meant.
func (l *loader) unknownValue(path, text string, known ...string) {
	l.notice("unknown-value", "warning", path, "unknown value %q, want one of %s", text, strings.Join(known, ", "))
	if word := similar(text, known); word != "" {
		l.notices[len(l.notices)-1].Fix = "check the spelling: Graph calls it " + word
	}
}

func (l *loader) users(n *node, p *Policy) {
	u := &p.Users
	u.IncludeUsers, u.ExcludeUsers = l.ids(n, "includeUsers", true), l.ids(n, "excludeUsers", true)
	u.IncludeGroups, u.ExcludeGroups = l.ids(n, "includeGroups", true), l.ids(n, "excludeGroups", true)
	u.IncludeRoles, u.ExcludeRoles = l.ids(n, "includeRoles", true), l.ids(n, "excludeRoles", true)
	u.IncludeGuests = l.guests(l.object(n, "includeGuestsOrExternalUsers", true))
	u.ExcludeGuests = l.guests(l.object(n, "excludeGuestsOrExternalUsers", true))
	u.IncludeUnread = l.rest(n, true)
}

func (l *loader) guests(n *node) *Guests {
	if n == nil || n.empty() {
		return nil
	}
	g := &Guests{AllTenants: true}
	for _, s := range l.ids(n, "guestOrExternalUserTypes", true) {
		k, ok := parseGuestKind(s)
		if !ok && s != "none" {
			l.policy.Incomplete = true
			l.notice("unknown-value", "warning", n.path, "unknown guest type %q", s)
		}
		g.Kinds |= k
	}
	tenants := l.object(n, "externalTenants", true)
	g.Tenants = l.ids(tenants, "members", true)
	switch kind := strings.ToLower(l.str(tenants, "membershipKind")); kind {
	case "enumerated":
		g.AllTenants = false
	case "": // a list without its kind can only mean the list
		g.AllTenants = len(g.Tenants) == 0
	case "all":
	default:
		l.policy.Incomplete = true
		l.notice("unknown-value", "warning", tenants.path, "membershipKind %q is neither all nor enumerated", kind)
	}
	l.narrow(tenants)
	l.narrow(n)
	return g
}

func (l *loader) workload(n *node, p *Policy) {
	if n == nil || n.empty() {
		return
	}
	w := &Workload{
		Include: l.ids(n, "includeServicePrincipals", true),
		Exclude: l.ids(n, "excludeServicePrincipals", true),
	}
	if f := l.object(n, "servicePrincipalFilter", true); f != nil && !f.empty() {
		w.Filter = true
		w.FilterExclude, w.Rule = l.attributeFilter(f)
	}
	w.IncludeUnread = l.rest(n, true)
	p.Workload = w
}

func (l *loader) apps(n *node, p *Policy) {
	a := &p.Apps
	a.Include, a.Exclude = l.ids(n, "includeApplications", true), l.ids(n, "excludeApplications", true)
	a.UserActions = l.ids(n, "includeUserActions", true)
	for i, s := range a.UserActions {
		switch s {
		case "urn:user:registersecurityinformation", "registersecurityinformation":
			a.UserActions[i] = actionSecurityInfo
		case "registerorjoindevices":
			a.UserActions[i] = actionDevice
		}
	}
	a.AuthContexts = l.ids(n, "includeAuthenticationContextClassReferences", true)
	if f := l.object(n, "applicationFilter", true); f != nil && !f.empty() {
		a.Filter = true
		a.FilterExclude, a.Rule = l.attributeFilter(f)
	}
	// Traffic profiles of Global Secure Access are a target of their own, which no
	// row names.
	for _, k := range []string{"globalSecureAccess", "networkAccess"} {
		g := l.object(n, k, true)
		if g == nil || g.empty() {
			continue
		}
		a.IncludeUnread = true
		l.unread(g, false)
		l.notice("not-evaluated", "warning", g.path, "%s targets network traffic, which sign-in rows do not show: the policy's answer is unknown at best", k)
	}
	a.IncludeUnread = l.rest(n, true) || a.IncludeUnread
}

// attributeFilter reads an applicationFilter or a servicePrincipalFilter.
func (l *loader) attributeFilter(n *node) (exclude bool, f *AttributeFilter) {
	f = &AttributeFilter{Rule: l.str(n, "rule")}
	switch mode := strings.ToLower(l.str(n, "mode")); mode {
	case "include":
	case "exclude":
		exclude = true
	default:
		l.policy.Incomplete = true
		l.notice("unknown-value", "warning", n.path, "filter mode %q is neither include nor exclude", mode)
	}
	expr, err := parseAttributeFilter(f.Rule)
	if err != nil {
		l.notice("bad-filter", "error", n.path+".rule", "the filter does not parse, so its answer is unknown: %v", err)
	}
	f.expr = expr
	l.narrow(n)
	return exclude, f
}

func (l *loader) devices(n *node, p *Policy) {
	d := l.object(n, "devices", true)
	if f := l.object(d, "deviceFilter", true); f != nil && !f.empty() {
		p.Filter = l.filter(f)
	}
	old := l.object(n, "deviceStates", true)
	p.DeviceStates = l.choice(old, "includeStates", "excludeStates")
	if c := l.choice(d, "includeDeviceStates", "excludeDeviceStates"); c != nil {
		p.DeviceStates = c
	}
	if c := l.choice(d, "includeDevices", "excludeDevices"); c != nil && p.DeviceStates == nil {
		p.DeviceStates = c
	}
	l.narrow(old)
	l.narrow(d)
}

func (l *loader) filter(n *node) *DeviceFilter {
	f := &DeviceFilter{Rule: l.str(n, "rule")}
	switch mode := strings.ToLower(l.str(n, "mode")); mode {
	case "include":
	case "exclude":
		f.Exclude = true
	default:
		l.policy.Incomplete = true
		l.notice("unknown-value", "warning", n.path, "device filter mode %q is neither include nor exclude", mode)
	}
	expr, err := parseFilter(f.Rule)
	if err != nil {
		l.notice("bad-filter", "error", n.path+".rule", "the device filter does not parse, so its answer is unknown: %v", err)
	}
	f.expr = expr
	l.filterHabits(expr, n.path+".rule")
	l.narrow(n)
	return f
}
