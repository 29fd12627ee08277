package policy_test

import (
	"frisk/internal/directory"
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// naiveTenant is everything beside policies and rows, as plain lists.
type naiveTenant struct {
	Users         []naiveUser
	Groups        []naiveGroup
	Roles         []naiveRole
	RolesComplete bool
	Devices       []directory.Device
	Context       policy.Context
	Options       policy.Options
	Bundles       *policy.Bundles
	Locations     []naiveLocation
	// LocationForces says when each of Locations counted, nil = always.
	LocationForces []*policy.Force
	Risks          []naiveRisk
	// LocationsKnown says that named locations were exported, if only an empty list.
	LocationsKnown bool
}

type naiveUser struct {
	ID, Name, Type          string
	GroupsKnown, RolesKnown bool
}

type naiveGroup struct {
	ID       string
	Complete bool
	Members  []naiveMember
}

// naiveMember is a user or a group inside a group, in [From, Until), 0 = open.
type naiveMember struct {
	ID          string
	From, Until signin.Time
}

type naiveRole struct {
	Template    string
	Holder      string // a user or a group
	From, Until signin.Time
}

// naiveRisk is a level that holds from At on; Kind is user, insider or service.
type naiveRisk struct {
	Kind, ID, Level string
	At              signin.Time
}

// risk is the level at a time, "" when nothing tells.
func (t *naiveTenant) risk(kind, id string, at signin.Time) string {
	level, since := "", signin.Time(0)
	for _, r := range t.Risks {
		if r.Kind == kind && r.ID == id && r.At <= at && r.At >= since {
			level, since = r.Level, r.At
		}
	}
	return level
}

func during(from, until, at signin.Time) bool {
	return (from == 0 || at >= from) && (until == 0 || at < until)
}

func (t *naiveTenant) user(id string) *naiveUser {
	for i := range t.Users {
		if t.Users[i].ID == id {
			return &t.Users[i]
		}
	}
	return nil
}

func (t *naiveTenant) group(id string) *naiveGroup {
	for i := range t.Groups {
		if t.Groups[i].ID == id {
			return &t.Groups[i]
		}
	}
	return nil
}

func (t *naiveTenant) device(id string) *directory.Device {
	for i := range t.Devices {
		if id != "" && t.Devices[i].ID == id {
			return &t.Devices[i]
		}
	}
	return nil
}

// reaches says whether a chain of memberships leads from the group to the
// person at the time (1.3: nested groups count).
func (t *naiveTenant) reaches(group, person string, at signin.Time, depth int) bool {
	g := t.group(group)
	if g == nil || depth > len(t.Groups) {
		return false
	}
	for _, m := range g.Members {
		if !during(m.From, m.Until, at) {
			continue
		}
		if m.ID == person || t.group(m.ID) != nil && t.reaches(m.ID, person, at, depth+1) {
			return true
		}
	}
	return false
}

// whole says whether the group and every group ever nested in it were listed whole.
func (t *naiveTenant) whole(group string, depth int) bool {
	g := t.group(group)
	if g == nil || !g.Complete {
		return false
	}
	if depth > len(t.Groups) {
		return true
	}
	for _, m := range g.Members {
		if t.group(m.ID) != nil && !t.whole(m.ID, depth+1) {
			return false
		}
	}
	return true
}

func (t *naiveTenant) member(person, group string, at signin.Time) answer {
	if t.reaches(group, person, at, 0) {
		return yes
	}
	if u := t.user(person); u != nil && u.GroupsKnown {
		return no
	}
	if t.whole(group, 0) {
		return no
	}
	return maybe
}

// holds says whether the person holds a role, directly or through a group.
func (t *naiveTenant) holds(person, role string, at signin.Time) answer {
	out := no
	for _, r := range t.Roles {
		if r.Template != role || !during(r.From, r.Until, at) {
			continue
		}
		if r.Holder == person {
			return yes
		}
		if t.group(r.Holder) != nil {
			out = either(out, t.member(person, r.Holder, at))
		}
	}
	u := t.user(person)
	if out != yes && u != nil && u.RolesKnown {
		return no
	}
	if !t.RolesComplete {
		return either(out, maybe)
	}
	return out
}

// inAnyGroup: only a person all of whose groups are known is certain to be in none.
func (t *naiveTenant) inAnyGroup(person string, at signin.Time) answer {
	for _, g := range t.Groups {
		if t.reaches(g.ID, person, at, 0) {
			return yes
		}
	}
	if u := t.user(person); u != nil && u.GroupsKnown {
		return no
	}
	return maybe
}

func (t *naiveTenant) holdsAny(person string, at signin.Time) answer {
	out := t.holds(person, "", at)
	for _, r := range t.Roles {
		out = either(out, t.holds(person, r.Template, at))
	}
	return out
}

// build makes the directory the engine is given.
func (t *naiveTenant) build() *directory.Directory {
	d := directory.New()
	for _, u := range t.Users {
		d.AddUser(directory.User{ID: u.ID, UserPrincipalName: u.Name, UserType: u.Type})
		if u.GroupsKnown {
			d.SetGroupsKnown(u.ID)
		}
		if u.RolesKnown {
			d.SetRolesKnown(u.ID)
		}
	}
	for _, g := range t.Groups {
		d.AddGroup(directory.Group{ID: g.ID, Complete: g.Complete})
		for _, m := range g.Members {
			d.AddMember(g.ID, m.ID, m.From, m.Until)
		}
	}
	for _, r := range t.Roles {
		d.AddRole(r.Holder, r.Template, r.From, r.Until)
	}
	if t.RolesComplete {
		d.SetRolesComplete()
	}
	for _, r := range t.Risks {
		switch r.Kind {
		case "user":
			d.AddUserRisk(r.ID, r.At, r.Level)
		case "insider":
			d.AddInsiderRisk(r.ID, r.At, r.Level)
		case "service":
			d.AddServicePrincipalRisk(r.ID, r.At, r.Level)
		}
	}
	for i := range t.Devices {
		d.AddDevice(t.Devices[i])
	}
	d.Seal()
	return d
}
