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
// row) or a success (the row after the person answered), so both agree.
func (ev *Evaluator) Expected(r *signin.Row, i int, m Match, s *State) Results {
	p := &ev.e.plans[i]
	switch p.State {
	case Disabled:
		return ResultNotEnabled
	case StateOther:
		return ResultNotEnabled | ResultUnknown
	case Enabled, ReportOnly:
	}
	not, effects := ResultNotApplied, &enforcedResults
	if p.State == ReportOnly {
		not, effects = ResultReportOnlyNotApplied, &reportedResults
	}
	var out Results
	applies, unknown := m.Applies.Has(i), m.Unknown.Has(i)
	if !applies {
		out |= not
	}
	if applies || unknown {
		g := ev.Grade(r, i, s)
		for e := g.Best; e <= g.Worst; e++ {
			out |= effects[e]
		}
		if p.State == ReportOnly && g.Worst == Block && g.Unmet&^interactive == 0 {
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
// answered for another policy.
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
