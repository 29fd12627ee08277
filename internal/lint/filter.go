package lint

import (
	"strings"

	"frisk/internal/policy"
	"frisk/internal/signin"
)

var _ = register(Rule{
	Code: "filter-unregistered", Level: Info,
	Doc: "What a device filter does with unregistered devices is easily overlooked. Every attribute of theirs is null, so positive comparisons are false and negative ones true: " +
		"an exclude rule with a negative operator leaves every unregistered device out, and an include rule with isCompliant -eq False does not take them in.",
	Source: "Conditional Access: filter for devices (concept-condition-filters-for-devices)",
	check: func(p *pass) {
		for _, q := range p.policies {
			if q.Filter != nil {
				p.filterUnregistered(q)
			}
		}
	},
})

func (p *pass) filterUnregistered(q *policy.Policy) {
	const path = ".conditions.devices.deviceFilter.rule"
	t := q.Filter.Unregistered()
	if q.Filter.Exclude {
		if t == signin.True {
			p.about(q, note{level: Warning, path: path, fix: "use positive operators in the exclude rule, for example device.extensionAttribute1 -eq \"SAW\""},
				"the exclude rule is true of unregistered devices, so none of them is covered by the policy")
		}
		return
	}
	tests, ok := q.Filter.Conjuncts()
	if !ok || t != signin.False {
		return
	}
	for _, c := range tests {
		if c.Attribute == "iscompliant" && c.Equal && !c.Negative && len(c.Values) == 1 && strings.EqualFold(c.Values[0], "false") {
			p.about(q, note{path: path, fix: "use device.isCompliant -ne True to take unregistered devices in"},
				"the include rule does not take unregistered devices in: their isCompliant is null, not False")
		}
	}
}
