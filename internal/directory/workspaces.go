package directory

import (
	"cmp"
	"errors"
	"strings"
)

var _ = register(Kind{
	Name: "workspaces",
	Doc:  "workspaces: Azure Resource Graph, az resource list, az ml workspace list, or a table",
	Columns: []Column{
		{"name", "required"},
		{"environment", "prod, dev, …; any one of the columns from here on tells that these are workspaces"},
		{"resourceId", "ARM id"},
		{"apps", "application ids separated by semicolons"},
		{"resources", "resource application ids separated by semicolons"},
		{"group", "id or name of the team's group"},
		{"workspaceId", "the workspace's own id, which the Azure ML tables name it by"},
		{"identity", "its managed identities as JSON, as the exports write them"},
	},
	rank: 60,
	fits: func(r *record) string {
		id := strings.ToLower(r.text("id", "resourceid"))
		switch {
		case r.has("caller", "claims", "correlationid"), r.has(activityTimes...):
			return "looks like an activity log"
		case workspaceID(id) != "" && workspaceID(id) == id:
			return ""
		case !r.has("name", "workspace"):
			return "no name"
		case r.has(upnNames...) || !r.has("environment", "apps", "resources", "mlflowtrackinguri", "resourceid") && !mlType(r):
			return "no environment, apps or resources, and no Azure ML workspace id"
		}
		return ""
	},
	add: addWorkspaceRecord,
})

func mlType(r *record) bool {
	return strings.EqualFold(r.text("type"), "microsoft.machinelearningservices/workspaces")
}

func addWorkspaceRecord(l *Loader, r *record) error {
	w := Workspace{
		Name: r.text("name", "workspace"), Environment: r.text("environment", "env"),
		ResourceID: key(r.text("resourceid", "id")), Apps: r.texts("apps", "appids"),
		Resources: r.texts("resources", "resourceids"), Group: r.text("group", "groupid", "team"),
	}
	w.ID, w.Identities = key(cmp.Or(r.text("workspaceid"), r.sub("properties").text("workspaceid"))), identitiesOf(r)
	if w.ResourceID != "" && !strings.HasPrefix(w.ResourceID, "/") {
		w.ResourceID = ""
	}
	if tags := r.sub("tags"); tags != nil {
		w.Environment = cmp.Or(w.Environment, tags.text("environment", "env", "stage"))
	}
	if w.Name == "" {
		return errors.New("no name")
	}
	l.root.AddWorkspace(w)
	return nil
}
