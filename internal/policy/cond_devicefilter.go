package policy

import (
	"slices"
	"strings"

	"frisk/internal/signin"
)

// devices.deviceFilter: a rule over device attributes (reference 1.8, Entra
// "filter for devices"). Of a device without identity every attribute is null:
// a positive comparison is false and a negative one true. An extension attribute
// of a device Intune does not manage counts only when the device is compliant
// or hybrid joined.
var _ = register(Condition{
	Name:       "deviceFilter",
	Doc:        "a rule over device attributes, in the whole grammar; attributes come from the row, then from the directory's device export",
	Unknown:    "an attribute the row does not carry, of a device the device export does not hold; a row without a device id; a rule that does not parse",
	Bit:        BitDevice,
	Dims:       deviceDims,
	stage:      2,
	configured: func(p *plan) bool { return p.Filter != nil },
	dim:        byDevice,
	test: func(x *sight, p *plan) signin.Truth {
		f := p.Filter
		if f.expr == nil {
			return x.say(signin.Unknown, "the device filter rule does not parse")
		}
		t := x.walk(f.expr, x.compare)
		fact := x.why
		if f.Exclude {
			return x.say(t.Not(), "the exclude rule is %s: %s", t, fact)
		}
		return x.say(t, "the include rule is %s: %s", t, fact)
	},
})

// walk evaluates a rule by its comparisons; the fact it says is that of the one
// that decided.
func (x *sight) walk(e filterExpr, compare func(filterCmp) signin.Truth) signin.Truth {
	switch e := e.(type) {
	case filterCmp:
		return compare(e)
	case filterNot:
		x.negations++
		t := x.walk(e.of, compare).Not()
		x.negations--
		return t
	case filterAnd:
		return x.join(e.list, compare, signin.True, signin.Truth.And)
	case filterOr:
		return x.join(e.list, compare, signin.False, signin.Truth.Or)
	}
	panic("policy: unknown filter node")
}

func (x *sight) join(list []filterExpr, compare func(filterCmp) signin.Truth, t signin.Truth, op func(a, b signin.Truth) signin.Truth) signin.Truth {
	why := ""
	for i, e := range list {
		u := x.walk(e, compare)
		if next := op(t, u); i == 0 || next != t {
			t, why = next, x.why
		}
	}
	x.why = why
	return t
}

func (x *sight) compare(c filterCmp) signin.Truth {
	empty := c.attr == "iscompliant" && x.uncertified()
	switch x.ev.registered(x.r) {
	case signin.False:
		// Every attribute is null. Comparing with a bare null asks just that.
		t := signin.TruthOf(c.op.negative != c.takesNull())
		return x.say(t, "the device is not registered, so device.%s is null", c.attr)
	case signin.Unknown:
		if !empty {
			return x.say(signin.Unknown, "the row does not say whether the device is registered")
		}
	case signin.True:
	}
	if i, ok := extensionIndex(c.attr); ok {
		return x.compareExtension(c, i)
	}
	if empty {
		if t := x.decide(c, one("False")); t == x.decide(c, nil) {
			return t
		}
		return x.say(signin.Unknown, "the row does not tell whether device.isCompliant is False or null")
	}
	values, known := x.attribute(c.attr)
	if !known {
		return x.say(signin.Unknown, "device.%s is in neither the row nor the device export", c.attr)
	}
	return x.decide(c, values)
}

func (x *sight) compareExtension(c filterCmp, i int) signin.Truth {
	counts := x.ev.intune(x.r).Or(x.ev.compliant(x.r)).Or(x.ev.hybrid(x.r))
	if counts != signin.True && x.negations > 0 {
		// The table has the operators, and not what -not makes of one that does not count.
		return x.say(signin.Unknown, "device.%s does not count, or may not, and what -not makes of that is not documented", c.attr)
	}
	if counts == signin.False {
		return x.say(signin.False, "device.%s does not count: the device is not managed by Intune, compliant or hybrid joined", c.attr)
	}
	d := x.ev.device(x.r)
	if d == nil || d.ExtensionAttributes[i] == "" && !x.ev.e.opt.DevicesComplete {
		return x.say(signin.Unknown, "device.%s is not in the device export", c.attr)
	}
	t := x.decide(c, one(d.ExtensionAttributes[i]))
	if counts == signin.Unknown && t != signin.False {
		return x.say(signin.Unknown, "whether device.%s counts hangs on the device's management, which is not known", c.attr)
	}
	return t
}

// decide compares known values; none at all is null.
func (x *sight) decide(c filterCmp, values []string) signin.Truth {
	hit := false
	switch {
	case len(values) == 0:
		hit = c.takesNull()
	case !c.null:
		hit = slices.ContainsFunc(values, func(v string) bool { return c.hits(v) })
	}
	shown := "null"
	if len(values) > 0 {
		shown = `"` + strings.Join(values, `", "`) + `"`
	}
	return x.say(signin.TruthOf(hit != c.op.negative), "%s is %s", c.label(), shown)
}

// uncertified reports a device that is not compliant, where the attribute may be
// False or null: one of which the row leaves compliance empty beside other device
// state, unless an export has it False; and one that is perhaps not registered.
func (x *sight) uncertified() bool {
	if x.ev.registered(x.r) == signin.Unknown {
		return x.r.Compliant() == signin.False
	}
	if x.r.Compliant() != signin.Unknown || x.ev.compliant(x.r) != signin.False {
		return false
	}
	d := x.ev.device(x.r)
	return d == nil || d.Compliant != signin.False
}

// label is the attribute for people.
func (c *filterCmp) label() string {
	if filterAttribute(c.attr) {
		return "device." + c.attr
	}
	return "attribute " + c.attr
}

// collections compare whole elements where a text compares parts (reference 1.8).
func collection(attr string) bool { return attr == "physicalids" || attr == "systemlabels" }

func (c *filterCmp) hits(have string) bool {
	have = strings.ToLower(have)
	return slices.ContainsFunc(c.values, func(want string) bool {
		want = strings.ToLower(want)
		if c.attr == "trusttype" && want == "entraid" { // the new name of AzureAD (Graph evaluate, example 3)
			want = "azuread"
		}
		switch {
		case collection(c.attr):
			return have == want
		case c.op.match == matchPrefix:
			return strings.HasPrefix(have, want)
		case c.op.match == matchSuffix:
			return strings.HasSuffix(have, want)
		case c.op.match == matchContains:
			return strings.Contains(have, want)
		}
		return have == want
	})
}

// attribute is the value of a registered device's property; no values is null.
func (x *sight) attribute(name string) (values []string, known bool) {
	ev, r := x.ev, x.r
	switch name {
	case "deviceid": // a registered device has one, even where the row leaves it out
		id := x.text(signin.DimDevice)
		if d := ev.ctx.Device; d != nil {
			id = d.ID
		}
		return one(id), id != ""
	case "iscompliant":
		t := ev.compliant(r)
		return one(t.String()), t != signin.Unknown
	case "trusttype":
		t, known := ev.trust(r)
		return one(t), known
	case "displayname":
		if t := x.text(signin.DimDeviceName); t != "" {
			return one(t), true
		}
	}
	d := ev.device(r)
	if d == nil {
		return x.family(name)
	}
	switch name {
	case "physicalids":
		return d.PhysicalIDs, len(d.PhysicalIDs) > 0 || ev.e.opt.DevicesComplete
	case "systemlabels":
		return d.SystemLabels, len(d.SystemLabels) > 0 || ev.e.opt.DevicesComplete
	}
	text := map[string]string{
		"displayname": d.DisplayName, "operatingsystem": d.OperatingSystem, "operatingsystemversion": d.OSVersion,
		"manufacturer": d.Manufacturer, "model": d.Model, "enrollmentprofilename": d.EnrollmentProfile,
		"deviceownership": d.Ownership, "mdmappid": d.MDMAppID, "profiletype": d.ProfileType,
	}[name]
	if text == "" && name == "operatingsystem" {
		return x.family(name)
	}
	return one(text), text != "" || ev.e.opt.DevicesComplete
}

// family reads the operating system from the row where its word is the same as
// the directory's; iOS and macOS devices have several there.
func (x *sight) family(name string) (values []string, known bool) {
	if name != "operatingsystem" {
		return nil, false
	}
	switch platformOf(x.text(signin.DimOS)) {
	case "windows":
		return one("Windows"), true
	case "android":
		return one("Android"), true
	case "linux":
		return one("Linux"), true
	}
	return nil, false
}

func one(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}
