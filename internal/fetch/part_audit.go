package fetch

// The categories that frisk reads: changes of group membership, of roles, and
// edits of policies and named locations (docs/directory.md). activityDateTime
// supports $orderby and $filter with eq, ge, le (graph/api/directoryaudit-list).
var (
	_ = register(audits("groups", "GroupManagement", "who joined and left groups"))
	_ = register(audits("roles", "RoleManagement", "who got and lost directory roles"))
	_ = register(audits("policies", "Policy", "edits of policies and named locations"))
)

func audits(name, category, doc string) Part {
	return Part{
		Name: "audit-" + name, Group: "audit", Doc: "directory audit log: " + doc,
		Permissions: []string{"AuditLog.Read.All", "Directory.Read.All"},
		Needs:       "not in the China cloud",
		Source:      "api/directoryaudit-list",
		Folder:      "audit", Time: "activityDateTime", limit: limitReports,
		collections: []collection{{
			name: "audit-" + name, path: "v1.0/auditLogs/directoryAudits",
			query: []param{{"$filter", "category eq '" + category + "'"}, {"$orderby", "activityDateTime"}, {"$top", "999"}},
		}},
	}
}
