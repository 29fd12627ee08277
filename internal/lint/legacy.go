package lint

import (
	"cmp"
	"slices"
	"strconv"

	"frisk/internal/policy"
	"frisk/internal/policycmp"
	"frisk/internal/policytext"
)

var _ = register(Rule{
	Code: "legacy-uncovered", Level: Warning,
	Doc: "No enabled policy stops legacy clients (Exchange ActiveSync, IMAP, POP, SMTP, older Office) for all users and resources, or only a part of them. They send a password only, so they get around every MFA policy " +
		"that does not cover them.",
	Fix:    "add a policy that blocks clientAppTypes exchangeActiveSync and other for all users",
	Source: "Conditional Access: block legacy authentication (howto-conditional-access-policy-block-legacy)",
	check:  (*pass).legacy,
})

// The kinds of legacy clients a policy can stop.
const (
	otherClients = 1 << iota // IMAP, POP, SMTP, older Office
	activeSync
	everyLegacy = otherClients | activeSync
)

var legacyWords = map[int]string{
	otherClients: "other legacy clients (IMAP, POP, SMTP, older Office)", activeSync: "Exchange ActiveSync", everyLegacy: "legacy clients",
}

func (p *pass) legacy() {
	if !p.aboutPeople() {
		return
	}
	stopped := 0
	var by *policy.Policy
	for _, q := range p.policies {
		if s := stopsLegacy(q); s != 0 && q.State == policy.Enabled {
			stopped |= s
			by = q
		}
	}
	open := everyLegacy &^ stopped
	if open == 0 {
		return
	}
	text := "no enabled policy stops " + legacyWords[open] + " for all users and resources"
	if stopped != 0 {
		text += ": " + strconv.Quote(by.Name) + " covers " + legacyWords[stopped] + " only"
	}
	if f := p.in.Facts; f != nil && f.LegacySignIns > 0 {
		signIns := map[int]int64{everyLegacy: f.LegacySignIns, activeSync: f.ActiveSyncSignIns, otherClients: f.LegacySignIns - f.ActiveSyncSignIns}[open]
		if signIns > 0 {
			text += "; the log has " + policytext.Count(int(signIns), "sign-in", "sign-ins") + " of such clients"
		}
		if open == everyLegacy {
			text += " by " + policytext.Count(int(f.LegacyPeople), "person", "people")
		}
	}
	n := note{}
	trials, reach := []string{}, 0
	for _, q := range p.policies {
		if s := stopsLegacy(q) & open &^ reach; q.State == policy.ReportOnly && s != 0 {
			trials, reach = append(trials, strconv.Quote(q.Name)), reach|s
		}
	}
	does, are, enable := "would", "is", "enable that policy"
	if len(trials) > 1 {
		does, are, enable = "would together", "are", "enable those policies"
	}
	switch reach {
	case 0:
	case open:
		text += "; " + policytext.Join(trials, "and") + " " + does + ", and " + are + " report-only"
		n.fix = enable
	default:
		text += "; " + policytext.Join(trials, "and") + " would stop " + legacyWords[reach] + ", and " + are + " report-only"
	}
	p.whole(n, "%s", text)
}

// aboutPeople reports that some policy is about people.
func (p *pass) aboutPeople() bool {
	return slices.ContainsFunc(p.policies, func(q *policy.Policy) bool { return q.Workload == nil })
}

// exchange is the resource of Exchange ActiveSync.
const exchange = "00000002-0000-0ff1-ce00-000000000000"

// stopsLegacy says which legacy clients a policy's grant meets wherever they
// are: they can meet no control, so any grant blocks them (reference 1.6).
func stopsLegacy(q *policy.Policy) int {
	if !everybody(q) || q.Grant == nil || !allPlatforms(q) || !anywhere(q) || risky(q) || len(q.Flows) > 0 || q.Filter != nil ||
		q.DeviceStates != nil || q.Incomplete || q.Apps.Filter {
		return 0
	}
	all, out := has(q.Apps.Include, "all"), 0
	if all && (policycmp.AllClients(q) || has(q.ClientTypes, "other")) {
		out |= otherClients
	}
	mail := (all || has(q.Apps.Include, "office365") || has(q.Apps.Include, exchange)) && !has(q.Apps.Exclude, "office365") && !has(q.Apps.Exclude, exchange)
	if mail && (policycmp.AllClients(q) || has(q.ClientTypes, "exchangeactivesync") || has(q.ClientTypes, "eassupported") && has(q.ClientTypes, "easunsupported")) {
		out |= activeSync
	}
	return out
}

var _ = register(Rule{
	Code: "no-risk-policy", Level: Info,
	Doc: "No enabled policy looks at sign-in or user risk. Where the old risk policies of ID Protection do that, they retire on 2026-10-01; " +
		"exports of Conditional Access do not show them.",
	Fix:    "make Conditional Access policies for sign-in risk and for user risk (needs Entra ID P2)",
	Source: "ID Protection: risk policies (id-protection/concept-identity-protection-policies)",
	check: func(p *pass) {
		if !p.aboutPeople() {
			return
		}
		trial := ""
		for _, q := range p.policies {
			switch looks := len(q.SignInRisk)+len(q.UserRisk) > 0; {
			case looks && q.State == policy.Enabled:
				return
			case looks && q.State == policy.ReportOnly:
				trial = cmp.Or(trial, q.Name)
			}
		}
		if trial != "" {
			p.whole(note{fix: "enable that policy (needs Entra ID P2)"}, "no enabled policy has a sign-in risk or user risk condition; %q has, and is report-only", trial)
			return
		}
		p.whole(note{}, "no enabled policy has a sign-in risk or user risk condition")
	},
})
