package policy

import (
	"slices"
	"testing"

	"frisk/internal/directory"
)

func TestCheck(t *testing.T) {
	dir := directory.New()
	dir.AddUser(directory.User{ID: "u1"})
	dir.AddGroup(directory.Group{ID: "g1", Complete: true})
	dir.Seal()
	const everyone = `"users":{"includeUsers":["All"]},"applications":{"includeApplications":["All"]}`
	for _, c := range []struct{ name, json, code string }{
		{"everybody blocked", `{"state":"enabled","conditions":{` + everyone + `},"grantControls":{"builtInControls":["block"]}}`, "lockout"},
		{"everybody asked", `{"state":"enabled","conditions":{` + everyone + `},"grantControls":{"builtInControls":["mfa"]}}`, "no-break-glass"},
		{"nobody", `{"state":"enabled","conditions":{"users":{"includeUsers":["None"]},"applications":{"includeApplications":["All"]}},"grantControls":{"builtInControls":["mfa"]}}`, "never-matches"},
		{"no app", `{"state":"enabled","conditions":{"users":{"includeUsers":["All"]},"applications":{"includeApplications":["None"]}},"grantControls":{"builtInControls":["mfa"]}}`, "never-matches"},
		{"location in both", `{"state":"enabled","conditions":{` + everyone + `,"locations":{"includeLocations":["AllTrusted"],"excludeLocations":["AllTrusted"]}},"grantControls":{"builtInControls":["mfa"]}}`, "never-matches"},
		{"group in both", `{"state":"enabled","conditions":{"users":{"includeGroups":["g1"],"excludeGroups":["g1"]},"applications":{"includeApplications":["All"]}},"grantControls":{"builtInControls":["mfa"]}}`, "contradiction"},
		{"both risks", `{"state":"enabled","conditions":{` + everyone + `,"signInRiskLevels":["high"],"userRiskLevels":["high"]},"grantControls":{"builtInControls":["mfa"]}}`, "risk-together"},
		{"password change", `{"state":"enabled","conditions":{` + everyone + `},"grantControls":{"operator":"OR","builtInControls":["passwordChange"]}}`, "invalid-grant"},
		{"mfa and strength", `{"state":"enabled","conditions":{` + everyone + `},"grantControls":{"builtInControls":["mfa"],"authenticationStrength":{"id":"00000000-0000-0000-0000-000000000004"}}}`, "invalid-grant"},
		{"register device with a filter", `{"state":"enabled","conditions":{"users":{"includeUsers":["All"]},"applications":{"includeUserActions":["urn:user:registerdevice"]},"devices":{"deviceFilter":{"mode":"include","rule":"device.isCompliant -eq True"}}},"grantControls":{"builtInControls":["mfa"]}}`, "invalid-condition"},
		{"unknown user", `{"state":"enabled","conditions":{"users":{"includeUsers":["u9"]},"applications":{"includeApplications":["All"]}},"grantControls":{"builtInControls":["mfa"]}}`, "unresolved-id"},
		{"unknown group", `{"state":"enabled","conditions":{"users":{"includeUsers":["All"],"excludeGroups":["g9"]},"applications":{"includeApplications":["All"]}},"grantControls":{"builtInControls":["mfa"]}}`, "unresolved-id"},
		{"template", `{"state":"enabled","conditions":{"users":{"includeGroups":["<Ring0>"]},"applications":{"includeApplications":["All"]}},"grantControls":{"builtInControls":["mfa"]}}`, "placeholder"},
		{"unknown location", `{"state":"enabled","conditions":{` + everyone + `,"locations":{"includeLocations":["l9"]}},"grantControls":{"builtInControls":["mfa"]}}`, "unresolved-location"},
		{"no locations", `{"state":"enabled","conditions":{` + everyone + `,"locations":{"includeLocations":["All"],"excludeLocations":["AllTrusted"]}},"grantControls":{"builtInControls":["mfa"]}}`, "no-locations"},
		{"frequency and block", `{"state":"enabled","conditions":{` + everyone + `},"grantControls":{"builtInControls":["block"]},"sessionControls":{"signInFrequency":{"isEnabled":true,"type":"hours","value":1}}}`, "no-effect"},
		{"a report-only set", `{"state":"enabledForReportingButNotEnforced","conditions":{` + everyone + `},"grantControls":{"builtInControls":["mfa"]}}`, "legacy-uncovered"},
		{"a parse notice", `{"state":"enabled","conditions":{"moonPhase":"full"}}`, "unknown-key"},
	} {
		set, _, err := Parse("f.json", []byte(c.json))
		if err != nil {
			t.Fatal(err)
		}
		var codes []string
		for _, n := range Check(set, dir) {
			codes = append(codes, n.Code)
			if n.Message == "" || n.Level == "" || n.Code != "legacy-uncovered" && (n.File == "" || n.Path == "") {
				t.Errorf("%s: incomplete notice %+v", c.name, n)
			}
		}
		if !slices.Contains(codes, c.code) {
			t.Errorf("%s: want %s among %v", c.name, c.code, codes)
		}
	}
	sound, _, err := Parse("f.json", []byte(`{"state":"enabled","conditions":{"clientAppTypes":["all"],"users":{"includeUsers":["All"],"excludeGroups":["g1"]},"applications":{"includeApplications":["All"]}},"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := Check(sound, dir); len(got) != 0 {
		t.Errorf("a sound policy gives %+v", got)
	}
}
