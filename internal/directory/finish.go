package directory

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Finish resolves what one file says about another, seals the directory and
// gives the account of every file.
func (l *Loader) Finish() []File {
	const list = "members of group "
	for _, c := range slices.Sorted(maps.Keys(l.pages)) {
		p := l.pages[c]
		if !p.complete() {
			l.note(p.file, p.issue(c))
		}
		if g, ok := strings.CutPrefix(c, list); ok && p.complete() {
			l.dir.AddGroup(Group{ID: g, Complete: true})
		} else if strings.HasPrefix(c, "rolemanagement/") && !p.complete() {
			l.rolesOpen = true
		}
	}
	l.resolveMemberships()
	l.resolveRoles()
	l.resolveRequests()
	l.dir.Seal()
	return l.files
}

func (l *Loader) note(file string, i *Issue) {
	for j := range l.files {
		if l.files[j].Name == file {
			l.files[j].Issues = append(l.files[j].Issues, i)
			return
		}
	}
}

// resolveRequests turns the people of requests into object ids: by object id,
// user principal name, mail, then by a display name that only one person has.
func (l *Loader) resolveRequests() {
	byName := map[string]string{} // lower-case display name -> id, "" when shared
	for _, u := range l.dir.Users() {
		n := strings.ToLower(u.DisplayName)
		if _, taken := byName[n]; taken {
			byName[n] = ""
		} else {
			byName[n] = u.ID
		}
	}
	missing := map[string]int{}
	resolve := func(name, file string) string {
		if name == "" {
			return ""
		}
		id := cmp.Or(l.dir.Resolve(name), byName[strings.ToLower(name)])
		if id == "" && !guid.MatchString(name) {
			missing[file]++
		}
		return cmp.Or(id, name)
	}
	for _, q := range l.requests {
		q.Requester = resolve(q.Requester, "")
		q.Beneficiary = resolve(q.Beneficiary, q.File)
		l.dir.Requests = append(l.dir.Requests, q)
	}
	slices.SortStableFunc(l.dir.Requests, func(a, b Request) int {
		return cmp.Or(cmp.Compare(a.Created, b.Created), cmp.Compare(a.System, b.System), cmp.Compare(a.ID, b.ID))
	})
	l.requests = nil
	l.missingPeople(missing, "people with requests", "export the users, so that requests can be tied to sign-ins")
}

// Summary is the number of things known, for a one-line account.
func (d *Directory) Summary() string {
	if d == nil {
		return "no directory"
	}
	complete := 0
	for _, ok := range d.closed {
		if ok {
			complete++
		}
	}
	roles := "roles unknown"
	if d.rolesComplete {
		roles = "roles known"
	}
	return fmt.Sprintf("%d users, %d groups (%d with all members), %s, %d devices, %d workspaces, %d exception requests, %d workspace operations",
		len(d.users), len(d.groups), complete, roles, len(d.devices), len(d.Workspaces), len(d.Requests), len(d.Activity))
}
