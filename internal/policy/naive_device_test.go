package policy_test

import (
	"fmt"
	"strings"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// naiveRule is a device filter rule as a tree. The tree prints the text the
// engine parses and is judged itself, so the two share no parser.
type naiveRule struct {
	Op    string // "and", "or", "not", or an operator of a comparison
	Parts []*naiveRule
	Name  string   // attribute
	Value []string // one text, several for in and notIn
	Null  bool     // the value is the bare word null
	Bare  bool     // print the value without quotes
	Void  bool     // the list holds a bare null as well
}

func (r *naiveRule) String() string {
	switch r.Op {
	case "and", "or":
		var out []string
		for _, p := range r.Parts {
			out = append(out, p.String())
		}
		return "(" + strings.Join(out, " -"+r.Op+" ") + ")"
	case "not":
		return "-not (" + r.Parts[0].String() + ")"
	}
	value := "null"
	if !r.Null {
		value = fmt.Sprintf("%q", r.Value[0])
		if r.Bare {
			value = r.Value[0]
		}
	}
	if r.Op == "in" || r.Op == "notIn" {
		var list []string
		for _, v := range r.Value {
			list = append(list, fmt.Sprintf("%q", v))
		}
		if r.Void {
			list = append(list, "null")
		}
		value = "[" + strings.Join(list, ",") + "]"
	}
	return fmt.Sprintf("device.%s -%s %s", r.Name, r.Op, value)
}

// deviceFilter: 1.8. include: applies where the rule is true; exclude: does not.
func (c *naiveCase) deviceFilter() answer {
	f := c.policy.Conditions.Devices.Filter
	is := c.rule(c.rules[f.Rule], false)
	if f.Mode == "exclude" {
		return not(is)
	}
	return is
}

// rule judges a tree; under says that it stands under a -not.
func (c *naiveCase) rule(r *naiveRule, under bool) answer {
	switch r.Op {
	case "and":
		out := yes
		for _, p := range r.Parts {
			out = both(out, c.rule(p, under))
		}
		return out
	case "or":
		out := no
		for _, p := range r.Parts {
			out = either(out, c.rule(p, under))
		}
		return out
	case "not":
		return not(c.rule(r.Parts[0], true))
	}
	return c.compare(r, under)
}

func (c *naiveCase) compare(r *naiveRule, under bool) answer {
	v := c.attribute(r.Name)
	plain := compareKnown(r, v)
	if !v.known {
		plain = maybe
	}
	if v.orNull && plain != compareKnown(r, value{null: true}) {
		plain = maybe
	}
	if !strings.HasPrefix(r.Name, "extensionAttribute") || c.unregistered() {
		return plain
	}
	// 1.8, table: on a registered device an extension attribute counts only where
	// Intune manages it, or it is compliant or hybrid joined.
	counts := either(c.managed(), either(c.attributeIs("isCompliant", "True"), c.attributeIs("trustType", "ServerAD")))
	if under && counts != yes { // what -not makes of one that does not count the table does not say
		return maybe
	}
	return both(counts, plain)
}

// value is one attribute: a text, or several for a collection.
type value struct {
	known, null bool
	texts       []string
	collection  bool
	orNull      bool // the texts, or null: nothing tells which
}

// compareKnown: 1.8. On null every positive operator is false and every
// negative one true; strings ignore case; a collection contains whole elements.
func compareKnown(r *naiveRule, v value) answer {
	if r.Null {
		if r.Op == "eq" {
			return sure(v.null)
		}
		return sure(!v.null)
	}
	positive := map[string]string{
		"ne": "eq", "notStartsWith": "startsWith", "notEndsWith": "endsWith", "notContains": "contains", "notIn": "in",
	}
	if op, negative := positive[r.Op]; negative {
		p := *r
		p.Op = op
		return not(compareKnown(&p, v))
	}
	if v.null {
		return sure(r.Void) // a null in the list is a null test too
	}
	want := strings.ToLower(r.Value[0])
	for _, text := range v.texts {
		text = strings.ToLower(text)
		hit := false
		switch {
		case r.Op == "eq", r.Op == "contains" && v.collection:
			hit = text == want
		case r.Op == "contains":
			hit = strings.Contains(text, want)
		case r.Op == "startsWith":
			hit = strings.HasPrefix(text, want)
		case r.Op == "endsWith":
			hit = strings.HasSuffix(text, want)
		case r.Op == "in":
			hit = says(r.Value, text)
		}
		if hit {
			return yes
		}
	}
	return no
}

// silent reports that the row says nothing of a device.
func (c *naiveCase) silent() bool { return c.event.Device == signin.Device{} }

// unregistered: 1.8, a device without identity; every attribute is null. The log
// has to say so: a row without a device id at all leaves it open.
func (c *naiveCase) unregistered() bool { return c.event.Device.Trust == signin.TrustNone }

// unidentified is a row that names no device and does not say that there is none.
func (c *naiveCase) unidentified() bool {
	d := c.event.Device
	return d.ID == "" && d.Trust == signin.TrustUnknown && d.Compliant != signin.True && d.Managed != signin.True
}

// readsMethods: 1.9, a device control does not block Authenticator's
// UserAuthenticationMethod.Read. No row lists scopes.
func (c *naiveCase) readsMethods() answer {
	if c.event.App.ID != naiveAuthenticator || c.event.Resource.ID != naiveGraph && c.event.Resource.ID != "" {
		return no
	}
	return maybe
}

const naiveAuthenticator = "4813382a-8fa7-425e-ab75-3b753aab3abb"

func (c *naiveCase) managed() answer {
	if c.event.Device.Managed != signin.Unknown {
		return sure(c.event.Device.Managed == signin.True)
	}
	d := c.tenant.device(c.event.Device.ID)
	if d == nil {
		return maybe
	}
	if d.MDMAppID != "" { // which program manages it
		return sure(d.MDMAppID == "0000000a-0000-0000-c000-000000000000")
	}
	if d.Managed == signin.Unknown {
		return maybe
	}
	return sure(d.Managed == signin.True)
}

func (c *naiveCase) attributeIs(name, text string) answer {
	v := c.attribute(name)
	if !v.known {
		return maybe
	}
	if v.orNull && strings.EqualFold(v.texts[0], text) {
		return maybe
	}
	return sure(!v.null && strings.EqualFold(v.texts[0], text))
}

// attribute is an attribute of the device, from the row first, then from the
// device export.
func (c *naiveCase) attribute(name string) value {
	e := c.event.Device
	if c.unregistered() {
		return value{known: true, null: true}
	}
	if c.unidentified() && name == "isCompliant" && e.Compliant == signin.False {
		return value{known: true, texts: []string{"False"}, orNull: true} // registered or not
	}
	if c.silent() || c.unidentified() {
		return value{}
	}
	text, orNull := "", false
	switch name {
	case "deviceId":
		text = e.ID
	case "displayName":
		text = e.Name
	case "isCompliant":
		text = map[signin.Truth]string{signin.True: "True", signin.False: "False"}[e.Compliant]
		if text == "" && (e.Trust != signin.TrustUnknown || e.Managed != signin.Unknown) {
			// docs: an empty compliance beside other device state is "not compliant"; the
			// attribute behind it is False, or null where no export has it False.
			d := c.tenant.device(e.ID)
			text, orNull = "False", d == nil || d.Compliant != signin.False
		}
	case "trustType":
		text = map[signin.Trust]string{signin.Workplace: "Workplace", signin.AzureAD: "AzureAD", signin.ServerAD: "ServerAD"}[e.Trust]
	}
	if text != "" {
		return value{known: true, texts: []string{text}, orNull: orNull}
	}
	if name == "deviceId" { // a registered device has one
		return value{}
	}
	if d := c.tenant.device(e.ID); d != nil {
		v := exported(d, name)
		if len(v.texts) > 0 {
			v.known = true
			return v
		}
		if same := c.systemWord(); name == "operatingSystem" && same != "" {
			return value{known: true, texts: []string{same}}
		}
		if c.tenant.Options.DevicesComplete && name != "isCompliant" && name != "trustType" && name != "operatingSystem" {
			return value{known: true, null: true, collection: v.collection}
		}
	}
	if same := c.systemWord(); name == "operatingSystem" && same != "" {
		return value{known: true, texts: []string{same}}
	}
	return value{}
}

// systemWord is the row's operating system where the directory has the same
// word for it; elsewhere the directory's value differs (1.8, attributes).
func (c *naiveCase) systemWord() string {
	for _, word := range []string{"Windows", "Android", "Linux"} {
		os := strings.ToLower(c.event.Device.OS)
		if strings.HasPrefix(os, strings.ToLower(word)) && !strings.HasPrefix(os, "windows phone") {
			return word
		}
	}
	return ""
}

func exported(d *directory.Device, name string) value {
	one := map[string]string{
		"displayName": d.DisplayName, "operatingSystem": d.OperatingSystem, "operatingSystemVersion": d.OSVersion,
		"manufacturer": d.Manufacturer, "model": d.Model, "trustType": d.TrustType, "deviceOwnership": d.Ownership,
		"profileType": d.ProfileType, "mdmAppId": d.MDMAppID, "enrollmentProfileName": d.EnrollmentProfile,
		"isCompliant": map[signin.Truth]string{signin.True: "True", signin.False: "False"}[d.Compliant],
	}
	switch name {
	case "physicalIds":
		return value{texts: d.PhysicalIDs, collection: true}
	case "systemLabels":
		return value{texts: d.SystemLabels, collection: true}
	}
	for i := range d.ExtensionAttributes {
		one[fmt.Sprintf("extensionAttribute%d", i+1)] = d.ExtensionAttributes[i]
	}
	if one[name] == "" {
		return value{}
	}
	return value{texts: []string{one[name]}}
}
