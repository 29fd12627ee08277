package lint

import (
	"fmt"
	"slices"
	"strings"

	"frisk/internal/policy"
	"frisk/internal/policycmp"
)

// Ids of the ways to Azure Machine Learning (reference 4.1).
const (
	armResource = "797f4846-ba00-4fd7-ba43-dac1f8f63013" // Windows Azure Service Management API: CLI v2, SDK v2, portal
	amlResource = "18a66f5f-dbdf-4c17-9dd7-1634712a9cbe" // Azure Machine Learning Services: the data plane
	amlStudio   = "d7304df8-741f-47d3-9bc2-df0e24e2071f" // Azure ML studio in a browser
	aiStudio    = "cb2ff863-7f30-4ced-ab89-a00194bcf6d9" // AI Studio, Foundry portal
)

var _ = register(Rule{
	Code: "sdk-path-uncovered", Level: Warning,
	Doc: "The policy names the Azure ML studio or AI Studio app, and nothing asks as much of the way the SDK and the CLI take: they get tokens for Azure Resource Manager " +
		"and Azure Machine Learning Services and never touch the studio.",
	Fix:    "add Windows Azure Service Management API (" + armResource + ") and Azure Machine Learning Services (" + amlResource + ")",
	Source: "Azure Machine Learning: how to set up authentication; Conditional Access matches the resource (concept-conditional-access-cloud-apps)",
	check: func(p *pass) {
		p.each(true, func(q *policy.Policy) {
			i := slices.IndexFunc(q.Apps.Include, func(id string) bool { return id == amlStudio || id == aiStudio })
			if i < 0 {
				return
			}
			var open []string
			for _, id := range []string{armResource, amlResource} {
				if !p.asWellCovered(q, id) {
					open = append(open, id)
				}
			}
			if len(open) == 0 {
				return
			}
			var words []string
			for _, id := range open {
				word := p.names.App(id)
				if f := p.in.Facts; f != nil {
					word += fmt.Sprintf(" (%d sign-ins in the log)", f.Resources[id])
				}
				words = append(words, word)
			}
			text := strings.Join(words, " and ")
			p.about(q, note{path: item(".conditions.applications.includeApplications", i)},
				"the policy covers %s in a browser only: SDK and CLI sign in to %s, where no policy asks the same of the same people", p.names.App(q.Apps.Include[i]), text)
		})
	},
})

// asWellCovered reports that some policy asks at a resource at least what q asks
// at its own: q itself, or one in the same state or stronger.
func (p *pass) asWellCovered(q *policy.Policy, resource string) bool {
	there := *q
	there.Apps.Include = []string{resource}
	return slices.ContainsFunc(p.policies, func(o *policy.Policy) bool {
		return !p.refused(o) && (o.State == policy.Enabled || o.State == q.State) && policycmp.Covers(o, &there) && policycmp.AsStrict(o, q)
	})
}
