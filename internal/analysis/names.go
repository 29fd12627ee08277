package analysis

import (
	"cmp"

	"frisk/internal/directory"
	"frisk/internal/replay"
	"frisk/internal/risk"
)

// personName is what a report calls the person of a key: the directory's name,
// else the name last seen in the log, else the id.
func (r *Result) personName(key string) string {
	if key == "" {
		return ""
	}
	if name := r.userName(risk.PersonID(key)); name != risk.PersonID(key) {
		return name
	}
	return cmp.Or(r.names[key], risk.PersonID(key))
}

// accountName is personName of an account, with who it belongs to where the
// identity file says.
func (r *Result) accountName(key string) string {
	name := r.personName(key)
	if who := r.around.joins.name(key); who != "" && who != name {
		return name + " (" + who + ")"
	}
	return name
}

// userName is the directory's name of an object id, or the id.
func (r *Result) userName(id string) string {
	if u := r.around.dir.User(id); u != nil {
		return cmp.Or(u.UserPrincipalName, u.DisplayName, id)
	}
	return id
}

// groupName is the directory's name of a group id, or the id.
func (r *Result) groupName(id string) string {
	if g := r.around.dir.Group(id); g != nil {
		return cmp.Or(g.DisplayName, id)
	}
	return id
}

// workspaceOf is the name and the environment of the workspace a share belongs
// to, or the name of the column of those that belong to none.
func workspaceOf(workspaces []directory.Workspace, s directory.Share) (name, environment string) {
	switch {
	case s.Workspace >= 0:
		return workspaces[s.Workspace].Name, workspaces[s.Workspace].Environment
	case s.Workspace == directory.OtherWork:
		return replay.OtherWork, ""
	}
	return replay.UnknownWorkspace, ""
}
