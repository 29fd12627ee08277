package fetch

// 500 is the documented maximum page size of riskyUsers and riskDetections.

var _ = register(Part{
	Name: "risky-users", Group: "risk", Doc: "risk levels of people, as they are now",
	Permissions: []string{"IdentityRiskyUser.Read.All"}, Needs: "Entra ID P2",
	Source: "api/riskyuser-list", Folder: "directory", limit: limitProtection,
	collections: []collection{{name: "risky-users", path: "v1.0/identityProtection/riskyUsers", query: []param{{"$top", "500"}}}},
})

var _ = register(Part{
	Name: "risk-history", Group: "risk", Doc: "every change of the risk level of everybody in risky-users, one call each", Optional: true,
	Permissions: []string{"IdentityRiskyUser.Read.All"}, Needs: "Entra ID P2",
	Source: "api/riskyuser-list-history", Folder: "directory", limit: limitProtection,
	collections: []collection{{
		name: "risk-history-{id}", path: "v1.0/identityProtection/riskyUsers/{id}/history", query: []param{{"$top", "500"}}, ids: riskyPeople,
	}},
})

var _ = register(Part{
	Name: "risk-detections", Group: "risk", Doc: "what Entra ID Protection noticed about people",
	Permissions: []string{"IdentityRiskEvent.Read.All"}, Needs: "Entra ID P1, in full P2",
	Source: "api/riskdetection-list", Folder: "directory", limit: limitProtection,
	collections: []collection{{name: "risk-detections", path: "v1.0/identityProtection/riskDetections", query: []param{{"$top", "500"}}}},
})

var _ = register(Part{
	Name: "risky-service-principals", Group: "risk", Doc: "risk levels of applications", Optional: true,
	Permissions: []string{"IdentityRiskyServicePrincipal.Read.All"}, Needs: "Workload Identities Premium",
	Source: "api/identityprotectionroot-list-riskyserviceprincipals", Folder: "directory", limit: limitProtection,
	collections: []collection{{name: "risky-service-principals", path: "v1.0/identityProtection/riskyServicePrincipals"}},
})
