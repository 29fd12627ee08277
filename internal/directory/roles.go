package directory

import (
	"errors"
	"fmt"
	"strings"
)

var _ = register(Kind{
	Name: "roles",
	Doc:  "directory role assignments (not eligibility); the list is taken to be complete",
	Columns: []Column{
		{"roleTemplateId", "required: the role's template id, which policies name"},
		{"roleName", ""},
		{"userId", "required, or userPrincipalName; the id of a group works too"},
		{"userPrincipalName", ""},
		{"from", "held since (RFC 3339); empty = always"},
		{"until", "held until; empty = still"},
		{"directoryScopeId", "anything but / is left out: Conditional Access ignores scoped roles"},
	},
	types: []string{
		"directoryrole", "unifiedroleassignment", "unifiedroleassignmentscheduleinstance", "unifiedroledefinition",
	},
	contexts: []string{
		"directoryroles", "rolemanagement/directory/roleassignments",
		"rolemanagement/directory/roleassignmentscheduleinstances", "rolemanagement/directory/roledefinitions",
	},
	rank: 40,
	fits: func(r *record) string {
		switch {
		case r.has("justification", "action"):
			return "looks like a request"
		case r.has("templateid") && r.has("isbuiltin"), r.has("roletemplateid") && r.has("id"):
			return ""
		case !r.has(roleNames...):
			return "no roleTemplateId or roleDefinitionId"
		case !r.has(memberNames...):
			return "no userId or principalId"
		}
		return ""
	},
	add: addRoleRecord,
})

var roleNames = []string{"roletemplateid", "roledefinitionid", "templateid", "roleid", "role"}

func addRoleRecord(l *Loader, r *record) error {
	id := r.text("id")
	if r.has("isbuiltin") && r.has("templateid") { // a definition, not an assignment
		l.dir.AddRoleTemplate(id, r.text("templateid"))
		if strings.EqualFold(r.text("isbuiltin"), "false") {
			if l.customRoles == nil {
				l.customRoles = map[string]bool{}
			}
			l.customRoles[key(id)], l.customRoles[key(r.text("templateid"))] = true, true
		}
		return nil
	}
	l.rolesSeen = true
	template := r.text(roleNames...)
	if template == "" {
		return errors.New("empty role")
	}
	if !r.has(memberNames...) { // Graph directoryRole
		l.dir.AddRoleTemplate(id, template)
		vs, ok := r.items("members")
		if !ok || len(vs) == expandLimit && !strings.EqualFold(r.text("memberscomplete"), "true") {
			l.rolesOpen = true
			if ok {
				l.issue(r.line, r.path, errExpand, expandHint)
			}
		}
		for _, v := range vs {
			o := v.object()
			who := v.String()
			if o != nil {
				who = o.text("id")
			}
			if who == "" {
				return errors.New("a member without id")
			}
			if o != nil && isGroupRecord(o) {
				l.dir.AddGroup(Group{ID: who, DisplayName: o.text("displayname")})
			}
			l.assignments = append(l.assignments, membership{group: template, member: who, file: l.cur.Name})
		}
		return nil
	}
	if s := r.text("directoryscopeid", "scope"); s != "" && s != "/" {
		return fmt.Errorf("%w: role scoped to %q", errOtherKind, s)
	}
	if p := r.sub("principal"); p != nil && isGroupRecord(p) {
		l.dir.AddGroup(Group{ID: p.text("id"), DisplayName: p.text("displayname")})
	}
	return l.keep(&l.assignments, membership{
		group: template, member: r.text(memberNames...), from: r.time(fromNames...), until: r.time(untilNames...), file: l.cur.Name,
	}, r)
}

func (l *Loader) resolveRoles() {
	missing := map[string]int{}
	for _, a := range l.assignments {
		if l.customRoles[key(a.group)] {
			continue // Conditional Access knows built-in roles only (reference 1.3)
		}
		who, ok := l.person(a.member)
		l.dir.AddRole(who, a.group, a.from, a.until)
		if !ok {
			missing[a.file]++
			l.rolesOpen = true
		}
	}
	if l.rolesSeen && !l.rolesOpen {
		l.dir.SetRolesComplete()
	}
	l.missingPeople(missing, "role holders", "export the users, or list holders by object id")
}
