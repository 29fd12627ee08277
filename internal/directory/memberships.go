package directory

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"frisk/internal/signin"
)

var _ = register(Kind{
	Name: "memberships",
	Doc:  "who is in which group, one row each, dated where known; every group named is taken to be listed completely",
	Columns: []Column{
		{"groupId", "required, or groupName"},
		{"groupName", ""},
		{"userId", "required, or userPrincipalName; the id of a nested group works too"},
		{"userPrincipalName", ""},
		{"from", "member since (RFC 3339); empty = always"},
		{"until", "member until, not included; empty = still"},
	},
	types:    []string{"privilegedaccessgroupassignmentscheduleinstance"},
	contexts: []string{"privilegedaccess/group/assignmentscheduleinstances"},
	rank:     50,
	fits: func(r *record) string {
		switch {
		case !r.has(groupNames...) && !r.has("groupname", "groupdisplayname"):
			return "no groupId or groupName"
		case !r.has(memberNames...):
			return "no userId or userPrincipalName"
		case r.has("justification", "action"):
			return "looks like a request"
		}
		return ""
	},
	add: addMembershipRecord,
})

var (
	groupNames  = []string{"groupid", "groupobjectid", "group"}
	memberNames = []string{"userid", "memberid", "principalid", "memberobjectid", "user", "member", "userprincipalname", "upn", "memberuserprincipalname", "memberupn"}
	fromNames   = []string{"from", "since", "validfrom", "start", "startdate", "startdatetime"}
	untilNames  = []string{"until", "to", "validto", "validuntil", "end", "enddate", "enddatetime"}
)

// membership is a membership, or a role assignment, by the names a file used.
type membership struct {
	group, groupName string
	member           string
	from, until      signin.Time
	file             string
	quiet            bool // from a list whose completeness is judged elsewhere
}

func addMembershipRecord(l *Loader, r *record) error {
	if a := r.text("accessid"); a != "" && a != "member" {
		return fmt.Errorf("%w: access %q", errOtherKind, a)
	}
	m := membership{
		group: r.text(groupNames...), groupName: r.text("groupname", "groupdisplayname"),
		member: r.text(memberNames...), from: r.time(fromNames...), until: r.time(untilNames...), file: l.cur.Name,
	}
	// PIM instances list active assignments, not everybody: they never make a group complete.
	m.quiet = r.has("assignmenttype", "membertype")
	return l.keep(&l.memberships, m, r)
}

func (l *Loader) keep(to *[]membership, m membership, r *record) error {
	switch {
	case r.err != nil:
		return r.err
	case m.group == "" && m.groupName == "":
		return errors.New("empty group")
	case m.member == "":
		return errors.New("empty user")
	case m.until != 0 && m.until <= m.from:
		return fmt.Errorf("ends at %s, not after its start %s", m.until, m.from)
	}
	*to = append(*to, m)
	return nil
}

// resolveMemberships turns names into ids once every file was read. A person
// nobody exported is kept by name, and the group is then not complete: who
// carries that name is unknown.
func (l *Loader) resolveMemberships() {
	for _, m := range l.memberships { // names first: rows without an id may use them
		if m.group != "" && m.groupName != "" {
			l.dir.AddGroup(Group{ID: m.group, DisplayName: m.groupName})
		}
	}
	whole := map[string]bool{} // group -> every row about it was understood
	var order []string
	missing := map[string]int{}
	for _, m := range l.memberships {
		group := l.groupID(m)
		l.dir.AddGroup(Group{ID: group, DisplayName: m.groupName})
		who, ok := l.person(m.member)
		l.dir.AddMember(group, who, m.from, m.until)
		if !ok {
			missing[m.file]++
			l.dir.groups[group].Complete = false
			l.dir.groups[group].Transitive = false
		}
		if m.quiet {
			continue
		}
		if _, seen := whole[group]; !seen {
			order = append(order, group)
			whole[group] = true
		}
		whole[group] = whole[group] && ok && !l.damagedFiles[m.file]
	}
	for _, m := range l.damagedGroups {
		whole[l.groupID(m)] = false
	}
	for _, g := range order {
		if whole[g] {
			l.dir.AddGroup(Group{ID: g, Complete: true})
		}
	}
	l.missingPeople(missing, "group members", "export the users, or list members by object id")
}

// groupID is the group a row means: by id, else by a name only one group has,
// else the name stands for itself.
func (l *Loader) groupID(m membership) string {
	group := key(m.group)
	if l.dir.groups[group] == nil && !guid.MatchString(group) {
		if id := l.dir.GroupByName(cmp.Or(m.groupName, m.group)); id != "" {
			return id
		}
	}
	return cmp.Or(group, key(m.groupName))
}

// damage records that a row of a kind was lost, so that what it may have said
// is not taken for "no": the group it names, else every group of its file, is
// not complete; neither are the roles.
func (l *Loader) damage(kind string, r *record) {
	switch kind {
	case "roles":
		l.rolesOpen = true
	case "memberships":
		if m := (membership{group: r.text(groupNames...), groupName: r.text("groupname", "groupdisplayname")}); m.group != "" || m.groupName != "" {
			l.damagedGroups = append(l.damagedGroups, m)
		} else {
			l.damagedFiles[l.cur.Name] = true
		}
	}
}

// person finds the id behind a user id, group id or name; false when it is a
// name the directory does not know, which then stands for itself.
func (l *Loader) person(name string) (string, bool) {
	if guid.MatchString(name) && guid.FindString(name) == name {
		return key(name), true
	}
	if id := cmp.Or(l.dir.Resolve(name), l.dir.GroupByName(name)); id != "" {
		return id, true
	}
	if l.dir.groups[key(name)] != nil {
		return key(name), true
	}
	if isName(name) {
		return signin.NamePrefix + key(name), false
	}
	return key(name), true // an id of another shape: other providers, tests
}

func isName(s string) bool {
	return slices.ContainsFunc([]rune(s), func(r rune) bool { return r == '@' || r == ' ' })
}

func (l *Loader) missingPeople(counts map[string]int, what, hint string) {
	for i := range l.files {
		if n := counts[l.files[i].Name]; n > 0 {
			l.files[i].Issues = append(l.files[i].Issues, &Issue{
				File: l.files[i].Name, Err: fmt.Errorf("%s named here but not in the user export: %d", what, n), Hint: hint,
			})
		}
	}
}
