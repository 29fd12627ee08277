package policy

import (
	"slices"
	"strings"
	"testing"
)

// The four rows of the What If page's missing-input table: Graph says "does not
// apply" until everything is given; without that habit the answer is unknown.
func TestWhatIfMissingInput(t *testing.T) {
	set, _, err := Parse("p.json", []byte(`[{"id":"p","displayName":"P","state":"enabled","conditions":{"clientAppTypes":["all"],"users":{"includeUsers":["All"]},
	 "applications":{"includeApplications":["Office365"]},"locations":{"includeLocations":["us"]},"signInRiskLevels":["high"]},"grantControls":{"builtInControls":["block"]}},
	 {"id":"us","displayName":"US","countriesAndRegions":["US"]},
	 {"id":"off","displayName":"Off","state":"disabled","conditions":{"users":{"includeUsers":["All"]},"applications":{"includeApplications":["All"]}},"grantControls":{"builtInControls":["block"]}}]`))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := NewEngine(set, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	named, err := NewEngine(set, nil, Options{Tenant: "dddddddd-0000-4000-8000-000000000001"})
	if err != nil {
		t.Fatal(err)
	}
	const user = `{"signInIdentity":{"@odata.type":"#microsoft.graph.userSignIn","userId":"u1"}`
	const app = `,"signInContext":{"@odata.type":"#microsoft.graph.applicationContext","includeApplications":["00000003-0000-0ff1-ce00-000000000000"]}`
	cases := []struct{ body, graph, ours string }{
		{user + `,"signInConditions":{}}`, "false", "notEnoughInformation"},
		{user + app + `,"signInConditions":{}}`, "false", "notEnoughInformation"},
		{user + app + `,"signInConditions":{"country":"US"}}`, "false", "notEnoughInformation"},
		{user + app + `,"signInConditions":{"country":"US","signInRiskLevel":"high"}}`, "true", "notSet"},
		{user + app + `,"signInConditions":{"country":"DE","signInRiskLevel":"high"}}`, "false", "location"},
	}
	for i, c := range slices.Concat(cases, cases) {
		e := plain
		if i >= len(cases) { // the configured tenant is the one asked about
			e = named
		}
		q, err := ParseWhatIf([]byte(c.body))
		if err != nil {
			t.Fatal(err)
		}
		graph, err := WhatIf(e, q, &State{}, WhatIfOptions{MissingIsNone: true})
		if err != nil {
			t.Fatal(err)
		}
		ours, err := WhatIf(e, q, &State{}, WhatIfOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if got := graph.Value[0]; (c.graph == "true") != got.Applies || got.Reasons == "notEnoughInformation" {
			t.Errorf("%s: as Graph: %t, %s", c.body, got.Applies, got.Reasons)
		}
		if got := ours.Value[0]; got.Reasons != c.ours {
			t.Errorf("%s: %s, want %s", c.body, got.Reasons, c.ours)
		}
		if got := ours.Value[1]; got.Applies || got.Reasons != "policyNotEnabled" {
			t.Errorf("a disabled policy: %+v", got)
		}
	}
}

func TestBadWhatIf(t *testing.T) {
	for body, want := range map[string]string{
		`{}`: "neither a userId nor a servicePrincipalId",
		`{"signInIdentity":{"userId":"u"},"signInCondition":{}}`: "signInCondition",
		`[`:                          "line 1, column 1",
		"{\n \"signInIdentity\": {,": "line 2, column 21",
		`{"signInIdentity":{"userId":"u"},"signInConditions":{"contry":"CH","devicePlatfrom":"iOS"}}`: `unknown field "contry" at signInConditions.contry: did you mean "country"? There are devicePlatform, clientAppType,`,
		`{"signInIdentity":{"userId":"u"},"signInConditions":{"zzz":1}}`:                              `want one of devicePlatform`,
		`{"signInIdentity":{"userId":"u"},"signInConditions":[]}`:                                     "signInConditions: got a JSON array, want an object",
		`{"signInIdentity":{"userId":"u","servicePrincipalId":"s"}}`:                                  "want one of them",
	} {
		if _, err := ParseWhatIf([]byte(body)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", body, err)
		}
	}
	e, err := NewEngine(nil, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	q := &WhatIfRequest{Identity: WhatIfIdentity{UserID: "u"}, Conditions: WhatIfConditions{IPAddress: "x"}}
	if _, err := WhatIf(e, q, &State{}, WhatIfOptions{}); err == nil || !strings.Contains(err.Error(), `signInConditions.ipAddress "x"`) {
		t.Errorf("got %v", err)
	}
}
