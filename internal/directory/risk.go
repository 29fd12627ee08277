package directory

import (
	"cmp"
	"slices"
	"strings"

	"frisk/internal/signin"
)

// riskFact says which risk level an identity had from a time on, until a time;
// 0 in until is "until the next fact", 0 in from "since ever".
type riskFact struct {
	from, until signin.Time
	level       string
}

// AddUserRisk records the level a user's risk had from a time on, until the
// next one added for that user. Levels are in Graph spelling, any case; "" = not
// known from then on.
func (d *Directory) AddUserRisk(id string, at signin.Time, level string) {
	d.addRisk(riskOfUser, id, riskFact{from: at, level: level})
}

// AddInsiderRisk does the same for insider risk.
func (d *Directory) AddInsiderRisk(id string, at signin.Time, level string) {
	d.addRisk(riskOfInsider, id, riskFact{from: at, level: level})
}

// AddServicePrincipalRisk does the same for a service principal, by object id.
func (d *Directory) AddServicePrincipalRisk(id string, at signin.Time, level string) {
	d.addRisk(riskOfService, id, riskFact{from: at, level: level})
}

func (d *Directory) addRisk(k riskKind, id string, f riskFact) {
	id, f.level = key(id), strings.ToLower(strings.TrimSpace(f.level))
	if id == "" || f.until != 0 && f.until <= f.from {
		return
	}
	if d.told[k] == nil {
		d.told[k] = map[string][]riskFact{}
	}
	d.told[k][id] = append(d.told[k][id], f)
}

// setRiskWhole states that every identity that was ever at risk until a time is
// listed: anybody else had level none until then.
func (d *Directory) setRiskWhole(k riskKind, until signin.Time) {
	d.riskWhole[k] = max(d.riskWhole[k], until)
}

// sealRisk puts the levels of every identity in order of time.
func (d *Directory) sealRisk() {
	for k := range d.told {
		d.risk[k] = nil
		if d.told[k] == nil {
			continue
		}
		d.risk[k] = make(map[string][]Level, len(d.told[k]))
		for id, facts := range d.told[k] {
			d.risk[k][id] = levels(facts)
		}
	}
}

// levels lays facts out over time. The fact that began last counts; where it
// ended before the next began, the level is not known and Level "" says so. Of
// two that began together the one that lasts longer counts, then the riskier.
func levels(facts []riskFact) []Level {
	facts = slices.Clone(facts)
	end := func(f riskFact) signin.Time {
		if f.until == 0 {
			return forever
		}
		return f.until
	}
	slices.SortFunc(facts, func(a, b riskFact) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(end(a), end(b)), cmp.Compare(riskOrder(a.level), riskOrder(b.level)), cmp.Compare(a.level, b.level))
	})
	var out []Level
	add := func(at signin.Time, level string) {
		for len(out) > 0 && out[len(out)-1].At >= at {
			out = out[:len(out)-1]
		}
		if len(out) == 0 || out[len(out)-1].Level != level {
			out = append(out, Level{at, level})
		}
	}
	for i, f := range facts {
		add(f.from, f.level)
		if f.until != 0 && (i+1 == len(facts) || f.until < facts[i+1].from) {
			add(f.until, "")
		}
	}
	return out
}

// riskOrder ranks levels of either family (Graph riskLevel, insiderRiskLevel).
func riskOrder(level string) int {
	return slices.Index([]string{"", "none", "hidden", "minor", "low", "moderate", "medium", "elevated", "high"}, level)
}
