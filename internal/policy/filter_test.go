package policy

import (
	"strings"
	"testing"

	"frisk/internal/directory"
	"frisk/internal/signin"
)

// The rules are from the reference, section 1.8, and from published policies.
var filterRules = []string{
	`device.isCompliant -eq True -or device.trustType -eq "ServerAD"`,
	`device.isCompliant -ne True -and device.trustType -ne "ServerAD"`,
	`device.deviceOwnership -eq "Company" -or device.isCompliant -eq True`,
	`(device.model -startsWith "Surface") -and -not (device.manufacturer -eq "x")`,
	`device.physicalIds -contains "[OrderID]:1" or device.systemLabels -notContains "M365Managed"`,
	`systemLabels -eq "CloudPC"`,
	`device.deviceid == "a" and device.displayName in ["a", "b"]`,
	"device.displayName -eq \"a `\"quoted`\" name\"",
	`device.mdmAppId -ne null`,
	`device.extensionAttribute15 -notIn ["SAW"]`,
	`device.trustType -in ["AzureAD", null]`,
	`device.model -notIn [null]`,
}

func TestFilterGrammar(t *testing.T) {
	for _, rule := range filterRules {
		if _, err := parseFilter(rule); err != nil {
			t.Errorf("%s: %v", rule, err)
		}
	}
	for rule, want := range map[string]string{
		"":                                  "expected a property",
		"device.isCompliant":                "expected an operator",
		"device.isCompliant -eq":            "expected a value",
		"device.colour -eq \"red\"":         "unknown device property",
		"(device.model -eq \"x\"":           "missing )",
		"device.model -eq \"x":              "not closed",
		"device.model -in [\"x\"":           "missing ]",
		"device.model -eq \"x\" device":     "unexpected",
		"device.model -eq \"x\" & 1":        "not part of a rule",
		strings.Repeat("(", 200):            "nested",
		strings.Repeat("x", 4000):           "at most 3072",
		"device.extensionAttribute16 -eq 1": "unknown device property",
	} {
		if _, err := parseFilter(rule); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", rule, err, want)
		}
	}
}

// Each device against each rule; null rules as the documented table has them.
func TestFilterTruth(t *testing.T) {
	dir := directory.New()
	dir.AddDevice(directory.Device{
		ID: "d1", Model: "Surface Pro", Manufacturer: "x", OperatingSystem: "Windows",
		Ownership: "Company", SystemLabels: []string{"M365Managed"}, ExtensionAttributes: [15]string{"SAW"},
	})
	dir.Seal()
	devices := map[string]signin.Device{
		"none":      {Trust: signin.TrustNone},
		"managed":   {ID: "d1", Compliant: signin.True, Managed: signin.True, Trust: signin.AzureAD},
		"unmanaged": {ID: "d1", Compliant: signin.False, Managed: signin.False, Trust: signin.Workplace},
		"nameless":  {Compliant: signin.True},
		"empty":     {ID: "d9", Trust: signin.Workplace},
		"strange":   {ID: "d9", OS: "Windows 11", Compliant: signin.False, Trust: signin.Workplace, Managed: signin.False},
		"silent":    {},
	}
	const T, F, U = signin.True, signin.False, signin.Unknown
	for _, c := range []struct {
		rule string
		want map[string]signin.Truth
	}{
		{`device.model -eq "surface pro"`, map[string]signin.Truth{"none": F, "managed": T, "strange": U, "silent": U}},
		{`device.model -ne "surface pro"`, map[string]signin.Truth{"none": T, "managed": F, "strange": U, "silent": U}},
		{`device.model -notStartsWith "Sur"`, map[string]signin.Truth{"none": T, "managed": F}},
		{`device.model -endsWith "PRO"`, map[string]signin.Truth{"none": F, "managed": T}},
		{`device.model -in ["a", "Surface Pro"]`, map[string]signin.Truth{"none": F, "managed": T}},
		{`device.model -eq null`, map[string]signin.Truth{"none": T, "managed": F}},
		{`device.model -ne null`, map[string]signin.Truth{"none": F, "managed": T}},
		{`-not (device.model -eq "x")`, map[string]signin.Truth{"none": T, "managed": T, "strange": U}},
		{`device.trustType -in ["AzureAD", null]`, map[string]signin.Truth{"none": T, "managed": T, "unmanaged": F, "silent": U}},
		{`device.trustType -notIn ["AzureAD", null]`, map[string]signin.Truth{"none": F, "managed": F, "unmanaged": T}},
		{`device.model -in [null]`, map[string]signin.Truth{"none": T, "managed": F, "strange": U}},
		{`device.model -in ["null"]`, map[string]signin.Truth{"none": F, "managed": F}},
		{`device.deviceId -ne "d1"`, map[string]signin.Truth{"none": T, "managed": F, "nameless": U, "strange": T}},
		{`device.isCompliant -eq False`, map[string]signin.Truth{"none": F, "managed": F, "unmanaged": T, "empty": U}},
		{`device.isCompliant -ne False`, map[string]signin.Truth{"none": T, "managed": T, "unmanaged": F, "empty": U}},
		{`device.isCompliant -ne True`, map[string]signin.Truth{"none": T, "unmanaged": T, "empty": T}},
		{`-not (device.extensionAttribute1 -eq "PAW")`, map[string]signin.Truth{"none": T, "managed": T, "unmanaged": U}},
		{`-not (-not (device.extensionAttribute1 -ne "SAW"))`, map[string]signin.Truth{"none": T, "managed": F, "unmanaged": U}},
		{`device.systemLabels -contains "M365Managed"`, map[string]signin.Truth{"none": F, "managed": T}},
		{`device.systemLabels -notContains "M365"`, map[string]signin.Truth{"none": T, "managed": T}},
		{`device.trustType -eq "AzureAD"`, map[string]signin.Truth{"none": F, "managed": T, "unmanaged": F, "strange": F}},
		{`device.operatingSystem -eq "Windows"`, map[string]signin.Truth{"none": F, "managed": T, "strange": T}},
		{`device.extensionAttribute1 -eq "SAW"`, map[string]signin.Truth{"none": F, "managed": T, "unmanaged": F}},
		{`device.extensionAttribute1 -ne "SAW"`, map[string]signin.Truth{"none": T, "managed": F, "unmanaged": F}},
		{`device.isCompliant -eq True -and device.model -eq "y"`, map[string]signin.Truth{"none": F, "managed": F, "strange": F}},
		{`device.isCompliant -eq False -or device.model -eq "y"`, map[string]signin.Truth{"strange": T, "silent": U}},
		{`device.isCompliant -eq True -or device.deviceOwnership -eq "Company" -and device.model -eq "y"`, map[string]signin.Truth{"managed": T, "unmanaged": F}},
	} {
		expr, err := parseFilter(c.rule)
		if err != nil {
			t.Fatal(err)
		}
		ev, sym := asked(t, &Set{}, dir, Options{})
		for name, want := range c.want {
			r := signin.RowOf(&signin.Event{Device: devices[name]}, sym)
			ev.x.see(&r, true)
			if got := ev.x.walk(expr, ev.x.compare); got != want {
				t.Errorf("%s on %s: got %s (%s), want %s", c.rule, name, got, ev.x.why, want)
			}
		}
	}
}

func FuzzFilter(f *testing.F) {
	for _, r := range filterRules {
		f.Add(r)
	}
	ev, sym := asked(f, &Set{}, nil, Options{})
	rows := []signin.Row{}
	for _, d := range []signin.Device{{}, {Trust: signin.TrustNone}, {ID: "d1", Compliant: signin.True, Trust: signin.AzureAD}} {
		rows = append(rows, signin.RowOf(&signin.Event{Device: d}, sym))
	}
	f.Fuzz(func(t *testing.T, rule string) {
		expr, err := parseFilter(rule)
		if err != nil {
			return
		}
		for i := range rows {
			ev.x.see(&rows[i], true)
			got := ev.x.walk(expr, ev.x.compare)
			ev.x.see(&rows[i], false)
			if again := ev.x.walk(expr, ev.x.compare); again != got {
				t.Errorf("explaining changed the answer from %s to %s", again, got)
			}
		}
		ev.x.see(&rows[1], false)
		if ev.x.walk(expr, ev.x.compare) == signin.Unknown {
			t.Errorf("an unregistered device gives an unknown answer")
		}
	})
}
