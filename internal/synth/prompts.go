package synth

import "frisk/internal/signin"

// firstSignIn is a sign-in without a session: first factor, then whatever the
// policies ask for.
func (s *sim) firstSignIn(p *person, in *intent, c *clock, v *verdict, r Record) []intent {
	r.why = whySession
	r.session = p.dice.guid()
	s.typo(p, &r)
	dev := &p.devices[in.device]
	s.softSteps(p, in, dev, &r)
	first := p.firstFactor(dev)
	r.steps[0] = first
	strong := first == stepKey || first == stepHello
	if v.blocked || v.deviceBad {
		s.refuse(v, r, strong)
		return nil
	}
	if strong {
		r.steps[1] = stepPrevMFA
		if !v.mfa {
			r.steps[1] = stepNone
		}
		s.grant(c, v, r, true)
		return nil
	}
	if !v.mfa {
		s.grant(c, v, r, false)
		return nil
	}
	return s.secondFactor(p, in, c, v, r, 50076, first)
}

// softSteps are the rows around a fresh sign-in that ask nobody for a
// credential: a silent request without a session, a device certificate, the
// question whether to stay signed in.
func (s *sim) softSteps(p *person, in *intent, dev *device, r *Record) {
	d := p.dice
	soft := func(code int32, stream signin.Stream) {
		x := *r
		x.ID, x.code, x.session, x.stream, x.why = d.guid(), code, signin.GUID{}, stream, whyNothing
		x.steps = [maxSteps]step{}
		if code == 50140 {
			x.steps[0] = stepPrevFirst
		}
		x.orig = r.orig
		s.emit(x)
		r.Time += d.between(signin.Second, 5*signin.Second)
	}
	if in.slot == slotBrowser && d.chance(0.2) {
		soft(50058, signin.NonInteractive)
	}
	if dev.registered() && !dev.joined() && p.prod && targets[in.res].ml && d.chance(0.15) {
		soft(50097, signin.Interactive)
	}
	if in.slot == slotBrowser && !p.prod && d.chance(0.1) {
		soft(50140, signin.Interactive)
	}
}

// demand is a session that is not good enough: no MFA yet, or too old. A native
// app first sees its token refused; then, if somebody is there, it asks. A
// browser is not refused for age in the background: that waits for the person,
// whom the page asks at once (reference 1.10 rule 5).
func (s *sim) demand(p *person, in *intent, c *clock, v *verdict, r Record, needMFA, expired bool) []intent {
	age := in.at - c.at
	if r.stream == signin.NonInteractive && (r.client != clientBrowser || !expired) {
		miss := r
		miss.steps = [maxSteps]step{stepPrevFirst}
		miss.code = 50076
		miss.why = whyMFA
		if expired {
			miss.code, miss.sifLabel, miss.why = 70043, true, whyFrequency
		}
		v.grade(&miss, !needMFA, age)
		s.emit(miss)
		if !in.present {
			if in.job == 0 && in.incident == 0 {
				return nil
			}
			return s.retry(p, in)
		}
		// The app opens a window; the answer is an episode of its own.
		r.Time += p.dice.between(6*signin.Second, 40*signin.Second)
		r.ID, r.corr = p.dice.guid(), p.dice.guid()
		r.orig = r.ID
		if p.dice.chance(0.04) {
			return nil // closed the window and went for coffee
		}
	}
	r.stream, r.token = signin.Interactive, tokenNone
	r.sifLabel = expired
	r.why = whyMFA
	code := int32(50076)
	if expired {
		r.why, code = whyFrequency, 50074
	}
	r.session = p.dice.guid()
	if !expired {
		r.steps[0] = stepPrevFirst
		return s.secondFactor(p, in, c, v, r, code, stepPrevFirst)
	}
	s.typo(p, &r)
	first := p.firstFactor(&p.devices[in.device])
	r.steps[0] = first
	if first == stepKey || first == stepHello {
		r.steps[1] = stepPrevMFA
		s.grant(c, v, r, true)
		return nil
	}
	return s.secondFactor(p, in, c, v, r, code, first)
}

// retry is what an unattended tool does when its token is refused: it tries a
// few more times and gives up.
func (s *sim) retry(p *person, in *intent) []intent {
	if in.tries >= 2 {
		if in.job != 0 {
			p.deadJob = in.job
		}
		return nil
	}
	again := *in
	again.tries++
	again.at += p.dice.minutes(4, 1.5) + signin.Minute
	return []intent{again}
}

// firstFactor is how the person proves who they are on this device.
func (p *person) firstFactor(d *device) step {
	switch {
	case p.guest:
		return stepPrevFirst // signed in at home
	case p.method == stepKey:
		return stepKey
	case d.hello && d.joined():
		return stepHello
	}
	return stepPassword
}

// typo now and then puts a mistyped password before the attempt.
func (s *sim) typo(p *person, r *Record) {
	if p.guest || p.method == stepKey || !p.dice.chance(0.055) {
		return
	}
	for range 1 + p.dice.IntN(2) {
		bad := *r
		bad.ID = p.dice.guid()
		bad.orig = bad.ID
		bad.code, bad.why = 50126, r.why
		bad.sifLabel = false
		bad.session = signin.GUID{}
		bad.steps = [maxSteps]step{stepPasswordBad}
		s.emit(bad)
		r.Time += p.dice.between(5*signin.Second, 15*signin.Second)
	}
}

// secondFactor asks for MFA: often an interrupted row first, now and then a
// phone that nobody picks up (4.35 % of Duo pushes fail, NDSS 2026), then success.
func (s *sim) secondFactor(p *person, in *intent, c *clock, v *verdict, r Record, code int32, first step) []intent {
	d := p.dice
	age := in.at - c.at
	if !c.open {
		age = 0
	}
	if p.newcomer {
		p.newcomer = false
		enrol := r
		enrol.ID, enrol.code, enrol.session = d.guid(), 50072, signin.GUID{}
		enrol.orig = enrol.ID
		enrol.steps = [maxSteps]step{first, stepDemand}
		v.grade(&enrol, false, age)
		s.emit(enrol)
		r.Time += d.between(2*signin.Minute, 4*signin.Minute)
		r.steps[0] = stepPrevFirst
		first = stepPrevFirst
	}
	interrupted := d.chance(0.6)
	if interrupted {
		ask := r
		ask.code = code
		ask.steps = [maxSteps]step{first, stepDemand}
		ask.session = signin.GUID{}
		v.grade(&ask, false, age)
		s.emit(ask)
		r.Time += d.between(4*signin.Second, 12*signin.Second)
		r.ID = d.guid()
		r.steps[0] = stepPrevFirst
	}
	method := p.method
	if method != stepPush && method != stepCode && method != stepSMS {
		method = stepPush
	}
	if p.guest {
		method = stepPush
	}
	if method == stepPush && d.chance(0.0435) {
		late := r
		late.code, late.session = 500121, signin.GUID{}
		late.steps[1] = stepPushTimeout
		late.Time += signin.Minute
		v.grade(&late, false, age)
		s.emit(late)
		r.Time = late.Time + d.between(5*signin.Second, 30*signin.Second)
		r.ID = d.guid()
		r.steps[0] = stepPrevFirst
	}
	r.steps[1] = method
	s.grant(c, v, r, true)
	return nil
}

// grant writes the success and renews the session.
func (s *sim) grant(c *clock, v *verdict, r Record, haveMFA bool) {
	c.open, c.at, c.until, c.session, c.day = true, r.Time, r.Time, r.session, s.day
	c.mfa = haveMFA
	v.grade(&r, haveMFA, 0)
	s.emit(r)
}

// legacy is a mail program or scanner that only knows a password.
func (s *sim) legacy(p *person, in *intent) {
	client := uint8(clientSMTP)
	if p.oldMail {
		client = clientIMAP
	}
	a := asked{p: p, at: in.at, app: in.app, res: in.res, client: client, device: -1, where: in.where}
	v := judge(&a, &s.t.world)
	r := s.row(p, in, &a)
	r.device = -1
	r.ropc = true
	r.ua = uaIMAP
	r.steps[0] = stepPassword
	if v.blocked {
		r.code = 53003
	}
	v.grade(&r, false, 0)
	s.emit(r)
}
