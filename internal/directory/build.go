package directory

import (
	"cmp"
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
	if d.parent != nil {
		d.parent.AddGroup(Group{ID: g.ID, DisplayName: g.DisplayName})
	}
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
	w.ResourceID = strings.TrimRight(strings.TrimSpace(w.ResourceID), "/") // ids are compared by segments
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
		old.ID = cmp.Or(old.ID, w.ID)
		for _, id := range w.Identities {
			if !slices.Contains(old.Identities, id) {
				old.Identities = append(old.Identities, id)
			}
		}
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
