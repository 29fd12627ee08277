package ingest

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"frisk/internal/signin"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", os.Getenv("FRISK_UPDATE") != "", "rewrite the expectations of fixtures")

// fixtureAsOf dates the times without a year in fixtures: 2026-03-31T00:00:00Z.
const fixtureAsOf = signin.Time(1_774_915_200) * signin.Second

// result is what reading one file gave, as text.
func result(t *testing.T, name string, data []byte, opt Options) string {
	t.Helper()
	var events, rest strings.Builder
	var a Account
	for b, err := range Read(context.Background(), []Source{ReaderSource(name, bytes.NewReader(data))}, opt) {
		if err != nil {
			t.Fatal(err)
		}
		a.Add(b)
		for i := range b.Events {
			events.WriteString(dump(&b.Events[i]) + "\n")
		}
		for _, bad := range b.Bad {
			fmt.Fprintf(&rest, "bad: %v\n", bad)
		}
	}
	for _, o := range a.NotSignIn {
		fmt.Fprintf(&rest, "not a sign-in: %d %s\n", o.Count, o.Type)
	}
	for _, w := range a.Warnings() {
		fmt.Fprintf(&rest, "warning: %s\n", w)
	}
	if a.Err != nil {
		fmt.Fprintf(&rest, "error: %v\n", a.Err)
	}
	return events.String() + rest.String()
}

// TestFixtures reads testdata/FORMAT/CASE.txtar: one input, under the name an
// export has, and "want": the events, one a line, then what was said of the
// file. Exactly one format may claim the input.
func TestFixtures(t *testing.T) {
	for _, f := range Formats() {
		paths, err := filepath.Glob(filepath.Join("testdata", f.Name, "*.txtar"))
		if err != nil {
			t.Fatal(err)
		}
		if len(paths) == 0 {
			t.Errorf("format %s has no fixture", f.Name)
		}
		for _, path := range paths {
			t.Run(f.Name+"/"+strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { fixture(t, f.Name, path) })
		}
	}
}

func fixture(t *testing.T, format, path string) {
	ar, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	in := ar.Files[0]
	if in.Name == "want" {
		t.Fatal("the input comes first")
	}
	var claims []string
	s := probe(in.Data)
	s.name = in.Name
	for _, f := range (&Options{}).catalog() {
		if f.generic && len(claims) > 0 {
			break // asked only when nobody else claims the file
		}
		if f.accepts(&s) == nil {
			claims = append(claims, f.Name)
		}
	}
	if diff := cmp.Diff([]string{format}, claims); diff != "" {
		t.Errorf("formats that claim the input (-want +got):\n%s", diff)
	}
	got := result(t, in.Name, in.Data, Options{Workers: 1, AsOf: fixtureAsOf})
	if parallel := result(t, in.Name, in.Data, Options{Workers: 3, AsOf: fixtureAsOf}); parallel != got {
		t.Errorf("three workers give another result (-one +three):\n%s", cmp.Diff(got, parallel))
	}
	if *update {
		ar.Files = []txtar.File{in, {Name: "want", Data: []byte(got)}}
		if err := os.WriteFile(path, txtar.Format(ar), 0o644); err != nil { //nolint:gosec // test data is public
			t.Fatal(err)
		}
		return
	}
	if len(ar.Files) != 2 || ar.Files[1].Name != "want" {
		t.Fatal("the fixture has no expectation: run the test with -update and review")
	}
	if diff := cmp.Diff(string(ar.Files[1].Data), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// fixtureInputs are the inputs of the fixtures of a format, "*" for all.
func fixtureInputs(tb testing.TB, format string) []txtar.File {
	paths, err := filepath.Glob(filepath.Join("testdata", format, "*.txtar"))
	if err != nil || len(paths) == 0 {
		tb.Fatal("no fixtures", err)
	}
	var out []txtar.File
	for _, p := range paths {
		ar, err := txtar.ParseFile(p)
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, ar.Files[0])
	}
	return out
}

func TestCatalog(t *testing.T) {
	name := regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	var table strings.Builder
	table.WriteString("\n| name | what | page |\n| --- | --- | --- |\n")
	last := ""
	for _, f := range Formats() {
		if !name.MatchString(f.Name) || f.Doc == "" || f.Provider == "" || f.detect == nil || f.open == nil {
			t.Errorf("format %q is incomplete", f.Name)
		}
		if _, err := os.Stat(filepath.Join("..", "..", "docs", "formats", f.DocPage())); err != nil {
			t.Errorf("format %q has no page: %v", f.Name, err)
		}
		fmt.Fprintf(&table, "| `%s` | %s | [%s](%s) |\n", f.Name, f.Doc, f.DocPage(), f.DocPage())
		if f.Name <= last {
			t.Errorf("%q does not come after %q", f.Name, last)
		}
		last = f.Name
	}
	fileTable(t, table.String())
}

// fileTable keeps the table of formats in docs/formats/README.md.
func fileTable(t *testing.T, table string) {
	t.Helper()
	path := filepath.Join("..", "..", "docs", "formats", "README.md")
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "by `make update` -->", "<!-- /formats -->"
	before, rest, ok1 := strings.Cut(string(page), begin)
	old, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatal("the marks of the table are gone")
	}
	if old == table {
		return
	}
	if !*update {
		t.Errorf("the table of formats is out of date: run make update (-want +got)\n%s", cmp.Diff(table, old))
		return
	}
	if err := os.WriteFile(path, []byte(before+begin+table+end+after), 0o644); err != nil { //nolint:gosec // documentation is public
		t.Fatal(err)
	}
}

// TestSampleLogs: every sample log is read to its last record, and tells at
// least one sign-in.
func TestSampleLogs(t *testing.T) {
	root := filepath.Join("..", "..", "sample-logs")
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	sources, err := Expand([]string{root})
	if err != nil {
		t.Fatal(err)
	}
	var opt Options
	opt.AsOf = fixtureAsOf
	seen := map[string]bool{}
	var logs []Source
	for _, s := range sources {
		if strings.HasSuffix(s.Name, ".yaml") { // a mapping file beside its log
			m, err := LoadMapping(s.Name)
			if err != nil {
				t.Fatal(err)
			}
			opt.Mappings = append(opt.Mappings, m)
			continue
		}
		logs = append(logs, s)
	}
	for name, a := range collect(t, logs, opt) {
		rel, _ := filepath.Rel(root, name)
		if a.Err != nil || a.Bad > 0 || a.Events == 0 {
			t.Errorf("%s: %d events, %d bad, %v", rel, a.Events, a.Bad, a.Err)
		}
		if !bytes.Contains(readme, []byte("`"+filepath.ToSlash(rel)+"`")) {
			t.Errorf("%s is not in sample-logs/README.md", rel)
		}
		for _, f := range opt.catalog() {
			if f.Name == a.Format {
				seen[f.DocPage()] = true
			}
		}
	}
	for _, f := range Formats() {
		if !seen[f.DocPage()] && f.Name != "frisk-export" { // a sample of our own export is what export writes
			t.Errorf("no sample log has a format of docs/formats/%s", f.DocPage())
		}
	}
}
