package replay

import (
	"math/rand/v2"
	"slices"
	"testing"

	"frisk/internal/directory"
	"frisk/internal/policy"
	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func users(parts string) string { return `{"conditions":{"users":` + parts + `}}` }

func policySet(t testing.TB, policies ...string) *policy.Set {
	return engine(t, "set", policies...).Set()
}

func ruled(r signin.RecordedPolicy, include, exclude []string) signin.RecordedPolicy {
	r.Include, r.Exclude = include, exclude
	return r
}

func learn(t testing.TB, s *story, dir *directory.Directory, policies ...string) *Learned {
	l := NewLearner(policySet(t, policies...), dir, s.sym)
	l.Person(s.history())
	return l.Learned()
}

// An app group alone as target proves membership of the resource both ways,
// unless a web app beside the resource, or an exclusion, could be the reason.
func TestLearnBundles(t *testing.T) {
	office := policyJSON("office", mfa, `{"conditions":{"applications":{"includeApplications":["Office365"],"excludeApplications":["left-out"]}}}`)
	rest := policyJSON("rest", mfa, `{"conditions":{"applications":{"includeApplications":["All"],"excludeApplications":["Office365"]}}}`)
	portals := policyJSON("portals", mfa, apps("MicrosoftAdminPortals"))
	s := newStory()
	s.at(0, native, app("mail"), recorded(rec("id-office", "success", 3, 0), rec("id-rest", "notApplied", 0, 1)))
	s.at(hour, native, app("ml"), recorded(rec("id-office", "notApplied", 0, 1), rec("id-rest", "success", 3, 0)))
	s.at(2*hour, native, app("left-out"), recorded(rec("id-office", "notApplied", 0, 1)))
	// A browser: the site may be the member, not what it asks for.
	s.at(3*hour, app("site"), func(e *signin.Event) { e.Resource.ID = "graph" }, recorded(rec("id-office", "success", 3, 0)))
	// Portals are web sites: another client proves nothing.
	s.at(4*hour, native, app("arm"), recorded(rec("id-portals", "notApplied", 0, 1)))
	s.at(5*hour, app("portal"), recorded(rec("id-portals", "success", 3, 0)))
	// The log contradicts itself.
	s.at(6*hour, native, app("odd"), recorded(rec("id-office", "success", 3, 0)))
	s.at(7*hour, native, app("odd"), recorded(rec("id-office", "notApplied", 0, 1)))
	// "All but the group" holds where one of several targets is outside it, which says of none that it is.
	several := func(e *signin.Event) { e.Audiences = signin.EncodeList([]string{"files", "other-api"}) }
	s.at(8*hour, native, app("files"), several, recorded(rec("id-rest", "success", 3, 0)))
	s.at(9*hour, app("client"), func(e *signin.Event) { e.Resource.ID = "files" }, recorded(rec("id-rest", "success", 3, 0)))
	// A failed "the group alone" says it of each.
	s.at(10*hour, native, app("api"), func(e *signin.Event) { e.Audiences = signin.EncodeList([]string{"api", "other-api"}) }, recorded(rec("id-office", "notApplied", 0, 1)))
	// The rule names the group although another target is included as well.
	got := learn(t, s, nil, office, rest, portals)
	want := []BundleFact{
		{Bundle: "MicrosoftAdminPortals", App: "portal", Member: true, Rows: 1, Example: signin.Ref{Row: 5}, At: t0 + 5*hour},
		{Bundle: "Office365", App: "api", Rows: 1, Example: signin.Ref{Row: 10}, At: t0 + 10*hour},
		{Bundle: "Office365", App: "mail", Member: true, Rows: 2, At: t0},
		{Bundle: "Office365", App: "ml", Rows: 2, Example: signin.Ref{Row: 1}, At: t0 + hour},
	}
	if diff := cmp.Diff(want, got.Bundles); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]BundleFact{{Bundle: "Office365", App: "odd", Member: true, Rows: 1, Against: 1, Example: signin.Ref{Row: 6}, At: t0 + 6*hour}}, got.Conflicts); diff != "" {
		t.Error(diff)
	}
}

// What the users condition proves of groups and roles.
func TestLearnMembers(t *testing.T) {
	member := func(group string, holds bool) MemberFact {
		return MemberFact{Person: "u1", Group: group, Member: holds, From: t0, Until: t0, Rows: 1}
	}
	role := func(id string, holds bool) MemberFact {
		return MemberFact{Person: "u1", Role: id, Member: holds, From: t0, Until: t0, Rows: 1}
	}
	in, out := rec("id-p", "success", 3, 0), rec("id-p", "notApplied", 1, 2)
	for _, c := range []struct {
		name, users string
		rec         signin.RecordedPolicy
		want        []MemberFact
	}{
		{"one group", `{"includeUsers":[],"includeGroups":["g"],"excludeGroups":["x"]}`, in, []MemberFact{member("g", true), member("x", false)}},
		{"two groups", `{"includeUsers":[],"includeGroups":["g","h"]}`, in, nil},
		{"two groups, not in", `{"includeUsers":[],"includeGroups":["g","h"]}`, out, []MemberFact{member("g", false), member("h", false)}},
		{
			"everybody", `{"includeUsers":["All"],"excludeGroups":["x","y"],"excludeRoles":["r"]}`, in,
			[]MemberFact{role("r", false), member("x", false), member("y", false)},
		},
		{"everybody but one group", `{"includeUsers":["All"],"excludeGroups":["x"]}`, out, []MemberFact{member("x", true)}},
		{"everybody but a group or a person", `{"includeUsers":["All"],"excludeUsers":["u1"],"excludeGroups":["x"]}`, out, nil},
		{"a group or a role, not told which", `{"includeUsers":[],"includeGroups":["g"],"includeRoles":["r"]}`, in, nil},
		{
			"the rule tells which", `{"includeUsers":[],"includeGroups":["g"],"includeRoles":["r"]}`,
			ruled(in, []string{"application:allApps", "users:roleId"}, nil),
			[]MemberFact{role("r", true)},
		},
		{"perhaps excluded", `{"includeUsers":[],"includeGroups":["g"],"excludeGroups":["x","y"]}`, out, nil},
		{
			"rules say not excluded", `{"includeUsers":[],"includeGroups":["g"],"excludeGroups":["x","y"]}`,
			ruled(out, []string{"application:allApps"}, nil),
			[]MemberFact{member("g", false)},
		},
		{
			"rules say excluded", `{"includeUsers":["All"],"excludeUsers":["u2"],"excludeGroups":["x"],"excludeRoles":["r"]}`,
			ruled(out, []string{"application:allApps", "users:allUsers"}, []string{"users:groupId"}),
			[]MemberFact{member("x", true)},
		},
		{"not tested", `{"includeUsers":[],"includeGroups":["g"]}`, rec("id-p", "notApplied", 0, 1), nil},
		{"another state then", `{"includeUsers":[],"includeGroups":["g"]}`, rec("id-p", "reportOnlySuccess", 3, 0), nil},
		{"no masks, applied", `{"includeUsers":[],"includeGroups":["g"]}`, rec("id-p", "failure", -1, -1), []MemberFact{member("g", true)}},
		{"no masks, not applied", `{"includeUsers":[],"includeGroups":["g"]}`, rec("id-p", "notApplied", -1, -1), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStory().at(0, recorded(c.rec))
			got := learn(t, s, nil, policyJSON("p", mfa, users(c.users)))
			if diff := cmp.Diff(c.want, got.Members, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Proofs of the same truth within a day are one fact; what the directory says
// too is only counted.
func TestLearnSpans(t *testing.T) {
	p := policyJSON("p", mfa, users(`{"includeUsers":[],"includeGroups":["g"]}`))
	in, out := recorded(rec("id-p", "success", 3, 0)), recorded(rec("id-p", "notApplied", 1, 2))
	s := newStory()
	s.at(0, in).at(20*hour, in).at(21*hour, out).at(60*hour, out)
	want := []MemberFact{
		{Person: "u1", Group: "g", Member: true, From: t0, Until: t0 + 20*hour, Rows: 2},
		{Person: "u1", Group: "g", From: t0 + 21*hour, Until: t0 + 21*hour, Rows: 1},
		{Person: "u1", Group: "g", From: t0 + 60*hour, Until: t0 + 60*hour, Rows: 1},
	}
	if diff := cmp.Diff(want, learn(t, s, nil, p).Members); diff != "" {
		t.Error(diff)
	}
	d := directory.New()
	d.AddUser(directory.User{ID: "u1"})
	d.AddGroup(directory.Group{ID: "g", Complete: true})
	d.AddMember("g", "u1", t0, t0+21*hour)
	d.Seal()
	if got := learn(t, s, d, p); len(got.Members) != 0 || got.Confirmed != 1 {
		t.Errorf("known to the directory: %+v", got)
	}
}

// An edit in the window makes what came before it prove nothing.
func TestLearnNothingBeforeAnEdit(t *testing.T) {
	p := policyJSON("p", mfa, users(`{"includeUsers":[],"includeGroups":["g"]}`), `{"modifiedDateTime":"2026-03-02T10:00:00Z"}`)
	in := recorded(rec("id-p", "success", 3, 0))
	s := newStory().at(0, in).at(20*hour, in).at(35*hour, in)
	want := []MemberFact{{Person: "u1", Group: "g", Member: true, From: t0 + 35*hour, Until: t0 + 35*hour, Rows: 1}}
	if diff := cmp.Diff(want, learn(t, s, nil, p).Members); diff != "" {
		t.Error(diff)
	}
}

// Learned values merge in any order to the same.
func TestLearnedMerges(t *testing.T) {
	p := policyJSON("p", mfa, users(`{"includeUsers":[],"includeGroups":["g"]}`), apps("Office365"))
	rng := rand.New(rand.NewPCG(1, 2))
	var parts []*Learned
	for i := range 6 {
		s := newStory()
		for k := range 5 {
			m := rec("id-p", "success", 3, 0)
			if rng.IntN(2) == 0 {
				m = rec("id-p", "notApplied", 1, 2)
			}
			if rng.IntN(3) == 0 {
				m = rec("id-p", "notApplied", 0, 1)
			}
			s.at(signin.Time(i*100+k)*hour, native, app([]string{"a", "b"}[rng.IntN(2)]), recorded(m))
		}
		parts = append(parts, learn(t, s, nil, p))
	}
	sum := func(order []int) *Learned {
		out := &Learned{}
		for _, n := range order {
			out.Merge(parts[n])
		}
		return out
	}
	want := sum([]int{0, 1, 2, 3, 4, 5})
	left, right := sum([]int{5, 2}), sum([]int{4, 0, 1, 3})
	right.Merge(left)
	if diff := cmp.Diff(want, right); diff != "" {
		t.Error(diff)
	}
}

// What was learned answers where the exports did not.
func TestLearnedApply(t *testing.T) {
	d := directory.New()
	d.AddUser(directory.User{ID: "u1"})
	d.Seal()
	l := &Learned{
		Members: []MemberFact{{Person: "u1", Group: "g", Member: true, From: t0, Until: t0 + hour}},
		Bundles: []BundleFact{{Bundle: "Office365", App: "11111111-0000-0000-0000-000000000001", Member: true, Rows: 3}},
	}
	dir, b := l.Apply(d, policy.DefaultBundles())
	if got := dir.Member("u1", "g", t0+hour); got != signin.True {
		t.Errorf("member: %v", got)
	}
	if got := d.Member("u1", "g", t0); got != signin.Unknown {
		t.Errorf("the directory given changed: %v", got)
	}
	// One evaluation does not overrule a published list; two do.
	known := policy.DefaultBundles().List[0].Members[0].ID
	for rows, want := range map[int64]bool{1: true, 2: false} {
		against := &Learned{Bundles: []BundleFact{{Bundle: "Office365", App: known, Rows: rows}}}
		_, b := against.Apply(nil, policy.DefaultBundles())
		if got := slices.ContainsFunc(b.List[0].Members, func(a policy.App) bool { return a.ID == known }); got != want {
			t.Errorf("%d rows: a member: %v", rows, got)
		}
	}
	if b.List[0].Name != "Office365" || !slices.ContainsFunc(b.List[0].Members, func(a policy.App) bool { return a.Learned == "3 recorded evaluations" }) {
		t.Errorf("app groups: %+v", b.List[0])
	}
}
