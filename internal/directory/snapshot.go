package directory

import (
	"maps"
	"slices"

	"frisk/internal/signin"
)

// look is what one dated export tells of a group's members, of a role's
// holders, or of a user's groups. whole means that who is not in it was not in.
type look struct {
	moment
	whole bool
	has   map[string]bool
}

// history is what is known of memberships beyond one undated export.
type history struct {
	groups, users map[string][]look // by group: its members; by user: the groups
	roles         []roleLook
	// members and holders are changes from the audit log: left -> right -> facts.
	members, holders map[string]map[string][]fact
	// now holds the groups whose undated list is whole; nil while there is no
	// dated one, since Group.Complete tells it then.
	now      map[string]bool
	nowRoles bool
}

// roleLook is what one dated export tells of roles: role (template or instance)
// -> holders.
type roleLook struct {
	moment
	whole   bool
	holders map[string]map[string]bool
}

// AddMemberChange records from an audit log that somebody joined the group at a
// time, or left it. It never makes the group's list whole.
func (d *Directory) AddMemberChange(groupID, memberID string, at signin.Time, joined bool) {
	addChange(&d.past.members, key(groupID), key(memberID), at, joined)
}

// AddRoleChange records from an audit log that a user or group came to hold a
// directory role (template or instance id) at a time, or lost it.
func (d *Directory) AddRoleChange(holderID, roleID string, at signin.Time, gained bool) {
	addChange(&d.past.holders, key(roleID), key(holderID), at, gained)
}

func addChange(m *map[string]map[string][]fact, a, b string, at signin.Time, on bool) {
	if a == "" || b == "" || at <= 0 {
		return
	}
	if *m == nil {
		*m = map[string]map[string][]fact{}
	}
	if (*m)[a] == nil {
		(*m)[a] = map[string][]fact{}
	}
	(*m)[a][b] = append((*m)[a][b], changed(at, on))
}

// addSnapshot adds what an export made at a moment says, after everything that
// bears no date was added. Spans with a start or an end count as they are; an
// open membership is known for that moment only, and Seal connects the moments.
func (d *Directory) addSnapshot(s *Directory, m moment) {
	if d.past.now == nil {
		d.past.now, d.past.nowRoles = map[string]bool{}, d.rolesComplete
		for g, v := range d.groups {
			d.past.now[g] = v.Complete
			d.listedDirect[g] = v.Complete && !v.Transitive
		}
		d.past.groups, d.past.users = map[string][]look{}, map[string][]look{}
	}
	d.mergePeople(s, m)
	for _, g := range s.Groups() {
		d.listedDirect[g.ID] = d.listedDirect[g.ID] || g.Complete && !g.Transitive
		d.AddGroup(*g)
		d.past.groups[g.ID] = append(d.past.groups[g.ID], look{m, g.Complete, present(s.members[g.ID], d.members, g.ID)})
	}
	for _, g := range slices.Sorted(maps.Keys(s.members)) {
		if s.groups[g] == nil { // members of a group nobody described
			d.past.groups[g] = append(d.past.groups[g], look{m, false, present(s.members[g], d.members, g)})
		}
	}
	for _, u := range slices.Sorted(maps.Keys(s.groupsKnown)) {
		has := map[string]bool{}
		for g, who := range s.members {
			if len(who[u]) > 0 {
				has[g] = true
			}
		}
		d.past.users[u] = append(d.past.users[u], look{m, true, has})
		d.groupsKnown[u] = true
	}
	r := roleLook{m, s.rolesComplete, map[string]map[string]bool{}}
	for who, roles := range s.assigned {
		for role, spans := range roles {
			for _, sp := range spans {
				if sp != (span{}) {
					addSpan(d.assigned, who, role, sp)
					continue
				}
				if r.holders[role] == nil {
					r.holders[role] = map[string]bool{}
				}
				r.holders[role][who] = true
			}
		}
	}
	d.past.roles = append(d.past.roles, r)
	d.rolesComplete = d.rolesComplete || s.rolesComplete
	maps.Copy(d.rolesKnown, s.rolesKnown)
	maps.Copy(d.templates, s.templates)
}

// present are the open memberships of a list; those with a start or an end go
// to spans, as they hold whenever the list was made.
func present(list map[string][]span, spans edges, group string) map[string]bool {
	has := map[string]bool{}
	for who, ss := range list {
		for _, s := range ss {
			if s == (span{}) {
				has[who] = true
			} else {
				addSpan(spans, group, who, s)
			}
		}
	}
	return has
}

// everMember are the ids that any export or the audit log ever named as members.
func (d *Directory) everMember(group string) map[string]bool {
	out := map[string]bool{}
	for id := range d.members[group] {
		out[id] = true
	}
	for _, l := range d.past.groups[group] {
		maps.Copy(out, l.has)
	}
	for id := range d.past.members[group] {
		out[id] = true
	}
	return out
}

// settleMembers gives the direct members of groups over time, and those that
// may have been; the second is nil when nothing is open.
func (d *Directory) settleMembers() (sure, open edges) {
	if len(d.past.groups) == 0 && len(d.past.members) == 0 && len(d.past.users) == 0 {
		return d.members, nil
	}
	nowWhole := func(g string) bool {
		if d.past.now != nil {
			return d.past.now[g]
		}
		return d.groups[g] != nil && d.groups[g].Complete
	}
	groups := map[string]bool{}
	for _, m := range []map[string]bool{keysOf(d.members), keysOf(d.past.groups), keysOf(d.past.members)} {
		maps.Copy(groups, m)
	}
	w := settling{sure: edges{}, open: edges{}}
	for g := range groups {
		changes := d.listChanges(g)
		ids := d.everMember(g)
		maps.Copy(ids, keysOf(changes))
		for id := range ids {
			w.settle(g, id, d.members[g][id], nowWhole(g) || d.past.now == nil && d.groupsKnown[id], d.past.groups[g], d.past.users[id], changes[id])
		}
	}
	return w.done()
}

// listChanges are the logged changes of a group's list, by member. For a list
// of direct members they are exact. A list that was expanded also changes when
// somebody joins or leaves a group in it, and who leaves one way may stay in by
// another: those changes are soft, and one of a whole group concerns everybody.
func (d *Directory) listChanges(g string) map[string][]fact {
	own := d.past.members[g]
	if v := d.groups[g]; v == nil || !v.Transitive || len(d.past.members) == 0 {
		return own
	}
	within := d.everWithin(g)
	if len(within) == 1 {
		return own
	}
	out := map[string][]fact{}
	var whole []fact
	for _, n := range slices.Sorted(maps.Keys(within)) {
		for who, changes := range d.past.members[n] {
			for _, c := range changes {
				c.soft = true
				out[who] = append(out[who], c)
				if d.isGroup(who) {
					whole = append(whole, c)
				}
			}
		}
	}
	if whole != nil {
		for id := range d.everMember(g) {
			out[id] = append(out[id], whole...)
		}
	}
	return out
}

// everWithin are the group and all groups ever nested in it.
func (d *Directory) everWithin(g string) map[string]bool {
	seen := map[string]bool{g: true}
	for queue := []string{g}; len(queue) > 0; queue = queue[1:] {
		for id := range d.everMember(queue[0]) {
			if !seen[id] && d.isGroup(id) {
				seen[id] = true
				queue = append(queue, id)
			}
		}
	}
	return seen
}

// regrouped reports whether the log has a group joining or leaving the group or
// one in it: an expanded list then tells only of its own time.
func (d *Directory) regrouped(g string) bool {
	if len(d.past.members) == 0 {
		return false
	}
	for n := range d.everWithin(g) {
		for who := range d.past.members[n] {
			if d.isGroup(who) {
				return true
			}
		}
	}
	return false
}
