package ingest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"frisk/internal/signin"
)

// target is a fact a mapping can fill.
type target struct {
	name string // key under fields
	doc  string
	enum []string // the values it takes; nil is any text
	list bool
	set  func(c *mapCall, s string)
}

// mapCall is the filling of one event.
type mapCall struct {
	kit
	ev       *signin.Event
	err      error
	lat, lon string
	country  string
	texts    []string // of a list
}

func textTarget(name, doc string, field func(*signin.Event) *string) target {
	return target{name: name, doc: doc, set: func(c *mapCall, s string) { *field(c.ev) = s }}
}

func listTarget(name, doc string, field func(*signin.Event) *signin.List) target {
	return target{name: name, doc: doc, list: true, set: func(c *mapCall, _ string) { *field(c.ev) = c.set(c.texts...) }}
}

func truthTarget(name, doc string, field func(*signin.Event) *signin.Truth) target {
	return target{name: name, doc: doc, enum: []string{"true", "false"}, set: func(c *mapCall, s string) {
		*field(c.ev) = signin.ParseTruth(strings.ToLower(s))
	}}
}

// enumTarget takes the texts of an enum column of signin.
func enumTarget(name, doc string, e signin.Enum) target {
	col := &signin.EnumColumns[e]
	return target{name: name, doc: doc, enum: col.Texts[1:], set: func(c *mapCall, s string) { col.Set(c.ev, col.Value(s)) }}
}

// mapTargets are the facts a mapping can fill, in the order they are filled and
// documented.
var mapTargets = []target{
	{name: "time", doc: "when the sign-in happened"}, // set by mapCall.when
	textTarget("id", "the log's own id of the record; without it one is made from the whole record", func(e *signin.Event) *string { return &e.ID }),
	textTarget("tenant", "the directory or organisation", func(e *signin.Event) *string { return &e.Tenant }),
	textTarget("user.id", "stable id of who signed in", func(e *signin.Event) *string { return &e.Principal.ID }),
	{name: "user.name", doc: "login name", set: func(c *mapCall, s string) { c.ev.Principal.Name = strings.ToLower(s) }},
	textTarget("user.display", "display name", func(e *signin.Event) *string { return &e.Principal.Display }),
	enumTarget("user.kind", "what kind of identity", signin.EnumKind),
	enumTarget("stream", "interactive or not", signin.EnumStream),
	enumTarget("outcome", "how the attempt ended", signin.EnumOutcome),
	textTarget("code", "native result code", func(e *signin.Event) *string { return &e.Code }),
	enumTarget("reason", "class of the failure", signin.EnumReason),
	textTarget("reasonText", "native explanation", func(e *signin.Event) *string { return &e.ReasonText }),
	{name: "ip", doc: "source address, with or without port", set: func(c *mapCall, s string) { c.address(c.ev, s) }},
	enumTarget("mfa.state", "second factor: done now, met by an earlier one, not done", signin.EnumMFA),
	enumTarget("mfa.requirement", "what was asked for", signin.EnumRequirement),
	listTarget("mfa.methods", "factors used", func(e *signin.Event) *signin.List { return &e.MFA.Methods }),
	textTarget("device.id", "device id", func(e *signin.Event) *string { return &e.Device.ID }),
	textTarget("device.name", "device name", func(e *signin.Event) *string { return &e.Device.Name }),
	textTarget("device.os", "operating system", func(e *signin.Event) *string { return &e.Device.OS }),
	textTarget("device.browser", "browser", func(e *signin.Event) *string { return &e.Device.Browser }),
	truthTarget("device.compliant", "device meets the rules", func(e *signin.Event) *signin.Truth { return &e.Device.Compliant }),
	truthTarget("device.managed", "device is managed", func(e *signin.Event) *signin.Truth { return &e.Device.Managed }),
	enumTarget("device.trust", "how the device is joined", signin.EnumTrust),
	textTarget("app.id", "application id", func(e *signin.Event) *string { return &e.App.ID }),
	textTarget("app.name", "application name", func(e *signin.Event) *string { return &e.App.Name }),
	textTarget("resource.id", "id of what was signed in to", func(e *signin.Event) *string { return &e.Resource.ID }),
	textTarget("resource.name", "its name", func(e *signin.Event) *string { return &e.Resource.Name }),
	textTarget("client", "kind of client", func(e *signin.Event) *string { return &e.Client }),
	textTarget("userAgent", "user agent", func(e *signin.Event) *string { return &e.UserAgent }),
	textTarget("protocol", "protocol", func(e *signin.Event) *string { return &e.Protocol }),
	textTarget("correlation", "id that the rows of one attempt share", func(e *signin.Event) *string { return &e.Correlation }),
	textTarget("session", "session id", func(e *signin.Event) *string { return &e.Session }),
	{name: "geo.country", doc: "country, code or English name", set: func(c *mapCall, s string) { c.country = s }},
	textTarget("geo.region", "region", func(e *signin.Event) *string { return &e.Geo.Region }),
	textTarget("geo.city", "city", func(e *signin.Event) *string { return &e.Geo.City }),
	{name: "geo.latitude", doc: "degrees", set: func(c *mapCall, s string) { c.lat = s }},
	{name: "geo.longitude", doc: "degrees", set: func(c *mapCall, s string) { c.lon = s }},
	{name: "asn", doc: "autonomous system number", set: func(c *mapCall, s string) { c.ev.ASN = parseASN(s) }},
	textTarget("asnOrg", "its organisation", func(e *signin.Event) *string { return &e.ASNOrg }),
	textTarget("risk.level", "risk as the provider saw it", func(e *signin.Event) *string { return &e.Risk.Level }),
	textTarget("risk.state", "risk state", func(e *signin.Event) *string { return &e.Risk.State }),
	listTarget("risk.events", "risk detections", func(e *signin.Event) *signin.List { return &e.Risk.Events }),
}

// mappedField is one compiled entry under fields.
type mappedField struct {
	target  *target
	spec    mappingField
	pattern *regexp.Regexp
	values  map[string]string // lower-case native value to ours
}

// compile checks the fields and puts them in order.
func (m *Mapping) compile() error {
	s := &m.spec
	for _, name := range sortedNames(s.Fields) {
		if !slices.ContainsFunc(mapTargets, func(t target) bool { return t.name == name }) {
			return fmt.Errorf("fields: %q is none of %s", name, strings.Join(targetNames(), ", "))
		}
	}
	for _, need := range []string{"time", "outcome"} {
		if _, ok := s.Fields[need]; !ok {
			return fmt.Errorf("fields: %q is missing", need)
		}
	}
	if _, ok := s.Fields["user.id"]; !ok {
		if _, ok := s.Fields["user.name"]; !ok {
			return fmt.Errorf("fields: one of \"user.id\" and \"user.name\" is needed")
		}
	}
	for i := range mapTargets {
		t := &mapTargets[i]
		spec, ok := s.Fields[t.name]
		if !ok {
			continue
		}
		f := mappedField{target: t, spec: spec}
		if err := f.compile(); err != nil {
			return fmt.Errorf("fields: %s: %w", t.name, err)
		}
		m.fields = append(m.fields, f)
	}
	return nil
}

func (f *mappedField) compile() error {
	s := &f.spec
	if (len(s.From) == 0) == (s.Value == "") {
		return fmt.Errorf("give either from or value")
	}
	if s.Pattern != "" {
		p, err := regexp.Compile(s.Pattern)
		if err != nil {
			return fmt.Errorf("pattern: %w", err)
		}
		if p.NumSubexp() < 1 {
			return fmt.Errorf("pattern %q has no group", s.Pattern)
		}
		f.pattern = p
	}
	if s.Layout != "" && f.target.name != "time" {
		return fmt.Errorf("layout is for time")
	}
	switch s.Layout {
	case "", "rfc3339", "unix", "unix-ms", "unix-us", "unix-ns":
	default:
		if !strings.Contains(s.Layout, "15") && !strings.Contains(s.Layout, "3") || !strings.Contains(s.Layout, "04") {
			return fmt.Errorf("layout %q is not Go's form of 2 January 2006, 15:04:05, such as 02.01.2006 15:04:05", s.Layout)
		}
	}
	if s.Split != "" && !f.target.list {
		return fmt.Errorf("split is for lists (mfa.methods, risk.events)")
	}
	f.values = map[string]string{}
	for _, native := range sortedNames(s.Map) {
		f.values[strings.ToLower(native)] = s.Map[native]
		if err := f.inEnum(s.Map[native]); err != nil {
			return err
		}
	}
	if s.Value != "" {
		return f.inEnum(s.Value)
	}
	return nil
}

func (f *mappedField) inEnum(v string) error {
	if f.target.enum == nil || v == "" || slices.Contains(f.target.enum, v) {
		return nil
	}
	return fmt.Errorf("%q is none of %s", v, strings.Join(f.target.enum, ", "))
}

func targetNames() []string {
	names := make([]string, len(mapTargets))
	for i := range mapTargets {
		names[i] = mapTargets[i].name
	}
	return names
}

// MappingTarget documents a fact that mapping files can fill.
type MappingTarget struct {
	Name, Doc string
	Values    []string // those it takes; nil is any text
}

// MappingTargets lists what mapping files can fill, in documentation order.
func MappingTargets() []MappingTarget {
	out := make([]MappingTarget, len(mapTargets))
	for i, t := range mapTargets {
		out[i] = MappingTarget{t.name, t.doc, t.enum}
	}
	return out
}

// when sets the event's time from text.
func (c *mapCall) when(text, layout string) {
	var err error
	switch layout {
	case "", "rfc3339":
		c.ev.Time, err = c.localText(text)
	case "unix", "unix-ms", "unix-us", "unix-ns":
		c.ev.Time, err = epoch(text, layout)
	default:
		c.ev.Time, err = c.laidOut(text, layout)
	}
	if err != nil {
		c.err = fmt.Errorf("field time: %w", err)
	}
}

// laidOut reads a time in a layout of the user's own.
func (c *mapCall) laidOut(text, layout string) (signin.Time, error) {
	zone := c.f.opt.Zone
	if zone == nil {
		zone = time.UTC
	}
	t, err := time.ParseInLocation(layout, text, zone)
	if err != nil {
		return 0, err
	}
	micros := t.Nanosecond() / 1000
	switch {
	case t.Year() == 0: // a layout without a year, as in syslog
		return c.noYear(t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), micros)
	case strings.Contains(layout, "07"): // an offset: -0700, Z07:00
		return signin.FromTime(t), nil
	case strings.Contains(layout, "MST"):
		// time.Parse takes an abbreviation it does not know in zone for UTC.
		if name, _ := t.Zone(); t.Location() != zone && name != "UTC" && name != "GMT" {
			return 0, fmt.Errorf("zone %q is not one of %s: give timeZone, or a log that writes offsets", name, zone)
		}
		return signin.FromTime(t), nil
	}
	return c.local(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), micros), nil
}
