package main

import (
	"fmt"
	"slices"
	"strings"

	"frisk/internal/analysis"
	"frisk/internal/policy"

	"github.com/spf13/cobra"
)

// explainView says how much of an explanation to print: the current set with
// what decided it, or everything.
type explainView struct {
	all bool
	set string // a set's name, "" = the first
}

func (v *explainView) flags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&v.all, "all", false, "every condition of every policy of every set, not only what decided")
	cmd.Flags().StringVar(&v.set, "set", "", "show this policy set in full instead of the current one")
}

// printExplanation fits one screen unless all is asked for.
func (a *app) printExplanation(x *analysis.Explanation, v *explainView) error {
	s := a.screen(x.Names)
	s.signIn(x)
	s.print("")
	return s.sets(x.Sets, v)
}

// sets prints one set in full and the others in a line or two each, or all in
// full, and last what the log itself recorded.
func (s *screen) sets(sets []analysis.SetExplanation, v *explainView) error {
	main := 0
	if v.set != "" {
		main = slices.IndexFunc(sets, func(s analysis.SetExplanation) bool { return strings.EqualFold(s.Name, v.set) })
		if main < 0 {
			return usageError{fmt.Errorf("--set %q: the policy sets are %s", v.set, setNames(sets))}
		}
	}
	if v.all {
		for i := range sets {
			if i > 0 {
				s.print("")
			}
			s.set(&sets[i], true)
		}
	} else {
		s.set(&sets[main], false)
		s.others(sets, main)
	}
	for i := range sets {
		if r := sets[i].Recorded; r != nil && (v.all || i == main) {
			s.lineAt("the log ", 2, r.Summary()+".")
		}
	}
	if !v.all {
		more := "--all shows every condition"
		if len(sets) > 1 {
			more += " of every set, --set NAME one of the other sets"
		}
		s.print(more + ".")
	}
	return s.err
}

func setNames(sets []analysis.SetExplanation) string {
	var out []string
	for i := range sets {
		out = append(out, sets[i].Name)
	}
	return strings.Join(out, ", ")
}

// verdict is the verdict, with its bounds where it is open.
func verdict(x *policy.Explanation) string {
	if x.Best != x.Worst {
		return x.Verdict + ", " + x.Best + " or " + x.Worst
	}
	return x.Verdict
}

func (s *screen) set(x *analysis.SetExplanation, all bool) {
	s.line("", x.Name+": "+verdict(&x.Explanation))
	s.reasons(&x.Explanation, all)
	if x.State != nil {
		s.lineAt("  session: ", 4, sessionWords(x.State))
	}
	for _, result := range []string{"applied", "unknown"} {
		for i := range x.Policies {
			if p := &x.Policies[i]; p.Result == result {
				s.policy(p, x.Recorded.Words(i), all)
			}
		}
	}
	if !all {
		if x.Scope == "" { // else no policy had a say, and listing them would suggest one had
			s.idle(x.Policies)
		}
		return
	}
	for i := range x.Policies {
		if p := &x.Policies[i]; p.Result != "applied" && p.Result != "unknown" {
			s.policy(p, x.Recorded.Words(i), all)
		}
	}
}

// reasons says what decided, the most restrictive first. Policies that would do
// less than the first are named alone: their lines below say the rest.
func (s *screen) reasons(x *policy.Explanation, all bool) {
	if len(x.Deciding) == 0 {
		for _, r := range x.Reasons {
			s.lineAt("  ", 4, s.named(r))
		}
		return
	}
	var also []string
	for i, d := range x.Deciding {
		if all || i == 0 || i == 1 && (d.Does == "blocks" || d.Does == "prompts" && x.Best == "prompt") {
			s.lineAt("  ", 4, s.named(fmt.Sprintf("%q %s: %s", d.Policy, d.Does, d.Why)))
		} else {
			also = append(also, short(d.Policy, shortName)+" "+d.Does)
		}
	}
	if len(also) > 0 {
		s.lineAt("  ", 4, "besides, "+someOf(also))
	}
}

// policy is one policy: what it asks for, whether that is met, what the log says.
func (s *screen) policy(p *policy.PolicyExplanation, log string, all bool) {
	state := ""
	if p.State == policy.ReportOnly.String() {
		state = " (report-only)"
	}
	parts := demands(p)
	if log != "" {
		parts = append(parts, log)
	}
	text := p.Name
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, "; ")
	}
	s.lineAt("  "+p.Result+state+"  ", 6, s.named(text))
	for _, c := range p.Conditions {
		if all || c.Is == "unknown" && p.Result == "unknown" {
			s.lineAt("      ", 8, s.named(c.Name+" "+c.Is+": "+c.Why))
		}
	}
	if !all {
		return
	}
	for _, c := range p.Controls {
		if c.Name == policy.ControlBlock.Names()[0] {
			continue // never met, and said above
		}
		s.lineAt("      ", 8, s.named(strings.TrimSuffix(c.Name+" met "+c.Met+": "+c.Why, ": ")))
	}
}

// demands are the controls of a policy with what is known of them, and its
// session controls. Only the applied and the open ones are judged.
func demands(p *policy.PolicyExplanation) []string {
	var grants, out []string
	frequency := ""
	for _, c := range p.Controls {
		word := map[string]string{"true": " met", "false": " not met"}[c.Met]
		if word == "" {
			word = " unknown"
		}
		switch c.Name {
		case policy.ControlBlock.Names()[0]:
			grants = append(grants, c.Name)
		case policy.ControlFrequency.Names()[0]:
			frequency = word
		default:
			grants = append(grants, c.Name+word)
		}
	}
	if len(grants) > 0 {
		out = append(out, strings.Join(grants, " "+strings.ToLower(p.Operator)+" "))
	}
	for _, w := range p.Session {
		w, _, _ = strings.Cut(w, " (")
		if rest, ok := strings.CutPrefix(w, "sign-in frequency: "); ok {
			switch frequency {
			case "":
				w = "sign-in frequency " + rest + " asks for nothing"
			default:
				w = "sign-in frequency " + rest + frequency
			}
		}
		out = append(out, w)
	}
	return out
}
