package policy

import (
	"slices"
	"strings"

	"frisk/internal/signin"
)

// Explanation is one sign-in decided in full, ready to be shown or written as
// JSON. It is built only for sign-ins that are shown.
type Explanation struct {
	Verdict string `json:"verdict"` // allow, prompt, block or unknown
	// Best and Worst bound the verdict when facts are missing.
	Best  string `json:"best"`
	Worst string `json:"worst"`
	// Scope is empty, or why the policies had no say in this row.
	Scope    string              `json:"scope,omitempty"`
	Unmet    []string            `json:"unmet,omitempty"`
	Maybe    []string            `json:"maybeUnmet,omitempty"` // the part of Unmet that hangs on an unknown
	Reasons  []string            `json:"reasons"`              // one line per thing that made the verdict
	Policies []PolicyExplanation `json:"policies"`
	Decision Decision            `json:"-"`
}

// PolicyExplanation is what one policy says about the sign-in and why.
type PolicyExplanation struct {
	Index int    `json:"index"`
	ID    string `json:"id,omitempty"`
	Name  string `json:"name"`
	State string `json:"state"`
	// Result is applied, notApplied, unknown, or notEnabled. A policy whose
	// conditions match is applied in report-only too.
	Result string `json:"result"`
	// Failing is the first condition that is False, in Entra's order of tests.
	Failing    string                 `json:"failing,omitempty"`
	Conditions []ConditionExplanation `json:"conditions"`
	Controls   []ControlExplanation   `json:"controls,omitempty"`
	Best       string                 `json:"best"`
	Worst      string                 `json:"worst"`
	Session    []string               `json:"session,omitempty"`
}

// ConditionExplanation is the answer of one condition and the fact behind it.
type ConditionExplanation struct {
	Name string `json:"name"`
	Is   string `json:"is"` // true, false, unknown
	Why  string `json:"why"`
}

// ControlExplanation is a control and whether it is met.
type ControlExplanation struct {
	Name string `json:"name"`
	Met  string `json:"met"` // true, false, unknown
}

// Explain decides the row again and says everything: each policy, each
// condition it has with the fact that decided it, its controls, and the reasons
// of the verdict. Policies come in set order, disabled ones too.
func (ev *Evaluator) Explain(r *signin.Row, s *State) Explanation {
	m := ev.Match(r)
	d := ev.Decide(r, m, s)
	x := Explanation{
		Verdict: d.Verdict(), Best: d.Best.String(), Worst: d.Worst.String(),
		Unmet: d.Unmet.Names(), Maybe: d.MaybeUnmet.Names(), Decision: d,
	}
	if sc := ev.Scope(r); sc != InScope {
		x.Scope = sc.String()
	}
	for i := range ev.e.plans {
		x.Policies = append(x.Policies, ev.explainPolicy(r, s, m, i))
	}
	x.Reasons = ev.reasons(&x, &d)
	return x
}

func (ev *Evaluator) explainPolicy(r *signin.Row, s *State, m Match, i int) PolicyExplanation {
	p := &ev.e.plans[i]
	x := PolicyExplanation{Index: i, ID: p.ID, Name: p.Name, State: p.State.String(), Result: ev.result(p, m)}
	if p.State == StateOther {
		x.State = p.StateText
	}
	for c := range ev.e.conds {
		cond := &ev.e.conds[c]
		if !cond.configured(p) {
			continue
		}
		ev.x.see(r, true)
		t := cond.test(&ev.x, p)
		x.Conditions = append(x.Conditions, ConditionExplanation{cond.Name, t.String(), ev.x.why})
		if t == signin.False && x.Failing == "" {
			x.Failing = cond.Name
		}
	}
	if p.Incomplete {
		x.Conditions = append(x.Conditions, ConditionExplanation{
			"unread", signin.Unknown.String(),
			"the policy has a condition this program does not know: " + unreadPaths(p.Policy),
		})
	}
	g := ev.Grade(r, i, s)
	x.Best, x.Worst = g.Best.String(), g.Worst.String()
	x.Controls = ev.explainControls(r, p, s, g)
	x.Session = p.Session.Words()
	return x
}

func unreadPaths(p *Policy) string {
	var out []string
	for _, u := range p.Unread {
		out = append(out, u.Path)
	}
	if len(out) == 0 {
		return "an unknown value"
	}
	return strings.Join(out, ", ")
}

// result is the word for a policy: applied in report-only too.
func (ev *Evaluator) result(p *plan, m Match) string {
	switch {
	case p.State == Disabled || p.State == StateOther:
		return "notEnabled"
	case m.Applies.Has(p.index):
		return "applied"
	case m.Unknown.Has(p.index):
		return "unknown"
	}
	return "notApplied"
}

// Grade says what policy i would ask of the row if its conditions hold.
func (ev *Evaluator) Grade(r *signin.Row, i int, s *State) Grade {
	p := &ev.e.plans[i]
	pr := ev.prove(r, s, ev.e.deviceControls.Has(i))
	g := ev.grade(p, &pr, s)
	if p.Session.Frequency != 0 && ev.frequencyCounts(r, &pr) {
		second := signin.TruthOf(p.grant.controls&(ControlMFA|ControlStrength) != 0)
		if second == signin.False {
			second = ev.secondFactor(ev.Match(r))
		}
		g = withFrequency(g, p, s, second, ev.deferred(r, s))
	}
	return g
}

func (ev *Evaluator) explainControls(r *signin.Row, p *plan, s *State, g Grade) []ControlExplanation {
	pr := ev.prove(r, s, ev.e.deviceControls.Has(p.index))
	if p.grant.controls&ControlStrength != 0 && !pr.mute {
		switch p.Grant.Strength.metBy(s) {
		case signin.True:
			pr.met |= ControlStrength
			pr.maybe |= ControlStrength
		case signin.Unknown:
			pr.maybe |= ControlStrength
		case signin.False:
		}
	}
	var out []ControlExplanation
	for i, name := range controlNames {
		c := Controls(1) << i
		if (p.grant.controls|g.Unmet)&c == 0 {
			continue
		}
		met := signin.False
		switch {
		case c == ControlFrequency:
			if g.Sure&c == 0 {
				met = signin.Unknown
			}
		case pr.met&c != 0:
			met = signin.True
		case pr.maybe&c != 0:
			met = signin.Unknown
		}
		out = append(out, ControlExplanation{name, met.String()})
	}
	return out
}

// Words lists the session controls for people.
func (s *Session) Words() []string {
	var out []string
	switch s.Frequency {
	case 0:
	case EveryTime:
		out = append(out, "sign-in frequency: every time")
	default:
		out = append(out, "sign-in frequency: "+spanText(s.Frequency))
	}
	if s.SecondaryOnly && s.Frequency != 0 {
		out = append(out, "second factor only")
	}
	if s.Persistent != "" {
		out = append(out, "persistent browser: "+s.Persistent)
	}
	if s.AppEnforced {
		out = append(out, "app enforced restrictions")
	}
	if s.CloudAppSecurity != "" {
		out = append(out, "app control: "+s.CloudAppSecurity)
	}
	if s.CAE != "" {
		out = append(out, "continuous access evaluation: "+s.CAE)
	}
	if s.TokenProtection {
		out = append(out, "token protection")
	}
	if s.ResilienceOff {
		out = append(out, "resilience defaults off")
	}
	return out
}

// reasons has one line per policy that made the verdict what it is, and for a
// bound that hangs on an unknown the missing fact.
func (ev *Evaluator) reasons(x *Explanation, d *Decision) []string {
	if x.Scope != "" {
		return []string{x.Scope}
	}
	var out []string
	for i := range x.Policies {
		p := &x.Policies[i]
		if ev.e.plans[i].State != Enabled {
			continue
		}
		switch {
		case d.Blocks.Has(i):
			out = append(out, quote(p.Name)+" blocks: "+wants(p))
		case d.Prompts.Has(i):
			out = append(out, quote(p.Name)+" prompts: "+wants(p))
		case d.MaybeBlocks.Has(i):
			out = append(out, quote(p.Name)+" may block: "+missing(p))
		case d.MaybePrompts.Has(i):
			out = append(out, quote(p.Name)+" may prompt: "+missing(p))
		}
	}
	if len(out) > 0 {
		return out
	}
	n := d.Match.Applies.And(ev.e.enforced).Len()
	switch {
	case n > 0:
		return []string{"every enabled policy that applies is met"}
	case !d.Match.Unknown.And(ev.e.enforced).Empty():
		return []string{"no enabled policy that may apply asks for anything unmet"}
	}
	return []string{"no enabled policy applies"}
}

func quote(s string) string { return `"` + s + `"` }

func wants(p *PolicyExplanation) string {
	var out []string
	for _, c := range p.Controls {
		if c.Met != "true" {
			out = append(out, c.Name)
		}
	}
	return strings.Join(out, ", ")
}

// missing names the facts an unknown hangs on.
func missing(p *PolicyExplanation) string {
	var out []string
	for _, c := range p.Conditions {
		if c.Is == "unknown" {
			out = append(out, c.Name+": "+c.Why)
		}
	}
	for _, c := range p.Controls {
		if c.Met == "unknown" {
			out = append(out, "whether "+c.Name+" is met is not known")
		}
	}
	out = slices.Compact(out)
	if len(out) == 0 {
		return wants(p)
	}
	return strings.Join(out, "; ")
}
