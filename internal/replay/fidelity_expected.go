package replay

import (
	"strings"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

// Expected is every recorded result that agrees with what replay says of policy
// i on a row: m and d are the row's match and decision, st the session it met,
// both worlds in one (see One). Recorded results know no waiting: a refresh that
// frequency refuses is recorded as a failure at once, whenever the person is asked;
// and when one policy asks for the factors again, the interrupted row shows every
// policy that needs the second one as failed, for the new session lacks it yet
// (reference 1.9).
func Expected(ev *policy.Evaluator, r *signin.Row, i int, m policy.Match, d *policy.Decision, st *policy.State) policy.Results {
	now := *st
	now.Background = false
	out := ev.Expected(r, i, m, &now)
	if d.Unmet&policy.ControlFrequency != 0 {
		now.MFA, now.MethodsKnown = signin.False, false
		out |= ev.Expected(r, i, m, &now)
	}
	return out
}

// MaskDifference names the conditions whose recorded bit differs from ours for
// policy i on the row, in bit order: nil when none does, when the log carries no
// masks or only those of a policy that is off, and leaving out those where ours
// is unknown.
func MaskDifference(ev *policy.Evaluator, r *signin.Row, i int, rec *signin.RecordedPolicy) []string {
	if rec.Satisfied < 0 || rec.NotSatisfied < 0 || policy.ParseResult(rec.Result) == policy.ResultNotEnabled {
		return nil
	}
	if s := ev.Engine().Set().Policies[i].State; s != policy.Enabled && s != policy.ReportOnly {
		return nil
	}
	yes, no, unknown := ev.Conditions(r, i)
	return bitNames((yes ^ theirBits(rec.Satisfied) | no ^ theirBits(rec.NotSatisfied)) &^ unknown)
}

// addressBits are bits of the masks that no condition of the policy schema
// sets by itself: they come with a location.
const addressBits = 1024 | 2048

// theirBits is a recorded mask without the bits nothing here could set.
func theirBits(mask int64) uint32 { return uint32(mask) &^ addressBits } //nolint:gosec // 17 bits

// conditionNames are the conditions by bit number (reference 2.4).
var conditionNames = [17]string{
	"application", "users", "devicePlatform", "location", "clientType", "signInRisk", "userRisk", "time",
	"deviceState", "client", "ipAddressSeenByAzureAD", "ipAddressSeenByResourceProvider", "unknownFutureValue",
	"servicePrincipals", "servicePrincipalRisk", "authenticationFlows", "insiderRisk",
}

func bitNames(mask uint32) []string {
	var out []string
	for n, name := range conditionNames {
		if mask&(1<<n) != 0 {
			out = append(out, name)
		}
	}
	return out
}

// Outcomes of a policy as replay sees them, as columns of PolicyFidelity.Results:
// the recorded results it would agree with, in words.
const (
	OutcomeSuccess = iota
	OutcomeFailure
	OutcomePrompt // it asks: a failure before the answer, a success after it
	OutcomeEither // whether it asks, or is met, is within the bounds of what the log leaves open
	OutcomeNotApplied
	OutcomeNotEnabled
	OutcomeOpen // whether it applies is not known
	numOutcomes
)

// OutcomeNames are the outcomes as words, by number.
var OutcomeNames = [numOutcomes]string{"success", "failure", "asks: failure, then success", "either: met or not is open", "not applied", "not enabled", "not known"}

// goodResults are those of a policy that was met.
const goodResults = policy.ResultSuccess | policy.ResultReportOnlySuccess

// outcomeOf sorts a set of agreeing results; g is what makes them.
func outcomeOf(want policy.Results, g policy.Grade) uint8 {
	const (
		good = goodResults
		bad  = policy.ResultFailure | policy.ResultInterrupt | policy.ResultReportOnlyFailure | policy.ResultReportOnlyInterrupted
		not  = policy.ResultNotApplied | policy.ResultReportOnlyNotApplied
	)
	switch {
	case want&policy.ResultNotEnabled != 0:
		return OutcomeNotEnabled
	case want&not != 0 && want&^not == 0:
		return OutcomeNotApplied
	case want&not != 0:
		return OutcomeOpen
	case want&good != 0 && want&bad != 0 && g.Best == g.Worst:
		return OutcomePrompt
	case want&good != 0 && want&bad != 0:
		return OutcomeEither
	case want&bad != 0:
		return OutcomeFailure
	}
	return OutcomeSuccess
}

// ResultNames are the recorded results in Graph spelling, by row of PolicyFidelity.Results.
func ResultNames() []string { return policy.Results(1<<numResults - 1).Names() }

// resultName is the Graph spelling of one result.
func resultName(r policy.Results) string {
	if n := r.Names(); len(n) == 1 {
		return n[0]
	}
	return strings.Join(r.Names(), " or ")
}

// bitOf is the number of a single result.
func bitOf(r policy.Results) uint8 {
	for n := range uint8(numResults) {
		if r == 1<<n {
			return n
		}
	}
	return numResults - 1
}
