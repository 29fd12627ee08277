package policy

import (
	"strings"

	"frisk/internal/signin"
)

// GuestKinds is a set of guest or external user types (Graph
// conditionalAccessGuestOrExternalUserTypes).
type GuestKinds uint8

// The kinds, with Graph's numeric values.
const (
	InternalGuest GuestKinds = 1 << iota
	CollaborationGuest
	CollaborationMember
	DirectConnect
	OtherExternal
	ServiceProviderUser
	// notExternal stands for a plain member of the tenant.
	notExternal
	allGuestKinds = notExternal - 1
	anyKind       = notExternal | allGuestKinds
)

var guestKindNames = []string{
	"internalGuest", "b2bCollaborationGuest", "b2bCollaborationMember",
	"b2bDirectConnectUser", "otherExternalUser", "serviceProvider", "not external",
}

// Names lists the kinds in Graph spelling.
func (g GuestKinds) Names() []string {
	var out []string
	for i, n := range guestKindNames {
		if g&(1<<i) != 0 {
			out = append(out, n)
		}
	}
	return out
}

func parseGuestKind(s string) (GuestKinds, bool) {
	for i, n := range guestKindNames[:6] {
		if strings.EqualFold(n, s) {
			return 1 << i, true
		}
	}
	return 0, false
}

// possibleKinds is every kind the person may be, from what the row and the
// directory say (reference 1.3, derived from Graph's userType,
// crossTenantAccessType and the two tenant ids). A single bit is certainty.
// upn is the directory's user principal name, "" when the user is not there.
func possibleKinds(kind signin.PrincipalKind, cross, home, resource, userType, upn string) GuestKinds {
	if kind == signin.KindUnknown {
		switch strings.ToLower(userType) {
		case "member":
			kind = signin.Member
		case "guest":
			kind = signin.Guest
		}
	}
	cross = strings.ToLower(cross)
	switch {
	case strings.Contains(cross, "directconnect"):
		return DirectConnect
	case strings.Contains(cross, "serviceprovider"):
		return ServiceProviderUser
	case strings.Contains(cross, "collaboration"):
		return byKind(kind, CollaborationGuest, CollaborationMember)
	case cross == "microsoftsupport" || cross == "passthrough":
		return anyKind
	}
	said := home != "" && resource != ""
	same := strings.EqualFold(home, resource)
	switch {
	case said && same:
		return byKind(kind, InternalGuest, notExternal)
	case said && cross == "none":
		return byKind(kind, CollaborationGuest, OtherExternal)
	case said:
		return byKind(kind, CollaborationGuest, CollaborationMember|DirectConnect|OtherExternal)
	case kind == signin.Guest:
		return InternalGuest | CollaborationGuest
	case kind == signin.Member && (cross == "none" || upn != "" && !strings.Contains(strings.ToLower(upn), "#ext#")):
		return notExternal
	case kind == signin.Member:
		return notExternal | CollaborationMember
	}
	return anyKind
}

func byKind(kind signin.PrincipalKind, guest, member GuestKinds) GuestKinds {
	switch kind {
	case signin.Guest:
		return guest
	case signin.Member:
		return member
	}
	return guest | member
}

// isOneOf says whether a person who is one of possible is one of want.
func isOneOf(possible, want GuestKinds) signin.Truth {
	switch {
	case possible&^want == 0:
		return signin.True
	case possible&want == 0:
		return signin.False
	}
	return signin.Unknown
}
