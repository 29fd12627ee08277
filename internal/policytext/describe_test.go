package policytext

import (
	"testing"

	"frisk/internal/directory"
	"frisk/internal/policy"
	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

func names() (*Names, *directory.Directory) {
	dir := directory.New()
	dir.AddUser(directory.User{ID: "u1", UserPrincipalName: "ana@example.com", UserType: "Member"})
	dir.AddUser(directory.User{ID: "u2", UserType: "Guest"})
	dir.AddUser(directory.User{ID: "u3", UserType: "Member", Enabled: signin.False})
	dir.AddGroup(directory.Group{ID: "g1", DisplayName: "Staff", Complete: true})
	dir.AddMember("g1", "u1", 0, 0)
	dir.Seal()
	return NewNames(dir, &policy.Set{Locations: []*policy.NamedLocation{{ID: "l1", Name: "Office"}}}), dir
}

func TestDescribe(t *testing.T) {
	n, _ := names()
	const group = "99999999-0000-4000-8000-000000000001"
	for _, c := range []struct{ json, want string }{
		{
			`{"state":"enabled","conditions":{"users":{"includeUsers":["All"],"excludeGroups":["` + group + `","99999999-0000-4000-8000-000000000002"]},"applications":{"includeApplications":["Office365"]}},
			"grantControls":{"operator":"OR","builtInControls":["mfa","compliantDevice"]}}`,
			"enabled: all users except 2 groups; Office 365; require MFA or compliant device",
		},
		{
			`{"state":"disabled","conditions":{"users":{"includeUsers":["u1"],"includeGroups":["g1"],"includeRoles":["62e90394-69f5-4237-9190-012177145e10"]},"applications":{"includeApplications":["All"],
			"excludeApplications":["d7304df8-741f-47d3-9bc2-df0e24e2071f","Office365"]}},"grantControls":{"operator":"AND","builtInControls":["block"]}}`,
			"disabled: user ana@example.com, group Staff and role Global Administrator; all resources except Office 365 and app Azure Machine Learning Workbench Web App; block",
		},
		{
			`{"state":"enabledForReportingButNotEnforced","conditions":{"users":{"includeGuestsOrExternalUsers":{"guestOrExternalUserTypes":"internalGuest,b2bCollaborationGuest","externalTenants":{"membershipKind":"enumerated","members":["t1"]}}},
			"applications":{"includeUserActions":["urn:user:registersecurityinfo"]},"locations":{"includeLocations":["All"],"excludeLocations":["l1","AllTrusted","` + group + `"]}},
			"grantControls":{"builtInControls":["mfa"],"termsOfUse":["x"],"operator":"AND"}}`,
			"report-only: internalGuest, b2bCollaborationGuest of 1 tenant; registering security information; from anywhere except Office, all trusted locations or a location not exported; require MFA and terms of use",
		},
		{
			`{"state":"enabled","conditions":{"clientApplications":{"includeServicePrincipals":["ServicePrincipalsInMyTenant"],"excludeServicePrincipals":["s1"]},"users":{"includeUsers":["None"]},"applications":{"includeApplications":["All"]},
			"servicePrincipalRiskLevels":["high"]},"grantControls":{"builtInControls":["block"]}}`,
			"enabled: all own service principals except 1 service principal; all resources; service principal risk high; block",
		},
		{
			`{"state":"enabled","conditions":{"users":{"includeUsers":["All"]},"applications":{"includeAuthenticationContextClassReferences":["c1"]},"platforms":{"includePlatforms":["all"],"excludePlatforms":["iOS","macOS"]},
			"clientAppTypes":["browser","other"],"devices":{"deviceFilter":{"mode":"include","rule":"device.isCompliant -eq True"}}},"sessionControls":{"signInFrequency":{"isEnabled":true,"type":"hours","value":4},"persistentBrowser":{"isEnabled":true,"mode":"never"}}}`,
			"enabled: all users; authentication context c1; in browser or other legacy clients, on any except iOS or macOS, devices where device.isCompliant -eq True; sign-in frequency: 4 hours, persistent browser: never",
		},
		{
			`{"state":"odd","conditions":{"users":{"includeUsers":["None"]},"applications":{"includeApplications":["None"]},"agents":{"includeAgentUsers":["All"]},"moonPhase":"full"},"grantControls":{"builtInControls":["block"]}}`,
			"odd: agent users (not evaluated); no resource; and moonPhase (not evaluated); block",
		},
		{`{"state":"","conditions":{"users":{"includeUsers":["None"]},"applications":{"includeApplications":["None"]}}}`, "no state: nobody; no resource; asks for nothing"},
	} {
		set, _, err := policy.Parse("f.json", []byte(c.json))
		if err != nil {
			t.Fatal(err)
		}
		s := Describe(set.Policies[0], n)
		if d := cmp.Diff(c.want, s.State+": "+s.Line()); d != "" {
			t.Error(d)
		}
	}
}

func TestReach(t *testing.T) {
	_, dir := names()
	for _, c := range []struct {
		name string
		u    policy.Users
		want Reach
	}{
		{"all", policy.Users{IncludeUsers: []string{"all"}}, Reach{Covered: 2, All: 2}},
		{"nobody", policy.Users{IncludeUsers: []string{"none"}}, Reach{All: 2}},
		{"all but a group", policy.Users{IncludeUsers: []string{"all"}, ExcludeGroups: []string{"g1"}}, Reach{Covered: 1, All: 2}},
		{"guests", policy.Users{IncludeUsers: []string{"guestsorexternalusers"}}, Reach{Covered: 1, All: 2}},
		{"guest kinds", policy.Users{IncludeGuests: &policy.Guests{Kinds: policy.InternalGuest, AllTenants: true}}, Reach{Unknown: 1, All: 2}},
		{"an unknown group", policy.Users{IncludeGroups: []string{"g9"}}, Reach{Unknown: 2, All: 2}},
		{"one, out of an unknown group", policy.Users{IncludeUsers: []string{"u1"}, ExcludeGroups: []string{"g9"}}, Reach{Unknown: 1, All: 2}},
		{"an unread list", policy.Users{IncludeUsers: []string{"u1"}, IncludeUnread: true}, Reach{Covered: 1, Unknown: 1, All: 2}},
	} {
		if got := ReachOf(&c.u, dir, signin.Day); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
	if got := ReachOf(&policy.Users{IncludeUsers: []string{"all"}}, nil, 0); got != (Reach{}) {
		t.Errorf("no directory gives %+v", got)
	}
}

func TestBuiltInRoles(t *testing.T) {
	if len(roleNames) < 120 {
		t.Errorf("%d roles: the list is not read whole", len(roleNames))
	}
	for id, name := range roleNames {
		if !GUID(id) || name == "" {
			t.Errorf("role %q is %q", id, name)
		}
	}
	if name, ok := BuiltInRole(GlobalAdministrator); !ok || name != "Global Administrator" {
		t.Errorf("the global administrator is %q", name)
	}
	if _, ok := BuiltInRole("22222222-0000-4000-8000-000000000001"); ok {
		t.Error("an invented role is built in")
	}
}
