// Package policytext says in words what a Conditional Access policy means: who,
// what, when and what for, with names where exports give them. Nothing here
// decides anything; the policy package does.
package policytext

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"frisk/internal/directory"
	"frisk/internal/policy"
)

// Names gives ids the names that exports know. The zero Names and nil know
// built-in roles and well-known apps only.
type Names struct {
	dir       *directory.Directory
	locations map[string]string
	apps      map[string]string
	others    map[string]string // of users and groups no directory names
}

// Add gives the object with an id a name, where no export has one for it.
func (n *Names) Add(id, name string) { n.others[strings.ToLower(id)] = name }

// NewNames knows the names of a directory and of the named locations of sets;
// dir may be nil.
func NewNames(dir *directory.Directory, sets ...*policy.Set) *Names {
	n := &Names{dir: dir, locations: map[string]string{}, apps: map[string]string{}, others: map[string]string{}}
	for _, b := range policy.DefaultBundles().List {
		for _, list := range [][]policy.App{b.Members, b.NotMembers} {
			for _, a := range list {
				n.apps[strings.ToLower(a.ID)] = a.Name
			}
		}
	}
	for _, a := range directory.WellKnown {
		n.apps[a.ID] = a.Name
	}
	for _, s := range sets {
		for _, l := range s.Locations {
			n.locations[l.ID] = l.Name
		}
	}
	return n
}

// User is the user principal name of an id, else the id.
func (n *Names) User(id string) string {
	if n != nil {
		if u := n.dir.User(id); u != nil {
			return cmp.Or(u.UserPrincipalName, u.DisplayName, id)
		}
		return cmp.Or(n.others[id], id)
	}
	return id
}

// Group is the display name of a group id, else the id.
func (n *Names) Group(id string) string {
	if n != nil {
		if g := n.dir.Group(id); g != nil && g.DisplayName != "" {
			return g.DisplayName
		}
		return cmp.Or(n.others[id], id)
	}
	return id
}

// Role is the name of a role template id, else the id.
func (*Names) Role(id string) string {
	if name, ok := BuiltInRole(id); ok {
		return name
	}
	return id
}

// App is the name of an application id or of an app group, else the id.
func (n *Names) App(id string) string {
	switch id {
	case "all":
		return "all resources"
	case "none":
		return "nothing"
	case "office365":
		return "Office 365"
	case "microsoftadminportals":
		return "Microsoft admin portals"
	}
	if n == nil {
		return id
	}
	if sp := n.dir.ServicePrincipalOf(id); sp != nil && sp.Name != "" {
		return sp.Name
	}
	return cmp.Or(n.apps[id], n.others[id], id)
}

// KnownApp reports whether an application id is a well-known one or in the directory.
func (n *Names) KnownApp(id string) bool {
	return n != nil && (n.apps[id] != "" || n.dir.ServicePrincipalOf(id) != nil)
}

// AppNamed is the id of the app or app group with a name, in any case, the first
// by id of several; "" = none.
func (n *Names) AppNamed(name string) string {
	for keyword, id := range map[string]string{"office 365": "Office365", "microsoft admin portals": "MicrosoftAdminPortals", "all resources": "All", "all cloud apps": "All"} {
		if strings.EqualFold(name, keyword) {
			return id
		}
	}
	if n == nil {
		return ""
	}
	for _, id := range slices.Sorted(maps.Keys(n.apps)) {
		if strings.EqualFold(n.apps[id], name) {
			return id
		}
	}
	return ""
}

// Ids under which policies name locations that are no named location of the
// tenant (reference 1.7).
const (
	MFATrustedIPs    = "00000000-0000-0000-0000-000000000000"
	CompliantNetwork = "3d46dbda-8382-466a-856d-eb00cbc6b910"
)

// Location is the name of a named location id, else the id.
func (n *Names) Location(id string) string {
	switch id {
	case "all":
		return "anywhere"
	case "alltrusted":
		return "all trusted locations"
	case MFATrustedIPs:
		return "MFA trusted IPs"
	case CompliantNetwork:
		return "compliant network"
	}
	if n == nil {
		return id
	}
	return cmp.Or(n.locations[id], n.others[id], id)
}

// GUID reports whether a text has the shape of an object id.
func GUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, c := range []byte(s) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		hex := c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
		if dash != (c == '-') || !dash && !hex {
			return false
		}
	}
	return true
}

// few lists up to three named things, else counts them. Things of which only
// the id is known are counted, because an id tells a reader nothing.
func few(ids []string, name func(string) string, one, many string) string {
	if len(ids) == 0 {
		return ""
	}
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = name(id)
	}
	if len(ids) <= 3 && !slices.ContainsFunc(names, GUID) {
		if len(ids) == 1 {
			return one + " " + names[0]
		}
		return many + " " + strings.Join(names, ", ")
	}
	return Count(len(ids), one, many)
}

// Count is "1 group", "3 groups".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Join joins texts as a sentence does: "a, b and c".
func Join(list []string, and string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " " + and + " " + list[len(list)-1]
}
