package directory

import (
	"errors"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Computes sign in with identities of their own: the ARM id of a compute lies
// under its workspace's, that of a user-assigned identity does not.
// Source: learn.microsoft.com azure/machine-learning/how-to-setup-authentication.
var _ = register(Kind{
	Name: "computes",
	Doc:  "computes of Azure ML workspaces (az ml compute list, or the REST list): the managed identities that work for each workspace",
	Columns: []Column{
		{"computeId", "required: ARM id of the compute"},
		{"identity", "as JSON: principalId, userAssignedIdentities"},
	},
	rank: 55,
	fits: func(r *record) string {
		if id := key(r.text("computeid", "id")); !r.has("computeid") && !strings.Contains(id, mlWorkspaces) || id != "" && !strings.Contains(id, "/computes/") {
			return "no ARM id of a compute"
		}
		return ""
	},
	add: func(l *Loader, r *record) error {
		arm := workspaceID(key(r.text("computeid", "id")))
		if arm == "" {
			return errors.New("the compute is in no workspace")
		}
		l.computes = append(l.computes, Workspace{Name: lastSegment(arm), ResourceID: arm, Identities: identitiesOf(r)})
		return nil
	},
})

// resolveIdentities adds what computes say to their workspaces, after all of
// those were read, so that a workspace keeps its own name.
func (l *Loader) resolveIdentities() {
	for _, w := range l.computes {
		l.root.AddWorkspace(w)
	}
	l.computes = nil
}

// identitiesOf lists the managed identities of a workspace or compute, sorted:
// the object id of its own, and object and ARM ids of those assigned to it. The
// CLI writes a list with snake case, ARM an object with the ARM ids as names.
func identitiesOf(r *record) []string {
	var out []string
	add := func(o *record, arm string) {
		for _, s := range []string{o.text("principalid"), o.text("resourceid"), arm} {
			if s = key(s); s != "" && !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	for _, holder := range []*record{r, r.sub("properties")} {
		o := holder.sub("identity")
		if o == nil {
			continue
		}
		add(o, "")
		if list, ok := o.items("userassignedidentities"); ok {
			for _, v := range list {
				add(v.object(), "")
			}
		}
		v, _ := o.find("userassignedidentities")
		if raw := v.structure(); raw.Kind() == '{' {
			// The names are ARM ids, which parseObject would fold.
			_ = eachMember(raw, func(name string, v jsontext.Value) error {
				add(value{raw: v}.object(), name)
				return nil
			})
		}
	}
	slices.Sort(out)
	return out
}
