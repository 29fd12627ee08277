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
	Unknown:    "an attribute the row does not carry, of a device the device export does not hold; a rule that does not parse",
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
		t := x.filter(f.expr)
		fact := x.why
		if f.Exclude {
			return x.say(t.Not(), "the exclude rule is %s: %s", t, fact)
		}
		return x.say(t, "the include rule is %s: %s", t, fact)
	},
})

// filter evaluates a rule; the fact it says is that of the comparison that decided.
func (x *sight) filter(e filterExpr) signin.Truth {
	switch e := e.(type) {
	case filterCmp:
		return x.compare(e)
	case filterNot:
		return x.filter(e.of).Not()
	case filterAnd:
		return x.join(e.list, signin.True, signin.Truth.And)
	case filterOr:
		return x.join(e.list, signin.False, signin.Truth.Or)
	}
	panic("policy: unknown device filter node")
}

func (x *sight) join(list []filterExpr, t signin.Truth, op func(a, b signin.Truth) signin.Truth) signin.Truth {
	why := ""
	for i, e := range list {
		u := x.filter(e)
		if next := op(t, u); i == 0 || next != t {
			t, why = next, x.why
		}
	}
	x.why = why
	return t
}

func (x *sight) compare(c filterCmp) signin.Truth {
	switch x.ev.registered(x.r) {
	case signin.False:
		// Every attribute is null. Comparing with a bare null asks just that.
		t := signin.TruthOf(c.op.negative != c.null)
		return x.say(t, "the device is not registered, so device.%s is null", c.attr)
	case signin.Unknown:
		return x.say(signin.Unknown, "the row does not say whether the device is registered")
	}
	if i, ok := extensionIndex(c.attr); ok {
		return x.compareExtension(c, i)
	}
	values, known := x.attribute(c.attr)
	if !known {
		return x.say(signin.Unknown, "device.%s is in neither the row nor the device export", c.attr)
	}
	return x.decide(c, values)
}

func (x *sight) compareExtension(c filterCmp, i int) signin.Truth {
	counts := x.ev.intune(x.r).Or(x.ev.compliant(x.r)).Or(x.ev.hybrid(x.r))
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
	case c.null:
		hit = len(values) == 0
	default:
		hit = slices.ContainsFunc(values, func(v string) bool { return c.hits(v) })
	}
	shown := "null"
	if len(values) > 0 {
		shown = `"` + strings.Join(values, `", "`) + `"`
	}
	return x.say(signin.TruthOf(hit != c.op.negative), "device.%s is %s", c.attr, shown)
}

// collections compare whole elements where a text compares parts (reference 1.8).
func collection(attr string) bool { return attr == "physicalids" || attr == "systemlabels" }

func (c *filterCmp) hits(have string) bool {
	have = strings.ToLower(have)
	return slices.ContainsFunc(c.values, func(want string) bool {
		want = strings.ToLower(want)
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
	case "deviceid":
		return one(x.text(signin.DimDevice)), true
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
