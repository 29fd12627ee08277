package policy

import (
	"slices"
	"strings"

	"frisk/internal/signin"
)

// signInRiskLevels: the sign-in risk, as a list of levels and not a threshold
// (reference 1.6). "hidden" means the tenant's licence does not show it.
var _ = register(Condition{
	Name:       "signInRiskLevels",
	Doc:        "the risk level Entra recorded during the sign-in; the levels are a list, so high does not include medium",
	Unknown:    "a level recorded as hidden, or none recorded: needs the P2 licence at the time",
	Bit:        BitSignInRisk,
	Dims:       []signin.Dim{signin.DimRiskLevel},
	stage:      2,
	configured: func(p *plan) bool { return len(p.SignInRisk) > 0 },
	dim:        byRisk,
	test: func(x *sight, p *plan) signin.Truth {
		return x.level("sign-in risk", x.text(signin.DimRiskLevel), "not in the row", x.ev.e.opt.Assume.SignInRisk, p.SignInRisk)
	},
})

// level compares a level with a policy's list. Where nothing tells it, none says
// where it was looked for, and what the tenant's owner assumes takes its place.
func (x *sight) level(what, level, none, assumed string, list []string) signin.Truth {
	l := strings.ToLower(level)
	switch l {
	case "":
	case "hidden", "unknownfuturevalue":
		none = "recorded as " + quote(level)
	default:
		return x.say(signin.TruthOf(slices.Contains(list, l)), "the %s is %s, the policy lists %s", what, l, strings.Join(list, ", "))
	}
	if assumed != "" {
		return x.say(signin.TruthOf(slices.Contains(list, strings.ToLower(assumed))),
			"the %s is %s and assumed to be %s, the policy lists %s", what, none, assumed, strings.Join(list, ", "))
	}
	return x.say(signin.Unknown, "the %s is %s", what, none)
}
