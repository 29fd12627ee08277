package synth

import (
	"strconv"
	"time"

	"frisk/internal/signin"
)

// encoder writes records in the shapes Entra exports. It appends to a buffer and
// keeps the policy evaluations it has written before, because they are two
// thirds of the bytes and few differ.
type encoder struct {
	t     *Tenant
	graph bool // Graph spelling of condition masks (words), else Azure Monitor's (numbers)
	cache map[evalKey][]byte
}

type evalKey struct {
	policy int
	before bool // the version before an edit
	eval   eval
}

func newEncoder(t *Tenant, graph bool) *encoder {
	return &encoder{t: t, graph: graph, cache: map[evalKey][]byte{}}
}

// str appends a JSON string.
func str(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		if s[i] == '"' || s[i] == '\\' {
			b = append(b, '\\')
		}
		b = append(b, s[i])
	}
	return append(b, '"')
}

// field appends ,"name":"value".
func field(b []byte, name, value string) []byte {
	b = append(b, ',', '"')
	b = append(b, name...)
	b = append(b, '"', ':')
	return str(b, value)
}

func guidField(b []byte, name string, g signin.GUID) []byte {
	b = append(b, ',', '"')
	b = append(b, name...)
	b = append(b, '"', ':', '"')
	b = appendGUID(b, g)
	return append(b, '"')
}

func appendGUID(b []byte, g signin.GUID) []byte {
	const hex = "0123456789abcdef"
	for i, c := range g {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			b = append(b, '-')
		}
		b = append(b, hex[c>>4], hex[c&15])
	}
	return b
}

// stamp appends the time as Entra writes it.
func stamp(b []byte, t signin.Time) []byte {
	return t.Time().AppendFormat(b, "2006-01-02T15:04:05.000000Z")
}

var (
	noGUID   signin.GUID
	zeroGUID = noGUID.String()
)

// signIn appends the Graph signIn resource (beta) of a record, which is also
// the properties object of a diagnostic record.
func (e *encoder) signIn(b []byte, r *Record) []byte {
	id := identityOf(e.t, r)
	app, res := id.app, &targets[r.resource]
	b = append(b, `{"id":"`...)
	b = appendGUID(b, r.ID)
	b = append(b, `","createdDateTime":"`...)
	b = stamp(b, r.Time)
	b = append(b, '"')
	b = field(b, "userDisplayName", id.display)
	b = field(b, "userPrincipalName", id.upn)
	b = field(b, "userId", id.userID)
	b = field(b, "appId", app.id)
	b = field(b, "appDisplayName", app.name)
	b = append(b, `,"ipAddress":"`...)
	b = r.where.ip.AppendTo(b)
	b = append(b, `","ipAddressFromResourceProvider":null`...)
	b = field(b, "clientAppUsed", clientNames[r.client])
	b = field(b, "userAgent", userAgents[r.ua].text)
	b = guidField(b, "correlationId", r.corr)
	b = field(b, "conditionalAccessStatus", resultNames[r.status])
	b = guidField(b, "originalRequestId", r.orig)
	b = append(b, `,"isInteractive":`...)
	b = strconv.AppendBool(b, r.stream == signin.Interactive)
	b = append(b, `,"tokenIssuerName":"","tokenIssuerType":"AzureAD","processingTimeInMilliseconds":`...)
	b = strconv.AppendInt(b, 90+int64(r.ID[3]), 10)
	b = e.risk(b, r)
	b = field(b, "resourceDisplayName", res.name)
	b = field(b, "resourceId", res.id)
	b = field(b, "resourceTenantId", tenantID)
	b = field(b, "homeTenantId", id.homeTenant)
	b = append(b, `,"homeTenantName":"","authenticationMethodsUsed":[]`...)
	b = field(b, "authenticationRequirement", map[bool]string{false: "singleFactorAuthentication", true: "multiFactorAuthentication"}[r.mfa])
	b = field(b, "signInIdentifier", id.upn)
	b = append(b, `,"signInIdentifierType":null`...)
	b = field(b, "servicePrincipalName", id.spName)
	b = append(b, `,"signInEventTypes":["`...)
	b = append(b, eventTypes[r.stream]...)
	b = append(b, `"]`...)
	b = field(b, "servicePrincipalId", id.spID)
	b = append(b, `,"federatedCredentialId":""`...)
	b = field(b, "userType", id.userType)
	b = append(b, `,"flaggedForReview":false,"isTenantRestricted":false,"autonomousSystemNumber":`...)
	b = strconv.AppendUint(b, uint64(r.where.network().asn), 10)
	b = field(b, "crossTenantAccessType", id.crossTenant)
	b = append(b, `,"servicePrincipalCredentialKeyId":null,"servicePrincipalCredentialThumbprint":""`...)
	b = field(b, "uniqueTokenIdentifier", uti(r.ID))
	b = field(b, "incomingTokenType", tokenNames[r.token])
	b = field(b, "authenticationProtocol", protocolOf(r))
	b = append(b, `,"resourceServicePrincipalId":null`...)
	b = field(b, "signInTokenProtectionStatus", r.binding.word())
	b = append(b, `,"tokenProtectionStatusDetails":`...)
	b = protection(b, r)
	b = field(b, "originalTransferMethod", map[bool]string{false: "none", true: "deviceCodeFlow"}[r.transfer])
	b = append(b, `,"isThroughGlobalSecureAccess":false,"globalSecureAccessIpAddress":null`...)
	if r.session == noGUID {
		b = append(b, `,"sessionId":null`...)
	} else {
		b = guidField(b, "sessionId", r.session)
	}
	b = field(b, "appOwnerTenantId", app.owner)
	b = field(b, "resourceOwnerTenantId", microsoftID)
	b = append(b, `,"mfaDetail":null,"authenticationAppDeviceDetails":null,"status":`...)
	b = e.status(b, r)
	b = append(b, `,"deviceDetail":`...)
	b = e.device(b, r)
	b = append(b, `,"location":`...)
	b = location(b, r.where.place())
	b = append(b, `,"appliedConditionalAccessPolicies":`...)
	b = e.policies(b, r)
	b = append(b, `,"conditionalAccessAudiences":`...)
	if r.policies {
		b = append(b, '[')
		b = str(b, res.id)
		b = append(b, ']')
	} else {
		b = append(b, "[]"...)
	}
	b = append(b, `,"authenticationContextClassReferences":[],"authenticationProcessingDetails":[],"networkLocationDetails":`...)
	b = e.networkLocations(b, r)
	b = append(b, `,"authenticationDetails":`...)
	b = e.details(b, r)
	b = append(b, `,"authenticationRequirementPolicies":`...)
	b = requirements(b, r)
	b = append(b, `,"sessionLifetimePolicies":`...)
	b = lifetimes(b, r)
	return append(b, '}')
}

var eventTypes = [...]string{
	signin.Interactive: "interactiveUser", signin.NonInteractive: "nonInteractiveUser",
	signin.ServicePrincipal: "servicePrincipal", signin.ManagedIdentity: "managedIdentity",
}

func protocolOf(r *Record) string {
	switch {
	case r.ropc:
		return "ropc"
	case r.transfer && r.stream == signin.Interactive:
		return "deviceCode"
	case r.robot >= 0:
		return "none"
	}
	return "oAuth2"
}

// identity is who a record is about, in the words of a sign-in row.
type identity struct {
	display, upn, userID, userType string
	spName, spID                   string
	homeTenant, crossTenant        string
	app                            appRef
}

type appRef struct{ id, name, owner string }

func identityOf(t *Tenant, r *Record) identity {
	if r.robot >= 0 {
		b := &t.robots[r.robot]
		return identity{
			spName: b.name, spID: b.id.String(), homeTenant: tenantID, crossTenant: "none", userType: "member",
			app: appRef{b.app.String(), b.name, tenantID},
		}
	}
	p := t.people[r.person]
	a := &targets[r.app]
	id := identity{
		display: p.display(), upn: p.upn, userID: p.id.String(), userType: "member", homeTenant: tenantID,
		crossTenant: "none", app: appRef{a.id, a.name, microsoftID},
	}
	if p.guest {
		id.userType, id.homeTenant, id.crossTenant = "guest", partnerID, "b2bCollaboration"
	}
	if r.unknown {
		id.display, id.userID = "", zeroGUID
		id.upn = unknownNames[int(r.ID[0])%len(unknownNames)] + "@" + domain
	}
	return id
}

var unknownNames = []string{"info", "admin", "office", "sales", "test", "backup", "scanner", "accounting"}

func (e *encoder) risk(b []byte, r *Record) []byte {
	level := riskNames[r.risk]
	state := "none"
	if r.risk != riskNone {
		state = "atRisk"
		if r.code == 0 && r.mfa && r.Entries() > 1 {
			state = "remediated"
		}
	}
	detail := "none"
	if state == "remediated" {
		detail = "userPassedMFADrivenByRiskBasedPolicy"
	}
	b = field(b, "riskDetail", detail)
	b = field(b, "riskLevelAggregated", level)
	b = field(b, "riskLevelDuringSignIn", level)
	b = field(b, "riskState", state)
	b = append(b, `,"riskEventTypes_v2":[`...)
	if r.riskEvent != eventNone && r.risk != riskNone {
		b = str(b, riskEvents[r.riskEvent])
	}
	return append(b, ']')
}

// ended is the time a fresh record was written: minutes after the event.
func ended(r *Record) time.Time {
	return (r.Time + 2*signin.Minute + signin.Time(r.ID[5])*signin.Second).Time()
}
