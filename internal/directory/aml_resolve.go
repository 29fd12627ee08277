package directory

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"frisk/internal/signin"
)

var (
	errWhichWorkspace = errors.New("the workspace is named in a way that fits none that is known, or several")
	errWhichPerson    = errors.New("the person is named by a display name that fits nobody, or several")
)

// resolveEvents turns the events of Azure ML tables into operations: their
// workspace by its ARM id, else its own id, else its name; their person by
// object id, user principal name or a display name that only one person has. Of
// what counts once, as the changes of one run, the first in time stays: what
// follows happens by itself. What cannot be told becomes an issue of its file.
func (l *Loader) resolveEvents() {
	byName := l.root.displayNames()
	slices.SortStableFunc(l.events, func(a, b mlEvent) int { return cmp.Compare(a.Time, b.Time) })
	for i := range l.events {
		e := &l.events[i]
		if e.Resource == "" {
			e.Resource = l.root.workspaceNamed(e.id, e.subscription, e.name)
		}
		if e.Principal == "" && e.Caller == "" {
			e.Principal = byName[strings.ToLower(e.display)]
		}
		switch {
		case e.Resource == "":
			l.unresolved(e, errWhichWorkspace, "list the workspaces (docs/workspaces.md), or export the column _ResourceId")
			continue
		case e.Principal == "" && e.Caller == "":
			l.unresolved(e, errWhichPerson, "export the users with their display names, or the column Identity")
			continue
		}
		if e.once != 0 {
			h := signin.IDHash(fmt.Sprintf("%s\x1f%d\x1f%s\x1f%s%s", e.Table, e.once, e.Resource, e.Principal, key(e.Caller)))
			if l.seen[h] {
				continue
			}
			l.seen[h] = true
		}
		l.root.Activity = append(l.root.Activity, e.Activity)
	}
	l.events = nil
}

// unresolved moves a record from the used to the bad ones of its file.
func (l *Loader) unresolved(e *mlEvent, err error, hint string) {
	f := &l.files[e.file]
	for i := range f.Counts {
		if f.Counts[i].Kind == "ml-events" {
			f.Counts[i].Records--
		}
	}
	f.Counts = slices.DeleteFunc(f.Counts, func(c Count) bool { return c.Records == 0 })
	f.Bad++
	f.Issues = append(f.Issues, &Issue{File: f.Name, Line: e.line, Path: e.path, Err: fmt.Errorf("ml-events: %w", err), Hint: hint})
}

// displayNames gives the object ids of people by lower-case display name, of
// those names that only one person has.
func (d *Directory) displayNames() map[string]string {
	out := map[string]string{}
	for _, u := range d.Users() {
		n := strings.ToLower(u.DisplayName)
		if _, taken := out[n]; taken || n == "" {
			out[n] = ""
		} else {
			out[n] = u.ID
		}
	}
	return out
}

// workspaceNamed is the ARM id of the only workspace with this workspace id, or,
// where no id is given, with this name, in this subscription if it is given; ""
// when none or several fit.
func (d *Directory) workspaceNamed(id, subscription, name string) string {
	found := ""
	for i := range d.Workspaces {
		w := &d.Workspaces[i]
		arm := key(w.ResourceID)
		fits := id != "" && w.ID == id
		if id == "" || w.ID == "" {
			fits = name != "" && strings.EqualFold(cmp.Or(lastSegment(arm), w.Name), name) &&
				(subscription == "" || strings.HasPrefix(arm, "/subscriptions/"+subscription+"/"))
		}
		if !fits || arm == "" {
			continue
		}
		if found != "" && found != arm {
			return ""
		}
		found = arm
	}
	return found
}
