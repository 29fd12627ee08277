package workaround

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"frisk/internal/risk"
)

// Result is a finished Tally. It is only read.
type Result struct {
	policies []PolicySummary
	cases    []Case
	blocks   *blockIndex
	blind    []Route
	people   int // that make a pattern
}

// PolicySummary is what one policy led to.
type PolicySummary struct {
	ID, Name string // as recorded; ID "" = blocks whose policy the log does not name
	// Blocks and Prompts are occasions: repetitions within the time a route counts
	// are one. Attack traffic is left out.
	Blocks, Prompts int
	People          int // with at least one occasion
	// Workarounds are the cases that are not attacker-like, WorkaroundPeople who has one.
	Workarounds, WorkaroundPeople int
	// AttackLike is the expected share of all cases that are an attacker's pivot; 0
	// when there are none.
	AttackLike float64
	// Any is all fast routes taken together.
	Any RouteSummary
	// Routes are those with a case, most people first.
	Routes []RouteSummary
}

// RouteSummary is one route after one policy's stops.
type RouteSummary struct {
	Route         string // "any" for PolicySummary.Any
	Cases, People int    // not attacker-like
	Hostile       int    // attacker-like cases
	// Compared is how many people have a comparable time to hold the stops against.
	Compared int
	// Rate and Base are the shrunk chances of the route after a stop and at a
	// comparable time; Lift is their ratio with its 95 % interval. All 0 when nobody
	// can be compared.
	Rate, Base, Lift, LiftLow, LiftHigh float64
	// P is the exact test's, Q the same after Benjamini and Hochberg over all policies
	// and routes; 1 when nobody can be compared.
	P, Q float64
	// Named: a pattern by the rules of docs/workarounds.md.
	Named bool
	// AttackLike is the expected share of its cases that are an attacker's.
	AttackLike float64
}

// Result works out the figures. The zero cfg means risk.Defaults. Call it once,
// when all is merged.
func (t *Tally) Result(cfg risk.Config) *Result {
	if cfg == (risk.Config{}) {
		cfg = risk.Defaults()
	}
	t.settle()
	r := &Result{blocks: t.blocks.index(t.names), people: int(cfg.WorkaroundPeople)}
	for _, people := range t.policies { // each by itself
		sortPeople(people)
	}
	pool := t.pool()
	for _, id := range sortedKeys(t.policies) {
		r.policies = append(r.policies, summarise(id, t.names[id], t.policies[id], pool))
	}
	for n := range routes {
		if !t.told[n] && len(t.policies) > 0 {
			r.blind = append(r.blind, routes[n])
		}
	}
	r.discover(&cfg)
	for i := range r.policies {
		p := &r.policies[i]
		p.Routes = slices.DeleteFunc(p.Routes, func(x RouteSummary) bool { return x.Cases+x.Hostile == 0 })
		slices.SortStableFunc(p.Routes, func(a, b RouteSummary) int {
			return cmp.Or(-cmp.Compare(a.People, b.People), -cmp.Compare(a.Hostile, b.Hostile))
		})
	}
	// Stopped only by what looks like an attack, and no way round seen: nothing to say.
	r.policies = slices.DeleteFunc(r.policies, func(p PolicySummary) bool { return p.People == 0 && len(p.Routes) == 0 })
	for _, k := range slices.SortedFunc(maps.Keys(t.cases), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		r.cases = append(r.cases, t.cases[k]...)
	}
	slices.SortStableFunc(r.cases, func(a, b Case) int { return compareCases(&a, &b) })
	return r
}

// Policies are the figures by policy, by id. The slice is the caller's.
func (r *Result) Policies() []PolicySummary { return slices.Clone(r.policies) }

// Policy is the policy with this id or name, in any case; nil when it stopped nobody.
func (r *Result) Policy(idOrName string) *PolicySummary {
	for i := range r.policies {
		if p := &r.policies[i]; strings.EqualFold(p.ID, idOrName) || (p.Name != "" && strings.EqualFold(p.Name, idOrName)) {
			return p
		}
	}
	return nil
}

// Cases are the listed cases in order of time, at most 200 of one policy and route.
// The slice is the caller's.
func (r *Result) Cases() []Case { return slices.Clone(r.cases) }

// MinPeople is how many people a pattern takes.
func (r *Result) MinPeople() int { return r.people }

// Blind are the routes that nothing was seen of because no row carried what they
// are told by: their absence says nothing.
func (r *Result) Blind() []Route { return slices.Clone(r.blind) }

// sortPeople orders by person, who occur once each: sums of floats have an order.
func sortPeople(people []entry) {
	slices.SortFunc(people, func(a, b entry) int { return strings.Compare(a.person, b.person) })
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// summarise is one policy's figures but for what needs all policies. people are in order.
func summarise(id, name string, people []entry, pool *pooled) PolicySummary {
	s := PolicySummary{ID: id, Name: name}
	var all float64 // attacker weight
	n := 0
	for i := range people {
		e := &people[i]
		s.Blocks, s.Prompts = s.Blocks+e.blocks, s.Prompts+e.prompts
		if e.blocks+e.prompts > 0 {
			s.People++
		}
		own := 0
		for k := range routes {
			own += e.routes[k].cases
			n += e.routes[k].cases + e.routes[k].hostile
			all += e.routes[k].attacker
		}
		s.Workarounds += own
		s.WorkaroundPeople += btoi(own > 0)
	}
	if n > 0 {
		s.AttackLike = all / float64(n)
	}
	for k := range routes {
		s.Routes = append(s.Routes, routeOf(k, people, pool))
	}
	s.Any = routeOf(anyRoute, people, pool)
	s.Any.Cases, s.Any.People, s.Any.AttackLike = s.Workarounds, s.WorkaroundPeople, s.AttackLike
	return s
}

// routeOf is one route's figures for one policy's people.
func routeOf(k int, people []entry, pool *pooled) RouteSummary {
	r := RouteSummary{Route: routeName(k), P: 1, Q: 1}
	var sum comparison
	var all float64
	for i := range people {
		e := &people[i]
		x := &e.routes[k]
		r.Cases, r.Hostile = r.Cases+x.cases, r.Hostile+x.hostile
		r.People += btoi(x.cases > 0)
		all += x.attacker
		sum.add(e, k)
	}
	if n := r.Cases + r.Hostile; n > 0 {
		r.AttackLike = all / float64(n)
	}
	r.Compared = sum.informative
	if sum.informative > 0 {
		sum.fill(&r, pool.base(k))
	}
	return r
}
