package directory

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// auditActivities are the activities that tell something, by their lower-case
// name. Of Privileged Identity Management only what took effect counts, not
// requests and not eligibility. Source: entra-docs
// identity/monitoring-health/reference-audit-activities (Core Directory,
// Conditional Access, PIM).
var auditActivities = map[string]func(*Loader, *record, *audit) error{
	"add member to group":      groupChange(true),
	"remove member from group": groupChange(false),

	"add member to role":                                   roleChange(true),
	"remove member from role":                              roleChange(false),
	"add member to role completed (pim activation)":        roleChange(true),
	"add member to role in pim completed (permanent)":      roleChange(true),
	"add member to role in pim completed (timebound)":      roleChange(true),
	"add member to role outside of pim (permanent)":        roleChange(true),
	"remove member from role completed (pim deactivate)":   roleChange(false),
	"remove member from role (pim activation expired)":     roleChange(false),
	"remove member from role in pim completed (permanent)": roleChange(false),
	"remove member from role in pim completed (timebound)": roleChange(false),
	"add conditional access policy":                        policyChange("policy", "add"),
	"update conditional access policy":                     policyChange("policy", "update"),
	"delete conditional access policy":                     policyChange("policy", "delete"),
	"add named location":                                   policyChange("location", "add"),
	"update named location":                                policyChange("location", "update"),
	"delete named location":                                policyChange("location", "delete"),
}

// groupChange reads an activity whose first target is the member, with the
// group's id and name among its changed properties.
func groupChange(joined bool) func(*Loader, *record, *audit) error {
	return func(l *Loader, r *record, a *audit) error {
		i := slices.IndexFunc(a.targets, func(t auditTarget) bool { return find(t.props, "Group.ObjectID") != "" })
		group, name := "", ""
		if i >= 0 {
			group, name = find(a.targets[i].props, "Group.ObjectID"), find(a.targets[i].props, "Group.DisplayName")
		} else {
			i = slices.IndexFunc(a.targets, func(t auditTarget) bool { return t.kind != "group" })
		}
		for j, t := range a.targets { // the group is a target of its own too
			if j != i && t.kind == "group" && (group == "" || key(group) == key(t.id)) {
				group, name = t.id, cmp.Or(name, t.name)
			}
		}
		switch {
		case group == "":
			return errors.New("no Group.ObjectID and no target of type Group")
		case i < 0 || a.targets[i].id == "":
			return errors.New("no target with the member's id")
		case a.targets[i].kind == "device":
			return fmt.Errorf("%w: a device's group", errOtherKind)
		}
		l.root.AddGroup(Group{ID: group, DisplayName: name})
		if a.targets[i].kind == "group" {
			l.root.AddGroup(Group{ID: a.targets[i].id, DisplayName: a.targets[i].name})
		}
		l.root.AddMemberChangeBy(MemberChange{At: a.at, Group: group, Member: a.targets[i].id, Joined: joined, By: a.by, File: l.cur.Name, Line: r.line})
		return nil
	}
}

// roleChange reads an activity of either service. The core directory names the
// role in the member's changed properties; PIM names it in the additional
// details and as a target. Roles on an administrative unit are left out.
func roleChange(gained bool) func(*Loader, *record, *audit) error {
	return func(l *Loader, r *record, a *audit) error {
		if slices.ContainsFunc(a.targets, func(t auditTarget) bool { return strings.EqualFold(t.kind, "administrativeunit") }) {
			return fmt.Errorf("%w: a role on an administrative unit", errOtherKind)
		}
		if a.category == "groupmanagement" || a.category == "resourcemanagement" {
			return fmt.Errorf("%w: not a directory role", errOtherKind) // PIM for groups, Azure roles
		}
		role, instance := "", ""
		for _, t := range a.targets {
			role = cmp.Or(role, find(t.props, "Role.TemplateId", "RoleDefinitionOriginId", "TemplateId"))
			instance = cmp.Or(instance, find(t.props, "Role.ObjectID"))
			if t.kind == "role" && !a.pim {
				instance = cmp.Or(instance, t.id)
			}
		}
		role = cmp.Or(role, find(a.details, "TemplateId", "RoleDefinitionOriginId"))
		if role != "" && instance != "" && !a.pim {
			l.root.AddRoleTemplate(instance, role)
		}
		i := slices.IndexFunc(a.targets, func(t auditTarget) bool {
			return t.id != "" && (t.kind == "user" || t.kind == "group" || t.kind == "serviceprincipal" || find(t.props, "Role.ObjectID", "Role.TemplateId") != "")
		})
		role = cmp.Or(role, instance)
		switch {
		case role == "":
			return errors.New("no Role.TemplateId")
		case i < 0:
			return errors.New("no target with the holder's id")
		}
		at := a.at
		if a.pim && gained { // an assignment may be made for later
			if t, err := parseTime(find(a.details, "StartTime")); err == nil && t > at {
				at = t
			}
		}
		if r.err != nil {
			return r.err
		}
		if a.targets[i].kind == "group" {
			l.root.AddGroup(Group{ID: a.targets[i].id, DisplayName: a.targets[i].name})
		}
		l.root.AddRoleChange(a.targets[i].id, role, at, gained)
		return nil
	}
}

// policyChange reads an edit. The log holds the whole object before and after
// as JSON text in one changed property.
func policyChange(kind, action string) func(*Loader, *record, *audit) error {
	return func(l *Loader, r *record, a *audit) error {
		t := a.targets[0]
		e := PolicyEdit{At: a.at, ID: t.id, Name: t.name, Kind: kind, Action: action, By: a.by, File: l.cur.Name, Line: r.line}
		cut := false
		for _, p := range t.props {
			before, badBefore := objectText(p.old)
			after, badAfter := objectText(p.new)
			cut = cut || badBefore || badAfter
			if e.Old == "" && e.New == "" {
				e.Old, e.New = before, after
			}
		}
		if e.ID == "" {
			return errors.New("no target with the object's id")
		}
		if cut {
			l.issue(r.line, r.path, errCutValue, "export these records with Microsoft Graph, or keep the policies in folders by date")
		}
		l.root.AddPolicyEdit(e)
		return nil
	}
}

var errCutValue = errors.New("audit-log: an old or new value that begins as a JSON object is not one: cut short")

// objectText takes the JSON object out of a value that may be quoted once or
// twice; "" when it holds none. cut reports that it begins like one.
func objectText(s string) (text string, cut bool) {
	for range 4 {
		s = strings.TrimSpace(s)
		raw := jsontext.Value(s)
		switch {
		case strings.HasPrefix(s, "{"):
			if !raw.IsValid(jsonOptions...) {
				return "", true
			}
			return s, false
		case !strings.HasPrefix(s, `"`):
			return "", false
		case !raw.IsValid(jsonOptions...):
			return "", strings.Contains(s[:min(len(s), 8)], "{")
		}
		s = value{raw: raw}.String()
	}
	return "", false
}
