package ingest

import (
	"strings"

	"frisk/internal/signin"
)

// The captions of OCSF's numbers (schema.ocsf.io/1.5.0/classes/authentication and
// /objects/auth_factor). Producers may leave a caption out; 0 is unknown, and for
// 99 only the caption says what it is.
var (
	ocsfProtocols = map[string]string{
		"1": "NTLM", "2": "Kerberos", "3": "Digest", "4": "OpenID", "5": "SAML", "6": "OAUTH 2.0", "7": "PAP", "8": "CHAP", "9": "EAP", "10": "RADIUS",
		"11": "Basic Authentication", "12": "LDAP",
	}
	ocsfLogonTypes = map[string]string{
		"1": "System", "2": "Interactive", "3": "Network", "4": "Batch", "5": "OS Service", "7": "Unlock", "8": "Network Cleartext", "9": "New Credentials",
		"10": "Remote Interactive", "11": "Cached Interactive", "12": "Cached Remote Interactive", "13": "Cached Unlock",
	}
	ocsfFactors = map[string]string{
		"1": "SMS", "2": "Security Question", "3": "Phone Call", "4": "Biometric", "5": "Push Notification", "6": "Hardware Token", "7": "OTP", "8": "Email",
		"9": "U2F", "10": "WebAuthn", "11": "Password",
	}
	ocsfRiskLevels = map[string]string{"0": "Info", "1": "Low", "2": "Medium", "3": "High", "4": "Critical"}
)

// ocsfCaption is the caption of a member, else that of its number (NAME_id); a
// number this version does not know stands for itself.
func ocsfCaption(v val, name string, captions map[string]string) string {
	if s := v.first(name); s != "" {
		return s
	}
	id := v.at(name + "_id").said()
	if c := captions[id]; c != "" {
		return c
	}
	if id == "0" || id == "99" {
		return ""
	}
	return id
}

// ocsfRisk keeps the producer's own verdicts: risk, and the policies that allowed
// or denied.
func (r *docRow) ocsfRisk(v val, ev *signin.Event) {
	ev.Risk.Level = strings.ToLower(ocsfCaption(v, "risk_level", ocsfRiskLevels))
	var detail []string
	if score := v.at("risk_score").said(); score != "" {
		detail = append(detail, "score "+score)
	}
	if text := v.at("risk_details").said(); text != "" {
		detail = append(detail, text)
	}
	ev.Risk.Detail = strings.Join(detail, "; ")
	var policies []signin.RecordedPolicy
	for a := range v.at("authorizations").elems() {
		p := signin.RecordedPolicy{
			ID: a.first("policy.uid"), Name: a.first("policy.name"), Result: strings.ToLower(a.at("decision").said()), Satisfied: -1, NotSatisfied: -1,
		}
		if p.ID != "" || p.Name != "" {
			policies = append(policies, p)
		}
	}
	ev.Policies = signin.EncodeList(policies)
}
