package lint

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"frisk/internal/directory"
	"frisk/internal/policy"
	"frisk/internal/policytext"
	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
)

func parse(t *testing.T, text string) *policy.Set {
	t.Helper()
	set, _, err := policy.Parse("f.json", []byte(short.Replace(text)))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// one is the only notice with a code.
func one(t *testing.T, notices []policy.Notice, code string) policy.Notice {
	t.Helper()
	var found []policy.Notice
	for _, n := range notices {
		if n.Code == code {
			found = append(found, n)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d notices with code %s, want 1: %+v", len(found), code, notices)
	}
	return found[0]
}

func TestSoundPolicyIsSilent(t *testing.T) {
	set := parse(t, `[{ON,"displayName":"Ask","conditions":{SOME,"clientAppTypes":["all"]},MFA},
		{ON,"displayName":"Risk","conditions":{SOME,"signInRiskLevels":["high"]},BLOCK}]`)
	if got := Check(Input{Set: set}); len(got) != 0 {
		t.Errorf("sound policies give %+v", got)
	}
}

func TestFactsChangeWhatIsSaid(t *testing.T) {
	set := parse(t, `[{TRIAL,"displayName":"Trial","conditions":{ALL},MFA},
		{ON,"displayName":"P","conditions":{"users":{"includeUsers":["All"]},"applications":{"includeApplications":["Office365"]},"locations":{"includeLocations":["All"],"excludeLocations":["l1"]}},BLOCK},
		{"id":"l1","displayName":"Office","isTrusted":true,"ipRanges":[{"cidrAddress":"203.0.113.0/24"}]}]`)
	for _, c := range []struct {
		facts                *Facts
		level, text, uncover string
	}{
		{nil, Info, "an IPv6 client of the same network is outside", "report-only"},
		{&Facts{SignIns: 9}, Info, "an IPv6 client of the same network is outside", "report-only"},
		{&Facts{SignIns: 9, Beside: map[string]Beside{"l1": {4, 2}}, LegacySignIns: 1, LegacyPeople: 1}, Warning, "4 sign-ins over IPv6 from the same network (autonomous system and city), by 2 people", "1 sign-in of such clients by 1 person"},
	} {
		notices := Check(Input{Set: set, Facts: c.facts})
		if n := one(t, notices, "ipv4-only"); n.Level != c.level || !strings.Contains(n.Message, c.text) || n.Path != "$[2].ipRanges" {
			t.Errorf("%+v: got %+v", c.facts, n)
		}
		if n := one(t, notices, "legacy-uncovered"); !strings.Contains(n.Message, c.uncover) {
			t.Errorf("%+v: got %+v", c.facts, n)
		}
	}
}

// What the reader says gets its fix here, and the weight it has in this set.
func TestReaderNotices(t *testing.T) {
	for _, c := range []struct{ name, json, code, level, fix string }{
		{"a location as a control", `{ON,"displayName":"P","conditions":{SOME},"grantControls":{"operator":"OR","builtInControls":["compliantNetwork"]}}`, "unknown-control", Warning, "is a location, not a grant control"},
		{"nothing asked, enabled", `{ON,"displayName":"P","conditions":{SOME}}`, "no-controls", Warning, "give it a control"},
		{"nothing asked, report-only", `{TRIAL,"displayName":"P","conditions":{SOME}}`, "no-controls", Info, "give it a control"},
		{"another file beside policies", `[{ON,"displayName":"P","conditions":{SOME},MFA},{"Objects":[]}]`, "not-a-policy", Info, "belongs to something else"},
		{"another file alone", `{"Objects":[]}`, "not-a-policy", Warning, "belongs to something else"},
		{"a key below a list", `[{ON,"displayName":"P","conditions":{SOME,"devices":{"moonPhase":"full"}},MFA}]`, "unknown-key", Warning, "check the spelling"},
		{"a misspelt key", `[{ON,"displayName":"P","conditions":{"users":{"includeUser":["All"]},"applications":{"includeApplications":["All"]}},MFA}]`, "unknown-key", Warning, "Graph calls it includeUsers"},
		{"a key no log tells", `[{ON,"displayName":"P","conditions":{SOME,"agentIdRiskLevels":"high"},MFA}]`, "not-evaluated", Warning, "nothing to fix"},
		{"a table of names", `[{ON,"displayName":"P","conditions":{SOME},MFA},{"TenantId":"t","Objects":[]}]`, "name-table", Info, "nothing"},
		{"an operator that is none", `{ON,"displayName":"P","conditions":{SOME},"grantControls":{"operator":"XOR","builtInControls":["mfa","compliantDevice"]}}`, "unknown-value", Warning, "check the spelling"},
	} {
		n := one(t, Check(Input{Set: parse(t, c.json)}), c.code)
		if n.Level != c.level || !strings.Contains(n.Fix, c.fix) {
			t.Errorf("%s: got %+v", c.name, n)
		}
	}
}

// Names and other texts in the place of an id get the id that was meant.
func TestNotAnIDSaysWhatIsMeant(t *testing.T) {
	dir := directory.New()
	dir.AddUser(directory.User{ID: "aaaaaaaa-0000-4000-8000-000000000001", UserPrincipalName: "ana@example.com"})
	dir.AddGroup(directory.Group{ID: "99999999-0000-4000-8000-000000000001", DisplayName: "Night shift"})
	dir.Seal()
	const form = `{ON,"displayName":"P","conditions":{"users":{"includeUsers":["All"]%s},"applications":{"includeApplications":["All"]%s}},MFA}`
	for _, c := range []struct{ users, apps, text, fix string }{
		{`,"excludeUsers":["Ana@Example.com"]`, "", `"Ana@Example.com" is not the id of a user`, "write aaaaaaaa-0000-4000-8000-000000000001 (ana@example.com)"},
		{`,"excludeUsers":["eve@example.com"]`, "", `"eve@example.com" is not`, "put the object id in its place"},
		{`,"excludeGroups":["night shift"]`, "", "the id of a group", "write 99999999-0000-4000-8000-000000000001"},
		{`,"excludeRoles":["Global Administrator"]`, "", "the id of a role", "write the template id " + policytext.GlobalAdministrator},
		{"", `,"excludeApplications":["Office 365"]`, "the id of an app", "write Office365"},
		{"", `,"excludeApplications":["Azure Machine Learning Services"]`, "the id of an app", "write " + amlResource},
	} {
		text := short.Replace(fmt.Sprintf(form, c.users, c.apps))
		files := NewFiles(func(string) ([]byte, error) { return []byte(text), nil })
		n := one(t, Check(Input{Set: parse(t, text), Directory: dir, Files: files}), "not-an-id")
		if !strings.Contains(n.Message, c.text) || !strings.Contains(n.Fix, c.fix) {
			t.Errorf("%s%s: got %+v", c.users, c.apps, n)
		}
	}
}

// Inbound trust decides what a device control means for people of other tenants.
func TestGuestDeviceDependsOnTrust(t *testing.T) {
	set := parse(t, `{ON,"displayName":"P","conditions":{SOME},"grantControls":{"operator":"OR","builtInControls":["compliantDevice"]}}`)
	members := directory.New()
	members.AddUser(directory.User{ID: "u1", UserType: "Member"})
	members.Seal()
	for _, c := range []struct {
		in    Input
		level string // "" = silent
	}{
		{Input{}, Info},
		{Input{Inbound: policy.InboundTrust{CompliantDevice: signin.True}}, ""},
		{Input{Inbound: policy.InboundTrust{CompliantDevice: signin.False}}, Warning},
		{Input{Inbound: policy.InboundTrust{HybridDevice: signin.True}}, Info},
		{Input{Directory: members}, ""},
	} {
		c.in.Set = set
		level := ""
		for _, n := range Check(c.in) {
			if n.Code == "guest-device" {
				level = n.Level
			}
		}
		if level != c.level {
			t.Errorf("%+v: got %q, want %q", c.in.Inbound, level, c.level)
		}
	}
}

// The names of an export tool's table stand for ids.
func TestTableOfNames(t *testing.T) {
	const text = `[{"displayName":"P","state":"enabled","conditions":{"users":{"includeGroups":["99999999-0000-4000-8000-000000000001"]},"applications":{"includeApplications":["All"]}}},
		{"TenantId":"t","Objects":[{"Id":"99999999-0000-4000-8000-000000000001","DisplayName":"Pilot","Type":"Group"}]}]`
	set := parse(t, text)
	names := policytext.NewNames(nil, set)
	NewFiles(func(string) ([]byte, error) { return []byte(text), nil }).Rename(names, set)
	if got := policytext.Who(set.Policies[0], names); got != "group Pilot" {
		t.Errorf("got %q", got)
	}
}

// Exchange ActiveSync and the other legacy clients are told apart.
func TestLegacyParts(t *testing.T) {
	const form = `{%s,"displayName":"%s","conditions":{SOME,"clientAppTypes":["%s"]},BLOCK}`
	one := func(state, name, client string) string { return fmt.Sprintf(form, state, name, client) }
	for _, c := range []struct{ json, want string }{
		{one("ON", "A", "other"), "stops Exchange ActiveSync for all users and resources: \"A\" covers other legacy clients (IMAP, POP, SMTP, older Office) only; the log has 2 sign-ins of such clients"},
		{one("ON", "A", "exchangeActiveSync"), "\"A\" covers Exchange ActiveSync only; the log has 5 sign-ins of such clients"},
		{one("TRIAL", "A", "other"), "7 sign-ins of such clients by 3 people; \"A\" would stop other legacy clients (IMAP, POP, SMTP, older Office), and is report-only"},
		{one("ON", "A", "other") + "," + one("TRIAL", "B", "exchangeActiveSync"), "; \"B\" would, and is report-only"},
		{one("TRIAL", "A", "other") + "," + one("TRIAL", "B", "exchangeActiveSync"), "; \"A\" and \"B\" would together, and are report-only"},
		{one("ON", "A", "other") + "," + one("ON", "B", "exchangeActiveSync"), ""},
	} {
		got := ""
		for _, n := range Check(Input{Set: parse(t, "["+c.json+"]"), Facts: &Facts{LegacySignIns: 7, LegacyPeople: 3, ActiveSyncSignIns: 2}}) {
			if n.Code == "legacy-uncovered" {
				got = n.Message
			}
		}
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q", c.json, got)
		}
	}
}

// With a directory the people behind the exclusions count, not the ids.
func TestBreakGlassLooksAtPeople(t *testing.T) {
	set := parse(t, `[{ON,"displayName":"A","conditions":{"users":{"includeUsers":["All"],"excludeGroups":["g1"]},"applications":{"includeApplications":["All"]}},MFA},
		{ON,"displayName":"B","conditions":{"users":{"includeUsers":["All"],"excludeGroups":["g2"]},"applications":{"includeApplications":["All"]}},"grantControls":{"builtInControls":["compliantDevice"]}}]`)
	for _, c := range []struct {
		name     string
		members  [][2]string
		open, ok bool
	}{
		{"one account in both", [][2]string{{"g1", "u1"}, {"g2", "u1"}}, false, true},
		{"nobody in both", [][2]string{{"g1", "u1"}, {"g2", "u2"}}, false, false},
		{"nobody known in both", [][2]string{{"g1", "u1"}}, true, true},
		{"a disabled account", [][2]string{{"g1", "off"}, {"g2", "off"}}, false, false},
	} {
		dir := directory.New()
		for _, id := range []string{"u1", "u2"} {
			dir.AddUser(directory.User{ID: id})
		}
		dir.AddUser(directory.User{ID: "off", Enabled: signin.False})
		dir.AddGroup(directory.Group{ID: "g1", Complete: true})
		dir.AddGroup(directory.Group{ID: "g2", Complete: !c.open})
		for _, m := range c.members {
			dir.AddMember(m[0], m[1], 0, 0)
		}
		dir.Seal()
		found := false
		for _, n := range Check(Input{Set: set, Directory: dir}) {
			found = found || n.Code == "no-break-glass"
		}
		if found == c.ok {
			t.Errorf("%s: reported %t, want %t", c.name, found, !c.ok)
		}
	}
}

// Exclusions are compared with the oldest version known: from the audit log, or
// from a folder of exports by date.
func TestExclusionsGrewSinceAnEdit(t *testing.T) {
	const id = "11111111-0000-4000-8000-000000000001"
	now := `{"id":"` + id + `","displayName":"P",ON,"conditions":{"users":{"includeUsers":["All"],"excludeGroups":["g1","g2","g3"]},"applications":{"includeApplications":["All"]}},MFA}`
	old := strings.Replace(now, `"g1","g2","g3"`, `"g1"`, 1)
	at := signin.Time(1_780_000_000_000_000)
	edits := []directory.PolicyEdit{{At: at, ID: id, Kind: "policy", Action: "update", Old: short.Replace(old), New: short.Replace(now), File: "audit.json"}}
	n := one(t, Check(Input{Set: parse(t, now), Edits: edits}), "exclusions-grew")
	if !strings.Contains(n.Message, "2 groups (g2, g3)") || !strings.Contains(n.Message, "before 2026-05-28") {
		t.Errorf("got %+v", n)
	}
	for _, n := range Check(Input{Set: parse(t, old), Edits: edits}) {
		if n.Code == "exclusions-grew" {
			t.Errorf("nothing grew, and yet %+v", n)
		}
	}
}

func TestDatedSetIsCheckedAsItIsNow(t *testing.T) {
	dir := t.TempDir()
	write := func(day, exclude string) {
		if err := os.MkdirAll(filepath.Join(dir, day), 0o700); err != nil {
			t.Fatal(err)
		}
		text := `{"id":"11111111-0000-4000-8000-000000000001","displayName":"P",ON,"conditions":{"users":{"includeUsers":["All"],"excludeUsers":[` + exclude + `]},"applications":{"includeApplications":["All"]}},MFA}`
		if err := os.WriteFile(filepath.Join(dir, day, "p.json"), []byte(short.Replace(text)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("2026-05-01", "")
	write("2026-06-01", `"u1","u2"`)
	set, _, err := policy.Load("dated", []string{dir}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !set.Dated {
		t.Fatalf("the set is not dated: %+v", set)
	}
	notices := Check(Input{Set: set})
	if n := one(t, notices, "exclusions-grew"); !strings.Contains(n.Message, "2 users (u1, u2)") || !strings.Contains(n.File, "2026-06-01") {
		t.Errorf("got %+v", n)
	}
	for _, n := range notices {
		if n.Code == "no-break-glass" || strings.Contains(n.File, "2026-05-01") {
			t.Errorf("about the older version: %+v", n)
		}
	}
}

func TestGroups(t *testing.T) {
	var notices []policy.Notice
	for i := range 5 {
		notices = append(notices, policy.Notice{Code: "placeholder", Level: Warning, Policy: fmt.Sprintf("P%d", i/2), Message: "m", File: "f.json"})
	}
	notices = append(notices, policy.Notice{Code: "placeholder", Level: Warning, Policy: "P9", Message: "other", File: "f.json"},
		policy.Notice{Code: "lockout", Level: Error, Message: "e"}, policy.Notice{Code: "stale-report-only", Level: Info, Message: "i"})
	var got []string
	for _, g := range Groups(notices) {
		got = append(got, fmt.Sprint(g.Level, " ", g.Message, " ", len(g.At), " ", g.Policies()))
	}
	want := []string{"error e 1 []", "warning m 5 [P0 P1 P2]", "warning other 1 [P9]", "info i 1 []"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if e, w, i := Count(notices); e != 1 || w != 6 || i != 1 {
		t.Errorf("counted %d, %d, %d", e, w, i)
	}
}

// Every policy of the corpus gets a line, every notice a place, and two runs
// give the same.
func TestCorpus(t *testing.T) {
	root := os.Getenv("FRISK_CORPUS")
	if root == "" {
		t.Skip("FRISK_CORPUS is not set")
	}
	folders, err := filepath.Glob(filepath.Join(root, "policies", "*"))
	if err != nil || len(folders) == 0 {
		t.Fatalf("no policies in the corpus: %v", err)
	}
	for _, folder := range folders {
		set, _, err := policy.Load("corpus", []string{folder}, nil)
		if err != nil {
			t.Errorf("%s: %v", folder, err)
			continue
		}
		in := Input{Set: set, Files: NewFiles(nil)}
		notices := Check(in)
		complete(t, in.Files, notices)
		if d := cmp.Diff(notices, Check(in)); d != "" {
			t.Errorf("%s: a second run differs: %s", folder, d)
		}
		names := policytext.NewNames(nil, set)
		for _, p := range set.Policies {
			if s := policytext.Describe(p, names); s.Who == "" || s.What == "" || s.Controls == "" || s.State == "" {
				t.Errorf("%s: no words for %s: %+v", folder, p.Name, s)
			}
		}
		t.Logf("%s: %d policies, %d notices in %d groups", filepath.Base(folder), len(set.Policies), len(notices), len(Groups(notices)))
	}
}

// Whatever parses can be checked, and every notice has a rule and a place.
func FuzzCheck(f *testing.F) {
	fixtures, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range fixtures {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for part := range strings.SplitSeq(string(data), "\n-- ") {
			if _, text, ok := strings.Cut(part, " --\n"); ok && len(text) < 4000 {
				f.Add([]byte(short.Replace(text)))
			}
		}
	}
	dir := directory.New()
	dir.AddUser(directory.User{ID: "u1"})
	dir.AddGroup(directory.Group{ID: "g1", Complete: true})
	dir.Seal()
	f.Fuzz(func(t *testing.T, data []byte) {
		set, _, err := policy.Parse("f.json", data)
		if err != nil {
			return
		}
		files := NewFiles(func(string) ([]byte, error) { return data, nil })
		for _, n := range Check(Input{Set: set, Directory: dir, Files: files, Facts: &Facts{SignIns: 1, Beside: map[string]Beside{"l1": {1, 1}}}}) {
			if Find(n.Code) == nil || n.Message == "" {
				t.Fatalf("a notice without rule or message: %+v", n)
			}
			if n.File != "" {
				if r, ok := files.Find(n.File, n.Path); !ok || r.EndLine < r.StartLine {
					t.Fatalf("no place for %+v: %+v", n, r)
				}
			}
		}
	})
}
