package synth

import "frisk/internal/signin"

// detourVPN is the private VPN that people abroad use to look like somebody in a
// business country: the same company as the one at home, with an exit in Paris.
var detourVPN = len(networks) - 1

// detour is a planned way around a policy: what a person tries, and how they get
// in afterwards. It is made with dice of its own, so that nobody else's history,
// and little of the person's own, depends on it.
type detour struct {
	day   int
	dice  dice
	plan  []intent
	group string // joined by themselves, "" for none
	from  signin.Time
	to    signin.Time
}

// detoursWanted is how many people take each of the two ways: enough for a
// pattern (five), and one or two who have no comparable times.
const detoursWanted = 8

// planDetours has two kinds of people go around a policy: some work from Lisbon on
// a day of leave, which CA202 blocks, and come back through a VPN; some are
// refused on their phone by CA201, add themselves to its group of exceptions, and
// use the phone the next day.
func (t *Tenant) planDetours() {
	if !t.cfg.Dated {
		return // the plain tenant stays as it is
	}
	abroad, phones := 0, 0
	for _, p := range t.people {
		d := newDice(t.cfg.Seed, "detour", p.index)
		if !p.prod || p.prodStay != (stay{}) || p.guest || p.admin || p.victim || p.hides || p.breakGlass || len(p.exemptions) > 0 || p.deviceExempt || p.travelExempt {
			continue
		}
		switch {
		case abroad < detoursWanted && p.devices[0].compliant && p.devices[0].blemishTo == 0 && (p.office == zurich || p.office == london):
			for _, day := range p.away {
				if day > 9 && day < t.cfg.Days-3 && !t.weekend(day) && p.tripOn(day-1) == nil && p.tripOn(day) == nil && p.tripOn(day+1) == nil {
					p.detours = append(p.detours, t.lisbon(p, day, d))
					abroad++
					break
				}
			}
		case phones < detoursWanted && p.find(winPersonal, macPersonal) < 0 && p.badPhone() > 0:
			day := t.cfg.Days*2/5 + d.IntN(max(1, t.cfg.Days/4))
			for t.weekend(day) || t.weekend(day+1) {
				day++
			}
			if p.tripOn(day) == nil && p.tripOn(day+1) == nil {
				p.detours = append(p.detours, t.phone(p, day, d)...)
				phones++
			}
		}
	}
}

// badPhone is a phone that is not compliant, 0 for none.
func (p *person) badPhone() int {
	if i := p.find(phoneRegistered, phonePersonal); i > 0 && !p.devices[i].compliant {
		return i
	}
	return 0
}

func (t *Tenant) lisbon(p *person, day int, d dice) detour {
	at := t.localDay(day, p.home) + 6*signin.Hour + d.minutes(60, 25)
	in := intent{at: at, slot: slotBrowser, app: appStudio, res: resML, present: true, ws: int8(p.teams[0]), detour: true, //nolint:gosec // few workspaces
		where: where{hotelNet(lisbon), networks[hotelNet(lisbon)].address(p.homeHost)}}
	back := in
	back.at += d.between(15*signin.Minute, 70*signin.Minute)
	back.where = where{detourVPN, networks[detourVPN].address(d.Uint32())}
	return detour{day: day, dice: d, plan: []intent{in, back}}
}

func (t *Tenant) phone(p *person, day int, d dice) []detour {
	at := t.localDay(day, p.home) + 14*signin.Hour + d.minutes(30, 15)                                                                                 // in the evening, at home
	in := intent{at: at, device: int8(p.badPhone()), slot: slotBrowser, app: appStudio, res: resML, present: true, ws: int8(p.teams[0]), detour: true, //nolint:gosec // few
		where: where{homeNet(p.home), networks[homeNet(p.home)].address(p.homeHost)}}
	again := in
	again.at += signin.Day + d.minutes(20, 10)
	one := detour{day: day, dice: d, plan: []intent{in}, group: groupDeviceExempt, from: at + signin.Hour + d.minutes(90, 30), to: at + 6*signin.Day}
	p.exemptions = append(p.exemptions, exemption{polProdDevice, one.from, one.to})
	return []detour{one, {day: day + 1, dice: d, plan: []intent{again}}}
}

// detoursOn adds what the person plans to go around on a day.
func (p *person) detoursOn(day int, plan []intent) []intent {
	for i := range p.detours {
		if p.detours[i].day == day {
			plan = append(plan, p.detours[i].plan...)
		}
	}
	return plan
}

// selfAdds are memberships people gave themselves.
func (t *Tenant) selfAdds(yield func(p *person, d *detour)) {
	for _, p := range t.people {
		for i := range p.detours {
			if d := &p.detours[i]; d.group != "" {
				yield(p, d)
			}
		}
	}
}

// selfAdded is the audit log's records of a membership somebody gave themselves;
// its end is the group's owner's.
func (t *Tenant) selfAdded(p *person, d *detour) []auditRecord {
	add := t.memberChange(p, d.group, d.from, true)
	for i := range add {
		add[i].By.User.ID, add[i].By.User.UPN = p.id.String(), p.upn
	}
	return append(add, t.memberChange(p, d.group, d.to, false)...)
}

// TruthDetour is a planned way around a policy: on the day somebody is refused,
// and goes the route of internal/workaround by that name.
type TruthDetour struct {
	User     string `json:"user"`
	Route    string `json:"route"`
	PolicyID string `json:"policyId"`
	Day      int    `json:"day"`
}

func (t *Tenant) truthDetours() []TruthDetour {
	var out []TruthDetour
	for _, p := range t.people {
		for i := range p.detours {
			switch d := &p.detours[i]; {
			case d.group != "":
				out = append(out, TruthDetour{p.upn, "self-added-exclusion", currentPolicies[polProdDevice].ID, d.day})
			case len(d.plan) == 2:
				out = append(out, TruthDetour{p.upn, "anonymiser-egress", currentPolicies[polProdPlaces].ID, d.day})
			}
		}
	}
	return out
}
