package lint

import (
	"slices"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/policytext"
	"frisk/internal/signin"
)

// exclusionWindow is how far back the members of an exclusion group are compared:
// the longest a sign-in log is usually kept (reference 1.11).
const exclusionWindow = 90 * signin.Day

// A group counts as grown from three new people and a tenth of its size on;
// below that it is everyday business.
const (
	grownPeople = 3
	grownShare  = 10 // one in
)

// An exclusion group counts as large from twenty people and a tenth of all
// accounts on.
const (
	largePeople = 20
	largeShare  = 10 // one in
)

var _ = register(Rule{
	Code: "exclusions-grew", Level: Warning,
	Doc: "The exclusions of a policy grew: its exclude lists since the oldest version known (dated policies, or the directory audit log), " +
		"or the members of a group it leaves out within 90 days (dated memberships).",
	Fix:    "review who still needs the exclusion; give exceptions an end date",
	Source: "frisk: needs dated policies, an audit log export, or dated memberships",
	check: func(p *pass) {
		p.each(true, func(q *policy.Policy) {
			if old, at := p.before(q); old != nil {
				p.listsGrew(old, q, at)
			}
		})
		p.eachExcludedGroup(p.groupGrew)
	},
})

var _ = register(Rule{
	Code: "large-exclusion", Level: Warning,
	Doc: "A group that policies leave out holds a tenth of all accounts, or more: the policy says everybody and means far fewer. " +
		"Info when another enabled policy includes the group.",
	Fix:    "split the group, or include those who need the policy",
	Source: "frisk: needs users and group members in the directory export",
	check: func(p *pass) {
		p.eachExcludedGroup(func(group string, first *policy.Policy, path string, policies int) {
			accounts := len(policytext.Accounts(p.in.Directory))
			n := p.members(group, p.now())
			if n >= largePeople && n*largeShare >= accounts {
				level := Warning
				if p.included(group) {
					level = Info
				}
				p.about(first, note{level: level, path: path}, "group %s, left out of %s, has %d of %d people (%d %%)",
					p.names.Group(group), policytext.Count(policies, "policy", "policies"), n, accounts, n*100/accounts)
			}
		})
	},
})

// before is the oldest version known of a policy and until when it counted;
// nil when only the newest is known.
func (p *pass) before(q *policy.Policy) (*policy.Policy, signin.Time) {
	if versions := p.in.Set.Versions(q.ID); len(versions) > 1 {
		old := p.in.Set.Policies[versions[0]]
		if old.Force == nil {
			return old, 0
		}
		return old, old.Force.MaybeUntil
	}
	for i := range p.in.Edits {
		e := &p.in.Edits[i]
		if e.ID != q.ID || e.Kind != "policy" || e.Old == "" {
			continue
		}
		set, _, err := policy.Parse(e.File, []byte(e.Old))
		if err != nil || len(set.Policies) != 1 {
			continue // an audit record cut short says nothing
		}
		return set.Policies[0], e.At
	}
	return nil, 0
}

func (p *pass) listsGrew(old, q *policy.Policy, at signin.Time) {
	var parts []string
	path := ""
	for _, l := range []struct {
		key, one, many string
		was, is        []string
		name           func(string) string
	}{
		{"users.excludeUsers", "user", "users", old.Users.ExcludeUsers, q.Users.ExcludeUsers, p.names.User},
		{"users.excludeGroups", "group", "groups", old.Users.ExcludeGroups, q.Users.ExcludeGroups, p.names.Group},
		{"users.excludeRoles", "role", "roles", old.Users.ExcludeRoles, q.Users.ExcludeRoles, p.names.Role},
		{"applications.excludeApplications", "app", "apps", old.Apps.Exclude, q.Apps.Exclude, p.names.App},
	} {
		var added []string
		for _, id := range l.is {
			if !has(l.was, id) {
				added = append(added, l.name(id))
			}
		}
		if len(added) == 0 || len(l.is) <= len(l.was) {
			continue
		}
		if path == "" {
			path = ".conditions." + l.key
		}
		text := policytext.Count(len(added), l.one, l.many)
		if len(added) <= 3 {
			text += " (" + strings.Join(added, ", ") + ")"
		}
		parts = append(parts, text)
	}
	if len(parts) == 0 {
		return
	}
	since := "in the oldest version known"
	if at != 0 {
		since = "before " + day(at)
	}
	p.about(q, note{path: path}, "the policy leaves out more than %s: %s", since, policytext.Join(parts, "and"))
}

// eachExcludedGroup calls f once for every group that policies leave out, with
// the first of them, the path of the group in it, and how many there are.
func (p *pass) eachExcludedGroup(f func(group string, first *policy.Policy, path string, policies int)) {
	if p.in.Directory == nil || len(p.in.Directory.Users()) == 0 {
		return
	}
	type use struct {
		first *policy.Policy
		path  string
		n     int
	}
	uses := map[string]*use{}
	var order []string
	p.each(true, func(q *policy.Policy) {
		for i, g := range q.Users.ExcludeGroups {
			if uses[g] == nil {
				uses[g] = &use{first: q, path: item(".conditions.users.excludeGroups", i)}
				order = append(order, g)
			}
			uses[g].n++
		}
	})
	for _, g := range order {
		f(g, uses[g].first, uses[g].path, uses[g].n)
	}
}

// included reports that an enabled policy is about the group.
func (p *pass) included(group string) bool {
	return slices.ContainsFunc(p.policies, func(q *policy.Policy) bool {
		return q.State == policy.Enabled && has(q.Users.IncludeGroups, group)
	})
}

// members counts the people certainly in a group at a time.
func (p *pass) members(group string, at signin.Time) int {
	n := 0
	for _, u := range policytext.Accounts(p.in.Directory) {
		if p.in.Directory.Member(u.ID, group, at) == signin.True {
			n++
		}
	}
	return n
}

func (p *pass) groupGrew(group string, first *policy.Policy, path string, policies int) {
	now := p.now()
	if now <= exclusionWindow {
		return
	}
	was, is := p.members(group, now-exclusionWindow), p.members(group, now)
	if is-was < grownPeople || (is-was)*grownShare < is {
		return
	}
	p.about(first, note{path: path}, "group %s, left out of %s, grew from %d to %d people in the 90 days before %s",
		p.names.Group(group), policytext.Count(policies, "policy", "policies"), was, is, day(now))
}
