package policy

import (
	"math/bits"
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
	Deciding []Decider           `json:"deciding,omitempty"`   // the policies behind Reasons, in its order
	Policies []PolicyExplanation `json:"policies"`
	Decision Decision            `json:"-"`
}

// Decider is an enabled policy that made the verdict, and the fact behind it.
type Decider struct {
	Index  int    `json:"index"` // in Policies
	Policy string `json:"policy"`
	Does   string `json:"does"` // blocks, prompts, may block or may prompt
	Why    string `json:"why"`
}

// PolicyExplanation is what one policy says about the sign-in and why.
type PolicyExplanation struct {
	Index int    `json:"index"`
	ID    string `json:"id,omitempty"`
	Name  string `json:"name"`
	State string `json:"state"`
	// Result is applied, notApplied, unknown, notEnabled, or notInForce: a version
	// of the policy that did not count at the time. A policy whose conditions match
	// is applied in report-only too.
	Result string `json:"result"`
	// Failing is the first condition that is False, in Entra's order of tests;
	// inForce for a version that did not count at the time.
	Failing    string                 `json:"failing,omitempty"`
	Conditions []ConditionExplanation `json:"conditions"`
	Controls   []ControlExplanation   `json:"controls,omitempty"`
	Operator   string                 `json:"operator,omitempty"` // AND or OR, between two grant controls or more
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
	Why  string `json:"why,omitempty"`
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
	x.Deciding = ev.deciding(&x, &d)
	x.Reasons = ev.reasons(&x, &d)
	return x
}

func (ev *Evaluator) explainPolicy(r *signin.Row, s *State, m Match, i int) PolicyExplanation {
	p := &ev.e.plans[i]
	x := PolicyExplanation{Index: i, ID: p.ID, Name: p.Label(), State: p.State.String(), Result: ev.result(p, m)}
	if p.State == StateOther {
		x.State = p.StateText
	}
	force := ev.e.inForce(r.Time, i)
	switch force {
	case signin.False:
		x.Result, x.Best, x.Worst = "notInForce", Allow.String(), Allow.String()
		x.Failing = "inForce"
		x.Conditions = append(x.Conditions, ConditionExplanation{
			x.Failing, force.String(), "not in force at that time: this version counted " + p.Force.String(),
		})
		return x
	case signin.Unknown:
		x.Conditions = append(x.Conditions, ConditionExplanation{
			"inForce", force.String(), "the policy changed around then: this version counted " + p.Force.String(),
		})
	case signin.True:
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
	if p.Grant != nil && bits.OnesCount16(uint16(p.grant.controls)) > 1 {
		x.Operator = map[bool]string{true: "OR", false: "AND"}[p.Grant.Or]
		if p.Grant.Unsaid {
			x.Operator = "AND or OR"
		}
	}
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
	preferred := signin.False
	if !ev.e.actionStrength.Empty() {
		m := ev.Match(r)
		preferred = ev.preferred(&m)
	}
	g := ev.gradeOf(p, &pr, s, preferred)
	if p.Session.TokenProtection && !isWorkload(r) {
		g = withBinding(g, ev.bound(r))
	}
	if p.Session.Frequency != 0 && ev.frequencyCounts(r, &pr) != signin.False {
		full := ev.prove(r, s, true)
		m := ev.Match(r)
		second := ev.secondFactor(&m, &full).Or(p.grant.second(&full))
		g = withFrequency(g, p, s, second, ev.frequencyCounts(r, &pr).And(ev.deferred(r, s).Not()))
	}
	return g
}
