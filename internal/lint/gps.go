package lint

import (
	"slices"

	"frisk/internal/policy"
)

var _ = register(Rule{
	Code: "gps-location", Level: Warning,
	Doc: "Side effects of a country location that asks the phone for its position: it cannot be used with passwordless sign-in, and a report-only policy prompts for it too. " +
		"frisk cannot replay it.",
	Source: "Conditional Access: network (concept-assignment-network)",
	check: func(p *pass) {
		gps := map[string]string{}
		for _, l := range p.set.Locations {
			if l.GPS {
				gps[l.ID] = l.Name
			}
		}
		p.each(true, func(q *policy.Policy) {
			if q.Locations == nil {
				return
			}
			i := slices.IndexFunc(slices.Concat(q.Locations.Include, q.Locations.Exclude), func(id string) bool { return gps[id] != "" })
			if i < 0 {
				return
			}
			name := gps[slices.Concat(q.Locations.Include, q.Locations.Exclude)[i]]
			const path = ".conditions.locations"
			if q.State == policy.ReportOnly {
				p.about(q, note{path: path, fix: "pilot it with a small group"}, "report-only does not spare people location %q: their phones are asked for the position all the same", name)
			}
			if q.Grant != nil && q.Grant.Strength != nil && has(passwordless, q.Grant.Strength.ID) {
				p.about(q, note{path: path, fix: "use a country by address, or another strength"}, "location %q asks the phone for its position, which does not work with passwordless sign-in", name)
				return
			}
			p.about(q, note{path: path, fix: "use a country by address where people sign in without a password"},
				"location %q asks the phone for its position: it does not work for people who sign in without a password, and as no log tells the position, frisk's answer is unknown", name)
		})
	},
})

// passwordless are the built-in strengths that passwordless methods alone meet.
var passwordless = []string{"00000000-0000-0000-0000-000000000003", "00000000-0000-0000-0000-000000000004"}
