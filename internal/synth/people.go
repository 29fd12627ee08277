package synth

import (
	"strconv"
	"strings"

	"frisk/internal/signin"
)

// role is a person's part in the organisation; its group is in groupNames.
type role uint8

const (
	mlEngineer role = iota
	dataScientist
	analyst
	contractor
	administrator
	business
	numRoles
)

var roleGroups = [numRoles]string{"ML Engineers", "Data Scientists", "Analysts (read-only)", "Contractors", "Administrators", "Business"}

var jobTitles = [numRoles]string{"Machine Learning Engineer", "Data Scientist", "Data Analyst", "Contractor", "Systems Administrator", "Account Manager"}

// clock is the session of one token cache.
type clock struct {
	open    bool
	at      signin.Time // last full authentication, or renewal of the PRT
	until   signin.Time // end of the last attempt that somebody had to answer
	mfa     bool        // the session carries an MFA claim
	session signin.GUID
	day     int // simulated day of the last use, for browsers that forget
}

// person is one human account and its habits.
type person struct {
	index      int
	id         signin.GUID
	first      string
	last       string
	upn        string
	role       role
	guest      bool
	breakGlass bool
	admin      bool
	adminRole  int
	prod, dev  bool
	prodStay   stay  // when prod holds; zero: always
	teams      []int // workspaces

	legacyAllowed, deviceExempt, travelExempt, frequencyExempt bool

	home, office int // places
	homeHost     uint32
	dualStack    bool
	hides        bool // uses a commercial VPN at home, always the same exit
	devices      []device
	method       step
	early        signin.Time // habitual offset from nine o'clock
	officeShare  float64
	trips        []trip
	away         []int // days of leave
	thefts       []theft

	// exemptions are dated memberships in an exclusion group.
	exemptions []exemption
	detours    []detour // planned ways around a policy
	atRisk     []stay   // spells of high user risk
	// dropped and added are scopes, by bit, that the exported groups have wrong
	// under PerturbMembership.
	dropped, added uint8
	newcomer       bool // has not registered for MFA yet
	oldMail        bool // has a mail program that only knows IMAP
	victim         bool // of an attack already
	jobs           int16
	deadJob        int16 // the last training job that lost its session

	dice    dice
	clocks  [][numSlots]clock
	pending []intent
	browser []uint8 // user agent by device
}

var firstNames = strings.Fields(`Aarav Ada Adele Aisha Alma Amara Anders Anika Anton Aria Arjun Astrid Beatriz Bram Camille Carlos Chiara Clara
Daan Dario Deepa Diego Divya Eleni Elif Elsa Emil Emma Erik Esra Farah Felix Fiona Freya Gita Greta Hana Hugo Ida Imran Ingrid Isha Ivan Jana Jonas
Julia Kavya Kenji Lars Laura Lea Leila Leon Lina Luca Maja Marco Maria Mateo Maya Meera Mila Milan Mina Nadia Naomi Nikhil Nils Nina Noor Olga Oscar
Pavel Petra Priya Rafael Ravi Rosa Sam Sana Sara Sofia Stefan Tara Theo Tom Uma Vera Viktor Wei Yara Yuki Yusuf Zoe`)

var lastNames = strings.Fields(`Abbott Achar Adler Ahmed Alvarez Andersen Bauer Becker Bianchi Bose Brunner Castro Chandra Costa Cruz Danso Desai Dubois
Egger Eriksen Farrell Fischer Fontaine Frei Garcia Ghosh Gray Gupta Haas Hansen Hart Hofer Ito Iyer Jansen Jensen Joshi Kaya Keller Khan Kim Koch Kovac
Kumar Lang Larsen Leclerc Lindt Lopez Madsen Marti Meier Menon Meyer Moreau Mueller Murphy Nair Nguyen Novak Okafor Olsen Park Patel Pereira Perrin Pinto
Quinn Rao Reddy Rossi Roy Russo Sato Schmid Sharma Silva Singh Stone Suter Tanaka Torres Vogel Wagner Walker Weber Weiss Wolf Wong Yamada Young Zhang`)

// exemption is a spell in the exclusion group of one policy.
type exemption struct {
	policy   int
	from, to signin.Time
}

func (p *person) exempt(policy int, at signin.Time) bool {
	for _, e := range p.exemptions {
		if e.policy == policy && at >= e.from && at < e.to {
			return true
		}
	}
	return false
}

// populate makes the people in a fixed order of roles.
func (t *Tenant) populate() {
	share := [numRoles]float64{mlEngineer: 0.19, dataScientist: 0.27, analyst: 0.28, contractor: 0.13, administrator: 0.04}
	var kinds []role
	for r := range business {
		for range max(int(share[r]*float64(t.cfg.People)), 3) {
			kinds = append(kinds, r)
		}
	}
	for len(kinds) < t.cfg.People-1 {
		kinds = append(kinds, business)
	}
	used := map[string]int{}
	for i, r := range kinds {
		t.people = append(t.people, t.newPerson(i, r, used))
	}
	t.people = append(t.people, t.newBreakGlass(len(t.people)))
}

func (t *Tenant) newPerson(i int, r role, used map[string]int) *person {
	d := newDice(t.cfg.Seed, "person", i)
	p := &person{index: i, role: r, dice: d, id: d.guid(), first: pick(d, firstNames), last: pick(d, lastNames)}
	name := strings.ToLower(p.first + "." + p.last)
	used[name]++
	if n := used[name]; n > 1 {
		name += strconv.Itoa(n)
	}
	p.office = []int{zurich, zurich, zurich, london, london, toronto, bengaluru}[d.IntN(7)]
	p.home = p.office
	switch {
	case p.office == zurich && d.chance(0.3):
		p.home = []int{basel, berlin}[d.IntN(2)]
	case p.office == london && d.chance(0.25):
		p.home = bristol
	case p.office == toronto && d.chance(0.25):
		p.home = []int{montreal, newYork}[d.IntN(2)]
	}
	p.officeShare = 0.35 + 0.5*d.Float64()
	if p.home == berlin || p.home == newYork {
		p.officeShare = 0 // remote
	}
	p.homeHost = d.Uint32()
	p.dualStack = d.chance(0.35)
	p.early = d.minutes(0, 40)
	p.guest = r == contractor && d.chance(0.4)
	p.upn = name + "@" + domain
	if p.guest {
		p.upn = name + "@" + partnerDomain
		p.officeShare = 0
	}
	p.method = pick(d, []step{stepPush, stepPush, stepPush, stepPush, stepPush, stepPush, stepCode, stepSMS})
	if r == administrator {
		p.method, p.admin, p.adminRole = stepKey, true, i%len(adminRoles)
	}
	p.newcomer = (r == contractor || r == analyst) && d.chance(0.05)
	p.oldMail = !p.guest && (r == analyst || r == business) && d.chance(0.03)
	p.joinTeams()
	p.equip()
	for day := range t.cfg.Days {
		if d.chance(0.04) {
			p.away = append(p.away, day)
		}
	}
	return p
}

// joinTeams puts a person in the groups that stand for workspace teams.
func (p *person) joinTeams() {
	d := p.dice
	prodShare := [numRoles]float64{mlEngineer: 0.6, dataScientist: 0.6, analyst: 0.25, contractor: 0.2}[p.role]
	devShare := [numRoles]float64{mlEngineer: 1, dataScientist: 1, analyst: 0.3, contractor: 0.75}[p.role]
	product := d.IntN(2) // fraud or forecast
	if d.chance(prodShare) && !p.guest {
		p.prod = true
		p.teams = append(p.teams, wsFraudProd+product)
	}
	if d.chance(devShare) || p.guest {
		p.dev = true
		if !p.prod && d.chance(0.55) {
			p.teams = append(p.teams, wsResearchDev)
		} else {
			p.teams = append(p.teams, wsFraudDev+product)
		}
	}
}

// newBreakGlass is the emergency account, excluded from every policy.
func (t *Tenant) newBreakGlass(i int) *person {
	d := newDice(t.cfg.Seed, "person", i)
	p := &person{
		index: i, dice: d, id: d.guid(), first: "Emergency", last: "Access", upn: "emergency.access@" + domain,
		role: administrator, breakGlass: true, admin: true, home: zurich, office: zurich, method: stepKey,
	}
	p.addDevice(winPersonal, false)
	return p
}

// display is the display name.
func (p *person) display() string { return p.first + " " + p.last }

// directory roles, by template id (Microsoft's public ids).
var adminRoles = []struct{ template, name string }{
	{"62e90394-69f5-4237-9190-012177145e10", "Global Administrator"},
	{"194ae4cb-b126-40b2-bd5b-6091b380977d", "Security Administrator"},
	{"fe930be7-5e62-47db-91af-98c3a49a38b1", "User Administrator"},
	{"b1be1c3e-b65d-4f19-8427-f6fa0d97feb9", "Conditional Access Administrator"},
}

// openSessions gives registered devices the sessions they had before the first
// day, so that the history does not begin with everybody signing in anew.
func (t *Tenant) openSessions() {
	d := newDice(t.cfg.Seed, "sessions", 0)
	for _, p := range t.people {
		for i := range p.devices {
			if !p.devices[i].registered() {
				continue
			}
			for j := range p.clocks[i] {
				p.clocks[i][j] = clock{open: true, at: t.start - d.between(2*signin.Hour, 60*signin.Hour), mfa: d.chance(0.85), session: d.guid(), day: -1}
			}
		}
	}
}
