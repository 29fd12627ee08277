package policy

import (
	"cmp"
	"fmt"
	"slices"

	"frisk/internal/signin"
)

// Condition is one kind of condition a policy can have. A new one is a new
// file that registers itself here; the engine, Explain, verify and the
// documentation table take it from Conditions.
type Condition struct {
	// Name is the Graph path under conditions, e.g. "users" or "signInRiskLevels".
	Name string
	// Doc says in one sentence what is evaluated and from what.
	Doc string
	// Unknown says what makes the answer Unknown and what to supply.
	Unknown string
	// Bit is the condition in Azure Monitor's conditionsSatisfied masks (reference 2.4).
	Bit uint32
	// Dims are the columns read.
	Dims []signin.Dim

	// stage orders the tests as Entra does: 0 applications, 1 users, 2 the rest.
	stage int
	// configured reports whether a policy has this condition.
	configured func(*plan) bool
	// dim packs everything test reads of a row, but for the Context.
	dim *dimension
	// test is the answer; it says the deciding fact through the sight when asked to explain.
	test func(*sight, *plan) signin.Truth
}

// Bits of the condition masks (Graph conditionalAccessConditions, reference 2.4).
const (
	BitApplication          = 1
	BitUsers                = 2
	BitPlatform             = 4
	BitLocation             = 8
	BitClient               = 16
	BitSignInRisk           = 32
	BitUserRisk             = 64
	BitDevice               = 256
	BitServicePrincipals    = 8192
	BitServicePrincipalRisk = 16384
	BitFlows                = 32768
	BitInsiderRisk          = 65536
)

var catalog []Condition

func register(c Condition) struct{} {
	for _, o := range catalog {
		if o.Name == c.Name {
			panic(fmt.Sprintf("policy: condition %q registered twice", c.Name))
		}
	}
	catalog = append(catalog, c)
	return struct{}{}
}

// Conditions lists every condition the engine evaluates, in the order Entra
// tests them and by name within one stage. The caller owns the slice.
func Conditions() []Condition {
	out := slices.Clone(catalog)
	slices.SortFunc(out, func(a, b Condition) int {
		return cmp.Or(cmp.Compare(a.stage, b.stage), cmp.Compare(a.Name, b.Name))
	})
	return out
}
