package policytext

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
)

// roles.txt is from "Microsoft Entra built-in roles" (permissions-reference).
//
//go:embed roles.txt
var rolesText string

// RolesDate is the date of the page the built-in roles are from.
const RolesDate = "2026-01-20"

// GlobalAdministrator is the template id of the role that can undo any policy.
const GlobalAdministrator = "62e90394-69f5-4237-9190-012177145e10"

var roleNames = readRoles()

func readRoles() map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(rolesText) {
		if id, name, ok := strings.Cut(strings.TrimSpace(line), " "); ok && id != "#" {
			out[id] = name
		}
	}
	return out
}

// BuiltInRole is the name of a built-in role by template id (lower case); ok is
// false for an id that was not one at RolesDate.
func BuiltInRole(id string) (name string, ok bool) {
	name, ok = roleNames[id]
	return name, ok
}

// RoleNamed is the template id of the built-in role with a name, in any case; "" = none.
func RoleNamed(name string) string {
	for _, id := range slices.Sorted(maps.Keys(roleNames)) {
		if strings.EqualFold(roleNames[id], name) {
			return id
		}
	}
	return ""
}
