package policy

import (
	"strconv"
	"strings"

	"frisk/internal/signin"
)

func (l *loader) grant(n *node, p *Policy) *Grant {
	if n == nil || n.empty() {
		return nil
	}
	g := &Grant{Or: !strings.EqualFold(l.str(n, "operator"), "AND")}
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
	return g
}

func controlOf(name string) Controls {
	for i, n := range controlNames {
		if c := Controls(1) << i; strings.EqualFold(n, name) && c != ControlFrequency && c != ControlOther {
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
			l.notice("unknown-value", "warning", n.path+".allowedCombinations", "unknown method in combination %q: left out", text)
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
	if b := l.object(n, "persistentBrowser", false); b != nil && enabled(b) {
		s.Persistent = strings.ToLower(l.str(b, "mode"))
	}
	if o := l.object(n, "applicationEnforcedRestrictions", false); o != nil {
		s.AppEnforced = enabled(o)
	}
	if o := l.object(n, "cloudAppSecurity", false); o != nil && enabled(o) {
		s.CloudAppSecurity = l.str(o, "cloudAppSecurityType")
	}
	if o := l.object(n, "continuousAccessEvaluation", false); o != nil {
		s.CAE = l.str(o, "mode")
	}
	if o := l.object(n, "secureSignInSession", false); o != nil {
		s.TokenProtection = enabled(o)
	}
	s.ResilienceOff = l.flag(n, "disableResilienceDefaults")
	l.rest(n, false)
	return s
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
	s.SecondaryOnly = strings.EqualFold(l.str(n, "authenticationType"), "secondaryAuthentication")
	// Look at the interval first: everyTime comes with type and value null (reference 1.10).
	if strings.EqualFold(l.str(n, "frequencyInterval"), "everyTime") {
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
