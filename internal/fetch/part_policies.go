package fetch

// Policies and named locations are one part: a folder named by a date counts as
// the whole export of that day (docs/dated-policies.md), so one without the other
// would read as if everything else had been deleted. Beta has conditions that
// v1.0 leaves out without saying so.
var _ = register(Part{
	Name: "policies", Doc: "Conditional Access policies and named locations",
	Permissions: []string{"Policy.Read.All"},
	Source:      "api/conditionalaccessroot-list-policies?view=graph-rest-beta",
	Folder:      "policies", own: true, limit: limitProtection,
	collections: []collection{
		{name: "policies", path: "beta/identity/conditionalAccess/policies"},
		{name: "named-locations", path: "beta/identity/conditionalAccess/namedLocations"},
	},
})

// Strengths come whole inside the policies that use them; the list is for the
// reader, and for strengths that no policy uses yet.
var _ = register(Part{
	Name: "authentication-strengths", Doc: "authentication strengths, for reference: policies carry those they use",
	Permissions: []string{"Policy.Read.All"},
	Source:      "api/authenticationstrengthroot-list-policies",
	Folder:      "reference", limit: limitProtection,
	collections: []collection{{name: "authentication-strengths", path: "v1.0/policies/authenticationStrengthPolicies"}},
})

var _ = register(Part{
	Name: "authentication-contexts", Doc: "authentication contexts, for reference: what c1 to c99 are called",
	Permissions: []string{"AuthenticationContext.Read.All"}, // Policy.Read.All does not do, says the page
	Source:      "api/conditionalaccessroot-list-authenticationcontextclassreferences",
	Folder:      "reference", limit: limitProtection,
	collections: []collection{{
		name: "authentication-contexts", path: "v1.0/identity/conditionalAccess/authenticationContextClassReferences",
	}},
})
