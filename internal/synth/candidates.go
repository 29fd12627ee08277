package synth

// candidate is a full policy set that might replace the current one.
type candidate struct {
	name string
	sets []graphPolicy
}

func candidates() []candidate {
	return []candidate{
		{"longer-prod-session", longerProdSession()},
		{"longer-session-and-risk", longerSessionAndRisk()},
		{"risk-based", riskBased()},
		{"strict", strict()},
	}
}

func current() []graphPolicy {
	out := make([]graphPolicy, numPolicies)
	for i := range currentPolicies {
		out[i] = currentPolicies[i].graphPolicy
	}
	return out
}

// longerProdSession asks for the second factor in production every twelve hours
// instead of both factors every four, on compliant devices; elsewhere four stay.
func longerProdSession() []graphPolicy {
	ps := current()
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
func longerSessionAndRisk() []graphPolicy {
	ps := longerProdSession()
	ps[polRisk].State = "enabled"
	ps[polRisk].DisplayName = "CA301 - Risky sign-ins - MFA"
	ps[polDeviceCode].State = "enabled"
	ps[polDeviceCode].DisplayName = "CA901 - Block device code flow"
	return ps
}

// riskBased asks by risk and by strength of the method instead of by the clock.
func riskBased() []graphPolicy {
	ps := current()
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
func strict() []graphPolicy {
	ps := current()
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
