package synth

import (
	"strconv"

	"frisk/internal/signin"
)

// diagnostic appends one line of a diagnostic setting's storage export
// (reference 2.6), newline included.
func (e *encoder) diagnostic(b []byte, r *Record) []byte {
	code := strconv.Itoa(int(r.code))
	signature := "SUCCESS"
	if r.code != 0 {
		signature = "FAILURE"
	}
	b = append(b, `{"time":"`...)
	b = ended(r).AppendFormat(b, "2006-01-02T15:04:05.0000000Z")
	b = append(b, `","resourceId":"/tenants/`...)
	b = append(b, tenantID...)
	b = append(b, `/providers/Microsoft.aadiam","operationName":"Sign-in activity","operationVersion":"1.0","category":"`...)
	b = append(b, categories[r.stream]...)
	b = append(b, '"')
	b = field(b, "tenantId", tenantID)
	b = field(b, "resultType", code)
	b = field(b, "resultSignature", signature)
	if r.code != 0 {
		b = field(b, "resultDescription", textOf(r.code).reason)
	}
	b = append(b, `,"durationMs":0,"callerIpAddress":"`...)
	b = r.where.ip.AppendTo(b)
	b = append(b, '"')
	b = guidField(b, "correlationId", r.corr)
	id := identityOf(e.t, r)
	b = field(b, "identity", id.display+id.spName)
	b = append(b, `,"Level":4`...)
	b = field(b, "location", r.where.place().country)
	b = append(b, `,"properties":`...)
	b = e.signIn(b, r)
	return append(b, '}', '\n')
}

var categories = [...]string{
	signin.Interactive: "SignInLogs", signin.NonInteractive: "NonInteractiveUserSignInLogs",
	signin.ServicePrincipal: "ServicePrincipalSignInLogs", signin.ManagedIdentity: "ManagedIdentitySignInLogs",
}

var tables = [...]string{
	signin.Interactive: "SigninLogs", signin.NonInteractive: "AADNonInteractiveUserSignInLogs",
	signin.ServicePrincipal: "AADServicePrincipalSignInLogs", signin.ManagedIdentity: "AADManagedIdentitySignInLogs",
}

// analyticsJSON appends one row of a Log Analytics table as JSON (reference
// 2.7): every structured column is a string that holds JSON.
func (e *encoder) analyticsJSON(b []byte, r *Record) []byte {
	for i, c := range e.analytics(r) {
		sep := byte(',')
		if i == 0 {
			sep = '{'
		}
		b = append(b, sep)
		b = str(b, c.name)
		b = append(b, ':')
		b = str(b, c.value)
	}
	return append(b, '}')
}

type column struct{ name, value string }

// analytics is a row as columns, in the order of the table.
func (e *encoder) analytics(r *Record) []column {
	id := identityOf(e.t, r)
	res := &targets[r.resource]
	text := func(f func([]byte) []byte) string { return string(f(nil)) }
	cols := []column{
		{"TenantId", logWorkspace},
		{"SourceSystem", "Azure AD"},
		{"TimeGenerated", ended(r).Format("2006-01-02T15:04:05.0000000Z")},
		{"ResourceId", "/tenants/" + tenantID + "/providers/Microsoft.aadiam"},
		{"OperationName", "Sign-in activity"},
		{"OperationVersion", "1.0"},
		{"Category", categories[r.stream]},
		{"ResultType", strconv.Itoa(int(r.code))},
		{"ResultSignature", "None"},
		{"ResultDescription", textOf(r.code).reason},
		{"DurationMs", "0"},
		{"CorrelationId", r.corr.String()},
		{"ResourceGroup", "Microsoft.aadiam"},
		{"Identity", id.display + id.spName},
		{"Level", "4"},
		{"Location", r.where.place().country},
		{"AppDisplayName", id.app.name},
		{"AppId", id.app.id},
		{"CreatedDateTime", text(func(b []byte) []byte { return stamp(b, r.Time) })},
		{"Id", r.ID.String()},
		{"OriginalRequestId", r.orig.String()},
		{"IPAddress", r.where.ip.String()},
		{"ConditionalAccessStatus", resultNames[r.status]},
		{"ConditionalAccessPolicies", text(func(b []byte) []byte { return e.policies(b, r) })},
		{"LocationDetails", text(func(b []byte) []byte { return location(b, r.where.place()) })},
		{"Status", text(func(b []byte) []byte { return e.status(b, r) })},
		{"ResourceDisplayName", res.name},
		{"ResourceIdentity", res.id},
		{"ResourceTenantId", tenantID},
		{"HomeTenantId", id.homeTenant},
		{"AADTenantId", tenantID},
		{"AutonomousSystemNumber", strconv.Itoa(int(r.where.network().asn))},
		{"UniqueTokenIdentifier", uti(r.ID)},
		{"CrossTenantAccessType", id.crossTenant},
		{"AuthenticationProcessingDetails", "[]"},
		{"NetworkLocationDetails", text(func(b []byte) []byte { return e.networkLocations(b, r) })},
		{"UserAgent", userAgents[r.ua].text},
		{"Type", tables[r.stream]},
	}
	if r.robot >= 0 {
		cols = append(cols, column{"ServicePrincipalId", id.spID}, column{"ServicePrincipalName", id.spName})
		if b := &e.t.robots[r.robot]; b.managed {
			cols = append(cols, column{
				"ManagedServiceIdentity",
				`{"msiType":"systemAssigned","associatedResourceId":"` + b.arm + `","federatedTokenId":"","federatedTokenIssuer":""}`,
			})
		} else {
			cols = append(cols, column{"ServicePrincipalCredentialKeyId", fixedGUID("key " + b.name).String()}, column{"ClientCredentialType", "clientSecret"})
		}
		return cols
	}
	session := ""
	if r.session != noGUID {
		session = r.session.String()
	}
	return append(cols,
		column{"UserDisplayName", id.display}, column{"UserId", id.userID}, column{"UserPrincipalName", id.upn}, column{"UserType", title(id.userType)},
		column{"IsInteractive", strconv.FormatBool(r.stream == signin.Interactive)}, column{"ClientAppUsed", clientNames[r.client]},
		column{"AuthenticationRequirement", map[bool]string{false: "singleFactorAuthentication", true: "multiFactorAuthentication"}[r.mfa]},
		column{"AuthenticationDetails", text(func(b []byte) []byte { return e.details(b, r) })},
		column{"AuthenticationRequirementPolicies", text(func(b []byte) []byte { return requirements(b, r) })},
		column{"SessionLifetimePolicies", text(func(b []byte) []byte { return lifetimes(b, r) })},
		column{"DeviceDetail", text(func(b []byte) []byte { return e.device(b, r) })},
		column{"TokenProtectionStatusDetails", text(func(b []byte) []byte { return protection(b, r) })},
		column{"IncomingTokenType", tokenNames[r.token]}, column{"AuthenticationProtocol", protocolOf(r)},
		column{"OriginalTransferMethod", map[bool]string{false: "none", true: "deviceCodeFlow"}[r.transfer]},
		column{"SessionId", session}, column{"RiskLevelDuringSignIn", riskNames[r.risk]},
		column{"RiskLevelAggregated", riskNames[r.risk]}, column{"RiskState", map[bool]string{true: "none", false: "atRisk"}[r.risk == riskNone]},
		column{"RiskDetail", "none"}, column{"SignInIdentifier", id.upn},
	)
}

func title(s string) string {
	if s == "" {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}
