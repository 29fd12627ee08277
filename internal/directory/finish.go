package directory

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Finish resolves what one file says about another, joins the dated exports,
// seals the directory and gives the account of every file.
func (l *Loader) Finish() []File {
	now := l.batches[undated]
	moments := slices.SortedFunc(maps.Keys(l.batches), func(a, b moment) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	for _, m := range moments {
		l.batch = l.batches[m]
		l.borrow()
		l.finishPages()
		l.resolveMemberships()
		l.resolveRoles()
	}
	users, devices := l.root.Users(), l.root.devices
	for _, m := range moments {
		if b := l.batches[m]; b != now {
			l.root.addSnapshot(b.dir, m)
		}
	}
	if len(moments) > 1 { // what bears no date is newer than all that does
		for _, u := range users {
			l.root.AddUser(*u)
		}
		for _, id := range sortedKeys(devices) {
			l.root.AddDevice(*devices[id])
		}
	}
	l.batch = now
	l.resolveRequests()
	l.resolveIdentities()
	l.resolveEvents()
	l.resolveRisk()
	l.checkLog()
	l.root.Seal()
	return l.files
}

func (l *Loader) finishPages() {
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
}

func (l *Loader) note(file string, i *Issue) {
	for j := range l.files {
		if l.files[j].Name == file {
			l.files[j].Issues = append(l.files[j].Issues, i)
			return
		}
	}
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
	var out strings.Builder
	fmt.Fprintf(&out, "%d users, %d groups (%d with all members), %s, %d devices, %d workspaces, %d exception requests, %d workspace operations",
		len(d.users), len(d.groups), complete, roles, len(d.devices), len(d.Workspaces), len(d.Requests), len(d.Activity))
	atRisk := 0
	for _, m := range d.risk {
		atRisk += len(m)
	}
	for _, more := range []struct {
		n    int
		what string
	}{
		{len(d.past.roles), "dated exports"},
		{countFacts(d.past.members), "changes of groups"},
		{countFacts(d.past.holders), "changes of roles"},
		{len(d.edits), "policy edits"},
		{len(d.services), "service principals"},
		{atRisk, "identities with risk levels"},
		{len(d.methods), "people with registered methods"},
		{d.Witnesses(), "memberships proven by the sign-in log"},
	} {
		if more.n > 0 {
			fmt.Fprintf(&out, ", %d %s", more.n, more.what)
		}
	}
	return out.String()
}

func countFacts(m map[string]map[string][]fact) int {
	n := 0
	for _, of := range m {
		for _, facts := range of {
			n += len(facts)
		}
	}
	return n
}
