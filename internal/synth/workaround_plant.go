package synth

import "frisk/internal/signin"

// stops has policies stop the person: those who go around one by their policy, all
// others by any. In a null world nothing follows from it.
func (w *wayfarer) stops() {
	d := w.dice
	own := 0 // of rows that exist before
	own = len(w.rows)
	if own == 0 {
		return
	}
	n := 0
	switch {
	case w.plant >= 0:
		n = 2 + d.IntN(3)
	case d.chance(0.6):
		n = 1 + d.IntN(6)
	}
	var last signin.Time
	for range n {
		policy := d.IntN(wayPolicies)
		if w.plant >= 0 {
			policy = w.plant
		}
		at := wayStart + signin.Time(8+d.IntN(w.cfg.Days-16))*signin.Day + 9*signin.Hour + d.between(0, 5*signin.Hour)
		if wd := (at - wayStart) / signin.Day % 7; wd >= 5 {
			continue
		}
		if w.plant >= 0 && last != 0 && max(at-last, last-at) < 8*signin.Day && (w.plant >= 8 || max(at-last, last-at) < signin.Day) {
			continue // one story at a time
		}
		last = at
		e := w.refuse(at, policy)
		if w.plant >= 0 && d.chance(0.8) {
			w.goAround(&e, at)
		}
	}
}

// refuse writes one to three refused rows and returns the first.
func (w *wayfarer) refuse(at signin.Time, policy int) signin.Event {
	d := w.dice
	e := w.usual(at, w.n%len(wayResources), d.chance(0.3))
	e.Outcome, e.Code, e.Reason, e.Policies, e.PolicyStatus = signin.Failure, "53003", signin.PolicyBlock, wayRefused[policy], "failure"
	if policy == wayMethodPolicy {
		e.Code, e.Reason = "500121", signin.MFATimeout
	}
	e.MFA = signin.MFA{Requirement: signin.MultiFactor, State: signin.MFANotDone}
	first := e
	for i := range 1 + d.IntN(3) {
		if i > 0 {
			w.ids++
			e.ID, e.Time = "w"+pad(w.n, 6)+"-"+pad(w.ids, 6), e.Time+d.between(20*signin.Second, 3*signin.Minute)
			e.Correlation = "c-" + e.ID
		}
		w.add(e, 0)
	}
	return first
}

// goAround has the person take the planted route after a refusal.
func (w *wayfarer) goAround(stop *signin.Event, at signin.Time) {
	d := w.dice
	route := WayRoutes[w.plant]
	e := w.usual(at+d.between(8*signin.Minute, 150*signin.Minute), w.n%len(wayResources), false)
	e.Source, e.ASN, e.Policies = stop.Source, stop.ASN, wayNotApplied[w.plant]
	account := int32(0)
	switch route {
	case "legacy-client":
		w.mail(&e)
	case "device-code":
		w.typeCode(&e)
	case "other-platform":
		e.Device = signin.Device{OS: "Linux", Browser: e.Device.Browser, Compliant: signin.False, Managed: signin.False, Trust: signin.TrustNone}
	case "unmanaged-device":
		w.ownMachine(&e)
		if d.chance(0.1) { // a new phone on a new network: hard to tell from a thief's
			e.Device.ID, e.Device.OS = "new-"+pad(w.n, 6), "Android 14"
			e.ASN, e.Source.IP = 64507, addr6(21, w.n)
		}
	case "anonymiser-egress":
		w.hide(&e)
	case "other-account":
		account = w.asTwin(&e)
	case "other-app":
		e.App.ID = wayApp(w.n%len(wayResources), true)
	case "other-tenant":
		e.ResourceTenant = "10000000-0000-4000-8000-000000000002"
	case "new-mfa-method":
		if w.newMethod != 0 {
			return // had replaced the phone anyway: no planted way
		}
		// Before, so that there is a past, and after, with a method of its own.
		before := w.usual(at-6*signin.Day, w.n%len(wayResources), false)
		w.factor(&before)
		w.add(before, 0)
		e.Time = at + d.between(4*signin.Hour, 5*signin.Day)
		e.MFA.State, e.MFA.Methods = signin.MFADone, signin.List(`["Method `+pad(w.ids, 6)+`"]`)
	case "self-added-exclusion":
		e.Time = at + d.between(4*signin.Hour, 6*signin.Day)
		w.out.Joins = append(w.out.Joins, WayJoin{At: e.Time - signin.Minute, Group: WayGroup(w.plant), Self: true})
	}
	w.add(e, account)
	if d.chance(0.5) {
		w.out.Requests = append(w.out.Requests, at+d.between(-2*signin.Day, 3*signin.Day))
	}
	w.out.Truth = append(w.out.Truth, WayTruth{Person: w.out.Key, Route: route, Policy: WayPolicy(w.plant), Stop: stop.Time})
}

// pivot has somebody with the person's password be refused, and get in another
// way, from a machine and a network of their own.
func (w *wayfarer) pivot() {
	d := w.dice
	policy := d.IntN(wayPolicies)
	at := wayStart + signin.Time(15+d.IntN(20))*signin.Day + d.between(0, 23*signin.Hour)
	thief := func(e *signin.Event) {
		e.Device = signin.Device{OS: "Windows10", Browser: "Chrome 99", Compliant: signin.False, Managed: signin.False, Trust: signin.TrustNone}
		e.ASN, e.Source.IP = 64511, addr6(40, w.n)
		e.Network = "[]"
	}
	mark := len(w.rows)
	stop := w.refuse(at, policy)
	for i := mark; i < len(w.rows); i++ {
		thief(&w.rows[i].e)
	}
	if policy == wayMethodPolicy {
		stop.Reason = signin.MFATimeout
	}
	e := w.usual(at+d.between(3*signin.Minute, 50*signin.Minute), w.n%len(wayResources), false)
	thief(&e)
	e.Policies = wayNotApplied[policy]
	route := pick(d, []string{"legacy-client", "device-code", "anonymiser-egress", "other-app"})
	switch route {
	case "legacy-client":
		w.mail(&e)
	case "device-code":
		e.Protocol, e.Transfer = "deviceCode", "deviceCodeFlow"
	case "anonymiser-egress":
		w.hide(&e)
		e.ASN = 64509
	case "other-app":
		e.App.ID = wayApp(w.n%len(wayResources), true)
	}
	w.add(e, 0)
	w.out.Truth = append(w.out.Truth, WayTruth{Person: w.out.Key, Route: route, Policy: WayPolicy(policy), Stop: stop.Time, Attacker: true})
}
