package policy

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"frisk/internal/directory"
	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

func edited(day, id, before, after string) directory.PolicyEdit {
	return directory.PolicyEdit{At: at(day), ID: id, Name: strings.ToUpper(id), Kind: "policy", Action: "update", Old: before, New: after, File: "audit.json", Line: 3}
}

func action(e directory.PolicyEdit, kind, action string) directory.PolicyEdit {
	e.Kind, e.Action = kind, action
	return e
}

func TestWithEdits(t *testing.T) {
	dp := datedPolicy
	capital := strings.NewReplacer(`"conditions"`, `"Conditions"`, `"state"`, `"State"`, `"users"`, `"Users"`, `"includeUsers"`, `"IncludeUsers"`)
	place := func(cidr string) string {
		return `{"@odata.type":"#microsoft.graph.ipNamedLocation","id":"hq","displayName":"HQ","createdDateTime":"2026-01-01T00:00:00Z","modifiedDateTime":null,"ipRanges":[{"cidrAddress":"` + cidr + `"}]}`
	}
	for _, c := range []struct {
		name   string
		now    string
		edits  []directory.PolicyEdit
		want   []string
		notice string
	}{
		{"no log", dp("a", "enabled", "2026-01-01", "2026-03-01"), nil, []string{"a enabled since 2026-01-01 assumed before 2026-03-01"}, ""},
		{"never modified", dp("a", "enabled", "2026-01-01", ""), nil, []string{"a enabled since 2026-01-01"}, ""},
		{"no dates at all", dp("a", "enabled", "", ""), nil, []string{"a enabled always"}, ""},
		{
			"one change", dp("a", "enabled", "2026-01-01", "2026-05-04"),
			[]directory.PolicyEdit{edited("2026-05-04", "a", dp("a", "disabled", "2026-01-01", "2026-02-01"), dp("a", "enabled", "2026-01-01", "2026-05-04"))},
			[]string{"a disabled 2026-01-01 to 2026-05-04 assumed before 2026-02-01", "a enabled since 2026-05-04"},
			"",
		},
		{
			"two changes, newest first", dp("a", "enabled", "2026-01-01", "2026-05-08"),
			[]directory.PolicyEdit{
				edited("2026-05-08", "a", dp("a", "enabledForReportingButNotEnforced", "2026-01-01", "2026-05-04"), ""),
				edited("2026-05-04", "a", dp("a", "disabled", "2026-01-01", ""), ""),
			},
			[]string{"a disabled 2026-01-01 to 2026-05-04", "a enabledForReportingButNotEnforced 2026-05-04 to 2026-05-08", "a enabled since 2026-05-08"},
			"",
		},
		{
			"a text with capitals", dp("a", "enabled", "2026-01-01", "2026-05-04"),
			[]directory.PolicyEdit{edited("2026-05-04", "a", strconv.Quote(capital.Replace(dp("a", "disabled", "2026-01-01", ""))), "")},
			[]string{"a disabled 2026-01-01 to 2026-05-04", "a enabled since 2026-05-04"},
			"",
		},
		{
			"a list of one", dp("a", "enabled", "2026-01-01", "2026-05-04"),
			[]directory.PolicyEdit{edited("2026-05-04", "a", `[`+strconv.Quote(dp("a", "disabled", "2026-01-01", ""))+`]`, "")},
			[]string{"a disabled 2026-01-01 to 2026-05-04", "a enabled since 2026-05-04"},
			"",
		},
		{
			"the form before Graph", dp("a", "enabled", "2026-01-01", "2026-05-04"),
			[]directory.PolicyEdit{edited("2026-05-04", "a", `{"State":"Enabled","Conditions":{"Applications":{"Include":[{"Applications":["All"]}]}},"Controls":[{"Control":["Mfa"]}]}`, "")},
			[]string{"a enabled since 2026-01-01 assumed before 2026-05-04"},
			"edit-unread",
		},
		{
			"only what changed", dp("a", "enabled", "2026-01-01", "2026-05-04"),
			[]directory.PolicyEdit{edited("2026-05-04", "a", `{"state":"disabled"}`, `{"state":"enabled"}`)},
			[]string{"a disabled 2026-01-01 to 2026-05-04 assumed before 2026-05-04", "a enabled since 2026-05-04"},
			"",
		},
		{
			"a change of the description only", dp("a", "enabled", "2026-01-01", "2026-05-04"),
			[]directory.PolicyEdit{edited("2026-05-04", "a", dp("a", "enabled", "2026-01-01", ""), dp("a", "enabled", "2026-01-01", "2026-05-04"))},
			[]string{"a enabled since 2026-01-01"},
			"",
		},
		{
			"the log holds no values", dp("a", "enabled", "2026-01-01", "2026-05-04"),
			[]directory.PolicyEdit{edited("2026-05-04", "a", "", "")},
			[]string{"a enabled since 2026-01-01 assumed before 2026-05-04"},
			"",
		},
		{
			"only new values", dp("a", "enabled", "2026-01-01", "2026-05-08"),
			[]directory.PolicyEdit{edited("2026-05-04", "a", "", dp("a", "disabled", "2026-01-01", "2026-05-04")), edited("2026-05-08", "a", "", "")},
			[]string{"a disabled 2026-01-01 to 2026-05-08 assumed before 2026-05-04", "a enabled since 2026-05-08"},
			"",
		},
		{
			"a change the log does not hold", dp("a", "enabled", "2026-01-01", "2026-05-20"),
			[]directory.PolicyEdit{edited("2026-05-04", "a", dp("a", "enabled", "2026-01-01", ""), dp("a", "disabled", "2026-01-01", "2026-05-04"))},
			[]string{"a enabled 2026-01-01 to 2026-05-04", "a disabled 2026-05-04 to 2026-05-20", "a enabled since 2026-05-20"},
			"",
		},
		{
			"made", dp("a", "enabled", "2026-05-04", ""),
			[]directory.PolicyEdit{action(edited("2026-05-04", "a", "", dp("a", "enabled", "2026-05-04", "")), "policy", "add")},
			[]string{"a enabled since 2026-05-04"},
			"",
		},
		{
			"deleted", dp("a", "enabled", "2026-01-01", ""),
			[]directory.PolicyEdit{action(edited("2026-05-04", "b", dp("b", "enabled", "2026-02-01", ""), ""), "policy", "delete")},
			[]string{"a enabled since 2026-01-01", "b enabled 2026-02-01 to 2026-05-04"},
			"",
		},
		{
			"deleted and made again", dp("b", "enabled", "2026-05-06", ""),
			[]directory.PolicyEdit{
				action(edited("2026-05-04", "b", dp("b", "enabled", "2026-02-01", ""), ""), "policy", "delete"),
				action(edited("2026-05-06", "b", "", dp("b", "enabled", "2026-05-06", "")), "policy", "add"),
			},
			[]string{"b enabled 2026-02-01 to 2026-05-04", "b enabled since 2026-05-06"},
			"",
		},
		{
			"deleted unseen", dp("a", "enabled", "2026-01-01", ""),
			[]directory.PolicyEdit{action(edited("2026-05-04", "b", "", ""), "policy", "delete")},
			[]string{"a enabled since 2026-01-01"},
			"version-unseen",
		},
		{
			"changed, then deleted unseen", dp("a", "enabled", "2026-01-01", ""),
			[]directory.PolicyEdit{
				edited("2026-05-02", "b", dp("b", "enabled", "2026-02-01", ""), ""),
				action(edited("2026-05-04", "b", "", ""), "policy", "delete"),
			},
			[]string{"a enabled since 2026-01-01", "b enabled 2026-02-01 to about 2026-05-04"},
			"",
		},
		{
			"no JSON", dp("a", "enabled", "2026-01-01", "2026-05-04"),
			[]directory.PolicyEdit{edited("2026-05-04", "a", `{"state":`, "")},
			[]string{"a enabled since 2026-01-01 assumed before 2026-05-04"},
			"edit-unread",
		},
		{
			"a location", "[" + dp("a", "enabled", "2026-01-01", "") + "," + place("203.0.113.0/24") + "]",
			[]directory.PolicyEdit{action(edited("2026-05-04", "hq", place("198.51.100.0/24"), place("203.0.113.0/24")), "location", "update")},
			[]string{"a enabled since 2026-01-01", "hq 198.51.100.0/24 2026-01-01 to 2026-05-04", "hq 203.0.113.0/24 since 2026-05-04"},
			"",
		},
		{
			"a location, only what changed", "[" + dp("a", "enabled", "2026-01-01", "") + "," + place("203.0.113.0/24") + "]",
			[]directory.PolicyEdit{action(edited("2026-05-04", "hq", `{"isTrusted":true}`, ``), "location", "update")},
			[]string{"a enabled since 2026-01-01", "hq 203.0.113.0/24 2026-01-01 to 2026-05-04", "hq 203.0.113.0/24 since 2026-05-04"},
			"",
		},
	} {
		set, _, err := Parse("f.json", []byte(c.now))
		if err != nil {
			t.Fatal(err)
		}
		before := asTold(set)
		got, notices, err := set.WithEdits(c.edits)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, asTold(got)); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
		code := ""
		for _, n := range notices {
			code += n.Code
		}
		if code != c.notice {
			t.Errorf("%s: notices %+v, want %q", c.name, notices, c.notice)
		}
		if !slices.Equal(before, asTold(set)) {
			t.Errorf("%s: the set itself changed", c.name)
		}
		if _, err := NewEngine(got, nil, Options{}); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// What the log says of one part is laid over the rest, and the rest stays.
func TestPartialEditKeepsTheRest(t *testing.T) {
	set, _, err := Parse("f.json", []byte(datedPolicy("a", "enabled", "2026-01-01", "2026-05-04")))
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := set.WithEdits([]directory.PolicyEdit{edited("2026-05-04", "a", `{"Conditions":{"Users":{"includeUsers":["u1"]}}}`, "")})
	if err != nil {
		t.Fatal(err)
	}
	old := got.Policies[0]
	if !slices.Equal(old.Users.IncludeUsers, []string{"u1"}) || !slices.Equal(old.Apps.Include, []string{"all"}) || old.State != Enabled || old.Name != "A" || old.Grant == nil {
		t.Errorf("%+v", old)
	}
}

// Exports by date and the audit log together: the log says when within the days
// between two exports, and what stood in between.
func TestFoldersAndEdits(t *testing.T) {
	dp := datedPolicy
	dir := tree(t, map[string]string{
		"2026-05-01/a.json": dp("a", "disabled", "2026-01-01", ""),
		"2026-05-10/a.json": dp("a", "enabled", "2026-01-01", ""),
		"2026-05-20/a.json": dp("a", "enabled", "2026-01-01", ""),
	})
	set, _, err := Load("current", []string{dir}, nil)
	if err != nil {
		t.Fatal(err)
	}
	const report = "enabledForReportingButNotEnforced"
	for _, c := range []struct {
		name  string
		edits []directory.PolicyEdit
		want  []string
	}{
		{"none", nil, []string{"a disabled 2026-01-01 to about 2026-05-11", "a enabled since about 2026-05-11"}},
		{"when", []directory.PolicyEdit{edited("2026-05-04", "a", "", "")}, []string{"a disabled 2026-01-01 to 2026-05-04", "a enabled since 2026-05-04"}},
		{
			"what between",
			[]directory.PolicyEdit{edited("2026-05-04", "a", dp("a", "disabled", "2026-01-01", ""), dp("a", report, "2026-01-01", "")), edited("2026-05-06", "a", "", "")},
			[]string{"a disabled 2026-01-01 to 2026-05-04", "a " + report + " 2026-05-04 to 2026-05-06", "a enabled since 2026-05-06"},
		},
		{"there and back between equal exports", []directory.PolicyEdit{
			edited("2026-05-04", "a", "", ""),
			edited("2026-05-12", "a", dp("a", "enabled", "2026-01-01", ""), dp("a", report, "2026-01-01", "")), edited("2026-05-14", "a", "", ""),
		}, []string{"a disabled 2026-01-01 to 2026-05-04", "a enabled 2026-05-04 to 2026-05-12", "a " + report + " 2026-05-12 to 2026-05-14", "a enabled since 2026-05-14"}},
		{
			"after the last",
			[]directory.PolicyEdit{edited("2026-05-04", "a", "", ""), edited("2026-06-01", "a", dp("a", "enabled", "2026-01-01", ""), dp("a", report, "2026-01-01", ""))},
			[]string{"a disabled 2026-01-01 to 2026-05-04", "a enabled 2026-05-04 to 2026-06-01", "a " + report + " since 2026-06-01"},
		},
		{"on the day of an export, after it", []directory.PolicyEdit{
			edited("2026-05-04", "a", "", ""),
			edited("2026-05-10_1200", "a", dp("a", "enabled", "2026-01-01", ""), dp("a", report, "2026-01-01", "")), edited("2026-05-14", "a", "", ""),
		}, []string{"a disabled 2026-01-01 to 2026-05-04", "a enabled 2026-05-04 to 2026-05-10", "a " + report + " 2026-05-10 to 2026-05-14", "a enabled since 2026-05-14"}},
	} {
		got, notices, err := set.WithEdits(c.edits)
		if err != nil || len(notices) > 0 {
			t.Fatal(err, notices)
		}
		if diff := cmp.Diff(c.want, asTold(got)); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
	}
}

// Whatever the log holds, versions of one policy follow each other and never
// count twice for certain.
func FuzzEdits(f *testing.F) {
	f.Add(`{"state":"disabled"}`, ``, int64(5), int64(6))
	f.Add(strconv.Quote(datedPolicy("a", "disabled", "2026-01-01", "2026-02-01")), `[{}]`, int64(20), int64(-5))
	f.Add(datedPolicy("a", "enabled", "2026-01-01", ""), `{"conditions":null,"state":1}`, int64(1), int64(1))
	f.Add(`{"Conditions":{"Users":{"includeUsers":"u1"}}}`, `"\"x\""`, int64(3), int64(2))
	f.Fuzz(func(t *testing.T, before, after string, first, second int64) {
		set, _, err := Parse("f.json", []byte("["+datedPolicy("a", "enabled", "2026-01-01", "2026-03-01")+`,{"id":"hq","displayName":"HQ","ipRanges":["203.0.113.0/24"]}]`))
		if err != nil {
			t.Fatal(err)
		}
		one, two := edited("2026-05-04", "a", before, after), edited("2026-05-04", "a", after, before)
		one.At += signin.Time(first%400) * signin.Day
		two.At += signin.Time(second%400) * signin.Day
		place := one
		place.ID, place.Kind = "hq", "location"
		gone := action(two, "policy", "delete")
		gone.ID = "b"
		got, _, err := set.WithEdits([]directory.PolicyEdit{one, place, two, gone})
		if err != nil {
			t.Fatal(err)
		}
		e, err := NewEngine(got, nil, Options{})
		if err != nil {
			t.Fatalf("versions that parsed do not compile: %v", err)
		}
		for _, when := range append(got.Changes(), 1, never) {
			sure, maybe := e.InForce(when)
			if sure.And(maybe) != sure {
				t.Errorf("%s: certain and not possible", when)
			}
			n := 0
			for _, i := range got.Versions("a") {
				if sure.Has(i) {
					n++
				}
			}
			if n > 1 {
				t.Errorf("%s: %d versions of one policy: %v", when, n, asTold(got))
			}
		}
	})
}
