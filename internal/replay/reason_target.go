package replay

import (
	"slices"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// Reasons that lie with what was asked for: the application condition.

var _ = registerReason(Reason{
	Code: "bundle", Title: "an app group: is this app in it?", order: 50, subject: signin.DimResource, hasDim: true,
	Doc: "The policy names an app group (Office365, MicrosoftAdminPortals), for which Microsoft publishes names but no app ids. The list in use does not say, or says wrongly, whether the resource of the sign-in belongs to it. " +
		"The subject is the resource id.",
	Supply: "Add the resource id to members or notMembers of the app group file (policies.options.appGroups in frisk.yaml), or let it be learned: an enabled or report-only policy on the app group alone proves membership in every row.",
	explains: func(m *miss) (string, bool) {
		if !m.on(policy.BitApplication) {
			return "", false
		}
		b := bundleOf(m.p)
		return b, b != ""
	},
})

// bundleOf is the first app group a policy names, in Graph's spelling; "" for none.
func bundleOf(p *policy.Policy) string {
	for _, list := range [][]string{p.Apps.Include, p.Apps.Exclude} {
		for _, id := range list {
			for _, b := range bundleNames {
				if strings.EqualFold(id, b) {
					return b
				}
			}
		}
	}
	return ""
}

// bundleNames are the app groups whose members Microsoft does not publish (reference 1.5).
var bundleNames = [2]string{"Office365", "MicrosoftAdminPortals"}

var _ = registerReason(Reason{
	Code: "report-only-action", Title: "report-only cannot test user actions", order: 51,
	Doc:    "A report-only policy for a user action (register security info, register device): Microsoft does not evaluate it, whatever the sign-in was.",
	Supply: "Nothing: compare it once the policy is enabled.",
	explains: func(m *miss) (string, bool) {
		return "", m.on(policy.BitApplication) && len(m.p.Apps.UserActions) > 0 && m.p.State == policy.ReportOnly
	},
})

var _ = registerReason(Reason{
	Code: "user-action", Title: "was the user registering something?", order: 52,
	Doc:    "The policy is for a user action (register security info, register device), which no sign-in row names.",
	Supply: "Nothing that is exported says it; read such a policy's figures from its recorded results.",
	explains: func(m *miss) (string, bool) {
		return "", m.on(policy.BitApplication) && len(m.p.Apps.UserActions) > 0
	},
})

var _ = registerReason(Reason{
	Code: "auth-context", Title: "was an authentication context asked for?", order: 53,
	Doc:    "The policy is for authentication contexts, and the export does not list those of the sign-in (or lists others).",
	Supply: "Export sign-ins from the beta endpoint of Graph or from diagnostic settings: they carry authenticationContextClassReferences.",
	explains: func(m *miss) (string, bool) {
		return strings.Join(m.p.Apps.AuthContexts, ","), m.on(policy.BitApplication) && len(m.p.Apps.AuthContexts) > 0
	},
})

var _ = registerReason(Reason{
	Code: "app-filter", Title: "an app filter reads attributes no log carries", order: 54, subject: signin.DimResource, hasDim: true,
	Doc:    "The policy selects apps by custom security attributes of their service principals.",
	Supply: "Export service principals with their attributes (GET /beta/servicePrincipals?$select=id,appId,displayName,customSecurityAttributes) into the directory folder.",
	explains: func(m *miss) (string, bool) {
		return "", m.on(policy.BitApplication) && m.p.Apps.Filter
	},
})

var _ = registerReason(Reason{
	Code: "low-privilege", Title: "all resources with exclusions: the 2026 change", order: 55, subject: signin.DimResource, hasDim: true,
	Doc: "The policy covers all resources but for some. Until 2026 sign-ins that asked only for sign-in scopes of the directory were skipped; since then they are covered. " +
		"The change came in phases, and the row does not list scopes.",
	Supply: "Set the date of the change in your tenant (policies.options.lowPrivilegeFrom in frisk.yaml); the first recorded evaluation of such a sign-in shows it.",
	explains: func(m *miss) (string, bool) {
		if !m.on(policy.BitApplication) || !slices.Contains(m.p.Apps.Include, "all") || len(m.p.Apps.Exclude) == 0 {
			return "", false
		}
		id := strings.ToLower(m.w.t.sym.Text(m.row, signin.DimResource))
		return "", id == "00000002-0000-0000-c000-000000000000" || id == "00000003-0000-0000-c000-000000000000"
	},
})

var _ = registerReason(Reason{
	Code: "target", Title: "another application than the row names", order: 59, subject: signin.DimResource, hasDim: true,
	Doc: "The application condition differs although the policy names plain app ids. Conditional Access may have looked at more audiences than the resource of the row (a web app, a service that another one stands for), " +
		"or the policy's list of apps was another one. The subject is the resource id.",
	Supply:   "Export sign-ins with conditionalAccessAudiences (beta endpoint, or column ConditionalAccessAudiences); else dated versions of the policy.",
	explains: func(m *miss) (string, bool) { return "", m.on(policy.BitApplication) },
})
