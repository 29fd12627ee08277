package graphtest

import (
	"fmt"
	"strings"
	"time"
)

// Ids of the sample.
const (
	Excluded = "11111111-aaaa-4aaa-8aaa-000000000001" // the group that a policy excludes
	Included = "11111111-aaaa-4aaa-8aaa-000000000002" // the group that a policy includes
	Deleted  = "11111111-aaaa-4aaa-8aaa-000000000003" // named by a policy, and gone
	Other    = "11111111-aaaa-4aaa-8aaa-000000000004" // named by none
	Tenant   = "99999999-9999-4999-8999-999999999999"
)

// Kinds are the values of signInEventTypes.
var Kinds = []string{"interactiveUser", "nonInteractiveUser", "servicePrincipal", "managedIdentity"}

// SignIns is the path of the sign-ins, Audits that of the audit log.
const (
	SignIns = "/beta/auditLogs/signIns"
	Audits  = "/v1.0/auditLogs/directoryAudits"
)

func user(n int) string { return fmt.Sprintf("22222222-bbbb-4bbb-8bbb-%012d", n) }

// Sample starts a small tenant with n sign-ins of each kind in the two days
// before now, spread evenly, and everything the catalog can ask for.
func Sample(now time.Time, n int) *Server {
	s := New()
	for k, kind := range Kinds {
		for i := range n {
			at := now.Add(-48 * time.Hour).Add(time.Duration(i) * 48 * time.Hour / time.Duration(n)).Add(time.Duration(k) * 1234567 * 100)
			s.Add(SignIns, SignIn(kind, k*1_000_000+i, at))
		}
	}
	v1 := func(path string, rows ...string) {
		for _, r := range rows {
			s.Add("/v1.0/"+path, Row{JSON: r})
		}
		if len(rows) == 0 {
			s.Collections["/v1.0/"+path] = nil
		}
	}
	s.policies()
	var users, members []string
	for i := range 5 {
		users = append(users, fmt.Sprintf(`{"id":%q,"userPrincipalName":"user%d@example.com","displayName":"User %d","mail":"user%d@example.com","userType":"Member","department":"Research","accountEnabled":true}`, user(i), i, i, i))
		members = append(members, fmt.Sprintf(`{"@odata.type":"#microsoft.graph.user","id":%q,"userPrincipalName":"user%d@example.com","displayName":"User %d"}`, user(i), i, i))
	}
	v1("users", users...)
	for _, g := range []struct{ id, name string }{{Excluded, "Excluded"}, {Included, "Included"}, {Other, "Other"}} {
		o := fmt.Sprintf(`{"id":%q,"displayName":%q,"groupTypes":[],"securityEnabled":true,"isAssignableToRole":null`, g.id, g.name)
		s.Add("/v1.0/groups", Row{JSON: o + "}"})
		s.Objects["/v1.0/groups/"+g.id] = strings.Replace(o, "{", `{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#groups(id,displayName,groupTypes,securityEnabled,isAssignableToRole)/$entity",`, 1) + "}"
	}
	v1("groups/"+Excluded+"/transitiveMembers", members[:1]...)
	v1("groups/"+Included+"/transitiveMembers", members...)
	v1("groups/" + Other + "/transitiveMembers")
	v1("roleManagement/directory/roleDefinitions", `{"id":"62e90394-69f5-4237-9190-012177145e10","templateId":"62e90394-69f5-4237-9190-012177145e10","isBuiltIn":true,"displayName":"Global Administrator"}`)
	v1("roleManagement/directory/roleAssignments", fmt.Sprintf(`{"id":"r1","principalId":%q,"roleDefinitionId":"62e90394-69f5-4237-9190-012177145e10","directoryScopeId":"/"}`, user(0)))
	v1("devices", `{"id":"33333333-cccc-4ccc-8ccc-000000000001","deviceId":"33333333-cccc-4ccc-8ccc-000000000002","displayName":"LAPTOP1","operatingSystem":"Windows","operatingSystemVersion":"10.0.22631.1","trustType":"AzureAd","isCompliant":true,"isManaged":true,"manufacturer":null,"model":null,"deviceOwnership":"Company","profileType":"RegisteredDevice","mdmAppId":null,"enrollmentProfileName":null,"physicalIds":[],"systemLabels":[],"extensionAttributes":{"extensionAttribute1":null}}`)
	v1("deviceManagement/managedDevices", `{"id":"m1","deviceName":"LAPTOP1","managedDeviceOwnerType":"company","operatingSystem":"Windows","complianceState":"compliant","azureADDeviceId":"33333333-cccc-4ccc-8ccc-000000000002"}`)
	v1("servicePrincipals", `{"id":"44444444-dddd-4ddd-8ddd-000000000001","appId":"44444444-dddd-4ddd-8ddd-000000000002","displayName":"Pipeline","servicePrincipalType":"ManagedIdentity","appOwnerOrganizationId":"`+Tenant+`","signInAudience":null}`)
	v1("reports/authenticationMethods/userRegistrationDetails", fmt.Sprintf(`{"id":%q,"userPrincipalName":"user0@example.com","methodsRegistered":["mobilePhone","microsoftAuthenticatorPush"]}`, user(0)))
	v1("identityProtection/riskyUsers", fmt.Sprintf(`{"id":%q,"userPrincipalName":"user1@example.com","riskLevel":"high","riskState":"atRisk","riskDetail":"none","riskLastUpdatedDateTime":"2026-04-30T10:00:00Z"}`, user(1)))
	v1("identityProtection/riskyUsers/"+user(1)+"/history", fmt.Sprintf(`{"id":%q,"userId":%q,"userPrincipalName":"user1@example.com","riskLevel":"medium","riskState":"atRisk","riskLastUpdatedDateTime":"2026-04-29T10:00:00Z"}`, user(1)+"1", user(1)))
	v1("identityProtection/riskDetections", fmt.Sprintf(`{"id":"d1","userId":%q,"userPrincipalName":"user1@example.com","riskLevel":"high","riskState":"atRisk","riskEventType":"anonymizedIPAddress","detectedDateTime":"2026-04-30T10:00:00Z","activityDateTime":"2026-04-30T09:59:00Z","lastUpdatedDateTime":"2026-04-30T10:00:00Z"}`, user(1)))
	v1("identityProtection/riskyServicePrincipals", `{"id":"44444444-dddd-4ddd-8ddd-000000000001","appId":"44444444-dddd-4ddd-8ddd-000000000002","displayName":"Pipeline","servicePrincipalType":"Application","riskLevel":"low","riskState":"atRisk","riskLastUpdatedDateTime":"2026-04-30T10:00:00Z"}`)
	v1("identityGovernance/entitlementManagement/assignmentRequests", fmt.Sprintf(`{"id":"q1","requestType":"userAdd","state":"delivered","createdDateTime":"2026-04-29T10:00:00Z","completedDateTime":"2026-04-29T11:00:00Z","requestor":{"objectId":%q,"principalName":"user0@example.com"},"accessPackage":{"id":"p1","displayName":"MFA exception"},"assignment":{"target":{"objectId":%q,"principalName":"user0@example.com"}}}`, user(0), user(0)))
	s.Add("/v1.0/identityGovernance/privilegedAccess/group/assignmentScheduleRequests", Row{Kind: Excluded, JSON: fmt.Sprintf(`{"id":"pr1","groupId":%q,"principalId":%q,"accessId":"member","action":"selfActivate","createdDateTime":"2026-04-29T10:00:00Z","completedDateTime":"2026-04-29T10:00:05Z","status":"Provisioned","justification":"travel","scheduleInfo":{"startDateTime":"2026-04-29T10:00:00Z","expiration":{"type":"afterDuration","duration":"PT4H"}}}`, Excluded, user(0))})
	for i, c := range []string{"GroupManagement", "RoleManagement", "Policy"} {
		at := now.Add(-time.Duration(i+1) * 7 * time.Hour)
		s.Add(Audits, Row{Time: at, Kind: c, JSON: fmt.Sprintf(`{"id":"a%d","category":%q,"correlationId":"c%d","result":"success","activityDisplayName":%q,"activityDateTime":%q,"loggedByService":"Core Directory","initiatedBy":{"user":{"id":%q,"userPrincipalName":"user0@example.com"}},"targetResources":[{"id":%q,"displayName":null,"type":"User","userPrincipalName":"user0@example.com","modifiedProperties":[{"displayName":"Group.ObjectID","oldValue":null,"newValue":"\"%s\""}]}],"additionalDetails":[]}`,
			i, c, i, [...]string{"Add member to group", "Update role", "Update policy"}[i], at.Format(time.RFC3339Nano), user(0), user(0), Excluded)})
	}
	return s
}

func (s *Server) policies() {
	ca := "/beta/identity/conditionalAccess/"
	s.Add(ca+"policies", Row{JSON: `{"id":"55555555-eeee-4eee-8eee-000000000001","displayName":"MFA for all","state":"enabled","createdDateTime":"2026-01-01T00:00:00Z","modifiedDateTime":null,` +
		`"conditions":{"clientAppTypes":["all"],"applications":{"includeApplications":["All"],"excludeApplications":[]},"users":{"includeUsers":["All"],"excludeUsers":[],"includeGroups":[],"excludeGroups":["` + Excluded + `","` + Deleted + `"]},"locations":null},` +
		`"grantControls":{"operator":"OR","builtInControls":["mfa"]},"sessionControls":null}`})
	s.Add(ca+"policies", Row{JSON: `{"id":"55555555-eeee-4eee-8eee-000000000002","displayName":"Office only","state":"enabledForReportingButNotEnforced","createdDateTime":"2026-01-01T00:00:00Z","modifiedDateTime":null,` +
		`"conditions":{"clientAppTypes":["all"],"applications":{"includeApplications":["All"],"excludeApplications":[]},"users":{"includeUsers":[],"excludeUsers":[],"includeGroups":["` + Included + `","All"],"excludeGroups":[]},"locations":{"includeLocations":["All"],"excludeLocations":["66666666-ffff-4fff-8fff-000000000001"]}},` +
		`"grantControls":{"operator":"OR","builtInControls":["block"]},"sessionControls":null}`})
	s.Add(ca+"namedLocations", Row{JSON: `{"@odata.type":"#microsoft.graph.ipNamedLocation","id":"66666666-ffff-4fff-8fff-000000000001","displayName":"Office","isTrusted":true,"ipRanges":[{"@odata.type":"#microsoft.graph.iPv4CidrRange","cidrAddress":"192.0.2.0/24"}]}`})
	s.Add("/v1.0/identity/conditionalAccess/authenticationContextClassReferences", Row{JSON: `{"id":"c1","displayName":"Strict","isAvailable":true}`})
	s.Add("/v1.0/policies/authenticationStrengthPolicies", Row{JSON: `{"id":"00000000-0000-0000-0000-000000000004","displayName":"Phishing-resistant MFA","policyType":"builtIn","allowedCombinations":["fido2"]}`})
}

// SignIn makes a sign-in with the number n.
func SignIn(kind string, n int, at time.Time) Row {
	who := fmt.Sprintf(`"userId":%q,"userPrincipalName":"user%d@example.com","userDisplayName":"User","userType":"member"`, user(n%5), n%5)
	if kind == "servicePrincipal" || kind == "managedIdentity" {
		who = `"servicePrincipalId":"44444444-dddd-4ddd-8ddd-000000000001","servicePrincipalName":"Pipeline","userId":"","userPrincipalName":""`
	}
	return Row{Time: at, Kind: kind, JSON: fmt.Sprintf(`{"id":"77777777-0000-4000-8000-%012d","createdDateTime":%q,%s,"appId":"44444444-dddd-4ddd-8ddd-000000000002","appDisplayName":"Portal",`+
		`"ipAddress":"192.0.2.%d","clientAppUsed":"Browser","conditionalAccessStatus":"success","isInteractive":%t,"resourceDisplayName":"Windows Azure Service Management API","resourceId":"797f4846-ba00-4fd7-ba43-dac1f8f63013","resourceTenantId":%q,"homeTenantId":%q,`+
		`"signInEventTypes":[%q],"status":{"errorCode":0,"failureReason":"Other.","additionalDetails":null},"deviceDetail":{"deviceId":"","operatingSystem":"Windows 10","browser":"Edge 120","isCompliant":false,"isManaged":false,"trustType":""},`+
		`"location":{"city":"Zurich","state":"Zurich","countryOrRegion":"CH","geoCoordinates":{"latitude":47.37,"longitude":8.54}},`+
		`"appliedConditionalAccessPolicies":[{"id":"55555555-eeee-4eee-8eee-000000000002","displayName":"Office only","enforcedGrantControls":["Block"],"enforcedSessionControls":[],"result":"reportOnlySuccess"}],"authenticationDetails":[],"authenticationRequirement":"singleFactorAuthentication"}`,
		n, at.UTC().Format("2006-01-02T15:04:05.0000000Z"), who, n%250+1, kind == "interactiveUser", Tenant, Tenant, kind)}
}
