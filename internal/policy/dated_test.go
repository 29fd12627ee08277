package policy

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"frisk/internal/directory"
	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

func at(text string) signin.Time {
	a, _, ok := directory.FolderDate(text)
	if !ok {
		panic(text)
	}
	return a
}

// datedPolicy is Graph JSON of a policy whose content is its state.
func datedPolicy(id, state, created, modified string) string {
	quoted := func(s string) string {
		if s == "" {
			return "null"
		}
		return `"` + s + `T00:00:00Z"`
	}
	return fmt.Sprintf(`{"id":%q,"displayName":%q,"state":%q,"createdDateTime":%s,"modifiedDateTime":%s,
 "conditions":{"users":{"includeUsers":["All"]},"applications":{"includeApplications":["All"]}},"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`,
		id, strings.ToUpper(id), state, quoted(created), quoted(modified))
}

// tree writes files below a new folder.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// asTold is a set as one line per version: id, state, when, and what is assumed.
func asTold(s *Set) []string {
	var out []string
	add := func(id, what string, f *Force) {
		line := id + " " + what + " " + f.String()
		if f != nil && f.Assumed != 0 {
			line += " assumed before " + edge(f.Assumed, f.Assumed)
		}
		out = append(out, line)
	}
	for _, p := range s.Policies {
		add(p.ID, p.State.String(), p.Force)
	}
	for _, n := range s.Locations {
		add(n.ID, strings.Join(n.Ranges, ","), n.Force)
	}
	return out
}

func TestFoldersByDate(t *testing.T) {
	const hq = `{"@odata.type":"#microsoft.graph.ipNamedLocation","id":"hq","displayName":"HQ","isTrusted":true,"createdDateTime":"2026-01-01T00:00:00Z","ipRanges":[{"cidrAddress":"%s"}]}`
	for _, c := range []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"modified says when", map[string]string{
			"2026-05-01/a.json": datedPolicy("a", "disabled", "2026-01-01", "2026-02-01"),
			"2026-05-10/a.json": datedPolicy("a", "enabled", "2026-01-01", "2026-05-04"),
		}, []string{"a disabled 2026-01-01 to 2026-05-04 assumed before 2026-02-01", "a enabled since 2026-05-04"}},
		{"modified says nothing", map[string]string{
			"2026-05-01/a.json": datedPolicy("a", "disabled", "2026-01-01", ""),
			"2026-05-10/a.json": datedPolicy("a", "enabled", "2026-01-01", ""),
		}, []string{"a disabled 2026-01-01 to about 2026-05-11", "a enabled since about 2026-05-11"}},
		{"modified lies elsewhere", map[string]string{
			"2026-05-01T00-00-00Z/a.json": datedPolicy("a", "disabled", "2026-01-01", ""),
			"2026-05-10T00-00-00Z/a.json": datedPolicy("a", "enabled", "2026-01-01", "2026-04-01"),
		}, []string{"a disabled 2026-01-01 to about 2026-05-10", "a enabled since about 2026-05-10"}},
		{"nothing changed", map[string]string{
			"20260501/a.json": datedPolicy("a", "enabled", "2026-01-01", ""),
			"20260502/a.json": "[" + datedPolicy("a", "Enabled", "2026-01-01", "") + "]",
			"20260503/a.json": datedPolicy("a", "enabled", "2026-01-01", "2026-05-02"),
		}, []string{"a enabled since 2026-01-01"}},
		{"there and back", map[string]string{
			"20260501/a.json": datedPolicy("a", "enabled", "2026-01-01", ""),
			"20260503/a.json": datedPolicy("a", "disabled", "2026-01-01", "2026-05-02"),
			"20260505/a.json": datedPolicy("a", "enabled", "2026-01-01", "2026-05-04"),
		}, []string{"a enabled 2026-01-01 to 2026-05-02", "a disabled 2026-05-02 to 2026-05-04", "a enabled since 2026-05-04"}},
		{"made and deleted", map[string]string{
			"2026-05-01/p.json": datedPolicy("a", "enabled", "2026-01-01", ""),
			"2026-05-10/p.json": "[" + datedPolicy("a", "enabled", "2026-01-01", "") + "," + datedPolicy("b", "enabled", "2026-05-03", "2026-05-05") + "]",
			"2026-05-20/p.json": datedPolicy("a", "enabled", "2026-01-01", ""),
		}, []string{"a enabled since 2026-01-01", "b enabled 2026-05-03 to about 2026-05-21 assumed before 2026-05-05"}},
		{"made without a date", map[string]string{
			"2026-05-01/p.json": datedPolicy("a", "enabled", "", ""),
			"2026-05-10/p.json": "[" + datedPolicy("a", "enabled", "", "") + "," + datedPolicy("b", "enabled", "", "") + "]",
		}, []string{"a enabled always assumed before 2026-05-01", "b enabled since about 2026-05-11"}},
		{"an export without a date is the newest", map[string]string{
			"2026-05-01/p.json": datedPolicy("a", "enabled", "2026-01-01", ""),
			"now/p.json":        datedPolicy("a", "disabled", "2026-01-01", "2026-06-07"),
		}, []string{"a enabled 2026-01-01 to 2026-06-07", "a disabled since 2026-06-07"}},
		{"locations inside", map[string]string{
			"2026-05-01/p.json":  datedPolicy("a", "enabled", "2026-01-01", ""),
			"2026-05-01/nl.json": fmt.Sprintf(hq, "203.0.113.0/24"),
			"2026-05-10/p.json":  datedPolicy("a", "enabled", "2026-01-01", ""),
			"2026-05-10/nl.json": fmt.Sprintf(hq, "198.51.100.0/24"),
		}, []string{"a enabled since 2026-01-01", "hq 203.0.113.0/24 2026-01-01 to about 2026-05-11", "hq 198.51.100.0/24 since about 2026-05-11"}},
		{"locations beside", map[string]string{
			"2026-05-01/p.json": datedPolicy("a", "enabled", "2026-01-01", ""),
			"locations/nl.json": fmt.Sprintf(hq, "203.0.113.0/24"),
		}, []string{"a enabled since 2026-01-01", "hq 203.0.113.0/24 always"}},
		{"no dates", map[string]string{
			"x/a.json": datedPolicy("a", "enabled", "2026-01-01", ""),
			"y/b.json": datedPolicy("b", "enabled", "2026-01-01", ""),
		}, []string{"a enabled always", "b enabled always"}},
	} {
		dir := tree(t, c.files)
		set, notices, err := Load("current", []string{dir}, nil)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if diff := cmp.Diff(c.want, asTold(set)); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
		if len(notices) != 0 {
			t.Errorf("%s: %+v", c.name, notices)
		}
	}
}

// The folders by date may also be given one by one, and named locations apart.
func TestFoldersByDateApart(t *testing.T) {
	dir := tree(t, map[string]string{
		"p/2026-05-01/a.json": datedPolicy("a", "enabled", "2026-01-01", ""),
		"p/2026-05-10/a.json": datedPolicy("a", "disabled", "2026-01-01", "2026-05-04"),
		"l/2026-05-02/l.json": `{"id":"hq","displayName":"HQ","ipRanges":["203.0.113.0/24"]}`,
		"l/2026-05-12/l.json": `[]`,
		"q/2026-05-02/b.json": datedPolicy("b", "enabled", "2026-01-01", ""),
	})
	in := func(list ...string) (out []string) {
		for _, p := range list {
			out = append(out, filepath.Join(dir, p))
		}
		return out
	}
	want := []string{"a enabled 2026-01-01 to 2026-05-04", "a disabled since 2026-05-04"}
	place := "hq 203.0.113.0/24 always assumed before 2026-05-02"
	for _, c := range []struct {
		paths, locations []string
		want             []string
	}{
		{in("p/2026-05-10", "p/2026-05-01"), nil, want},
		{in("p"), in("l"), append(want[:2:2], place)},
		{in("p/2026-05-10"), nil, []string{"a disabled always"}}, // one export that happens to be named so
	} {
		set, _, err := Load("current", c.paths, c.locations)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, asTold(set)); diff != "" {
			t.Errorf("%v %v: -want +got\n%s", c.paths, c.locations, diff)
		}
	}
	for _, c := range []struct {
		paths []string
		want  string
	}{
		{in("p", "q"), "both hold policies"},
		{[]string{tree(t, map[string]string{"2026-05-01/a.json": "{}", "20260501/a.json": "{}"})}, "same instant"},
		{[]string{tree(t, map[string]string{"2026-05-01/a.json": "{"})}, "2026-05-01"},
	} {
		if _, _, err := Load("current", c.paths, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %q", c.paths, err, c.want)
		}
	}
}

func TestNoticesOfEveryDayAreOne(t *testing.T) {
	odd := strings.Replace(datedPolicy("a", "enabled", "2026-01-01", ""), `"conditions":{`, `"conditions":{"moonPhase":"full",`, 1)
	dir := tree(t, map[string]string{"2026-05-01/a.json": odd, "2026-05-02/a.json": odd, "2026-05-03/a.json": odd})
	set, notices, err := Load("current", []string{dir}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Policies) != 1 || len(notices) != 1 || !strings.Contains(notices[0].File, "2026-05-03") || !strings.Contains(set.Policies[0].File, "2026-05-03") {
		t.Errorf("%+v %+v", asTold(set), notices)
	}
}

func TestTooManyVersions(t *testing.T) {
	files := map[string]string{}
	for day := range 3 {
		for i := range 100 {
			state := []string{"enabled", "disabled"}[day%2]
			files[fmt.Sprintf("2026-05-0%d/%d.json", day+1, i)] = datedPolicy(fmt.Sprint("p", i), state, "", "")
		}
	}
	_, _, err := Load("current", []string{tree(t, files)}, nil)
	if err == nil || !strings.Contains(err.Error(), "300 versions of 100 policies, at most 256 fit") {
		t.Error(err)
	}
}

func TestSetVersions(t *testing.T) {
	dir := tree(t, map[string]string{
		"2026-05-01/a.json": datedPolicy("a", "disabled", "2026-01-01", ""),
		"2026-05-10/a.json": "[" + datedPolicy("b", "enabled", "2026-05-04", "") + "," + datedPolicy("a", "enabled", "2026-01-01", "2026-05-04") + "]",
	})
	set, _, err := Load("current", []string{dir}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{1, 2}, set.Versions("A")); diff != "" {
		t.Error(diff)
	}
	if set.Versions("nobody") != nil {
		t.Error("versions of a policy that is not there")
	}
	if diff := cmp.Diff([]signin.Time{at("2026-01-01"), at("2026-05-04")}, set.Changes()); diff != "" {
		t.Error(diff)
	}
	var labels []string
	for _, p := range set.Policies {
		labels = append(labels, p.Label())
	}
	if diff := cmp.Diff([]string{"B", "A (2026-01-01 to 2026-05-04)", "A (since 2026-05-04)"}, labels); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"b enabled always", "a enabled always"}, asTold(set.Present())); diff != "" {
		t.Error(diff)
	}
	e, err := NewEngine(set, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		at   string
		want Mask
	}{{"2025-12-31", Mask{0}}, {"2026-01-01", Mask{2}}, {"2026-05-03", Mask{2}}, {"2026-05-04", Mask{5}}, {"2027-01-01", Mask{5}}} {
		if sure, maybe := e.InForce(at(c.at)); sure != c.want || maybe != c.want {
			t.Errorf("%s: %v %v, want %v", c.at, sure, maybe, c.want)
		}
	}
}
