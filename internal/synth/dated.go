package synth

import (
	"slices"

	"frisk/internal/signin"
)

// edits are the changes of policies inside the history of a dated tenant; 0 is
// never, so that the newest version counts throughout.
type edits struct {
	ml     signin.Time // CA101 asks every eight hours, before every four
	device signin.Time // CA201 excludes its group of exceptions, before nobody but the emergency account
}

// What CA101 was before its edit.
const (
	oldMLName      = "CA101 - ML apps - MFA every 4 hours"
	oldMLFrequency = 4 * signin.Hour
)

// before reports whether policy i was an older version at a time.
func (e *edits) before(i int, at signin.Time) bool {
	return i == polML && at < e.ml || i == polProdDevice && at < e.device
}

// old is the version of an edited policy before its edit.
func old(i int) graphPolicy {
	p := currentPolicies[i].graphPolicy
	switch i {
	case polML:
		p.DisplayName = oldMLName
		p.Session = every(4, "primaryAndSecondaryAuthentication")
	case polProdDevice:
		p.Conditions.Users = group(groupProd)
	}
	return p
}

// planDates lays changes of policies and of production teams into the history.
func (t *Tenant) planDates() {
	if !t.cfg.Dated {
		return
	}
	at := func(share float64, hour, minute int) signin.Time {
		day := signin.Time(share * float64(t.cfg.Days))
		return t.start + day*signin.Day + signin.Time(hour)*signin.Hour + signin.Time(minute)*signin.Minute + 9*signin.Second + 530271
	}
	t.world.edits = edits{ml: at(0.4, 14, 3), device: at(0.25, 9, 31)}
	d := newDice(t.cfg.Seed, "transfers", 0)
	for k := range 2 * (1 + len(t.people)/150) {
		p := t.someone(d, func(p *person) bool {
			return p.prod && !p.guest && !p.admin && !p.victim && p.prodStay == (stay{}) && len(p.exemptions) == 0
		})
		if k%2 == 0 {
			p.prodStay.from = at(0.3+0.1*d.Float64(), 8, 12+k)
		} else {
			p.prodStay.to = at(0.6+0.1*d.Float64(), 16, 21+k)
		}
	}
}

// raiseRisk makes a person's account risky from the next day on, until an
// administrator has looked at it. The provider's own verdict comes hours later
// (offline detections); the delay also keeps rows already written true, because
// everybody's day is over by then.
func (s *sim) raiseRisk(p *person) {
	from := s.t.start + signin.Time(s.day+1)*signin.Day + 12*signin.Hour
	if n := len(p.atRisk); n > 0 && from < p.atRisk[n-1].to {
		return
	}
	p.atRisk = append(p.atRisk, stay{from, from + 30*signin.Hour})
}

// numPolicies is how many of the policies, from the first on, this tenant has.
func (t *Tenant) numPolicies() int {
	if t.cfg.Dated {
		return numPolicies
	}
	return polUserRisk
}

// riskHistory is an item of a risky user's history (Graph riskyUserHistoryItem).
type riskHistory struct {
	Type    string `json:"@odata.type"`
	ID      string `json:"id"`
	UserID  string `json:"userId"`
	UPN     string `json:"userPrincipalName"`
	Display string `json:"userDisplayName"`
	Deleted bool   `json:"isDeleted"`
	Level   string `json:"riskLevel"`
	State   string `json:"riskState"`
	Detail  string `json:"riskDetail"`
	At      string `json:"riskLastUpdatedDateTime"`
	By      string `json:"initiatedBy"`
}

// riskPage is the list of them. Complete is frisk's own word for "nobody else".
type riskPage struct {
	Context  string        `json:"@odata.context"`
	Complete bool          `json:"complete"`
	Value    []riskHistory `json:"value"`
}

// riskyUsers is the history of everybody whose risk was ever raised, in time
// order for each person. It is known once the history has been made.
func (t *Tenant) riskyUsers() []riskHistory {
	out := []riskHistory{}
	end := t.start + signin.Time(t.cfg.Days)*signin.Day
	for _, p := range t.people {
		if len(p.atRisk) > 0 { // an old story, long settled
			out = append(out, riskHistory{
				Type: "#microsoft.graph.riskyUserHistoryItem", ID: p.id.String() + "0", UserID: p.id.String(), UPN: p.upn, Display: p.display(),
				Level: "none", State: "remediated", Detail: "userPerformedSecuredPasswordReset", At: text(t.start - 63*signin.Day + p.early),
			})
		}
		for i, s := range p.atRisk {
			if s.from >= end || t.cfg.Perturb.has(PerturbRisk) && i%2 == 0 {
				continue
			}
			item := riskHistory{
				Type: "#microsoft.graph.riskyUserHistoryItem", ID: p.id.String() + string(rune('a'+2*i)), UserID: p.id.String(), UPN: p.upn, Display: p.display(),
				Level: "high", State: "atRisk", Detail: "none", At: text(s.from), By: "",
			}
			out = append(out, item)
			if s.to < end {
				item.ID = p.id.String() + string(rune('b'+2*i))
				item.Level, item.State, item.Detail, item.At, item.By = "none", "dismissed", "adminDismissedAllRiskForUser", text(s.to), t.keeper().id.String()
				out = append(out, item)
			}
		}
	}
	return out
}

// keeper is the administrator who changes policies and groups.
func (t *Tenant) keeper() *person {
	n := slices.IndexFunc(t.people, func(p *person) bool { return p.admin && !p.breakGlass })
	return t.people[max(n, 0)]
}

func text(at signin.Time) string { return string(stamp(nil, at)) }
