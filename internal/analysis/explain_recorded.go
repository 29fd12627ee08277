package analysis

import (
	"fmt"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/replay"
	"frisk/internal/signin"
)

// RecordedCheck holds what the log recorded of one sign-in against the replayed
// current policies. Nil where the log recorded nothing.
type RecordedCheck struct {
	// Policies is parallel to the set's policies.
	Policies []RecordedResult `json:"policies"`
	// Strangers are recorded policies the set does not hold.
	Strangers []string `json:"notInSet,omitempty"`
}

// RecordedResult is one policy's recorded result beside the replayed one.
type RecordedResult struct {
	Policy   string `json:"policy"`
	Recorded string `json:"recorded,omitempty"` // Graph spelling; "" = the log does not list the policy
	// Agrees is "true", "false", or "unknown" where the export hides the result.
	Agrees   string   `json:"agrees,omitempty"`
	Expected []string `json:"expected,omitempty"` // every result that agrees with the replay
	// Why says why the recorded result agrees, where that is not plain.
	Why string `json:"why,omitempty"`
	// Loose reports an agreement that proves little: the opposite result would have
	// agreed as well.
	Loose bool `json:"provesLittle,omitempty"`
	// Conditions whose recorded bit differs from the replayed one, where the log has masks.
	Differs []string `json:"differs,omitempty"`
}

// checkRecorded compares the recorded evaluations with the decided row.
func checkRecorded(ev *policy.Evaluator, row *signin.Row, list []signin.RecordedPolicy, d *policy.Decision, st *policy.State) *RecordedCheck {
	if len(list) == 0 {
		return nil
	}
	set := ev.Engine().Set()
	out := &RecordedCheck{Policies: make([]RecordedResult, len(set.Policies))}
	for i := range list {
		rec := &list[i]
		n := replay.VersionOf(set.Policies, rec, row.Time)
		if n < 0 {
			out.Strangers = append(out.Strangers, rec.Name)
			continue
		}
		want := replay.Expected(ev, row, n, d.Match, d, st)
		got := policy.ParseResult(rec.Result)
		r := RecordedResult{Policy: set.Policies[n].Label(), Recorded: rec.Result, Expected: want.Names(), Agrees: signin.TruthOf(got&want != 0).String()}
		if got == policy.ResultUnknown {
			r.Agrees = signin.Unknown.String()
		}
		r.Differs = replay.MaskDifference(ev, row, n, rec)
		if r.Agrees == signin.True.String() {
			r.Why, r.Loose = fits(ev, row, n, got, want, d, st)
		}
		out.Policies[n] = r
	}
	return out
}

// Words say what the log recorded of policy i, and whether the replay agrees.
func (r *RecordedCheck) Words(i int) string {
	if r == nil || r.Policies[i].Recorded == "" {
		return ""
	}
	p := &r.Policies[i]
	switch {
	case p.Agrees == "false":
		return fmt.Sprintf("log: %s, differs: the replay expects %s", p.Recorded, strings.Join(p.Expected, " or "))
	case p.Agrees != "true":
		return "log: result hidden by the export"
	case p.Loose:
		return fmt.Sprintf("log: %s (fits either way: %s)", p.Recorded, p.Why)
	case p.Why != "":
		return fmt.Sprintf("log: %s (%s)", p.Recorded, p.Why)
	}
	return "log: " + p.Recorded
}

// Summary says in a line how far log and replay agree, how much of that could not
// have come out otherwise, and names the policies that differ.
func (r *RecordedCheck) Summary() string {
	listed, agree, loose, hidden := 0, 0, 0, 0
	var differ []string
	for i := range r.Policies {
		p := &r.Policies[i]
		switch {
		case p.Recorded == "":
			continue
		case p.Agrees == "unknown":
			hidden++
		case p.Agrees == "true" && len(p.Differs) == 0:
			agree++
			if p.Loose {
				loose++
			}
		default:
			what := []string{p.Recorded}
			if p.Agrees == "true" {
				what = []string{"the result agrees, a condition does not"}
			}
			differ = append(differ, fmt.Sprintf("%s (%s)", p.Policy, strings.Join(append(what, p.Differs...), ", ")))
		}
		listed++
	}
	out := fmt.Sprintf("agrees with the replay on %d of %d policies", agree, listed)
	if loose > 0 {
		out += fmt.Sprintf(", though %d of them could not have disagreed (see \"fits either way\")", loose)
	}
	if hidden > 0 {
		out += fmt.Sprintf("; %d results are hidden by the export", hidden)
	}
	if len(differ) > 0 {
		out += "; differs on " + strings.Join(differ, ", ")
	}
	if len(r.Strangers) > 0 {
		out += "; not in the set: " + strings.Join(r.Strangers, ", ")
	}
	return out
}
