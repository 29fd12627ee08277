package synth

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// auditRecord is a Graph directoryAudit.
type auditRecord struct {
	ID          string        `json:"id"`
	Category    string        `json:"category"`
	Correlation string        `json:"correlationId"`
	Result      string        `json:"result"`
	Reason      string        `json:"resultReason"`
	Activity    string        `json:"activityDisplayName"`
	At          string        `json:"activityDateTime"`
	Service     string        `json:"loggedByService"`
	Operation   string        `json:"operationType"`
	By          auditBy       `json:"initiatedBy"`
	Targets     []auditTarget `json:"targetResources"`
	Details     []struct{}    `json:"additionalDetails"`

	at signin.Time
}

type auditBy struct {
	App  *struct{} `json:"app"`
	User auditUser `json:"user"`
}

type auditUser struct {
	ID      string     `json:"id"`
	Display *string    `json:"displayName"`
	UPN     string     `json:"userPrincipalName"`
	IP      string     `json:"ipAddress"`
	Roles   []struct{} `json:"roles"`
}

type auditTarget struct {
	ID       string          `json:"id"`
	Display  *string         `json:"displayName"`
	Type     string          `json:"type"`
	UPN      *string         `json:"userPrincipalName"`
	Group    *string         `json:"groupType"`
	Modified []auditProperty `json:"modifiedProperties"`
}

// auditProperty: values are JSON, as text.
type auditProperty struct {
	Name string  `json:"displayName"`
	Old  *string `json:"oldValue"`
	New  *string `json:"newValue"`
}

// auditLog is the directory audit log of the history: changes of policies and
// of group memberships, newest first, as Graph lists them.
func (t *Tenant) auditLog() []auditRecord {
	var out []auditRecord
	if !t.cfg.Perturb.has(PerturbPolicy) {
		out = append(out, t.policyUpdate(polML, t.world.edits.ml), t.policyUpdate(polProdDevice, t.world.edits.device))
	}
	for _, p := range t.people {
		for _, team := range p.teams {
			if workspaces[team].env != "prod" {
				continue
			}
			name := workspaces[team].team
			out = append(out, t.memberChange(p, name, p.prodStay.from, true)...)
			out = append(out, t.memberChange(p, name, p.prodStay.to, false)...)
		}
	}
	for i := range t.requests {
		if r := &t.requests[i]; r.decision == "approved" {
			out = append(out, t.memberChange(r.person, r.group, r.from, true)...)
			out = append(out, t.memberChange(r.person, r.group, r.to, false)...)
		}
	}
	t.selfAdds(func(p *person, d *detour) { out = append(out, t.selfAdded(p, d)...) })
	slices.SortStableFunc(out, func(a, b auditRecord) int { return cmp.Or(cmp.Compare(b.at, a.at), strings.Compare(a.ID, b.ID)) })
	return out
}

func (t *Tenant) audit(at signin.Time, seed string) auditRecord {
	by := t.keeper()
	return auditRecord{
		ID: "Directory_" + fixedGUID("audit "+seed+text(at)).String(), Correlation: fixedGUID("audit correlation " + seed + text(at)).String(),
		Result: "success", At: text(at), at: at, Details: []struct{}{},
		By: auditBy{User: auditUser{ID: by.id.String(), UPN: by.upn, IP: networks[officeZurich].address(1).String(), Roles: []struct{}{}}},
	}
}

// policyUpdate is "Update conditional access policy" with the policy before and
// after as JSON text.
func (t *Tenant) policyUpdate(i int, at signin.Time) auditRecord {
	was, is := old(i), t.dated(i)
	a := t.audit(at, is.ID)
	a.Category, a.Service, a.Operation, a.Activity = "Policy", "Conditional Access", "Update", "Update conditional access policy"
	a.Targets = []auditTarget{{
		ID: is.ID, Display: &is.DisplayName, Type: "Policy",
		Modified: []auditProperty{{"ConditionalAccessPolicy", compact(was), compact(is)}},
	}}
	return a
}

// memberChange is somebody added to or removed from a group at a time; nothing when at is 0.
func (t *Tenant) memberChange(p *person, group string, at signin.Time, add bool) []auditRecord {
	if at == 0 {
		return nil
	}
	id := groupID(group)
	a := t.audit(at, p.id.String()+id)
	a.Category, a.Service = "GroupManagement", "Core Directory"
	a.Operation, a.Activity = "Assign", "Add member to group"
	props := []auditProperty{{"Group.ObjectID", nil, compact(id)}, {"Group.DisplayName", nil, compact(group)}, {"Group.WellKnownObjectName", nil, nil}}
	if !add {
		a.Operation, a.Activity = "Unassign", "Remove member from group"
		props = []auditProperty{{"Group.ObjectID", compact(id), nil}, {"Group.DisplayName", compact(group), nil}, {"Group.WellKnownObjectName", nil, nil}}
	}
	kind := "azureAD"
	a.Targets = []auditTarget{
		{ID: p.id.String(), Type: "User", UPN: &p.upn, Modified: props},
		{ID: id, Type: "Group", Group: &kind, Modified: []auditProperty{}},
	}
	return []auditRecord{a}
}

// compact is a value as JSON text.
func compact(v any) *string {
	b, err := json.Marshal(v)
	if err != nil { // plain structs only
		panic("synth: encode: " + err.Error())
	}
	s := string(b)
	return &s
}
