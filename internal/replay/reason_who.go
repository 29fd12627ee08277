package replay

import (
	"slices"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// Reasons that lie with who signed in: the users condition, and workloads.

var _ = registerReason(Reason{
	Code: "workload", Title: "a service principal the exports do not describe", order: 60,
	Doc:    "The policy is about service principals, by owner or by filter, and the directory does not say whether this one is in it.",
	Supply: "Export service principals (GET /v1.0/servicePrincipals?$select=id,appId,displayName,appOwnerOrganizationId) into the directory folder.",
	explains: func(m *miss) (string, bool) {
		return "", m.on(policy.BitServicePrincipals) || m.on(policy.BitUsers) && m.p.Workload != nil
	},
})

var _ = registerReason(Reason{
	Code: "guest-kind", Title: "what kind of guest is it?", order: 61,
	Doc:    "The policy is about guests or external users of some kind or tenant, and the row does not tell the kind (or tells another).",
	Supply: "Export sign-ins from the beta endpoint or diagnostic settings (crossTenantAccessType, homeTenantId, userType), and users with userType.",
	explains: func(m *miss) (string, bool) {
		if !m.on(policy.BitUsers) {
			return "", false
		}
		u := &m.p.Users
		named := u.IncludeGuests != nil || u.ExcludeGuests != nil ||
			slices.Contains(u.IncludeUsers, "guestsorexternalusers") || slices.Contains(u.ExcludeUsers, "guestsorexternalusers")
		return "", named && (m.row.Kind() == signin.Guest || m.ruled("guest", "b2b", "external") || !m.lists(groupLists, roleLists))
	},
})

var _ = registerReason(Reason{
	Code: "role-then", Title: "the person held another role then", order: 62,
	Doc: "The log shows that the person held (or did not hold) a directory role of the policy at the time, and the directory export says otherwise or does not say. " +
		"Just-in-time activations (PIM) come and go. The item is the role.",
	Supply: "Export role assignments with their activations (GET /v1.0/roleManagement/directory/roleAssignmentScheduleInstances), or the audit log with the category RoleManagement.",
	explains: func(m *miss) (string, bool) {
		return m.doubt(roleLists, groupLists, "roleid", func(id string) signin.Truth { return m.w.cfg.Directory.HasRole(m.w.user, id, m.row.Time) })
	},
})

var _ = registerReason(Reason{
	Code: "membership-then", Title: "the person was in another group then", order: 63,
	Doc: "The log shows that the person was (or was not) in a group of the policy at the time, and the directory export says otherwise or does not say. " +
		"An export is a picture of one day; people join and leave. The item is the group.",
	Supply: "Export the group with all members, nested ones too (GET /v1.0/groups/{id}/transitiveMembers), at several dates as dated folders, or add the audit log entries \"Add member to group\" and \"Remove member from group\" " +
		"(az rest --method get --url \"https://graph.microsoft.com/v1.0/auditLogs/directoryAudits?$filter=category eq 'GroupManagement'\").",
	explains: func(m *miss) (string, bool) {
		return m.doubt(groupLists, roleLists, "groupid", func(id string) signin.Truth { return m.w.cfg.Directory.Member(m.w.user, id, m.row.Time) })
	},
})

var _ = registerReason(Reason{
	Code: "user-list", Title: "another list of users", order: 69,
	Doc:      "The users condition differs although the policy names no group or role that could explain it: its lists of users were others, or the row names the person only by a name the directory does not resolve.",
	Supply:   "Give dated versions of the policy, and users with id and userPrincipalName in the directory folder.",
	explains: func(m *miss) (string, bool) { return "", m.on(policy.BitUsers) },
})

// The lists of one kind a policy has: included, excluded.
func groupLists(u *policy.Users) (in, out []string) { return u.IncludeGroups, u.ExcludeGroups }
func roleLists(u *policy.Users) (in, out []string)  { return u.IncludeRoles, u.ExcludeRoles }

func (m *miss) lists(kinds ...func(*policy.Users) (in, out []string)) bool {
	for _, k := range kinds {
		if in, out := k(&m.p.Users); len(in)+len(out) > 0 {
			return true
		}
	}
	return false
}

// ruled reports whether a satisfied rule the log names for the users condition
// contains one of the words.
func (m *miss) ruled(words ...string) bool {
	for _, list := range [][]string{m.e.include, m.e.exclude} {
		for _, rule := range list {
			cond, name, _ := strings.Cut(rule, ":")
			if !strings.EqualFold(cond, "users") {
				continue
			}
			for _, word := range words {
				if strings.Contains(strings.ToLower(name), word) {
					return true
				}
			}
		}
	}
	return false
}

// doubt finds the group (or role) of the policy that a miss of the users
// condition is about: the one the log's rule speaks of, else the one whose answer
// made ours. other are the lists of the other kind, which the log may blame instead.
func (m *miss) doubt(mine, other func(*policy.Users) (in, out []string), rule string, member func(string) signin.Truth) (string, bool) {
	if !m.on(policy.BitUsers) {
		return "", false
	}
	in, out := mine(&m.p.Users)
	if len(in)+len(out) == 0 {
		return "", false
	}
	has := func(list []string, t signin.Truth) (string, bool) {
		for _, id := range list {
			if member(id) == t {
				return id, true
			}
		}
		return "", false
	}
	if m.unknown {
		if id, ok := has(out, signin.Unknown); ok {
			return id, true
		}
		return has(in, signin.Unknown)
	}
	said := func(rules []string) bool {
		return slices.ContainsFunc(rules, func(s string) bool { return strings.EqualFold(s, "users:"+rule) })
	}
	switch {
	case m.theyMatch():
		// Included and not excluded, for the log. Ours says excluded, or not included.
		if id, ok := has(out, signin.True); ok {
			return id, true
		}
		if said(m.e.include) || !m.otherwise(other, true) {
			return first(in)
		}
	case said(m.e.exclude):
		return first(out)
	default:
		// Not included, or excluded, for the log. Ours rests on a group that includes, or misses one that excludes.
		if id, ok := has(in, signin.True); ok && !said(m.e.include) {
			return id, true
		}
		if len(out) > 0 && !m.otherwise(other, false) {
			return first(out)
		}
	}
	return "", false
}

// otherwise reports whether the log names a rule of the other kind on the side in question.
func (m *miss) otherwise(other func(*policy.Users) (in, out []string), include bool) bool {
	in, out := other(&m.p.Users)
	if include {
		return len(in) > 0 && m.ruled("roleid", "groupid")
	}
	return len(out) > 0 && m.ruled("roleid", "groupid")
}

// first is the only entry of a list, or all of them when it cannot be told which.
func first(list []string) (string, bool) {
	if len(list) == 0 {
		return "", false
	}
	return strings.Join(list, ","), true
}
