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

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", os.Getenv("FRISK_UPDATE") != "", "rewrite the expectations of fixtures")

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
	for _, f := range Formats() {
		if f.Detect(in.Data, in.Name) == nil {
			claims = append(claims, f.Name)
		}
	}
	if diff := cmp.Diff([]string{format}, claims); diff != "" {
		t.Errorf("formats that claim the input (-want +got):\n%s", diff)
	}
	got := result(t, in.Name, in.Data, Options{Workers: 1})
	if parallel := result(t, in.Name, in.Data, Options{Workers: 3}); parallel != got {
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

// fixtureInputs are the inputs of all fixtures.
func fixtureInputs(tb testing.TB) []txtar.File {
	paths, err := filepath.Glob(filepath.Join("testdata", "*", "*.txtar"))
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
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "formats", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	last := ""
	for _, f := range Formats() {
		if !name.MatchString(f.Name) || f.Doc == "" || f.Provider == "" || f.Detect == nil || f.open == nil {
			t.Errorf("format %q is incomplete", f.Name)
		}
		if !bytes.Contains(page, []byte("| `"+f.Name+"` |")) {
			t.Errorf("format %q is not in docs/formats/README.md", f.Name)
		}
		if f.Name <= last {
			t.Errorf("%q does not come after %q", f.Name, last)
		}
		last = f.Name
	}
}
