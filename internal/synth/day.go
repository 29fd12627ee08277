package synth

import (
	"slices"

	"frisk/internal/signin"
)

// intent is something a person or their machine is about to do; access decides
// what becomes of it.
type intent struct {
	at       signin.Time
	kind     intentKind
	device   int8
	slot     slot
	app, res uint8
	where    where
	present  bool  // somebody sits in front of it
	job      int16 // number of the long training job it belongs to, 0 for none
	tries    int8
	ws       int8
	incident uint16
	ua       uint8
	detour   bool   // made with the dice of planDetours
	token    *clock // a stolen token's own clock; nil = the tool's
}

type intentKind uint8

const (
	doStart  intentKind = iota // opens the tool
	doBeat                     // the tool renews its token
	doUnlock                   // comes back to the machine; no row
	doLegacy
)

// trip is a business trip: the days from..to (simulated days) are spent at a
// place, which is reached at arrive.
type trip struct {
	from, to int
	place    int
	arrive   signin.Time
	leave    signin.Time
}

// localDay is the UTC instant of 04:00 local time on a simulated day, when the
// person's day turns.
func (t *Tenant) localDay(day, place int) signin.Time {
	return t.start + signin.Time(day)*signin.Day + 4*signin.Hour - signin.Time(places[place].offset)*signin.Minute
}

func (t *Tenant) weekend(day int) bool {
	wd := int(t.cfg.Start.Weekday()) + day
	return wd%7 == 0 || wd%7 == 6
}

// simulateDay appends everybody's records of one day to held.
func (t *Tenant) simulateDay(day int, held []Record) []Record {
	s := &sim{t: t, day: day, out: held}
	if day < t.cfg.Days {
		for _, p := range t.people {
			s.person(p)
		}
		s.attacks()
		s.robots()
	}
	return s.out
}

// sim is one day being simulated.
type sim struct {
	t   *Tenant
	day int
	out []Record
}

func (s *sim) person(p *person) {
	plan := p.pending
	p.pending = nil
	base := p.home
	tr := p.tripOn(s.day)
	if tr != nil {
		base = tr.place
	}
	begin := s.t.localDay(s.day, base)
	end := begin + signin.Day
	if p.breakGlass {
		if s.day == 9 {
			plan = append(plan, intent{at: begin + 6*signin.Hour, slot: slotBrowser, app: appPortal, res: resARM, where: p.officeNet(), present: true, ws: -1})
		}
	} else {
		plan = p.detoursOn(s.day, s.planDay(p, plan, begin, tr))
	}
	for i := 0; i < len(plan); i++ {
		if i == 0 {
			slices.SortStableFunc(plan, func(a, b intent) int { return int(a.at - b.at) })
		}
		if plan[i].at >= end {
			p.pending = append(p.pending, plan[i:]...)
			break
		}
		own := p.dice
		if plan[i].detour {
			p.dice = newDice(s.t.cfg.Seed, "detour access", p.index<<8|i)
		}
		follow := s.access(p, &plan[i])
		p.dice = own
		for _, more := range follow {
			j := i + 1
			for j < len(plan) && plan[j].at <= more.at {
				j++
			}
			plan = slices.Insert(plan, j, more)
		}
	}
}

func (p *person) tripOn(day int) *trip {
	for i := range p.trips {
		if tr := &p.trips[i]; day >= tr.from && day <= tr.to {
			return tr
		}
	}
	return nil
}

func (p *person) officeNet() where {
	nw := map[int]int{zurich: officeZurich, london: officeLondon, toronto: officeToronto, bengaluru: officeBengaluru}[p.office]
	host := uint32(p.dice.IntN(3)) // three egress addresses //nolint:gosec // small
	if p.dualStack && p.dice.chance(0.3) {
		return where{nw, networks[nw].address6(host)}
	}
	return where{nw, networks[nw].address(host)}
}

func (p *person) homeAddr() where {
	if p.hides {
		return where{commercialVPN, networks[commercialVPN].address(p.homeHost)}
	}
	nw := homeNet(p.home)
	if p.dualStack && p.dice.chance(0.5) {
		return where{nw, networks[nw].address6(p.homeHost)}
	}
	return where{nw, networks[nw].address(p.homeHost)}
}

// vpnNet is the usual gateway, or now and then another one far away.
func (p *person) vpnNet() where {
	nw := map[int]int{zurich: vpnZurich, london: vpnLondon, toronto: vpnToronto, bengaluru: vpnLondon}[p.office]
	if p.dice.chance(0.12) {
		nw = vpnZurich + p.dice.IntN(3)
	}
	return where{nw, networks[nw].address(p.dice.Uint32())}
}

func (p *person) mobileAddr(place int) where {
	if _, ok := mobileOf[places[place].country]; !ok {
		return where{hotelNet(min(place, lisbon)), networks[hotelNet(min(place, lisbon))].address(p.homeHost)}
	}
	nw := mobileNet(place)
	if p.dice.chance(0.4) {
		return where{nw, networks[nw].address6(p.dice.Uint32())}
	}
	return where{nw, networks[nw].address(p.dice.Uint32())}
}

// planDay lists what a person means to do between 04:00 and 04:00.
func (s *sim) planDay(p *person, plan []intent, begin signin.Time, tr *trip) []intent {
	d := p.dice
	if slices.Contains(p.away, s.day) && tr == nil {
		return plan
	}
	if s.t.weekend(s.day) && tr == nil {
		return s.planWeekend(p, plan, begin)
	}
	from := begin + 5*signin.Hour + p.early + d.minutes(0, 20)
	to := from + 9*signin.Hour + d.minutes(10, 40)
	main := p.homeAddr()
	onVPN := false
	switch {
	case tr != nil:
		main = where{hotelNet(tr.place), networks[hotelNet(tr.place)].address(p.homeHost)}
		from = max(from, tr.arrive)
		if s.day == tr.to {
			to = min(to, tr.leave)
		}
		onVPN = d.chance(0.5) || !places[tr.place].business() && p.prod
	case d.chance(p.officeShare):
		main = p.officeNet()
	default:
		onVPN = !p.guest && d.chance(0.35)
	}
	if next := p.tripOn(s.day + 1); next != nil && tr == nil {
		// Leaves for the airport in time to arrive tomorrow morning.
		to = min(to, next.arrive-flightTime(p.home, next.place))
	}
	if to <= from+20*signin.Minute {
		return plan
	}
	usual := main
	if onVPN {
		usual = p.vpnNet()
	}
	// Away from home people forget the VPN at first, which abroad means a
	// blocked sign-in.
	at := func(t signin.Time) where {
		if tr != nil && t <= from+25*signin.Minute {
			return main
		}
		return usual
	}
	lunch := from + 3*signin.Hour + d.minutes(25, 20)
	back := lunch + d.minutes(45, 10)
	for _, u := range []signin.Time{from - signin.Minute, from + d.minutes(95, 20), back - 30*signin.Second, back + d.minutes(110, 30)} {
		if u < to {
			plan = append(plan, intent{at: u, kind: doUnlock})
		}
	}
	if d.chance(0.12) && p.prod || d.chance(0.04) {
		// Tries from a private machine first.
		if i := p.find(winPersonal, macPersonal); i > 0 {
			plan = append(plan, intent{at: from - 20*signin.Minute, device: int8(i), slot: slotBrowser, app: appStudio, res: resML, where: main, present: true, ws: p.anyTeam()}) //nolint:gosec // few devices
		}
	}
	plan = s.planOffice(p, plan, from, to, at)
	plan = s.planML(p, plan, from, to, lunch, back, at)
	return s.planPhone(p, plan, from, to, tr)
}

func (p *person) find(kinds ...devKind) int {
	for i := range p.devices {
		if slices.Contains(kinds, p.devices[i].kind) {
			return i
		}
	}
	return -1
}

func (p *person) anyTeam() int8 {
	if len(p.teams) == 0 {
		return -1
	}
	return int8(p.teams[p.dice.IntN(len(p.teams))]) //nolint:gosec // few workspaces
}

// planOffice is mail and chat: little, because continuous access evaluation
// lets those clients keep a token for a day (reference 1.1).
func (s *sim) planOffice(p *person, plan []intent, from, to signin.Time, at func(signin.Time) where) []intent {
	d := p.dice
	add := func(t signin.Time, sl slot, app, res uint8, kind intentKind) {
		plan = append(plan, intent{at: t, kind: kind, slot: sl, app: app, res: res, where: at(t), present: true, ws: -1})
	}
	if p.guest {
		return plan
	}
	if d.chance(0.7) {
		add(from+d.minutes(3, 1), slotOffice, appTeams, resTeams, doStart)
	}
	if d.chance(0.5) {
		add(from+d.minutes(5, 1.5), slotOffice, appOffice, resExchange, doStart)
	}
	if d.chance(0.35) {
		add(d.between(from+signin.Hour, to), slotBrowser, appSharePoint, resSharePoint, doStart)
	}
	if d.chance(0.15) {
		add(d.between(from, to), slotBrowser, appOutlookWeb, resExchange, doStart)
	}
	if p.admin && d.chance(0.7) {
		add(d.between(from, to), slotBrowser, appPortal, resARM, doStart)
	}
	if p.legacyAllowed || p.oldMail && d.chance(0.15) {
		for t := from; t < to; t += 3 * signin.Hour {
			plan = append(plan, intent{at: t + d.minutes(20, 5), kind: doLegacy, app: appIMAP, res: resExchange, where: at(t), ws: -1})
		}
	}
	return plan
}

func (s *sim) planPhone(p *person, plan []intent, from, to signin.Time, tr *trip) []intent {
	d := p.dice
	i := p.find(phoneRegistered, phonePersonal)
	if i < 0 || !d.chance(0.45) {
		return plan
	}
	place := p.home
	if tr != nil {
		place = tr.place
	}
	t := d.between(from, to)
	in := intent{at: t, kind: doStart, device: int8(i), slot: slotOffice, app: appOffice, res: resExchange, where: p.mobileAddr(place), present: true, ws: -1} //nolint:gosec // few devices
	return append(plan, in)
}

// planWeekend: a look at a running job now and then.
func (s *sim) planWeekend(p *person, plan []intent, begin signin.Time) []intent {
	d := p.dice
	share := [numRoles]float64{mlEngineer: 0.08, dataScientist: 0.14, administrator: 0.08, analyst: 0.02}[p.role]
	if !d.chance(share) {
		return plan
	}
	t := begin + d.minutes(7*60, 100)
	plan = append(plan, intent{at: t - signin.Minute, kind: doUnlock})
	w := p.homeAddr()
	plan = append(plan, intent{at: t, slot: slotBrowser, app: appStudio, res: resML, where: w, present: true, ws: p.anyTeam()})
	for k := range d.IntN(3) {
		plan = append(plan, intent{at: t + signin.Time(k+1)*d.minutes(63, 3), kind: doBeat, slot: slotBrowser, app: appStudio, res: resML, where: w, present: true, ws: p.anyTeam()})
	}
	return plan
}
