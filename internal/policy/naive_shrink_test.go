package policy_test

import (
	"frisk/internal/policy"
	"frisk/internal/signin"
)

// shrink drops parts of a disagreement while it lasts: policies, then parts of
// the policies, then facts of the row.
func shrink(w *world, e signin.Event, s policy.State, differs func(*world, signin.Event, policy.State) bool) (*world, signin.Event, policy.State) {
	for i := len(w.policies) - 1; i >= 0 && len(w.policies) > 1; i-- {
		less := *w
		less.policies = append(append([]naivePolicy{}, w.policies[:i]...), w.policies[i+1:]...)
		less.forces = append(append([]*policy.Force{}, w.forces[:i]...), w.forces[i+1:]...)
		if differs(&less, e, s) {
			w = &less
		}
	}
	for _, drop := range dropFromPolicy {
		for i := range w.policies {
			less := *w
			less.policies = append([]naivePolicy{}, w.policies...)
			drop(&less.policies[i])
			if differs(&less, e, s) {
				w = &less
			}
		}
	}
	for i := range w.forces {
		less := *w
		less.forces = append([]*policy.Force{}, w.forces...)
		less.forces[i] = nil
		if differs(&less, e, s) {
			w = &less
		}
	}
	for _, drop := range dropFromEvent {
		less := e
		drop(&less)
		if differs(w, less, s) {
			e = less
		}
	}
	return w, e, s
}

var dropFromPolicy = []func(*naivePolicy){
	func(p *naivePolicy) { p.Grant = nil },
	func(p *naivePolicy) { p.Session = nil },
	func(p *naivePolicy) { p.Conditions.ClientTypes = nil },
	func(p *naivePolicy) { p.Conditions.Platforms = nil },
	func(p *naivePolicy) { p.Conditions.Locations = nil },
	func(p *naivePolicy) { p.Conditions.SignInRisk = nil },
	func(p *naivePolicy) { p.Conditions.UserRisk = nil },
	func(p *naivePolicy) { p.Conditions.ServiceRisk = nil },
	func(p *naivePolicy) { p.Conditions.InsiderRisk = "" },
	func(p *naivePolicy) { p.Conditions.Flows = nil },
	func(p *naivePolicy) { p.Conditions.Devices = nil },
	func(p *naivePolicy) { p.Conditions.Times = nil },
	func(p *naivePolicy) { p.Conditions.Apps = &naiveApps{Include: []string{"All"}} },
	func(p *naivePolicy) {
		if p.Conditions.Workload == nil {
			p.Conditions.Users = &naiveUsers{IncludeUsers: []string{"All"}}
		}
	},
	func(p *naivePolicy) {
		p.Conditions.Apps = dropApps(p.Conditions.Apps, func(a *naiveApps) { a.Exclude = nil })
	},
	func(p *naivePolicy) {
		p.Conditions.Apps = dropApps(p.Conditions.Apps, func(a *naiveApps) { a.Filter = nil })
	},
	func(p *naivePolicy) {
		if g := p.Grant; g != nil && len(g.Controls) > 0 {
			less := *g
			less.Controls = g.Controls[1:]
			p.Grant = &less
		}
	},
	func(p *naivePolicy) {
		if g := p.Grant; g != nil {
			p.Grant = &naiveGrant{Operator: g.Operator, Controls: g.Controls, Strength: g.Strength}
		}
	},
}

func dropApps(a *naiveApps, f func(*naiveApps)) *naiveApps {
	less := *a
	f(&less)
	return &less
}

var dropFromEvent = []func(*signin.Event){
	func(e *signin.Event) { e.Audiences = "" },
	func(e *signin.Event) { e.NamedLocations = "" },
	func(e *signin.Event) { e.AuthContexts = "" },
	func(e *signin.Event) { e.Geo.Country = "" },
	func(e *signin.Event) { e.UserAgent = "" },
	func(e *signin.Event) { e.TokenBinding = "" },
	func(e *signin.Event) { e.ClientCredential = "" },
	func(e *signin.Event) { e.Device = signin.Device{} },
	func(e *signin.Event) { e.Source = signin.Source{} },
	func(e *signin.Event) { e.Risk = signin.Risk{} },
}
