package ingest

// field is one fact of an Entra sign-in, whatever the export calls it.
type field uint8

const (
	fNone field = iota // not read
	fID
	fCreated
	fGenerated
	fCorrelation
	fOriginal
	fSession
	fToken
	fUserID
	fUserName
	fUserDisplay
	fIdentity
	fUserType
	fSPID
	fSPName
	fAppID
	fAppName
	fResourceID
	fResourceName
	fIP
	fCallerIP
	fIPResource
	fASN
	fClient
	fUserAgent
	fProtocol
	fTransfer
	fIncomingToken
	fCredential
	fErrorCode
	fResultType
	fResultDescription
	fFailureReason
	fAdditionalDetails
	fPortalStatus
	fRequirement
	fMFAResult
	fMFAMethod
	fCAStatus
	fHomeTenant
	fResourceTenant
	fOwnerTenant
	fEnvelopeTenant
	fTenantPath
	fCrossTenant
	fRiskLevel
	fRiskAggregate
	fRiskState
	fRiskDetail
	fCategory
	fTable
	fInteractive
	fCountry
	fPlace
	fDeviceID
	fDeviceOS
	fDeviceBrowser
	fDeviceCompliant
	fDeviceManaged
	fDeviceTrust
	fAzureResource
	fBinding
	fGrouped

	// From here on the value is structured: an object or array, or its text.
	fStatus
	fDevice
	fLocation
	fMFADetail
	fSteps
	fRequirementPolicies
	fMethodsUsed
	fPolicies
	fEventTypes
	fRiskEvents
	fRiskEventsOld
	fLifetimes
	fNetworks
	fAuthContexts
	fAudiences
	fManagedIdentity
	fTokenProtection
	fProperties
	numFields
)

func (f field) structured() bool { return f >= fStatus }

// fieldName ties a fact to one of its names.
type fieldName struct {
	name string
	f    field
}

// graphFields are the members of the Graph signIn resource (v1.0 and beta), and
// of "properties" in a diagnostic record, which is the same object.
var graphFields = newKeyTable([]fieldName{
	{"id", fID},
	{"createdDateTime", fCreated},
	{"correlationId", fCorrelation},
	{"originalRequestId", fOriginal},
	{"sessionId", fSession},
	{"uniqueTokenIdentifier", fToken},
	{"userId", fUserID},
	{"userPrincipalName", fUserName},
	{"userDisplayName", fUserDisplay},
	{"userType", fUserType},
	{"servicePrincipalId", fSPID},
	{"servicePrincipalName", fSPName},
	{"appId", fAppID},
	{"appDisplayName", fAppName},
	{"resourceId", fResourceID},
	{"resourceDisplayName", fResourceName},
	{"ipAddress", fIP},
	{"ipAddressFromResourceProvider", fIPResource},
	{"autonomousSystemNumber", fASN},
	{"clientAppUsed", fClient},
	{"userAgent", fUserAgent},
	{"authenticationProtocol", fProtocol},
	{"originalTransferMethod", fTransfer},
	{"incomingTokenType", fIncomingToken},
	{"clientCredentialType", fCredential},
	{"status", fStatus},
	{"authenticationRequirement", fRequirement},
	{"conditionalAccessStatus", fCAStatus},
	{"homeTenantId", fHomeTenant},
	{"resourceTenantId", fResourceTenant},
	{"tenantId", fOwnerTenant},
	{"crossTenantAccessType", fCrossTenant},
	{"riskLevelDuringSignIn", fRiskLevel},
	{"riskLevelAggregated", fRiskAggregate},
	{"riskState", fRiskState},
	{"riskDetail", fRiskDetail},
	{"riskEventTypes_v2", fRiskEvents},
	{"riskEventTypes", fRiskEventsOld},
	{"isInteractive", fInteractive},
	{"signInEventTypes", fEventTypes},
	{"deviceDetail", fDevice},
	{"location", fLocation},
	{"mfaDetail", fMFADetail},
	{"authenticationDetails", fSteps},
	{"authenticationRequirementPolicies", fRequirementPolicies},
	{"authenticationMethodsUsed", fMethodsUsed},
	{"appliedConditionalAccessPolicies", fPolicies},
	{"sessionLifetimePolicies", fLifetimes},
	{"networkLocationDetails", fNetworks},
	{"authenticationContextClassReferences", fAuthContexts},
	{"conditionalAccessAudiences", fAudiences},
	{"managedServiceIdentity", fManagedIdentity},
	{"tokenProtectionStatusDetails", fTokenProtection},
	{"azureResourceId", fAzureResource},
})

// envelopeFields are the members around "properties" in a diagnostic record.
// Its resourceId is the constant path of the tenant, its location a country.
var envelopeFields = newKeyTable([]fieldName{
	{"properties", fProperties},
	{"time", fGenerated},
	{"category", fCategory},
	{"tenantId", fEnvelopeTenant},
	{"resourceId", fTenantPath},
	{"resultType", fResultType},
	{"resultDescription", fResultDescription},
	{"callerIpAddress", fCallerIP},
	{"identity", fIdentity},
	{"location", fCountry},
	{"Category", fCategory},
	{"Properties", fProperties},
	{"Time", fGenerated},
})

// columnFields are the columns of the Log Analytics sign-in tables.
// TenantId there is the workspace's and ResourceId a constant path.
var columnFields = newKeyTable([]fieldName{
	{"Id", fID},
	{"CreatedDateTime", fCreated},
	{"TimeGenerated", fGenerated},
	{"CorrelationId", fCorrelation},
	{"OriginalRequestId", fOriginal},
	{"SessionId", fSession},
	{"UniqueTokenIdentifier", fToken},
	{"UserId", fUserID},
	{"UserPrincipalName", fUserName},
	{"UserDisplayName", fUserDisplay},
	{"Identity", fIdentity},
	{"UserType", fUserType},
	{"ServicePrincipalId", fSPID},
	{"ServicePrincipalName", fSPName},
	{"AppId", fAppID},
	{"AppDisplayName", fAppName},
	{"ResourceIdentity", fResourceID},
	{"ResourceDisplayName", fResourceName},
	{"IPAddress", fIP},
	{"IpAddress", fIP},
	{"IPAddressFromResourceProvider", fIPResource},
	{"AutonomousSystemNumber", fASN},
	{"ClientAppUsed", fClient},
	{"UserAgent", fUserAgent},
	{"AuthenticationProtocol", fProtocol},
	{"OriginalTransferMethod", fTransfer},
	{"IncomingTokenType", fIncomingToken},
	{"ClientCredentialType", fCredential},
	{"Status", fStatus},
	{"ResultType", fResultType},
	{"ResultDescription", fResultDescription},
	{"AuthenticationRequirement", fRequirement},
	{"ConditionalAccessStatus", fCAStatus},
	{"HomeTenantId", fHomeTenant},
	{"ResourceTenantId", fResourceTenant},
	{"AADTenantId", fOwnerTenant},
	{"ResourceId", fTenantPath},
	{"CrossTenantAccessType", fCrossTenant},
	{"RiskLevelDuringSignIn", fRiskLevel},
	{"RiskLevelAggregated", fRiskAggregate},
	{"RiskState", fRiskState},
	{"RiskDetail", fRiskDetail},
	{"RiskEventTypes_V2", fRiskEvents},
	{"RiskEventTypes", fRiskEventsOld},
	{"IsInteractive", fInteractive},
	{"SignInEventTypes", fEventTypes},
	{"Category", fCategory},
	{"Type", fTable},
	{"$table", fTable},
	{"DeviceDetail", fDevice},
	{"LocationDetails", fLocation},
	{"Location", fCountry},
	{"MfaDetail", fMFADetail},
	{"AuthenticationDetails", fSteps},
	{"AuthenticationRequirementPolicies", fRequirementPolicies},
	{"AuthenticationMethodsUsed", fMethodsUsed},
	{"ConditionalAccessPolicies", fPolicies},
	{"AppliedConditionalAccessPolicies", fPolicies},
	{"SessionLifetimePolicies", fLifetimes},
	{"NetworkLocationDetails", fNetworks},
	{"AuthenticationContextClassReferences", fAuthContexts},
	{"ConditionalAccessAudiences", fAudiences},
	{"ManagedServiceIdentity", fManagedIdentity},
	{"TokenProtectionStatusDetails", fTokenProtection},
	{"AzureResourceId", fAzureResource},
})

// portalFields are the headings of the portal's CSV download, lower case with
// single spaces, and those of the older export that used property names.
var portalFields = newKeyTable([]fieldName{
	{"date (utc)", fCreated},
	{"date", fCreated},
	{"createddatetime", fCreated},
	{"request id", fID},
	{"requestid", fID},
	{"id", fID},
	{"correlation id", fCorrelation},
	{"correlationid", fCorrelation},
	{"original request id", fOriginal},
	{"session id", fSession},
	{"unique token identifier", fToken},
	{"user id", fUserID},
	{"userid", fUserID},
	{"username", fUserName},
	{"userprincipalname", fUserName},
	{"user", fUserDisplay},
	{"userdisplayname", fUserDisplay},
	{"user type", fUserType},
	{"service principal id", fSPID},
	{"service principal name", fSPName},
	{"managed identity type", fNone},
	{"application id", fAppID},
	{"appid", fAppID},
	{"application", fAppName},
	{"appdisplayname", fAppName},
	{"resource id", fResourceID},
	{"resource", fResourceName},
	{"resourcedisplayname", fResourceName},
	{"ip address", fIP},
	{"ipaddress", fIP},
	{"ip address (seen by resource)", fIPResource},
	{"autonomous system number", fASN},
	{"client app", fClient},
	{"clientappused", fClient},
	{"user agent", fUserAgent},
	{"authentication protocol", fProtocol},
	{"original transfer method", fTransfer},
	{"incoming token type", fIncomingToken},
	{"client credential type", fCredential},
	{"status", fPortalStatus},
	{"sign-in error code", fErrorCode},
	{"errorcode", fErrorCode},
	{"error code", fErrorCode},
	{"statuserrorcode", fErrorCode},
	{"failure reason", fFailureReason},
	{"failurereason", fFailureReason},
	{"additional details", fAdditionalDetails},
	{"additionaldetails", fAdditionalDetails},
	{"authentication requirement", fRequirement},
	{"conditional access", fCAStatus},
	{"conditionalaccessstatus", fCAStatus},
	{"multifactor authentication result", fMFAResult},
	{"mfa result", fMFAResult},
	{"multifactor authentication auth method", fMFAMethod},
	{"mfa auth method", fMFAMethod},
	{"home tenant id", fHomeTenant},
	{"resource tenant id", fResourceTenant},
	{"cross tenant access type", fCrossTenant},
	{"location", fPlace},
	{"device id", fDeviceID},
	{"browser", fDeviceBrowser},
	{"devicebrowser", fDeviceBrowser},
	{"operating system", fDeviceOS},
	{"operatingsystem", fDeviceOS},
	{"compliant", fDeviceCompliant},
	{"managed", fDeviceManaged},
	{"join type", fDeviceTrust},
	{"risklevelduringsignin", fRiskLevel},
	{"risklevelaggregated", fRiskAggregate},
	{"riskstate", fRiskState},
	{"riskdetail", fRiskDetail},
	{"isinteractive", fInteractive},
	{"associated resource id", fAzureResource},
	{"token protection - sign in session", fBinding},
	{"# sign-ins", fGrouped},
	{"# sign ins", fGrouped},
	{"number of sign-ins", fGrouped},
})

// keyTable finds a field by name without hashing the whole name.
type keyTable struct {
	slots [512]fieldName
}

func newKeyTable(names []fieldName) *keyTable {
	t := &keyTable{}
	for _, n := range names {
		i := t.slot(n.name)
		for t.slots[i].name != "" {
			if t.slots[i].name == n.name {
				panic("ingest: field name " + n.name + " is listed twice")
			}
			i = (i + 1) % len(t.slots)
		}
		t.slots[i] = n
	}
	return t
}

func (t *keyTable) slot(key string) int {
	n := len(key)
	if n == 0 {
		return 0
	}
	h := uint32(n)*0x9e3779b1 ^ uint32(key[0])*0x85ebca6b ^ uint32(key[n/2])*0xc2b2ae35 ^ uint32(key[n-1])*0x27d4eb2f ^ uint32(key[n/4])*0x165667b1 //nolint:gosec // lengths are small
	return int(h>>16^h) % len(t.slots)
}

func (t *keyTable) find(key string) field {
	for i := t.slot(key); t.slots[i].name != ""; i = (i + 1) % len(t.slots) {
		if t.slots[i].name == key {
			return t.slots[i].f
		}
	}
	return fNone
}
