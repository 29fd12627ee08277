package risk

import "frisk/internal/signin"

// nextStep is what an analyst does first about a raised finding of a detector that
// does not say so itself. r is the row to blame. impossible-travel names both
// sign-ins and is settled by asking where the person was.
func nextStep(f *Finding, r *signin.Row) string {
	switch f.Detector {
	case "adversary-in-the-middle", "token-replay":
		if r.Outcome() != signin.Success {
			return "end the person's sessions: somebody else holds a token; what stopped this use of it held"
		}
		return "ask the person whether they changed network and client; if not, revoke their sessions, reset the password and look for new second factors and inbox rules"
	case "brute-force":
		switch {
		case f.Severity == Low:
			return "find the client that keeps the old password"
		case accepted(r):
			return afterSuccess(r)
		}
		return "nobody got in by these tries; block the source where none of your people works from there"
	case "consent-phishing":
		return "read the audit log (Consent to application) for who gave which permissions to which publisher; revoke the grant if nobody ordered the app"
	case "device-code":
		return "ask the person whether they entered a code for this app; if not, revoke their sessions, and block device code flow where nobody needs it"
	case "dormant-account":
		return "ask the person or their manager; disable the account if nobody needs it"
	case "legacy-client":
		return "ask the person which mail program that is; if none of theirs, reset the password: it was right. Block legacy authentication"
	case "mfa-fatigue":
		if r.Outcome() == signin.Success {
			return "ask the person whether they approved that prompt; if not, revoke their sessions and reset the password"
		}
		return "reset the password unless the prompts were the person's own: every prompt comes after a right one"
	case "new-country":
		return "ask the person whether they travelled; nothing to do if so"
	case "new-device":
		return "ask the person whether the device is theirs; nothing to do if so"
	case "provider-risk":
		return "compare with what is usual for the person, then confirm or dismiss it at the provider, which learns from that"
	case "user-reported":
		return afterReport(r)
	}
	return ""
}

func afterReport(r *signin.Row) string {
	switch r.Outcome() {
	case signin.Success:
		return "revoke the person's sessions, reset the password and read what was done since"
	case signin.OutcomeUnknown:
		return "ask the person what they saw, and look for the address in the other logs"
	}
	return "reset the password, which somebody else knows, and tell the person what became of their report"
}

// advise puts the next step into the evidence being written, before the count of
// further sign-ins, which must stay last (stories).
func (s *Sink) advise(f *Finding, r *signin.Row) {
	step := nextStep(f, r)
	if step == "" || f.Suppressed != "" {
		return
	}
	n := len(s.facts)
	if n > s.mark && s.facts[n-1].Name == furtherSignIns {
		last := s.facts[n-1]
		s.facts = s.facts[:n-1]
		s.text("next_step", step)
		s.facts = append(s.facts, last)
		return
	}
	s.text("next_step", step)
}

// furtherSignIns is the last fact of findings that stories merge.
const furtherSignIns = "further_sign_ins"
