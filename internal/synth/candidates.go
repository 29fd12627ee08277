package synth

import (
	"slices"

	"frisk/internal/signin"
)

// candidate is a full policy set that might replace the current one.
type candidate struct {
	name string
	sets []graphPolicy
}

func (t *Tenant) candidates() []candidate {
	return []candidate{
		{"longer-prod-session", t.longerProdSession()},
		{"longer-session-and-risk", t.longerSessionAndRisk()},
		{"risk-based", t.riskBased()},
		{"strict", t.strict()},
	}
}

// current is the set in force at the end.
func (t *Tenant) current() []graphPolicy {
	out := make([]graphPolicy, t.numPolicies())
	for i := range out {
		out[i] = t.dated(i)
	}
	return out
}

// dated is the newest version of a policy with the time of its last change.
func (t *Tenant) dated(i int) graphPolicy {
	p := currentPolicies[i].graphPolicy
	switch at := t.world.edits; {
	case i == polML && at.ml != 0:
		p.Modified = text(at.ml)
	case i == polProdDevice && at.device != 0:
		p.Modified = text(at.device)
	}
	return p
}

// exported is the current set as the files have it.
func (t *Tenant) exported() []graphPolicy {
	out := t.current()
	after := t.start + signin.Time(t.cfg.Days)*signin.Day + 9*signin.Hour
	if t.cfg.Perturb.has(PerturbPolicy) {
		p := &out[polProdBrowser]
		p.Modified = text(after)
		p.Conditions.Users.IncludeGroups = []string{groupID(groupProd), groupID(groupDev)}
	}
	if t.cfg.Perturb.has(PerturbState) {
		p := &out[polAdmins]
		p.Modified = text(after)
		p.State = "enabledForReportingButNotEnforced"
	}
	if t.cfg.Perturb.has(PerturbMissing) {
		out = slices.Delete(out, polDevCompliant, polDevCompliant+1)
	}
	return out
}

// longerProdSession asks for the second factor in production every twelve hours
// instead of both factors every four, on compliant devices; elsewhere four stay.
func (t *Tenant) longerProdSession() []graphPolicy {
	ps := t.current()
	p := &ps[polProdFrequency]
	p.DisplayName = "CA203 - ML production - MFA every 12 hours on compliant devices"
	p.Conditions = p.Conditions.filter("include", "device.isCompliant -eq True")
	p.Session = every(12, "secondaryAuthentication")
	other := base("CA205 - ML production - MFA every 4 hours on other devices",
		cond(mlApps, group(groupProd, groupFrequencyExmpt)).filter("exclude", "device.isCompliant -eq True"),
		grant("mfa"), every(4, "primaryAndSecondaryAuthentication"))
	return append(ps, other)
}

// longerSessionAndRisk adds what the longer session needs least to be as safe:
// MFA at medium and high sign-in risk, and no device code flow.
func (t *Tenant) longerSessionAndRisk() []graphPolicy {
	ps := t.longerProdSession()
	ps[polRisk].State = "enabled"
	ps[polRisk].DisplayName = "CA301 - Risky sign-ins - MFA"
	ps[polDeviceCode].State = "enabled"
	ps[polDeviceCode].DisplayName = "CA901 - Block device code flow"
	return ps
}

// riskBased asks by risk and by strength of the method instead of by the clock.
func (t *Tenant) riskBased() []graphPolicy {
	ps := t.current()
	ps[polML].Session = every(24, "primaryAndSecondaryAuthentication")
	ps[polML].DisplayName = "CA101 - ML apps - MFA every 24 hours"
	ps[polDevOther].Session = every(24, "primaryAndSecondaryAuthentication")
	ps[polDevOther].DisplayName = "CA103 - ML development - MFA every 24 hours on other devices"
	ps[polProdFrequency].Grant = phishingResistant()
	ps[polProdFrequency].Session = every(24, "primaryAndSecondaryAuthentication")
	ps[polProdFrequency].DisplayName = "CA203 - ML production - Phishing-resistant MFA every 24 hours"
	ps[polRisk].State = "enabled"
	ps[polRisk].DisplayName = "CA301 - Risky sign-ins - MFA"
	return ps
}

// strict asks everybody every hour and wants a compliant device for all ML work.
func (t *Tenant) strict() []graphPolicy {
	ps := t.current()
	for _, i := range []int{polML, polDevCompliant, polDevOther, polProdFrequency} {
		ps[i].Session = every(1, "primaryAndSecondaryAuthentication")
	}
	ps[polML].DisplayName = "CA101 - ML apps - MFA every hour"
	ps[polDevCompliant].DisplayName = "CA102 - ML development - MFA every hour on compliant devices"
	ps[polDevOther].DisplayName = "CA103 - ML development - MFA every hour on other devices"
	ps[polProdFrequency].DisplayName = "CA203 - ML production - MFA every hour"
	ps[polRisk].State = "enabled"
	ps[polRisk].DisplayName = "CA301 - Risky sign-ins - MFA"
	ps[polDeviceCode].State = "enabled"
	ps[polDeviceCode].DisplayName = "CA901 - Block device code flow"
	return append(ps, base("CA104 - ML apps - Require compliant device for everybody",
		cond(mlApps, everyone(groupDeviceExempt)), grant("compliantDevice"), nil))
}
