package directory

import (
	"maps"
	"slices"

	"frisk/internal/signin"
)

// Member says whether the user was in the group, directly or nested, at the
// time. Unknown when neither the group's members nor the user's groups were
// (completely) exported, or when dated exports disagree and no audit log tells
// when the change was. What the sign-in log itself proves (WithWitnesses) goes first.
func (d *Directory) Member(userID, groupID string, at signin.Time) signin.Truth {
	if d == nil {
		return signin.Unknown
	}
	user, group := key(userID), key(groupID)
	if t, ok := d.witness.group(user, group, at); ok {
		return t
	}
	return d.member(user, group, at)
}

func (d *Directory) member(user, group string, at signin.Time) signin.Truth {
	switch {
	case holds(d.transitive[user][group], at):
		return signin.True
	case d.maybe != nil && holds(d.maybe[user][group], at):
		return signin.Unknown
	case !d.closed[group] && !d.groupsKnown[user]:
		return signin.Unknown
	}
	return signin.False
}

// HasRole says whether the user held the role (template id, or the id of the
// tenant's role instance) at the time, directly or through a group.
func (d *Directory) HasRole(userID, templateID string, at signin.Time) signin.Truth {
	if d == nil {
		return signin.Unknown
	}
	user, role := key(userID), d.template(key(templateID))
	if t, ok := d.witness.role(user, role, at); ok {
		return t
	}
	return d.hasRole(user, role, at)
}

func (d *Directory) hasRole(user, role string, at signin.Time) signin.Truth {
	switch {
	case holds(d.roles[user][role], at):
		return signin.True
	case d.maybeRoles != nil && holds(d.maybeRoles[user][role], at):
		return signin.Unknown
	case d.rolesKnown[user]:
		return signin.False
	case !d.rolesComplete:
		return signin.Unknown
	}
	for _, h := range d.openRoles[role] {
		if holds(h.spans, at) && d.member(user, h.group, at) == signin.Unknown {
			return signin.Unknown
		}
	}
	return signin.False
}

// AnyGroup says whether the user was in any group at all: True when in one,
// False only when all groups of the user are known and there is none.
func (d *Directory) AnyGroup(userID string, at signin.Time) signin.Truth {
	if d == nil {
		return signin.Unknown
	}
	user := key(userID)
	return anyOf(d.groupsKnown[user], func(group string) signin.Truth { return d.Member(user, group, at) },
		keysOf(d.transitive[user]), keysOf(d.maybe[user]), d.witness.groupsOf(user))
}

// AnyRole says whether the user held any directory role at all, directly or
// through a group.
func (d *Directory) AnyRole(userID string, at signin.Time) signin.Truth {
	if d == nil {
		return signin.Unknown
	}
	user := key(userID)
	return anyOf(d.rolesKnown[user] || d.rolesComplete, func(role string) signin.Truth { return d.HasRole(user, role, at) },
		keysOf(d.roles[user]), keysOf(d.maybeRoles[user]), keysOf(d.openRoles), d.witness.rolesOf(user))
}

func anyOf(known bool, ask func(string) signin.Truth, lists ...map[string]bool) signin.Truth {
	out := signin.TruthOf(false)
	if !known {
		out = signin.Unknown
	}
	for _, list := range lists {
		for id := range list {
			if out = out.Or(ask(id)); out == signin.True {
				return out
			}
		}
	}
	return out
}

func holds(spans []span, at signin.Time) bool {
	for _, s := range spans {
		if s.holds(at) {
			return true
		}
	}
	return false
}

func (d *Directory) template(role string) string {
	if t := d.templates[role]; t != "" {
		return t
	}
	return role
}

// Changes lists the instants at which any answer about the user or service
// principal of this id changes: membership, role, risk level, the person's own
// record. Ascending, each once. Between two of them every answer stays the
// same, so an engine may cache it.
func (d *Directory) Changes(userID string) []signin.Time {
	if d == nil {
		return nil
	}
	user := key(userID)
	var out []signin.Time
	for _, m := range []edges{d.transitive, d.maybe, d.roles, d.maybeRoles} {
		for _, ss := range m[user] {
			for _, s := range ss {
				out = append(out, s.From, s.Until)
			}
		}
	}
	for k, m := range d.risk {
		out = append(out, d.riskWhole[k])
		for _, l := range m[user] {
			out = append(out, l.At)
		}
	}
	for _, hs := range d.openRoles { // a role held by a group whose members are not all known
		for _, h := range hs {
			for _, s := range h.spans {
				out = append(out, s.From, s.Until)
			}
		}
	}
	for _, v := range d.userAt[user] {
		out = append(out, v.from)
	}
	out = d.witness.changes(user, out)
	out = slices.DeleteFunc(out, func(t signin.Time) bool { return t <= 0 || t == forever })
	slices.Sort(out)
	return slices.Compact(out)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
