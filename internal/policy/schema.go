package policy

import (
	"cmp"
	"fmt"
	"slices"
)

// Support says how far a part of the Graph schema is evaluated.
type Support string

// The degrees. Partly is evaluated where the log and the exports tell, and
// unknown elsewhere; NotEvaluated is read, kept and shown.
const (
	Supported    Support = "supported"
	Partly       Support = "partly"
	UnknownOnly  Support = "unknown"
	NotEvaluated Support = "shown"
)

// SchemaPart is one property of the Graph conditionalAccessPolicy resource and
// what this program makes of it: what the documentation table is written from.
type SchemaPart struct {
	// Path is the property as exports write it, from the policy down; a value in
	// brackets is one member of an enum.
	Path    string
	Support Support
	// Doc says in one sentence what it is judged by; Supply what makes the answer
	// better, "" = nothing can.
	Doc, Supply string
	// Example is a value that configures the property, as JSON.
	Example string
	// control is the grant or session control the part stands for, 0 for others.
	control Controls
}

var schemaParts []SchemaPart

func schema(list ...SchemaPart) struct{} {
	for _, p := range list {
		if slices.ContainsFunc(schemaParts, func(o SchemaPart) bool { return o.Path == p.Path }) {
			panic(fmt.Sprintf("policy: schema part %q registered twice", p.Path))
		}
		schemaParts = append(schemaParts, p)
	}
	return struct{}{}
}

// Schema lists every property of the policy schema, conditions first, then grant
// controls, then session controls, in reading order. The caller owns the slice.
func Schema() []SchemaPart {
	out := slices.Clone(schemaParts)
	slices.SortStableFunc(out, func(a, b SchemaPart) int { return cmp.Compare(part(a.Path), part(b.Path)) })
	return out
}

func part(path string) int {
	for i, p := range []string{"conditions.", "grantControls.", "sessionControls."} {
		if len(path) > len(p) && path[:len(p)] == p {
			return i
		}
	}
	return 3
}
