package policy

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const template = `[
 {"id":"p1","displayName":"P1","state":"enabledForReportingButNotEnforced","conditions":{
   "users":{"includeUsers":["All"],"excludeGroups":["<Exclusions>","g9"]},
   "applications":{"includeApplications":["All"]}},"grantControls":{"operator":"OR","builtInControls":["mfa"]}},
 {"id":"p2","displayName":"P2","state":"enabled","conditions":{
   "users":{"includeGroups":["<Admins>"],"excludeGroups":["<Exclusions>"]},
   "applications":{"includeApplications":["All"]}},"grantControls":{"operator":"OR","builtInControls":["block"]}}]`

func templateSet(t *testing.T) *Set {
	t.Helper()
	set, _, err := Parse("template", []byte(template))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestPlaceholdersAreListedByUse(t *testing.T) {
	want := []Placeholder{{"<admins>", 1, 0}, {"<exclusions>", 0, 2}}
	if diff := cmp.Diff(want, templateSet(t).Placeholders()); diff != "" {
		t.Error(diff)
	}
}

func TestFillLeavesTheOriginalAlone(t *testing.T) {
	set := templateSet(t)
	filled := set.Fill(map[string][]string{"<Admins>": {"G1"}})
	if diff := cmp.Diff([]string{"g1"}, filled.Policies[1].Users.IncludeGroups); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"g9"}, filled.Policies[0].Users.ExcludeGroups); diff != "" {
		t.Errorf("an unmapped exclusion has no members: %s", diff)
	}
	if diff := cmp.Diff(templateSet(t).Policies, set.Policies); diff != "" {
		t.Errorf("the original changed: %s", diff)
	}
	unmapped := set.Fill(nil)
	if diff := cmp.Diff([]string{"<admins>"}, unmapped.Policies[1].Users.IncludeGroups); diff != "" {
		t.Errorf("an unmapped include stays unknown: %s", diff)
	}
}

func TestAsEnabledSwitchesOnReportOnlyAlone(t *testing.T) {
	set := templateSet(t)
	set.Policies[1].State = Disabled
	on := set.AsEnabled()
	if on.Policies[0].State != Enabled || on.Policies[1].State != Disabled || set.Policies[0].State != ReportOnly {
		t.Errorf("states %v %v, original %v", on.Policies[0].State, on.Policies[1].State, set.Policies[0].State)
	}
}

func TestWithReplacesById(t *testing.T) {
	a, b := templateSet(t), templateSet(t)
	b.Policies = b.Policies[:1]
	b.Policies[0].Name = "P1 new"
	b.Policies = append(b.Policies, &Policy{ID: "p3", Name: "P3"})
	both := a.With(b)
	var names []string
	for _, p := range both.Policies {
		names = append(names, p.Name)
	}
	if diff := cmp.Diff([]string{"P1 new", "P2", "P3"}, names); diff != "" {
		t.Error(diff)
	}
}
