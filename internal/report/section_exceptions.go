package report

import "strings"

var _ = register(Builder{
	Name: "exceptions", Order: 70, Title: "Exception requests",
	Doc:   "Findings about repeated requests for exceptions, by person and by group, with evidence.",
	Intro: "People who ask for the same exception again, or a group that asks together, say that a policy does not fit the work. It is a reading of the policy, not an accusation.",
	Build: buildExceptions,
})

func isException(detector string) bool {
	for _, w := range []string{"exception", "request", "exclusion", "renewal", "repeat"} {
		if strings.Contains(detector, w) {
			return true
		}
	}
	return false
}

func buildExceptions(v *view) []Block {
	raised, suppressed := v.findingsOf(isException)
	return findingBlocks("exceptions", "All exception findings", raised, suppressed, DepthExtra)
}
