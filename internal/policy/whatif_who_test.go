package policy

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"frisk/internal/directory"

	"github.com/google/go-cmp/cmp"
)

func whatIfEngine(t *testing.T, dir *directory.Directory, policies string) *Engine {
	t.Helper()
	set, _, err := Parse("p.json", []byte(policies))
	if err != nil {
		t.Fatal(err)
	}
	e, err := NewEngine(set, dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func ask(t *testing.T, e *Engine, body string, none bool) *WhatIfAnswer {
	t.Helper()
	q, err := ParseWhatIf([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	a, err := WhatIf(e, q, &State{First: AnyAge, Second: AnyAge, PRT: AnyAge}, WhatIfOptions{MissingIsNone: none})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// A question without deviceInfo says nothing about the device, with a platform or
// without; an empty device id says that it is not registered.
func TestWhatIfDevice(t *testing.T) {
	e := whatIfEngine(t, nil, `[{"id":"c","displayName":"Compliant","state":"enabled","conditions":{"clientAppTypes":["all"],"users":{"includeUsers":["All"]},
	 "applications":{"includeApplications":["All"]}},"grantControls":{"operator":"OR","builtInControls":["compliantDevice"]}},
	 {"id":"f","displayName":"Unmanaged","state":"enabled","conditions":{"clientAppTypes":["all"],"users":{"includeUsers":["All"]},"applications":{"includeApplications":["All"]},
	 "devices":{"deviceFilter":{"mode":"include","rule":"device.isCompliant -ne True"}}},"grantControls":{"operator":"OR","builtInControls":["block"]}},
	 {"id":"w","displayName":"Windows","state":"enabled","conditions":{"clientAppTypes":["all"],"users":{"includeUsers":["All"]},"applications":{"includeApplications":["All"]},
	 "platforms":{"includePlatforms":["windows"]}},"grantControls":{"operator":"OR","builtInControls":["mfa"]}}]`)
	for _, c := range []struct {
		conditions string
		none       bool
		met, ours  string // compliantDevice, and the reason of the device filter policy
		windows    bool
	}{
		{`{}`, false, "unknown", "notEnoughInformation", false},
		{`{"devicePlatform":"windows"}`, false, "unknown", "notEnoughInformation", true},
		{`{"devicePlatform":"macOS"}`, false, "unknown", "notEnoughInformation", false},
		{`{"devicePlatform":"windows"}`, true, "false", "notSet", true},
		{`{}`, true, "false", "notSet", false},
		{`{"devicePlatform":"windows","deviceInfo":{}}`, false, "unknown", "notEnoughInformation", true},
		{`{"devicePlatform":"windows","deviceInfo":{"isCompliant":true}}`, false, "true", "devices", true},
		{`{"devicePlatform":"windows","deviceInfo":{"isCompliant":false}}`, false, "false", "notSet", true},
		{`{"devicePlatform":"windows","deviceInfo":{"deviceId":""}}`, false, "false", "notSet", true},
		{`{"devicePlatform":"windows","deviceInfo":{"deviceId":"","isCompliant":true}}`, false, "true", "devices", true},
	} {
		a := ask(t, e, `{"signInIdentity":{"userId":"u"},"signInContext":{"includeApplications":["`+sharePoint+`"]},"signInConditions":`+c.conditions+`}`, c.none)
		got := []any{a.Frisk.Policies[0].Controls[0].Met, a.Value[1].Reasons, a.Value[2].Applies}
		if d := cmp.Diff([]any{c.met, c.ours, c.windows}, got); d != "" {
			t.Errorf("%s, missing as none %t: %s", c.conditions, c.none, d)
		}
	}
}

// Who is asked about is looked up, and what nothing confirms is said.
func TestWhatIfWarnings(t *testing.T) {
	const ann, gus, app, service = "aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002",
		"bbbbbbbb-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"
	dir := directory.New()
	dir.AddUser(directory.User{ID: ann, UserPrincipalName: "ann@example.com", UserType: "Member"})
	dir.AddUser(directory.User{ID: gus, UserPrincipalName: "gus_example.org#EXT#@example.com", UserType: "Guest"})
	dir.AddServicePrincipal(directory.ServicePrincipal{ID: service, AppID: app})
	dir.AddGroup(directory.Group{ID: "g"})
	dir.AddMember("g", ann, 0, 0)
	dir.SetGroupsKnown(ann)
	dir.SetGroupsKnown(gus)
	dir.Seal()
	const policies = `[{"id":"p","displayName":"P","state":"enabled","conditions":{"clientAppTypes":["all"],"users":{"includeGroups":["g"]},"applications":{"includeApplications":["All"]}},
	 "grantControls":{"operator":"OR","builtInControls":["block"]}}]`
	known, nobody := whatIfEngine(t, dir, policies), whatIfEngine(t, nil, policies)
	for _, c := range []struct {
		e            *Engine
		identity     string
		reason, warn string
	}{
		{known, `"userId":"` + ann + `"`, "notSet", ""},
		{known, `"userId":"Ann@Example.com"`, "notSet", ""},
		{known, `"userId":"bob@example.com"`, "notEnoughInformation", "a name that no directory export holds"},
		{known, `"userId":"` + app + `"`, "any", "is not in the directory export"},
		{known, `"userId":"` + gus + `"`, "users", "is a guest or external user in the directory"},
		{known, `"userId":"` + gus + `","externalUserType":"internalGuest"`, "users", ""},
		{known, `"servicePrincipalId":"` + service + `"`, "any", ""},
		{known, `"servicePrincipalId":"` + app + `"`, "any", "is an application id"},
		{known, `"servicePrincipalId":"` + ann + `"`, "any", "is not in the directory export"},
		{nobody, `"userId":"` + ann + `"`, "notEnoughInformation", ""},
		{nobody, `"userId":"ann@example.com"`, "notEnoughInformation", "a name that no directory export holds"},
		{nobody, `"userId":"ann"`, "any", "neither an object id nor a user principal name"},
		{known, `"userId":"` + ann + `"},"signInContext":{"includeApplications":["Office365"]`, "notSet", `includeApplications "Office365" is no application id`},
	} {
		a := ask(t, c.e, `{"signInIdentity":{`+c.identity+`}}`, false)
		if got := a.Value[0].Reasons; c.reason != "any" && got != c.reason {
			t.Errorf("%s: %s, want %s", c.identity, got, c.reason)
		}
		if got := strings.Join(a.Frisk.Warnings, "\n"); (got == "") != (c.warn == "") || !strings.Contains(got, c.warn) {
			t.Errorf("%s: warnings %q, want %q", c.identity, got, c.warn)
		}
	}
	text, err := json.Marshal(ask(t, known, `{"signInIdentity":{"userId":"`+ann+`"}}`, false))
	if err != nil || !strings.Contains(string(text), `"frisk":{"warnings":[],"verdict":"block"`) {
		t.Errorf("%v: %s", err, text)
	}
}

// The four documented evaluate examples hold with the tenant configured, in both
// modes (see TestEvaluateExamples), with no more warnings than a lone directory gives.
func TestEvaluateExamplesOfTenant(t *testing.T) {
	data, err := os.ReadFile(corpus(t, "vectors/evaluate-examples.json"))
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct {
		Examples []struct {
			Name     string            `json:"name"`
			Request  json.RawMessage   `json:"request"`
			Response []json.RawMessage `json:"response_value"`
		} `json:"examples"`
	}
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	dir := directory.New()
	dir.AddRole("15dc174b-f34c-4588-ac45-61d6e05dce93", "62e90394-69f5-4237-9190-012177145e10", 0, 0)
	dir.SetRolesComplete()
	dir.Seal()
	for _, v := range vectors.Examples {
		all, err := json.Marshal(v.Response)
		if err != nil {
			t.Fatal(err)
		}
		set, _, err := Parse("response", all)
		if err != nil {
			t.Fatal(err)
		}
		e, err := NewEngine(set, dir, Options{Tenant: "dddddddd-0000-4000-8000-000000000001"})
		if err != nil {
			t.Fatal(err)
		}
		for _, none := range []bool{false, true} {
			if a := ask(t, e, string(v.Request), none); len(a.Value) != len(v.Response) {
				t.Errorf("%s, missing as none %t: %d policies apply, want %d", v.Name, none, len(a.Value), len(v.Response))
			}
		}
	}
}

// The directory is asked first: a guest is one although the request does not say
// so, and so are a managed identity and another tenant's service principal.
func TestWhatIfAsksTheDirectory(t *testing.T) {
	const tenant, other = "dddddddd-0000-4000-8000-000000000001", "dddddddd-0000-4000-8000-000000000002"
	dir := directory.New()
	dir.AddUser(directory.User{ID: "member", UserPrincipalName: "m@example.com", UserType: "Member"})
	dir.AddUser(directory.User{ID: "guest", UserPrincipalName: "g@example.com", UserType: "Guest"})
	dir.AddUser(directory.User{ID: "ext", UserPrincipalName: "g_example.org#EXT#@example.com", UserType: "Guest"})
	dir.AddUser(directory.User{ID: "extmember", UserPrincipalName: "h_example.org#EXT#@example.com", UserType: "Member"})
	for _, s := range []directory.ServicePrincipal{
		{ID: "machine", Type: "ManagedIdentity"},
		{ID: "foreign", Type: "Application", OwnerTenant: other, Audience: "AzureADMyOrg"},
		{ID: "multi", Type: "Application", OwnerTenant: tenant, Audience: "AzureADMultipleOrgs"},
		{ID: "own", Type: "Application", OwnerTenant: tenant, Audience: "AzureADMyOrg"},
	} {
		dir.AddServicePrincipal(s)
	}
	dir.Seal()
	set, _, err := Parse("p.json", []byte(`[{"id":"g","displayName":"Guests","state":"enabled","conditions":{"clientAppTypes":["all"],"users":{"includeUsers":["GuestsOrExternalUsers"]},
	 "applications":{"includeApplications":["All"]}},"grantControls":{"operator":"OR","builtInControls":["block"]}},
	 {"id":"w","displayName":"Services","state":"enabled","conditions":{"clientAppTypes":["all"],"users":{"includeUsers":["None"]},"clientApplications":{"includeServicePrincipals":["ServicePrincipalsInMyTenant"]},
	 "applications":{"includeApplications":["All"]}},"grantControls":{"operator":"OR","builtInControls":["block"]}}]`))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		id, tenant string
		ours, none string // the reason of the policy it is about
	}{
		{`"userId":"member"`, tenant, "users", "users"},
		{`"userId":"guest"`, tenant, "notSet", "notSet"},
		{`"userId":"ext"`, "", "notSet", "notSet"},
		{`"userId":"extmember"`, tenant, "notEnoughInformation", "notSet"},
		{`"userId":"guest","externalUserType":"none"`, tenant, "users", "users"},
		{`"servicePrincipalId":"machine"`, tenant, "workloadIdentities", "workloadIdentities"},
		{`"servicePrincipalId":"foreign"`, tenant, "workloadIdentities", "workloadIdentities"},
		{`"servicePrincipalId":"multi"`, tenant, "workloadIdentities", "workloadIdentities"},
		{`"servicePrincipalId":"own"`, tenant, "notSet", "notSet"},
		{`"servicePrincipalId":"own"`, "", "notEnoughInformation", "notEnoughInformation"},
		{`"servicePrincipalId":"elsewhere"`, tenant, "notSet", "notSet"},
	} {
		e, err := NewEngine(set, dir, Options{Tenant: c.tenant})
		if err != nil {
			t.Fatal(err)
		}
		body := `{"signInIdentity":{` + c.id + `},"signInContext":{"includeApplications":["` + sharePoint + `"]}}`
		about := 0
		if strings.Contains(c.id, "servicePrincipalId") {
			about = 1
		}
		for _, none := range []bool{false, true} {
			want := map[bool]string{false: c.ours, true: c.none}[none]
			if got := ask(t, e, body, none).Value[about]; got.Reasons != want {
				t.Errorf("%s in %q, missing as none %t: %s, want %s: %s", c.id, c.tenant, none, got.Reasons, want, because(&got.Frisk))
			}
		}
	}
}
