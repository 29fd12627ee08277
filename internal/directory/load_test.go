package directory

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", os.Getenv("FRISK_UPDATE") != "", "rewrite the expectations in testdata")

// Each case in testdata/load is a folder of exports and, in the file "want",
// everything the directory then knows and what was said about the files.
func TestLoad(t *testing.T) {
	cases, err := filepath.Glob("testdata/load/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, c := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(c), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(c)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			want := -1
			for i, f := range ar.Files {
				if f.Name == "want" {
					want = i
					continue
				}
				p := filepath.Join(dir, f.Name)
				if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(p, f.Data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if want < 0 {
				ar.Files = append(ar.Files, txtar.File{Name: "want"})
				want = len(ar.Files) - 1
			}
			d, files, err := Load([]string{dir}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			got := strings.ReplaceAll(dump(d, files), dir+string(filepath.Separator), "")
			if *update {
				ar.Files[want].Data = []byte(got)
				if err := os.WriteFile(c, txtar.Format(ar), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(ar.Files[want].Data), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// dump says everything a directory knows, one fact per line.
func dump(d *Directory, files []File) string {
	var b strings.Builder
	for _, f := range files {
		fmt.Fprintf(&b, "file %s:", f.Name)
		for _, c := range f.Counts {
			fmt.Fprintf(&b, " %d %s", c.Records, c.Kind)
		}
		fmt.Fprintf(&b, " bad %d other %d\n", f.Bad, f.Other)
		for _, i := range f.Issues {
			fmt.Fprintf(&b, "  issue %v\n", i)
			if i.Hint != "" {
				fmt.Fprintf(&b, "    hint %s\n", i.Hint)
			}
		}
	}
	fmt.Fprintln(&b, d.Summary())
	for _, u := range d.Users() {
		fmt.Fprintf(&b, "user %s\n", fields(*u))
	}
	for _, g := range d.Groups() {
		fmt.Fprintf(&b, "group %s\n", fields(*g))
		for _, u := range d.Users() {
			spans := d.transitive[u.ID][g.ID]
			fmt.Fprintf(&b, "  %s now %v%s%s\n", u.ID, d.Member(u.ID, g.ID, signin.Latest-1), periods(spans), perhaps(d.maybe[u.ID][g.ID]))
		}
		fmt.Fprintf(&b, "  nobody now %v\n", d.Member("nobody", g.ID, signin.Latest-1))
	}
	for _, u := range d.Users() {
		for _, role := range []string{"r1", "r2"} {
			fmt.Fprintf(&b, "role %s of %s %v%s\n", role, u.ID, d.HasRole(u.ID, role, signin.Latest-1), periods(d.roles[u.ID][role])+perhaps(d.maybeRoles[u.ID][role]))
		}
	}
	for _, v := range sortedValues(d, func(d *Directory) map[string]*Device { return d.devices }) {
		fmt.Fprintf(&b, "device %s\n", fields(*v))
	}
	for _, id := range sortedKeys(d.services) {
		fmt.Fprintf(&b, "service %s\n", fields(*d.services[id]))
	}
	for k, name := range []string{"user", "insider", "service"} {
		for _, id := range sortedKeys(d.risk[k]) {
			fmt.Fprintf(&b, "%s risk %s", name, id)
			for _, l := range d.risk[k][id] {
				fmt.Fprintf(&b, " [%s %q]", l.At, l.Level)
			}
			fmt.Fprintln(&b)
		}
		if until := d.riskWhole[k]; until == forever {
			fmt.Fprintf(&b, "%s risk of others none\n", name)
		} else if until != 0 {
			fmt.Fprintf(&b, "%s risk of others none until %s\n", name, until)
		}
	}
	for _, id := range sortedKeys(d.methods) {
		fmt.Fprintf(&b, "registered %s %q\n", id, d.methods[id])
	}
	for _, e := range d.PolicyEdits() {
		fmt.Fprintf(&b, "edit %s\n", fields(e))
	}
	for _, w := range d.Workspaces {
		fmt.Fprintf(&b, "workspace %s\n", fields(w))
	}
	for _, a := range d.Activity {
		fmt.Fprintf(&b, "activity %s\n", fields(a))
	}
	for _, a := range d.AzureRoles {
		fmt.Fprintf(&b, "azure-role %s\n", fields(a))
	}
	for _, q := range d.Requests {
		fmt.Fprintf(&b, "request %s\n", fields(q))
	}
	return b.String()
}

// perhaps are the spans in which somebody may have been a member.
func perhaps(spans []span) string {
	if p := periods(spans); p != "" {
		return " perhaps" + p
	}
	return ""
}

func periods(spans []span) string {
	var b strings.Builder
	for _, s := range spans {
		if s != (span{}) {
			fmt.Fprintf(&b, " [%s to %s]", s.From, s.Until)
		}
	}
	return b.String()
}

var noise = regexp.MustCompile(`(?:Standing|Review|Matched):false |\w+:(?:""|0|unknown|\[( )*\])? |(\w+:) `)

// fields prints the fields of v that are not zero.
func fields(v any) string {
	s := fmt.Sprintf("%+v", v)
	s = strings.TrimSuffix(strings.TrimPrefix(s, "{"), "}") + " "
	return strings.TrimSpace(noise.ReplaceAllString(s, ""))
}

func TestLoadErrors(t *testing.T) {
	write := func(name string, data []byte) string {
		p := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(p, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	gz := []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1, 2, 3}
	for name, c := range map[string]struct {
		path string
		want []string
	}{
		"missing":        {"nowhere", []string{"no such file"}},
		"empty":          {write("e.json", nil), []string{"the file is empty"}},
		"blank":          {write("b.csv", []byte(" \n\n")), []string{"the file is empty"}},
		"no exports":     {t.TempDir(), []string{"holds no .json, .jsonl, .ndjson or .csv file"}},
		"binary":         {write("x.csv", []byte("a\x00b,c\n")), []string{"binary"}},
		"broken gzip":    {write("x.json.gz", gz), []string{"unexpected EOF"}},
		"other columns":  {write("o.csv", []byte("colour,size\nred,4\n")), []string{"no kind of directory record fits", "users: no userPrincipalName", "memberships: no groupId or groupName", "devices: no deviceId"}},
		"broken JSON":    {write("b.json", []byte("{\n\"value\": [\n{\"id\": ]")), []string{"parse JSON at line 3"}},
		"JSON of others": {write("n.json", []byte(`[{"colour":"red"}]`)), []string{"none of 1 records was understood", "users: no userPrincipalName"}},
		"JSON numbers":   {write("n.json", []byte(`[1,2]`)), []string{"want a JSON object"}},
	} {
		_, _, err := Load([]string{c.path}, Options{})
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		for _, w := range c.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %v, want %q", name, err, w)
			}
		}
	}
}

// The same export in every encoding and shape gives the same directory.
func TestLoadShapes(t *testing.T) {
	one := `{"id":"U1","userPrincipalName":"Ana@example.com","userType":"Member","accountEnabled":true}`
	two := `{"id":"u2","userPrincipalName":"bo@example.com","userType":"guest","accountEnabled":false}`
	page := `{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users","value":[` + one + `,` + two + `]}`
	want, _, err := Load([]string{shape(t, "users.json", page)}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"page.json":        page,
		"late.json":        `{"value":[` + one + `,` + two + `],"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users"}`,
		"array.json":       "[" + one + ",\n" + two + "]",
		"pages.json":       `[{"value":[` + one + `]},{"value":[` + two + `]}]`,
		"lines.jsonl":      one + "\n\n" + two + "\n",
		"bom.json":         "\ufeff" + page,
		"utf16.json":       utf16(page),
		"concat.json":      one + two,
		"pascal.json":      `[{"Id":"u1","UserPrincipalName":"Ana@example.com","UserType":"Member","AccountEnabled":true},` + two + `]`,
		"ps.json":          `[{"Id":"u1","AdditionalProperties":{"userPrincipalName":"Ana@example.com","userType":"Member","accountEnabled":true}},` + two + `]`,
		"sections.json":    `{"users":[` + one + `,` + two + `]}`,
		"plain.csv":        "id,userPrincipalName,userType,accountEnabled\nu1,Ana@example.com,Member,true\nu2,bo@example.com,Guest,false\n",
		"semicolon.csv":    "\ufeffid;userPrincipalName;userType;accountEnabled\r\nu1;Ana@example.com;Member;True\r\nu2;bo@example.com;Guest;False\r\n",
		"ps5.csv":          "#TYPE Selected.User\n\"Id\",\"UserPrincipalName\",\"UserType\",\"AccountEnabled\"\n\"u1\",\"Ana@example.com\",\"Member\",\"True\"\n\"u2\",\"bo@example.com\",\"Guest\",\"False\"\n",
		"loganalytics.csv": utf16("ObjectId_g,UserPrincipalName_s,UserType_s,AccountEnabled_b\nu1,Ana@example.com,Member,TRUE\nu2,bo@example.com,Guest,FALSE\n"),
	} {
		got, files, err := Load([]string{shape(t, name, text)}, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if f := files[0]; f.Bad != 0 || len(f.Issues) != 0 {
			t.Errorf("%s: %+v", name, f)
		}
		if diff := cmp.Diff(want.Users(), got.Users()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func shape(t *testing.T, name, text string) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

func utf16(s string) string {
	var b bytes.Buffer
	b.WriteString("\xff\xfe")
	for _, r := range s {
		b.WriteByte(byte(r))
		b.WriteByte(byte(r >> 8))
	}
	return b.String()
}

func TestKinds(t *testing.T) {
	name := regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	for i, k := range Kinds() {
		if !name.MatchString(k.Name) || k.Doc == "" || k.fits == nil || k.add == nil {
			t.Errorf("kind %+v", k)
		}
		if i > 0 && Kinds()[i-1].Name >= k.Name {
			t.Errorf("%s is out of order", k.Name)
		}
		// A table with the documented columns is recognised as what it documents.
		var keys []string
		for _, c := range k.Columns {
			keys = append(keys, norm(c.Name))
		}
		got, err := kindByKeys(&record{keys: keys})
		if err != nil || got.Name != k.Name {
			t.Errorf("the columns of %s are taken for %v, %v", k.Name, got, err)
		}
		if got := sectionKind(norm(k.Name)); got == nil || got.Name != k.Name {
			t.Errorf("no section %s in a directory file", k.Name)
		}
	}
}
