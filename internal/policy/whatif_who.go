package policy

import (
	"fmt"
	"regexp"
	"strings"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// objectID is how Entra writes ids of people, apps and service principals.
var objectID = regexp.MustCompile(`(?i)^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// whatIfPerson is who is asked about, as the directory has them.
type whatIfPerson struct {
	id string // object id, lower case; or signin.NamePrefix and a name nobody could resolve
	// guest and external are what the directory says of a person where the request
	// gives no externalUserType: a guest, and one whose name is that of a home tenant.
	guest, external bool
	service         *directory.ServicePrincipal // nil when none is asked about or known
	warnings        []string
}

// whatIfWho looks a request's identity up.
func whatIfWho(q *WhatIfRequest, dir *directory.Directory) whatIfPerson {
	w := whatIfPerson{warnings: []string{}}
	if id := strings.ToLower(strings.TrimSpace(q.Identity.ServicePrincipalID)); id != "" {
		w.lookUpService(id, dir)
		return w
	}
	w.lookUpUser(strings.ToLower(strings.TrimSpace(q.Identity.UserID)), dir)
	u := dir.User(w.id)
	if u == nil || q.Identity.ExternalUserType != "" {
		return w
	}
	w.guest = strings.EqualFold(u.UserType, "guest")
	w.external = strings.Contains(strings.ToLower(u.UserPrincipalName), "#ext#")
	if w.guest || w.external {
		w.warn("userId %q is a guest or external user in the directory, and the request has no externalUserType: the kind is not told", q.Identity.UserID)
	}
	return w
}

func (w *whatIfPerson) warn(format string, args ...any) {
	w.warnings = append(w.warnings, fmt.Sprintf(format, args...))
}

func (w *whatIfPerson) lookUpUser(name string, dir *directory.Directory) {
	w.id = name
	switch found := dir.Resolve(name); {
	case found != "":
		w.id = found
	case strings.Contains(name, "@"):
		w.id = signin.NamePrefix + name
		w.warn("userId %q is a name that no directory export holds: whatever hangs on the person stays unknown; give the object id, or export users", name)
	case len(dir.Users()) > 0:
		w.warn("userId %q is not in the directory export: taken for a person in none of the groups and roles it lists; check the id", name)
	case !objectID.MatchString(name):
		w.warn("userId %q is neither an object id nor a user principal name", name)
	}
}

func (w *whatIfPerson) lookUpService(id string, dir *directory.Directory) {
	w.id = id
	if w.service = dir.ServicePrincipal(id); w.service != nil {
		return
	}
	if s := dir.ServicePrincipalOf(id); s != nil {
		w.id, w.service = strings.ToLower(s.ID), s
		w.warn("servicePrincipalId %q is an application id: taken for its service principal %q", id, w.id)
		return
	}
	w.warn("servicePrincipalId %q is not in the directory export: its tenant and attributes are not known", id)
}

// appWarnings names targets that are no application id: Graph matches ids only,
// so the name of an app or of a group of apps meets no policy (Entra "what-if-tool").
func appWarnings(q *WhatIfRequest) []string {
	var out []string
	for _, a := range q.Context.Apps {
		if !objectID.MatchString(a) {
			out = append(out, fmt.Sprintf("includeApplications %q is no application id: names and groups of apps meet no policy that lists ids", a))
		}
	}
	return out
}
