package policy

import (
	"math/bits"
	"strconv"
	"strings"

	"frisk/internal/signin"
)

func (l *loader) grant(n *node, p *Policy) *Grant {
	if n == nil || n.empty() {
		return nil
	}
	operator := l.str(n, "operator")
	g := &Grant{Or: !strings.EqualFold(operator, "AND")}
	for _, name := range l.texts(n, "builtInControls", false) {
		c := controlOf(name)
		if c == ControlOther {
			g.Other = append(g.Other, name)
			l.notice("unknown-control", "warning", n.path+".builtInControls", "unknown control %q: whether it is met is unknown", name)
		}
		g.Controls |= c
	}
	if g.TermsOfUse = l.texts(n, "termsOfUse", false); len(g.TermsOfUse) > 0 {
		g.Controls |= ControlTermsOfUse
	}
	if g.Custom = l.texts(n, "customAuthenticationFactors", false); len(g.Custom) > 0 {
		g.Controls |= ControlCustom
	}
	if s := l.object(n, "authenticationStrength", false); s != nil && !s.empty() {
		g.Strength = l.strength(s)
		g.Controls |= ControlStrength
	}
	l.rest(n, false)
	if g.Controls == 0 {
		return nil
	}
	l.operator(n, g, operator)
	return g
}

// operator marks a grant of which the operator does not say whether all of its
// controls are needed or one of them.
func (l *loader) operator(n *node, g *Grant, text string) {
	if strings.EqualFold(text, "AND") || strings.EqualFold(text, "OR") {
		return
	}
	several := bits.OnesCount32(uint32(g.Controls)) > 1
	g.Unsaid = several && g.Controls&ControlBlock == 0 // block wins either way
	switch {
	case text != "":
		l.unknownValue(n.path+".operator", text, "AND", "OR")
	case several:
		l.notice("off-schema", "warning", n.path, "several controls and no operator: whether all of them are needed or one is not said")
	}
}

func controlOf(name string) Controls {
	for i, n := range controlNames {
		if c := Controls(1) << i; strings.EqualFold(n, name) && c&(ControlFrequency|ControlOther|ControlTokenProtection) == 0 {
			return c
		}
	}
	return ControlOther
}

// strength reads an authentication strength: an id alone, or the whole object.
func (l *loader) strength(n *node) *Strength {
	s := &Strength{ID: strings.ToLower(l.str(n, "id")), Name: l.str(n, "displayName")}
	s.MFA = s.ID == strengthMFA
	var list []string
	if v := n.get("allowedCombinations"); v != nil {
		for _, e := range v.elems {
			list = append(list, e.text)
		}
	}
	if len(list) == 0 {
		list = builtInStrengths[s.ID]
	}
	for _, text := range list {
		c, ok := combination(text)
		if !ok {
			l.notice("unknown-value", "warning", n.path+".allowedCombinations", "unknown method in combination %q: where no other one is met, whether the strength is met is unknown", text)
			s.Incomplete = true
			continue
		}
		s.Combinations = append(s.Combinations, c)
	}
	if c := n.get("combinationConfigurations"); c != nil && !c.empty() {
		s.Restricted = true
	}
	if len(s.Combinations) == 0 {
		l.notice("unknown-strength", "warning", n.path, "authentication strength %q is given without its allowedCombinations: whether it is met is unknown", s.ID)
	}
	for _, k := range []string{"description", "policyType", "requirementsSatisfied", "createdDateTime", "modifiedDateTime"} {
		n.get(k)
	}
	l.rest(n, false)
	return s
}

func (l *loader) session(n *node) Session {
	var s Session
	if n == nil {
		return s
	}
	l.frequency(l.object(n, "signInFrequency", false), &s)
	if b := l.object(n, "persistentBrowser", false); b != nil {
		if enabled(b) {
			s.Persistent = strings.ToLower(l.mode(b, "mode", "always", "never"))
		}
		l.rest(b, false)
	}
	if o := l.object(n, "applicationEnforcedRestrictions", false); o != nil {
		s.AppEnforced = enabled(o)
		l.rest(o, false)
	}
	if o := l.object(n, "cloudAppSecurity", false); o != nil {
		if enabled(o) {
			s.CloudAppSecurity = l.mode(o, "cloudAppSecurityType", "mcasConfigured", "monitorOnly", "blockDownloads")
		}
		l.rest(o, false)
	}
	if o := l.object(n, "continuousAccessEvaluation", false); o != nil {
		s.CAE = l.mode(o, "mode", "disabled", "strictEnforcement", "strictLocation")
		l.rest(o, false)
	}
	if o := l.object(n, "secureSignInSession", false); o != nil {
		s.TokenProtection = enabled(o)
		l.rest(o, false)
	}
	if o := l.object(n, "globalSecureAccessFilteringProfile", false); o != nil {
		if enabled(o) {
			s.Filtering = l.str(o, "profileId")
		}
		l.rest(o, false)
	}
	s.ResilienceOff = l.flag(n, "disableResilienceDefaults")
	l.rest(n, false)
	return s
}

// mode is an enum member in Graph's spelling; one nobody knows is kept as
// written and reported.
func (l *loader) mode(n *node, name string, known ...string) string {
	text := l.str(n, name)
	for _, k := range known {
		if strings.EqualFold(k, text) {
			return k
		}
	}
	if text != "" {
		l.unknownValue(n.path+"."+name, text, known...)
	}
	return text
}

// implied adds what risk remediation brings along, where the JSON does not list
// it: an authentication strength and a sign-in frequency of every time (Entra
// "grant controls").
func (l *loader) implied(p *Policy, path string) {
	if p.Grant == nil || p.Grant.Controls&ControlRiskRemediation == 0 {
		return
	}
	if p.Grant.Controls&(ControlStrength|ControlMFA) == 0 {
		p.Grant.Strength = builtInStrength(strengthMFA)
		p.Grant.Controls |= ControlStrength
		p.Grant.Or, p.Grant.Unsaid = false, false
		l.notice("implied-control", "info", path+".grantControls", "riskRemediation implies an authentication strength: the built-in multifactor one is taken")
	}
	if p.Session.Frequency == 0 {
		p.Session.Frequency = EveryTime
		l.notice("implied-control", "info", path+".grantControls", "riskRemediation implies a sign-in frequency of every time")
	}
}

// enabled reads isEnabled; a control whose flag is missing counts as on, since
// exports leave a control that is off out or null.
func enabled(n *node) bool {
	v := n.get("isEnabled")
	return v == nil || v.kind == 't' || v.kind == '"' && strings.EqualFold(v.text, "true")
}

// maxFrequency is Entra's longest sign-in frequency, in days.
const maxFrequency = 365

func (l *loader) frequency(n *node, s *Session) {
	if n == nil || n.empty() || !enabled(n) {
		return
	}
	s.SecondaryOnly = l.mode(n, "authenticationType", "primaryAndSecondaryAuthentication", "secondaryAuthentication") == "secondaryAuthentication"
	// Look at the interval first: everyTime comes with type and value null (reference 1.10).
	if l.mode(n, "frequencyInterval", "timeBased", "everyTime") == "everyTime" {
		s.Frequency = EveryTime
		return
	}
	v := n.get("value")
	if v == nil {
		l.notice("off-schema", "warning", n.path, "sign-in frequency has no value: not evaluated")
		return
	}
	count, err := strconv.ParseInt(v.text, 10, 32)
	if err != nil || count <= 0 {
		l.notice("off-schema", "warning", v.path, "sign-in frequency value %s is not a positive whole number: not evaluated", v)
		return
	}
	unit := signin.Hour
	switch kind := strings.ToLower(l.str(n, "type")); kind {
	case "hours":
	case "days":
		unit = signin.Day
	default:
		l.notice("off-schema", "warning", n.path, "sign-in frequency type %q is neither hours nor days: not evaluated", kind)
		return
	}
	s.Frequency = min(signin.Time(count)*unit, maxFrequency*signin.Day)
}
