package lint

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"frisk/internal/directory"
	"frisk/internal/policy"
	"frisk/internal/signin"

	"golang.org/x/tools/txtar"
)

// short are the abbreviations of the fixtures.
var short = strings.NewReplacer(
	"ALL", `"users":{"includeUsers":["All"]},"applications":{"includeApplications":["All"]}`,
	"SOME", `"users":{"includeUsers":["All"],"excludeGroups":["99999999-0000-4000-8000-000000000001"]},"applications":{"includeApplications":["All"]}`,
	"BLOCK", `"grantControls":{"operator":"OR","builtInControls":["block"]}`,
	"MFA", `"grantControls":{"operator":"OR","builtInControls":["mfa"]}`,
	"ON", `"state":"enabled"`,
	"TRIAL", `"state":"enabledForReportingButNotEnforced"`,
)

// Every rule has a fixture testdata/CODE.txtar with files hit*.json that it must
// report and miss*.json that it must not; directory.json and facts.json are
// theirs where given.
func TestFixtures(t *testing.T) {
	for _, r := range Rules() {
		if r.check == nil {
			continue
		}
		ar, err := txtar.ParseFile(filepath.Join("testdata", r.Code+".txtar"))
		if err != nil {
			t.Error(err)
			continue
		}
		hits, misses := 0, 0
		in := Input{Facts: facts(t, ar), Directory: people(t, ar)}
		for _, f := range ar.Files {
			want := strings.HasPrefix(f.Name, "hit")
			switch {
			case want:
				hits++
			case strings.HasPrefix(f.Name, "miss"):
				misses++
			default:
				continue
			}
			text := []byte(short.Replace(string(f.Data)))
			set, _, err := policy.Parse(f.Name, text)
			if err != nil {
				t.Errorf("%s: %v", r.Code, err)
				continue
			}
			in.Set, in.Files = set, NewFiles(func(string) ([]byte, error) { return text, nil })
			notices := Check(in)
			i := slices.IndexFunc(notices, func(n policy.Notice) bool { return n.Code == r.Code })
			if (i >= 0) != want {
				t.Errorf("%s %s: reported %t, want %t: %+v", r.Code, f.Name, i >= 0, want, notices)
				continue
			}
			complete(t, in.Files, notices)
		}
		if hits == 0 || misses == 0 {
			t.Errorf("%s: %d hits and %d misses, want both", r.Code, hits, misses)
		}
	}
}

// complete checks what every notice must have, whatever its rule.
func complete(t *testing.T, files *Files, notices []policy.Notice) {
	t.Helper()
	for _, n := range notices {
		r := Find(n.Code)
		switch {
		case r == nil:
			t.Errorf("no rule for %+v", n)
		case n.Message == "" || n.Fix == "" || !slices.Contains([]string{Error, Warning, Info}, n.Level):
			t.Errorf("incomplete: %+v", n)
		case n.File != "" && !strings.HasPrefix(n.Path, "$"):
			t.Errorf("no path: %+v", n)
		}
		if n.File != "" {
			if region, ok := files.Find(n.File, n.Path); !ok || region.StartLine < 1 || region.StartColumn < 1 {
				t.Errorf("no place for %+v", n)
			}
		}
	}
}

func TestCatalog(t *testing.T) {
	code := regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	for _, r := range Rules() {
		if !code.MatchString(r.Code) || !strings.HasSuffix(r.Doc, ".") || r.Source == "" || r.Level == "" {
			t.Errorf("incomplete rule %+v", r)
		}
		if r.check == nil && r.Fix == "" {
			t.Errorf("%s: the reader gives no fix, so the rule must", r.Code)
		}
	}
	if Find("lockout") == nil || Find("no-such") != nil {
		t.Error("Find does not find")
	}
}

// What the reader of policy files says has a rule here, so that no notice is
// without meaning and fix.
func TestReaderCodesAreRegistered(t *testing.T) {
	said := regexp.MustCompile(`notice\("([a-z-]+)"`)
	files, err := filepath.Glob("../policy/*.go")
	if err != nil || len(files) < 10 {
		t.Fatalf("found %d files: %v", len(files), err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range said.FindAllSubmatch(text, -1) {
			if Find(string(m[1])) == nil {
				t.Errorf("%s: no rule for code %s", f, m[1])
			}
		}
	}
}

func facts(t *testing.T, ar *txtar.Archive) *Facts {
	t.Helper()
	var raw struct {
		From, To                  time.Time
		Beside                    map[string]Beside
		Legacy, LegacyPeople, All int64
		Resources                 map[string]int64
	}
	for _, f := range ar.Files {
		if f.Name != "facts.json" {
			continue
		}
		if err := json.Unmarshal(f.Data, &raw); err != nil {
			t.Fatal(err)
		}
		return &Facts{
			From: signin.FromTime(raw.From), To: signin.FromTime(raw.To), SignIns: raw.All, Beside: raw.Beside,
			LegacySignIns: raw.Legacy, LegacyPeople: raw.LegacyPeople, Resources: raw.Resources,
		}
	}
	return nil
}

// people is the directory of a fixture; nil when it has none.
func people(t *testing.T, ar *txtar.Archive) *directory.Directory {
	t.Helper()
	var dir *directory.Directory
	var l *directory.Loader
	tmp := t.TempDir()
	for _, f := range ar.Files {
		if !strings.HasPrefix(f.Name, "directory") {
			continue
		}
		if l == nil {
			dir = directory.New()
			l = directory.NewLoader(dir, directory.Options{})
		}
		file := filepath.Join(tmp, f.Name)
		if err := os.WriteFile(file, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := l.Path(file); err != nil {
			t.Fatal(err)
		}
	}
	if l == nil {
		return nil
	}
	for _, f := range l.Finish() {
		for _, i := range f.Issues {
			t.Fatalf("%s: %v", f.Name, i)
		}
	}
	return dir
}
