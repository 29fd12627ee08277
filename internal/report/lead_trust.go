package report

import (
	"fmt"
	"strings"
)

// leadTrust: how sure this is.
func leadTrust(v *view) Line {
	var parts []string
	if f := overall(v.in.Fidelity); f.Compared > 0 {
		parts = append(parts, fmt.Sprintf("the replay agrees with the log on %s of %s recorded policy results",
			pct(Exact(float64(f.Agree)/float64(f.Compared))), whole(float64(f.Compared))))
	} else if len(v.in.Sets) > 0 {
		parts = append(parts, "the log records no policy results, so the replay could not be checked against it")
	}
	if u := v.in.Total.set(0).Unknown; u.Known && u.High >= 0.005 {
		parts = append(parts, pct(u)+" of verdicts hang on facts the log does not carry, hence low"+dash+"high figures")
	}
	if v.in.Days > 0 && v.in.Days < 14 {
		parts = append(parts, "the window is only "+plural(int(v.in.Days+0.5), "day", "days")+" long")
	}
	if only := onlyStream(v.in.Quality.Streams); only != "" {
		parts = append(parts, "only "+only+" sign-ins were read, so sessions are seen in part")
	}
	if !v.in.Directory {
		parts = append(parts, "no directory was given, so group conditions are unknown")
	}
	if v.focus.whole && len(v.in.Cells) > 0 {
		parts = append(parts, fmt.Sprintf("every group and workspace has fewer than %d people, so none is ranked", RankFrom))
	}
	if len(parts) == 0 {
		return nil
	}
	return say(strong("How sure:"), " "+strings.Join(parts, "; ")+".")
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
