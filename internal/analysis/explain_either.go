package analysis

import (
	"strings"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// The recorded results by what they say of a policy.
const (
	resultsMet = policy.ResultSuccess | policy.ResultReportOnlySuccess
	resultsBad = policy.ResultFailure | policy.ResultInterrupt | policy.ResultReportOnlyFailure | policy.ResultReportOnlyInterrupted
	resultsNot = policy.ResultNotApplied | policy.ResultReportOnlyNotApplied
)

// fits says why a recorded result agrees with the replay of policy n where that is
// not plain, and whether it is loose: a result that says the opposite would have
// agreed as well, and nothing on the row tells which it should be, so the agreement
// proves little. got is the result, want are all that agree (see replay.Expected), d
// and st the decision and the session.
func fits(ev *policy.Evaluator, row *signin.Row, n int, got, want policy.Results, d *policy.Decision, st *policy.State) (why string, loose bool) {
	if want&resultsNot != 0 && want&(resultsMet|resultsBad) != 0 {
		return "whether the policy applies is not known", true
	}
	if want&resultsMet == 0 || want&resultsBad == 0 {
		return "", false
	}
	now := *st
	now.Background = false
	own := ev.Expected(row, n, d.Match, &now)
	g := ev.Grade(row, n, &now)
	beside := d.Blocks.Len() > 1 || d.Blocks.Len() == 1 && !d.Blocks.Has(n)
	switch {
	case own&resultsMet == 0 || own&resultsBad == 0:
		return "another policy asks for the factors again, and until then this one is unmet too", true
	case g.Best != g.Worst:
		return strings.Join((g.Unmet&^g.Sure).Names(), ", ") + " not known", true
	case got&resultsMet == 0:
		return "", false // it asks, and was recorded before the answer
	case beside:
		return "another policy blocked first, so this one never asked", true
	case st.Background:
		return "in the background nobody was asked yet", true
	}
	return "asked, and answered by now", false
}
