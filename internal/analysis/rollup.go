package analysis

import (
	"cmp"

	"frisk/internal/policy"
	"frisk/internal/replay"
	"frisk/internal/report"
	"frisk/internal/risk"
)

// rollups joins what every source says of each of today's policies.
func (r *Result) rollups(s *replay.Summary) []report.Rollup {
	if len(r.around.engines) == 0 || len(s.Total.Sets) == 0 {
		return nil
	}
	today := r.around.reportSets()[0]
	seconds := map[int]replay.Seconds{}
	for i := range s.Policies {
		if p := &s.Policies[i]; p.Set == today {
			seconds[p.Policy] = p.Seconds
		}
	}
	var out []report.Rollup
	for i, p := range r.around.engines[today].Set().Policies {
		o := &r.Tally.Policies[today][i]
		x := report.Rollup{
			ID: p.ID, Name: p.Label(), State: p.State.String(),
			Prompts: between(o.Prompts), Blocks: between(o.Blocks), People: int(o.People), Hostile: o.Attacks,
			Stopped: r.stoppedBy(p, o.RiskMet), Cost: levels(seconds[i]),
		}
		if r.labels.Len() > 0 || o.Confirmed > 0 {
			x.Labelled = report.Exact(o.Confirmed)
		}
		x.Excluded, x.Spared = r.sparedBy(p, i)
		r.addRequests(&x, p)
		r.addWorkarounds(&x, p)
		out = append(out, x)
	}
	return out
}

func levels(s replay.Seconds) report.Levels {
	return report.Levels{Low: s.Low, Mid: s.Mid, High: s.High}
}

// stoppedBy is how many of the hostile sign-ins expected among those a policy
// prompts or blocks fail at it, at each estimate of what gets past its controls.
func (r *Result) stoppedBy(p *policy.Policy, met float64) report.Levels {
	at := func(pick func(risk.Estimate) float64) (best, worst float64) {
		return replay.Passes(p, func(control string) float64 {
			for i := range r.constants.pass {
				if c := &r.constants.pass[i]; c.Control == control {
					return pick(c.Estimate)
				}
			}
			e, _ := risk.Pass(control)
			return pick(e)
		})
	}
	_, low := at(func(e risk.Estimate) float64 { return e.High })
	best, worst := at(func(e risk.Estimate) float64 { return e.Mid })
	high, _ := at(func(e risk.Estimate) float64 { return e.Low })
	return report.Levels{Low: met * (1 - low), Mid: met * (1 - (best+worst)/2), High: met * (1 - high)}
}

// sparedBy counts whom exclusions of a policy spared, and at how many sign-ins. i
// is its index in the current set. Of several versions over time the one that
// spared most people is told: who was spared by two would count twice.
func (r *Result) sparedBy(p *policy.Policy, i int) (people int, rows float64) {
	versions := []int{i}
	if r.around.baseline != 0 {
		versions = r.around.engines[0].Set().Versions(p.ID)
	}
	for _, v := range versions {
		o := &r.Tally.Policies[0][v]
		people, rows = max(people, int(o.SparedPeople)), rows+o.Spared
	}
	return people, rows
}

// addRequests adds what requests, and changes of exclusion groups, say of a policy.
func (r *Result) addRequests(x *report.Rollup, p *policy.Policy) {
	if r.requests == nil {
		return
	}
	t := r.requestTotals(p)
	if len(r.around.dir.Requests) > 0 {
		x.Requests = &report.RollupRequests{Requests: t.Requests, People: t.People, RepeatShare: t.RepeatShare}
		c := replay.Cost(replay.Friction{Requests: float64(t.Requests)}, r.constants.seconds)
		x.Cost = report.Levels{Low: x.Cost.Low + c.Low, Mid: x.Cost.Mid + c.Mid, High: x.Cost.High + c.High}
	}
	if t.GrowthKnown {
		x.Net, x.Growth = report.Exact(float64(t.NetGrowth)), report.Exact(t.NetPerMonth)
	}
	if t.Orphans >= 0 {
		x.Orphans = report.Exact(float64(t.Orphans))
	}
}

// addWorkarounds adds how people went round a policy after it stopped them.
func (r *Result) addWorkarounds(x *report.Rollup, p *policy.Policy) {
	if r.workarounds == nil || !r.resultsRecorded() {
		return
	}
	x.Workarounds = &report.RollupWorkarounds{}
	w := r.workarounds.Policy(cmp.Or(p.ID, p.Name))
	if w == nil {
		return
	}
	x.Workarounds.Cases, x.Workarounds.People = w.Workarounds, w.WorkaroundPeople
	// Of all ways together the frequent ones drown a rare one that is a pattern.
	shown := &w.Any
	for i := range w.Routes {
		if route := &w.Routes[i]; route.Named && (shown == &w.Any || route.LiftLow > shown.LiftLow) {
			shown = route
			x.Workarounds.Route = routeTitle(route.Route)
		}
	}
	if shown.Lift > 0 {
		x.Workarounds.Lift, x.Workarounds.Interval = report.Exact(shown.Lift), report.Between(shown.LiftLow, shown.LiftHigh)
	}
	x.Workarounds.Named = shown.Named
}
