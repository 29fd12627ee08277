package synth

import "frisk/internal/signin"

// Kinds of ground truth. The first group are attacks, the second harmless
// things that look like one.
const (
	kindSpray         = "password-spray"
	kindBruteForce    = "brute-force"
	kindStolen        = "stolen-password"
	kindTokenTheft    = "token-theft"
	kindFatigue       = "mfa-fatigue"
	kindLegacy        = "legacy-imap"
	kindDeviceCode    = "device-code-phishing"
	kindTravel        = "business-travel"
	kindVPNSwitch     = "vpn-egress-switch"
	kindCarrierEgress = "carrier-gateway"
	kindPrivateVPN    = "commercial-vpn"
)

// Incident is one thing that happened, as the sample tenant's makers know it.
type Incident struct {
	Kind   string `json:"kind"`
	Attack bool   `json:"attack"`
	User   string `json:"user,omitempty"` // user principal name of the victim or person; "" when many
	Day    int    `json:"day"`            // days after the first
	Note   string `json:"note"`
	// Stopped lists what refused rows of it, in order of first sight: "first
	// factor", "mfa", "sign-in frequency", or the name of a policy.
	Stopped []string `json:"stopped,omitempty"`
	// Through is how many rows of it succeeded.
	Through int `json:"through"`

	victim int
	net    int
	detail int
	delay  int
}

// theft is a stolen session that will be used on a day.
type theft struct {
	day      int
	incident uint16
	done     bool
}

func (t *Tenant) incident(i Incident) uint16 {
	t.incidents = append(t.incidents, i)
	return uint16(len(t.incidents)) //nolint:gosec // a few dozen
}

// planIncidents chooses victims and days. How many there are grows slowly with
// the length of the history.
func (t *Tenant) planIncidents() {
	d := newDice(t.cfg.Seed, "incidents", 0)
	months := max(1, (t.cfg.Days+15)/30)
	hosts := []int{hostAshburn, hostAmsterdam, hostSingapore, hostSaoPaulo, hostWarsaw, hostJohannesburg}
	for m := range months {
		day := func(n int) int { return min(m*30+n, t.cfg.Days-1) }
		who := func(ok func(*person) bool) *person {
			p := t.someone(d, func(p *person) bool { return !p.victim && ok(p) })
			p.victim = true
			return p
		}
		add := func(kind string, p *person, n, nw, detail int, note string) uint16 {
			inc := Incident{Kind: kind, Attack: true, Day: day(n), Note: note, net: nw, detail: detail, victim: -1}
			if p != nil {
				inc.User, inc.victim = p.upn, p.index
			}
			return t.incident(inc)
		}
		member := func(p *person) bool { return !p.guest && !p.admin }
		add(kindSpray, nil, 3, pick(d, hosts), 0, "one wrong password each against many accounts from one rented server")
		add(kindSpray, who(func(p *person) bool { return member(p) && p.role == contractor }), 11, pick(d, hosts), 1,
			"slow spray from three rented servers; one password was right, mail was read, the ML studio asked for MFA")
		add(kindSpray, nil, 23, pick(d, hosts), 2, "spray with retries")
		add(kindBruteForce, who(member), 8, pick(d, hosts), 0, "sixty passwords against one account in eight minutes, then locked")
		add(kindBruteForce, who(member), 19, torExit, 0, "brute force through Tor")
		add(kindStolen, who(func(p *person) bool { return member(p) && p.role == business }), 6, hostSaoPaulo, 0,
			"right password from another continent while the owner works; mail has no MFA policy")
		add(kindStolen, who(func(p *person) bool { return member(p) && p.role == analyst && !p.prod }), 9, hostSingapore, 1,
			"right password for the ML studio, MFA not passed")
		add(kindStolen, who(func(p *person) bool { return member(p) && p.prod && p.role == mlEngineer }), 15, hostJohannesburg, 1,
			"right password of a production engineer from outside the business countries")
		add(kindStolen, who(func(p *person) bool { return member(p) && p.prod && p.role == dataScientist }), 21, hostAshburn, 1,
			"right password of a production data scientist from a business country on an unknown device")
		add(kindStolen, who(func(p *person) bool { return p.role == administrator }), 16, commercialVPN, 2,
			"administrator's password tried on the portal through a commercial VPN")
		for i, ok := range []func(*person) bool{
			func(p *person) bool { return member(p) && p.role == mlEngineer && !p.prod && p.devices[0].compliant },
			func(p *person) bool { return member(p) && p.role == contractor && p.dev },
			func(p *person) bool { return member(p) && p.role == dataScientist && p.prod && p.devices[0].compliant },
		} {
			p := who(ok)
			n := add(kindTokenTheft, p, []int{7, 14, 20}[i], []int{hostWarsaw, hostAshburn, hostAshburn}[i], 0,
				"stolen refresh token used from a rented server")
			p.thefts = append(p.thefts, theft{day: day([]int{7, 14, 20}[i]), incident: n})
		}
		add(kindFatigue, who(func(p *person) bool { return member(p) && p.role == contractor && p.dev && !p.prod }), 13, hostAmsterdam, 0,
			"fourteen unwanted MFA prompts in twelve minutes, the last one approved")
		add(kindFatigue, who(func(p *person) bool { return member(p) && p.role == analyst }), 22, hostWarsaw, 1,
			"ten unwanted MFA prompts, none approved")
		add(kindLegacy, who(member), 5, pick(d, hosts), 0, "IMAP with a right password")
		add(kindLegacy, nil, 18, pick(d, hosts), 1, "IMAP password guessing")
		add(kindDeviceCode, who(func(p *person) bool { return member(p) && p.role == mlEngineer && !p.prod }), 17, commercialVPN, 0,
			"person entered a device code for somebody else; the policy against it is disabled")
	}
}

// someone is a person who qualifies, or the least unfit one.
func (t *Tenant) someone(d dice, ok func(*person) bool) *person {
	first := d.IntN(len(t.people))
	for i := range t.people {
		p := t.people[(first+i)%len(t.people)]
		if !p.breakGlass && ok(p) {
			return p
		}
	}
	return t.people[first]
}

// planPrivacy gives a few people a commercial VPN at home: the provider that
// attackers use too. They are not in production, which they could not reach.
func (t *Tenant) planPrivacy() {
	d := newDice(t.cfg.Seed, "privacy", 0)
	for range 2 + len(t.people)/100 {
		p := t.someone(d, func(p *person) bool {
			return !p.victim && !p.guest && !p.admin && !p.prod && !p.hides && len(p.devices) > 0
		})
		p.hides = !p.victim
	}
}

// planTrips sends some people away for two to four days.
func (t *Tenant) planTrips() {
	d := newDice(t.cfg.Seed, "trips", 0)
	goals := []int{berlin, newYork, seattle, paris, singapore, tokyo, lisbon, london, zurich, toronto}
	for _, p := range t.people {
		if p.guest || p.breakGlass {
			continue
		}
		for week := 0; week*7+6 < t.cfg.Days; week++ {
			if !d.chance(0.03) {
				continue
			}
			goal := pick(d, goals)
			if goal == p.home || goal == p.office {
				continue
			}
			from := week*7 + 1 + d.IntN(2)
			to := from + 1 + d.IntN(2)
			if t.weekend(from) || t.weekend(to) {
				continue
			}
			// Flies in the evening before and in the night; works from midday on.
			arrive := t.localDay(from, goal) + 7*signin.Hour + d.minutes(60, 20)
			// Leaves in time to be back at home for the next morning.
			leave := min(t.localDay(to, goal)+13*signin.Hour, t.localDay(to+1, p.home)+3*signin.Hour-flightTime(p.home, goal))
			p.trips = append(p.trips, trip{from: from, to: to, place: goal, arrive: arrive, leave: leave})
		}
	}
	t.grantExceptions()
}

// grantExceptions puts a few people in the exclusion groups since before the
// first day.
func (t *Tenant) grantExceptions() {
	d := newDice(t.cfg.Seed, "exceptions", 0)
	n := max(1, len(t.people)/150)
	for range n {
		t.someone(d, func(p *person) bool { return p.role == business && !p.legacyAllowed }).legacyAllowed = true
		t.someone(d, func(p *person) bool { return p.role == contractor && p.prod && !p.deviceExempt }).deviceExempt = true
		t.someone(d, func(p *person) bool { return p.prod && len(p.trips) > 0 && !p.travelExempt }).travelExempt = true
		t.someone(d, func(p *person) bool { return p.role == mlEngineer && p.prod && !p.frequencyExempt }).frequencyExempt = true
	}
}
