package main

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"frisk/internal/analysis"
	"frisk/internal/policydiff"
	"frisk/internal/policytext"

	"github.com/spf13/cobra"
)

func newPolicyDiff(a *app) *cobra.Command {
	var locations, locationsB []string
	cmd := &cobra.Command{
		Use:   "diff A B",
		Short: "Say what a second set of policies changes, in meaning",
		Long: `diff compares two policy files or folders, by policy id and then by name: who is newly
covered or left out, what is asked for, which addresses a location gained. The order of
lists, the case of values, null against empty and OData annotations are no change. Every
change is marked stricter, looser or different; one of a policy that is not enforced has
no effect yet. With a directory in frisk.yaml people are counted; with a dataset both
sets are replayed over it and those newly blocked, newly prompted or relieved counted;
--json lists them, each with a sign-in that shows it.`,
		Example: `  analyze policy diff policies/today policies/proposed
  analyze policy diff policies/today template --as-enabled --placeholder '<Exclude>=Break Glass'`,
		Args: usage(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := a.load()
			if err != nil {
				return err
			}
			d, err := analysis.DiffPolicies(cmd.Context(), cfg, a.options(), args[0], args[1], locations, locationsB, &a.override)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(struct {
					Schema string `json:"schema"`
					A      string `json:"a"`
					B      string `json:"b"`
					*analysis.PolicyDiff
				}{"frisk.policy-diff/v1", args[0], args[1], d})
			}
			return a.printDiff(d, args[1])
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&locations, "locations", nil, "named locations of both sets, Graph JSON (default: those of frisk.yaml)")
	f.StringSliceVar(&locationsB, "locations-b", nil, "named locations of B where they differ")
	a.templateFlags(cmd, "report-only policies of B count as enabled")
	return cmd
}

func (a *app) printDiff(d *analysis.PolicyDiff, b string) error {
	s := a.screen(nil)
	for _, n := range d.Notes {
		s.line("note: ", n)
	}
	if len(d.Notes) > 0 {
		s.print("")
	}
	for i := range d.Items {
		it := &d.Items[i]
		head := it.Name + " (" + it.State + ")"
		if it.What == "location" {
			head = "named location " + it.Name
		}
		s.line("", head)
		for _, c := range it.Changes {
			s.line(fmt.Sprintf("  %-9s  ", c.Effect), c.Text)
		}
		if p := it.People; p != nil {
			s.line("  people     ", movedWords(p))
		}
	}
	if len(d.Items) > 0 {
		s.print("")
	}
	s.line("", fmt.Sprintf("%s changed, %d added, %d removed, %d the same",
		policytext.Count(d.Changed, "policy", "policies"), d.Added, d.Removed, d.Same))
	if t := d.Touched; t != nil {
		s.touched(t, b)
	}
	return s.err
}

func movedWords(p *policydiff.People) string {
	text := fmt.Sprintf("%d newly covered, %d no longer", p.Newly, p.NoLonger)
	if p.Unknown > 0 {
		text += fmt.Sprintf(", %d the directory does not tell", p.Unknown)
	}
	return text
}

// touched says whom the change touches; b is the path of the second set.
func (s *screen) touched(t *analysis.Touched, b string) {
	s.print("")
	s.line("", fmt.Sprintf("over %s from %s to %s:", policytext.Count(t.People, "person", "people"), day(t.From), day(t.To)))
	example := ""
	for _, l := range []struct {
		word string
		part *analysis.TouchedPart
	}{{"newly blocked", &t.NewlyBlocked}, {"newly prompted", &t.NewlyPrompted}, {"relieved", &t.Relieved}} {
		text := strconv.Itoa(l.part.People)
		if l.part.Maybe > 0 {
			text += fmt.Sprintf(", and maybe %d", l.part.Maybe)
		}
		var by []string
		for i, p := range l.part.Policies {
			if i == 3 {
				by = append(by, policytext.Count(len(l.part.Policies)-3, "more policy", "more policies"))
				break
			}
			by = append(by, fmt.Sprintf("%s (%d)", p.Policy, p.People))
		}
		if len(by) > 0 {
			text += " by " + strings.Join(by, ", ")
		}
		s.line(fmt.Sprintf("  %-15s ", l.word), text)
		if who := whoWords(l.part.Who); who != "" {
			s.line(strings.Repeat(" ", 18), who)
		}
		for _, p := range l.part.Who {
			example = cmp.Or(example, p.SignIn)
		}
	}
	if example != "" {
		s.print("")
		s.line("", "--json lists every person with a sign-in that shows the change. Why, for the first:")
		s.line("  ", fmt.Sprintf("analyze explain %s --candidate %s", example, quoted("B="+b)))
	}
}

// quoted is a text as a shell takes it for one word.
func quoted(s string) string {
	if strings.ContainsAny(s, " \t'\"\\$<>|&;()*?[]#~`") {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	return s
}

// whoWords names the first of the people.
func whoWords(who []analysis.TouchedPerson) string {
	const shown = 3
	var names []string
	for i, p := range who {
		if i == shown {
			names = append(names, fmt.Sprintf("%d more", len(who)-shown))
			break
		}
		names = append(names, p.Person)
	}
	return policytext.Join(names, "and")
}

// day cuts an RFC 3339 time to its date.
func day(t string) string {
	d, _, _ := strings.Cut(t, "T")
	return d
}
