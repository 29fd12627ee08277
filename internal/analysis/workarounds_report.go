package analysis

import (
	"cmp"
	"math"
	"strings"

	"frisk/internal/report"
	"frisk/internal/risk"
	"frisk/internal/signin"
	"frisk/internal/workaround"
)

// workaroundRefs are the sign-ins that cases show.
func (r *Result) workaroundRefs() []signin.Ref {
	var out []signin.Ref
	for _, c := range r.workarounds.Cases() {
		out = append(out, c.Stop)
		if c.HasWay {
			out = append(out, c.Way)
		}
	}
	return out
}

// named are the policies and routes that make a pattern.
func (r *Result) namedRoutes() map[[2]string]bool {
	out := map[[2]string]bool{}
	for _, p := range r.workarounds.Policies() {
		for _, x := range p.Routes {
			if x.Named {
				out[[2]string{p.ID, x.Route}] = true
			}
		}
	}
	return out
}

// routeTitle is what a reader calls a route.
func routeTitle(name string) string {
	for _, t := range workaround.Routes() {
		if t.Name == name {
			return t.Title
		}
	}
	return name
}

// policyTitle is what the policies call a policy the log recorded, else what the
// log calls it; "" when it names none.
func (r *Result) policyTitle(id, name string) string {
	if set := r.around.present(); set != nil && id != "" {
		for _, p := range set.Policies {
			if strings.EqualFold(p.ID, id) {
				return p.Name
			}
		}
	}
	return cmp.Or(name, id)
}

// reportWorkarounds resolves the workarounds for showing; nil when nobody was stopped.
func (r *Result) reportWorkarounds() *report.Workarounds {
	policies := r.workarounds.Policies()
	if len(policies) == 0 {
		return nil
	}
	out := &report.Workarounds{MinPeople: r.workarounds.MinPeople()}
	titles := map[string]string{}
	for i := range policies {
		p := &policies[i]
		titles[p.ID] = r.policyTitle(p.ID, p.Name)
		rp := report.WorkaroundPolicy{
			Name: titles[p.ID], Blocks: p.Blocks, Prompts: p.Prompts, People: p.People, Workarounds: p.Workarounds,
			WorkaroundPeople: p.WorkaroundPeople, AttackLike: p.AttackLike, Any: workaroundRoute(&p.Any),
		}
		for k := range p.Routes {
			rp.Routes = append(rp.Routes, workaroundRoute(&p.Routes[k]))
		}
		out.Policies = append(out.Policies, rp)
	}
	named := r.namedRoutes()
	for _, c := range r.workarounds.Cases() {
		rc := report.WorkaroundCase{
			Route: routeTitle(c.Route), Policy: titles[c.Policies[0]], Person: r.accountName(c.Account), Named: named[[2]string{c.Policies[0], c.Route}],
			Prompt: c.Prompt, Stops: c.Stops, StopAt: c.StopAt, WayAt: c.WayAt, StopID: r.events.id(c.Stop), Windows: c.Windows, Usual: c.Usual,
			Facts: c.Facts, Attacker: c.Reading.Attacker,
		}
		refs := []signin.Ref{c.Stop}
		if c.HasWay {
			rc.WayID = r.events.id(c.Way)
			refs = append(refs, c.Way)
		}
		for _, e := range c.Reading.Evidence {
			rc.Evidence = append(rc.Evidence, report.WorkaroundEvidence{Text: e.Text, Bits: e.Bits})
		}
		for _, ref := range refs {
			if e := r.events[ref]; e != nil {
				rc.Rows = append(rc.Rows, findingRowOf(e))
			}
		}
		out.Cases = append(out.Cases, rc)
	}
	for _, b := range r.workarounds.Blind() {
		out.Blind = append(out.Blind, report.KeyValue{Key: b.Title, Value: b.Needs})
	}
	return out
}

func workaroundRoute(x *workaround.RouteSummary) report.WorkaroundRoute {
	return report.WorkaroundRoute{
		Title: routeTitle(x.Route), Cases: x.Cases, People: x.People, Hostile: x.Hostile, Compared: x.Compared, Rate: x.Rate, Base: x.Base,
		Lift: x.Lift, LiftLow: x.LiftLow, LiftHigh: x.LiftHigh, Q: x.Q, Named: x.Named, AttackLike: x.AttackLike,
	}
}

// WorkaroundsEncoded is the documented form of workarounds (docs/workarounds.md).
type WorkaroundsEncoded struct {
	Schema   string              `json:"schema"`
	Policies []workaroundSummary `json:"policies"`
	Cases    []workaroundCase    `json:"cases"`
	// Blind are routes the log could not have shown.
	Blind []string `json:"blind"`
}

type workaroundSummary struct {
	PolicyID         string              `json:"policyId"`
	Policy           string              `json:"policy"`
	Blocks           int                 `json:"blocks"`
	Prompts          int                 `json:"prompts"`
	People           int                 `json:"people"`
	Workarounds      int                 `json:"workarounds"`
	WorkaroundPeople int                 `json:"workaroundPeople"`
	AttackerLike     float64             `json:"attackerLike"`
	Routes           []workaroundFigures `json:"routes"`
}

type workaroundFigures struct {
	Route        string  `json:"route"`
	Pattern      bool    `json:"pattern"`
	People       int     `json:"people"`
	Cases        int     `json:"cases"`
	Hostile      int     `json:"attackerLikeCases"`
	Compared     int     `json:"comparedPeople"`
	Rate         float64 `json:"rate"`
	Base         float64 `json:"base"`
	Lift         float64 `json:"lift"`
	LiftLow      float64 `json:"liftLow"`
	LiftHigh     float64 `json:"liftHigh"`
	P            float64 `json:"p"`
	Q            float64 `json:"q"`
	AttackerLike float64 `json:"attackerLike"`
}

type workaroundCase struct {
	Route    string        `json:"route"`
	Policies []string      `json:"policyIds"`
	User     string        `json:"user"`
	Person   string        `json:"person,omitempty"`
	Prompt   bool          `json:"prompt"`
	Stopped  string        `json:"stopped"`
	Refused  int           `json:"refused"`
	Time     string        `json:"time"`
	Events   []string      `json:"events"`
	Windows  int           `json:"windows"`
	Usual    int           `json:"usual"`
	Attacker float64       `json:"attacker"`
	Employee float64       `json:"employee"`
	Readings []reading     `json:"readings"`
	Evidence risk.Evidence `json:"evidence"`
}

type reading struct {
	Name string  `json:"name"`
	Text string  `json:"text"`
	Bits float64 `json:"bits"` // above 0 for an attacker, below for an employee
}

// WorkaroundsJSON is what people did after a policy stopped them, in its documented form.
func (r *Result) WorkaroundsJSON() WorkaroundsEncoded {
	out := WorkaroundsEncoded{Schema: "frisk.workarounds/v1", Policies: []workaroundSummary{}, Cases: []workaroundCase{}, Blind: []string{}}
	for _, p := range r.workarounds.Policies() {
		s := workaroundSummary{
			PolicyID: p.ID, Policy: p.Name, Blocks: p.Blocks, Prompts: p.Prompts, People: p.People, Workarounds: p.Workarounds,
			WorkaroundPeople: p.WorkaroundPeople, AttackerLike: rounded(p.AttackLike), Routes: []workaroundFigures{},
		}
		for _, x := range p.Routes {
			s.Routes = append(s.Routes, workaroundFigures{
				Route: x.Route, Pattern: x.Named, People: x.People, Cases: x.Cases, Hostile: x.Hostile, Compared: x.Compared, Rate: rounded(x.Rate),
				Base: rounded(x.Base), Lift: rounded(x.Lift), LiftLow: rounded(x.LiftLow), LiftHigh: rounded(x.LiftHigh), P: x.P, Q: x.Q, AttackerLike: rounded(x.AttackLike),
			})
		}
		out.Policies = append(out.Policies, s)
	}
	for _, c := range r.workarounds.Cases() {
		e := workaroundCase{
			Route: c.Route, Policies: c.Policies, User: risk.PersonID(c.Account), Person: r.around.joins.name(c.Person), Prompt: c.Prompt,
			Stopped: c.StopAt.String(), Refused: c.Stops, Time: c.WayAt.String(), Events: []string{r.events.id(c.Stop)}, Windows: c.Windows, Usual: c.Usual,
			Attacker: rounded(c.Reading.Attacker), Employee: rounded(1 - c.Reading.Attacker), Readings: []reading{}, Evidence: c.Facts,
		}
		if c.HasWay {
			e.Events = append(e.Events, r.events.id(c.Way))
		}
		for _, v := range c.Reading.Evidence {
			e.Readings = append(e.Readings, reading{v.Name, v.Text, v.Bits})
		}
		out.Cases = append(out.Cases, e)
	}
	for _, b := range r.workarounds.Blind() {
		out.Blind = append(out.Blind, b.Name)
	}
	return out
}

// rounded is a figure to a thousandth, which is more than any of them is good for.
func rounded(v float64) float64 { return math.Round(v*1000) / 1000 }
