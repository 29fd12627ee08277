package policy

import "frisk/internal/signin"

// FilterTest is one comparison of a device filter rule, as a reader of the rule
// sees it.
type FilterTest struct {
	Attribute string // lower case, without "device."
	// Equal reports a comparison of whole values (eq, ne, in, notIn); others look at parts.
	Equal    bool
	Negative bool
	Null     bool // the value is a bare null, or one of several is
	Values   []string
}

// Conjuncts are the comparisons of a rule that is nothing but comparisons
// joined by and: all of them must hold. ok is false for any other rule.
func (f *DeviceFilter) Conjuncts() (tests []FilterTest, ok bool) {
	list := []filterExpr{f.expr}
	if and, is := f.expr.(filterAnd); is {
		list = and.list
	}
	for _, e := range list {
		c, is := e.(filterCmp)
		if !is {
			return nil, false
		}
		tests = append(tests, FilterTest{
			Attribute: c.attr, Equal: c.op.match == matchEqual || c.op.match == matchIn,
			Negative: c.op.negative, Null: c.takesNull(), Values: c.values,
		})
	}
	return tests, true
}

// Unregistered is what the rule says of a device without identity, of which
// every attribute is null (reference 1.8); Unknown when the rule does not parse.
func (f *DeviceFilter) Unregistered() signin.Truth {
	if f.expr == nil {
		return signin.Unknown
	}
	return unregistered(f.expr)
}

func unregistered(e filterExpr) signin.Truth {
	switch e := e.(type) {
	case filterCmp:
		return signin.TruthOf(e.op.negative != e.takesNull())
	case filterNot:
		return unregistered(e.of).Not()
	case filterAnd:
		t := signin.True
		for _, x := range e.list {
			t = t.And(unregistered(x))
		}
		return t
	case filterOr:
		t := signin.False
		for _, x := range e.list {
			t = t.Or(unregistered(x))
		}
		return t
	}
	return signin.Unknown
}
