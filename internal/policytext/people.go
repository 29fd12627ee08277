package policytext

import (
	"strings"

	"frisk/internal/directory"
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// Covers says whether a policy's users condition takes a person of the
// directory in at a time: Unknown where the exports do not tell. It looks at
// people only, not at any sign-in.
func Covers(u *policy.Users, dir *directory.Directory, person *directory.User, at signin.Time) signin.Truth {
	in := included(u, dir, person, at)
	if in == signin.False {
		return in
	}
	return in.And(excluded(u, dir, person, at).Not())
}

func included(u *policy.Users, dir *directory.Directory, person *directory.User, at signin.Time) signin.Truth {
	t := named(u.IncludeUsers, u.IncludeGroups, u.IncludeRoles, u.IncludeGuests, dir, person, at)
	if u.IncludeUnread && t == signin.False {
		return signin.Unknown
	}
	return t
}

func excluded(u *policy.Users, dir *directory.Directory, person *directory.User, at signin.Time) signin.Truth {
	return named(u.ExcludeUsers, u.ExcludeGroups, u.ExcludeRoles, u.ExcludeGuests, dir, person, at)
}

func named(users, groups, roles []string, g *policy.Guests, dir *directory.Directory, person *directory.User, at signin.Time) signin.Truth {
	t := signin.False
	for _, id := range users {
		switch id {
		case "all":
			return signin.True
		case "guestsorexternalusers":
			t = t.Or(IsGuest(person))
		case person.ID:
			return signin.True
		}
	}
	if g != nil {
		// The directory tells guests from members, not the kinds or tenants of guests.
		if IsGuest(person) != signin.False {
			t = t.Or(signin.Unknown)
		}
	}
	for _, id := range groups {
		if id == "all" {
			t = t.Or(signin.Unknown)
			continue
		}
		t = t.Or(dir.Member(person.ID, id, at))
	}
	for _, id := range roles {
		t = t.Or(dir.HasRole(person.ID, id, at))
	}
	return t
}

// IsGuest says whether a person is a guest by userType; Unknown without one.
func IsGuest(person *directory.User) signin.Truth {
	switch strings.ToLower(person.UserType) {
	case "guest":
		return signin.True
	case "member":
		return signin.False
	}
	return signin.Unknown
}

// Reach counts the people of a directory that a users condition covers.
type Reach struct {
	Covered, Unknown, All int
}

// ReachOf counts over every account of the directory that is not known to be
// disabled.
func ReachOf(u *policy.Users, dir *directory.Directory, at signin.Time) Reach {
	var r Reach
	for _, person := range Accounts(dir) {
		r.All++
		switch Covers(u, dir, person, at) {
		case signin.True:
			r.Covered++
		case signin.Unknown:
			r.Unknown++
		}
	}
	return r
}

// Accounts are the people of a directory, by id, without those known to be disabled.
func Accounts(dir *directory.Directory) []*directory.User {
	var out []*directory.User
	for _, u := range dir.Users() {
		if u.Enabled != signin.False {
			out = append(out, u)
		}
	}
	return out
}
