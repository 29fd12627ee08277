package fetch

// Sign-ins come from beta: v1.0 knows interactive sign-ins only and lacks many of
// the properties that replay needs. signInEventTypes has to be named, or Graph
// gives interactive ones alone; createdDateTime supports $orderby and $filter
// with eq, le and ge (graph/api/resources/signin); 1000 is the documented maximum
// and default page size (graph/api/signin-list).
var (
	_ = register(signIns("interactive", "interactiveUser", "people who typed, tapped or approved something"))
	_ = register(signIns("noninteractive", "nonInteractiveUser", "clients that renewed tokens for people; by far the most rows"))
	_ = register(signIns("service-principals", "servicePrincipal", "applications with their own secret or certificate"))
	_ = register(signIns("managed-identities", "managedIdentity", "Azure resources with an identity of their own"))
)

func signIns(name, kind, doc string) Part {
	return Part{
		Name: "signins-" + name, Group: "signins", Doc: "sign-ins: " + doc,
		Permissions: []string{"AuditLog.Read.All", "Directory.Read.All", "Policy.Read.All"},
		Needs:       "Entra ID P1; without Policy.Read.All (or Policy.Read.ConditionalAccess) the rows come without their policy results",
		Source:      "api/signin-list?view=graph-rest-beta",
		Folder:      "signins", Time: "createdDateTime", limit: limitReports,
		collections: []collection{{
			name: kind, path: "beta/auditLogs/signIns",
			query: []param{
				{"$filter", "signInEventTypes/any(t: t eq '" + kind + "')"},
				{"$orderby", "createdDateTime"},
				{"$top", "1000"},
			},
		}},
	}
}
