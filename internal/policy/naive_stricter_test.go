package policy_test

import (
	"testing"

	"frisk/internal/policy"
)

// dropExclusion takes one exclusion out of a policy.
var dropExclusion = map[string]func(*naivePolicy){
	"users": func(p *naivePolicy) {
		if u := p.Conditions.Users; u != nil {
			less := *u
			less.ExcludeUsers, less.ExcludeGroups, less.ExcludeRoles, less.ExcludeGuests = nil, nil, nil, nil
			p.Conditions.Users = &less
		}
	},
	"applications": func(p *naivePolicy) {
		p.Conditions.Apps = dropApps(p.Conditions.Apps, func(a *naiveApps) {
			a.Exclude = nil
			if a.Filter != nil && a.Filter.Mode == "exclude" {
				a.Filter = nil
			}
		})
	},
	"service principals": func(p *naivePolicy) {
		if w := p.Conditions.Workload; w != nil {
			less := *w
			less.Exclude = nil
			p.Conditions.Workload = &less
		}
	},
	"locations": func(p *naivePolicy) {
		if l := p.Conditions.Locations; l != nil {
			p.Conditions.Locations = &naiveLocations{Include: l.Include}
		}
	},
	"platforms": func(p *naivePolicy) {
		if l := p.Conditions.Platforms; l != nil {
			p.Conditions.Platforms = &naivePlatforms{Include: l.Include}
		}
	},
	"devices": func(p *naivePolicy) {
		if d := p.Conditions.Devices; d != nil && (d.Filter == nil || d.Filter.Mode == "exclude") {
			p.Conditions.Devices = &naiveDevices{Include: d.Include}
		}
	},
}

// TestNothingStricterFrees: adding a block, or taking an exclusion away, never
// lets anyone through, in either bound; a report-only, disabled or unknown state
// changes no decision; nor does the order of the policies.
func TestNothingStricterFrees(t *testing.T) {
	for seed := range propertyWorlds() {
		w, m := newNaiveWorld(2_000_000 + seed)
		for i := range w.policies { // a strength for registration takes the place of others: documented, and not stricter
			w.policies[i].Conditions.Apps.Actions = nil
		}
		base, sym := w.engine(t)

		stricter := map[string]*world{}
		block := m.policy(90, w.rules)
		block.State, block.Grant = "enabled", &naiveGrant{Operator: "OR", Controls: []string{"block"}}
		stricter["a block added"] = w.with(block)
		for name, drop := range dropExclusion {
			open := w.with()
			drop(&open.policies[m.IntN(len(open.policies))])
			stricter["no exclusion of "+name] = open
		}
		for name, other := range stricter {
			ev, symOther := other.engine(t)
			for range 8 {
				e, s := m.event(), m.state()
				a, b := verdictOf(base, sym, &e, &s), verdictOf(ev, symOther, &e, &s)
				if b.Best < a.Best || b.Worst < a.Worst {
					t.Fatalf("seed %d, %s: %v became %v", seed, name, &a, &b)
				}
			}
		}

		idle := m.policy(91, w.rules)
		idle.State = m.one("enabledForReportingButNotEnforced", "disabled", "partiallyEnabled")
		same := w.with(idle)
		m.Shuffle(len(same.policies), func(i, j int) {
			same.policies[i], same.policies[j] = same.policies[j], same.policies[i]
			same.forces[i], same.forces[j] = same.forces[j], same.forces[i]
		})
		ev, symSame := same.engine(t)
		for range 24 {
			e, s := m.event(), m.state()
			a, b := verdictOf(base, sym, &e, &s), verdictOf(ev, symSame, &e, &s)
			a.Applies, b.Applies = nil, nil
			if !a.equal(&b) {
				t.Fatalf("seed %d: with a policy in state %s and in another order %v became %v", seed, idle.State, &a, &b)
			}
		}
	}
}

// with is the world with more policies, and lists of its own.
func (w *world) with(more ...naivePolicy) *world {
	out := *w
	out.policies = append(append([]naivePolicy{}, w.policies...), more...)
	out.forces = append(append([]*policy.Force{}, w.forces...), make([]*policy.Force, len(more))...)
	return &out
}
