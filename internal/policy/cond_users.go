package policy

import (
	"slices"
	"strings"

	"frisk/internal/signin"
)

// users: include and exclude lists of users, groups, roles and guest kinds.
// Exclude beats include at any level (reference 1.3, Entra "users and groups").
var _ = register(Condition{
	Name:    "users",
	Doc:     "who signs in: users, groups (nested and dated), directory roles, guest and external user kinds with their tenants; an exclusion always wins",
	Unknown: "a group or role whose members were not exported, or a guest whose kind the row does not tell: supply the directory export",
	Bit:     BitUsers,
	Dims: []signin.Dim{
		signin.DimPrincipal, signin.DimHomeTenant, signin.DimResourceTenant,
		signin.DimCrossTenant, signin.DimResource, signin.DimAudiences,
	},
	stage:      1,
	configured: func(*plan) bool { return true },
	dim:        byPerson,
	test:       testUsers,
})

// whoFacts is the person behind a row, resolved once per sight.
type whoFacts struct {
	done     bool
	id       string // "" = known by a name nobody can resolve
	kinds    GuestKinds
	workload bool
}

func (x *sight) person() *whoFacts {
	w := &x.who
	if w.done {
		return w
	}
	w.done = true
	w.id = x.ev.userID(x.r)
	w.workload = isWorkload(x.r)
	userType, upn := "", ""
	if u := x.ev.e.dir.UserAt(w.id, x.r.Time); u != nil {
		userType, upn = u.UserType, u.UserPrincipalName
	}
	w.kinds = possibleKinds(x.r.Kind(), x.text(signin.DimCrossTenant), x.text(signin.DimHomeTenant),
		x.text(signin.DimResourceTenant), userType, upn)
	return w
}

// isWorkload reports whether the row is of a service principal or a managed identity.
func isWorkload(r *signin.Row) bool {
	switch r.Kind() {
	case signin.Service, signin.Machine:
		return true
	case signin.KindUnknown:
		return r.Stream() == signin.ServicePrincipal || r.Stream() == signin.ManagedIdentity
	}
	return false
}

func testUsers(x *sight, p *plan) signin.Truth {
	if x.person().workload {
		if p.Workload == nil {
			return x.say(signin.False, "a service principal, and the policy is about users")
		}
		return x.say(signin.True, "a service principal; see clientApplications")
	}
	u := &p.Users
	in := x.memberOf(&p.include, u.IncludeUsers, u.IncludeGroups, u.IncludeRoles)
	if u.IncludeUnread {
		in = in.Or(signin.Unknown)
	}
	if in == signin.False {
		return x.say(signin.False, "not among the included users, groups, roles or guest kinds")
	}
	included := x.why
	out := x.memberOf(&p.exclude, u.ExcludeUsers, u.ExcludeGroups, u.ExcludeRoles)
	switch {
	case out == signin.True:
		return x.say(signin.False, "excluded: %s", x.why)
	case out == signin.Unknown:
		return x.say(in.And(signin.Unknown), "perhaps excluded: %s", x.why)
	case in == signin.Unknown:
		return x.say(signin.Unknown, "perhaps included: %s", included)
	}
	return x.say(signin.True, "included: %s", included)
}

// memberOf is one side of the condition: True as soon as one entry is, else
// Unknown when one is, else False.
func (x *sight) memberOf(g *guestTest, users, groups, roles []string) signin.Truth {
	best := signin.False
	note := ""
	try := func(t signin.Truth) bool {
		if t == signin.True {
			best = t
			return true
		}
		if t == signin.Unknown && best == signin.False {
			best, note = t, x.why
		}
		return false
	}
	w := x.person()
	for _, id := range users {
		if try(x.isUser(w, id)) {
			return best
		}
	}
	if g.set && try(g.test(x, w)) {
		return best
	}
	for _, id := range groups {
		if try(x.inGroup(w, id)) {
			return best
		}
	}
	for _, id := range roles {
		if try(x.hasRole(w, id)) {
			return best
		}
	}
	x.why = note
	return best
}

func (x *sight) isUser(w *whoFacts, id string) signin.Truth {
	switch id {
	case "all":
		return x.say(signin.True, "all users")
	case "none":
		return signin.False
	case "guestsorexternalusers":
		t := isOneOf(w.kinds, allGuestKinds)
		return x.say(t, "guest or external user (%s)", strings.Join(w.kinds.Names(), " or "))
	}
	switch {
	case w.id == id:
		return x.say(signin.True, "user %s", id)
	case isPlaceholder(id):
		return x.say(signin.Unknown, "the policy names the placeholder %q instead of a user id", id)
	case w.id == "":
		return x.say(signin.Unknown, "the row has no user id to compare with %s", id)
	}
	return signin.False
}

func (x *sight) inGroup(w *whoFacts, id string) signin.Truth {
	dir := x.ev.e.dir
	switch {
	case w.id == "":
		return x.say(signin.Unknown, "the row has no user id to look up group %q with", id)
	case id == "all":
		return x.say(dir.AnyGroup(w.id, x.r.Time), "whether the user is in any group at all")
	}
	t := dir.Member(w.id, id, x.r.Time)
	name := id
	if g := dir.Group(id); g != nil && g.DisplayName != "" {
		name = g.DisplayName
	}
	if t == signin.True {
		return x.say(t, "member of group %q", name)
	}
	return x.say(t, "membership of group %q is not in the directory export", name)
}

func (x *sight) hasRole(w *whoFacts, id string) signin.Truth {
	switch {
	case w.id == "":
		return x.say(signin.Unknown, "the row has no user id to look up directory role %s with", id)
	case id == "all":
		return x.say(x.ev.e.dir.AnyRole(w.id, x.r.Time), "whether the user holds any directory role at all")
	}
	t := x.ev.e.dir.HasRole(w.id, id, x.r.Time)
	if t == signin.True {
		return x.say(t, "holds directory role %s", id)
	}
	return x.say(t, "assignments of directory role %s are not in the directory export", id)
}

// guestTest is a compiled GuestsOrExternalUsers object.
type guestTest struct {
	set     bool
	kinds   GuestKinds
	all     bool
	tenants []string
}

func compileGuests(g *Guests) guestTest {
	if g == nil {
		return guestTest{}
	}
	return guestTest{set: true, kinds: g.Kinds, all: g.AllTenants, tenants: g.Tenants}
}

// test goes through every kind the person may be: an internal guest has no home
// tenant elsewhere for the list to restrict, the others have. In Teams and
// SharePoint a policy for direct connect users also covers collaboration users who
// are eligible for it, and the reverse (reference 1.3); who is, no log tells.
func (g *guestTest) test(x *sight, w *whoFacts) signin.Truth {
	names := strings.Join(w.kinds.Names(), " or ")
	tenant := x.fromTenant(g)
	var answers [3]bool
	for k := InternalGuest; k <= notExternal; k <<= 1 {
		switch {
		case w.kinds&k == 0:
		case g.kinds&k == 0 && g.kinds&sharedWith(k) != 0 && x.ev.shared(x.r):
			answers[tenant.And(signin.Unknown)] = true
		case g.kinds&k == 0:
			answers[signin.False] = true
		case k == InternalGuest:
			answers[signin.True] = true
		default:
			answers[tenant] = true
		}
	}
	t := signin.Unknown
	if !answers[signin.Unknown] && answers[signin.True] != answers[signin.False] {
		t = signin.TruthOf(answers[signin.True])
	}
	home := x.text(signin.DimHomeTenant)
	switch {
	case g.all:
		return x.say(t, "%s", names)
	case home == "" && t == signin.Unknown:
		return x.say(t, "%s, and the row does not tell the home tenant", names)
	}
	return x.say(t, "%s from tenant %s", names, home)
}

// fromTenant says whether the home tenant is among those of the policy.
func (x *sight) fromTenant(g *guestTest) signin.Truth {
	home := strings.ToLower(x.text(signin.DimHomeTenant))
	switch {
	case g.all:
		return signin.True
	case home == "":
		return signin.Unknown
	}
	return signin.TruthOf(slices.Contains(g.tenants, home))
}
