package fetch

// The selections are the fields that internal/directory reads (docs/directory.md).

var _ = register(Part{
	Name: "users", Group: "directory", Doc: "people and guests",
	Permissions: []string{"User.Read.All"}, Source: "api/user-list", Folder: "directory",
	collections: []collection{{name: "users", path: "v1.0/users", query: []param{
		{"$select", "id,userPrincipalName,displayName,mail,userType,department,accountEnabled"}, {"$top", "999"},
	}}},
})

const groupFields = "id,displayName,groupTypes,securityEnabled,isAssignableToRole"

// Lists of transitive members spare one call per nested group.
var _ = register(Part{
	Name: "groups", Group: "directory", Doc: "groups that policies include or exclude (all with --groups all), with everybody in them, nested or not",
	Permissions: []string{"GroupMember.Read.All"},
	Needs:       "User.Read.All and Device.Read.All to see names; Member.Read.Hidden for groups with hidden membership",
	Source:      "api/group-list-transitivemembers", Folder: "directory",
	collections: []collection{
		{
			name: "groups", path: "v1.0/groups", query: []param{{"$select", groupFields}, {"$top", "999"}},
			when: func(o *Options) bool { return o.AllGroups },
		},
		{
			name: "group-{id}", path: "v1.0/groups/{id}", query: []param{{"$select", groupFields}}, ids: namedGroups, single: true,
			when: func(o *Options) bool { return !o.AllGroups },
		},
		{
			name: "transitiveMembers-{id}", path: "v1.0/groups/{id}/transitiveMembers",
			query: []param{{"$select", "id,userPrincipalName,displayName"}, {"$top", "999"}}, ids: namedGroups,
		},
	},
})

var _ = register(Part{
	Name: "roles", Group: "directory", Doc: "directory roles and who holds them",
	Permissions: []string{"RoleManagement.Read.Directory"}, Source: "api/rbacapplication-list-roleassignments", Folder: "directory",
	collections: []collection{
		{name: "role-definitions", path: "v1.0/roleManagement/directory/roleDefinitions", query: []param{{"$select", "id,templateId,isBuiltIn,displayName"}}},
		{name: "role-assignments", path: "v1.0/roleManagement/directory/roleAssignments"},
	},
})

var _ = register(Part{
	Name: "devices", Group: "directory", Doc: "registered and joined devices, for device filters",
	Permissions: []string{"Device.Read.All"}, Source: "api/device-list", Folder: "directory",
	collections: []collection{{name: "devices", path: "v1.0/devices", query: []param{
		{"$select", "id,deviceId,displayName,operatingSystem,operatingSystemVersion,trustType,isCompliant,isManaged,manufacturer,model," +
			"deviceOwnership,profileType,mdmAppId,enrollmentProfileName,physicalIds,systemLabels,extensionAttributes"}, {"$top", "999"},
	}}},
})

var _ = register(Part{
	Name: "managed-devices", Group: "directory", Doc: "devices as Intune knows them", Optional: true,
	Permissions: []string{"DeviceManagementManagedDevices.Read.All"}, Needs: "Intune",
	Source: "api/intune-devices-manageddevice-list", Folder: "directory",
	collections: []collection{{name: "managed-devices", path: "v1.0/deviceManagement/managedDevices"}},
})

const principalFields = "id,appId,displayName,servicePrincipalType,appOwnerOrganizationId,signInAudience"

var _ = register(Part{
	Name: "service-principals", Group: "directory", Doc: "applications' identities in the tenant, managed identities among them",
	Permissions: []string{"Application.Read.All"},
	Needs:       "with --security-attributes: CustomSecAttributeAssignment.Read.All too, and for people the role Attribute Assignment Reader",
	Source:      "api/serviceprincipal-list", Folder: "directory",
	collections: []collection{
		{
			name: "service-principals", path: "v1.0/servicePrincipals", query: []param{{"$select", principalFields}, {"$top", "999"}},
			when: func(o *Options) bool { return !o.SecurityAttributes },
		},
		{
			name: "service-principals", path: "v1.0/servicePrincipals", query: []param{{"$select", principalFields + ",customSecurityAttributes"}, {"$top", "999"}},
			when: func(o *Options) bool { return o.SecurityAttributes },
		},
	},
})

var _ = register(Part{
	Name: "registrations", Group: "directory", Doc: "which authentication methods people have registered",
	Permissions: []string{"AuditLog.Read.All"}, Needs: "Entra ID P1",
	Source: "api/authenticationmethodsroot-list-userregistrationdetails", Folder: "directory", limit: limitReports,
	collections: []collection{{name: "registrations", path: "v1.0/reports/authenticationMethods/userRegistrationDetails"}},
})

var _ = register(Part{
	Name: "access-requests", Group: "directory", Doc: "requests for access packages", Optional: true,
	Permissions: []string{"EntitlementManagement.Read.All"}, Needs: "Entra ID Governance or P2",
	Source: "api/entitlementmanagement-list-assignmentrequests", Folder: "directory",
	collections: []collection{{
		name: "access-requests", path: "v1.0/identityGovernance/entitlementManagement/assignmentRequests",
		query: []param{{"$expand", "requestor,accessPackage,assignment($expand=target)"}},
	}},
})

var _ = register(Part{
	Name: "pim-requests", Group: "directory", Doc: "PIM requests for the groups that policies name", Optional: true,
	Permissions: []string{"PrivilegedAssignmentSchedule.Read.AzureADGroup"}, Needs: "Entra ID P2 or Governance",
	Source: "api/privilegedaccessgroup-list-assignmentschedulerequests", Folder: "directory",
	collections: []collection{{
		name: "pim-requests-{id}", path: "v1.0/identityGovernance/privilegedAccess/group/assignmentScheduleRequests",
		query: []param{{"$filter", "groupId eq '{id}'"}}, ids: namedGroups,
	}},
})
