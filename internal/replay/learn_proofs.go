package replay

import (
	"slices"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// proof is one fact a recorded evaluation proves, but for what the row adds.
type proof struct {
	bundle  string // the row's resource is (not) in this app group
	exclude []string
	narrow  bool // resources of the 2026 change prove nothing
	// every: whatever the row's targets, each of them is proved; else one of them is,
	// and only a row with one target tells which.
	every   bool
	place   bool  // the row's address was (not) trusted
	subject int32 // else: the row's person is (not) in this group or role
	holds   bool
}

// listed reports whether the policy excludes an app by id, which then is why it
// did not match.
func (p *proof) listed(app string) bool { return slices.Contains(p.exclude, app) }

// prove finds what a list of evaluations proves at a time.
func (l *Learner) prove(list []evaluation, at signin.Time) []proof {
	var out []proof
	for k := range list {
		e := &list[k]
		n := version(l.policies, e.versions, at)
		if n < 0 || e.class == ClassUnknown || e.class == ClassNotEnabled {
			continue
		}
		p := l.policies[n]
		if p.Incomplete || p.Force.At(at) != signin.True || edited(p, at) || e.state() != p.State {
			continue
		}
		b := bitsOf(e)
		out = proveApps(out, p, e, b)
		out = l.proveUsers(out, p, e, b)
		out = provePlace(out, p, b)
	}
	return slices.Clip(out)
}

// bits is what the log says of the conditions of one evaluation.
type bits struct{ yes, no uint32 }

// bitsOf reads the masks; where the log has none, that the policy applied says
// that every condition held, and that it did not says nothing.
func bitsOf(e *evaluation) bits {
	if e.yes >= 0 && e.no >= 0 {
		return bits{theirBits(e.yes), theirBits(e.no)}
	}
	if e.class == ClassApplied {
		return bits{yes: ^uint32(0)}
	}
	return bits{}
}

// rules are the names of the rules of one condition that the log says were satisfied.
func hasRule(list []string, cond, rule string) bool {
	return slices.ContainsFunc(list, func(s string) bool {
		c, r, _ := strings.Cut(s, ":")
		return strings.EqualFold(c, cond) && (rule == "" || strings.EqualFold(r, rule))
	})
}

// ruled reports whether the log carries rules at all for this evaluation: a
// satisfied application condition always has one.
func (e *evaluation) ruled() bool { return hasRule(e.include, "application", "") }

// proveApps: a policy whose only target is an app group tells of every resource
// whether it belongs; one for all resources but an app group, the reverse.
func proveApps(out []proof, p *policy.Policy, e *evaluation, b bits) []proof {
	a := &p.Apps
	yes, no := b.yes&policy.BitApplication != 0, b.no&policy.BitApplication != 0
	if a.Filter || len(a.UserActions)+len(a.AuthContexts) > 0 || a.IncludeUnread || !yes && !no {
		return out
	}
	group := func(list []string) string {
		if len(list) != 1 {
			return ""
		}
		for _, name := range bundleNames {
			if strings.EqualFold(list[0], name) {
				return name
			}
		}
		return ""
	}
	grouped := func(list []string) bool {
		return slices.ContainsFunc(list, func(id string) bool { return group([]string{id}) != "" })
	}
	for _, name := range bundleNames {
		if yes && hasRule(e.include, "application", name) {
			return append(out, proof{bundle: name, holds: true})
		}
	}
	if name := group(a.Include); name != "" {
		switch {
		case yes:
			return append(out, proof{bundle: name, holds: true})
		case !grouped(a.Exclude):
			return append(out, proof{bundle: name, exclude: a.Exclude, every: true})
		}
		return out
	}
	// "All but the group" holds as soon as one target is outside it, and fails where none
	// is: the latter too is taken of one target only, as every membership is.
	if name := group(a.Exclude); name != "" && slices.Contains(a.Include, "all") {
		return append(out, proof{bundle: name, holds: no, narrow: true})
	}
	return out
}

// proveUsers: what the users condition says of the groups and roles of the policy.
func (l *Learner) proveUsers(out []proof, p *policy.Policy, e *evaluation, b bits) []proof {
	u := &p.Users
	add := func(id string, role, holds bool) {
		out = append(out, proof{subject: l.subject(id, role), holds: holds})
	}
	every := func(groups, roles []string, holds bool) {
		for _, id := range groups {
			if id != "all" {
				add(id, false, holds)
			}
		}
		for _, id := range roles {
			if id != "all" {
				add(id, true, holds)
			}
		}
	}
	// only is the one entry that can have made a side true.
	only := func(rules, users, groups, roles []string, guests bool) {
		group, role := hasRule(rules, "users", "groupId"), hasRule(rules, "users", "roleId")
		named := hasRule(rules, "users", "")
		switch {
		case group && len(groups) == 1 && groups[0] != "all":
			add(groups[0], false, true)
		case role && len(roles) == 1 && roles[0] != "all":
			add(roles[0], true, true)
		case named || len(users) > 0 || guests:
		case len(groups) == 1 && len(roles) == 0 && groups[0] != "all":
			add(groups[0], false, true)
		case len(roles) == 1 && len(groups) == 0 && roles[0] != "all":
			add(roles[0], true, true)
		}
	}
	if p.Workload != nil || u.IncludeUnread {
		return out
	}
	includes := words(u.IncludeUsers)
	switch {
	case b.yes&policy.BitUsers != 0:
		every(u.ExcludeGroups, u.ExcludeRoles, false)
		only(e.include, includes, u.IncludeGroups, u.IncludeRoles, u.IncludeGuests != nil)
	case b.no&policy.BitUsers == 0:
	case hasRule(e.exclude, "users", ""):
		only(e.exclude, words(u.ExcludeUsers), u.ExcludeGroups, u.ExcludeRoles, u.ExcludeGuests != nil)
	case slices.Contains(u.IncludeUsers, "all"):
		// Everybody is included, so somebody was excluded.
		only(nil, words(u.ExcludeUsers), u.ExcludeGroups, u.ExcludeRoles, u.ExcludeGuests != nil)
	case e.ruled() || len(u.ExcludeUsers)+len(u.ExcludeGroups)+len(u.ExcludeRoles) == 0 && u.ExcludeGuests == nil:
		// Nothing excluded the person, so nothing included them.
		every(u.IncludeGroups, u.IncludeRoles, false)
	}
	return out
}

// words are the entries of a user list that can include somebody.
func words(list []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == "none" })
}

// provePlace: a policy whose locations are "all but the trusted ones", or "the
// trusted ones", tells whether the address was trusted.
func provePlace(out []proof, p *policy.Policy, b bits) []proof {
	c := p.Locations
	if c == nil || (b.yes|b.no)&policy.BitLocation == 0 {
		return out
	}
	held := b.yes&policy.BitLocation != 0
	all := slices.Equal(c.Include, []string{"all"})
	switch {
	case all && slices.Equal(c.Exclude, []string{"alltrusted"}):
		return append(out, proof{place: true, holds: !held})
	case slices.Equal(c.Include, []string{"alltrusted"}) && len(c.Exclude) == 0:
		return append(out, proof{place: true, holds: held})
	}
	return out
}
