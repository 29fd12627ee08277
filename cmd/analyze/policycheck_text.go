package main

import (
	"fmt"
	"strconv"
	"strings"

	"frisk/internal/analysis"
	"frisk/internal/lint"
	"frisk/internal/policy"
	"frisk/internal/policytext"
)

// checkScreen prints a policy check as text.
type checkScreen struct {
	*screen
	c       *analysis.PolicyCheck
	verbose bool
}

func (a *app) printCheck(c *analysis.PolicyCheck, verbose bool) error {
	s := &checkScreen{a.screen(nil), c, verbose}
	s.policies()
	groups := lint.Groups(c.Notices)
	var stands []lint.Group
	for _, g := range groups {
		if g.Code == placeholder {
			stands = append(stands, g)
			continue
		}
		s.group(&g)
	}
	switch {
	case verbose:
		for i := range stands {
			s.group(&stands[i])
		}
	case len(stands) > 0:
		s.placeholders(stands)
	}
	errs, warnings, infos := lint.Count(c.Notices)
	s.line("", fmt.Sprintf("%s (%s), %s: %s, %s, %s (%d different)",
		policytext.Count(len(c.Set.Policies), "policy", "policies"), states(c.Set),
		policytext.Count(len(c.Set.Locations), "named location", "named locations"),
		policytext.Count(errs, "error", "errors"), policytext.Count(warnings, "warning", "warnings"), policytext.Count(infos, "note", "notes"), len(groups)))
	return s.err
}

// states counts policies by state.
func states(set *policy.Set) string {
	var counts [4]int
	for _, p := range set.Policies {
		counts[p.State]++
	}
	out := fmt.Sprintf("%d enabled, %d report-only, %d disabled", counts[policy.Enabled], counts[policy.ReportOnly], counts[policy.Disabled])
	if n := counts[policy.StateOther]; n > 0 {
		out += fmt.Sprintf(", %d in no known state", n)
	}
	return out
}

func (s *checkScreen) policies() {
	count := map[string]int{}
	for _, n := range s.c.Notices {
		if n.Level != lint.Info && n.Code != placeholder {
			count[n.File+"\x00"+n.Policy]++
		}
	}
	for _, p := range s.c.Set.Policies {
		d := policytext.Describe(p, s.c.Names)
		mark := ""
		if n := count[p.File+"\x00"+p.Name]; n > 0 {
			mark = " [" + policytext.Count(n, "problem", "problems") + " below]"
		}
		s.line(fmt.Sprintf("%-12s ", clean(d.State)), p.Name+mark)
		s.line(strings.Repeat(" ", 13), d.Line())
	}
	if len(s.c.Set.Policies) > 0 {
		s.print("")
	}
}

// placeholder is the code of what is said in one line for all policies.
const placeholder = "placeholder"

// longest is how much of a message is shown; JSON has the whole.
const longest = 400

// group prints what several places say once, with where.
func (s *checkScreen) group(g *lint.Group) {
	names := g.Policies()
	about := ""
	switch len(names) {
	case 0:
	case 1:
		about = names[0] + ": "
	default:
		about = fmt.Sprintf("%d policies: ", len(names))
	}
	s.lineAt(g.Level+" "+g.Code+": ", 2, about+short(g.Message, longest))
	if len(names) > 1 && !s.verbose {
		const shown = 3
		line := strings.Join(names[:min(shown, len(names))], ", ")
		if n := len(names) - shown; n > 0 {
			line += " and " + policytext.Count(n, "more policy", "more policies")
		}
		s.line("  in ", line)
	}
	for i, n := range g.At {
		if n.File == "" {
			continue
		}
		if i > 0 && !s.verbose {
			break
		}
		place := n.File
		if r, ok := s.c.Files.Find(n.File, n.Path); ok {
			place = fmt.Sprintf("%s:%d:%d", n.File, r.StartLine, r.StartColumn)
		}
		word := "  at "
		if len(g.At) > 1 && !s.verbose {
			word = "  first at "
		}
		s.line(word, place+" "+n.Path)
	}
	if g.Fix != "" {
		s.line("  fix: ", g.Fix)
	}
}

// placeholders says in one line what a template leaves open.
func (s *checkScreen) placeholders(groups []lint.Group) {
	policies, places := map[string]bool{}, 0
	var names []string
	for i := range groups {
		for _, n := range groups[i].At {
			policies[n.File+"\x00"+n.Path[:max(0, strings.Index(n.Path, ".conditions"))]] = true
			places++
		}
		if q, err := strconv.QuotedPrefix(groups[i].Message); err == nil {
			name, _ := strconv.Unquote(q) // a quoted prefix is one
			names = append(names, name)
		}
	}
	const shown = 8
	list := strings.Join(names[:min(shown, len(names))], ", ")
	if n := len(names) - shown; n > 0 {
		list += fmt.Sprintf(" and %d more (--verbose lists them)", n)
	}
	s.lineAt("warning placeholder: ", 2, fmt.Sprintf("%s of a template in %s (%s): %s; whether they match is unknown",
		policytext.Count(len(names), "placeholder", "placeholders"), policytext.Count(len(policies), "policy", "policies"),
		policytext.Count(places, "place", "places"), list))
	s.line("  fix: ", groups[0].Fix)
}
