package policydiff

import (
	"strings"
	"testing"

	"frisk/internal/directory"
	"frisk/internal/policy"
	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

func parse(t *testing.T, text string) *policy.Set {
	t.Helper()
	set, _, err := policy.Parse("f.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

const base = `{"id":"p1","displayName":"P","state":"enabled","conditions":{"users":{"includeUsers":["All"],"excludeGroups":["g1","g2"]},
	"applications":{"includeApplications":["a1","a2"]},"clientAppTypes":["browser","other"],"platforms":{"includePlatforms":["all"],"excludePlatforms":["iOS"]},
	"locations":{"includeLocations":["All"],"excludeLocations":["l1"]},"signInRiskLevels":["medium","high"],
	"devices":{"deviceFilter":{"mode":"exclude","rule":"device.isCompliant -eq True"}}},
	"grantControls":{"operator":"OR","builtInControls":["mfa","compliantDevice"]},
	"sessionControls":{"signInFrequency":{"isEnabled":true,"type":"hours","value":4,"frequencyInterval":"timeBased"}}}`

// One edit of the base policy, and what it means.
func TestChanges(t *testing.T) {
	for _, c := range []struct {
		name, old, new string
		want           []string
	}{
		{"state", `"enabled"`, `"enabledForReportingButNotEnforced"`, []string{"looser enabled becomes report-only"}},
		{"name", `"P"`, `"Q"`, []string{"no effect renamed, was P"}},
		{"exclusion gone", `["g1","g2"]`, `["g1"]`, []string{"stricter no longer leaves out group Night shift"}},
		{"exclusion new", `["g1","g2"]`, `["g1","g2","g3"]`, []string{"looser now leaves out group g3"}},
		{"fewer users", `["All"],"ex`, `["u1"],"ex`, []string{"looser no longer covers all users, only user ana@example.com"}},
		{"guests out", `"excludeGroups"`, `"excludeUsers":["GuestsOrExternalUsers"],"excludeGroups"`, []string{"looser now leaves out all guests and external users"}},
		{"guest kinds out", `"excludeGroups"`, `"excludeGuestsOrExternalUsers":{"guestOrExternalUserTypes":"internalGuest"},"excludeGroups"`, []string{"looser now leaves out external users of kind internalGuest"}},
		{"app gone", `["a1","a2"]`, `["a1"]`, []string{"looser no longer covers a2"}},
		{"all apps", `["a1","a2"]`, `["All"]`, []string{"stricter now covers all resources"}},
		{"app out", `["a1","a2"]`, `["a1","a2"],"excludeApplications":["a3"]`, []string{"looser now leaves out a3"}},
		{"clients wider", `"clientAppTypes":["browser","other"]`, `"clientAppTypes":["all"]`, []string{"stricter clients: browser and other legacy clients becomes any"}},
		{"clients other", `["browser","other"]`, `["browser","exchangeActiveSync"]`, []string{"different clients: browser and other legacy clients becomes browser and Exchange ActiveSync"}},
		{"platform", `"excludePlatforms":["iOS"]`, `"excludePlatforms":["iOS","android"]`, []string{"looser platforms: any except iOS becomes any except iOS or Android"}},
		{"platforms gone", `"platforms":{"includePlatforms":["all"],"excludePlatforms":["iOS"]},`, ``, []string{"stricter no longer only platforms: any except iOS"}},
		{"location", `"excludeLocations":["l1"]`, `"excludeLocations":["l2"]`, []string{"different locations: anywhere except l1 becomes anywhere except l2"}},
		{"risk", `["medium","high"]`, `["high"]`, []string{"looser sign-in risk: medium and high becomes high"}},
		{"risk gone", `["medium","high"]`, `[]`, []string{"stricter sign-in risk: medium and high becomes any"}},
		{"user risk", `"signIn`, `"userRiskLevels":["high"],"signIn`, []string{"looser user risk: any becomes high"}},
		{"filter", `isCompliant -eq True`, `trustType -eq \"ServerAD\"`, []string{`different devices except where device.isCompliant -eq True becomes devices except where device.trustType -eq "ServerAD"`}},
		{"flows", `"signIn`, `"authenticationFlows":{"transferMethods":"deviceCodeFlow"},"signIn`, []string{"looser authentication flows: any becomes device code flow"}},
		{"and", `"OR"`, `"AND"`, []string{"stricter require MFA or compliant device becomes require MFA and compliant device"}},
		{"block", `["mfa","compliantDevice"]`, `["block"]`, []string{"stricter require MFA or compliant device becomes block"}},
		{"other control", `["mfa","compliantDevice"]`, `["domainJoinedDevice"]`, []string{"different require MFA or compliant device becomes require hybrid joined device"}},
		{"alternative", `["mfa","compliantDevice"]`, `["mfa","compliantDevice","domainJoinedDevice"]`, []string{"looser require MFA or compliant device becomes require MFA, compliant device or hybrid joined device"}},
		{"no grant", `"grantControls":{"operator":"OR","builtInControls":["mfa","compliantDevice"]},`, ``, []string{"looser require MFA or compliant device becomes no grant control"}},
		{"longer", `"value":4`, `"value":12`, []string{"looser sign-in frequency: 4 hours becomes sign-in frequency: 12 hours"}},
		{"every time", `"value":4,"frequencyInterval":"timeBased"`, `"value":null,"frequencyInterval":"everyTime"`, []string{"stricter sign-in frequency: 4 hours becomes sign-in frequency: every time"}},
		{"browser", `"sessionControls":{`, `"sessionControls":{"persistentBrowser":{"isEnabled":true,"mode":"never"},`, []string{"stricter no session control becomes persistent browser: never"}},
		{"unread", `"signIn`, `"moonPhase":"full","signIn`, []string{"different not evaluated, but changed: moonPhase"}},
		{"two at once", `["g1","g2"]},`, `["g1"]},"userRiskLevels":["low"],`, []string{"stricter no longer leaves out group Night shift", "looser user risk: any becomes low"}},

		{"order", `["g1","g2"]`, `["g2","g1"]`, nil},
		{"case", `["browser","other"]`, `["Other","BROWSER"]`, nil},
		{"null", `"signIn`, `"userRiskLevels":null,"insiderRiskLevels":[],"signIn`, nil},
		{"annotation", `"signIn`, `"userRiskLevels@odata.type":"#Collection(x)","signIn`, nil},
		{"spaces in a rule", `device.isCompliant -eq True`, `device.isCompliant  -EQ  true`, nil},
		{"days", `"hours","value":4`, `"hours","value":4.0`, []string{"looser sign-in frequency: 4 hours becomes no session control"}},
	} {
		if !strings.Contains(base, c.old) {
			t.Fatalf("%s: the base has no %s", c.name, c.old)
		}
		dir := directory.New()
		dir.AddUser(directory.User{ID: "u1", UserPrincipalName: "ana@example.com"})
		dir.AddGroup(directory.Group{ID: "g2", DisplayName: "Night shift"})
		dir.Seal()
		d := Compare(parse(t, base), parse(t, strings.Replace(base, c.old, c.new, 1)), dir)
		var got []string
		for _, it := range d.Items {
			for _, ch := range it.Changes {
				got = append(got, string(ch.Effect)+" "+ch.Text)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if same := len(c.want) == 0; (d.Same == 1) != same || (d.Changed == 1) == same {
			t.Errorf("%s: counted %+v", c.name, d)
		}
	}
}

// What is stricter one way is looser the other way.
func TestBothWays(t *testing.T) {
	opposite := map[Effect]Effect{Stricter: Looser, Looser: Stricter, Different: Different, NoEffect: NoEffect}
	for _, edit := range [][2]string{
		{`["g1","g2"]`, `["g1"]`},
		{`["a1","a2"]`, `["All"]`},
		{`"clientAppTypes":["browser","other"]`, `"clientAppTypes":["all"]`},
		{`"OR"`, `"AND"`},
		{`"value":4`, `"value":12`},
		{`["medium","high"]`, `["high"]`},
		{`"excludePlatforms":["iOS"]`, `"excludePlatforms":[]`},
		{`"includeUsers":["All"]`, `"includeUsers":["u1"]`},
		{`["mfa","compliantDevice"]`, `["block"]`},
		{`"enabled"`, `"disabled"`},
	} {
		a, b := parse(t, base), parse(t, strings.Replace(base, edit[0], edit[1], 1))
		there, back := Compare(a, b, nil), Compare(b, a, nil)
		if len(there.Items) != 1 || len(back.Items) != 1 || len(there.Items[0].Changes) != len(back.Items[0].Changes) {
			t.Errorf("%v: %+v and back %+v", edit, there, back)
			continue
		}
		for i, c := range there.Items[0].Changes {
			if back.Items[0].Changes[i].Effect != opposite[c.Effect] {
				t.Errorf("%v: %+v and back %+v", edit, c, back.Items[0].Changes[i])
			}
		}
	}
}

func TestNotEnforcedHasNoEffect(t *testing.T) {
	off := strings.Replace(base, `"enabled"`, `"disabled"`, 1)
	d := Compare(parse(t, off), parse(t, strings.Replace(off, `"OR"`, `"AND"`, 1)), nil)
	if len(d.Items) != 1 || d.Items[0].Changes[0].Effect != NoEffect {
		t.Errorf("got %+v", d)
	}
}

func TestAddedRemovedAndMatchedByName(t *testing.T) {
	other := strings.Replace(strings.Replace(base, `"p1"`, `"p2"`, 1), `"P"`, `"Other"`, 1)
	renumbered := strings.Replace(base, `"p1"`, `"p9"`, 1)
	d := Compare(parse(t, "["+base+","+other+"]"), parse(t, "["+renumbered+","+strings.Replace(other, `"p2"`, `"p3"`, 1)+","+strings.Replace(other, `"p2"`, `"p4"`, 1)+"]"), nil)
	if d.Same != 2 || d.Added != 1 || d.Removed != 0 {
		t.Errorf("got %+v", d)
	}
	d = Compare(parse(t, "["+base+","+other+"]"), parse(t, renumbered), nil)
	if d.Same != 1 || d.Removed != 1 || d.Items[0].Changes[0].Effect != Looser || d.Items[0].Name != "Other" {
		t.Errorf("got %+v", d)
	}
}

func TestPeopleAreCounted(t *testing.T) {
	dir := directory.New()
	for _, id := range []string{"u1", "u2", "u3", "u4"} {
		dir.AddUser(directory.User{ID: id})
	}
	dir.AddUser(directory.User{ID: "gone", Enabled: signin.False})
	dir.AddGroup(directory.Group{ID: "g1", Complete: true})
	dir.AddGroup(directory.Group{ID: "g2", Complete: true})
	dir.AddMember("g2", "u1", 0, 0)
	dir.AddMember("g2", "u2", 0, 0)
	dir.AddMember("g1", "u2", 0, 0)
	dir.AddMember("g2", "gone", 0, 0)
	dir.Seal()
	d := Compare(parse(t, base), parse(t, strings.Replace(base, `["g1","g2"]`, `["g1"]`, 1)), dir)
	if diff := cmp.Diff(&People{Newly: 1}, d.Items[0].People); diff != "" {
		t.Error(diff)
	}
	d = Compare(parse(t, base), parse(t, strings.Replace(base, `["g1","g2"]`, `["g1","g2","g3"]`, 1)), dir)
	if diff := cmp.Diff(&People{Unknown: 2}, d.Items[0].People); diff != "" {
		t.Error(diff)
	}
}

func TestLocations(t *testing.T) {
	loc := func(ranges, trusted, more string) string {
		return `{"id":"l1","displayName":"Office","isTrusted":` + trusted + `,"ipRanges":[` + ranges + `]}` + more
	}
	const v4, half = `{"cidrAddress":"203.0.113.0/24"}`, `{"cidrAddress":"203.0.113.0/25"}`
	for _, c := range []struct {
		name, old, new string
		want           []string
	}{
		{"narrower", loc(v4, "true", ""), loc(half, "true", ""), []string{"stricter 203.0.113.128/25 removed"}},
		{"wider", loc(half, "true", ""), loc(v4, "true", ""), []string{"looser 203.0.113.128/25 added"}},
		{"split", loc(v4, "true", ""), loc(half+`,{"cidrAddress":"203.0.113.128/25"}`, "true", ""), nil},
		{"trust", loc(v4, "true", ""), loc(v4, "false", ""), []string{"different is no longer trusted"}},
		{"new", loc(v4, "true", ""), loc(v4, "true", `,{"id":"l2","displayName":"Here","countriesAndRegions":["US"]}`), []string{"no effect added"}},
		{"gone", loc(v4, "true", ""), `{"id":"l2","displayName":"Here","countriesAndRegions":["US"]}`, []string{"no effect added", "different removed"}},
	} {
		d := Compare(parse(t, "["+base+","+c.old+"]"), parse(t, "["+base+","+c.new+"]"), nil)
		var got []string
		for _, it := range d.Items {
			for _, ch := range it.Changes {
				got = append(got, string(ch.Effect)+" "+ch.Text)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}
