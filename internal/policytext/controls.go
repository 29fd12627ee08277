package policytext

import (
	"cmp"
	"strings"

	"frisk/internal/policy"
)

// controlWords are the portal's words for grant controls.
var controlWords = map[policy.Controls]string{
	policy.ControlMFA:                  "MFA",
	policy.ControlCompliantDevice:      "compliant device",
	policy.ControlDomainJoinedDevice:   "hybrid joined device",
	policy.ControlApprovedApplication:  "approved client app",
	policy.ControlCompliantApplication: "app protection policy",
	policy.ControlPasswordChange:       "password change",
	policy.ControlRiskRemediation:      "risk remediation",
	policy.ControlTermsOfUse:           "terms of use",
	policy.ControlCustom:               "custom control",
}

// Control is one grant control in words.
func Control(g *policy.Grant, c policy.Controls) string {
	switch c {
	case policy.ControlStrength:
		return Strength(g.Strength)
	case policy.ControlOther:
		return strings.Join(g.Other, ", ")
	}
	return cmp.Or(controlWords[c], strings.Join(c.Names(), ", "))
}

// Strength names an authentication strength.
func Strength(s *policy.Strength) string {
	if s == nil {
		return "authentication strength"
	}
	switch s.ID {
	case "00000000-0000-0000-0000-000000000002":
		return "MFA strength"
	case "00000000-0000-0000-0000-000000000003":
		return "passwordless MFA"
	case "00000000-0000-0000-0000-000000000004":
		return "phishing-resistant MFA"
	}
	return "strength " + cmp.Or(s.Name, s.ID)
}

// Grant is the grant controls in words; "" when there are none.
func Grant(g *policy.Grant) string {
	if g == nil {
		return ""
	}
	var names []string
	for c := policy.Controls(1); c <= policy.ControlOther; c <<= 1 {
		if g.Controls&c != 0 && c != policy.ControlBlock {
			names = append(names, Control(g, c))
		}
	}
	and := "and"
	if g.Or {
		and = "or"
	}
	text := Join(names, and)
	if g.Unsaid {
		text = strings.Join(names, ", ") + " (all of them or one: no valid operator)"
	}
	switch {
	case g.Controls&policy.ControlBlock == 0:
		return "require " + text
	case text == "":
		return "block"
	}
	return "block, and require " + text
}

// Controls is what a policy asks for: grant and session controls.
func Controls(p *policy.Policy) string {
	parts := Session(&p.Session)
	if g := Grant(p.Grant); g != "" {
		parts = append([]string{g}, parts...)
	}
	if len(parts) == 0 {
		return "asks for nothing"
	}
	return strings.Join(parts, ", ")
}

// Session is the session controls, a text each, without what they lead to.
func Session(s *policy.Session) []string {
	out := s.Words()
	for i, w := range out {
		out[i], _, _ = strings.Cut(w, " (")
	}
	return out
}
