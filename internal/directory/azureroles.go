package directory

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// RoleAssignment says that somebody holds an Azure role (not a directory role)
// on a scope, which everything below it inherits. Source: learn.microsoft.com
// azure/role-based-access-control/scope-overview.
type RoleAssignment struct {
	Principal string // object id of a person, group or service principal; a user principal name where the export has no id; lower case
	Role      string // name, or GUID of the definition, lower case
	Scope     string // ARM id, lower case; "/" = everything
	From      signin.Time
}

var _ = register(Kind{
	Name: "azure-roles",
	Doc:  "Azure role assignments (az role assignment list, Azure Resource Graph, REST, Get-AzRoleAssignment): who may work in which workspace",
	Columns: []Column{
		{"RoleAssignmentId", ""},
		{"Scope", "required: ARM id of a workspace, resource group, subscription or management group"},
		{"RoleDefinitionName", "required, or RoleDefinitionId"},
		{"ObjectId", "required, or SignInName"},
		{"createdOn", "held since; empty = always"},
	},
	rank: 30,
	fits: func(r *record) string {
		p := r.sub("properties")
		switch {
		case strings.Contains(key(r.text("id", "type", "roleassignmentid")), "microsoft.authorization/roleassignments"):
			return ""
		case r.has("roleassignmentid") && r.has("scope"):
			return ""
		case p == nil && r.has("scope") && r.has("roledefinitionname") && r.has(azureHolders...):
			return ""
		case p.has("scope") && p.has("roledefinitionid"):
			return ""
		}
		return "no RoleAssignmentId, and not Scope with RoleDefinitionName"
	},
	add: addAzureRole,
})

var azureHolders = []string{"principalid", "objectid", "principalname", "signinname"}

func addAzureRole(l *Loader, r *record) error {
	p := r.sub("properties")
	text := func(names ...string) string {
		return cmp.Or(r.text(names...), p.text(names...), r.text(prefixed(names)...))
	}
	a := RoleAssignment{
		Principal: l.same(key(text("principalid", "objectid", "principalname", "signinname"))),
		Role:      l.same(key(cmp.Or(text("roledefinitionname", "rolename"), lastSegment(text("roledefinitionid"))))),
		Scope:     l.same(strings.TrimSuffix(key(text("scope")), "/")),
	}
	for _, from := range []*record{r, p} {
		if a.From == 0 {
			a.From = from.time("createdon", "propertiescreatedon")
		}
		if from != nil && from.err != nil {
			return from.err
		}
	}
	switch {
	case a.Principal == "":
		return errors.New("no principal")
	case a.Role == "":
		return errors.New("no role")
	case !strings.HasPrefix(text("scope"), "/"):
		return errors.New("no scope")
	}
	if a.Scope == "" {
		a.Scope = "/"
	}
	if !reachesML(a.Scope) {
		return fmt.Errorf("%w: a role on something that is no workspace and holds none", errOtherKind)
	}
	h := signin.IDHash(fmt.Sprintf("role\x1f%s\x1f%s\x1f%s\x1f%d", a.Principal, a.Role, a.Scope, a.From))
	if !l.seen[h] {
		l.seen[h] = true
		l.root.AzureRoles = append(l.root.AzureRoles, a)
	}
	return nil
}

// prefixed are the names that az graph query gives to projected properties.
func prefixed(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = "properties" + n
	}
	return out
}

// reachesML reports whether a workspace may lie in or above the scope: a storage
// account, say, holds none.
func reachesML(scope string) bool {
	return workspaceID(scope) != "" || !strings.Contains(scope, "/providers/") || strings.HasPrefix(scope, managementGroups)
}

const managementGroups = "/providers/microsoft.management/managementgroups/"

// workRoles are the built-in roles that, held on a resource group or above, let
// somebody work in the workspaces there; readRoles let them look. Names and ids:
// learn.microsoft.com azure/role-based-access-control/built-in-roles. Of other
// roles nothing says whether they reach a workspace: they count only where they
// are held on the workspace itself.
var (
	workRoles = []string{
		"owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
		"contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c",
		"azureml data scientist", "f6c7c914-8db3-469d-8ca1-694a8f32e121",
		"azureml compute operator", "e503ece1-11d0-4e8e-8e2c-7a6c3bf38815",
		"azure ai developer", "64702f94-c441-49e6-a78b-ef80e0188fee",
		"azure ai administrator", "b78c5d69-af96-48a3-bf8d-a8b4d589de94",
	}
	readRoles = []string{"reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7"}
)

// grant is what one assignment gives on one workspace.
type grant struct {
	workspace int
	from      signin.Time
	work      bool // a role to work, not only to look
}

// reach says what an assignment gives on a workspace with this lower-case ARM id.
func (a *RoleAssignment) reach(arm string) (work, ok bool) {
	if arm == "" {
		return false, false
	}
	own := within(a.Scope, arm) // on the workspace or something in it
	above := a.Scope == "/" || strings.HasPrefix(a.Scope, managementGroups) || within(arm, a.Scope)
	reads := slices.Contains(readRoles, a.Role)
	switch {
	case own:
		return !reads, true
	case above:
		work = slices.Contains(workRoles, a.Role)
		return work, work || reads
	}
	return false, false
}

// grants sorts the assignments by holder: object id or user principal name.
func (x *index) grants() {
	x.held = map[string][]grant{}
	for i := range x.dir.AzureRoles {
		a := &x.dir.AzureRoles[i]
		who := cmp.Or(x.dir.UserByName(a.Principal), a.Principal)
		for w := range x.dir.Workspaces {
			if work, ok := a.reach(key(x.dir.Workspaces[w].ResourceID)); ok {
				x.held[who] = append(x.held[who], grant{w, a.From, work})
			}
		}
	}
	for who := range x.held {
		if x.dir.groups[who] != nil || len(x.dir.members[who]) > 0 {
			x.holders = append(x.holders, who)
		}
	}
	slices.Sort(x.holders)
	for _, who := range x.holders {
		x.starts = append(x.starts, starts(x.held[who])...)
	}
	slices.Sort(x.starts)
	x.starts = slices.Compact(x.starts)
}

// starts are the times at which grants began, ascending.
func starts(gs []grant) []signin.Time {
	var out []signin.Time
	for _, g := range gs {
		if g.from != 0 {
			out = append(out, g.from)
		}
	}
	slices.Sort(out)
	return out
}

// byRole keeps the claiming workspaces on which the person held a role at the
// time: roles to work count before roles to look, wherever they are inherited
// from, so that a reader's role on the whole subscription does not hide the one
// workspace somebody works in. Groups count when membership is certain.
func (x *index) byRole(holder, person string, at signin.Time, claimed []int) []int {
	var work, read []int
	take := func(gs []grant) {
		for _, g := range gs {
			switch {
			case g.from > at || !slices.Contains(claimed, g.workspace):
			case g.work && !slices.Contains(work, g.workspace):
				work = append(work, g.workspace)
			case !g.work && !slices.Contains(read, g.workspace):
				read = append(read, g.workspace)
			}
		}
	}
	take(x.held[holder])
	for _, g := range x.holders {
		if x.dir.Member(person, g, at) == signin.True {
			take(x.held[g])
		}
	}
	if len(work) > 0 {
		return work
	}
	return read
}
