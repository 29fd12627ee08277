package report

import (
	"fmt"
	"slices"
	"strings"
)

// leadTrust: how sure this is.
func leadTrust(v *view) Line {
	var parts []string
	if s := checked(v); s != "" {
		parts = append(parts, s)
	}
	if n := unenforced(v.in); n > 0 {
		parts = append(parts, noneOf(n)+" enabled, so nothing is enforced")
	}
	parts = append(parts, incomplete(v)...)
	if u := v.in.Total.set(0).Unknown; u.Known && u.High >= 0.005 {
		parts = append(parts, pct(u)+" of verdicts hang on facts the log does not carry, hence low"+dash+"high figures")
	}
	if v.in.Days > 0 && v.in.Days < 14 {
		window := "the window is only " + plural(max(1, int(v.in.Days+0.5)), "day", "days") + " long"
		if v.short() {
			window += ", so figures per week are scaled up"
		}
		parts = append(parts, window)
	}
	if only := onlyStream(v.in.Quality.Streams); only != "" {
		parts = append(parts, "only "+only+" sign-ins were read, so sessions are seen in part")
	}
	if !v.in.Directory {
		parts = append(parts, "no directory was given, so group conditions are unknown")
	}
	if s := splitShare(v.in.Quality.Tiers); s >= weakShare && v.focus.cell.Workspace != "" && !v.focus.whole {
		parts = append(parts, pct(Exact(s))+" of sign-ins have only weak signs of their workspace, so workspace figures are partly split by share")
	}
	if v.focus.whole && len(v.in.Cells) > 0 {
		parts = append(parts, unranked(v))
	}
	if len(parts) == 0 {
		return nil
	}
	return say(strong("How sure:"), " "+strings.Join(parts, "; ")+".")
}

// unranked says why no cell is ranked: the real ones are too small, and the rest
// may be large but is nobody's workspace.
func unranked(v *view) string {
	var rest *Cell // the largest that is in the table and not ranked whatever its size
	for _, c := range v.other {
		if c.People >= RankFrom && (c.Group != "" || c.Workspace != "") && (rest == nil || c.People > rest.People) {
			rest = c
		}
	}
	what := ""
	if rest != nil {
		name := quote(workspaceName(rest))
		if rest.Group != "" {
			name += " of " + quote(rest.Group)
		}
		what = name + " with " + plural(rest.People, "person", "people")
	}
	switch small := fmt.Sprintf("no group has %d people in one workspace, so none is ranked", RankFrom); {
	case len(v.small) == 0 && what != "":
		return "no workspace is known by name, so none is ranked; " + what + " is a remainder or a sum"
	case len(v.small) == 0:
		return "no group and workspace is known, so none is ranked"
	case what != "":
		return small + "; " + what + " is a remainder or a sum, which is never ranked"
	case slices.ContainsFunc(v.small, func(c *Cell) bool { return c.Group == "" || c.Workspace == "" || c.Pseudo }):
		return fmt.Sprintf("every group and workspace has fewer than %d people, so none is ranked", RankFrom)
	default:
		return small
	}
}

// checked says how replayed current compares with the log; "" when nothing was replayed.
func checked(v *view) string {
	f := overall(v.in.Fidelity)
	s := ""
	switch y := v.in.Verify; {
	case y != nil && y.Applied.told() > 0:
		// That a policy does not apply is easy to agree on, and most evaluations say so.
		a := y.Applied
		s = "where a policy applied, the replay agrees with the log on " + agreementText(a) + " of " +
			wholeOf(float64(a.told()), "recorded result", "recorded results")
		if n := y.loose(); n > 0 {
			s += " (" + pct(Exact(float64(n)/float64(a.told()))) + " because either result fits)"
		}
	case f.Compared > 0:
		s = "the replay agrees with the log on " + pct(Exact(float64(f.Agree)/float64(f.Compared))) + " of " +
			wholeOf(float64(f.Compared), "recorded policy result", "recorded policy results")
	case len(v.in.Sets) == 0:
	case v.in.Elsewhere > 0:
		s = elsewhere(v.in.Elsewhere)
	default:
		s = "the log records no policy results, so the replay could not be checked against it"
	}
	p := v.in.Prompted
	// Policies that are not in force cannot have asked for the log's prompts.
	if p.Recorded <= 0 || unenforced(v.in) > 0 {
		return s
	}
	part := func(n int64) string { return pct(Exact(float64(n) / float64(p.Recorded))) }
	r := "reproduces " + part(p.Matched) + " of " + wholeOf(float64(p.Recorded), "recorded prompt", "recorded prompts") + " for certain, another " +
		part(p.Open) + " within its bounds, and misses " + part(p.Missed)
	if f.Compared > 0 {
		return s + "; it " + r
	}
	if s != "" {
		s += "; "
	}
	return s + "the replay " + r
}

// elsewhere says that the results of the log are of other policies.
func elsewhere(n int64) string {
	return "the log’s policy results are of other policies than the ones given (" + wholeOf(float64(n), "result", "results") +
		"), so the replay could not be checked"
}

// unenforced is how many policies the current set has when none of them is
// enabled, else 0.
func unenforced(in *Input) int {
	if len(in.Sets) == 0 || in.Sets[0].Enforced > 0 {
		return 0
	}
	n := 0
	for i := range in.Policies {
		switch p := &in.Policies[i]; {
		case p.Set != 0:
		case p.State == stateEnabled:
			return 0
		default:
			n++
		}
	}
	return n
}

func noneOf(n int) string {
	if n == 1 {
		return "the only current policy is not"
	}
	return "none of the " + whole(float64(n)) + " current policies is"
}

// incomplete warns of policies that are not evaluated in full, in the current
// set and in the candidate the lead is about.
func incomplete(v *view) []string {
	var out []string
	for i, s := range v.in.Sets {
		if s.Incomplete == 0 || i != 0 && i != v.shown() {
			continue
		}
		out = append(out, incompleteWords(v.in, i))
	}
	return out
}

// incompleteWords says what follows from conditions of set i that are not evaluated.
func incompleteWords(in *Input, i int) string {
	n := in.Sets[i].Incomplete
	whose, what := " of candidate "+quote(in.Sets[i].Name), "what it relieves may be too much"
	if i == 0 {
		whose, what = " of today", "what they ask for may be more than in force"
	}
	return plural(n, "policy", "policies") + whose + verb(n, " has", " have") + " conditions that are not evaluated; " + what
}

func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// weakShare is the share of weakly placed sign-ins from which the lead says so.
const weakShare = 0.2

// splitShare is the share of sign-ins whose workspace rests on weak signs or is
// one of several.
func splitShare(tiers []Share) float64 {
	sum := 0.0
	for _, t := range tiers {
		if t.Name == "weak" || t.Name == "candidate" {
			sum += t.Share
		}
	}
	return sum
}

// tooUnknown is the share of open verdicts above which the lead warns against
// deciding on the figures.
const tooUnknown = 0.2

// onlyStream is the name of the only stream with rows, "" when there are
// several or none is known.
func onlyStream(streams []Stream) string {
	name := ""
	for _, s := range streams {
		if s.Rows == 0 {
			continue
		}
		if name != "" {
			return ""
		}
		name = s.Name
	}
	return name
}

// overall adds up the policies as a whole (conditions are parts of them).
func overall(fs []Fidelity) Fidelity {
	var sum Fidelity
	for _, f := range fs {
		if f.Condition == "" {
			sum.Compared += f.Compared
			sum.Agree += f.Agree
			sum.Unknown += f.Unknown
		}
	}
	return sum
}
