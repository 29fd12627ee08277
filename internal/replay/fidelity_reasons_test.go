package replay

import (
	"fmt"
	"regexp"
	"slices"
	"testing"

	"frisk/internal/directory"
	"frisk/internal/policy"
	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

// inDirectory is an engine that knows a directory in which u1 is in group "in"
// and not in "out", and nothing is known of group "open".
func inDirectory(t testing.TB, policies ...string) (*policy.Engine, *directory.Directory) {
	t.Helper()
	d := directory.New()
	d.AddUser(directory.User{ID: "u1"})
	d.AddGroup(directory.Group{ID: "in", Complete: true})
	d.AddGroup(directory.Group{ID: "out", Complete: true})
	d.AddMember("in", "u1", 0, 0)
	d.Seal()
	e, err := policy.NewEngine(policySet(t, policies...), d, policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return e, d
}

// Every reason is found where it is the reason, with what to look at.
func TestReasons(t *testing.T) {
	group := func(in, out string) string {
		return users(fmt.Sprintf(`{"includeUsers":[],"includeGroups":[%s],"excludeGroups":[%s]}`, in, out))
	}
	const (
		risk   = `{"conditions":{"signInRiskLevels":["high"]}}`
		urisk  = `{"conditions":{"userRiskLevels":["high"]}}`
		place  = `{"conditions":{"locations":{"includeLocations":["All"],"excludeLocations":["loc-1"]}}}`
		filter = `{"conditions":{"devices":{"deviceFilter":{"mode":"include","rule":"device.extensionAttribute1 -eq \"x\""}}}}`
		flow   = `{"conditions":{"authenticationFlows":{"transferMethods":"deviceCodeFlow"}}}`
		web    = `{"conditions":{"clientAppTypes":["browser"]}}`
		linux  = `{"conditions":{"platforms":{"includePlatforms":["linux"]}}}`
		terms  = `{"grantControls":{"operator":"OR","builtInControls":[],"termsOfUse":["tou-1"]}}`
		device = `{"grantControls":{"operator":"OR","builtInControls":["compliantDevice"]}}`
		action = `{"conditions":{"applications":{"includeApplications":[],"includeUserActions":["urn:user:registersecurityinfo"]}}}`
		ctx    = `{"conditions":{"applications":{"includeApplications":[],"includeAuthenticationContextClassReferences":["c1"]}}}`
		appF   = `{"conditions":{"applications":{"includeApplications":[],"applicationFilter":{"mode":"include","rule":"CustomSecurityAttribute.a_b -eq \"x\""}}}}`
		report = `{"state":"enabledForReportingButNotEnforced"}`
		spare  = `{"conditions":{"applications":{"includeApplications":["All"],"excludeApplications":["other"]}}}`
		guests = `{"conditions":{"users":{"includeUsers":[],"includeGuestsOrExternalUsers":{"guestOrExternalUserTypes":"b2bCollaborationGuest","externalTenants":{"@odata.type":"#microsoft.graph.conditionalAccessAllExternalTenants","membershipKind":"all"}}}}}`
		roles  = `{"conditions":{"users":{"includeUsers":[],"includeRoles":["role-1"]}}}`
		later  = `{"modifiedDateTime":"2026-03-03T00:00:00Z"}`
		risks  = `{"conditions":{"insiderRiskLevels":"elevated"}}`
	)
	yes, no := func(bits int64) signin.RecordedPolicy { return rec("id-p", "success", bits, 0) },
		func(sat, not int64) signin.RecordedPolicy { return rec("id-p", "notApplied", sat, not) }
	browser := func(e *signin.Event) { e.Risk.Level = "hidden" }
	nothing := func(*signin.Event) {}
	for _, c := range []struct {
		name   string
		policy []string
		row    mod
		rec    signin.RecordedPolicy
		want   string // code item subject disagree unknown
	}{
		{"not given", []string{mfa}, nothing, rec("id-gone", "success", 3, 0), "not-in-set id-gone - 0 1"},
		{"hidden", []string{mfa}, nothing, rec("id-p", "unknownFutureValue", -1, -1), "hidden-result - - 0 1"},
		{"state", []string{mfa}, nothing, rec("id-p", "reportOnlySuccess", 3, 0), "policy-state-then enabledForReportingButNotEnforced - 1 0"},
		{"was off", []string{mfa}, nothing, rec("id-p", "notEnabled", 0, 0), "policy-state-then disabled - 1 0"},
		{"had a location", []string{mfa}, nothing, no(3, 8), "policy-edited had location - 1 0"},
		{"had no risk", []string{mfa, risk}, func(e *signin.Event) { e.Risk.Level = "none" }, yes(3), "policy-edited had no signInRisk - 1 0"},
		{"edited since", []string{mfa, group(`"in"`, ``), later}, nothing, no(1, 2), "policy-edited membership-then - 1 0"},
		{"blocked then", []string{mfa}, claim, rec("id-p", "failure", 3, 0, "Block"), "policy-edited had block - 1 0"},
		{"group, was out", []string{mfa, group(`"in"`, ``)}, nothing, no(1, 2), "membership-then in - 1 0"},
		{"group, was in", []string{mfa, group(`"out"`, ``)}, nothing, yes(3), "membership-then out - 1 0"},
		{"exclusion, was not", []string{mfa, group(`"in"`, `"in"`)}, nothing, yes(3), "membership-then in - 1 0"},
		{"exclusion, was", []string{mfa, users(`{"includeUsers":["All"],"excludeGroups":["out"]}`)}, nothing, no(1, 2), "membership-then out - 1 0"},
		{"group unknown", []string{mfa, group(`"open"`, ``)}, nothing, yes(3), "membership-then open - 0 1"},
		{"role", []string{mfa, roles}, nothing, yes(3), "role-then role-1 - 0 1"},
		{"guest", []string{mfa, guests}, func(e *signin.Event) { e.Principal.Kind = signin.Guest }, yes(3), "guest-kind - - 0 1"},
		{"user list", []string{mfa, users(`{"includeUsers":["u9"]}`)}, nothing, yes(3), "user-list - - 1 0"},
		{"bundle open", []string{mfa, apps("Office365")}, nothing, yes(3), "bundle Office365 app 0 1"},
		{"auth context", []string{mfa, ctx}, nothing, yes(3), "auth-context c1 - 0 1"},
		{"app filter", []string{mfa, appF}, nothing, yes(3), "app-filter - app 0 1"},
		{"user action", []string{mfa, action}, app("0000000c-0000-0000-c000-000000000000"), yes(3), "user-action - - 0 1"},
		{"report-only action", []string{mfa, action, report}, nothing, rec("id-p", "reportOnlySuccess", 3, 0), "report-only-action - - 1 0"},
		{"low privilege", []string{mfa, spare}, app("00000003-0000-0000-c000-000000000000"), no(0, 1), "low-privilege - 00000003-0000-0000-c000-000000000000 0 1"},
		{"target", []string{mfa, apps("other")}, nothing, yes(3), "target - app 1 0"},
		{"location unknown", []string{mfa, place}, func(e *signin.Event) { e.Geo.Country = "CH" }, no(3, 8), "location-then loc-1 CH 0 1"},
		// The log ends at an exclusion that ours cannot tell: what comes after it is compared with
		// nothing, and the result is the same.
		{"open before another condition", []string{mfa, users(`{"includeUsers":["All"],"excludeGroups":["open"]}`), linux}, nothing, no(1, 2), ""},
		// A condition that differs makes no reason of those after it.
		{"first difference", []string{mfa, apps("app"), web}, native, no(0, 1), "target - app 1 0"},
		{"platform", []string{mfa, linux}, nothing, yes(7), "platform - Windows 11 1 0"},
		{"client", []string{mfa, web}, native, yes(19), "client-type - Mobile Apps and Desktop clients 1 0"},
		{"risk hidden", []string{mfa, risk}, browser, no(3, 32), "sign-in-risk - hidden 0 1"},
		{"user risk", []string{mfa, urisk}, nothing, no(3, 64), "user-risk - - 0 1"},
		{"insider risk", []string{mfa, risks}, nothing, no(3, 65536), "insider-risk - - 0 1"},
		{"device", []string{mfa, filter}, joined, no(3, 256), "device-inventory - - 0 1"},
		{"flow", []string{mfa, flow}, func(e *signin.Event) { e.Protocol = "deviceCode" }, no(3, 32768), "auth-flow - - 1 0"},
		{"no masks", []string{mfa}, nothing, rec("id-p", "notApplied", -1, -1), "no-masks application,users - 1 0"},
		{"no masks, ours failed", []string{mfa, group(`"out"`, ``)}, nothing, rec("id-p", "success", -1, -1), "membership-then out - 1 0"},
		{"terms", []string{terms}, claim, rec("id-p", "failure", 3, 0), ""},
		{"device state", []string{device}, joined, rec("id-p", "failure", 3, 0, "RequireCompliantDevice"), "device-state - - 1 0"},
		{"session", []string{mfa}, claim, rec("id-p", "failure", 3, 0, "Mfa"), "session-proof - - 1 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, d := inDirectory(t, policyJSON("p", c.policy...))
			s := newStory().at(0, native, c.row, recorded(c.rec))
			f := s.run(Config{Engines: []*policy.Engine{e}, Directory: d, Masks: true}).Fidelity
			got := ""
			for _, r := range f.Reasons {
				dash := func(s string) string {
					if s == "" {
						return "-"
					}
					return s
				}
				got += fmt.Sprintf("%s %s %s %d %d", r.Code, dash(r.Item), dash(r.Subject), r.Disagree, r.Unknown)
				if len(r.Examples) != 1 {
					t.Errorf("%s: %d examples", r.Code, len(r.Examples))
				}
			}
			if got != c.want {
				t.Errorf("got %q, want %q\n%+v", got, c.want, f.Policies[0].Examples)
			}
		})
	}
}

// A policy that the replay leaves out asks for the factors again in the log: the
// other one's failure is its doing.
func TestReasonBeside(t *testing.T) {
	e, d := inDirectory(t, policyJSON("met", mfa), policyJSON("asks", mfa, users(`{"includeUsers":[],"includeGroups":["out"]}`)))
	s := newStory().at(0, corr("a"), both)
	s.at(hour, corr("b"), claim, recorded(rec("id-met", "failure", 3, 0), rec("id-asks", "failure", 3, 0)))
	f := s.run(Config{Engines: []*policy.Engine{e}, Directory: d, Masks: true}).Fidelity
	var got []string
	for _, r := range f.Reasons {
		got = append(got, fmt.Sprintf("%s %d %d", r.Code, r.Policy, r.Results))
	}
	if diff := cmp.Diff([]string{"membership-then 1 1", "beside-another 0 1"}, got); diff != "" {
		t.Error(diff)
	}
}

// The catalog is complete: every reason has words, a stable code and a way out,
// and the last one always explains.
func TestReasonCatalog(t *testing.T) {
	all := Reasons()
	for _, r := range all {
		if !regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(r.Code) || r.Title == "" || r.Doc == "" || r.Supply == "" {
			t.Errorf("%q lacks something", r.Code)
		}
	}
	if last := all[len(all)-1]; last.Code != "unexplained" || !slices.IsSortedFunc(all, func(a, b Reason) int { return a.order - b.order }) {
		t.Errorf("last is %q", last.Code)
	}
	if _, ok := ReasonOf("bundle"); !ok {
		t.Error("no reason bundle")
	}
}

// The same evaluations over several workers give the same tally, and disagreements
// have one reason each.
func TestReasonsMerge(t *testing.T) {
	e, d := inDirectory(t, policyJSON("p", mfa, users(`{"includeUsers":[],"includeGroups":["out"]}`)), policyJSON("o", mfa, apps("Office365")))
	cfg := Config{Engines: []*policy.Engine{e}, Directory: d, Masks: true}
	run := func(from, to int) *Tally {
		s := newStory()
		for i := from; i < to; i++ {
			result := rec("id-p", "notApplied", 1, 2)
			if i%3 == 0 {
				result = rec("id-p", "success", 3, 0)
			}
			s.at(signin.Time(i)*hour, native, app([]string{"a", "b"}[i%2]), recorded(result, rec("id-o", "notApplied", 0, 1)))
		}
		for i := range s.rows {
			s.rows[i].Ref = signin.Ref{Row: uint32(from + i)}
		}
		return s.run(cfg)
	}
	whole := run(0, 12)
	parts := run(8, 12)
	parts.Merge(run(0, 4))
	parts.Merge(run(4, 8))
	if diff := cmp.Diff(whole.Fidelity.Reasons, parts.Fidelity.Reasons); diff != "" {
		t.Error(diff)
	}
	for _, r := range whole.Fidelity.Reasons {
		if r.Code == "membership-then" && r.Disagree != 4 || r.Code == "bundle" && r.Unknown != 6 || len(r.Examples) != maxExamples {
			t.Errorf("%+v", r)
		}
	}
	if n := whole.Fidelity.Policies[0].Result.Disagree; n != 4 {
		t.Errorf("disagreements: %d", n)
	}
}
