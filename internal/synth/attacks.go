package synth

import "frisk/internal/signin"

// attacks writes the day's hostile traffic. Attackers have their own dice and no
// session of the victim's; what Conditional Access says to them comes from the
// same rules as for everybody. Stolen sessions are in theft.go.
func (s *sim) attacks() {
	for i := range s.t.incidents {
		inc := &s.t.incidents[i]
		if inc.Day != s.day || !inc.Attack {
			continue
		}
		x := &attack{s: s, n: uint16(i + 1), inc: inc, dice: newDice(s.t.cfg.Seed, "attack", i)} //nolint:gosec // a few dozen
		x.at = s.t.start + signin.Time(s.day)*signin.Day + x.dice.between(8*signin.Hour, 14*signin.Hour)
		x.from = x.addr(inc.net)
		if inc.victim >= 0 {
			x.victim = s.t.people[inc.victim]
			if inc.Kind != kindBruteForce && !x.whileOwnerWorks() {
				continue
			}
		}
		switch inc.Kind {
		case kindSpray:
			x.spray()
		case kindBruteForce:
			x.bruteForce()
		case kindStolen:
			x.stolen()
		case kindFatigue:
			x.fatigue()
		case kindLegacy:
			x.imap()
		case kindDeviceCode:
			x.deviceCode()
		}
	}
}

// maxDelay is how many days an attack waits for its victim to be at work.
const maxDelay = 4

// whileOwnerWorks sets the time to half an hour after one of the victim's own
// interactive sign-ins of the day, so that the two cannot be the same person
// travelling. On a day without one the attack waits for the next; false then.
func (x *attack) whileOwnerWorks() bool {
	for i := range x.s.out {
		r := &x.s.out[i]
		if r.person == int32(x.victim.index) && r.code == 0 && r.stream == signin.Interactive && r.incident == 0 && //nolint:gosec // below 2^31 people
			r.Time >= x.s.t.start+signin.Time(x.s.day)*signin.Day && networks[r.where.net].kind != netVPN {
			x.at = r.Time + x.dice.minutes(32, 5)
			if x.inc.Kind == kindSpray {
				x.at -= 25 * signin.Minute // the right guess comes late in the spray
			}
			return true
		}
	}
	if x.inc.delay < maxDelay && x.inc.Day+1 < x.s.t.cfg.Days {
		x.inc.delay++
		x.inc.Day++
		return false
	}
	return true
}

type attack struct {
	s      *sim
	n      uint16
	inc    *Incident
	dice   dice
	at     signin.Time
	from   where
	victim *person
}

func (x *attack) addr(nw int) where { return where{nw, networks[nw].address(x.dice.Uint32())} }

// try is one attempt of the attacker's on somebody's account.
func (x *attack) try(p *person, app, res, client, ua uint8, risk riskLevel, event uint8) (Record, verdict) {
	a := asked{p: p, at: x.at, app: app, res: res, client: client, device: -1, where: x.from, windows: ua != uaNone && ua != uaIMAP, risk: risk}
	a.binding = bindingOf(nil, &a, true)
	r := Record{
		Time: x.at + signin.Time(x.dice.IntN(int(signin.Second))), ID: x.dice.guid(), corr: x.dice.guid(),
		person: int32(p.index), robot: -1, incident: x.n, where: x.from, device: -1, app: app, resource: res, //nolint:gosec // below 2^31 people
		client: client, ua: ua, binding: a.binding, risk: risk, riskEvent: event, stream: signin.Interactive, workspace: -1, why: whyAttack,
	}
	r.orig = r.ID
	return r, judge(&a, &x.s.t.world)
}

func (x *attack) emit(r Record) { x.s.out = append(x.s.out, r) }

// wrong is a wrong password: Conditional Access is never reached.
func (x *attack) wrong(p *person, app, res, client, ua uint8) {
	r, _ := x.try(p, app, res, client, ua, riskNone, eventNone)
	r.code = 50126
	r.steps[0] = stepPasswordBad
	r.ropc = client != clientBrowser
	x.emit(r)
}

func (x *attack) spray() {
	people := x.s.t.people
	n := min(28+x.dice.IntN(14), len(people)/2)
	first := x.dice.IntN(len(people))
	addrs := []where{x.from}
	if x.inc.detail == 1 {
		addrs = append(addrs, x.addr(x.inc.net), x.addr(x.inc.net))
	}
	hitAt := n * 2 / 3
	for i := range n {
		p := people[(first+i*3)%len(people)]
		x.from = addrs[i%len(addrs)]
		if x.inc.detail == 1 && i == hitAt {
			x.breakIn(x.victim)
		} else if p != x.victim && !p.breakGlass {
			x.wrong(p, appOffice, resExchange, clientNative, uaScript)
			if x.inc.detail == 2 && x.dice.chance(0.6) {
				x.at += x.dice.minutes(0.4, 0.1)
				x.wrong(p, appOffice, resExchange, clientNative, uaScript)
			}
		}
		if x.dice.chance(0.15) {
			r, _ := x.try(p, appOffice, resExchange, clientNative, uaScript, riskNone, eventNone)
			r.code, r.unknown, r.ropc = 50034, true, true
			x.emit(r)
		}
		x.at += x.dice.minutes(1.1, 0.4)
	}
}

// breakIn is the one right guess: mail opens, the ML studio asks for MFA.
func (x *attack) breakIn(p *person) {
	r, v := x.try(p, appOffice, resExchange, clientNative, uaScript, riskHigh, eventSpray)
	r.steps[0], r.ropc = stepPassword, true
	r.session = x.dice.guid()
	v.grade(&r, false, 0)
	x.emit(r)
	x.at += 3 * signin.Minute
	x.askMFA(p, appStudio, resML, riskHigh, eventSpray)
	x.s.raiseRisk(p)
}

// askMFA is a right password that MFA or a policy stops.
func (x *attack) askMFA(p *person, app, res uint8, risk riskLevel, event uint8) {
	r, v := x.try(p, app, res, clientBrowser, uaAttackBrowser, risk, event)
	r.steps = [maxSteps]step{stepPassword, stepDemand}
	switch {
	case v.blocked:
		r.code, r.steps[1] = 53003, stepNone
	case v.deviceBad:
		r.code, r.steps[1] = 53000, stepNone
	case v.mfa:
		r.code = 50076
	default:
		r.steps[1], r.session = stepNone, x.dice.guid()
	}
	v.grade(&r, false, 0)
	x.emit(r)
}

func (x *attack) bruteForce() {
	for i := range 60 {
		x.wrong(x.victim, appOffice, resExchange, clientNative, uaScript)
		x.at += x.dice.between(5*signin.Second, 11*signin.Second)
		if i >= 45 {
			r, _ := x.try(x.victim, appOffice, resExchange, clientNative, uaScript, riskNone, eventNone)
			r.code, r.ropc = 50053, true
			x.emit(r)
			x.at += 2 * signin.Second
		}
	}
}

// stolen tries a right password while the owner is at work somewhere else.
func (x *attack) stolen() {
	risk, event := riskMedium, uint8(eventTravel)
	switch x.inc.detail {
	case 0:
		x.askMFA(x.victim, appOutlookWeb, resExchange, risk, event)
		x.at += 9 * signin.Minute
		x.askMFA(x.victim, appSharePoint, resSharePoint, risk, event)
	case 1:
		for range 3 {
			x.askMFA(x.victim, appStudio, resML, risk, event)
			x.at += x.dice.minutes(6, 2)
		}
	case 2:
		for range 2 {
			x.askMFA(x.victim, appPortal, resARM, riskHigh, eventAnonymous)
			x.at += x.dice.minutes(4, 1)
		}
	}
	x.s.raiseRisk(x.victim)
}

// fatigue sends prompts until somebody gives in, or does not.
func (x *attack) fatigue() {
	n := 13 - 3*x.inc.detail
	for i := range n {
		r, v := x.try(x.victim, appStudio, resML, clientBrowser, uaAttackBrowser, riskMedium, eventUnfamiliar)
		r.code = 500121
		r.steps = [maxSteps]step{stepPassword, stepPushTimeout}
		if i%3 == 1 {
			r.steps[1] = stepPushDenied
		}
		v.grade(&r, false, 0)
		x.emit(r)
		x.at += x.dice.between(40*signin.Second, 60*signin.Second)
	}
	if x.inc.detail != 0 {
		return
	}
	r, v := x.try(x.victim, appStudio, resML, clientBrowser, uaAttackBrowser, riskMedium, eventUnfamiliar)
	r.steps = [maxSteps]step{stepPassword, stepPush}
	r.session = x.dice.guid()
	v.grade(&r, true, 0)
	x.emit(r)
	x.s.raiseRisk(x.victim)
}

func (x *attack) imap() {
	if x.inc.detail == 1 {
		for range 25 {
			p := pick(x.dice, x.s.t.people)
			if !p.breakGlass {
				x.wrong(p, appIMAP, resExchange, clientIMAP, uaIMAP)
			}
			x.at += x.dice.minutes(2, 0.7)
		}
		return
	}
	for range 4 {
		r, v := x.try(x.victim, appIMAP, resExchange, clientIMAP, uaIMAP, riskMedium, eventMaliciousIP)
		r.steps[0], r.code, r.ropc = stepPassword, 53003, true
		if !v.blocked {
			r.code = 0
		}
		v.grade(&r, false, 0)
		x.emit(r)
		x.at += x.dice.minutes(5, 2)
	}
}

// deviceCode: the victim enters a code that the attacker asked for, so the
// factors are real and the session is the attacker's.
func (x *attack) deviceCode() {
	r, v := x.try(x.victim, appCLI, resARM, clientNative, uaScript, riskLow, eventUnfamiliar)
	r.transfer = true
	r.session = x.dice.guid()
	r.steps = [maxSteps]step{stepPassword, stepPush}
	v.grade(&r, true, 0)
	x.emit(r)
	for range 5 {
		x.at += x.dice.minutes(62, 4)
		b, v := x.try(x.victim, appCLI, resARM, clientNative, uaScript, riskNone, eventNone)
		b.transfer, b.session = true, r.session
		b.stream, b.token = signin.NonInteractive, tokenRefresh
		b.steps = [maxSteps]step{stepPrevFirst, stepPrevMFA}
		v.grade(&b, true, 0)
		x.emit(b)
	}
}
