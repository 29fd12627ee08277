package policy

import "slices"

// The operators each device property allows (reference 1.8, Entra "filter for
// devices", table of supported operators). A property that is missing here
// allows every operator on texts.
var filterOperators = map[string][]match{
	"deviceid":        {matchEqual, matchIn},
	"iscompliant":     {matchEqual},
	"trusttype":       {matchEqual},
	"deviceownership": {matchEqual},
	"mdmappid":        {matchEqual, matchIn},
	"profiletype":     {matchEqual},
	"physicalids":     {matchContains},
	"systemlabels":    {matchContains},
}

// filterHabits reports what Entra's own pages write although its tables do not
// allow it: evaluated all the same, once per property.
func (l *loader) filterHabits(e filterExpr, path string) {
	var seen []string
	comparisons(e, func(c filterCmp) {
		if slices.Contains(seen, c.attr) {
			return
		}
		seen = append(seen, c.attr)
		if c.bare {
			l.notice("filter-property", "warning", path, "%s is written without device. in front: read as device.%s", c.attr, c.attr)
		}
		if ops, ok := filterOperators[c.attr]; ok && !slices.Contains(ops, c.op.match) {
			l.notice("filter-operator", "warning", path, "the operator used with device.%s is not one its documentation allows: evaluated as written", c.attr)
		}
	})
}

// comparisons calls f for every comparison of a rule, in reading order.
func comparisons(e filterExpr, f func(filterCmp)) {
	switch e := e.(type) {
	case filterCmp:
		f(e)
	case filterNot:
		comparisons(e.of, f)
	case filterAnd:
		for _, o := range e.list {
			comparisons(o, f)
		}
	case filterOr:
		for _, o := range e.list {
			comparisons(o, f)
		}
	}
}
