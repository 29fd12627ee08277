package main

import (
	"fmt"
	"slices"

	"frisk/internal/analysis"
	"frisk/internal/lint"
	"frisk/internal/policy"
	"frisk/internal/policytext"

	"github.com/spf13/cobra"
)

func newPolicyCheck(a *app) *cobra.Command {
	var locations []string
	var sarif, verbose bool
	var failOn string
	cmd := &cobra.Command{
		Use:   "check [FILE|FOLDER...]",
		Short: "Say what each policy means and what about it is doubtful",
		Long: `check parses Conditional Access policies and named locations as exported from Microsoft
Graph, says in a line what each policy means, and reports lockout risks, policies that
never match or that another one covers, combinations Entra refuses, ids that resolve to
nothing, and keys nobody evaluates. Without arguments it checks the current policies of
frisk.yaml; directory exports and the dataset of frisk.yaml are used where there are any.
docs/policy-check.md explains every code. A file that is no JSON is reported, and the
others are checked all the same. It exits with 1 when something is an error; with
--fail-on it exits with 3 when something is of that level.`,
		Example: `  analyze policy check policies/ --locations locations.json
  analyze policy check policies/ --sarif > policies.sarif`,
		Args: usage(cobra.ArbitraryArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains([]string{lint.Error, lint.Warning, "never"}, failOn) {
				return usageError{fmt.Errorf("--fail-on %q: want error, warning or never", failOn)}
			}
			cfg, err := a.load()
			if err != nil {
				return err
			}
			c, err := analysis.CheckPolicies(cmd.Context(), cfg, a.options(), args, locations, &a.override)
			if err != nil {
				return err
			}
			switch {
			case sarif:
				err = lint.WriteSARIF(a.stdout, c.Notices, c.Files, version(), firstFile(c.Set))
			case a.json:
				err = a.printCheckJSON(c)
			default:
				err = a.printCheck(c, verbose)
			}
			if err != nil {
				return err
			}
			return checkGate(c.Notices, failOn, cmd.Flags().Changed("fail-on"))
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&locations, "locations", nil, "named locations, Graph JSON (default: those of frisk.yaml)")
	f.BoolVar(&sarif, "sarif", false, "print SARIF 2.1.0, for code scanning")
	f.BoolVar(&verbose, "verbose", false, "list every place of a notice, and every placeholder")
	f.StringVar(&failOn, "fail-on", lint.Error, "exit with 3 from this level on: error, warning or never (default: exit with 1 on errors)")
	f.Lookup("fail-on").DefValue = ""
	a.templateFlags(cmd, "report-only policies are judged as if they were enabled")
	return cmd
}

// checkGate is the error of a check that found too much; asked says that the user
// named the level, which makes it a gate.
func checkGate(notices []policy.Notice, failOn string, asked bool) error {
	errs, warnings, _ := lint.Count(notices)
	text := ""
	switch {
	case failOn == "never":
	case errs > 0:
		text = policytext.Count(errs, "error", "errors")
	case failOn == lint.Warning && warnings > 0:
		text = policytext.Count(warnings, "warning", "warnings")
	}
	switch {
	case text == "":
		return nil
	case asked:
		return fmt.Errorf("%w: check policies: %s", errGate, text)
	}
	return fmt.Errorf("check policies: %s", text)
}

func firstFile(set *policy.Set) string {
	if len(set.Policies) > 0 {
		return set.Policies[0].File
	}
	return ""
}

// policySummary is one policy in words.
type policySummary struct {
	Policy   string `json:"policy"`
	ID       string `json:"id,omitempty"`
	State    string `json:"state"`
	Who      string `json:"who"`
	What     string `json:"what"`
	When     string `json:"when,omitempty"`
	Controls string `json:"controls"`
	File     string `json:"file"`
	Path     string `json:"path"`
}

func (a *app) printCheckJSON(c *analysis.PolicyCheck) error {
	out := struct {
		Schema    string          `json:"schema"`
		Policies  int             `json:"policies"`
		Locations int             `json:"locations"`
		Errors    int             `json:"errors"`
		Warnings  int             `json:"warnings"`
		Infos     int             `json:"infos"`
		Summary   []policySummary `json:"summary"`
		Notices   []policy.Notice `json:"notices"`
	}{Schema: "frisk.policy-check/v1", Policies: len(c.Set.Policies), Locations: len(c.Set.Locations), Summary: []policySummary{}, Notices: c.Notices}
	out.Errors, out.Warnings, out.Infos = lint.Count(c.Notices)
	for _, p := range c.Set.Policies {
		s := policytext.Describe(p, c.Names)
		out.Summary = append(out.Summary, policySummary{p.Name, p.ID, s.State, s.Who, s.What, s.When, s.Controls, p.File, p.Path})
	}
	if out.Notices == nil {
		out.Notices = []policy.Notice{}
	}
	return a.printJSON(out)
}
