package exceptions

import (
	"cmp"
	"regexp"
	"slices"
)

// Pattern is one kind of finding about requests, for lists and help texts. It is
// no risk.Detector: it reads no sign-ins.
type Pattern struct {
	Name   string
	Doc    string // one sentence
	Needs  string // what must be there
	Quiet  string // what happens when it is not
	Origin string // where the rule comes from
	// Null is what an inference is compared with, and the family of its
	// false-discovery control; "" for a fact.
	Null string
	find func(*study)
}

var patterns []Pattern

var nameShape = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// register adds p to the catalog, which stays sorted by name. A malformed or
// duplicate entry is a bug in this program.
func register(p Pattern) struct{} {
	if !nameShape.MatchString(p.Name) || p.Doc == "" || p.Needs == "" || p.Quiet == "" || p.Origin == "" || p.find == nil {
		panic("exceptions: malformed pattern " + p.Name)
	}
	i, dup := slices.BinarySearchFunc(patterns, p, func(a, b Pattern) int { return cmp.Compare(a.Name, b.Name) })
	if dup {
		panic("exceptions: duplicate pattern " + p.Name)
	}
	patterns = slices.Insert(patterns, i, p)
	return struct{}{}
}

// Patterns lists the catalog by name. The slice is the caller's.
func Patterns() []Pattern { return slices.Clone(patterns) }

// reference is the study the definitions come from.
const reference = "reference, detection 4.2"
