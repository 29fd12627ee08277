package synth

import (
	"slices"

	"frisk/internal/signin"
)

// perHour is how often somebody signs in, by place and local hour.
func (p *hostilePerson) perHour(s spot, localHour int) float64 {
	awake := localHour >= 7 && localHour < 23
	work := localHour >= 8 && localHour < 18
	if p.traits.has(traitNight) {
		work = localHour >= 21 || localHour < 5
		awake = !(localHour >= 7 && localHour < 14)
	}
	switch s {
	case atOffice:
		return 0.45
	case atClient:
		return 0.4
	case atAirport:
		return 0.7
	case inFlight:
		return 0.35
	case onTheMove:
		return 0.4
	case atHotel:
		if awake {
			return 0.3
		}
		return 0.02
	}
	switch {
	case work && p.office < 0:
		return 0.4
	case work:
		return 0.22
	case awake:
		return 0.12
	}
	return 0.004
}

// live writes everything the person does.
func (h *hostile) live(p *hostilePerson) {
	for i := range p.path {
		l := &p.path[i]
		if l.to <= h.start || l.from >= h.end {
			continue
		}
		if h.cfg.Plain && (l.spot == onTheMove || l.spot == inFlight) {
			continue
		}
		if l.spot == inFlight && (l.to-l.from < 2*signin.Hour || p.chance(0.4)) {
			continue // no Wi-Fi
		}
		s := h.habits(p, l)
		zone := signin.Time(hostileCities[l.city].offset * float64(signin.Hour))
		for t := max(l.from, h.start); t < min(l.to, h.end); {
			rate := p.perHour(l.spot, int((t+zone)%signin.Day/signin.Hour))
			step := signin.Time(p.ExpFloat64() / rate * float64(signin.Hour))
			if hourEnd := t - t%signin.Hour + signin.Hour; t+step > hourEnd { // the next hour has its own rate
				t = hourEnd
				continue
			}
			t += step
			if t >= min(l.to, h.end) {
				break
			}
			h.change(p, &s)
			h.visit(p, l, &s, t)
		}
	}
	slices.SortFunc(p.own, func(a, b int) int { return signin.Compare(&h.rows[a].ev, &h.rows[b].ev) })
}

// visit is one use: a row, or several within seconds when one sign-in opens
// several applications.
func (h *hostile) visit(p *hostilePerson, l *leg, s *habit, at signin.Time) {
	m := p.machineAt(l.spot)
	r := h.route(p, l, m, s, at)
	n := 1
	if p.chance(0.25) {
		n += 1 + p.IntN(3)
	}
	same := p.chance(0.35) // to the same microsecond
	session := p.guid().String()
	for i := range n {
		if i > 0 {
			if !same {
				at += p.between(0, 20*signin.Second)
			}
			if p.chance(0.5) {
				r = h.route(p, l, m, s, at)
			}
		}
		if at >= h.end || at >= l.to {
			return
		}
		h.own(p, l, m, r, at, session)
	}
	if p.chance(0.3) { // the session renews its token later, some of it from a cloud
		later := at + p.between(5*signin.Minute, 70*signin.Minute)
		if later < h.end {
			h.renew(p, m, s, later, session)
		}
	}
	if p.chance(0.01) { // the same request told twice, under two ids
		h.own(p, l, m, r, at, session)
	}
}

func (p *hostilePerson) machineAt(s spot) machine {
	phone, private := 0.35, 0.1
	switch s {
	case atOffice, atClient:
		phone, private = 0.2, 0
	case onTheMove:
		phone, private = 1, 0
	case atAirport:
		phone = 0.5
	case inFlight:
		phone, private = 0.3, 0
	}
	if p.traits.has(traitMobile) {
		phone = max(phone, 0.6)
	}
	switch roll := p.Float64(); {
	case roll < phone:
		return onPhone
	case roll < phone+private:
		return onPrivate
	}
	return onLaptop
}

// own writes one interactive row of the person.
func (h *hostile) own(p *hostilePerson, l *leg, m machine, r route, at signin.Time, session string) {
	e := h.event(p, r, at)
	e.Stream, e.Session = signin.Interactive, session
	p.device(&e, m, at)
	e.MFA.State = signin.MFAByClaim
	switch roll := p.Float64(); {
	case roll < 0.04:
		e.Outcome, e.Reason, e.Code, e.MFA.State = signin.Failure, signin.BadPassword, "50126", signin.MFANotDone
	case roll < 0.055:
		e.Outcome, e.Reason, e.Code, e.MFA.State = signin.Failure, signin.MFATimeout, "500121", signin.MFANotDone
	case roll < 0.065:
		e.Outcome, e.Reason, e.Code = signin.Failure, signin.PolicyBlock, "53003"
	case roll < 0.2:
		e.MFA.State = signin.MFANotDone
	case roll < 0.5:
		e.MFA.State = signin.MFADone
	}
	lat, lon := p.point(l, at)
	h.put(p, e, HostileTruth{Attack: -1, Lat: lat, Lon: lon, Honest: r.honest, Inland: r.inland(l), Aloft: l.spot == inFlight, Counts: e.Reason != signin.BadPassword})
}

// point is where the person is: the own home is not the middle of the city.
func (p *hostilePerson) point(l *leg, at signin.Time) (lat, lon float64) {
	if l.spot == atHome && l.city == p.home && l.dest == l.city {
		return p.lat, p.lon
	}
	return l.where(at)
}

// renew writes a token renewal, from where the machine then is or from the cloud
// that a service of the person runs in.
func (h *hostile) renew(p *hostilePerson, m machine, s *habit, at signin.Time, session string) {
	l := p.at(at)
	if h.cfg.Plain && (l.spot == onTheMove || l.spot == inFlight) {
		return
	}
	var r route
	cloud := p.chance(0.25) && !h.cfg.Plain
	if cloud {
		r = h.exit(p, h.nets.machines("Bigcloud Services", cityNamed(pick(p.dice, cloudExits)), "datacenter", 0.9), at)
	} else {
		r = h.route(p, l, m, s, at)
	}
	e := h.event(p, r, at)
	e.Stream, e.Session, e.IncomingToken = signin.NonInteractive, session, "refreshToken"
	e.MFA.State = signin.MFAByClaim
	p.device(&e, m, at)
	if cloud {
		e.Device, e.UserAgent = signin.Device{}, "python-requests/2.32"
	}
	lat, lon := p.point(l, at)
	h.put(p, e, HostileTruth{Attack: -1, Lat: lat, Lon: lon, Honest: r.honest, Inland: r.inland(l), Aloft: l.spot == inFlight})
}

// event is a row through a route, successful.
func (h *hostile) event(p *hostilePerson, r route, at signin.Time) signin.Event {
	e := signin.Event{Time: at, ID: p.guid().String(), Provider: "entra", Tenant: tenantID, Outcome: signin.Success, Code: "0"}
	e.Correlation = e.ID
	e.Principal = signin.Principal{ID: p.id, Name: p.upn, Kind: signin.Member}
	e.HomeTenant, e.ResourceTenant = tenantID, tenantID
	e.Source.IP = r.ip
	e.ASN, e.ASNOrg = r.net.asn, r.net.org
	e.App = signin.Target{ID: targets[appStudio].id, Name: targets[appStudio].name}
	e.Resource = signin.Target{ID: targets[resML].id, Name: targets[resML].name}
	e.Client = "Browser"
	e.Network = "[]"
	if r.prefix.class != "" {
		e.Network = signin.EncodeList([]string{r.prefix.class})
	}
	c := r.prefix.claim(at)
	e.Geo = signin.Geo{Country: c.country, Region: c.region, City: c.city, Lat: c.lat, Lon: c.lon, Radius: c.radius, Located: !c.nowhere, Source: signin.GeoDatabase}
	if !h.cfg.Plain && e.Geo.Located && p.chance(0.08) { // the same address, a slightly different answer
		e.Geo.Lat, e.Geo.Lon = shift(c.lat, c.lon, p.NormFloat64()*6, p.NormFloat64()*6)
	}
	return e
}

// device fills in the machine, as far as the log sees it.
func (p *hostilePerson) device(e *signin.Event, m machine, at signin.Time) {
	i := 0
	if p.swapAt != 0 && at >= p.swapAt {
		i = 1
	}
	d := p.laptop[i]
	switch m {
	case onPhone:
		d = p.phone[i]
	case onPrivate:
		d = hostileDevice{agent: privateAgents[p.n%len(privateAgents)], os: "Linux", browser: "Firefox 138.0"}
	}
	e.UserAgent = d.agent
	e.Device = signin.Device{OS: d.os, Browser: d.browser}
	if d.id != "" && !p.traits.has(traitPrivacy) && p.chance(0.87) { // a private window hides it
		e.Device.ID, e.Device.Compliant, e.Device.Managed, e.Device.Trust = d.id, d.compliant, d.compliant, d.trust
	}
}

// put keeps a row of the person.
func (h *hostile) put(p *hostilePerson, e signin.Event, t HostileTruth) {
	t.Person = p.n
	if t.Attack < 0 {
		p.own = append(p.own, len(h.rows))
	}
	h.rows = append(h.rows, hostileRow{e, t})
}
