package directory

import (
	"slices"
	"strings"
)

// mlWorkspaces is the ARM resource type of Azure Machine Learning workspaces
// (hubs and projects of the AI Foundry portal have it too), as it stands in a
// lower-case ARM id. Source: reference 4.2, learn.microsoft.com
// azure/templates/microsoft.machinelearningservices/workspaces.
const mlWorkspaces = "/providers/microsoft.machinelearningservices/workspaces/"

// workspaceID cuts a lower-case ARM id to the Azure ML workspace it lies in; ""
// when it lies in none.
func workspaceID(id string) string {
	i := strings.Index(id, mlWorkspaces)
	if i < 0 {
		return ""
	}
	end := i + len(mlWorkspaces)
	if j := strings.IndexByte(id[end:], '/'); j >= 0 {
		return id[:end+j]
	}
	if end == len(id) {
		return ""
	}
	return id
}

// within reports whether a lower-case ARM id is parent or lies under it.
func within(id, parent string) bool {
	return strings.HasPrefix(id, parent) && (len(id) == len(parent) || id[len(parent)] == '/')
}

func lastSegment(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// resourceGroup is the resource group of a lower-case ARM id, "" when it has none.
func resourceGroup(id string) string {
	parts := strings.Split(id, "/")
	for i, p := range parts {
		if p == "resourcegroups" && i+1 < len(parts) {
			return parts[i+1]
		}
	}
	return ""
}

// discover adds the workspaces that only operations or role assignments name.
func (d *Directory) discover() {
	var ids []string
	add := func(id string) {
		if id = workspaceID(id); id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for i := range d.Activity {
		add(d.Activity[i].Resource)
	}
	for i := range d.AzureRoles {
		add(d.AzureRoles[i].Scope)
	}
	slices.Sort(ids)
	for _, id := range ids {
		known := slices.ContainsFunc(d.Workspaces, func(w Workspace) bool {
			return w.ResourceID != "" && within(id, key(w.ResourceID))
		})
		if !known {
			d.AddWorkspace(Workspace{Name: lastSegment(id), ResourceID: id})
		}
	}
}
