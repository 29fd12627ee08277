package replay

import (
	"cmp"
	"slices"
	"strings"

	"frisk/internal/policy"
)

// Reasons that lie with the policies given: another policy, another version,
// another state than at the time.

var _ = registerReason(Reason{
	Code: "not-in-set", Title: "the policy is not among those given", order: 20,
	Doc:      "The log has evaluated a policy that the folder of current policies does not hold: it was deleted since, belongs to another tenant, or was left out of the export. Microsoft-managed policies are often forgotten. The item is the policy.",
	Supply:   "Export all policies (analyze fetch entra --only policies), and those deleted since from a backup or the audit log as a dated folder (policies/2026-05-01/...).",
	explains: func(m *miss) (string, bool) { return cmp.Or(m.e.name, m.e.id), m.p == nil && !m.e.outside },
})

var _ = registerReason(Reason{
	Code: "no-version-then", Title: "no version of the policy is known for that time", order: 21,
	Doc:      "The policy is among those given, but no version of it counts for the time of the sign-in: the dated folders or its creation date say that it came later, or was gone.",
	Supply:   "Add a dated folder from before the sign-in, or the audit log with the category Policy (az rest --method get --url \"https://graph.microsoft.com/v1.0/auditLogs/directoryAudits?$filter=category eq 'Policy'\").",
	explains: func(m *miss) (string, bool) { return "", m.e.outside },
})

var _ = registerReason(Reason{
	Code: "hidden-result", Title: "the export hides report-only results", order: 10,
	Doc:      "The log says unknownFutureValue: Graph hides the results of report-only policies from callers that do not ask for them. Nothing can be compared with it, and it does not mean that the policy did not apply.",
	Supply:   "Export sign-ins again with the request header Prefer: include-unknown-enum-members.",
	explains: func(m *miss) (string, bool) { return "", m.p != nil && m.e.result == policy.ResultUnknown },
})

var _ = registerReason(Reason{
	Code: "policy-state-then", Title: "the policy was in another state", order: 30,
	Doc:    "The log shows the policy off, enforced or report-only where the version given is not: it was switched since.",
	Supply: "Give the version of the time: a dated folder of policies (policies/2026-05-01/...), or the audit log entry \"Update conditional access policy\".",
	explains: func(m *miss) (string, bool) {
		return m.e.state().String(), m.e.state() != m.p.State && m.p.State != policy.StateOther
	},
})

var _ = registerReason(Reason{
	Code: "policy-edited", Title: "the policy was edited since", order: 40,
	Doc: "The sign-in came before the last known edit of the policy took effect (an edit can take a day to reach everything), or the log shows conditions or controls that the version given does not have. " +
		"The item says what differs.",
	Supply: "Give the versions in force during the log: dated folders of policies, or the audit log entries \"Update conditional access policy\" (category Policy), which hold the old and the new JSON.",
	explains: func(m *miss) (string, bool) {
		if m.inner {
			return "", false
		}
		if what := m.structure(); what != "" {
			return what, true
		}
		if !m.edited || m.unknown {
			return "", false
		}
		below := *m
		below.inner = true
		r, _ := below.explain()
		return r.Code, true
	},
})

// structure names what the log shows of the policy that the version given does
// not have, or the reverse; "" for nothing. A condition that is not configured
// has no bit, and what comes after a failing group is not tested (reference 2.4).
func (m *miss) structure() string {
	if m.unknown {
		return ""
	}
	if m.masked && m.p.Workload == nil {
		const rest = ^uint32(policy.BitApplication | policy.BitUsers | policy.BitServicePrincipals)
		theirs, ours := (m.theirYes|m.theirNo)&rest, (m.yes|m.no|m.unk)&rest
		theyGotThere := m.theirNo&^rest == 0
		weGotThere := (m.no|m.unk)&^rest == 0
		if names := bitNames(theirs &^ ours); weGotThere && theyGotThere && len(names) > 0 {
			return "had " + strings.Join(names, ", ")
		}
		if names := bitNames(ours &^ theirs); weGotThere && theyGotThere && len(names) > 0 {
			return "had no " + strings.Join(names, ", ")
		}
	}
	if m.graded {
		if what := m.controls(); what != "" {
			return what
		}
	}
	return ""
}

// controls compares the grant labels of the log, which it repeats on every
// evaluation (reference 2.3), with the controls of the version given.
func (m *miss) controls() string {
	if len(m.e.grant) == 0 || m.p.Grant == nil {
		return ""
	}
	for c := policy.Controls(1); c <= policy.ControlOther; c <<= 1 {
		label := policy.GrantLabel(c)
		if label == "" {
			continue
		}
		theirs := slices.ContainsFunc(m.e.grant, func(s string) bool { return strings.EqualFold(s, label) })
		ours := m.p.Grant.Controls&c != 0
		switch {
		// The built-in strength "multifactor" may be logged as the control it equals.
		case theirs && !ours && !(c == policy.ControlMFA && m.p.Grant.Controls&policy.ControlStrength != 0):
			return "had " + c.Names()[0]
		case ours && !theirs:
			return "had no " + c.Names()[0]
		}
	}
	return ""
}
