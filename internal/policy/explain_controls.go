package policy

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"frisk/internal/signin"
)

// explainControls lists what the policy asks for, whether it is met, and by which fact.
func (ev *Evaluator) explainControls(r *signin.Row, p *plan, s *State, g Grade) []ControlExplanation {
	pr := ev.prove(r, s, ev.e.deviceControls.Has(p.index))
	asked := p.grant.controls | g.Unmet
	if p.Session.TokenProtection {
		asked |= ControlTokenProtection
	}
	waived := signin.False
	if p.grant.everything && !p.grant.action && !ev.e.actionStrength.Empty() {
		m := ev.Match(r)
		waived = ev.preferred(&m)
	}
	var out []ControlExplanation
	for i, name := range controlNames {
		c := Controls(1) << i
		if asked&c == 0 {
			continue
		}
		met := signin.False
		switch {
		case c == ControlFrequency:
			if g.Sure&c == 0 {
				met = signin.Unknown
			}
		case c == ControlStrength && !pr.mute:
			met = p.Grant.Strength.metBy(s)
		case c == ControlTokenProtection:
			met = ev.bound(r)
		case pr.met&c != 0:
			met = signin.True
		case pr.maybe&c != 0:
			met = signin.Unknown
		}
		why := ev.whyControl(r, p, s, &pr, c, met)
		switch {
		case c == ControlStrength && waived == signin.True:
			met, why = signin.True, "a policy for the registration of security information asks for its own strength instead"
		case met != signin.True && pr.direct != signin.False && pr.doubt&^pr.refuse&c != 0:
			why += "; an external user (" + strings.Join(pr.kinds.Names(), " or ") + ") perhaps cannot do this here"
		}
		out = append(out, ControlExplanation{name, met.String(), why})
	}
	return out
}

// whyControl is the fact behind a control; "" where the control says it all.
func (ev *Evaluator) whyControl(r *signin.Row, p *plan, s *State, pr *proof, c Controls, met signin.Truth) string {
	if pr.mute && c != ControlBlock {
		return "the client " + quote(ev.sym.Text(r, signin.DimClient)) + " can answer nothing and prove nothing"
	}
	if met != signin.True && pr.refuse&c != 0 {
		return "an external user (" + strings.Join(pr.kinds.Names(), " or ") + ") cannot do this here"
	}
	switch c {
	case ControlMFA:
		return map[signin.Truth]string{
			signin.True:    "the session carries an MFA claim",
			signin.False:   "the session carries no MFA claim",
			signin.Unknown: "nothing tells whether the session carries an MFA claim",
		}[s.MFA]
	case ControlStrength:
		return ev.whyStrength(p, s, pr, met)
	case ControlCompliantDevice, ControlDomainJoinedDevice:
		return ev.whyDevice(r, pr, c, met)
	case ControlApprovedApplication, ControlCompliantApplication:
		if met == signin.False {
			return "no such app exists on this platform"
		}
		return "no row shows it"
	case ControlPasswordChange, ControlRiskRemediation, ControlTermsOfUse, ControlCustom:
		return "no row shows it"
	case ControlOther:
		return "a control this program does not know: " + strings.Join(p.Grant.Other, ", ")
	case ControlFrequency:
		return whyFrequency(p, s)
	case ControlTokenProtection:
		ev.x.see(r, true)
		ev.x.bound()
		return ev.x.why
	}
	return ""
}

func (ev *Evaluator) whyStrength(p *plan, s *State, pr *proof, met signin.Truth) string {
	name := quote(cmp.Or(p.Grant.Strength.Name, p.Grant.Strength.ID))
	have := "the methods used are not known"
	if s.MethodsKnown {
		have = "the session used " + strings.Join(s.Methods.Names(), ", ")
	}
	switch {
	case met == signin.True:
		return have + ", which satisfies " + name
	case len(p.Grant.Strength.Combinations) == 0:
		return "the policy names " + name + " without its combinations"
	case met == signin.False && pr.canAnswer(p.Grant.Strength) == signin.False:
		return have + ", and the person has no way to satisfy " + name
	case met == signin.False && pr.canAnswer(p.Grant.Strength) == signin.Unknown:
		return have + ", and " + name + " can be satisfied only if the MFA of the home tenant is trusted"
	case p.Grant.Strength.Restricted && s.MethodsKnown:
		return have + ", and " + name + " is limited to certain keys or certificates, which no log shows"
	}
	return have + "; wanted: " + name
}

func (ev *Evaluator) whyDevice(r *signin.Row, pr *proof, c Controls, met signin.Truth) string {
	word, own := "compliant", ev.compliant(r)
	if c == ControlDomainJoinedDevice {
		word, own = "hybrid joined", ev.hybrid(r)
	}
	if c == ControlCompliantDevice && met != signin.False && own != signin.True {
		switch ev.readsMethods(r) {
		case signin.True:
			return "Authenticator asks for nothing but the methods of its user, which this control lets pass"
		case signin.Unknown:
			return "this control lets Authenticator read the methods of its user, and no row tells what it asked for"
		case signin.False:
		}
	}
	switch {
	case met == signin.False && ev.deviceCode(r):
		return "device code flow cannot prove a device"
	case met == signin.False && own == signin.True:
		return "the device of an external user (" + strings.Join(pr.kinds.Names(), " or ") + ") is not trusted here"
	case met == signin.Unknown && own == signin.True:
		return "the device is " + word + ", and whether one of an external user (" + strings.Join(pr.kinds.Names(), " or ") + ") is trusted here is not known (inboundTrust)"
	case ev.registered(r) == signin.False:
		return "the request showed no device identity"
	case met == signin.True:
		return "the device is " + word
	case met == signin.False:
		return "the device is not " + word
	}
	return "neither the row nor the device export tells whether the device is " + word
}

func whyFrequency(p *plan, s *State) string {
	word := "every time, five minutes tolerated"
	if p.Session.Frequency != EveryTime {
		word = "every " + spanText(p.Session.Frequency)
	}
	a := s.First
	if p.Session.SecondaryOnly {
		a = s.Second
	}
	if s.DeviceSession {
		a = younger(a, s.PRT)
	}
	return word + ", and the last factor was given " + a.text()
}

// text writes an age for people: "2h10m ago", "10m to 4h ago".
func (a Age) text() string {
	switch {
	case a.Min >= Never:
		return "never, as far as is known"
	case a.Max >= Never && a.Min <= 0:
		return "at a time nobody knows"
	case a.Max >= Never:
		return "at least " + agoText(a.Min) + " ago"
	case a.Min == a.Max:
		return agoText(a.Min) + " ago"
	}
	return agoText(a.Min) + " to " + agoText(a.Max) + " ago"
}

// agoText rounds a span to what a person reads at a glance.
func agoText(t signin.Time) string {
	d := (time.Duration(t) * time.Microsecond).Round(time.Second)
	switch {
	case d >= 48*time.Hour:
		return strconv.FormatFloat(d.Hours()/24, 'f', 1, 64) + " days"
	case d < time.Minute:
		return d.String()
	}
	s := strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
	if hours, whole := strings.CutSuffix(s, "h0m"); whole {
		return hours + "h"
	}
	return s
}
