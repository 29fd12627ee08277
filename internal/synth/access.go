package synth

import "frisk/internal/signin"

// access decides what becomes of an intent under the current policies and the
// person's sessions, writes the rows, and returns intents that follow from it.
// It is the sample tenant's authentication service in small (reference 1.1 and
// 1.10).
func (s *sim) access(p *person, in *intent) []intent {
	switch in.kind {
	case doUnlock:
		p.unlock(in.at)
		return nil
	case doLegacy:
		s.legacy(p, in)
		return nil
	case doStart, doBeat:
	}
	if in.job != 0 && in.job == p.deadJob {
		return nil
	}
	dev := &p.devices[in.device]
	c := p.clock(in.device, in.slot)
	if in.token != nil {
		c = in.token
	}
	if in.at <= c.until {
		// The cache is being filled by somebody who is still busy with a prompt;
		// whoever asks meanwhile waits for it.
		in.at = c.until + p.dice.between(signin.Second, 6*signin.Second)
	}
	s.forget(p, in, c)
	client := uint8(clientNative)
	if in.slot == slotBrowser {
		client = clientBrowser
	}
	a := asked{
		p: p, at: in.at, app: in.app, res: in.res, client: client, device: in.device, where: in.where,
		compliant: s.compliant(dev), windows: dev.windows(),
	}
	a.binding = bindingOf(dev, &a, in.token != nil)
	s.mood(p, in, &a)
	v := judge(&a, &s.t.world)
	r := s.row(p, in, &a)

	if !c.open {
		if !in.present {
			return nil // nobody there to type a password
		}
		return s.firstSignIn(p, in, c, &v, r)
	}
	age := in.at - c.at
	r.session = c.session
	expired := v.frequency != 0 && age > v.frequency
	needMFA := v.mfa && !c.mfa
	interactive := client == clientBrowser && in.kind == doStart
	r.stream = signin.NonInteractive
	r.token = tokenRefresh
	if interactive {
		r.stream, r.token = signin.Interactive, tokenNone
	}
	if dev.joined() && in.incident == 0 {
		r.token = tokenPRT
	}
	switch {
	case v.blocked || v.deviceBad:
		s.refuse(&v, r, c.mfa)
	case needMFA || expired && (client != clientBrowser || in.present):
		return s.demand(p, in, c, &v, r, needMFA, expired)
	default:
		if client == clientBrowser {
			age = 0 // enforcement waits for the next interaction (rule 5)
		}
		r.steps[0] = stepPrevFirst
		if v.mfa {
			r.steps[1] = stepPrevMFA
		}
		v.grade(&r, c.mfa, age)
		c.day = s.day
		s.emit(r)
		if client == clientNative && targets[in.res].ml {
			return s.stealFrom(p, in)
		}
	}
	return nil
}

// clock is the token cache an app uses: one for a joined device, else one per slot.
func (p *person) clock(device int8, sl slot) *clock {
	if p.devices[device].joined() {
		sl = 0
	}
	return &p.clocks[device][sl]
}

// unlock renews the primary refresh token of a joined machine once the four
// hour cycle has elapsed (reference 1.10 rule 3).
func (p *person) unlock(at signin.Time) {
	if len(p.devices) == 0 || !p.devices[0].joined() {
		return
	}
	c := &p.clocks[0][0]
	if c.open && at-c.at >= 4*signin.Hour {
		c.at = at
		c.mfa = c.mfa || p.devices[0].hello
	}
}

// forget closes a browser session that does not outlive the day: on private
// machines nobody chose to stay signed in, and for production people a policy
// forbids persistent sessions. A joined machine signs its browser in by itself.
func (s *sim) forget(p *person, in *intent, c *clock) {
	if in.slot != slotBrowser || p.devices[in.device].joined() || !c.open || c.day == s.day {
		return
	}
	if p.in(inProd, in.at) || !p.devices[in.device].registered() || p.dice.chance(0.1) {
		c.open = false
	}
}

func (s *sim) compliant(d *device) bool {
	return d.compliant && (d.blemishTo == 0 || s.day < d.blemishFrom || s.day >= d.blemishTo)
}

// mood is the provider's opinion: travellers and unusual networks look a little
// risky now and then.
func (s *sim) mood(p *person, in *intent, a *asked) {
	u := p.dice.Float64()
	switch kind := networks[in.where.net].kind; {
	case in.incident != 0:
		if s.t.incidents[in.incident-1].Kind == kindTokenTheft && u < 0.3 {
			a.risk = riskMedium
		}
	case kind == netHotel && u < 0.05:
		a.risk = riskMedium
	case kind == netHotel && u < 0.12, kind == netMobile && u < 0.003:
		a.risk = riskLow
	case u < 0.0006:
		a.risk = riskMedium
	}
}

// row is a record with everything but the outcome.
func (s *sim) row(p *person, in *intent, a *asked) Record {
	r := Record{
		Time: in.at + signin.Time(p.dice.IntN(int(signin.Second))), ID: p.dice.guid(), corr: p.dice.guid(),
		person: int32(p.index), robot: -1, incident: in.incident, where: in.where, device: in.device, //nolint:gosec // below 2^31 people
		app: in.app, resource: in.res, client: a.client, binding: a.binding, risk: a.risk, workspace: in.ws,
		blemish: !a.compliant, stream: signin.Interactive, ua: s.agent(p, in, a),
	}
	if a.risk != riskNone {
		r.riskEvent = eventUnfamiliar
	}
	r.orig = r.ID
	return r
}

func (s *sim) agent(p *person, in *intent, a *asked) uint8 {
	if in.ua != 0 {
		return in.ua
	}
	d := &p.devices[in.device]
	mac := d.kind == macRegistered || d.kind == macPersonal
	switch {
	case a.client == clientBrowser || d.phone():
		return p.browser[in.device]
	case in.slot == slotVSCode && mac:
		return uaVSCodeMac
	case in.slot == slotVSCode && d.kind == linuxRegistered:
		return uaVSCodeLinux
	case in.slot == slotVSCode:
		return uaVSCodeWin
	case in.slot == slotCLI:
		return uaCLI
	case mac:
		return uaOfficeMac
	}
	return uaOfficeWin
}

func (s *sim) emit(r Record) {
	if r.code == 0 && r.resource == resARM && r.workspace >= 0 && r.incident == 0 {
		if h := mix(uint64(r.ID[15])<<8 | uint64(r.ID[14])); h%10 < 4 {
			r.ops = uint8(1 + h>>32%3)
		}
	}
	s.out = append(s.out, r)
}

// refuse ends an attempt that a policy blocks or whose device is not compliant.
func (s *sim) refuse(v *verdict, r Record, haveMFA bool) {
	r.code = 53003
	if !v.blocked {
		r.code = 53000
	}
	if r.steps[0] == stepNone {
		r.steps[0] = stepPrevFirst
	}
	v.grade(&r, haveMFA || !v.mfa, 0)
	s.emit(r)
}
