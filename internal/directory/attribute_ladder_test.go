package directory

import (
	"strings"
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// mlSubscription holds three workspaces in two resource groups.
func mlSubscription() *Directory {
	d := New()
	for _, u := range []string{"ana", "bo", "cy", "di", "ed"} {
		d.AddUser(User{ID: u, UserPrincipalName: u + "@example.com"})
	}
	d.AddGroup(Group{ID: "g-ml", DisplayName: "ML", Complete: true})
	d.AddGroup(Group{ID: "g-inner", DisplayName: "Inner", Complete: true})
	d.AddMember("g-ml", "g-inner", 0, 0)
	d.AddMember("g-inner", "cy", 0, t0+10*day)
	for _, w := range []string{"/subscriptions/s1/resourcegroups/a" + mlWorkspaces + "prod", "/subscriptions/s1/resourcegroups/b" + mlWorkspaces + "dev", "/subscriptions/s1/resourcegroups/b" + mlWorkspaces + "test"} {
		d.AddWorkspace(Workspace{Name: lastSegment(w), ResourceID: w, Group: "g-ml"})
	}
	d.Workspaces[0].Identities = []string{"11111111-1111-4111-8111-111111111111", "/subscriptions/s1/resourcegroups/a/providers/microsoft.managedidentity/userassignedidentities/train"}
	d.Workspaces[1].Identities = []string{"/subscriptions/s1/resourcegroups/a/providers/microsoft.managedidentity/userassignedidentities/both"}
	d.Workspaces[2].Identities = d.Workspaces[1].Identities
	return d
}

func TestAttributeByRole(t *testing.T) {
	const prod, dev, test = 0, 1, 2
	const scope = "/subscriptions/s1/resourcegroups/"
	one := func(w int) []Share { return []Share{{w, 1, TierWeak}} }
	unknown := []Share{{UnknownWorkspace, 1, TierNone}}
	for name, c := range map[string]struct {
		roles []RoleAssignment
		who   string
		want  []Share
	}{
		"on one workspace":              {[]RoleAssignment{{"ana", "azureml data scientist", scope + "b" + mlWorkspaces + "dev", 0}}, "ana", one(dev)},
		"on something in it":            {[]RoleAssignment{{"ana", "some custom role", scope + "b" + mlWorkspaces + "dev/onlineendpoints/e", 0}}, "ana", one(dev)},
		"of the resource group":         {[]RoleAssignment{{"ana", "contributor", scope + "a", 0}}, "ana", one(prod)},
		"by the definition's id":        {[]RoleAssignment{{"ana", "b24988ac-6180-42a0-ab88-20f7382dd24c", scope + "a", 0}}, "ana", one(prod)},
		"two in the group":              {[]RoleAssignment{{"ana", "contributor", scope + "b", 0}}, "ana", []Share{{dev, 0.5, TierCandidate}, {test, 0.5, TierCandidate}}},
		"another subscription":          {[]RoleAssignment{{"ana", "owner", "/subscriptions/s2", 0}}, "ana", unknown},
		"a prefix is no parent":         {[]RoleAssignment{{"ana", "owner", "/subscriptions/s", 0}}, "ana", unknown},
		"inherited role for other work": {[]RoleAssignment{{"ana", "storage blob data reader", scope + "a", 0}}, "ana", unknown},
		"work before look": {[]RoleAssignment{
			{"ana", "reader", "/subscriptions/s1", 0}, {"ana", "azureml data scientist", scope + "b" + mlWorkspaces + "test", 0},
		}, "ana", one(test)},
		"only to look":                  {[]RoleAssignment{{"ana", "reader", scope + "a" + mlWorkspaces + "prod", 0}}, "ana", one(prod)},
		"management group":              {[]RoleAssignment{{"ana", "owner", managementGroups + "mg", 0}}, "ana", []Share{{prod, 1.0 / 3, TierCandidate}, {dev, 1.0 / 3, TierCandidate}, {test, 1.0 / 3, TierCandidate}}},
		"not yet":                       {[]RoleAssignment{{"ana", "owner", scope + "a", t0 + 1}}, "ana", unknown},
		"from now on":                   {[]RoleAssignment{{"ana", "owner", scope + "a", t0}}, "ana", one(prod)},
		"through a nested group":        {[]RoleAssignment{{"g-ml", "contributor", scope + "a", 0}}, "cy", one(prod)},
		"the team where roles are none": {nil, "cy", []Share{{prod, 1.0 / 3, TierCandidate}, {dev, 1.0 / 3, TierCandidate}, {test, 1.0 / 3, TierCandidate}}},
		"role before team":              {[]RoleAssignment{{"cy", "contributor", scope + "a", 0}}, "cy", one(prod)},
		"by name":                       {[]RoleAssignment{{"bo@example.com", "contributor", scope + "a", 0}}, "bo", one(prod)},
		"somebody else":                 {[]RoleAssignment{{"bo", "contributor", scope + "a", 0}}, "ana", unknown},
	} {
		d := mlSubscription()
		d.AzureRoles = c.roles
		d.Seal()
		a, sym := NewAttributor(d), signin.NewSymbols()
		r := signin.RowOf(row{who: c.who, app: studio, at: t0}.event(), sym)
		if diff := cmp.Diff(c.want, a.Attribute(&r, sym), nearly); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What somebody may do changes with groups and with assignments; the cache must not outlive it.
func TestAttributeByRoleOverTime(t *testing.T) {
	const scope = "/subscriptions/s1/resourcegroups/"
	d := mlSubscription()
	d.AzureRoles = []RoleAssignment{
		{"g-ml", "contributor", scope + "a", t0 + 2*day}, {"cy", "contributor", scope + "b" + mlWorkspaces + "dev", t0 + 20*day},
	}
	d.Workspaces[0].Group, d.Workspaces[1].Group, d.Workspaces[2].Group = "", "", ""
	d.Seal()
	a, sym := NewAttributor(d), signin.NewSymbols()
	want := func(at signin.Time) int {
		switch {
		case at >= t0+20*day:
			return 1
		case at >= t0+2*day && at < t0+10*day:
			return 0
		}
		return UnknownWorkspace
	}
	for _, days := range []signin.Time{0, 1, 2, 3, 9, 10, 11, 19, 20, 30, 5, 25, 1} {
		at := t0 + days*day
		r := signin.RowOf(row{who: "cy", app: studio, at: at}.event(), sym)
		if got := a.Attribute(&r, sym); got[0].Workspace != want(at) {
			t.Errorf("day %d: %+v, want %d", days, got, want(at))
		}
	}
}

func TestAttributeIdentities(t *testing.T) {
	d := mlSubscription()
	d.Seal()
	a, sym := NewAttributor(d), signin.NewSymbols()
	const user = "/Subscriptions/s1/resourceGroups/a/providers/Microsoft.ManagedIdentity/userAssignedIdentities/"
	for name, c := range map[string]struct {
		row  row
		want []Share
	}{
		"compute of the workspace": {row{arm: "/subscriptions/s1/resourceGroups/a/providers/Microsoft.MachineLearningServices/workspaces/prod/computes/cpu"}, []Share{{0, 1, TierExact}}},
		"its own identity":         {row{who: "11111111-1111-4111-8111-111111111111", resource: "storage"}, []Share{{0, 1, TierExact}}},
		"one assigned to it":       {row{who: "x", arm: user + "Train"}, []Share{{0, 1, TierExact}}},
		"one of two workspaces":    {row{who: "x", arm: user + "both"}, []Share{{1, 0.5, TierCandidate}, {2, 0.5, TierCandidate}}},
		"one of neither":           {row{who: "x", arm: user + "other"}, []Share{{OtherWork, 1, TierNone}}},
	} {
		r := signin.RowOf(c.row.event(), sym)
		for range 2 {
			if diff := cmp.Diff(c.want, a.Attribute(&r, sym)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
}

// A token of a client with continuous access evaluation does operations for up to
// 28 hours, which are tied to the sign-in it was issued at and to no other.
func TestAttributeLongTokens(t *testing.T) {
	for name, c := range map[string]struct {
		life, op, at signin.Time // of the token; of the operation and the sign-in, after the token was issued
		want         int
	}{
		"at issue":                 {26 * signin.Hour, 20 * signin.Hour, 5 * signin.Minute, 0},
		"between":                  {26 * signin.Hour, 20 * signin.Hour, 3 * signin.Hour, UnknownWorkspace},
		"shortly before":           {26 * signin.Hour, 20 * signin.Hour, 19 * signin.Hour, 0},
		"long before it":           {26 * signin.Hour, 20 * signin.Hour, -signin.Hour, UnknownWorkspace},
		"past the token's end":     {26 * signin.Hour, 27 * signin.Hour, 0, UnknownWorkspace},
		"longer than tokens live":  {60 * signin.Hour, 29 * signin.Hour, 0, UnknownWorkspace},
		"an ordinary token's life": {70 * signin.Minute, 20 * signin.Hour, 0, UnknownWorkspace},
	} {
		d := New()
		d.AddUser(User{ID: "ana"})
		issued := t0 + day
		d.Activity = []Activity{{Time: issued + c.op, Principal: "ana", Resource: armML + "w", IP: "192.0.2.1", Issued: issued, Expires: issued + c.life}}
		d.Seal()
		sym := signin.NewSymbols()
		r := signin.RowOf(row{who: "ana", app: studio, ip: "192.0.2.1", at: issued + c.at}.event(), sym)
		got := NewAttributor(d).Attribute(&r, sym)
		if got[0].Workspace != c.want || c.want == 0 && got[0].Tier != TierStrong {
			t.Errorf("%s: %+v, want %d", name, got, c.want)
		}
	}
}

// Operations without an address are a weak sign only; beside one with the
// sign-in's address they tell of a second possible workspace, so that none is
// certain. What merely stands there is no sign of any time.
func TestAttributeWithoutAddress(t *testing.T) {
	d := New()
	d.AddUser(User{ID: "ana"})
	d.Activity = []Activity{
		{Time: t0 + signin.Hour, Principal: "ana", Resource: armML + "a", Table: "amldatasetevent"},
		{Time: t0 + day, Principal: "ana", Resource: armML + "a"},
		{Time: t0 + day, Principal: "ana", Resource: armML + "b", IP: "192.0.2.1"},
		{Time: t0 + 2*day, Principal: "ana", Resource: armML + "b"},
		{Time: t0 + 2*day, Principal: "ana", Resource: armML + "b", IP: "192.0.2.1"},
		{Time: t0 + 5*day, Principal: "ana", Resource: armML + "b", Standing: true},
	}
	d.Seal()
	a, sym := NewAttributor(d), signin.NewSymbols()
	for name, c := range map[string]struct {
		at   signin.Time
		want []Share
	}{
		"none":     {t0, []Share{{0, 1, TierWeak}}},
		"both":     {t0 + day - 1, []Share{{0, 3.0 / 8, TierCandidate}, {1, 5.0 / 8, TierCandidate}}},
		"agreeing": {t0 + 2*day - 1, []Share{{1, 1, TierStrong}}},
		"standing": {t0 + 5*day - 1, []Share{{UnknownWorkspace, 1, TierNone}}},
	} {
		r := signin.RowOf(row{who: "ana", app: studio, ip: "192.0.2.1", at: c.at}.event(), sym)
		if diff := cmp.Diff(c.want, a.Attribute(&r, sym), nearly); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// However the operations of a token spread, its parts add up to exactly one.
func TestSharesAreExact(t *testing.T) {
	for n := 1; n < 40; n++ {
		var list []Share
		for i := range n {
			count := 1 << (i % 31)
			list = append(list, Share{Workspace: i, Weight: float64(count)})
		}
		weigh(list)
		forth, back := 0.0, 0.0
		for i := range list {
			if list[i].Weight <= 0 {
				t.Fatalf("%d workspaces: %+v", n, list)
			}
			forth += list[i].Weight
			back += list[len(list)-1-i].Weight
		}
		if forth != 1 || back != 1 {
			t.Fatalf("%d workspaces add up to %v and %v", n, forth, back)
		}
	}
}

// The two spellings of a token identifier are one identifier, upper and lower case are two.
func TestTokenSpellings(t *testing.T) {
	d := New()
	d.Activity = []Activity{{Time: t0, Principal: "x", Token: signin.NormalizeToken("JYpgIpsdtUSw8suU8GstAA"), Resource: armML + "w"}}
	d.Seal()
	a, sym := NewAttributor(d), signin.NewSymbols()
	for token, want := range map[string]int{
		"JYpgIpsdtUSw8suU8GstAA":                           0,
		"MjI2MDhhMjUtMWQ5Yi00NGI1LWIwZjItY2I5NGYwNmIyZDAw": 0,
		token1:                     0,
		strings.ToUpper(token1):    0, // a GUID has no case
		"jypgIpsdtUSw8suU8GstAA":   UnknownWorkspace,
		"JYpgIpsdtUSw8suU8GstAA==": UnknownWorkspace,
		"JYpgIpsdtUSw8suU8Gst":     UnknownWorkspace,
	} {
		r := signin.RowOf(row{who: "ana", app: studio, token: signin.NormalizeToken(token), at: t0 + day}.event(), sym)
		if got := a.Attribute(&r, sym); got[0].Workspace != want {
			t.Errorf("%s: %+v, want %d", token, got, want)
		}
	}
}
