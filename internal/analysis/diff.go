package analysis

import (
	"cmp"
	"fmt"
	"reflect"
	"strings"

	"frisk/internal/policy"
)

// policyWords says what a policy demands: its grant and its session controls.
func policyWords(p *policy.Policy) string {
	var parts []string
	if p.Grant != nil {
		if words := grantWords(p.Grant); words != "" {
			parts = append(parts, words)
		}
	}
	return strings.Join(append(parts, p.Session.Words()...), "; ")
}

// grantWords lists the grant controls of a policy, joined as it joins them.
func grantWords(g *policy.Grant) string {
	names := g.Controls.Names()
	for i, n := range names {
		if n == policy.ControlStrength.Names()[0] && g.Strength != nil && g.Strength.Name != "" {
			names[i] = g.Strength.Name
		}
	}
	if g.Or {
		return strings.Join(names, " or ")
	}
	return strings.Join(names, " and ")
}

// diff lists what set n changes against the current set, one line per policy
// added, removed or changed. Policies are matched by id, else by name.
func (r *Result) diff(n int) []string {
	if n == 0 {
		return nil
	}
	old, now := r.around.engines[0].Set().Policies, r.around.engines[n].Set().Policies
	match := func(p *policy.Policy, in []*policy.Policy) *policy.Policy {
		for _, q := range in {
			if p.ID != "" && strings.EqualFold(p.ID, q.ID) {
				return q
			}
		}
		for _, q := range in {
			if p.Name == q.Name {
				return q
			}
		}
		return nil
	}
	var out []string
	for _, p := range now {
		q := match(p, old)
		if q == nil {
			out = append(out, fmt.Sprintf("adds %s (%s)", p.Name, policyWords(p)))
			continue
		}
		var changes []string
		if p.State != q.State {
			changes = append(changes, stateWords(q)+" becomes "+stateWords(p))
		}
		if a, b := policyWords(q), policyWords(p); a != b {
			changes = append(changes, fmt.Sprintf("%q becomes %q", a, b))
		}
		if !sameConditions(p, q) {
			changes = append(changes, "whom or what it covers changes")
		}
		if len(changes) > 0 {
			out = append(out, q.Name+": "+strings.Join(changes, "; "))
		}
	}
	for _, p := range old {
		if match(p, now) == nil {
			out = append(out, "removes "+p.Name)
		}
	}
	return out
}

// stateWords says a policy's state.
func stateWords(p *policy.Policy) string {
	switch p.State {
	case policy.Enabled:
		return "enabled"
	case policy.ReportOnly:
		return "report-only"
	case policy.Disabled:
		return "disabled"
	}
	return cmp.Or(p.StateText, p.State.String())
}

// sameConditions compares everything that decides whether a policy applies.
func sameConditions(a, b *policy.Policy) bool {
	strip := func(p *policy.Policy) policy.Policy {
		c := *p
		c.ID, c.Name, c.File, c.Path, c.State, c.StateText = "", "", "", "", 0, ""
		c.Created, c.Modified, c.Grant, c.Session = 0, 0, nil, policy.Session{}
		return c
	}
	return reflect.DeepEqual(strip(a), strip(b))
}
