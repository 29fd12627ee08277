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
		return x.level("sign-in risk", x.text(signin.DimRiskLevel), p.SignInRisk)
	},
})

// level compares a level with a policy's list.
func (x *sight) level(what, level string, list []string) signin.Truth {
	switch l := strings.ToLower(level); l {
	case "", "hidden", "unknownfuturevalue":
		if l == "" {
			return x.say(signin.Unknown, "the %s is not in the row", what)
		}
		return x.say(signin.Unknown, "the %s is recorded as %q", what, level)
	default:
		return x.say(signin.TruthOf(slices.Contains(list, l)), "the %s is %s, the policy lists %s", what, l, strings.Join(list, ", "))
	}
}
