package synth

import "frisk/internal/signin"

// The current policies of the sample tenant, by index. Their Graph JSON is in
// policyjson.go; this file is what they mean, written by hand and apart.
const (
	polLegacy = iota
	polAdmins
	polML
	polDevCompliant
	polDevOther
	polProdDevice
	polProdPlaces
	polProdFrequency
	polProdBrowser
	polRisk
	polDeviceCode
	numPolicies
)

// asked is what the simulation knows when a token is asked for.
type asked struct {
	p         *person
	at        signin.Time
	app, res  uint8
	client    uint8
	where     where
	compliant bool
	risk      riskLevel
}

// verdict is what the current policies make of a request, before session state.
type verdict struct {
	applies   uint16 // enabled policies that apply, by index
	evals     [numPolicies]eval
	blocked   bool
	deviceBad bool        // a compliant device is demanded and this is none
	mfa       bool        // some policy demands MFA
	frequency signin.Time // strictest sign-in frequency, 0 for none
	risky     bool        // the report-only risk policy matches
}

// frequencies of the policies that have one.
var frequencies = [numPolicies]signin.Time{
	polML:            8 * signin.Hour,
	polDevCompliant:  24 * signin.Hour,
	polDevOther:      8 * signin.Hour,
	polProdFrequency: 4 * signin.Hour,
}

var demandsMFA = [numPolicies]bool{
	polAdmins: true, polML: true, polDevCompliant: true, polDevOther: true, polProdFrequency: true,
}

// rule texts by index of eval.include and eval.exclude.
const (
	ruleNone = iota
	ruleAllApps
	ruleAppID
	ruleAllAppsAllUsers
	ruleAppIDAllUsers
	ruleAllAppsGroup
	ruleAppIDGroup
	ruleAllAppsRole
	ruleUserGroup
	ruleTrusted
	ruleLocation
	ruleDeviceFilter
)

type ruleText struct{ condition, rule string }

var ruleTexts = [][]ruleText{
	ruleNone:            nil,
	ruleAllApps:         {{"application", "allApps"}},
	ruleAppID:           {{"application", "appId"}},
	ruleAllAppsAllUsers: {{"application", "allApps"}, {"users", "allUsers"}},
	ruleAppIDAllUsers:   {{"application", "appId"}, {"users", "allUsers"}},
	ruleAllAppsGroup:    {{"application", "allApps"}, {"users", "groupId"}},
	ruleAppIDGroup:      {{"application", "appId"}, {"users", "groupId"}},
	ruleAllAppsRole:     {{"application", "allApps"}, {"users", "roleId"}},
	ruleUserGroup:       {{"users", "groupId"}},
	ruleTrusted:         {{"location", "allTrustedLocations"}},
	ruleLocation:        {{"location", "locationId"}},
	ruleDeviceFilter:    {{"deviceState", "deviceFilter"}},
}

// judge evaluates every policy: application first, then users, both ending the
// evaluation when they fail, then the remaining configured conditions together
// (reference 2.4).
func judge(a *asked) verdict {
	var v verdict
	ml := targets[a.res].ml || targets[a.app].ml && a.client == clientBrowser
	p := a.p
	legacy := a.client == clientIMAP || a.client == clientSMTP

	// Each line: index, does the application match, included users (with the rule
	// that says so), excluded users, then the other conditions.
	v.set(polLegacy, true, ruleAllAppsAllUsers, true, p.breakGlass || p.legacyAllowed || p.exempt(polLegacy, a.at), legacy, bitClientType, ruleNone)
	v.set(polAdmins, true, ruleAllAppsRole, p.admin, p.breakGlass, true, 0, ruleNone)
	v.set(polML, ml, ruleAppIDAllUsers, true, p.breakGlass || p.prod || p.dev, true, 0, ruleNone)
	v.set(polDevCompliant, ml, ruleAppIDGroup, p.dev, p.breakGlass, a.compliant, bitDevice, ruleNone)
	v.set(polDevOther, ml, ruleAppIDGroup, p.dev, p.breakGlass, !a.compliant, bitDevice, ruleDeviceFilter)
	v.set(polProdDevice, ml, ruleAppIDGroup, p.prod, p.breakGlass || p.deviceExempt || p.exempt(polProdDevice, a.at), true, 0, ruleNone)
	outside, why := true, uint8(ruleNone)
	if a.where.network().trusted != "" {
		outside, why = false, ruleTrusted
	} else if a.where.place().business() {
		outside, why = false, ruleLocation
	}
	v.set(polProdPlaces, ml, ruleAppIDGroup, p.prod, p.breakGlass || p.travelExempt || p.exempt(polProdPlaces, a.at), outside, bitLocation, why)
	v.set(polProdFrequency, ml, ruleAppIDGroup, p.prod, p.breakGlass || p.frequencyExempt || p.exempt(polProdFrequency, a.at), true, 0, ruleNone)
	v.set(polProdBrowser, true, ruleAllAppsGroup, p.prod, p.breakGlass, a.client == clientBrowser, bitClientType, ruleNone)
	v.set(polRisk, true, ruleAllAppsAllUsers, true, p.breakGlass, a.risk >= riskMedium, bitSignInRisk, ruleNone)
	v.evals[polDeviceCode] = eval{result: notEnabled}

	v.risky = v.evals[polRisk].result == success
	switch v.evals[polRisk].result {
	case success:
		v.evals[polRisk].result = reportOnlySuccess // graded by access, which knows whether MFA was done
	default:
		v.evals[polRisk].result = reportOnlyNotApplied
	}
	v.applies &^= 1 << polRisk

	v.blocked = v.on(polLegacy) || v.on(polProdPlaces)
	v.deviceBad = v.on(polProdDevice) && !a.compliant
	for i := range numPolicies {
		if !v.on(i) {
			continue
		}
		v.mfa = v.mfa || demandsMFA[i]
		if f := frequencies[i]; f != 0 && (v.frequency == 0 || f < v.frequency) {
			v.frequency = f
		}
	}
	return v
}

func (v *verdict) on(i int) bool { return v.applies&(1<<i) != 0 }

// set records the evaluation of policy i as if all its demands were met.
// others is the truth of the remaining condition with the given bit (0: none
// configured), othersRule the exclude rule that made it false.
func (v *verdict) set(i int, app bool, rule uint8, included, excluded, others bool, bit uint16, othersRule uint8) {
	e := &v.evals[i]
	appRule := uint8(ruleAppID)
	if ruleTexts[rule][0].rule == "allApps" {
		appRule = ruleAllApps
	}
	switch {
	case !app:
		e.notSatisfied = bitApplication
	case !included || excluded:
		e.satisfied, e.notSatisfied, e.include = bitApplication, bitUsers, appRule
		if excluded && included {
			e.include, e.exclude = rule, ruleUserGroup
		}
	case !others:
		e.satisfied, e.notSatisfied, e.include, e.exclude = bitApplication|bitUsers, bit, rule, othersRule
	default:
		e.satisfied, e.include, e.result = bitApplication|bitUsers|bit, rule, success
		v.applies |= 1 << i
	}
}

// grade writes the results of one row: which demands were not met when the row
// ended. expired is the age of the session's last authentication, for frequency.
func (v *verdict) grade(r *Record, haveMFA bool, age signin.Time) {
	r.policies = true
	r.evals = v.evals
	r.mfa = v.mfa
	r.status = notApplied
	for i := range numPolicies {
		if !v.on(i) {
			continue
		}
		e := &r.evals[i]
		if r.status == notApplied {
			r.status = success
		}
		switch {
		case i == polLegacy || i == polProdPlaces,
			i == polProdDevice && v.deviceBad,
			demandsMFA[i] && !haveMFA:
			e.result = failure
		case frequencies[i] != 0 && age > frequencies[i]:
			e.result, e.sessionUnmet = failure, true
		}
		if e.result == failure {
			r.status = failure
		}
	}
	if v.risky && !haveMFA {
		r.evals[polRisk].result = reportOnlyInterrupted
	}
}
