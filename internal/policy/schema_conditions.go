package policy

// The conditions of the Graph schema (v1.0 of 2026-08 and the beta names of the
// reference, 1.3 to 1.8).
var _ = schema(
	SchemaPart{"conditions.users.includeUsers", Supported, "user ids, All, None, GuestsOrExternalUsers; excludeUsers alike", "the directory export for rows that carry a name and no id", `["All"]`, 0},
	SchemaPart{"conditions.users.includeGroups", Partly, "nested and dated membership, All; excludeGroups alike", "groups with their members (or each person's groups), best in dated exports", `["g1"]`, 0},
	SchemaPart{"conditions.users.includeRoles", Partly, "built-in directory roles held tenant-wide, by template id (an instance id is mapped), All; excludeRoles alike", "role assignments with their scope", `["r1"]`, 0},
	SchemaPart{"conditions.users.includeGuestsOrExternalUsers", Partly, "the six kinds and their tenants, from user type, cross-tenant access type and the two tenant ids; the exclude list alike. In Teams and SharePoint a policy for direct connect users may cover collaboration users, and the reverse: unknown there", "an export with crossTenantAccessType (beta or diagnostic settings)", `{"guestOrExternalUserTypes":"internalGuest","externalTenants":{"membershipKind":"enumerated","members":["t1"]}}`, 0},
	SchemaPart{"conditions.clientApplications.includeServicePrincipals", Partly, "service principal ids, ServicePrincipalsInMyTenant; excludeServicePrincipals alike; managed identities and multi-tenant apps are never covered", "service principals with appOwnerOrganizationId and signInAudience", `["ServicePrincipalsInMyTenant"]`, 0},
	SchemaPart{"conditions.clientApplications.servicePrincipalFilter", Partly, "the whole rule language over custom security attributes", "service principals with customSecurityAttributes", `{"mode":"include","rule":"CustomSecurityAttribute.a_b -eq \"c\""}`, 0},
	SchemaPart{"conditions.clientApplications.includeAgentIdServicePrincipals", UnknownOnly, "kept; agent identities are not evaluated", "", `["agent"]`, 0},
	SchemaPart{"conditions.applications.includeApplications", Partly, "the recorded audiences, else the resource, and a confidential client itself; All, None, Office365, MicrosoftAdminPortals, Azure management; excludeApplications alike. All with exclusions by the rule of its date", "conditionalAccessAudiences or clientCredentialType in the log; an app list of your own, or apps learned from recorded results", `["All"]`, 0},
	SchemaPart{"conditions.applications.applicationFilter", Partly, "the whole rule language over custom security attributes of the resource's service principal", "service principals with customSecurityAttributes", `{"mode":"include","rule":"CustomSecurityAttribute.a_b -contains \"c\""}`, 0},
	SchemaPart{"conditions.applications.includeUserActions", Partly, "registerSecurityInfo, registerDevice: a row of the registration services may be one, any other is none; never in report-only", "", `["urn:user:registersecurityinfo"]`, 0},
	SchemaPart{"conditions.applications.includeAuthenticationContextClassReferences", Partly, "the contexts the row recorded", "an export with authenticationContextClassReferences", `["c1"]`, 0},
	SchemaPart{"conditions.applications.globalSecureAccess", UnknownOnly, "network traffic, which sign-in rows do not show", "", `{"trafficProfile":"x"}`, 0},
	SchemaPart{"conditions.applications.networkAccess", UnknownOnly, "network traffic, which sign-in rows do not show", "", `{"trafficProfile":"x"}`, 0},
	SchemaPart{"conditions.clientAppTypes", Supported, "clientAppUsed; everything but Browser, mobile and desktop clients and Exchange ActiveSync is other", "", `["browser"]`, 0},
	SchemaPart{"conditions.platforms", Supported, "the row's operating system, else its user agent; an unlisted platform matches only all", "", `{"includePlatforms":["windows"]}`, 0},
	SchemaPart{"conditions.locations", Partly, "IP ranges, countries as logged, AllTrusted, MFA trusted IPs, and what the log recorded; the location's version of that day", "named locations; networkLocationDetails in the log; the MFA trusted IPs. Phone positions and compliant networks stay unknown", `{"includeLocations":["All"]}`, 0},
	SchemaPart{"conditions.signInRiskLevels", Partly, "riskLevelDuringSignIn, as a list of levels", "a P2 licence at the time: without it the log says hidden", `["high"]`, 0},
	SchemaPart{"conditions.userRiskLevels", Partly, "the exported risk history of the person, at the time", "risky users and their history; external users stay unknown", `["high"]`, 0},
	SchemaPart{"conditions.servicePrincipalRiskLevels", Partly, "the exported risk history of the service principal, at the time", "risky service principals and their history", `["high"]`, 0},
	SchemaPart{"conditions.insiderRiskLevels", Partly, "the exported insider risk level of the person, at the time", "insider risk levels from Purview", `"elevated"`, 0},
	SchemaPart{"conditions.agentIdRiskLevels", UnknownOnly, "kept; agent identities are not evaluated", "", `"high"`, 0},
	SchemaPart{"conditions.authenticationFlows", Partly, "the request's protocol and, by protocol tracking, how its session began", "an export with originalTransferMethod or session ids", `{"transferMethods":"deviceCodeFlow"}`, 0},
	SchemaPart{"conditions.devices.deviceFilter", Partly, "the whole rule language, null rules and the extension attribute table", "devices with the attributes the rule reads; the row has id, name, system, compliance and join type", `{"mode":"include","rule":"device.isCompliant -eq True"}`, 0},
	SchemaPart{"conditions.devices.includeDeviceStates", Partly, "deprecated: All, Compliant, DomainJoined; deviceStates and the exclude lists alike", "", `["All"]`, 0},
	SchemaPart{"conditions.times", UnknownOnly, "not in the public schema; kept", "", `{"x":"y"}`, 0},
)
