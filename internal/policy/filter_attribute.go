package policy

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// attributePrefix begins a custom security attribute in a rule:
// CustomSecurityAttribute.<Set>_<Attribute> (reference 1.5; the form is not on a
// documentation page).
const attributePrefix = "customsecurityattribute."

// parseAttributeFilter reads the rule of an application or service principal
// filter: the grammar of device filters over custom security attributes, which
// are of type text only (Entra "filter for applications").
func parseAttributeFilter(rule string) (filterExpr, error) {
	return parseRule(rule, func(name string) (string, error) {
		attr, ok := strings.CutPrefix(name, attributePrefix)
		if !ok || attr == "" {
			return "", fmt.Errorf("unknown property %q, want CustomSecurityAttribute.<set>_<attribute>", name)
		}
		if !strings.Contains(attr, "_") {
			return "", errors.New("a custom security attribute is written CustomSecurityAttribute.<set>_<attribute>")
		}
		return attr, nil
	})
}

// tagged says whether the rule holds for a service principal. nil is one no
// export holds; name is for the reader.
func (x *sight) tagged(f *AttributeFilter, sp *directory.ServicePrincipal, name string) signin.Truth {
	switch {
	case f == nil || f.expr == nil:
		return x.say(signin.Unknown, "the attribute filter does not parse")
	case sp == nil:
		return x.say(signin.Unknown, "no export holds the service principal of %s, so its security attributes are not known", name)
	case !sp.AttributesKnown:
		return x.say(signin.Unknown, "the export of service principals leaves out the custom security attributes of %s", name)
	}
	return x.walk(f.expr, func(c filterCmp) signin.Truth { return x.compareTag(c, sp) })
}

// compareTag compares one attribute. Of an attribute that is not assigned a
// positive comparison is false and a negative one true, as for devices; the page
// is silent. Whether contains means a whole value or a part of one it does not
// say either: a value that only contains the text is Unknown.
func (x *sight) compareTag(c filterCmp, sp *directory.ServicePrincipal) signin.Truth {
	var values []string
	for k, v := range sp.Attributes {
		if strings.EqualFold(k, c.attr) {
			values = v
		}
	}
	if c.null || c.op.match != matchContains {
		return x.decide(c, values)
	}
	whole := slices.ContainsFunc(values, func(v string) bool {
		return slices.ContainsFunc(c.values, func(want string) bool { return strings.EqualFold(v, want) })
	})
	if part := slices.ContainsFunc(values, c.hits); part != whole {
		return x.say(signin.Unknown, "%s holds %q as a part of a value, and whether that counts is not documented", c.attr, strings.Join(c.values, ", "))
	}
	return x.decide(c, values)
}
