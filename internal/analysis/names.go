package analysis

import (
	"cmp"

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
