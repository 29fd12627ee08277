package replay

import (
	"strings"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// Reasons that lie with the remaining conditions.

var _ = registerReason(Reason{
	Code: "location-then", Title: "the location was another one then", order: 70, subject: signin.DimCountry, hasDim: true,
	Doc: "The log shows the location condition met (or not), and the named locations given say otherwise or do not say: ranges were added or removed since, a location lost its trust, or it is missing from the export. " +
		"The item is the location, or allTrusted; the subject is the country of the sign-ins.",
	Supply: "Export named locations (GET /beta/identity/conditionalAccess/namedLocations) at several dates as dated folders, or the audit log entries \"Update named location\"; sign-ins with networkLocationDetails (beta, diagnostic settings) " +
		"carry what matched at the time.",
	explains: func(m *miss) (string, bool) { return m.place(), m.on(policy.BitLocation) },
})

// place is the location of the policy in question: the only one the rule can
// mean, else all of the side.
func (m *miss) place() string {
	if m.p.Locations == nil {
		return ""
	}
	for _, side := range []struct {
		rules []string
		list  []string
	}{{m.e.exclude, m.p.Locations.Exclude}, {m.e.include, m.p.Locations.Include}} {
		for _, rule := range side.rules {
			cond, name, _ := strings.Cut(rule, ":")
			if !strings.EqualFold(cond, "location") {
				continue
			}
			if strings.EqualFold(name, "allTrustedLocations") {
				return "alltrusted"
			}
			if ids := named(side.list); ids != "" {
				return ids
			}
		}
	}
	if ids := named(m.p.Locations.Exclude); ids != "" {
		return ids
	}
	if len(m.p.Locations.Exclude) > 0 {
		return strings.Join(m.p.Locations.Exclude, ",")
	}
	return strings.Join(m.p.Locations.Include, ",")
}

// named are the ids of a location list, without the words.
func named(list []string) string {
	var out []string
	for _, id := range list {
		if id != "all" && id != "alltrusted" {
			out = append(out, id)
		}
	}
	return strings.Join(out, ",")
}

var _ = registerReason(Reason{
	Code: "platform", Title: "another device platform", order: 71, subject: signin.DimOS, hasDim: true,
	Doc:      "The log read another platform, or none, from the request than the exported operating system and user agent say. The subject is the operating system.",
	Supply:   "Export sign-ins with userAgent (beta endpoint, diagnostic settings).",
	explains: func(m *miss) (string, bool) { return "", m.on(policy.BitPlatform) },
})

var _ = registerReason(Reason{
	Code: "client-type", Title: "another kind of client", order: 72, subject: signin.DimClient, hasDim: true,
	Doc:      "The log counted the client as another kind (browser, modern, Exchange ActiveSync, other) than clientAppUsed says. The subject is clientAppUsed.",
	Supply:   "Export sign-ins with clientAppUsed; rows without it stay unknown. If the text is one frisk sorts wrongly, please report it.",
	explains: func(m *miss) (string, bool) { return "", m.on(policy.BitClient) },
})

var _ = registerReason(Reason{
	Code: "sign-in-risk", Title: "the sign-in risk is hidden or was another", order: 73, subject: signin.DimRiskLevel, hasDim: true,
	Doc:      "The row hides riskLevelDuringSignIn (no P2 licence, or an export without it), or shows another level than the policy saw: risk is adjusted later.",
	Supply:   "Export sign-ins with an account that may read risk (IdentityRiskEvent.Read.All) in a tenant with Entra ID P2.",
	explains: func(m *miss) (string, bool) { return "", m.on(policy.BitSignInRisk) },
})

var _ = registerReason(Reason{
	Code: "user-risk", Title: "the user's risk at the time", order: 74,
	Doc:      "The policy tests the risk of the user, which no sign-in row carries.",
	Supply:   "Export the history of risky users (GET /v1.0/identityProtection/riskyUsers, and each one's /history), or the diagnostic category RiskyUsers.",
	explains: func(m *miss) (string, bool) { return "", m.on(policy.BitUserRisk) },
})

var _ = registerReason(Reason{
	Code: "insider-risk", Title: "the insider risk at the time", order: 75,
	Doc:      "The policy tests insider risk, which comes from Microsoft Purview and is in no sign-in row.",
	Supply:   "A table of users, levels and dates from Adaptive Protection in the directory folder.",
	explains: func(m *miss) (string, bool) { return "", m.on(policy.BitInsiderRisk) },
})

var _ = registerReason(Reason{
	Code: "service-principal-risk", Title: "the service principal's risk at the time", order: 76,
	Doc:      "The policy tests the risk of the workload identity, which no sign-in row carries.",
	Supply:   "Export risky service principals with their history (GET /v1.0/identityProtection/riskyServicePrincipals).",
	explains: func(m *miss) (string, bool) { return "", m.on(policy.BitServicePrincipalRisk) },
})

var _ = registerReason(Reason{
	Code: "device-inventory", Title: "the device was another one, or is not described", order: 77,
	Doc: "The policy filters by device attributes, or by its state. Most attributes are not in the sign-in row but in the device inventory, which is as of the day of the export.",
	Supply: "Export devices (GET /v1.0/devices?$select=id,deviceId,displayName,trustType,isCompliant,profileType,manufacturer,model,operatingSystem,operatingSystemVersion,physicalIds,systemLabels,extensionAttributes) into the directory folder; " +
		"set policies.options.devicesComplete when it has every attribute.",
	explains: func(m *miss) (string, bool) { return "", m.on(policy.BitDevice) },
})

var _ = registerReason(Reason{
	Code: "auth-flow", Title: "was it a device code or transferred session?", order: 78,
	Doc:      "The policy is about device code flow or authentication transfer; a session is tracked through its refreshes, and the export does not say where this one came from.",
	Supply:   "Export sign-ins with authenticationProtocol and originalTransferMethod (beta endpoint, diagnostic settings), non-interactive ones too.",
	explains: func(m *miss) (string, bool) { return "", m.on(policy.BitFlows) },
})

var _ = registerReason(Reason{
	Code: "unread-condition", Title: "a condition frisk does not know", order: 79,
	Doc:    "The policy has a condition that is not evaluated: it may be narrower than what is replayed. analyze policy check lists it.",
	Supply: "Nothing; please report the policy's JSON (without names) so that the condition can be added.",
	explains: func(m *miss) (string, bool) {
		return "", m.p.Incomplete && m.bit == 0 && !m.graded
	},
})

var _ = registerReason(Reason{
	Code: "no-masks", Title: "the log does not say which condition", order: 80,
	Doc:    "Log and replay differ on whether the policy applied, and the export carries no condition masks, so which condition it is cannot be told. The item lists the conditions the policy has.",
	Supply: "Export sign-ins from the beta endpoint of Graph or from diagnostic settings: they carry conditionsSatisfied, conditionsNotSatisfied and the rules.",
	explains: func(m *miss) (string, bool) {
		return strings.Join(bitNames(m.yes|m.no|m.unk), ","), m.bit == 0 && !m.graded
	},
})
