package lint

import (
	"strings"

	"frisk/internal/policy"
	"frisk/internal/policycmp"
)

var _ = register(Rule{
	Code: "invalid-grant", Level: Error,
	Doc: "Grant controls that Entra does not accept together: mfa with an authentication strength, block with anything, passwordChange outside its rules, " +
		"anything but block for workload identities, anything but mfa or a strength for registering a device, riskRemediation without user risk.",
	Source: "Graph: conditionalAccessGrantControls; Conditional Access: grant (concept-conditional-access-grant)",
	check: func(p *pass) {
		for _, q := range p.policies {
			if q.Grant != nil {
				p.invalidGrant(q, q.Grant.Controls)
			}
		}
	},
})

const grantPath = ".grantControls"

func (p *pass) invalidGrant(q *policy.Policy, c policy.Controls) {
	builtIn := grantPath + ".builtInControls"
	if c&policy.ControlMFA != 0 && c&policy.ControlStrength != 0 && c&policy.ControlRiskRemediation == 0 {
		p.about(q, note{path: builtIn, fix: "keep the authentication strength"}, "mfa and an authentication strength cannot be in one policy")
	}
	if c&policy.ControlBlock != 0 && c != policy.ControlBlock {
		p.about(q, note{path: builtIn, fix: "take the other controls out"}, "block cannot be combined with other controls: block wins")
	}
	if q.Workload != nil && c&^policy.ControlBlock != 0 {
		p.about(q, note{path: grantPath, fix: "use block"}, "the only control for workload identities is block")
	}
	if has(q.Apps.UserActions, actionDevice) && c&^(policy.ControlMFA|policy.ControlStrength) != 0 {
		p.about(q, note{path: grantPath, fix: "use mfa or an authentication strength"}, "registering a device accepts only mfa or an authentication strength")
	}
	if c&policy.ControlPasswordChange != 0 {
		if wrong := passwordChange(q); len(wrong) > 0 {
			p.about(q, note{path: builtIn, fix: "follow Graph's rules for passwordChange: AND with mfa, user risk, all resources, no other condition"},
				"passwordChange is not valid here: %s", strings.Join(wrong, "; "))
		}
	}
	if c&policy.ControlRiskRemediation != 0 {
		if wrong := riskRemediation(q, c); len(wrong) > 0 {
			p.about(q, note{path: builtIn, fix: "use riskRemediation with user risk, an authentication strength and sign-in frequency every time"},
				"riskRemediation is not valid here: %s", strings.Join(wrong, "; "))
		}
	}
}

// The user actions, as policies spell them.
const (
	actionDevice = "urn:user:registerdevice"
	actionInfo   = "urn:user:registersecurityinfo"
)

// passwordChange: only with AND and mfa, user risk, all resources without
// exclusions, and no other condition (Graph conditionalAccessGrantControls).
func passwordChange(q *policy.Policy) []string {
	var wrong []string
	if q.Grant.Or || q.Grant.Controls&(policy.ControlMFA|policy.ControlStrength) == 0 {
		wrong = append(wrong, "it must be combined with mfa by AND")
	}
	if len(q.UserRisk) == 0 {
		wrong = append(wrong, "user risk is missing")
	}
	if !everything(q) {
		wrong = append(wrong, "it must cover all resources without exclusions")
	}
	if q.Locations != nil || q.Platforms != nil || q.Filter != nil || q.DeviceStates != nil || !policycmp.AllClients(q) ||
		len(q.SignInRisk)+len(q.InsiderRisk)+len(q.Flows) > 0 {
		wrong = append(wrong, "no other condition is allowed")
	}
	return wrong
}

// riskRemediation implies a strength and every-time frequency (reference 1.9)
// and remediates user risk.
func riskRemediation(q *policy.Policy, c policy.Controls) []string {
	var wrong []string
	if len(q.UserRisk) == 0 {
		wrong = append(wrong, "user risk is missing")
	}
	if c&policy.ControlPasswordChange != 0 {
		wrong = append(wrong, "it replaces passwordChange")
	}
	if c&policy.ControlMFA != 0 {
		wrong = append(wrong, "it goes with an authentication strength, not with mfa")
	}
	if q.Session.Frequency != 0 && q.Session.Frequency != policy.EveryTime {
		wrong = append(wrong, "the sign-in frequency must be every time")
	}
	return wrong
}

var _ = register(Rule{
	Code: "no-effect", Level: Info,
	Doc:    "A control that means nothing beside another one, or for the resources the policy targets.",
	Fix:    "take it out",
	Source: "Conditional Access: session (concept-conditional-access-session)",
	check: func(p *pass) {
		for _, q := range p.policies {
			if controls(q)&policy.ControlBlock != 0 && q.Session.Frequency != 0 {
				p.about(q, note{path: ".sessionControls.signInFrequency"}, "sign-in frequency means nothing beside block")
			}
			if q.Session.AppEnforced && !policycmp.Subset(q.Apps.Include, restrictable, "none") {
				p.about(q, note{path: ".sessionControls.applicationEnforcedRestrictions", fix: "target Office 365, or Exchange Online and SharePoint Online"},
					"app enforced restrictions work in Exchange Online and SharePoint Online only; the other resources of the policy ignore them")
			}
		}
	},
})

// restrictable are the resources that honour app enforced restrictions.
var restrictable = []string{"office365", "00000002-0000-0ff1-ce00-000000000000", "00000003-0000-0ff1-ce00-000000000000"}

var _ = register(Rule{
	Code: "retired-control", Level: Warning,
	Doc:    "approvedApplication (\"require approved client app\") is being retired.",
	Fix:    "use compliantApplication (app protection policy) instead",
	Source: "Conditional Access: grant (concept-conditional-access-grant), retirement in early March 2026",
	check: func(p *pass) {
		p.each(true, func(q *policy.Policy) {
			if controls(q)&policy.ControlApprovedApplication != 0 {
				p.about(q, note{path: grantPath + ".builtInControls"}, "approvedApplication is retired: the policy asks for a control that goes away")
			}
		})
	},
})
