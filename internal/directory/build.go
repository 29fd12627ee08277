package directory

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// AddUser puts a person in. A record with the same id is completed: what the
// new record says replaces, what it leaves out stays, so that a full user
// export and the short user records inside a member list may come in any order.
func (d *Directory) AddUser(u User) {
	u.ID = key(u.ID)
	if old := d.users[u.ID]; old != nil {
		u.UserPrincipalName = cmp.Or(u.UserPrincipalName, old.UserPrincipalName)
		u.DisplayName = cmp.Or(u.DisplayName, old.DisplayName)
		u.Mail = cmp.Or(u.Mail, old.Mail)
		u.UserType = cmp.Or(u.UserType, old.UserType)
		u.Department = cmp.Or(u.Department, old.Department)
		u.Enabled = cmp.Or(u.Enabled, old.Enabled)
	}
	d.users[u.ID] = &u
	if u.UserPrincipalName != "" {
		d.byUPN[key(u.UserPrincipalName)] = u.ID
	}
	if u.Mail != "" {
		d.byMail[key(u.Mail)] = u.ID
	}
}

// AddGroup puts a group in. A record with the same id is completed: a name
// replaces an empty one, and a group once listed completely stays complete.
func (d *Directory) AddGroup(g Group) {
	g.ID = key(g.ID)
	if old := d.groups[g.ID]; old != nil {
		g.DisplayName = cmp.Or(g.DisplayName, old.DisplayName)
		g.Complete = g.Complete || old.Complete
		g.Transitive = g.Transitive || old.Transitive
	}
	d.groups[g.ID] = &g
}

// AddDevice puts a device in, replacing one with the same id.
func (d *Directory) AddDevice(v Device) {
	v.ID, v.ObjectID = key(v.ID), key(v.ObjectID)
	d.devices[v.ID] = &v
}

// AddMember records that a user or group was a member of a group over a
// period; zero from or until leave that side open.
func (d *Directory) AddMember(groupID, memberID string, from, until signin.Time) {
	addSpan(d.members, key(groupID), key(memberID), span{from, until})
}

// AddRole records that a user, or a group whose members then all hold it, held
// a directory role over a period. The role is named by its template id, or by
// the id of the tenant's role instance if AddRoleTemplate maps it.
func (d *Directory) AddRole(userID, templateID string, from, until signin.Time) {
	addSpan(d.assigned, key(userID), key(templateID), span{from, until})
}

// AddRoleTemplate says that the tenant's role instance (directoryRole id) is
// the role with this template id. Policies name templates.
func (d *Directory) AddRoleTemplate(instanceID, templateID string) {
	d.templates[key(instanceID)] = key(templateID)
}

// SetRolesComplete states that every role assignment was exported.
func (d *Directory) SetRolesComplete() { d.rolesComplete = true }

// SetGroupsKnown states that every group of this person was exported, directly
// or nested: absence of any other group then means "not a member".
func (d *Directory) SetGroupsKnown(userID string) { d.groupsKnown[key(userID)] = true }

// SetRolesKnown states that every role of this person was exported.
func (d *Directory) SetRolesKnown(userID string) { d.rolesKnown[key(userID)] = true }

// AddWorkspace puts a workspace in. One that is there already under the same
// ARM id, or under the same name without an ARM id, is completed instead: what
// it says already stays. A different workspace of the same name gets its
// resource group, or else its whole ARM id, appended to the name.
func (d *Directory) AddWorkspace(w Workspace) {
	id := key(w.ResourceID)
	taken := func(name string) *Workspace {
		for i := range d.Workspaces {
			if strings.EqualFold(d.Workspaces[i].Name, name) {
				return &d.Workspaces[i]
			}
		}
		return nil
	}
	var old *Workspace
	for i := range d.Workspaces {
		if id != "" && key(d.Workspaces[i].ResourceID) == id {
			old = &d.Workspaces[i]
		}
	}
	if same := taken(w.Name); old == nil && same != nil && (same.ResourceID == "" || id == "") {
		old = same
	}
	if old != nil {
		old.Environment = cmp.Or(old.Environment, w.Environment)
		old.ResourceID = cmp.Or(old.ResourceID, w.ResourceID)
		old.Group = cmp.Or(old.Group, w.Group)
		if len(old.Apps) == 0 && len(old.Resources) == 0 {
			old.Apps, old.Resources = w.Apps, w.Resources
		}
		return
	}
	name := w.Name
	if taken(name) != nil {
		w.Name = name + " (" + resourceGroup(id) + ")"
	}
	if taken(w.Name) != nil {
		w.Name = name + " (" + id + ")"
	}
	d.Workspaces = append(d.Workspaces, w)
}

func addSpan(m map[string]map[string][]span, a, b string, s span) {
	if a == "" || b == "" {
		return
	}
	if m[a] == nil {
		m[a] = map[string][]span{}
	}
	if !slices.Contains(m[a][b], s) {
		m[a][b] = append(m[a][b], s)
	}
}

// Seal expands nested groups, gives the members of role-holding groups their
// roles, and adds the workspaces that only the activity log names. Call it
// after the last Add and before the first query; calling it again after more
// Adds starts over. Cycles of groups are followed once.
func (d *Directory) Seal() {
	d.transitive = map[string]map[string][]span{}
	for _, g := range slices.Sorted(maps.Keys(d.members)) {
		d.expand(&expansion{g, map[string]bool{g: true}, map[step]bool{}}, g, span{})
	}
	d.closed = map[string]bool{}
	for g, v := range d.groups {
		d.closed[g] = v.Complete && (v.Transitive || d.nestedComplete(g, map[string]bool{g: true}))
	}
	d.sealRoles()
	d.discover()
}

// nestedComplete reports whether every group nested in g was listed completely.
func (d *Directory) nestedComplete(g string, seen map[string]bool) bool {
	for id := range d.members[g] {
		nested := d.groups[id]
		if nested == nil || seen[id] {
			continue
		}
		seen[id] = true
		if !nested.Complete || !nested.Transitive && !d.nestedComplete(id, seen) {
			return false
		}
	}
	return true
}

// expansion is the walk from one group down to its members. A group on the path
// is not entered again (a cycle adds nobody), nor is one that was expanded for
// the same period before, or diamonds of groups would cost exponential time.
type expansion struct {
	root string
	path map[string]bool
	done map[step]bool
}

type step struct {
	group  string
	within span
}

func (d *Directory) expand(x *expansion, group string, within span) {
	for _, id := range slices.Sorted(maps.Keys(d.members[group])) {
		for _, s := range d.members[group][id] {
			in, ok := intersect(within, s)
			switch {
			case !ok:
			case !d.isGroup(id):
				addSpan(d.transitive, id, x.root, in)
			case !x.path[id] && !x.done[step{id, in}]:
				x.done[step{id, in}] = true
				x.path[id] = true
				d.expand(x, id, in)
				delete(x.path, id)
			}
		}
	}
}

func (d *Directory) isGroup(id string) bool {
	if d.users[id] != nil {
		return false
	}
	_, listed := d.members[id]
	return listed || d.groups[id] != nil
}

// sealRoles resolves role instances to templates and hands the roles of
// groups to the members. A role held by a group whose membership is not fully
// known leaves open who else holds it.
func (d *Directory) sealRoles() {
	d.roles = map[string]map[string][]span{}
	d.openRoles = map[string]bool{}
	held := map[string]map[string][]span{} // group -> template -> spans
	for who, roles := range d.assigned {
		for role, spans := range roles {
			if t := d.templates[role]; t != "" {
				role = t
			}
			to := d.roles
			if d.isGroup(who) {
				to = held
				if !d.closed[who] {
					d.openRoles[role] = true
				}
			}
			for _, s := range spans {
				addSpan(to, who, role, s)
			}
		}
	}
	if len(held) == 0 {
		return
	}
	for user, groups := range d.transitive {
		for g, in := range groups {
			for role, spans := range held[g] {
				for _, a := range in {
					for _, b := range spans {
						if s, ok := intersect(a, b); ok {
							addSpan(d.roles, user, role, s)
						}
					}
				}
			}
		}
	}
}

func intersect(a, b span) (span, bool) {
	out := span{From: max(a.From, b.From), Until: a.Until}
	if out.Until == 0 || (b.Until != 0 && b.Until < out.Until) {
		out.Until = b.Until
	}
	return out, out.Until == 0 || out.From < out.Until
}
