package directory

import (
	"errors"
	"strings"

	"frisk/internal/signin"
)

var _ = register(Kind{
	Name: "users",
	Doc:  "people and guests: Graph users, the portal's user download, or a table",
	Columns: []Column{
		{"id", "object id; without it the person is matched by name only"},
		{"userPrincipalName", "required"},
		{"displayName", ""},
		{"mail", ""},
		{"userType", "Member or Guest"},
		{"department", ""},
		{"accountEnabled", "true or false"},
		{"groups", "ids of every group the person is in, separated by semicolons; the column's presence means the list is complete"},
		{"roles", "template ids of every directory role held, likewise"},
	},
	types:    []string{"user"},
	contexts: []string{"users"},
	rank:     90,
	fits: func(r *record) string {
		switch {
		case !r.has(upnNames...):
			return "no userPrincipalName"
		case r.has("ipaddress", "clientappused", "conditionalaccessstatus", "appdisplayname"):
			return "looks like a sign-in log"
		}
		return ""
	},
	add: addUserRecord,
})

var (
	idNames  = []string{"id", "objectid", "userid", "accountobjectid", "entraid"}
	upnNames = []string{"userprincipalname", "upn", "accountupn"}
)

func addUserRecord(l *Loader, r *record) error {
	u := userOf(r)
	if u.ID == "" {
		if u.UserPrincipalName == "" {
			return errors.New("neither id nor userPrincipalName")
		}
		u.ID = signin.NamePrefix + key(u.UserPrincipalName)
	}
	l.dir.AddUser(u)
	l.groupsOf(r, u.ID)
	l.rolesOf(r, u.ID)
	return nil
}

func userOf(r *record) User {
	return User{
		ID: r.text(idNames...), UserPrincipalName: r.text(upnNames...),
		DisplayName: r.text("displayname", "accountdisplayname", "name"), Mail: r.text("mail", "email", "mailaddress"),
		UserType: userType(r.text("usertype")), Department: r.text("department"),
		Enabled: r.truth("accountenabled", "isaccountenabled", "enabled"),
	}
}

func userType(s string) string {
	switch strings.ToLower(s) {
	case "member":
		return "Member"
	case "guest":
		return "Guest"
	}
	return s
}

// expandLimit is where Graph's $expand stops without saying so. Source:
// learn.microsoft.com graph/query-parameters, expand: for resources that derive
// from directoryObject "typically returns a maximum of 20 items ... and has no
// @odata.nextLink".
const expandLimit = 20

// groupsOf reads the group lists a user record may carry.
func (l *Loader) groupsOf(r *record, user string) {
	for _, name := range []string{"groups", "transitivememberof", "memberof"} {
		vs, ok := r.items(name)
		if !ok && name == "groups" && r.has(name) {
			for _, g := range r.texts(name) {
				vs = append(vs, value{text: g})
			}
			ok = true
		}
		if !ok {
			continue
		}
		for _, v := range vs {
			l.groupOf(v, user)
		}
		switch {
		case name == "groups", name == "transitivememberof" && len(vs) != expandLimit:
			l.dir.SetGroupsKnown(user)
		case name == "transitivememberof":
			l.issue(r.line, r.path, errExpand, expandHint)
		}
	}
}

var (
	errExpand  = errors.New("exactly 20 entries, where Graph's $expand stops: taken as incomplete")
	expandHint = "export the list by itself (docs/directory.md)"
)

func (l *Loader) groupOf(v value, user string) {
	o := v.object()
	if o == nil {
		if id := v.String(); id != "" {
			l.memberships = append(l.memberships, membership{group: id, member: user, quiet: true})
		}
		return
	}
	id := o.text("id")
	if t := o.text("roletemplateid"); t != "" {
		l.dir.AddRole(user, t, 0, 0)
		return
	}
	if strings.EqualFold(o.text("@odata.type"), "#microsoft.graph.administrativeUnit") || id == "" {
		return
	}
	l.dir.AddGroup(Group{ID: id, DisplayName: o.text("displayname")})
	l.dir.AddMember(id, user, 0, 0)
}

// rolesOf reads the role list a user record may carry.
func (l *Loader) rolesOf(r *record, user string) {
	if !r.has("roles") {
		return
	}
	vs, ok := r.items("roles")
	if !ok {
		for _, t := range r.texts("roles") {
			vs = append(vs, value{text: t})
		}
	}
	for _, v := range vs {
		id := v.String()
		if o := v.object(); o != nil {
			id = o.text("roletemplateid", "templateid", "id")
		}
		l.dir.AddRole(user, id, 0, 0)
	}
	l.dir.SetRolesKnown(user)
}
