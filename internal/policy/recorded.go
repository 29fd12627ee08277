package policy

import (
	"fmt"

	"frisk/internal/signin"
)

// RecordedSays reads one recorded evaluation: its result, and the controls it
// shows as demanded of the person. enforcedGrantControls lists a policy's controls
// even where the policy did not apply, so they are a demand only where the result
// says that it did (reference 2.3, trap 3).
func RecordedSays(p *signin.RecordedPolicy) (result Results, demands Controls) {
	result = ParseResult(p.Result)
	if result.Class() != signin.True {
		return result, 0
	}
	for _, label := range p.Grant {
		demands |= ControlOfLabel(label)
	}
	return result, demands
}

// RecordedNotices says what about the recorded evaluations of one row a reader
// has to know: results hidden by the export (reference 2.3, trap 1).
func RecordedNotices(list []signin.RecordedPolicy) []Notice {
	var out []Notice
	for i := range list {
		if ParseResult(list[i].Result) == ResultUnknown {
			out = append(out, Notice{
				Code: "future-results", Level: "warning", Policy: list[i].Name,
				Message: fmt.Sprintf("the recorded result is %q: report-only results are hidden, so it says nothing", list[i].Result),
				Fix:     "export again with the header Prefer: include-unknown-enum-members",
			})
		}
	}
	return out
}
