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
		return byKind(kind, CollaborationGuest, CollaborationMember|DirectConnect|OtherExternal|ServiceProviderUser)
	case kind == signin.Guest:
		return InternalGuest | CollaborationGuest
	case kind == signin.Member && (cross == "none" || upn != "" && !strings.Contains(strings.ToLower(upn), "#ext#")):
		return notExternal
	case kind == signin.Member:
		return anyKind &^ (InternalGuest | CollaborationGuest)
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

// sharedWith are the kinds a policy of which may cover kind k too, in Teams and SharePoint.
func sharedWith(k GuestKinds) GuestKinds {
	switch k {
	case CollaborationGuest, CollaborationMember:
		return DirectConnect
	case DirectConnect:
		return CollaborationGuest | CollaborationMember
	}
	return 0
}

// sharesChannels reports whether a guest list names one side and not the other,
// so that the target bears on who the policy is about.
func (g *Guests) sharesChannels() bool {
	const both = CollaborationGuest | CollaborationMember | DirectConnect
	return g != nil && g.Kinds&both != 0 && g.Kinds&both != both
}

// shared reports whether the row is, or may be, for Teams or SharePoint, when some
// policy's guest list makes that matter.
func (ev *Evaluator) shared(r *signin.Row) bool {
	if !ev.e.sharedChannels {
		return false
	}
	audiences := r.C[signin.DimAudiences]
	if list := ev.sym[signin.DimAudiences].Text(audiences); audiences != 0 && list != "[]" {
		return remember(&ev.channels[0], audiences, func() string { return list }, func(s string) bool {
			return strings.Contains(strings.ToLower(s), teamsServices) || strings.Contains(strings.ToLower(s), sharePoint)
		})
	}
	return remember(&ev.channels[1], r.C[signin.DimResource], func() string { return ev.sym.Text(r, signin.DimResource) },
		func(s string) bool {
			return s == "" || strings.EqualFold(s, teamsServices) || strings.EqualFold(s, sharePoint)
		})
}

// The resources with shared channels.
const (
	teamsServices = "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe"
	sharePoint    = "00000003-0000-0ff1-ce00-000000000000"
)
