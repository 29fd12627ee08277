package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"frisk/internal/analysis"

	"github.com/spf13/cobra"
)

func newExplain(a *app) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "explain ID",
		Short: "One sign-in: every policy, every condition, the clock state",
		Long: `explain replays the person's history up to the sign-in and prints, for the current
policies and each candidate, the session state it met, every policy with the condition
and the fact that decided it, and the verdict. ID is the provider's own event id.`,
		Example: "  analyze explain 22608a25-1d9b-44b5-b0f2-cb94f06b2d00",
		Args:    usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := a.load()
			if err != nil {
				return err
			}
			found, err := analysis.Explain(cmd.Context(), cfg, a.options(), args[0])
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(struct {
					Schema  string                 `json:"schema"`
					SignIns []analysis.Explanation `json:"signIns"`
				}{"frisk.explain/v1", found})
			}
			for i := range found {
				if i > 0 {
					fmt.Fprintln(a.stdout)
				}
				a.printExplanation(&found[i], all)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "every condition of every policy, not only what decided")
	return cmd
}

func (a *app) printExplanation(x *analysis.Explanation, all bool) {
	e := &x.Event
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	line := func(name string, parts ...string) {
		var said []string
		for _, p := range parts {
			if p != "" {
				said = append(said, clean(p))
			}
		}
		if len(said) > 0 {
			fmt.Fprintf(w, "%s\t%s\n", name, strings.Join(said, ", "))
		}
	}
	line("sign-in", e.ID)
	line("time", e.Time)
	line("person", e.User)
	line("to", e.App, e.Resource)
	line("from", e.IP, e.Place)
	line("with", e.Client, e.Device, "compliant "+e.Compliant, e.Trust)
	line("log says", e.Outcome, "code "+e.Code, e.Reason, "mfa "+e.MFA)
	line("read from", fmt.Sprintf("%s:%d", e.File, e.Line))
	for _, s := range x.Work {
		line("workspace", fmt.Sprintf("%s (%s, %.0f %%)", s.Workspace, s.Tier, 100*s.Weight))
	}
	line("risk", fmt.Sprintf("%.2g", x.Risk))
	for _, f := range x.Finding {
		line("finding", f.Detector, f.Severity, f.Suppressed)
	}
	_ = w.Flush()
	for i := range x.Sets {
		a.printSetExplanation(&x.Sets[i], all)
	}
}

func (a *app) printSetExplanation(s *analysis.SetExplanation, all bool) {
	fmt.Fprintf(a.stdout, "\n%s: %s\n", clean(s.Name), s.Verdict)
	for _, r := range s.Reasons {
		fmt.Fprintf(a.stdout, "  %s\n", clean(r))
	}
	if st := s.State; st != nil {
		fmt.Fprintf(a.stdout, "  session: first factor %s; second factor %s; MFA claim %s", st.FirstFactor, st.SecondFactor, st.MFA)
		if st.Joined {
			fmt.Fprintf(a.stdout, "; joined device, token refreshed %s", st.PRT)
		}
		if st.Background {
			fmt.Fprint(a.stdout, "; in the background")
		}
		fmt.Fprintln(a.stdout)
	}
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	for _, p := range s.Policies {
		var controls []string
		for _, c := range p.Controls {
			controls = append(controls, c.Name+" met: "+c.Met)
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\n", clean(p.Name), p.Result, clean(strings.Join(append(controls, p.Session...), "; ")))
		for _, c := range p.Conditions {
			if all || c.Name == p.Failing || (c.Is == "unknown" && p.Result == "unknown") {
				fmt.Fprintf(w, "    %s\t%s\t%s\n", clean(c.Name), c.Is, clean(c.Why))
			}
		}
	}
	_ = w.Flush()
}
