package synth

import "frisk/internal/signin"

// request is one asking for an exception from a policy.
type request struct {
	id               string
	created, decided signin.Time
	from, to         signin.Time
	person           *person
	policy           int
	group            string
	workspace        string
	category         string
	justification    string
	decision         string
	repeat           bool // ground truth: planted as a repetition
}

var frequencyReasons = []string{
	"Training run lost its session after four hours again, lost the night",
	"Sweep stopped at 02:00 because the token expired, please extend the session for production",
	"Asked for MFA every four hours while watching the fraud model train",
	"Notebook kernel lost access in the middle of a back-test",
	"Long evaluation job cannot finish inside four hours",
	"Same problem as last time: production session ends during the nightly run",
}

// planRequests writes the requests: mostly data scientists in production who
// keep asking to be spared the four-hour frequency, and a few others.
func (t *Tenant) planRequests() {
	d := newDice(t.cfg.Seed, "requests", 0)
	end := t.start + signin.Time(t.cfg.Days)*signin.Day
	add := func(p *person, at signin.Time, pol int, group, category, text, decision string, repeat bool) signin.Time {
		if at >= end-8*signin.Hour {
			return at
		}
		r := request{
			created: at, decided: at + d.minutes(22*60, 9*60), person: p, policy: pol, group: group, category: category,
			justification: text, decision: decision, repeat: repeat,
		}
		if r.decided >= end {
			r.decided, r.decision = 0, "pending"
		}
		if len(p.teams) > 0 {
			r.workspace = workspaces[p.teams[0]].name
		}
		if r.decision == "approved" {
			r.from, r.to = r.decided, r.decided+5*signin.Day
			if r.to < end {
				p.exemptions = append(p.exemptions, exemption{pol, r.from, r.to})
			} else {
				r.decision, r.from, r.to = "denied", 0, 0 // the desk does not grant beyond the month
			}
		}
		t.requests = append(t.requests, r)
		return max(r.decided, at+signin.Hour)
	}
	for _, p := range t.people {
		office := func(day int) signin.Time {
			return t.start + signin.Time(day)*signin.Day + 9*signin.Hour + d.minutes(180, 80)
		}
		switch {
		case p.role == dataScientist && p.prod && d.chance(0.42):
			at := office(d.IntN(max(1, t.cfg.Days/2)))
			n := 1 + d.IntN(4)
			for k := range n {
				decision := "denied"
				if k == 2 {
					decision = "approved" // for five days, after the third time
				}
				at = add(p, at, polProdFrequency, groupFrequencyExmpt, "productivity", pick(d, frequencyReasons), decision, k > 0)
				at += signin.Time(3+d.IntN(9)) * signin.Day
			}
		case p.role == mlEngineer && p.prod && d.chance(0.05):
			add(p, office(d.IntN(t.cfg.Days)), polProdFrequency, groupFrequencyExmpt, "on-call", "On-call week, pages at night", "approved", false)
		case p.prod && len(p.trips) > 0 && !places[p.trips[0].place].business() && d.chance(0.7):
			add(p, office(max(0, p.trips[0].from-3)), polProdPlaces, groupTravelExempt, "travel", "Customer visit in "+places[p.trips[0].place].city, "approved", false)
		case p.role == contractor && p.prod && !p.devices[0].compliant:
			at := add(p, office(1+d.IntN(max(1, t.cfg.Days/2))), polProdDevice, groupDeviceExempt, "device", "Contractor laptop cannot be enrolled", "denied", false)
			if d.chance(0.5) {
				add(p, at+6*signin.Day, polProdDevice, groupDeviceExempt, "device", "Contractor laptop cannot be enrolled, second request", "denied", true)
			}
		case p.role == business && d.chance(0.04):
			add(p, office(d.IntN(t.cfg.Days)), polLegacy, groupLegacyExempt, "legacy", "Office scanner sends by SMTP", "denied", false)
		}
	}
	sortRequests(t.requests)
}
