package ingest

import (
	"cmp"
	"strings"

	"frisk/internal/signin"
)

// The facts of a Keycloak event, in the same names in every spelling of it; from
// kcUsername on they are details.
const (
	kcType = iota
	kcRealm
	kcRealmName
	kcClient
	kcUser
	kcSession
	kcIP
	kcError
	kcUsername
	kcMethod
	kcGrant
	kcCredential
	kcCode
	kcIDP
	kcUserAgent
	kcFields
)

// keycloakNames are the members that hold them.
var keycloakNames = map[string]int{
	"type": kcType, "realmId": kcRealm, "realmName": kcRealmName, "clientId": kcClient, "userId": kcUser, "sessionId": kcSession, "session_id": kcSession,
	"ipAddress": kcIP, "error": kcError, "username": kcUsername, "auth_method": kcMethod, "auth_type": kcGrant, "grant_type": kcGrant,
	"credential_type": kcCredential, "selected_credential_type": kcCredential, "code_id": kcCode, "identity_provider": kcIDP,
	"user_agent": kcUserAgent, "userAgent": kcUserAgent,
}

// keycloakEvent collects them.
type keycloakEvent struct {
	v    [kcFields]string
	seen [kcFields]bool
}

// keycloakOnce are the members that Keycloak writes once, and by which an event
// could be made another person's.
var keycloakOnce = [kcFields]bool{
	kcType: true, kcRealm: true, kcRealmName: true, kcClient: true, kcUser: true, kcIP: true, kcError: true, kcUsername: true,
}

// set takes a member, of the event or of its details. The first of a name
// counts, even if it says null: what Keycloak itself writes stands before the
// details, which hold what the person typed.
func (k *keycloakEvent) set(name, value string) {
	if i, ok := keycloakNames[name]; ok && !k.seen[i] {
		k.v[i], k.seen[i] = saidText(value), true
	}
}

// keycloakTypes are the event types that are attempts to sign in, without the
// _ERROR that marks their refusals (org.keycloak.events.EventType). Token
// introspection, log-outs, registrations, required actions and administrator
// events are counted by type.
var keycloakTypes = map[string]signin.Stream{
	"LOGIN":                          signin.Interactive,
	"IDENTITY_PROVIDER_LOGIN":        signin.Interactive,
	"IDENTITY_PROVIDER_POST_LOGIN":   signin.Interactive,
	"CODE_TO_TOKEN":                  signin.NonInteractive,
	"REFRESH_TOKEN":                  signin.NonInteractive,
	"TOKEN_EXCHANGE":                 signin.NonInteractive,
	"AUTHREQID_TO_TOKEN":             signin.NonInteractive,
	"OAUTH2_DEVICE_CODE_TO_TOKEN":    signin.NonInteractive,
	"OAUTH2_DEVICE_VERIFY_USER_CODE": signin.Interactive,
	"CLIENT_LOGIN":                   signin.ServicePrincipal,
}

// keycloakErrors are the error constants (org.keycloak.events.Errors).
var keycloakErrors = map[string]signin.Reason{
	"invalid_user_credentials":          signin.BadPassword,
	"password_missing":                  signin.BadPassword,
	"user_not_found":                    signin.NoSuchUser,
	"username_missing":                  signin.NoSuchUser,
	"invalid_user":                      signin.NoSuchUser,
	"user_disabled":                     signin.Disabled,
	"realm_disabled":                    signin.Disabled,
	"user_temporarily_disabled":         signin.Locked,
	"expired_code":                      signin.SessionExpired,
	"session_expired":                   signin.SessionExpired,
	"user_session_not_found":            signin.SessionExpired,
	"expired_oauth2_device_code":        signin.SessionExpired,
	"cookie_not_found":                  signin.SessionExpired,
	"not_logged_in":                     signin.Silent,
	"login_required":                    signin.Silent,
	"interaction_required":              signin.Silent,
	"invalid_token":                     signin.BadToken,
	"invalid_code":                      signin.BadToken,
	"token_introspection_failed":        signin.BadToken,
	"rejected_by_user":                  signin.Consent,
	"consent_denied":                    signin.Consent,
	"access_denied":                     signin.PolicyBlock,
	"not_allowed":                       signin.PolicyBlock,
	"resolve_required_actions":          signin.Interrupt,
	"client_not_found":                  signin.ProtocolError,
	"client_disabled":                   signin.ClientCredential,
	"invalid_client":                    signin.ClientCredential,
	"invalid_client_credentials":        signin.ClientCredential,
	"unauthorized_client":               signin.ClientCredential,
	"invalid_request":                   signin.ProtocolError,
	"invalid_redirect_uri":              signin.ProtocolError,
	"invalid_saml_response":             signin.ProtocolError,
	"invalid_authn_request":             signin.ProtocolError,
	"invalid_signature":                 signin.ProtocolError,
	"invalid_issuer":                    signin.ProtocolError,
	"invalid_code_verifier":             signin.ProtocolError,
	"code_verifier_missing":             signin.ProtocolError,
	"pkce_verification_failed":          signin.ProtocolError,
	"ssl_required":                      signin.ProtocolError,
	"different_user_authenticated":      signin.ProtocolError,
	"identity_provider_login_failure":   signin.OtherReason,
	"identity_provider_error":           signin.ServiceError,
	"invalid_email":                     signin.OtherReason,
	"federated_identity_account_exists": signin.OtherReason,
}

// keycloakSecond are the credential types that are a second factor; a password
// or none named is not.
func keycloakSecond(credential string) bool {
	switch credential {
	case "otp", "webauthn", "recovery-authn-codes":
		return true
	}
	return false
}

// fill turns what was collected into an event; time and id are the caller's.
func (k *keycloakEvent) fill(r *kit, ev *signin.Event) (other string) {
	typ, failure := k.v[kcType], k.v[kcError]
	base, refused := strings.CutSuffix(typ, "_ERROR")
	stream, ok := keycloakTypes[base]
	if !ok {
		return typ
	}
	ev.Stream, ev.Tenant, ev.Session, ev.Correlation, ev.Code = stream, cmp.Or(k.v[kcRealm], k.v[kcRealmName]), k.v[kcSession], k.v[kcCode], typ
	p := &ev.Principal
	p.ID, p.Name, p.Kind = k.v[kcUser], strings.ToLower(k.v[kcUsername]), signin.Member
	if stream == signin.ServicePrincipal {
		p.ID, p.Name, p.Kind = cmp.Or(p.ID, k.v[kcClient]), cmp.Or(p.Name, k.v[kcClient]), signin.Service
	}
	if p.ID == "" && p.Name == "" {
		return nobody(typ)
	}
	ev.App, ev.Client, ev.UserAgent, ev.Protocol = signin.Target{ID: k.v[kcClient]}, k.v[kcGrant], k.v[kcUserAgent], k.v[kcMethod]
	if idp := k.v[kcIDP]; idp != "" {
		ev.Detail = "identity provider " + idp
	}
	r.address(ev, k.v[kcIP])
	credential := k.v[kcCredential]
	second := keycloakSecond(credential)
	step := signin.Factor{Method: credential, Succeeded: "true"}
	if refused {
		ev.Outcome, ev.Reason, ev.ReasonText = signin.Failure, signin.OtherReason, failure
		ev.Code = cmp.Or(failure, typ)
		if class, ok := keycloakErrors[failure]; ok {
			ev.Reason = class
		}
		if ev.Reason == signin.BadPassword && second {
			ev.Reason = signin.MFAFailed // one constant for a wrong password and a wrong code
		}
		if ev.Reason == signin.Interrupt {
			ev.Outcome = signin.Challenge
		}
		if second {
			ev.MFA.State = signin.MFANotDone
		}
		step.Succeeded, step.Result = "false", failure
	} else {
		ev.Outcome = signin.Success
		if second {
			ev.MFA.State = signin.MFADone
		}
	}
	if credential != "" {
		ev.MFA.Methods, ev.MFA.Factors = r.set(credential), r.factors(step)
	}
	return ""
}
