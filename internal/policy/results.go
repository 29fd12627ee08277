package policy

import (
	"strings"

	"frisk/internal/signin"
)

// Results is a set of recorded Conditional Access results (Graph
// appliedConditionalAccessPolicyResult).
type Results uint16

// The results. ResultInterrupt is undocumented; Microsoft's insights workbook
// handles it (reference 2.2).
const (
	ResultSuccess Results = 1 << iota
	ResultFailure
	ResultInterrupt
	ResultNotApplied
	ResultNotEnabled
	ResultReportOnlySuccess
	ResultReportOnlyFailure
	ResultReportOnlyInterrupted
	ResultReportOnlyNotApplied
	// ResultUnknown is "unknown" or "unknownFutureValue": the export was made
	// without the Prefer header that shows report-only results (reference 2.3).
	ResultUnknown
)

var resultNames = []string{
	"success", "failure", "interrupt", "notApplied", "notEnabled",
	"reportOnlySuccess", "reportOnlyFailure", "reportOnlyInterrupted", "reportOnlyNotApplied", "unknownFutureValue",
}

// Names lists the results in Graph spelling.
func (s Results) Names() []string {
	var out []string
	for i, n := range resultNames {
		if s&(1<<i) != 0 {
			out = append(out, n)
		}
	}
	return out
}

// ParseResult reads a recorded result in any case; text nobody knows is ResultUnknown.
func ParseResult(text string) Results {
	for i, n := range resultNames {
		if strings.EqualFold(n, text) {
			return 1 << i
		}
	}
	return ResultUnknown
}

// Class is what a result says about conditions: did the policy apply?
func (s Results) Class() signin.Truth {
	const applied = ResultSuccess | ResultFailure | ResultInterrupt |
		ResultReportOnlySuccess | ResultReportOnlyFailure | ResultReportOnlyInterrupted
	const not = ResultNotApplied | ResultReportOnlyNotApplied
	switch {
	case s == 0 || s&^(applied|not) != 0:
		return signin.Unknown
	case s&not == 0:
		return signin.True
	case s&applied == 0:
		return signin.False
	}
	return signin.Unknown
}

// Expected is every recorded result that agrees with what the engine says of
// policy i on the row. A prompt may be recorded as a failure (the interrupted
// row) or a success (the row after the person answered), so both agree; of a
// report-only policy the success agrees only where something enforced, or the row
// itself, shows that the person may have been asked. A version that was not in force
// agrees with none.
func (ev *Evaluator) Expected(r *signin.Row, i int, m Match, s *State) Results {
	p := &ev.e.plans[i]
	if ev.e.inForce(r.Time, i) == signin.False {
		return 0
	}
	is := signin.False
	switch {
	case m.Applies.Has(i):
		is = signin.True
	case m.Unknown.Has(i):
		is = signin.Unknown
	}
	if is == signin.False {
		return ResultsOf(p.State, is, Grade{})
	}
	g := ev.Grade(r, i, s)
	out := ResultsOf(p.State, is, g)
	if p.State == ReportOnly && g.Best == Prompt && g.Sure&^ControlFrequency != 0 && !ev.answered(r, m, s) {
		out &^= ResultReportOnlySuccess
	}
	return out
}

// answered reports whether the person may have been asked for something on the row
// all the same: an enabled policy asks, or the row shows a second factor that
// something else asked for.
func (ev *Evaluator) answered(r *signin.Row, m Match, s *State) bool {
	if r.MFA() == signin.MFADone || r.MFA() == signin.MFAByClaim {
		return true
	}
	d := ev.Decide(r, m, s)
	return !d.Prompts.Or(d.MaybePrompts).Empty()
}

// ResultsOf is every recorded result that agrees with a policy in a state, that
// applies or not, and that asks for what g says where it does.
func ResultsOf(state Enforcement, applies signin.Truth, g Grade) Results {
	switch state {
	case Disabled:
		return ResultNotEnabled
	case StateOther:
		return ResultNotEnabled | ResultUnknown
	case Enabled, ReportOnly:
	}
	not, effects := ResultNotApplied, &enforcedResults
	if state == ReportOnly {
		not, effects = ResultReportOnlyNotApplied, &reportedResults
	}
	var out Results
	if applies != signin.True {
		out |= not
	}
	if applies != signin.False {
		for e := g.Best; e <= g.Worst; e++ {
			out |= effects[e]
		}
		if state == ReportOnly && g.Worst == Block && g.Unmet&^interactive == 0 {
			// A client that cannot answer (legacy, outsiders) is refused when the
			// policy is enforced. Microsoft's report-only page defines the results by
			// the kind of control that is unmet and does not say what such a client
			// records, so both agree.
			out |= ResultReportOnlyInterrupted
		}
	}
	return out
}

var enforcedResults = [...]Results{
	Allow:  ResultSuccess,
	Prompt: ResultSuccess | ResultFailure | ResultInterrupt,
	Block:  ResultFailure,
}

// What would have prompted is interrupted, or a success where the person
// answered for another policy; see Expected.
var reportedResults = [...]Results{
	Allow:  ResultReportOnlySuccess,
	Prompt: ResultReportOnlySuccess | ResultReportOnlyInterrupted,
	Block:  ResultReportOnlyFailure,
}

// GrantLabel maps a control to the label sign-in logs use in
// enforcedGrantControls (reference 2.2); "" where none is known. Terms of use
// and custom controls are logged by their own names.
func GrantLabel(c Controls) string {
	switch c {
	case ControlBlock:
		return "Block"
	case ControlMFA:
		return "Mfa"
	case ControlCompliantDevice:
		return "RequireCompliantDevice"
	case ControlDomainJoinedDevice:
		return "RequireDomainJoinedDevice"
	}
	return ""
}

// ControlOfLabel is the control a label of enforcedGrantControls stands for,
// ControlOther when it is none of the known ones.
func ControlOfLabel(label string) Controls {
	for i := range controlNames {
		if c := Controls(1) << i; GrantLabel(c) != "" && strings.EqualFold(GrantLabel(c), label) {
			return c
		}
	}
	return ControlOther
}
