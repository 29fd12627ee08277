package synth

import (
	"cmp"

	"frisk/internal/signin"
)

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
	polOfficeBrowser
	polTokenBinding
	polUserRisk // only in a dated tenant, see Config.Dated
	numPolicies
)

// reportOnly are the policies that are evaluated and not enforced, by index.
const reportOnly = 1<<polRisk | 1<<polTokenBinding | 1<<polUserRisk

// asked is what the simulation knows when a token is asked for.
type asked struct {
	p         *person
	at        signin.Time
	app, res  uint8
	client    uint8
	device    int8 // index of p.devices, -1: none of theirs
	where     where
	compliant bool
	windows   bool // the platform, as the row shows it
	binding   binding
	risk      riskLevel
}

// verdict is what the current policies make of a request, before session state.
type verdict struct {
	a         asked
	world     *world
	matches   uint16 // policies that apply, enforced or not, by index
	evals     [numPolicies]eval
	blocked   bool
	deviceBad bool        // a compliant device is demanded and this is none
	mfa       bool        // some policy demands MFA
	frequency signin.Time // strictest sign-in frequency, 0 for none
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

// judge evaluates every policy: application first, then users, both ending the
// evaluation when they fail, then the remaining configured conditions together
// (reference 2.4).
func judge(a *asked, w *world) verdict {
	v := verdict{a: *a, world: w}
	p := a.p
	ml := targets[a.res].ml || targets[a.app].ml && a.client == clientBrowser
	ids := a.res == resExchange || a.res == resSharePoint || a.res == resTeams
	office := w.office(a.res)
	in := func(g scope) bool { return w.in(p, g, a.at) }
	prod, dev, emergency := in(inProd), in(inDev), in(inBreakGlass)
	everybody := who{true, ruleAllUsers, emergency, 0}
	legacy := test{ok: a.client == clientIMAP || a.client == clientSMTP, bit: bitClientType}
	browser := test{ok: a.client == clientBrowser, bit: bitClientType}
	native := test{ok: a.client == clientNative, bit: bitClientType}

	v.set(polLegacy, true, ruleAllApps, who{true, ruleAllUsers, emergency || in(exLegacy), 0}, legacy)
	v.set(polAdmins, true, ruleAllApps, who{p.admin, ruleRole, emergency, 0})
	v.set(polML, ml, ruleAppID, who{true, ruleAllUsers, emergency || prod || dev, 0})
	// An include filter names its rule when it holds, an exclude filter when it does not.
	v.set(polDevCompliant, ml, ruleAppID, who{dev, ruleGroup, emergency, 0}, test{a.compliant, bitDevice, ruleFilter, ruleFilterUnmatched})
	v.set(polDevOther, ml, ruleAppID, who{dev, ruleGroup, emergency, 0}, test{!a.compliant, bitDevice, 0, ruleFilter})
	v.set(polProdDevice, ml, ruleAppID, who{prod, ruleGroup, emergency || w.sparesDevices(a.at) && in(exDevice), 0})
	v.set(polProdPlaces, ml, ruleAppID, who{prod, ruleGroup, emergency || in(exTravel), 0}, w.outside(a.where))
	v.set(polProdFrequency, ml, ruleAppID, who{prod, ruleGroup, emergency || in(exFrequency), 0})
	v.set(polProdBrowser, true, ruleAllApps, who{prod || w.off.has(PerturbPolicy) && dev, ruleGroup, emergency, 0}, browser)
	v.set(polRisk, true, ruleAllApps, everybody, test{ok: a.risk >= riskMedium, bit: bitSignInRisk})
	v.evals[polDeviceCode] = eval{result: notEnabled}
	v.set(polOfficeBrowser, office, ruleOffice365, everybody, browser)
	v.set(polTokenBinding, ids, ruleAppID, everybody, test{a.windows, bitPlatform, rulePlatform, 0}, native,
		test{w.company(p, a.device), bitDevice, ruleFilter, ruleFilterUnmatched})
	// A guest's risk is known at home only, so the policy leaves guests out.
	members := everybody
	if p.guest {
		members.excluded, members.by = true, ruleGuest
	}
	v.set(polUserRisk, true, ruleAllApps, members, test{ok: w.highRisk(p, a.at), bit: bitUserRisk})

	v.blocked = v.on(polLegacy) || v.on(polProdPlaces)
	v.deviceBad = v.on(polProdDevice) && !a.compliant
	for i := range numPolicies {
		if !v.on(i) {
			continue
		}
		v.mfa = v.mfa || demandsMFA[i]
		if f := w.frequency(i, a.at); f != 0 && (v.frequency == 0 || f < v.frequency) {
			v.frequency = f
		}
	}
	return v
}

// on reports whether enforced policy i applies.
func (v *verdict) on(i int) bool { return v.matches&^reportOnly&(1<<i) != 0 }

// who is the users condition of a policy for one person.
type who struct {
	included bool
	rule     ruleSet // that includes them
	excluded bool
	by       ruleSet // that excludes them; 0 is a group
}

// test is another configured condition: its truth, its bit, the include rule
// that held (of a condition that is met, or of a location met and excluded
// again) and the exclude rule that made it false.
type test struct {
	ok      bool
	bit     uint16
	in, out ruleSet
}

// set records the evaluation of policy i as if all its demands were met.
func (v *verdict) set(i int, app bool, appRule ruleSet, u who, tests ...test) {
	e := &v.evals[i]
	met, not := success, notApplied
	if reportOnly&(1<<i) != 0 {
		met, not = reportOnlySuccess, reportOnlyNotApplied
	}
	e.result = not
	if !app {
		e.notSatisfied = bitApplication
		return
	}
	e.satisfied, e.include = bitApplication, appRule
	if u.included {
		e.include |= u.rule
	}
	if !u.included || u.excluded {
		e.notSatisfied = bitUsers
		if u.included {
			e.exclude = cmp.Or(u.by, ruleGroup)
		}
		return
	}
	e.satisfied |= bitUsers
	for _, t := range tests {
		if t.ok {
			e.satisfied |= t.bit
			e.include |= t.in
			continue
		}
		e.notSatisfied |= t.bit
		e.exclude |= t.out
		if t.bit == bitLocation {
			e.include |= t.in
		}
	}
	if e.notSatisfied == 0 {
		e.result = met
		v.matches |= 1 << i
	}
}

// grade writes the results of one row: which demands were not met when the row
// ended. age is that of the session's last authentication, for frequency. An
// attempt that went on past a change of policies or memberships is recorded by
// what was in force at the row.
func (v *verdict) grade(r *Record, haveMFA bool, age signin.Time) {
	if v.world.changed(v.a.p, v.a.at, r.Time) {
		a := v.a
		a.at = r.Time
		now := judge(&a, v.world)
		v = &now
	}
	r.policies = true
	r.evals = v.evals
	r.mfa = v.mfa
	r.status = notApplied
	for i := range numPolicies {
		if v.on(i) {
			v.enforced(i, r, haveMFA, age)
		}
	}
	if v.matches&(1<<polRisk) != 0 && !haveMFA {
		r.evals[polRisk].result = reportOnlyInterrupted
	}
	if v.matches&(1<<polTokenBinding) != 0 && v.a.binding != tokenBound {
		r.evals[polTokenBinding].result = reportOnlyFailure
		r.evals[polTokenBinding].sessionUnmet = true
	}
	if v.matches&(1<<polUserRisk) != 0 {
		r.evals[polUserRisk].result = reportOnlyInterrupted // nobody changes a password for it
	}
}

// enforced writes the result of enforced policy i, which applies.
func (v *verdict) enforced(i int, r *Record, haveMFA bool, age signin.Time) {
	e := &r.evals[i]
	f := v.world.frequency(i, r.Time)
	switch {
	case i == polLegacy || i == polProdPlaces,
		i == polProdDevice && v.deviceBad,
		demandsMFA[i] && !haveMFA:
		e.result = failure
	case f != 0 && age > f:
		e.result, e.sessionUnmet = failure, true
	}
	if e.result == failure {
		r.status = failure
	} else if r.status == notApplied {
		r.status = success
	}
}
