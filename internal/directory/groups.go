package directory

import (
	"errors"
	"strings"
)

var _ = register(Kind{
	Name: "groups",
	Doc:  "groups, with members or transitiveMembers where exported; without a list a group is known by name only",
	Columns: []Column{
		{"id", "required"}, {"displayName", ""}, {"groupType", "or securityEnabled, membershipType: any one tells that this is a list of groups"},
	},
	types:    []string{"group"},
	contexts: []string{"groups"},
	rank:     80,
	fits: func(r *record) string {
		switch {
		case !r.has("id", "objectid", "groupid"):
			return "no id"
		case r.has("roletemplateid") || r.has(upnNames...):
			return "has columns of a role or a user"
		case !r.has("grouptypes", "grouptype", "securityenabled", "mailenabled", "members", "transitivemembers",
			"membershiprule", "membershiptype", "isassignabletorole"):
			return "no members, groupTypes or securityEnabled"
		}
		return ""
	},
	add: addGroupRecord,
})

func addGroupRecord(l *Loader, r *record) error {
	g := Group{ID: r.text("id", "objectid", "groupid"), DisplayName: r.text("displayname", "groupname", "name")}
	if g.ID == "" {
		return errors.New("no id")
	}
	for _, name := range []string{"transitivemembers", "members"} {
		vs, ok := r.items(name)
		if !ok {
			continue
		}
		transitive := name == "transitivemembers"
		whole := l.memberList(r, g.ID, vs)
		switch {
		case r.has("memberscomplete"):
			whole = whole && strings.EqualFold(r.text("memberscomplete"), "true")
		case len(vs) == expandLimit:
			whole = false
			l.issue(r.line, r.path, errExpand, expandHint+`; "membersComplete": true says that there are just 20`)
		case r.has("members@odata.nextlink", "transitivemembers@odata.nextlink"):
			whole = false
		}
		g.Complete = g.Complete || whole
		g.Transitive = g.Transitive || transitive && whole
	}
	l.dir.AddGroup(g)
	return nil
}

// memberList adds the members of a group; false when some could not be read.
func (l *Loader) memberList(r *record, group string, vs []value) bool {
	whole := true
	for _, v := range vs {
		o := v.object()
		switch {
		case o != nil && o.text("id") != "":
			switch {
			case isGroupRecord(o):
				l.dir.AddGroup(Group{ID: o.text("id"), DisplayName: o.text("displayname")})
			case o.text(upnNames...) != "":
				l.dir.AddUser(userOf(o))
			}
			l.dir.AddMember(group, o.text("id"), 0, 0)
		case guid.MatchString(v.String()) || strings.Contains(v.String(), "@"):
			s := v.String()
			if g := guid.FindString(s); g != "" { // an id, or an @odata.id link that ends in one
				s = g
			}
			l.memberships = append(l.memberships, membership{group: group, member: s, quiet: true})
		case o == nil && len(v.String()) > 0 && !strings.ContainsAny(v.String(), " .{}"):
			l.memberships = append(l.memberships, membership{group: group, member: v.String(), quiet: true})
		default:
			whole = false
			l.issue(r.line, r.path, errors.New("a member that is neither an object with an id nor an id"),
				"from PowerShell, ConvertTo-Json needs -Depth 5")
		}
	}
	return whole
}
