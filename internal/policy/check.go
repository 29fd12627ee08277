package policy

import (
	"fmt"
	"slices"
	"strings"

	"frisk/internal/directory"
)

// Check says what is worth knowing about a set before trusting it: what Load
// noticed, ids that resolve to nothing, policies that can lock everybody out or
// never match, and combinations that Entra refuses or that do not mean what
// they seem to. Notices come in policy order; codes are stable. A nil dir
// leaves ids of people and groups unchecked.
func Check(set *Set, dir *directory.Directory) []Notice {
	c := checker{set: set, dir: dir, out: slices.Clone(set.Notices)}
	for _, p := range set.Policies {
		c.p = p
		c.ids()
		c.lockout()
		c.never()
		c.combinations()
	}
	c.p = nil
	c.legacy()
	return c.out
}

type checker struct {
	set *Set
	dir *directory.Directory
	p   *Policy
	out []Notice
}

func (c *checker) add(code, level, path, fix, format string, args ...any) {
	n := Notice{Code: code, Level: level, Message: fmt.Sprintf(format, args...), Fix: fix}
	if c.p != nil {
		n.Policy, n.File, n.Path = c.p.Name, c.p.File, c.p.Path+path
	}
	c.out = append(c.out, n)
}

// ids reports what the policy names and nobody knows.
func (c *checker) ids() {
	u := &c.p.Users
	for _, l := range []struct {
		key   string
		ids   []string
		known func(string) bool
	}{
		{"includeUsers", u.IncludeUsers, c.knownUser},
		{"excludeUsers", u.ExcludeUsers, c.knownUser},
		{"includeGroups", u.IncludeGroups, c.knownGroup},
		{"excludeGroups", u.ExcludeGroups, c.knownGroup},
	} {
		for _, id := range l.ids {
			path := ".conditions.users." + l.key
			switch {
			case isPlaceholder(id):
				c.add("placeholder", "warning", path, "put the object id in its place", "%q is a template's placeholder: whether it matches is unknown", id)
			case !l.known(id):
				c.add("unresolved-id", "warning", path, "export it, or take it out if it was deleted", "%s is not in the directory export", id)
			}
		}
	}
	if c.p.Locations == nil {
		return
	}
	for _, id := range slices.Concat(c.p.Locations.Include, c.p.Locations.Exclude) {
		if id == "alltrusted" && !c.set.LocationsKnown {
			c.add("no-locations", "warning", ".conditions.locations", "load the tenant's named locations",
				"the policy names all trusted locations and no named locations were loaded: whether it matches is unknown")
		}
		if !c.knownLocation(id) {
			c.add("unresolved-location", "warning", ".conditions.locations", "export the named locations of the tenant",
				"named location %s is not in the export: whether it matches is unknown", id)
		}
	}
}

func (c *checker) knownUser(id string) bool {
	return c.dir == nil || len(c.dir.Users()) == 0 || slices.Contains([]string{"all", "none", "guestsorexternalusers"}, id) || c.dir.User(id) != nil
}

func (c *checker) knownGroup(id string) bool {
	return c.dir == nil || id == "all" || c.dir.Group(id) != nil
}

func (c *checker) knownLocation(id string) bool {
	switch id {
	case "all", "alltrusted", mfaTrustedIPs, compliantNetwork:
		return true
	}
	return slices.ContainsFunc(c.set.Locations, func(l *NamedLocation) bool { return l.ID == id })
}

// lockout: an enabled policy over everybody with nobody left out cannot be
// undone by anyone it locks out (Entra "plan a deployment": exclude emergency
// access accounts).
func (c *checker) lockout() {
	p := c.p
	u := &p.Users
	excluded := len(u.ExcludeUsers)+len(u.ExcludeGroups)+len(u.ExcludeRoles) > 0
	if p.State != Enabled || p.Grant == nil || !slices.Contains(u.IncludeUsers, "all") || excluded ||
		!slices.Contains(p.Apps.Include, "all") {
		return
	}
	narrow := p.Platforms != nil || p.Locations != nil || p.Filter != nil || p.DeviceStates != nil ||
		len(p.SignInRisk)+len(p.UserRisk)+len(p.InsiderRisk)+len(p.Flows) > 0 ||
		len(p.ClientTypes) > 0 && !slices.Contains(p.ClientTypes, "all") || len(p.Apps.Exclude) > 0
	hard := p.Grant.Controls&(ControlBlock|ControlCompliantDevice|ControlDomainJoinedDevice|ControlCompliantApplication|ControlApprovedApplication) != 0 &&
		(!p.Grant.Or || p.Grant.Controls&interactive == 0)
	const fix = "exclude the emergency access accounts, best as a group"
	if hard && !narrow {
		c.add("lockout", "error", ".conditions.users", fix, "the policy can lock out everybody, administrators included: all users, all resources, nobody excluded, and a control not everyone can meet")
		return
	}
	c.add("no-break-glass", "warning", ".conditions.users", fix, "the policy covers all users and resources and leaves no emergency access account out")
}

// never reports a policy that cannot match anything.
func (c *checker) never() {
	p := c.p
	u := &p.Users
	const fix = "delete the policy or give it something to match"
	users := len(u.IncludeUsers)+len(u.IncludeGroups)+len(u.IncludeRoles) == 0 && u.IncludeGuests == nil ||
		len(u.IncludeUsers) == 1 && u.IncludeUsers[0] == "none" && len(u.IncludeGroups)+len(u.IncludeRoles) == 0 && u.IncludeGuests == nil
	if users && p.Workload == nil && !u.IncludeUnread && !p.Incomplete {
		c.add("never-matches", "warning", ".conditions.users", fix, "the policy includes nobody")
	}
	for _, g := range u.IncludeGroups {
		if slices.Contains(u.ExcludeGroups, g) {
			c.add("contradiction", "warning", ".conditions.users", "an exclusion always wins: take it out of one list", "group %s is both included and excluded", g)
		}
	}
	if slices.Contains(p.Apps.Include, "none") && len(p.Apps.UserActions)+len(p.Apps.AuthContexts) == 0 && !p.Apps.IncludeUnread ||
		len(p.Apps.Include)+len(p.Apps.UserActions)+len(p.Apps.AuthContexts) == 0 && !p.Apps.Filter && !p.Apps.IncludeUnread {
		c.add("never-matches", "warning", ".conditions.applications", fix, "the policy targets no resource, action or context")
	}
	for _, l := range []struct {
		key    string
		choice *Choice
	}{{"platforms", p.Platforms}, {"locations", p.Locations}} {
		if l.choice != nil && !slices.ContainsFunc(l.choice.Include, func(s string) bool { return !slices.Contains(l.choice.Exclude, s) }) {
			c.add("never-matches", "warning", ".conditions."+l.key, fix, "everything included in %s is excluded again, or nothing is included", l.key)
		}
	}
}

// combinations Entra refuses, or that do not mean what they seem to.
func (c *checker) combinations() {
	p := c.p
	if len(p.SignInRisk) > 0 && len(p.UserRisk) > 0 {
		c.add("risk-together", "warning", ".conditions", "split it into two policies",
			"sign-in risk and user risk are both required: a sign-in with only one of them is not covered")
	}
	if p.Grant == nil {
		return
	}
	g := p.Grant
	if g.Controls&ControlPasswordChange != 0 {
		c.passwordChange()
	}
	if g.Controls&(ControlMFA|ControlStrength) == ControlMFA|ControlStrength {
		c.add("invalid-grant", "error", ".grantControls", "keep the authentication strength", "mfa and an authentication strength cannot be in one policy")
	}
	if g.Controls&ControlBlock != 0 && g.Controls != ControlBlock {
		c.add("invalid-grant", "error", ".grantControls", "take the other controls out", "block cannot be combined with other controls: block wins")
	}
	if g.Controls&ControlBlock != 0 && p.Session.Frequency != 0 {
		c.add("no-effect", "info", ".sessionControls.signInFrequency", "take it out", "sign-in frequency means nothing beside block")
	}
	if p.Workload != nil && g.Controls&^ControlBlock != 0 {
		c.add("invalid-grant", "error", ".grantControls", "use block", "the only control for workload identities is block")
	}
	if slices.Contains(p.Apps.UserActions, actionDevice) && (p.Filter != nil || p.DeviceStates != nil ||
		len(p.ClientTypes) > 0 && !slices.Contains(p.ClientTypes, "all")) {
		c.add("invalid-condition", "error", ".conditions", "take the client and device conditions out",
			"registering a device cannot be combined with client apps, device filters or device states")
	}
}

// passwordChange: only with AND and mfa, user risk, all resources without
// exclusions, and no other condition (Graph conditionalAccessGrantControls).
func (c *checker) passwordChange() {
	p := c.p
	var wrong []string
	if p.Grant.Or || p.Grant.Controls&(ControlMFA|ControlStrength) == 0 {
		wrong = append(wrong, "it must be combined with mfa by AND")
	}
	if len(p.UserRisk) == 0 {
		wrong = append(wrong, "user risk is missing")
	}
	if !slices.Contains(p.Apps.Include, "all") || len(p.Apps.Exclude) > 0 {
		wrong = append(wrong, "it must cover all resources without exclusions")
	}
	if p.Locations != nil || p.Platforms != nil || p.Filter != nil || len(p.SignInRisk) > 0 {
		wrong = append(wrong, "no other condition is allowed")
	}
	if len(wrong) > 0 {
		c.add("invalid-grant", "error", ".grantControls.builtInControls", "see the passwordChange rules of Graph's grant controls",
			"passwordChange is not valid here: %s", strings.Join(wrong, "; "))
	}
}

// legacy reports a set in which nothing enabled covers legacy clients.
func (c *checker) legacy() {
	for _, p := range c.set.Policies {
		covers := len(p.ClientTypes) == 0 || slices.Contains(p.ClientTypes, "all") || slices.Contains(p.ClientTypes, "other")
		if p.State == Enabled && covers && slices.Contains(p.Users.IncludeUsers, "all") && slices.Contains(p.Apps.Include, "all") &&
			p.Grant != nil && p.Platforms == nil && p.Locations == nil && p.Filter == nil &&
			len(p.SignInRisk)+len(p.UserRisk)+len(p.InsiderRisk)+len(p.Flows) == 0 {
			return
		}
	}
	if len(c.set.Policies) > 0 {
		c.add("legacy-uncovered", "warning", "", "add a policy that blocks clientAppTypes exchangeActiveSync and other",
			"no enabled policy stops legacy clients for all users and resources")
	}
}
