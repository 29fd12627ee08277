package replay

import (
	"frisk/internal/policy"
)

// Reasons that lie with what the policy asks for: the conditions agree, the
// result does not.

// unseen are the controls only a recorded result could show (reference 1.9).
const unseen = policy.ControlApprovedApplication | policy.ControlCompliantApplication | policy.ControlPasswordChange |
	policy.ControlRiskRemediation | policy.ControlTermsOfUse | policy.ControlCustom | policy.ControlOther

func (m *miss) asks(c policy.Controls) bool {
	return m.graded && m.p.Grant != nil && m.p.Grant.Controls&c != 0
}

var _ = registerReason(Reason{
	Code: "beside-another", Title: "another policy of the same sign-in differs", order: 89,
	Doc: "The conditions of this policy agree. On the same sign-in another policy applied for the log and not for the replay, or the reverse: where one policy asks, those that need a second factor " +
		"count as unmet until the answer.",
	Supply:   "Nothing for this one: look at the other policy of the example, and this goes when that is settled.",
	explains: func(m *miss) (string, bool) { return "", m.graded && m.beside },
})

var _ = registerReason(Reason{
	Code: "unseen-control", Title: "a control no log shows", order: 90,
	Doc:      "The policy asks for terms of use, an app protection policy, a password change or a custom control. Whether it was met is in no sign-in row but the recorded result.",
	Supply:   "Nothing that is exported says it; read such a policy's figures from its recorded results.",
	explains: func(m *miss) (string, bool) { return "", m.asks(unseen) },
})

var _ = registerReason(Reason{
	Code: "device-state", Title: "the device's state as the policy saw it", order: 91,
	Doc:    "The policy asks for a compliant or hybrid joined device, and the state in the row is not what the policy was shown: private windows, device code and some clients do not send the device.",
	Supply: "Export sign-ins with deviceDetail in full (isCompliant, trustType); if the row has both and the result still differs, please report it.",
	explains: func(m *miss) (string, bool) {
		return "", m.asks(policy.ControlCompliantDevice | policy.ControlDomainJoinedDevice)
	},
})

var _ = registerReason(Reason{
	Code: "strength-methods", Title: "which methods the session was proved with", order: 92,
	Doc:      "The policy asks for an authentication strength. A step satisfied by a claim hides its method, so what the session was proved with has to be seen when it began.",
	Supply:   "A longer log, interactive and non-interactive, so that the start of each session is in it; authenticationDetails from the beta endpoint or diagnostic settings.",
	explains: func(m *miss) (string, bool) { return "", m.asks(policy.ControlStrength) },
})

var _ = registerReason(Reason{
	Code: "session-proof", Title: "how old the session's proof was", order: 93,
	Doc: "The conditions agree; only whether the demand was already met differs. It hangs on whether the session carried a second factor, and on how old its proof was, which the log does not say " +
		"and which unlocking a joined device renews unseen.",
	Supply: "A longer log with non-interactive sign-ins, and sign-ins to Windows itself (application \"Windows Sign In\"); authenticationDetails and sessionLifetimePolicies from the beta endpoint or diagnostic settings.",
	explains: func(m *miss) (string, bool) {
		const mfa = policy.ControlMFA | policy.ControlFrequency
		return "", m.asks(mfa) || m.graded && m.p.Session.Frequency != 0
	},
})

var _ = registerReason(Reason{
	Code: "unexplained", Title: "nothing known explains it", order: 999,
	Doc:      "Neither the data nor the policies given explain the difference. The engine may be wrong.",
	Supply:   "Please report one of the examples (analyze explain SIGN-IN) with the policy's JSON.",
	explains: func(*miss) (string, bool) { return "", true },
})
